using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition;

/// <summary>The fairest chances that any lottery could give, by a linear programme over types: a target, and a proven bound on the least chance.</summary>
/// <remarks>
/// The chances of every lottery over panels lie in the polytope of the quotas, so the greatest least chance in it bounds the least chance of every
/// lottery from above. Further levels are raised one after the other, as LEXIMIN does (Flanigan et al., Nature 596, 2021).
/// Floating point only proposes here: panels are drawn with integers.
/// </remarks>
internal sealed class LevelledChances
{
    private readonly PanelTypes types;
    private readonly IReadOnlyList<bool> coverable;

    public LevelledChances(PanelTypes types, IReadOnlyList<bool> coverable)
    {
        this.types = types;
        this.coverable = coverable;
    }

    /// <summary>Computes the chances.</summary>
    /// <returns>For each type the chance of one of its people, and the bound; null when the programme has no solution.</returns>
    public (double[] Chances, double Bound)? Compute(CancellationToken cancellationToken)
    {
        int n = types.Types.Count;
        double[] level = new double[n];
        bool[] isFixed = [.. coverable.Select(can => !can)];
        double[]? chances = null;
        double bound = 0;
        for (int round = 0; round < 60 && isFixed.Any(done => !done); round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Raise(level, isFixed) is not { } raised)
            {
                break;
            }

            (double z, chances) = raised;
            if (round == 0)
            {
                bound = z;
            }

            // Who can still rise above z: most of them are found by one programme that lifts as many as it can.
            double floor = z * (1 - 2e-7);
            bool[] canRise = new bool[n];
            for (int pass = 0; pass < 20; pass++)
            {
                bool[] asked = [.. Enumerable.Range(0, n).Select(t => !isFixed[t] && !canRise[t])];
                if (!asked.Any(ask => ask) || Lift(level, isFixed, floor, asked, Math.Max(1e-6, z * 0.01)) is not { } lifted)
                {
                    break;
                }

                bool any = false;
                for (int t = 0; t < n; t++)
                {
                    if (asked[t] && lifted.Slack[t] > Math.Max(1e-9, 1e-4 * z))
                    {
                        canRise[t] = true;
                        any = true;
                    }
                }

                chances = lifted.Chances;
                if (!any)
                {
                    break;
                }
            }

            bool progress = false;
            for (int t = 0; t < n; t++)
            {
                if (!isFixed[t] && !canRise[t])
                {
                    isFixed[t] = true;
                    level[t] = floor;
                    progress = true;
                }
            }

            if (!progress)
            {
                break;
            }
        }

        return chances is null ? null : (chances, bound);
    }

    /// <summary>Maximises the least chance of those who are not fixed.</summary>
    private (double Z, double[] Chances)? Raise(double[] level, bool[] isFixed)
    {
        bool[] raised = [.. isFixed.Select(done => !done)];
        return Solve([.. level.Select((value, t) => isFixed[t] ? value : 0)], raised, new bool[level.Length], 0) is { } solved ? (solved.Z, solved.Chances) : null;
    }

    /// <summary>Lifts as many of those who are asked above a floor as possible, each by at most <paramref name="cap"/>.</summary>
    private (double[] Slack, double[] Chances)? Lift(double[] level, bool[] isFixed, double floor, bool[] asked, double cap) =>
        Solve([.. level.Select((value, t) => isFixed[t] ? value : floor)], new bool[level.Length], asked, cap) is { } solved ? (solved.Slack, solved.Chances) : null;

    /// <summary>Solves with each chance written as <c>least + z + slack + rest</c>, so that only size and quotas are rows. Limits of types and households join
    /// once a solution breaks them; few ever do.</summary>
    /// <param name="least">What each type has at least.</param>
    /// <param name="raised">Types that get z on top; z is maximised.</param>
    /// <param name="asked">Types that get a slack on top, whose sum is maximised.</param>
    /// <param name="cap">The greatest slack.</param>
    private (double Z, double[] Slack, double[] Chances)? Solve(double[] least, bool[] raised, bool[] asked, double cap)
    {
        int n = least.Length;
        using Solver solver = Solver.CreateSolver("GLOP");
        double[] most = [.. types.Types.Select((type, t) => coverable[t] ? Math.Min(1, (double)type.Capacity / type.People.Count) : 0)];
        Variable z = solver.MakeNumVar(0, raised.Any(r => r) ? 1 : 0, "z");
        Variable?[] slack = [.. asked.Select(ask => ask ? solver.MakeNumVar(0, cap, "") : null)];
        Variable[] rest = [.. least.Select((value, t) => solver.MakeNumVar(0, Math.Max(0, most[t] - value), ""))];
        solver.Objective().SetCoefficient(z, 1);
        foreach (Variable s in slack.OfType<Variable>())
        {
            solver.Objective().SetCoefficient(s, 1);
        }

        solver.Objective().SetMaximization();
        AddRow(Enumerable.Range(0, n), types.Pool.Size, types.Pool.Size);
        for (int c = 0; c < types.Pool.Criteria.Count; c++)
        {
            for (int v = 0; v < types.Pool.Criteria[c].Quotas.Count; v++)
            {
                Quota quota = types.Pool.Criteria[c].Quotas[v];
                AddRow(Enumerable.Range(0, n).Where(t => types.Types[t].Values[c] == v), quota.Min, quota.Max);
            }
        }

        HashSet<int> limited = [];
        HashSet<int> grouped = [];
        while (solver.Solve() == Solver.ResultStatus.OPTIMAL)
        {
            double[] chances = [.. Enumerable.Range(0, n).Select(t => least[t] + (raised[t] ? z.SolutionValue() : 0) + (slack[t]?.SolutionValue() ?? 0) + rest[t].SolutionValue())];
            int[] tooLikely = [.. Enumerable.Range(0, n).Where(t => chances[t] > most[t] + 1e-9 && limited.Add(t))];
            int[] tooMany = [.. types.Groups.Index().Where(group => group.Item.Types.Sum(t => chances[t] * types.Types[t].People.Count) > group.Item.Households + 1e-7 && grouped.Add(group.Index)).Select(group => group.Index)];
            if (tooLikely.Length == 0 && tooMany.Length == 0)
            {
                return (z.SolutionValue(), [.. slack.Select(s => s?.SolutionValue() ?? 0)], chances);
            }

            foreach (int t in tooLikely)
            {
                AddRow([t], 0, most[t] * types.Types[t].People.Count);
            }

            foreach (int group in tooMany)
            {
                AddRow(types.Groups[group].Types, 0, types.Groups[group].Households);
            }
        }

        return null;

        void AddRow(IEnumerable<int> members, double min, double max)
        {
            Constraint row = solver.MakeConstraint();
            double given = 0, onZ = 0;
            foreach (int t in members)
            {
                double people = types.Types[t].People.Count;
                given += people * least[t];
                onZ += raised[t] ? people : 0;
                row.SetCoefficient(rest[t], people);
                if (slack[t] is { } s)
                {
                    row.SetCoefficient(s, people);
                }
            }

            row.SetCoefficient(z, onZ);
            row.SetBounds(min - given, max - given);
        }
    }
}
