using System.Diagnostics;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>Says why there is no panel, and what would help: the rules in conflict, ranked changes of quotas, other ways, each with the chance that it would give.</summary>
internal sealed class WaysOut
{
    private const int Most = 5;

    private readonly SortitionPool whole;
    private readonly SortitionPool rest;
    private readonly int seated;
    private readonly int[][] have;
    private readonly IReadOnlyList<(int Criterion, int Value, int Count)> overfilled;

    public WaysOut(SortitionPool whole, ConditionalPool? left)
    {
        this.whole = whole;
        rest = left?.Rest ?? whole;
        overfilled = left?.Overfilled ?? [];
        seated = left?.Seated.Count ?? 0;
        have = [.. whole.Criteria.Select(criterion => new int[criterion.Quotas.Count])];
        foreach (int person in left?.Seated ?? [])
        {
            foreach ((int c, int value) in whole.People[person].Values.Index().Where(pair => pair.Item >= 0))
            {
                have[c][value]++;
            }
        }
    }

    /// <summary>Answers for a pool of which it is not known whether it has a panel.</summary>
    public static int Undecided(Shell shell) => shell.Say(
        ExitCode.EndedByLimit, "undecided",
        "Whether a panel exists was not decided within the limit of time and work: none was found, and none was proven impossible. Widen the quotas that name a single number, or those of criteria with the most values; where there was a --time-limit, allow more.");

    /// <summary>Answers for a pool without a panel.</summary>
    /// <param name="shell">Where to.</param>
    /// <param name="whole">The pool with the quotas as they stand in the file.</param>
    /// <param name="left">What is left of it when some people sit already; null: nobody does. What is said is always about the quotas of the whole panel.</param>
    /// <param name="enough">Ends the search for ways out: that there is no panel is said all the same.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    public static int Say(Shell shell, SortitionPool whole, ConditionalPool? left, CancellationToken enough, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
        InfeasibleAnswer answer;
        try
        {
            answer = new WaysOut(whole, left).Answer(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            answer = new("infeasible", null, [], false, []);
        }

        return shell.Answer(ExitCode.Infeasible, answer, DrawJson.Default.InfeasibleAnswer, Sentences(answer, whole.Size));
    }

    private InfeasibleAnswer Answer(CancellationToken cancellationToken)
    {
        // Whoever sits already cannot be asked to leave: a maximum that they exceed has to be raised, whatever else is done.
        QuotaChange[] forced = [.. overfilled.Select(over => new QuotaChange(over.Criterion, over.Value, rest.Criteria[over.Criterion].Quotas[over.Value].Min, rest.Criteria[over.Criterion].Quotas[over.Value].Max))];
        double cost = overfilled.Sum(over => over.Count - Quota(over.Criterion, over.Value).Max);
        bool mayBe = overfilled.All(over => over.Count <= (Quota(over.Criterion, over.Value).MaxFlex ?? whole.Size));
        Relaxations advice = Relaxations.Of(PanelTypes.Of(rest), Most, cancellationToken);
        bool restIsPossible = advice is { Conflict: null, Ranked: [], Complete: true, Options: [] };
        IEnumerable<Relaxation> ways = restIsPossible && forced.Length > 0 ? [new([], 0, true, null, 0)] : advice.Ranked;
        RelaxationAnswer[] ranked = !mayBe ? [] :
        [
            .. ways.Select(way => new RelaxationAnswer(
                [.. forced.Where(must => way.Changes.All(change => (change.Criterion, change.Value) != (must.Criterion, must.Value))).Concat(way.Changes).Select(Change)],
                way.Cost + cost, way.Cheapest, way.Chance, way.Outside)),
        ];
        string outcome = ranked.Length == 0 && (!mayBe || (advice.Complete && !restIsPossible)) ? "impossible" : "infeasible";
        return new(
            outcome, advice.Conflict is { } conflict ? new([.. conflict.Limits.Select(Limit)], conflict.Smallest) : null, ranked, advice.Complete,
            [.. advice.Options.Select(option => new OptionAnswer(Name(option.Kind), option.Possible, option.Chance, option.Outside, Feature(option.Criterion), Value(option.Criterion, option.First), Value(option.Criterion, option.Second)))]);
    }

    private Quota Quota(int criterion, int value) => whole.Criteria[criterion].Quotas[value];

