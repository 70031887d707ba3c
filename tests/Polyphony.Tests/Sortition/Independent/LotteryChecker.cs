using System.Globalization;
using System.Numerics;
using Google.OrTools.LinearSolver;

namespace LotteryCheck;

/// <summary>What a check found.</summary>
/// <param name="Refused">Why the lottery is refused; empty: it is what it claims to be.</param>
/// <param name="Levels">For each level that was proven again the greatest least chance that any lottery gives, and what this one gives.</param>
/// <param name="Programmes">How many integer programmes that took.</param>
public sealed record Verdict(IReadOnlyList<string> Refused, IReadOnlyList<(double Bound, double Least)> Levels, int Programmes);

/// <summary>Proves a LEXIMIN lottery again from the files that are published, with its own reading, its own model and other solvers (CBC and CLP).</summary>
/// <remarks>It shares nothing with the library. A household is a row for each household, a person who lives with others is a variable of their own. Column
/// generation inside every level as in Flanigan et al., Nature 596, 2021; a level counts as proven only by the integer programme's own bound.</remarks>
public sealed class LotteryChecker
{
    /// <summary>What a chance may lack, relatively, before no mixture counts as giving it: far below the gap.</summary>
    private const double Missing = 1e-5;
    private const int MostProgrammes = 1_500;
    private readonly List<string> refused = [];
    private readonly int size;
    private readonly int[][] bears;
    private readonly (int Min, int Max)[] quotas;
    private readonly List<int[]> households = [];
    private readonly Dictionary<string, int> people = [];
    private readonly double[] chances;
    private readonly int[] kindOf;
    private readonly int kinds;
    private readonly List<int[]> kindPanels = [];
    private readonly HashSet<string> seen = [];
    private int programmes;

    private LotteryChecker(string pool, string quotaSheet, int size, string[] householdColumns, string panels, string probabilities)
    {
        this.size = size;
        List<Dictionary<string, string>> persons = Read(pool);
        List<Dictionary<string, string>> rows = Read(quotaSheet);
        quotas = [.. rows.Select(row => (int.Parse(row["min"], CultureInfo.InvariantCulture), int.Parse(row["max"], CultureInfo.InvariantCulture)))];
        bears = [.. persons.Select(person => (int[])[.. rows.Index().Where(row => Bears(person, row.Item["feature"], row.Item["value"])).Select(row => row.Index)])];
        foreach ((int index, Dictionary<string, string> person) in persons.Index())
        {
            people.Add(person["id"], index);
        }

        foreach (IGrouping<string, int> home in Enumerable.Range(0, persons.Count)
            .Where(person => householdColumns.Any(column => persons[person][column].Trim().Length > 0))
            .GroupBy(person => string.Join('\n', householdColumns.Select(column => persons[person][column].Trim().ToLowerInvariant()))))
        {
            if (home.Count() > 1)
            {
                households.Add([.. home]);
            }
        }

        // Equal people: the same quotas, and housemates with the same quotas.
        string[] own = [.. bears.Select(rows => string.Join(',', rows))];
        string[] signature = [.. own.Select(key => key + "|")];
        foreach (int[] home in households)
        {
            string all = string.Join(';', home.Select(person => own[person]).Order(StringComparer.Ordinal));
            foreach (int person in home)
            {
                signature[person] += all + "!";
            }
        }

        Dictionary<string, int> numbers = [];
        kindOf = [.. signature.Select(key => numbers.TryGetValue(key, out int number) ? number : numbers[key] = numbers.Count)];
        kinds = numbers.Count;
        chances = new double[persons.Count];
        CheckPlainly(Read(panels), Read(probabilities));
    }

    /// <summary>Checks.</summary>
    /// <param name="pool">CSV with a column <c>id</c>, one for each feature, and the columns of the household.</param>
    /// <param name="quotas">CSV <c>feature,value,min,max</c>; a joint quota names its features and values with a star between them.</param>
    /// <param name="size">People on a panel.</param>
    /// <param name="householdColumns">Columns that make a household together; all blank is a household of one's own.</param>
    /// <param name="panels">CSV <c>panel,id</c>.</param>
    /// <param name="probabilities">CSV <c>id,chance,numerator,denominator</c>.</param>
    /// <param name="claimedGap">The relative gap that is claimed.</param>
    /// <returns>The verdict.</returns>
    public static Verdict Check(string pool, string quotas, int size, string[] householdColumns, string panels, string probabilities, double claimedGap)
    {
        LotteryChecker checker = new(pool, quotas, size, householdColumns, panels, probabilities);
        List<(double, double)> levels = checker.refused.Count > 0 ? [] : checker.Prove(claimedGap);
        return new(checker.refused, levels, checker.programmes);
    }

    private static bool Bears(Dictionary<string, string> person, string feature, string value) =>
        feature.Split('*').Zip(value.Split('*')).All(pair => string.Equals(person[pair.First].Trim(), pair.Second.Trim(), StringComparison.OrdinalIgnoreCase));

