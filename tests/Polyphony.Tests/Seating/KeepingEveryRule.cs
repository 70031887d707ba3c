using System.Collections.Immutable;
using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

/// <summary>Each rule alone, on people for whom it can be kept and for whom a search that did not know it would break it.</summary>
public sealed class KeepingEveryRule
{
    public static TheoryData<string> Rules =>
        [SeatingRules.Mix, SeatingRules.Alone, SeatingRules.Bounds, SeatingRules.Cluster, SeatingRules.Together, "keep", SeatingRules.Apart, SeatingRules.Fixed, SeatingRules.Host, SeatingRules.Access, SeatingRules.Language, "facilitator", SeatingRules.Interpreters, SeatingRules.PartOf];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_search_keeps_the_rule_and_without_it_breaks_it(string rule)
    {
        var (ruled, free) = Make(rule);
        Assert.Empty(ruled.Refusals());
        Assert.Empty(PlainChecker.Broken(ruled, SeatingPeople.Plan(ruled, 1, 400_000)));
        var name = rule switch { "keep" => SeatingRules.Together, "facilitator" => SeatingRules.Language, _ => rule };
        Assert.InRange(PlainChecker.Broken(ruled, SeatingPeople.Plan(free, 1, 400_000)).GetValueOrDefault(name), 1, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Improving_mends_the_rule(string rule)
    {
        // Hosts, fixed seats and large groups are given by the plan; improving moves nobody who holds one.
        if (rule is SeatingRules.Host or SeatingRules.Fixed or SeatingRules.PartOf or SeatingRules.Together or "keep")
            return;
        var (ruled, free) = Make(rule);
        var plan = SeatingPeople.Plan(free, 1, 100_000);
        var mended = SeatingPlanner.Improve(ruled, plan, 0, 1, 400_000, null, CancellationToken.None, TestContext.Current.CancellationToken);
        Assert.True(PlainChecker.Broken(ruled, plan).Values.Sum() > 0 && PlainChecker.Broken(ruled, mended.Plan).Count == 0, string.Join(' ', PlainChecker.Broken(ruled, mended.Plan)));
    }

    [Fact]
    public void Numbers_and_sizes_of_tables_differ_by_round()
    {
        var problem = Base() with { Rounds = [Layout(6, 6, 6, 6), Layout(8, 8, 8, 0), Layout(4, 5, 9, 6)] };
        var plan = SeatingPeople.Plan(problem, 1, 50_000);
        Assert.Equal(["6 6 6 6", "8 8 8 0", "4 5 9 6"], plan.Rounds.Select(round => string.Join(' ', round.Tables.Select(table => table.Length))));
    }

    [Fact]
    public void Facilitators_see_new_people_where_that_costs_nothing()
    {
        // Three people at each of eight tables can all be new to each other, and their facilitators to them.
        var led = new RoundLayout([.. Enumerable.Range(0, 8).Select(t => new SeatingTable(3, Facilitator: new Facilitator($"f{t}")))]);
        var problem = SeatingPeople.Generated(24, 8, 3, 0, 1) with { Rounds = [led, led, led] };
        var free = SeatingPeople.Generated(24, 8, 3, 0, 1);
        int Repeats(SeatingProblem planned) => SeatingMeasures.Of(problem, SeatingPeople.Plan(planned, 1, 600_000)).Facilitators.Sum(facilitator => facilitator.Repeats);
        Assert.True(Repeats(problem) == 0 && Repeats(free) > 2, $"{Repeats(problem)} {Repeats(free)}");
    }

    /// <summary>24 people at four tables for three rounds; twelve, eight and four of them bear the three values of one trait.</summary>
    private static SeatingProblem Base() => SeatingProblem.Even(
        [.. Enumerable.Range(0, 24).Select(p => new SeatingPerson($"p{p}", [p < 12 ? 0 : p < 20 ? 1 : 2]))],
        [new SeatingCriterion("trait", ["many", "some", "few"], CriterionMode.Ignore)], 4, 3);

    private static RoundLayout Layout(params int[] sizes) => new([.. sizes.Select(size => new SeatingTable(size))]);

    private static SeatingProblem With(SeatingProblem problem, CriterionMode mode, bool alone = false) =>
        problem with { Criteria = [problem.Criteria[0] with { Mode = mode, NobodyAlone = alone }] };

    private static SeatingProblem At(SeatingProblem problem, Func<SeatingTable, int, SeatingTable> change) =>
        problem with { Rounds = [.. problem.Rounds.Select(layout => layout with { Tables = [.. layout.Tables.Select(change)] })] };

    private static SeatingProblem Knowing(SeatingProblem problem, Func<int, ulong> languages) =>
        problem with { People = [.. problem.People.Select((person, p) => person with { Languages = languages(p) })] };

    private static (SeatingProblem Ruled, SeatingProblem Free) Make(string rule)
    {
        var free = Base();
        var thirds = Knowing(free, p => 1UL << (p % 3));
        ImmutableArray<string> names = ["a", "b", "c"];
        return rule switch
        {
            SeatingRules.Mix => (With(free, CriterionMode.Mix), free),
            SeatingRules.Alone => (With(free, CriterionMode.Ignore, alone: true), free),
            SeatingRules.Bounds => (free with { Bounds = [new ValueBounds(0, 0, 2, 4), new ValueBounds(0, 2, 1, 1)] }, free),
            SeatingRules.Cluster => (With(free, CriterionMode.Cluster), free),
            SeatingRules.Together => (free with { Together = [[0, 12], [12, 20], [3, 4, 5]] }, free),
            "keep" => (With(free with { People = [.. free.People.Select((person, p) => person with { Values = [p < 6 ? p / 2 : -1] })] }, CriterionMode.Keep), free),
            SeatingRules.Apart => (free with { Apart = [.. Enumerable.Range(0, 12).Select(p => new ApartPair(p, p + 12))] }, free),
            SeatingRules.Fixed => (free with { Fixed = [new FixedSeat(0, 1, null), new FixedSeat(5, 2, 1), new FixedSeat(13, 3, 2)] }, free),
            SeatingRules.Host => (free with { Hosts = [3, 8, 21] }, free),
            SeatingRules.Access => (
                At(free, (table, t) => table with { Accessible = t < 2 }) with { People = [.. free.People.Select((person, p) => person with { NeedsAccess = p % 4 == 0 })] }, free),
            SeatingRules.Language => (Knowing(free, p => p < 12 ? 1UL : p < 18 ? 2UL : 4UL) with { Languages = new LanguageRule(names, 1) }, Knowing(free, p => p < 12 ? 1UL : p < 18 ? 2UL : 4UL)),
            "facilitator" => (At(thirds, (table, t) => table with { Facilitator = new Facilitator($"f{t}", t < 2 ? 3UL : 6UL) }), thirds),
            SeatingRules.Interpreters => (
                Knowing(free, p => p < 14 ? 1UL : 2UL) with { Languages = new LanguageRule(names, 2, 1) }, Knowing(free, p => p < 14 ? 1UL : 2UL) with { Languages = new LanguageRule(names, 2) }),
            SeatingRules.PartOf => (Halves(free, split: true), Halves(free, split: false)),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
    }

    private static SeatingProblem Halves(SeatingProblem problem, bool split)
    {
        var parts = new RoundLayout([.. Enumerable.Range(0, 4).Select(t => new SeatingTable(6, PartOf: t / 2))], split ? 0 : null);
        return problem with { Rounds = [Layout(12, 12), parts, parts] };
    }
}
