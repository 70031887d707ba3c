using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>Changes the rest of a plan with as few moves as possible.</summary>
internal sealed class PlanRepair
{
    private readonly SeatingProblem _problem;
    private readonly SeatingPlan _plan;
    private readonly int _fromRound;
    private readonly List<int>[][] _seats;
    private readonly Dictionary<(int, int), int> _meetings = [];
    private readonly HashSet<(int, int)> _apart;
    private readonly List<SeatMove> _moves = [];

    public PlanRepair(SeatingProblem problem, SeatingPlan plan, int fromRound)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegative(fromRound);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromRound, plan.Rounds.Length);
        _problem = problem;
        _plan = plan;
        _fromRound = fromRound;
        _apart = [.. problem.Apart.Select(pair => Pair(pair.First, pair.Second))];
        _seats = [.. plan.Rounds.Select(round => round.Tables.Select(table => table.ToList()).ToArray())];
        foreach (var table in _seats.SelectMany(round => round))
            for (var a = 0; a < table.Count; a++)
                for (var b = 0; b < a; b++)
                    Met(table[a], table[b], 1);
    }

    public PlanRepair Remove(IReadOnlyCollection<int> absent)
    {
        ArgumentNullException.ThrowIfNull(absent);
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            foreach (var person in absent.Distinct().Order())
                if (TableOf(round, person) is >= 0 and var table)
                    Leave(round, person, table, -1);
            FillSmallTables(round);
        }
        return this;
    }

    public PlanRepair Add(IReadOnlyCollection<int> late)
    {
        ArgumentNullException.ThrowIfNull(late);
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            foreach (var person in late.Distinct().Order())
            {
                CheckPerson(person);
                if (TableOf(round, person) < 0)
                    Join(round, person, -1, BestTable(round, person));
            }
        }
        return this;
    }

    public PlanRepair Replace(int leaving, int arriving)
    {
        CheckPerson(arriving);
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            if (TableOf(round, arriving) >= 0)
                throw new ArgumentException("The arriving person already has a seat.", nameof(arriving));
            var table = TableOf(round, leaving);
            if (table < 0)
                continue;
            var seat = _seats[round][table].IndexOf(leaving);
            Leave(round, leaving, table, -1);
            Join(round, arriving, -1, table, seat);
        }
        return this;
    }

    public SeatingRepair Finish() => new(
        new SeatingPlan([.. _seats.Select((round, r) => r < _fromRound ? _plan.Rounds[r] : new SeatingRound([.. round.Select(table => table.ToImmutableArray())]))]),
        [.. _moves]);

    private void FillSmallTables(int round)
    {
        var tables = _seats[round];
        var seated = tables.Sum(table => table.Count);
        if (seated == 0)
            return;
        var smallest = Math.Min(seated / tables.Length, Math.Max(3, (seated + (2 * tables.Length) - 1) / (2 * tables.Length)));
        while (Array.FindIndex(tables, table => table.Count < smallest) is >= 0 and var small)
        {
            var largest = tables.Max(table => table.Count);
            var candidates =
                from table in Enumerable.Range(0, tables.Length)
                where table != small && tables[table].Count >= largest - 1 && tables[table].Count > smallest
                from person in tables[table]
                where !IsFixed(round, person)
                orderby ApartBroken(round, person, small), KnownFaces(round, person, small), tables[table].Count descending, person
                select (Person: person, Table: table);
            var chosen = candidates.Cast<(int Person, int Table)?>().FirstOrDefault();
            if (chosen is not { } move)
                return;
            Leave(round, move.Person, move.Table, null);
            Join(round, move.Person, move.Table, small);
        }
    }

    private int BestTable(int round, int person)
    {
        foreach (var seat in _problem.Fixed)
            if (seat.Person == person && (seat.Round is null || seat.Round == round))
                return seat.Table;
        var tables = _seats[round];
        var smallest = tables.Min(table => table.Count);
        return Enumerable.Range(0, tables.Length)
            .Where(table => tables[table].Count <= smallest + 1)
            .OrderBy(table => ApartBroken(round, person, table))
            .ThenBy(table => tables[table].Count)
            .ThenBy(table => MixExcess(round, person, table))
            .ThenBy(table => KnownFaces(round, person, table))
            .First();
    }

    /// <summary>By how much the person's values are already above the ceiling of their share at the table.</summary>
    private int MixExcess(int round, int person, int table)
    {
        var everyone = _seats[round].SelectMany(people => people).Append(person).ToList();
        var excess = 0;
        for (var c = 0; c < _problem.Criteria.Length; c++)
        {
            var value = _problem.People[person].Values[c];
            if (value < 0)
                continue;
            var bearers = everyone.Count(other => _problem.People[other].Values[c] == value);
            var here = 1 + _seats[round][table].Count(other => _problem.People[other].Values[c] == value);
            excess += Math.Max(0, here - MixWindow.Of(_seats[round][table].Count + 1, bearers, everyone.Count).Ceiling);
        }
        return excess;
    }

    private int ApartBroken(int round, int person, int table) => _seats[round][table].Count(other => _apart.Contains(Pair(person, other)));

    private int KnownFaces(int round, int person, int table) => _seats[round][table].Count(other => _meetings.GetValueOrDefault(Pair(person, other)) > 0);

    private bool IsFixed(int round, int person) => _problem.Fixed.Any(seat => seat.Person == person && (seat.Round is null || seat.Round == round));

    private int TableOf(int round, int person) => Array.FindIndex(_seats[round], table => table.Contains(person));

    /// <summary>Empties a seat; <paramref name="to"/> is -1 for a person who goes home, and nothing when a join follows that notes the move.</summary>
    private void Leave(int round, int person, int table, int? to)
    {
        _seats[round][table].Remove(person);
        foreach (var other in _seats[round][table])
            Met(person, other, -1);
        if (to is { } target)
            _moves.Add(new SeatMove(round, person, table, target));
    }

    private void Join(int round, int person, int from, int table, int? seat = null)
    {
        foreach (var other in _seats[round][table])
            Met(person, other, 1);
        _seats[round][table].Insert(seat ?? _seats[round][table].Count, person);
        _moves.Add(new SeatMove(round, person, from, table));
    }

    private void Met(int a, int b, int by) => _meetings[Pair(a, b)] = _meetings.GetValueOrDefault(Pair(a, b)) + by;

    private void CheckPerson(int person)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(person);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(person, _problem.People.Length);
    }

    private static (int, int) Pair(int a, int b) => (Math.Min(a, b), Math.Max(a, b));
}
