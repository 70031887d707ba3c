namespace Polyphony.Seating;

/// <summary>What it would mean that a person joined a table.</summary>
internal sealed class JoiningCosts
{
    private readonly SeatingProblem _problem;
    private readonly List<int>[][] _seats;
    private readonly int[][] _tableOf;
    private readonly TogetherUnits _units;
    private readonly Dictionary<(int, int), int> _meetings = [];
    private readonly HashSet<(int, int)> _apart;
    private readonly int[][][] _bearers;
    private readonly int[] _seated;

    public JoiningCosts(SeatingProblem problem, List<int>[][] seats, int[][] tableOf)
    {
        _problem = problem;
        _seats = seats;
        _tableOf = tableOf;
        _units = TogetherUnits.Of(problem);
        _apart = [.. problem.Apart.Select(pair => Pair(pair.First, pair.Second))];
        _seated = [.. seats.Select(round => round.Sum(table => table.Count))];
        _bearers = [.. seats.Select(round => Enumerable.Range(0, problem.Criteria.Length).Select(c => ValueCounts.Of(problem, c, round.SelectMany(table => table))).ToArray())];
        foreach (var table in seats.SelectMany(round => round))
            for (var a = 0; a < table.Count; a++)
                for (var b = 0; b < a; b++)
                    Met(table[a], table[b], 1);
    }

    /// <summary>How many people a person is bound to.</summary>
    public int Bound(int person) => _units.Of(person) is >= 0 and var unit ? _units.Groups[unit].Length : 0;

    public bool IsBound(int person) => _units.Of(person) >= 0 || _problem.Hosts.Contains(person);

    public void Leave(int round, int person, int table)
    {
        foreach (var other in _seats[round][table])
            if (other != person)
                Met(person, other, -1);
        Seated(round, person, -1);
    }

    public void Join(int round, int person, int table)
    {
        foreach (var other in _seats[round][table])
            Met(person, other, 1);
        Seated(round, person, 1);
    }

    /// <summary>Rules that have nothing to do with shares: apart, together, hosts, access, languages, large groups, nobody alone. What is mended counts against what is broken.</summary>
    public int RulesBroken(int round, int person, int table)
    {
        var someone = _problem.People[person];
        var place = _problem.Rounds[round].Tables[table];
        var people = _seats[round][table];
        var broken = people.Count(other => _apart.Contains(Pair(person, other)));
        if (_units.Of(person) is >= 0 and var unit)
            broken += _units.Groups[unit].Count(other => other != person && _tableOf[round][other] >= 0 && _tableOf[round][other] != table && _tableOf[round][other] != _tableOf[round][person]);
        if (_problem.Hosts.Contains(person) && ChangesTables(round, person, table))
            broken++;
        broken += Lonelier(round, person, table);
        if (someone.NeedsAccess && !place.Accessible)
            broken++;
        if (_problem.Rounds[round].SplitOf is { } whole && _tableOf[whole][person] is >= 0 and var group && group != place.PartOf)
            broken++;
        if (_problem.Languages is { } rule)
        {
            ulong[] masks = [.. people.Select(other => _problem.People[other].Languages)];
            var led = place.Facilitator?.Languages ?? 0;
            broken += LanguageSets.Best([.. masks, someone.Languages], led, rule.Most).Without - LanguageSets.Best(masks, led, rule.Most).Without;
        }
        else if (!SearchModel.Suits(someone, place with { Accessible = true }))
        {
            broken++;
        }
        return broken;
    }

    /// <summary>Whether a host would be at a table where they are in no other round, though they are somewhere.</summary>
    private bool ChangesTables(int round, int host, int table)
    {
        int[] others = [.. Enumerable.Range(0, _tableOf.Length).Where(other => other != round && !_problem.IsGathering(other)).Select(other => _tableOf[other][host]).Where(at => at >= 0)];
        return !_problem.IsGathering(round) && others.Length > 0 && !others.Contains(table);
    }

    /// <summary>How many more people would be the only bearers of their value at a table: the person here, and somebody whom they leave.</summary>
    private int Lonelier(int round, int person, int table)
    {
        var lonelier = 0;
        for (var c = 0; c < _problem.Criteria.Length; c++)
        {
            if (!_problem.Criteria[c].NobodyAlone || _problem.People[person].Values[c] is not (>= 0 and var value))
                continue;
            int Others(int at) => _seats[round][at].Count(other => other != person && _problem.People[other].Values[c] == value);
            lonelier += Others(table) switch { 0 => 1, 1 => -1, _ => 0 };
            if (_tableOf[round][person] is >= 0 and var left && left != table)
                lonelier += Others(left) switch { 0 => -1, 1 => 1, _ => 0 };
        }
        return lonelier;
    }

    /// <summary>By how much the person's values are already above what the table may have of them.</summary>
    public int MixExcess(int round, int person, int table)
    {
        var excess = 0;
        for (var c = 0; c < _problem.Criteria.Length; c++)
        {
            var value = _problem.People[person].Values[c];
            if (value < 0)
                continue;
            var bounds = _problem.Bounds.FirstOrDefault(bounds => bounds.Criterion == c && bounds.Value == value);
            var here = 1 + _seats[round][table].Count(other => other != person && _problem.People[other].Values[c] == value);
            excess += Math.Max(0, here - CellRule.Of(_problem.Criteria[c], bounds, _seats[round][table].Count + 1, _bearers[round][c][value] + 1, _seated[round] + 1).Most);
        }
        return excess;
    }

    public int KnownFaces(int round, int person, int table) => _seats[round][table].Count(other => _meetings.GetValueOrDefault(Pair(person, other)) > 0);

    private void Seated(int round, int person, int by)
    {
        _seated[round] += by;
        for (var c = 0; c < _problem.Criteria.Length; c++)
            if (_problem.People[person].Values[c] is >= 0 and var value)
                _bearers[round][c][value] += by;
    }

    private void Met(int a, int b, int by) => _meetings[Pair(a, b)] = _meetings.GetValueOrDefault(Pair(a, b)) + by;

    private static (int, int) Pair(int a, int b) => (Math.Min(a, b), Math.Max(a, b));
}
