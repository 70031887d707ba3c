using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

public sealed class MeasuringSeats
{
    [Fact]
    public void The_measures_agree_with_a_plain_count()
    {
        var problem = SeatingPeople.Generated(23, 4, 3, 3, 5);
        var plan = SeatingPeople.Plan(problem, 5, 1_000);
        var pairs = new Dictionary<(int, int), int>();
        foreach (var table in plan.Rounds.SelectMany(round => round.Tables))
            foreach (var a in table)
                foreach (var b in table.Where(b => b > a))
                    pairs[(a, b)] = pairs.GetValueOrDefault((a, b)) + 1;
        var measures = SeatingMeasures.Of(problem, plan);
        Assert.Equal((pairs.Count, pairs.Values.Sum() - pairs.Count, pairs.Values.Max()), (measures.DistinctPairs, measures.Repeats, measures.MostMeetings));
        Assert.Equal(pairs.Keys.Where(pair => pair.Item1 == 0 || pair.Item2 == 0).Count(), SeatingMeasures.WhomMet(plan, 0).Count);
        Assert.Equal(Enumerable.Range(0, 23).Min(person => SeatingMeasures.WhomMet(plan, person).Count), measures.FewestMet);
    }

    [Fact]
    public void Values_of_meetings_are_those_of_the_formulas()
    {
        var problem = SeatingPeople.Generated(4, 2, 3, 0, 1);
        var plan = new SeatingPlan([.. Enumerable.Repeat(new SeatingRound([[0, 1], [2, 3]]), 3)]);
        Assert.Equal(2, SeatingMeasures.Of(problem, plan).Value);
        Assert.Equal(2 * (2 - 0.25), SeatingMeasures.Of(problem with { Value = MeetingValue.Geometric }, plan).Value);
        Assert.Equal(2 * (1 + (1 / 2.0) + (1 / 3.0)), SeatingMeasures.Of(problem with { Value = MeetingValue.Harmonic }, plan).Value, 12);
    }

    [Fact]
    public void A_table_of_one_gender_is_counted_as_a_violation()
    {
        var problem = SeatingProblem.Even([.. Enumerable.Range(0, 8).Select(p => new SeatingPerson($"p{p}", [p % 2]))], [new SeatingCriterion("gender", ["w", "m"])], 2, 1);
        var apart = new SeatingPlan([new SeatingRound([[0, 2, 4, 6], [1, 3, 5, 7]])]);
        var mixed = new SeatingPlan([new SeatingRound([[0, 1, 2, 3], [4, 5, 6, 7]])]);
        Assert.Equal(8, SeatingMeasures.Of(problem, apart).Violations);
        Assert.Equal(0.5, SeatingMeasures.Of(problem, apart).Criteria[0].MeanDeviation, 12);
        Assert.Equal(0, SeatingMeasures.Of(problem, mixed).Violations);
    }

    [Fact]
    public void Facilitators_are_shared_equally()
    {
        SeatingTable[] tables = [new(4, Facilitator: new Facilitator("f1")), new(4, Facilitator: new Facilitator("f2"))];
        var problem = SeatingPeople.Generated(8, 2, 2, 0, 1) with { Rounds = [new RoundLayout([.. tables]), new RoundLayout([.. tables])] };
        var measures = SeatingMeasures.Of(problem, SeatingPeople.Plan(problem, 1, 40_000));
        // Half of a table must come back to the same people, and then it may as well be to another facilitator.
        Assert.Equal([new FacilitatorExposure("f1", 6, 2), new FacilitatorExposure("f2", 6, 2)], measures.Facilitators);
    }

    [Theory]
    [InlineData(10, new[] { 4, 4, 4 }, new[] { 4, 3, 3 })]
    [InlineData(10, new[] { 12, 6, 2 }, new[] { 6, 3, 1 })]
    [InlineData(7, new[] { 7, 0 }, new[] { 7, 0 })]
    public void Tables_are_filled_in_proportion_to_their_seats(int people, int[] capacities, int[] expected) =>
        Assert.Equal(expected, TableSizes.Within(people, capacities)!.Value);

    [Fact]
    public void Too_few_seats_are_none() => Assert.Null(TableSizes.Within(10, [4, 5]));

    [Fact]
    public void What_cannot_be_planned_is_refused_all_at_once()
    {
        var problem = SeatingProblem.Even([new SeatingPerson("a", [0]), new SeatingPerson("a", [5]), new SeatingPerson("b", [])], [new SeatingCriterion("age", ["x"])], 2, 1);
        Assert.Equal(
            [SeatingRefusalCodes.RepeatedId, SeatingRefusalCodes.TooFewPeople, SeatingRefusalCodes.UnknownValue],
            Codes(problem));
        Assert.Throws<ArgumentException>(() => SeatingPlanner.Plan(problem, 1, 1, null, CancellationToken.None, CancellationToken.None));
    }

    [Fact]
    public void Every_impossible_rule_is_refused_before_the_search()
    {
        var problem = SeatingPeople.Generated(12, 3, 2, 1, 1);
        Assert.Empty(Codes(problem));
        Assert.Equal([SeatingRefusalCodes.UnknownReference], Codes(problem with { Apart = [new ApartPair(0, 12)] }));
        Assert.Equal([SeatingRefusalCodes.UnknownReference], Codes(problem with { Fixed = [new FixedSeat(0, 3, null)] }));
        Assert.Equal([SeatingRefusalCodes.UnknownReference], Codes(problem with { Together = [[0, -1]] }));
        Assert.Equal([SeatingRefusalCodes.FixedTwice], Codes(problem with { Fixed = [new FixedSeat(0, 0, null), new FixedSeat(0, 1, 0)] }));
        Assert.Equal([SeatingRefusalCodes.FixedTooMany], Codes(problem with { Fixed = [.. Enumerable.Range(0, 5).Select(person => new FixedSeat(person, 0, 1))] }));
        Assert.Equal([SeatingRefusalCodes.GroupTooLarge], Codes(problem with { Together = [[0, 1, 2], [2, 3, 4]] }));
        Assert.Equal([SeatingRefusalCodes.TogetherAndApart], Codes(problem with { Together = [[0, 1], [1, 2]], Apart = [new ApartPair(2, 0)] }));
        Assert.Equal([SeatingRefusalCodes.TooManyHosts], Codes(problem with { Hosts = [0, 1, 2, 3] }));
        Assert.Equal([SeatingRefusalCodes.BoundsImpossible], Codes(problem with { Bounds = [new ValueBounds(0, 0, 0, 0)] }));
        Assert.Equal([SeatingRefusalCodes.SeatsAndPeople], Codes(problem with { Rounds = [new RoundLayout([new(4), new(5)])] }));
        Assert.Equal([SeatingRefusalCodes.PartsAndWhole], Codes(problem with { Rounds = [new RoundLayout([new(6), new(6)]), new RoundLayout([new(4), new(4), new(4, PartOf: 1)], 0)] }));
        var closed = new RoundLayout([new(4, Accessible: false), new(4, Accessible: false), new(4)]);
        Assert.Equal(
            [SeatingRefusalCodes.TooFewAccessible],
            Codes(problem with { Rounds = [closed], People = [.. problem.People.Select((person, p) => person with { NeedsAccess = p < 5 })] }));
    }

    private static string[] Codes(SeatingProblem problem) => [.. problem.Refusals().Select(refusal => refusal.Code).Distinct().Order(StringComparer.Ordinal)];
}