    /// <summary>A change of what is left, as a change of the whole quota.</summary>
    private ChangeAnswer Change(QuotaChange change)
    {
        Quota quota = Quota(change.Criterion, change.Value);
        Quota left = rest.Criteria[change.Criterion].Quotas[change.Value];
        int held = have[change.Criterion][change.Value];
        return new(
            whole.Criteria[change.Criterion].Name, quota.Value, quota.Min, quota.Max,
            change.Min == left.Min ? quota.Min : change.Min + held, change.Max == left.Max ? Math.Max(quota.Max, held) : change.Max + held);
    }

    /// <summary>A rule of what is left, as a rule of the whole panel.</summary>
    public LimitAnswer Limit(PanelLimit limit) => limit.Kind switch
    {
        LimitKind.Minimum => new("minimum", Feature(limit.Criterion), Value(limit.Criterion, limit.Value), limit.Bound + have[limit.Criterion][limit.Value]),
        LimitKind.Maximum => new("maximum", Feature(limit.Criterion), Value(limit.Criterion, limit.Value), limit.Bound + have[limit.Criterion][limit.Value]),
        LimitKind.Size => new("size", null, null, limit.Bound + seated),
        LimitKind.Households => new("households", null, null, limit.Bound),
        _ => throw new UnreachableException(),
    };

    private string? Feature(int criterion) => criterion < 0 ? null : whole.Criteria[criterion].Name;

    private string? Value(int criterion, int value) => criterion < 0 || value < 0 ? null : whole.Criteria[criterion].Quotas[value].Value;

    private static string Name(OptionKind kind) => kind switch
    {
        OptionKind.OneMore => "one-more",
        OptionKind.OneFewer => "one-fewer",
        OptionKind.WithoutHouseholds => "without-households",
        OptionKind.Merge => "merge",
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<string> Sentences(InfeasibleAnswer answer, int size)
    {
        yield return answer.Outcome switch
        {
            "infeasible" when answer.Relaxations.Count == 0 => "No panel meets the quotas; which changes would help was not found within the limit of time and work.",
            "impossible" => "No panel meets the quotas, and no change within the flex bounds helps: too few people, or households in the way.",
            _ => "No panel meets the quotas.",
        };
        if (answer.Conflict is { } conflict)
        {
            yield return conflict.Smallest || conflict.Limits.Count == 1 ? "These rules cannot hold together; no fewer are in conflict:" : "These rules cannot hold together:";
            foreach (LimitAnswer limit in conflict.Limits)
            {
                yield return "  " + Words(limit);
            }
        }

        if (answer.Relaxations.Count > 0)
        {
            yield return "What would make panels possible, the cheapest first:";
        }

        foreach ((int number, RelaxationAnswer way) in answer.Relaxations.Index())
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {number + 1}. {Chance(way.Chance, way.Outside)}{(way.Cheapest ? "" : "; something cheaper may exist")}");
            foreach (ChangeAnswer change in way.Changes)
            {
                yield return $"     {change.Feature}, {change.Value}: {change.Min} to {change.Max} becomes {change.NewMin} to {change.NewMax}";
            }
        }

        if (answer.Options.Count > 0)
        {
            yield return "Other ways:";
        }

        foreach (OptionAnswer option in answer.Options)
        {
            string what = option.Kind switch
            {
                "one-more" => string.Create(CultureInfo.InvariantCulture, $"one more person ({size + 1})"),
                "one-fewer" => string.Create(CultureInfo.InvariantCulture, $"one person fewer ({size - 1})"),
                "without-households" => "without the household rule",
                _ => $"merge {option.First} and {option.Second} of {option.Feature}",
            };
            yield return $"  {what}: {option.Possible switch { true => Chance(option.Chance, option.Outside), false => "does not help", null => "not decided" }}";
        }
    }

    /// <summary>A rule in plain words.</summary>
    public static string Words(LimitAnswer limit) => limit.Kind switch
    {
        "minimum" => $"at least {limit.Bound} with {limit.Feature}, {limit.Value}",
        "maximum" => $"at most {limit.Bound} with {limit.Feature}, {limit.Value}",
        "size" => $"{limit.Bound} people on the panel",
        _ => "one person of a household",
    };

    private static string Chance(double? chance, int outside) => string.Create(CultureInfo.InvariantCulture, $"{(chance is { } least ? $"the least likely would have {least.ToString("P2", CultureInfo.InvariantCulture)} at most" : "possible")}{(outside > 0 ? $"; on no panel: {outside}" : "")}");
}
