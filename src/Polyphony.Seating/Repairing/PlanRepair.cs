using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>The rest of a plan while it is repaired.</summary>
internal sealed class PlanRepair
{
    private readonly SeatingProblem _problem;
    private readonly SeatingPlan _plan;
    private readonly int _fromRound;
    private readonly List<int>[][] _seats;
    private readonly int[][] _tableOf;
    private readonly JoiningCosts _costs;
    private readonly HashSet<ClosedTable> _closed;
    private readonly List<SeatMove> _moves = [];

    public PlanRepair(SeatingProblem problem, SeatingPlan plan, int fromRound, ImmutableArray<ClosedTable> closed)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegative(fromRound);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromRound, plan.Rounds.Length);
        _problem = problem;
        _plan = plan;
        _fromRound = fromRound;
        _closed = [.. closed];
        _seats = [.. plan.Rounds.Select(round => round.Tables.Select(table => table.ToList()).ToArray())];
        _tableOf = [.. plan.Rounds.Select(round => round.TablesOf(problem.People.Length))];
        if (Enumerable.Range(fromRound, _seats.Length - fromRound).Any(round => Enumerable.Range(0, _seats[round].Length).All(table => IsClosed(round, table))))
            throw new ArgumentException("Every table is closed.", nameof(closed));
        _costs = new JoiningCosts(problem, _seats, _tableOf);
    }

    public PlanRepair Remove(IReadOnlyCollection<int> absent)
    {
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            foreach (var person in absent.Distinct().Order())
            {
                CheckPerson(person);
                if (_tableOf[round][person] >= 0)
                    Move(round, person, -1);
            }
        }
        return this;
    }

    public PlanRepair Close()
    {
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            var leaving = Enumerable.Range(0, _seats[round].Length).Where(table => IsClosed(round, table)).SelectMany(table => _seats[round][table]).ToArray();
            // Those who stay together first: they need most room.
            foreach (var person in leaving.OrderByDescending(_costs.Bound).ToArray())
                Move(round, person, BestTable(round, person, limit: 1));
        }
        return this;
    }

    public PlanRepair Add(IReadOnlyCollection<int> late)
    {
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            foreach (var person in late.Distinct().Order())
            {
                CheckPerson(person);
                if (_tableOf[round][person] < 0)
                    Move(round, person, FixedTable(round, person) ?? BestTable(round, person, limit: 1));
            }
        }
        return this;
    }

    public PlanRepair Replace(int leaving, int arriving)
    {
        CheckPerson(arriving);
        CheckPerson(leaving);
        for (var round = _fromRound; round < _seats.Length; round++)
        {
            if (_tableOf[round][arriving] >= 0)
                throw new ArgumentException("The arriving person already has a seat.", nameof(arriving));
            var table = _tableOf[round][leaving];
            if (table < 0)
                continue;
            var seat = _seats[round][table].IndexOf(leaving);
            Move(round, leaving, -1);
            Move(round, arriving, table, seat);
        }
        return this;
    }

    /// <summary>Fills tables that have become too small from the largest.</summary>
    public PlanRepair Fill()
    {
        for (var round = _fromRound; round < _seats.Length; round++)
            FillSmallTables(round);
        return this;
    }

    public SeatingRepair Finish() => new(
        _plan,
        new SeatingPlan([.. _seats.Select((round, r) => r < _fromRound ? _plan.Rounds[r] : new SeatingRound([.. round.Select(table => table.ToImmutableArray())]))]),
        [.. _moves]);

    private void FillSmallTables(int round)
    {
        var tables = _seats[round];
        var open = Enumerable.Range(0, tables.Length).Where(table => !IsClosed(round, table) && _plan.Rounds[round].Tables[table].Length > 0).ToArray();
        var seated = open.Sum(table => tables[table].Count);
        if (seated == 0 || open.Length < 2)
            return;
        var smallest = Math.Min(seated / open.Length, Math.Max(3, (seated + (2 * open.Length) - 1) / (2 * open.Length)));
        foreach (var small in open)
        {
            // A table that was planned small may stay small.
            while (tables[small].Count < Math.Min(smallest, _plan.Rounds[round].Tables[small].Length) && Candidates(small).Cast<int?>().FirstOrDefault() is { } person)
                Move(round, person, small);
        }

        IEnumerable<int> Candidates(int small)
        {
            var largest = open.Max(table => tables[table].Count);
            return
                from table in open
                where table != small && tables[table].Count >= largest - 1 && tables[table].Count > smallest
                from person in tables[table]
                where FixedTable(round, person) is null && !_costs.IsBound(person)
                orderby _costs.RulesBroken(round, person, small), _costs.KnownFaces(round, person, small), tables[table].Count descending, person
                select person;
        }
    }

    private int BestTable(int round, int person, int limit)
    {
        var tables = _seats[round];
        var open = Enumerable.Range(0, tables.Length).Where(table => !IsClosed(round, table) && _plan.Rounds[round].Tables[table].Length > 0).ToArray();
        if (open.Length == 0)
            open = [.. Enumerable.Range(0, tables.Length).Where(table => !IsClosed(round, table))];
        // Full is what has more than its share of the people who are there.
        var smallest = open.Min(table => tables[table].Count - Share(round, table));
        return open
            .OrderBy(table => _costs.RulesBroken(round, person, table))
            .ThenBy(table => tables[table].Count - Share(round, table) > smallest + limit)
            .ThenBy(table => tables[table].Count - Share(round, table))
            .ThenBy(table => _costs.MixExcess(round, person, table))
            .ThenBy(table => _costs.KnownFaces(round, person, table))
            .ThenBy(table => table)
            .First();
    }

    /// <summary>How many more seats the table was planned with than the smallest of the round.</summary>
    private int Share(int round, int table) =>
        _plan.Rounds[round].Tables[table].Length == 0 || _problem.Rounds.Length <= round || _problem.Rounds[round].Tables.Length <= table ? 0 : _problem.Rounds[round].Tables[table].Seats;

    private int? FixedTable(int round, int person) =>
        _problem.Fixed.FirstOrDefault(seat => seat.Person == person && (seat.Round is null || seat.Round == round) && !IsClosed(round, seat.Table))?.Table;

    private void Move(int round, int person, int to, int? seat = null)
    {
        var from = _tableOf[round][person];
        if (from >= 0)
        {
            _costs.Leave(round, person, from);
            _seats[round][from].Remove(person);
        }
        if (to >= 0)
        {
            _costs.Join(round, person, to);
            _seats[round][to].Insert(seat ?? _seats[round][to].Count, person);
        }
        _tableOf[round][person] = to;
        _moves.Add(new SeatMove(round, person, from, to));
    }

    private bool IsClosed(int round, int table) => _closed.Contains(new ClosedTable(round, table));

    private void CheckPerson(int person)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(person);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(person, _problem.People.Length);
    }
}
