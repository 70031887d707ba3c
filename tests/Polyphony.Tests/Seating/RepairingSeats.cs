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
}
