using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

public sealed class RepairingSeats
{
    private readonly SeatingProblem _problem = SeatingPeople.From("people-100.csv", 10, 4, "gender", "age", "region", "nation");
    private readonly SeatingPlan _plan;

    public RepairingSeats() => _plan = SeatingPlanner.Plan(_problem, 1, 100_000, null, CancellationToken.None);

    [Fact]
    public void Absent_people_leave_and_nobody_else_moves()
    {
        var repair = SeatingPlanner.Remove(_problem, _plan, [5, 17, 60], 1);
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
        var repair = SeatingPlanner.Remove(_problem, _plan, absent, 2);
        Assert.All(repair.Plan.Rounds.Skip(2), round => Assert.All(round.Tables, table => Assert.True(table.Length >= 5)));
        Assert.Equal(3, repair.Moves.Count(move => move.Round == 2 && move.To == 4));
        Assert.All(repair.Moves, move => Assert.True(move.To is -1 or 4));
    }

    [Fact]
    public void Late_people_get_a_place_and_nobody_moves()
    {
        var without = SeatingPlanner.Remove(_problem, _plan, [8, 9], 0).Plan;
        var repair = SeatingPlanner.Add(_problem, without, [9, 8], 1);
        Assert.Equal(6, repair.Moves.Length);
        Assert.All(repair.Moves, move => Assert.True(move.From == -1 && move.Person is 8 or 9));
        Assert.Equal(-1, repair.Plan.Rounds[0].TableOf(8));
        Assert.All(repair.Plan.Rounds.Skip(1), round => Assert.Equal(100, round.Tables.Sum(table => table.Length)));
        Assert.All(repair.Plan.Rounds.Skip(1), round => Assert.All(round.Tables, table => Assert.InRange(table.Length, 9, 11)));
    }

    [Fact]
    public void Late_people_keep_apart_from_their_household()
    {
        var without = SeatingPlanner.Remove(_problem, _plan, [8], 0).Plan;
        var smallest = without.Rounds[0].Tables.Select((people, table) => (people, table)).MinBy(pair => pair.people.Length);
        var problem = _problem with { Apart = [new ApartPair(8, smallest.people[0])] };
        var repair = SeatingPlanner.Add(problem, without, [8], 0);
        Assert.Equal(0, SeatingMeasures.Of(problem, repair.Plan).ApartBroken);
    }

    [Fact]
    public void A_replacement_takes_the_very_seats()
    {
        var problem = _problem with { People = _problem.People.Add(new SeatingPerson("new", [0, 0, 0, 0])) };
        var repair = SeatingPlanner.Replace(problem, _plan, 42, 100, 2);
        for (var round = 0; round < 4; round++)
            foreach (var (before, after) in _plan.Rounds[round].Tables.Zip(repair.Plan.Rounds[round].Tables))
                Assert.Equal(before.Select(person => person == 42 && round >= 2 ? 100 : person), after);
        Assert.Equal(4, repair.Moves.Length);
        Assert.Throws<ArgumentException>(() => SeatingPlanner.Replace(problem, repair.Plan, 41, 100, 2));
    }

    [Fact]
    public void The_names_of_people_do_not_matter()
    {
        var renamed = _problem with { People = [.. _problem.People.Select((person, p) => person with { Id = $"x{p}" })] };
        Assert.True(_plan.SameSeats(SeatingPlanner.Plan(renamed, 1, 100_000, null, CancellationToken.None)));
    }
}
