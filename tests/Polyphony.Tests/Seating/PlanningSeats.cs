using System.Diagnostics;
using CsCheck;
using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

public sealed class PlanningSeats
{
    private static readonly string[] Mixed = ["gender", "age", "region", "nation"];

    [Fact]
    public void A_hundred_people_at_ten_tables_meet_many_and_every_table_is_mixed()
    {
        var problem = SeatingPeople.From("people-100.csv", 10, 5, Mixed);
        var clock = Stopwatch.StartNew();
        var plan = SeatingPlanner.Plan(problem, 1, SeatingPlanner.DefaultSwaps, null, CancellationToken.None);
        var measures = SeatingMeasures.Of(problem, plan);
        TestContext.Current.SendDiagnosticMessage($"{measures.DistinctPairs} of {measures.Ceiling}, {measures.Violations} violations, {clock.Elapsed.TotalSeconds:F2} s");
        Assert.Equal(0, measures.Violations);
        Assert.True(measures.DistinctPairs >= 2100, $"{measures.DistinctPairs} distinct pairs");
        Assert.Equal(2250, measures.Ceiling);
        Assert.Equal(2250, measures.DistinctPairs + measures.Repeats);
    }

    [Fact]
    public void At_sixteen_tables_nobody_meets_twice()
    {
        var problem = SeatingPeople.From("people-100.csv", 16, 6, Mixed);
        var measures = SeatingMeasures.Of(problem, SeatingPlanner.Plan(problem, 1, SeatingPlanner.DefaultSwaps, null, CancellationToken.None));
        Assert.Equal((1584, 0, 0), (measures.DistinctPairs, measures.Repeats, measures.Violations));
    }

    [Fact]
    public void The_same_seed_gives_the_same_plan_and_another_seed_another()
    {
        var problem = SeatingPeople.From("people-30.csv", 5, 4, "gender", "age", "region");
        var plan = SeatingPlanner.Plan(problem, 7, 20_000, null, CancellationToken.None);
        Assert.True(plan.SameSeats(SeatingPlanner.Plan(problem, 7, 20_000, null, CancellationToken.None)));
        Assert.False(plan.SameSeats(SeatingPlanner.Plan(problem, 8, 20_000, null, CancellationToken.None)));
    }

    [Fact]
    public void Everybody_has_one_seat_in_every_round_and_tables_differ_by_one() =>
        Gen.Select(Gen.Int[2, 60], Gen.Int[1, 9], Gen.Int[1, 5], Gen.Int[0, 4], Gen.Int[0, 1000]).Sample((people, tables, rounds, criteria, seed) =>
        {
            var problem = SeatingPeople.Generated(Math.Max(people, 2 * tables), tables, rounds, criteria, seed);
            var plan = SeatingPlanner.Plan(problem, (ulong)seed, 500, null, CancellationToken.None);
            Assert.Equal(rounds, plan.Rounds.Length);
            foreach (var round in plan.Rounds)
            {
                Assert.Equal(Enumerable.Range(0, problem.People.Length), round.Tables.SelectMany(table => table).Order());
                Assert.InRange(round.Tables.Max(table => table.Length) - round.Tables.Min(table => table.Length), 0, 1);
            }
        }, iter: 200, threads: 1);

    [Fact]
    public void Fixed_seats_stay_and_households_sit_apart()
    {
        var problem = SeatingPeople.From("people-30.csv", 5, 4, "gender", "age", "region") with
        {
            Fixed = [new FixedSeat(3, 2, null), new FixedSeat(4, 0, 1)],
            Apart = [new ApartPair(0, 1), new ApartPair(2, 1), new ApartPair(9, 8)],
        };
        var plan = SeatingPlanner.Plan(problem, 3, 200_000, null, CancellationToken.None);
        Assert.All(plan.Rounds, round => Assert.Equal(2, round.TableOf(3)));
        Assert.Equal(0, plan.Rounds[1].TableOf(4));
        var measures = SeatingMeasures.Of(problem, plan);
        Assert.Equal((0, 0), (measures.ApartBroken, measures.Violations));
    }

    [Fact]
    public void Fifteen_couples_all_sit_apart()
    {
        var problem = SeatingPeople.From("people-30.csv", 5, 4, "gender", "age", "region") with
        {
            Apart = [.. Enumerable.Range(0, 15).Select(couple => new ApartPair((2 * couple) + 1, 2 * couple))],
        };
        Assert.Equal(0, SeatingMeasures.Of(problem, SeatingPlanner.Plan(problem, 5, 200_000, null, CancellationToken.None)).ApartBroken);
    }

    [Fact]
    public void The_measures_agree_with_a_plain_count()
    {
        var problem = SeatingPeople.Generated(23, 4, 3, 3, 5);
        var plan = SeatingPlanner.Plan(problem, 5, 1_000, null, CancellationToken.None);
        var pairs = new Dictionary<(int, int), int>();
        foreach (var table in plan.Rounds.SelectMany(round => round.Tables))
            foreach (var a in table)
                foreach (var b in table.Where(b => b > a))
                    pairs[(a, b)] = pairs.GetValueOrDefault((a, b)) + 1;
        var measures = SeatingMeasures.Of(problem, plan);
        Assert.Equal((pairs.Count, pairs.Values.Sum() - pairs.Count, pairs.Values.Max()), (measures.DistinctPairs, measures.Repeats, measures.MostMeetings));
        Assert.Equal(pairs.Keys.Where(pair => pair.Item1 == 0 || pair.Item2 == 0).Count(), SeatingMeasures.WhomMet(plan, 0).Count);
    }

    [Fact]
    public void A_table_of_one_gender_is_counted_as_a_violation()
    {
        var problem = new SeatingProblem(
            [.. Enumerable.Range(0, 8).Select(p => new SeatingPerson($"p{p}", [p % 2]))], [new SeatingCriterion("gender", ["w", "m"])], 2, 1, [], []);
        var apart = new SeatingPlan([new SeatingRound([[0, 2, 4, 6], [1, 3, 5, 7]])]);
        var mixed = new SeatingPlan([new SeatingRound([[0, 1, 2, 3], [4, 5, 6, 7]])]);
        Assert.Equal(8, SeatingMeasures.Of(problem, apart).Violations);
        Assert.Equal(0.5, SeatingMeasures.Of(problem, apart).Criteria[0].MeanDeviation, 12);
        Assert.Equal(0, SeatingMeasures.Of(problem, mixed).Violations);
    }

    [Fact]
    public void What_cannot_be_planned_is_refused_all_at_once()
    {
        var problem = new SeatingProblem(
            [new SeatingPerson("a", [0]), new SeatingPerson("a", [5]), new SeatingPerson("b", [])], [new SeatingCriterion("age", ["x"])], 2, 1,
            [new ApartPair(0, 9)], [new FixedSeat(0, 0, null), new FixedSeat(0, 1, 0)]);
        Assert.Equal(
            [SeatingRefusalCodes.FixedTwice, SeatingRefusalCodes.RepeatedId, SeatingRefusalCodes.TooFewPeople, SeatingRefusalCodes.UnknownReference, SeatingRefusalCodes.UnknownValue],
            problem.Refusals().Select(refusal => refusal.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.Throws<ArgumentException>(() => SeatingPlanner.Plan(problem, 1, 1, null, CancellationToken.None));
    }

    [Fact]
    public void A_search_can_be_stopped() =>
        Assert.Throws<OperationCanceledException>(() =>
            SeatingPlanner.Plan(SeatingPeople.Generated(20, 2, 2, 1, 1), 1, 10_000, null, new CancellationToken(canceled: true)));
}