    private static List<Dictionary<string, string>> Read(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] columns = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => columns.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    private void CheckPlainly(List<Dictionary<string, string>> panels, List<Dictionary<string, string>> probabilities)
    {
        int[] often = new int[chances.Length];
        IGrouping<string, Dictionary<string, string>>[] numbered = [.. panels.GroupBy(row => row["panel"])];
        foreach (IGrouping<string, Dictionary<string, string>> panel in numbered)
        {
            if (panel.Any(row => !people.ContainsKey(row["id"])))
            {
                refused.Add($"panel {panel.Key} names somebody who is not in the pool");
                return;
            }

            int[] members = [.. panel.Select(row => people[row["id"]])];
            if (members.Length != size || members.Distinct().Count() != size)
            {
                refused.Add($"panel {panel.Key} has another size");
            }

            for (int quota = 0; quota < quotas.Length; quota++)
            {
                int count = members.Count(person => bears[person].Contains(quota));
                if (count < quotas[quota].Min || count > quotas[quota].Max)
                {
                    refused.Add($"panel {panel.Key} breaks quota {quota}");
                }
            }

            if (households.Exists(home => home.Count(members.Contains) > 1))
            {
                refused.Add($"panel {panel.Key} takes two of one household");
            }

            foreach (int person in members)
            {
                often[person]++;
            }

            Learn(members);
        }

        foreach (Dictionary<string, string> row in probabilities)
        {
            int person = people[row["id"]];
            chances[person] = double.Parse(row["chance"], CultureInfo.InvariantCulture);
            BigInteger numerator = BigInteger.Parse(row["numerator"], CultureInfo.InvariantCulture);
            BigInteger denominator = BigInteger.Parse(row["denominator"], CultureInfo.InvariantCulture);
            if (numerator * numbered.Length != often[person] * denominator)
            {
                refused.Add($"the fraction of {row["id"]} is not how often the panels name them");
            }
        }

        if (probabilities.Count != chances.Length || Math.Abs(chances.Sum() - size) > 1e-6 * size)
        {
            refused.Add("the chances do not add up to the size of a panel");
        }

        for (int kind = 0; kind < kinds; kind++)
        {
            double[] same = [.. chances.Where((_, person) => kindOf[person] == kind)];
            if (same.Max() - same.Min() > 1e-9)
            {
                refused.Add("equal people have different chances");
                return;
            }
        }
    }

    private bool Learn(IEnumerable<int> members)
    {
        int[] counts = new int[kinds];
        foreach (int person in members)
        {
            counts[kindOf[person]]++;
        }

        bool isNew = seen.Add(string.Join(',', counts));
        if (isNew)
        {
            kindPanels.Add(counts);
        }

        return isNew;
    }

    private List<(double, double)> Prove(double claimedGap)
    {
        List<(double, double)> levels = [];
        int[] crowd = new int[kinds];
        double[] claimed = new double[kinds];
        for (int person = 0; person < chances.Length; person++)
        {
            crowd[kindOf[person]]++;
            claimed[kindOf[person]] = chances[person];
        }

        bool[] settled = new bool[kinds];
        for (int kind = 0; kind < kinds; kind++)
        {
            if (!kindPanels.Exists(panel => panel[kind] > 0) && Heaviest([.. Enumerable.Range(0, kinds).Select(other => other == kind ? 1.0 : 0)]) < 0.5)
            {
                settled[kind] = true;
                if (claimed[kind] > 1e-9)
                {
                    refused.Add("somebody whom no panel can hold has a chance");
                }
            }
        }

        // A last round without anybody unsettled shows that panels can be mixed to all the chances at once.
        for (bool last = false; !last;)
        {
            last = !settled.Contains(false);
            (double bound, double reached, double shortage, double[] weights) = Level(settled, claimed, crowd);
            if (programmes >= MostProgrammes)
            {
                refused.Add($"level {levels.Count + 1} was not decided within the limit of integer programmes: bound {bound:g9}, reached {reached:g9}, missing {shortage:g3}");
                return levels;
            }

            if (shortage > Missing)
            {
                refused.Add($"no mixture of panels gives these chances: {shortage:g3} are missing");
                return levels;
            }

            if (last)
            {
                break;
            }

            double least = Enumerable.Range(0, kinds).Where(kind => !settled[kind]).Min(kind => claimed[kind]);
            levels.Add((bound, least));
            if ((bound - least) / bound > claimedGap + 1e-5)
            {
                refused.Add($"level {levels.Count}: {least:g6} where {Math.Min(bound, reached):g6} is possible");
                return levels;
            }

            double share = weights.Max();
            int before = settled.Count(done => done);
            for (int kind = 0; kind < kinds; kind++)
            {
                settled[kind] |= weights[kind] > Math.Min(1e-3, share / 2);
            }

            if (settled.Count(done => done) == before)
            {
                refused.Add($"level {levels.Count}: nobody is settled by it");
                return levels;
            }
        }

        return levels;
    }

