using System.Collections.Immutable;
using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

public sealed class CheckingSeats
{
    private static readonly IEnumerable<int> Seeds = Enumerable.Range(1, 200);

    [Fact]
    public void A_plain_second_count_finds_the_same_broken_rules_and_pairs() => Assert.All(Seeds, seed =>
    {
        var problem = RandomProblems.Make(seed);
        Agrees(problem, RandomProblems.Seats(problem, seed));
    });

    [Fact]
    public void Every_rule_is_broken_somewhere_in_these_problems()
    {
        var rules = Seeds.SelectMany(seed => PlainChecker.Broken(RandomProblems.Make(seed), RandomProblems.Seats(RandomProblems.Make(seed), seed)).Keys).ToHashSet();
        Assert.Equal(["access", "alone", "apart", "bounds", "cluster", "fixed", "host", "interpreters", "language", "mix", "part-of", "together"], rules.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plans_seat_everybody_once_break_few_rules_and_are_counted_alike() => Assert.All(Seeds.Take(80), seed =>
    {
        var problem = RandomProblems.Make(seed);
        if (!problem.Refusals().IsEmpty)
            return;
        var planned = SeatingPlanner.Plan(problem, (ulong)seed, 12_000, null, CancellationToken.None, TestContext.Current.CancellationToken);
        for (var r = 0; r < problem.Rounds.Length; r++)
        {
            Assert.Equal(problem.Rounds[r].Tables.Select(table => table.Seats), planned.Plan.Rounds[r].Tables.Select(table => table.Length));
            Assert.Equal(Enumerable.Range(0, problem.People.Length), planned.Plan.Rounds[r].Tables.SelectMany(table => table).Order());
        }
        Agrees(problem, planned.Plan);
        var begun = SeatingPlanner.Plan(problem, (ulong)seed, 0, null, CancellationToken.None, TestContext.Current.CancellationToken);
        // Other large groups are another problem for their small groups.
        Assert.True(problem.Rounds.Any(layout => layout.SplitOf is not null) || planned.Measures.Violations <= begun.Measures.Violations, $"{begun.Measures.Violations} -> {planned.Measures.Violations}");
    });

    [Fact]
    public void Where_a_plan_that_keeps_every_rule_is_known_the_search_finds_one() => Assert.All(Enumerable.Range(1, 16), seed =>
    {
        // These rules leave next to no freedom.
        var problem = Solvable(seed);
        Assert.Empty(problem.Refusals());
        var planned = SeatingPlanner.Plan(problem, (ulong)seed, 2_000_000, null, CancellationToken.None, TestContext.Current.CancellationToken);
        Assert.Empty(PlainChecker.Broken(problem, planned.Plan));
    });

    [Fact]
    public void A_repaired_plan_moves_nobody_who_need_not_move() => Assert.All(Seeds.Take(100), seed =>
    {
        var problem = RandomProblems.Make(seed) with { Together = [], Hosts = [] };
        if (!problem.Refusals().IsEmpty)
            return;
        var plan = SeatingPlanner.Plan(problem, (ulong)seed, 2_000, null, CancellationToken.None, TestContext.Current.CancellationToken).Plan;
        var from = seed % plan.Rounds.Length;
        int[] absent = [seed % problem.People.Length];
        var repaired = SeatingRepairer.Repair(problem, plan, new SeatingChanges(from) { Absent = [.. absent] });
        // One absence empties one seat; a table of two that loses one of them gets one from elsewhere.
        var small = plan.Rounds.Skip(from).Count(round => round.Tables[round.TableOf(absent[0])].Length <= 3);
        Assert.InRange(repaired.Moves.Length, plan.Rounds.Length - from, plan.Rounds.Length - from + small);
        var late = SeatingRepairer.Repair(problem, repaired.Plan, new SeatingChanges(from) { Late = [.. absent] });
        Assert.Equal(plan.Rounds.Length - from, late.Moves.Length);
        Agrees(problem, late.Plan);
        for (var r = 0; r < plan.Rounds.Length; r++)
            Assert.Equal(Enumerable.Range(0, problem.People.Length), late.Plan.Rounds[r].Tables.SelectMany(table => table).Order());
    });

    private static void Agrees(SeatingProblem problem, SeatingPlan plan)
    {
        var measures = SeatingMeasures.Of(problem, plan);
        var plain = PlainChecker.Broken(problem, plan);
        Assert.Equal(
            plain.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value}"),
            measures.Breaches.GroupBy(breach => breach.Rule).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Sum(breach => breach.Amount)}"));
        Assert.Equal(plain.Values.Sum(), measures.Violations);
        var pairs = PlainChecker.Pairs(problem, plan);
        Assert.Equal((pairs.Count, pairs.Values.Sum() - pairs.Count, pairs.Values.DefaultIfEmpty(0).Max()), (measures.DistinctPairs, measures.Repeats, measures.MostMeetings));
        Assert.Equal(PlainChecker.Ceiling(problem, plan), measures.Ceiling);
        Assert.Equal(pairs.Values.Sum(count => problem.Value switch
        {
            MeetingValue.Distinct => 1,
            MeetingValue.Geometric => 2 - Math.Pow(2, 1 - count),
            _ => Enumerable.Range(1, count).Sum(meeting => 1.0 / meeting),
        }), measures.Value, 2);
    }

    /// <summary>Rules read off a plan made by chance, so that at least that plan keeps them all.</summary>
    private static SeatingProblem Solvable(int seed)
    {
        var chance = new Random(seed);
        var tables = chance.Next(3, 6);
        var people = tables * chance.Next(4, 7);
        var problem = SeatingPeople.Generated(people, tables, chance.Next(2, 4), 0, seed);
        int[][] at = [.. problem.Rounds.Select(_ =>
        {
            int[] order = [.. Enumerable.Range(0, people).Select(p => p % tables)];
            chance.Shuffle(order);
            return order;
        })];
        // Two people are together throughout, four never share a table with a fifth, table 0 alone is accessible, and languages fall to tables.
        for (var r = 0; r < at.Length; r++)
        {
            var partner = Array.FindIndex(at[r], 2, table => table == at[r][0]);
            (at[r][1], at[r][partner]) = (at[r][partner], at[r][1]);
        }
        ApartPair[] apart = [.. Enumerable.Range(2, people - 2).SelectMany(a => Enumerable.Range(a + 1, people - a - 1).Select(b => new ApartPair(a, b))).Where(pair => at.All(round => round[pair.First] != round[pair.Second])).Take(12)];
        var accessible = Enumerable.Range(0, tables).Where(t => t < 2).ToArray();
        var layouts = problem.Rounds.Select(layout => new RoundLayout([.. layout.Tables.Select((table, t) => table with { Accessible = accessible.Contains(t), Facilitator = new Facilitator($"f{t}", t % 2 == 0 ? 3UL : 6UL) })])).ToImmutableArray();
        return problem with
        {
            Rounds = layouts,
            People = [.. problem.People.Select((person, p) => person with
            {
                NeedsAccess = at.All(round => accessible.Contains(round[p])),
                Languages = at.All(round => round[p] % 2 == 0) ? 1UL : at.All(round => round[p] % 2 == 1) ? 4UL : 2UL,
            })],
            Together = [[0, 1]],
            Apart = [.. apart],
            Fixed = [.. Enumerable.Range(people - 2, 2).SelectMany(p => at.Select((round, r) => new FixedSeat(p, round[p], r)))],
        };
    }
}
