namespace Polyphony.Seating;

/// <summary>A problem in the form in which the search reads it fastest; it does not change while a plan is made.</summary>
internal sealed class SearchModel
{
    public SearchModel(SeatingProblem problem)
    {
        Problem = problem;
        People = problem.People.Length;
        Units = TogetherUnits.Of(problem);
        // Ignored criteria and those kept together by units put no rule on the cells.
        Criteria = [.. Enumerable.Range(0, problem.Criteria.Length).Where(c =>
            problem.Criteria[c] is { Mode: CriterionMode.Mix or CriterionMode.Cluster } or { NobodyAlone: true } || problem.Bounds.Any(bounds => bounds.Criterion == c))];
        var offset = new int[Criteria.Length];
        for (var k = 0; k < Criteria.Length; k++)
        {
            offset[k] = Traits;
            Traits += problem.Criteria[Criteria[k]].Values.Length;
        }
        // The last trait is "not known" and free.
        TraitOf = new int[People * Criteria.Length];
        KindOf = new int[People];
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var p = 0; p < People; p++)
        {
            for (var k = 0; k < Criteria.Length; k++)
                TraitOf[(p * Criteria.Length) + k] = problem.People[p].Values[Criteria[k]] is >= 0 and var value ? offset[k] + value : Traits;
            var key = string.Join(',', TraitOf[(p * Criteria.Length)..((p + 1) * Criteria.Length)]);
            KindOf[p] = kinds.TryGetValue(key, out var kind) ? kind : kinds[key] = kinds.Count;
        }
        TraitCriterion = [.. Enumerable.Range(0, Criteria.Length).SelectMany(k => Enumerable.Range(0, problem.Criteria[Criteria[k]].Values.Length).Select(v => (Criteria[k], v)))];
        Apart = new List<int>[People];
        foreach (var pair in problem.Apart.Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))).Distinct().Order())
        {
            (Apart[pair.Item1] ??= []).Add(pair.Item2);
            (Apart[pair.Item2] ??= []).Add(pair.Item1);
        }
        MostApart = Apart.Max(list => list?.Count ?? 0);
        HasUnary = problem.People.Any(person => person.NeedsAccess) || problem.Languages is not null || problem.Rounds.Any(layout => layout.Tables.Any(table => table.Facilitator is not null));
        Languages = [.. problem.People.Select(person => person.Languages)];
        FixedTable = [.. Enumerable.Range(0, problem.Rounds.Length).Select(r => FixedSeats.Of(problem, Units, r))];
        SeatHosts();
        for (var r = 0; r < problem.Rounds.Length; r++)
            if (problem.Rounds[r].SplitOf is { } whole)
                for (var p = 0; p < People; p++)
                    if (FixedTable[r][p] >= 0 && FixedTable[whole][p] < 0)
                        FixedTable[whole][p] = problem.Rounds[r].Tables[FixedTable[r][p]].PartOf;
    }

    public SeatingProblem Problem { get; }

    public int People { get; }

    public TogetherUnits Units { get; }

    public int[] Criteria { get; }

    public int Traits { get; }

    public int[] TraitOf { get; }

    public int[] KindOf { get; }

    /// <summary>Criterion and value of each trait.</summary>
    public (int Criterion, int Value)[] TraitCriterion { get; }

    public List<int>?[] Apart { get; }

    public int MostApart { get; }

    public bool HasUnary { get; }

    public ulong[] Languages { get; }

    /// <summary>For each round, the table at which each person stays, or -1.</summary>
    public int[][] FixedTable { get; }

    /// <summary>How much a count is off at each table: for each cell (table × trait) the offset into <see cref="CellTables.Distance"/>.</summary>
    /// <param name="round">The round.</param>
    /// <param name="whole">Where everybody sits in the round that this one splits; <see langword="null"/> when it splits none.</param>
    public CellTables Cells(int round, int[]? whole)
    {
        var tables = Problem.Rounds[round].Tables;
        var groups = whole is null ? 1 : Problem.Rounds[Problem.Rounds[round].SplitOf!.Value].Tables.Length;
        var people = new int[groups];
        var bearers = new int[groups * (Traits + 1)];
        for (var p = 0; p < People; p++)
        {
            var group = whole?[p] ?? 0;
            people[group]++;
            for (var k = 0; k < Criteria.Length; k++)
                bearers[(group * (Traits + 1)) + TraitOf[(p * Criteria.Length) + k]]++;
        }
        var common = MostCommon();
        var start = new int[tables.Length * (Traits + 1)];
        var distance = new List<int>();
        var known = new Dictionary<(int, int, int), int>();
        for (var t = 0; t < tables.Length; t++)
        {
            var group = whole is null ? 0 : tables[t].PartOf;
            for (var v = 0; v <= Traits; v++)
            {
                if (!known.TryGetValue((tables[t].Seats, group, v), out var at))
                {
                    at = known[(tables[t].Seats, group, v)] = distance.Count;
                    var m = bearers[(group * (Traits + 1)) + v];
                    for (var count = 0; count <= tables[t].Seats + 1; count++)
                        distance.Add(v == Traits || people[group] == 0 ? 0 : Cost(v, tables[t].Seats, m, people[group], count, common.Contains(v)));
                }
                start[(t * (Traits + 1)) + v] = at;
            }
        }
        return new CellTables(start, [.. distance]);
    }

    /// <summary>In hundredths of a person.</summary>
    private int Cost(int trait, int seats, int bearers, int people, int count, bool common)
    {
        var (c, v) = TraitCriterion[trait];
        var criterion = Problem.Criteria[c];
        var rule = CellRule.Of(criterion, Problem.Bounds.FirstOrDefault(bounds => bounds.Criterion == c && bounds.Value == v), seats, bearers, people);
        var cost = 100 * rule.Distance(count);
        // The number of bearers who sit elsewhere, summed over bearers: least when they fill as few tables as possible.
        if (criterion.Mode == CriterionMode.Cluster && !common && bearers > 0)
            cost += (int)(100L * count * Math.Max(0, bearers - count) / bearers);
        return cost;
    }

    /// <summary>The most common value of each criterion to cluster: its bearers are the majority, which nobody packs.</summary>
    private HashSet<int> MostCommon() =>
        [.. Enumerable.Range(0, Traits).Where(v => ClusteredValues.IsMostCommon(Problem, TraitCriterion[v].Criterion, TraitCriterion[v].Value))];

    /// <summary>Hosts without a fixed seat take the first table that suits them and has no host.</summary>
    private void SeatHosts()
    {
        var rounds = Enumerable.Range(0, Problem.Rounds.Length).Where(r => !Problem.IsGathering(r)).ToArray();
        var taken = new HashSet<int>();
        foreach (var host in Problem.Hosts.Distinct().Order())
            if (rounds.Length > 0 && FixedTable[rounds[0]][host] is >= 0 and var table)
                taken.Add(table);
        foreach (var host in Problem.Hosts.Distinct().Order())
        {
            var person = Problem.People[host];
            var chosen = FixedTable[rounds[0]][host] is >= 0 and var own ? own : Enumerable.Range(0, Problem.Rounds[rounds[0]].Tables.Length)
                .Where(t => !taken.Contains(t) && rounds.All(r => t < Problem.Rounds[r].Tables.Length && FixedTable[r].Count(at => at == t) < Problem.Rounds[r].Tables[t].Seats))
                .OrderBy(t => rounds.Count(r => !Suits(person, Problem.Rounds[r].Tables[t]))).ThenBy(t => t).FirstOrDefault(-1);
            if (chosen < 0)
                continue;
            taken.Add(chosen);
            foreach (var r in rounds)
                foreach (var member in Units.Of(host) is >= 0 and var unit ? Units.Groups[unit] : [host])
                    FixedTable[r][member] = chosen;
        }
    }

    /// <summary>Whether a person can sit at a table as far as access and its facilitator's language go.</summary>
    public static bool Suits(SeatingPerson person, SeatingTable table) =>
        (table.Accessible || !person.NeedsAccess) && (person.Languages == 0 || table.Facilitator is not { Languages: > 0 } led || (led.Languages & person.Languages) != 0);
}

/// <summary>Costs of counts.</summary>
/// <param name="Start">For each cell (table × (traits + 1) + trait), where its costs begin.</param>
/// <param name="Distance">Cost of the counts 0, 1, 2 … in hundredths of a person.</param>
internal sealed record CellTables(int[] Start, int[] Distance);

/// <summary>Which values of a criterion to cluster are packed.</summary>
internal static class ClusteredValues
{
    /// <summary>Whether a value is the most common one, the first winning ties.</summary>
    public static bool IsMostCommon(SeatingProblem problem, int criterion, int value)
    {
        var counts = new int[problem.Criteria[criterion].Values.Length];
        foreach (var person in problem.People)
            if (person.Values[criterion] is >= 0 and var own)
                counts[own]++;
        return Array.IndexOf(counts, counts.Max()) == value;
    }
}