    /// <summary>The greatest least chance of the unsettled while the settled keep theirs: proven bound, what known panels reach, what the settled lack, multipliers.</summary>
    private (double Bound, double Reached, double Shortage, double[] Weights) Level(bool[] settled, double[] claimed, int[] crowd)
    {
        const double Penalty = 1_000;
        bool any = settled.Contains(false);
        using Solver solver = Solver.CreateSolver("CLP");

        // Without a bound of its own: where everybody left is certain to sit, a bound of 1 would bind in the place of the rows, and nobody would be settled.
        Variable z = solver.MakeNumVar(0, double.PositiveInfinity, "");
        Variable lack = solver.MakeNumVar(0, 1, "");
        Constraint sum = solver.MakeConstraint(1, 1, "");
        Constraint[] rows = new Constraint[kinds];
        for (int kind = 0; kind < kinds; kind++)
        {
            rows[kind] = solver.MakeConstraint(settled[kind] ? claimed[kind] : 0, double.PositiveInfinity, "");
            rows[kind].SetCoefficient(settled[kind] ? lack : z, settled[kind] ? Math.Max(claimed[kind], 1e-9) : -1);
        }

        solver.Objective().SetCoefficient(z, any ? 1 : 0);
        solver.Objective().SetCoefficient(lack, -Penalty);
        solver.Objective().SetMaximization();
        int columns = 0;
        double least = double.PositiveInfinity;
        while (true)
        {
            for (; columns < kindPanels.Count; columns++)
            {
                Variable share = solver.MakeNumVar(0, double.PositiveInfinity, "");
                sum.SetCoefficient(share, 1);
                for (int kind = 0; kind < kinds; kind++)
                {
                    if (kindPanels[columns][kind] > 0)
                    {
                        rows[kind].SetCoefficient(share, (double)kindPanels[columns][kind] / crowd[kind]);
                    }
                }
            }

            if (solver.Solve() != Solver.ResultStatus.OPTIMAL)
            {
                throw new InvalidOperationException("The linear programme of a level was not solved.");
            }

            double[] weights = [.. rows.Select(row => Math.Max(0, -row.DualValue()))];
            double price = 0;
            double share1 = 0;
            for (int kind = 0; kind < kinds; kind++)
            {
                price += settled[kind] ? weights[kind] * claimed[kind] : 0;
                share1 += settled[kind] ? 0 : weights[kind];
            }

            double heaviest = Heaviest([.. weights.Select((weight, kind) => weight / crowd[kind])]);
            least = Math.Min(least, any ? (heaviest - price) / share1 : heaviest - price);
            double reached = z.SolutionValue();
            double shortage = lack.SolutionValue();
            bool closed = shortage < Missing && (!any || least - reached < 2e-6 * Math.Max(1e-3, reached));
            if (closed || !Learned || programmes >= MostProgrammes)
            {
                return (least, reached, shortage, [.. weights.Select((weight, kind) => settled[kind] ? 0 : weight / Math.Max(share1, 1e-12))]);
            }
        }
    }

    private bool Learned { get; set; }

    /// <summary>The proven weight of the heaviest panel; learns the panels it meets.</summary>
    private double Heaviest(double[] weights)
    {
        programmes++;
        using Solver solver = Solver.CreateSolver("CBC");
        List<(Variable Seats, int[] People)> variables = [];
        HashSet<int> together = [.. households.SelectMany(home => home)];
        foreach (IGrouping<int, int> alone in Enumerable.Range(0, chances.Length).Where(person => !together.Contains(person)).GroupBy(person => kindOf[person]))
        {
            variables.Add((solver.MakeIntVar(0, alone.Count(), ""), [.. alone]));
        }

        Dictionary<int, Variable> seatOf = [];
        foreach (int person in together)
        {
            seatOf[person] = solver.MakeBoolVar("");
            variables.Add((seatOf[person], [person]));
        }

        Constraint all = solver.MakeConstraint(size, size, "");
        Constraint[] rows = [.. quotas.Select(quota => solver.MakeConstraint(quota.Min, quota.Max, ""))];
        foreach ((Variable seats, int[] persons) in variables)
        {
            all.SetCoefficient(seats, 1);
            foreach (int quota in bears[persons[0]])
            {
                rows[quota].SetCoefficient(seats, 1);
            }

            solver.Objective().SetCoefficient(seats, weights[kindOf[persons[0]]]);
        }

        foreach (int[] home in households)
        {
            Constraint one = solver.MakeConstraint(0, 1, "");
            foreach (int person in home)
            {
                one.SetCoefficient(seatOf[person], 1);
            }
        }

        solver.Objective().SetMaximization();
        using MPSolverParameters exact = new();
        exact.SetDoubleParam(MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0);
        Solver.ResultStatus status = solver.Solve(exact);
        if (status == Solver.ResultStatus.INFEASIBLE)
        {
            throw new InvalidOperationException("There is no panel.");
        }

        if (status != Solver.ResultStatus.OPTIMAL)
        {
            throw new InvalidOperationException("The integer programme was not solved to its end.");
        }

        Learned = Learn(variables.SelectMany(pair => pair.People.Take((int)Math.Round(pair.Seats.SolutionValue()))));
        return Math.Max(solver.Objective().BestBound(), solver.Objective().Value());
    }
}
