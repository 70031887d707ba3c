using System.Collections.Immutable;
using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

public sealed class RepairingSeats
{
    private readonly SeatingProblem _problem = SeatingPeople.From("people-100.csv", 10, 4, "gender", "age", "region", "nation");
    private readonly SeatingPlan _plan;

    public RepairingSeats() => _plan = SeatingPeople.Plan(_problem, 1, 300_000);

    [Fact]
    public void Absent_people_leave_and_nobody_else_moves()
    {
        var repair = SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(1) { Absent = [5, 17, 60] });
        Assert.Equal(9, repair.Moves.Length);
        Assert.All(repair.Moves, move => Assert.Equal(-1, move.To));
        Assert.Same(_plan.Rounds[0], repair.Plan.Rounds[0]);
        for (var round = 1; round < 4; round++)
            for (var person = 0; person < 100; person++)
                Assert.Equal(person is 5 or 17 or 60 ? -1 : _plan.Rounds[round].TableOf(person), repair.Plan.Rounds[round].TableOf(person));
    }

    [Fact]
    public void A_table_that_lost_almost_everybody_is_filled_from_the_largest()
    {
        var absent = _plan.Rounds[2].Tables[4].Take(8).ToArray();
        var repair = SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(2) { Absent = [.. absent] });
        Assert.All(repair.Plan.Rounds.Skip(2), round => Assert.All(round.Tables, table => Assert.True(table.Length >= 5)));
        Assert.Equal(3, repair.Moves.Count(move => move.Round == 2 && move.To == 4));
        Assert.All(repair.Moves, move => Assert.True(move.To is -1 or 4));
    }

    [Fact]
    public void Late_people_get_a_place_and_nobody_moves()
    {
        var without = SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(0) { Absent = [8, 9] }).Plan;
        var repair = SeatingRepairer.Repair(_problem, without, new SeatingChanges(1) { Late = [9, 8] });
        Assert.Equal(6, repair.Moves.Length);
        Assert.All(repair.Moves, move => Assert.True(move.From == -1 && move.Person is 8 or 9));
        Assert.Equal(-1, repair.Plan.Rounds[0].TableOf(8));
        Assert.All(repair.Plan.Rounds.Skip(1), round => Assert.Equal(100, round.Tables.Sum(table => table.Length)));
        Assert.All(repair.Plan.Rounds.Skip(1), round => Assert.All(round.Tables, table => Assert.InRange(table.Length, 9, 11)));
    }

    [Fact]
    public void Late_people_keep_apart_from_their_household()
    {
        var without = SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(0) { Absent = [8] }).Plan;
        var smallest = without.Rounds[0].Tables.Select((people, table) => (people, table)).MinBy(pair => pair.people.Length);
        var problem = _problem with { Apart = [new ApartPair(8, smallest.people[0])] };
        var repair = SeatingRepairer.Repair(problem, without, new SeatingChanges(0) { Late = [8] });
        Assert.DoesNotContain(SeatingMeasures.Of(problem, repair.Plan).Breaches, breach => breach.Rule == SeatingRules.Apart);
    }

    [Fact]
    public void A_replacement_takes_the_very_seats()
    {
        var problem = _problem with { People = _problem.People.Add(new SeatingPerson("new", [0, 0, 0, 0])) };
        var repair = SeatingRepairer.Replace(problem, _plan, 42, 100, 2);
        for (var round = 0; round < 4; round++)
            foreach (var (before, after) in _plan.Rounds[round].Tables.Zip(repair.Plan.Rounds[round].Tables))
                Assert.Equal(before.Select(person => person == 42 && round >= 2 ? 100 : person), after);
        Assert.Equal(4, repair.Moves.Length);
        Assert.Throws<ArgumentException>(() => SeatingRepairer.Replace(problem, repair.Plan, 41, 100, 2));
    }

    [Fact]
    public void The_names_of_people_do_not_matter()
    {
        var renamed = _problem with { People = [.. _problem.People.Select((person, p) => person with { Id = $"x{p}" })] };
        Assert.True(_plan.SameSeats(SeatingPeople.Plan(renamed, 1, 300_000)));
    }

    [Fact]
    public void People_of_a_closed_table_spread_and_nobody_else_moves()
    {
        var repair = SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(2) { Closed = [new(2, 4), new(3, 4)] });
        Assert.Equal(20, repair.Moves.Length);
        Assert.All(repair.Moves, move => Assert.True(move.From == 4 && move.To >= 0 && move.Round >= 2));
        Assert.All(repair.Plan.Rounds.Skip(2), round => Assert.Equal([0, 11, 11, 11, 11, 11, 11, 11, 11, 12], round.Tables.Select(table => table.Length).Order()));
        Assert.Same(repair.Before, _plan);
        Assert.Throws<ArgumentException>(() => SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(2) { Closed = [.. Enumerable.Range(0, 10).Select(table => new ClosedTable(3, table))] }));
    }

    [Fact]
    public void Who_stays_together_leaves_a_closed_table_together()
    {
        var pair = _plan.Rounds[3].Tables[0].Take(3).ToArray();
        var problem = _problem with { Together = [[.. pair]] };
        var repair = SeatingRepairer.Repair(problem, _plan, new SeatingChanges(3) { Closed = [new(3, 0)] });
        Assert.Single(pair.Select(repair.Plan.Rounds[3].TableOf).Distinct());
        Assert.All(repair.Plan.Rounds[3].Tables.Skip(1), table => Assert.InRange(table.Length, 10, 14));
    }

    [Fact]
    public void Who_needs_access_joins_an_accessible_table()
    {
        var person = _plan.Rounds[3].Tables[9][0];
        var layout = new RoundLayout([.. _problem.Rounds[0].Tables.Select((table, t) => table with { Accessible = t is 3 or 9 })]);
        var problem = _problem with
        {
            Rounds = [layout, layout, layout, layout],
            People = [.. _problem.People.Select((someone, p) => p == person ? someone with { NeedsAccess = true } : someone)],
        };
        Assert.Equal(3, SeatingRepairer.Repair(problem, _plan, new SeatingChanges(3) { Closed = [new(3, 9)] }).Plan.Rounds[3].TableOf(person));
    }

    [Fact]
    public void A_host_whose_table_closes_stays_at_one_other_table()
    {
        var hosts = Enumerable.Range(0, 100).Where(person => _plan.Rounds[1].TableOf(person) is 0 or 5).Take(12).ToArray();
        Assert.All(hosts, host =>
        {
            var home = _plan.Rounds[1].TableOf(host);
            var problem = _problem with { Hosts = [host] };
            // Where a host sits throughout, for the rest of the plan to be as it is.
            var plan = Enumerable.Range(0, 4).Aggregate(_plan, (seats, round) => Seat(seats, round, host, home));
            var repaired = SeatingRepairer.Repair(problem, plan, new SeatingChanges(1) { Closed = [.. Enumerable.Range(1, 3).Select(round => new ClosedTable(round, home))] }).Plan;
            Assert.Equal(home, repaired.Rounds[0].TableOf(host));
            Assert.Single(repaired.Rounds.Skip(1).Select(round => round.TableOf(host)).Distinct());
        });
    }

    [Fact]
    public void A_host_who_comes_late_sits_where_they_sat_before()
    {
        var host = _plan.Rounds[0].Tables[7][0];
        var problem = _problem with { Hosts = [host] };
        var gone = SeatingRepairer.Repair(_problem, _plan, new SeatingChanges(1) { Absent = [host, _plan.Rounds[1].Tables[2][0], _plan.Rounds[2].Tables[2][0], _plan.Rounds[3].Tables[2][0]] }).Plan;
        var back = SeatingRepairer.Repair(problem, gone, new SeatingChanges(2) { Late = [host] }).Plan;
        Assert.Equal([7, -1, 7, 7], back.Rounds.Select(round => round.TableOf(host)));
    }

    [Fact]
    public void Nobody_of_a_minority_is_left_alone_by_a_repair()
    {
        // Of nine people three are of a minority; two of them share table 0, the third is late.
        var problem = SeatingProblem.Even(
            [.. Enumerable.Range(0, 10).Select(p => new SeatingPerson($"p{p}", [p is 0 or 1 or 9 ? 1 : 0]))], [new SeatingCriterion("origin", ["many", "few"], CriterionMode.Ignore, NobodyAlone: true)], 3, 1);
        var plan = new SeatingPlan([new([[0, 1, 2, 3], [4, 5, 6], [7, 8]])]);
        Assert.Equal(0, SeatingRepairer.Repair(problem, plan, new SeatingChanges(0) { Late = [9] }).Plan.Rounds[0].TableOf(9));
        Assert.Equal(2, SeatingRepairer.Repair(problem with { Criteria = [problem.Criteria[0] with { NobodyAlone = false }] }, plan, new SeatingChanges(0) { Late = [9] }).Plan.Rounds[0].TableOf(9));

        // Where their table closes, they go on together.
        var moved = SeatingRepairer.Repair(problem, plan, new SeatingChanges(0) { Closed = [new(0, 0)] }).Plan;
        Assert.Equal(moved.Rounds[0].TableOf(0), moved.Rounds[0].TableOf(1));

        // And nobody is taken from somebody to fill a table that became small.
        var uneven = new SeatingPlan([new([[2, 0, 1, 3, 4, 5], [6, 7, 8]])]);
        var two = SeatingProblem.Even([.. problem.People.Take(9)], problem.Criteria, 2, 1);
        var filled = SeatingRepairer.Repair(two, uneven, new SeatingChanges(0) { Absent = [7, 8] }).Plan;
        Assert.Equal(filled.Rounds[0].TableOf(0), filled.Rounds[0].TableOf(1));
        Assert.Equal(3, filled.Rounds[0].Tables[1].Length);
    }

    private static SeatingPlan Seat(SeatingPlan plan, int round, int person, int table)
    {
        var from = plan.Rounds[round].TableOf(person);
        if (from == table)
            return plan;
        var other = plan.Rounds[round].Tables[table][0];
        return new SeatingPlan(plan.Rounds.SetItem(round, new([.. plan.Rounds[round].Tables.Select(people => people.Select(p => p == person ? other : p == other ? person : p).ToImmutableArray())])));
    }
}
