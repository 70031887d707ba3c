using Polyphony.Sortition.Feasibility;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>Changes of quotas that make panels possible.</summary>
/// <param name="Changes">The quotas as they should be changed.</param>
/// <param name="Cost">What the changes cost: 1 for each step up of a maximum, 1 + 2/min for each step down of a minimum.</param>
/// <param name="Cheapest">Whether it is proven that no other changes cost less (but for those ranked before, and those that contain all of their changes).</param>
/// <param name="Chance">At most this, 0 to 1, is then the least chance of anybody who can be on a panel, by the quotas read as limits on averages; nearly always attained. Null: not known.</param>
/// <param name="Outside">At least so many people could then still be on no panel.</param>
public sealed record Relaxation(IReadOnlyList<QuotaChange> Changes, double Cost, bool Cheapest, double? Chance, int Outside);

/// <summary>Something else than other quotas that may make panels possible.</summary>
public enum OptionKind
{
    /// <summary>One person more on the panel.</summary>
    OneMore = 1,

    /// <summary>One person fewer on the panel.</summary>
    OneFewer = 2,

    /// <summary>More than one person of a household.</summary>
    WithoutHouseholds = 3,

    /// <summary>Two values of a criterion taken as one, with their quotas added.</summary>
    Merge = 4,
}

/// <summary>Such an option, tried.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Possible">Whether panels exist with it; null when that was not decided within the limit of work.</param>
/// <param name="Chance">As in <see cref="Relaxation"/>; null where no panels exist or it is not known.</param>
/// <param name="Outside">As in <see cref="Relaxation"/>.</param>
/// <param name="Criterion">For <see cref="OptionKind.Merge"/> the criterion, otherwise −1.</param>
/// <param name="First">For <see cref="OptionKind.Merge"/> the one value, otherwise −1.</param>
/// <param name="Second">For <see cref="OptionKind.Merge"/> the other value, otherwise −1.</param>
public sealed record PanelOption(OptionKind Kind, bool? Possible, double? Chance, int Outside, int Criterion = -1, int First = -1, int Second = -1);

/// <summary>What to do about quotas that cannot be met.</summary>
/// <param name="Conflict">Rules that cannot hold together; null when none were found within the limit of work.</param>
/// <param name="Ranked">Changes of quotas, the cheapest first; none contains all changes of another.</param>
/// <param name="Complete">Whether there are proven to be no further ones.</param>
/// <param name="Options">Other ways: size and households always, merged values only where they make panels possible.</param>
public sealed record Relaxations(ConflictSet? Conflict, IReadOnlyList<Relaxation> Ranked, bool Complete, IReadOnlyList<PanelOption> Options)
{
    private const double WorkOfOne = 5;
    private const int MostMerges = 6;
    private const int MergesShown = 3;

    /// <summary>Advises on a pool whose quotas cannot be met.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="most">How many alternatives, 1 or more.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>The advice; for quotas that can be met no conflict and no changes. The same pool gets the same advice.</returns>
    public static Relaxations Of(PanelTypes types, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        using ConflictSearch conflicts = new(types, -1, 200);
        using RelaxationSearch search = new(types);
        search.Require(-1);
        List<Relaxation> ranked = [];
        bool complete = false;
        foreach (FoundChanges found in search.Ranked(WorkOfOne, cancellationToken))
        {
            if (found.Changes is not { } changes)
            {
                complete = found.Proven;
                break;
            }

            if (changes.Count == 0)
            {
                return new(null, [], true, []);
            }

            conflicts.Met(BrokenBefore(types.Pool, changes));
            FirstLevel? level = LevelOf(Changed(types.Pool, changes), cancellationToken);
            ranked.Add(new(changes, found.Cost / 1000.0, found.Proven, level?.Step.Value, level?.Outside ?? 0));
            if (ranked.Count == most)
            {
                break;
            }
        }

        ConflictSet? conflict = conflicts.Find(cancellationToken);
        return new(conflict, ranked, complete, [.. OtherWays(types, conflict, cancellationToken), .. Merges(types, conflict, cancellationToken)]);
    }

    /// <summary>The cheapest changes under which certain people can be on a panel, each on one of their own.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="wanted">The types of these people.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>The changes, none where none are needed; null when there are none within the bounds, or none were found within the limit of work.</returns>
    public static Relaxation? Including(PanelTypes types, IReadOnlyCollection<int> wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(wanted);
        using RelaxationSearch search = new(types);
        search.Require(-1);
        HashSet<int> asked = [];
        while (true)
        {
            // Few of them decide: whoever is on a panel by the changes that the others need has not to be asked for.
            FoundChanges found = search.Next(WorkOfOne, cancellationToken);
            if (found.Changes is not { } changes)
            {
                return null;
            }

            SortitionPool pool = Changed(types.Pool, changes);
            PanelTypes relaxed = PanelTypes.Of(pool);
            int[] typeOf = TypeOf(relaxed);
            int[] panel = new int[relaxed.Types.Count];
            foreach (int person in PeopleOf(types, found.Counts))
            {
                panel[typeOf[person]]++;
            }

            TypeTable table = new(relaxed);
            Coverage coverage = PanelFinder.Coverable(table, new SeatSwaps(table), panel, CancellationToken.None, cancellationToken);
            if (coverage.Undecided.Count > 0)
            {
                return null;
            }

            bool[] coverable = coverage.Can;

            int? next = wanted.Where(type => !asked.Contains(type) && !coverable[typeOf[types.Types[type].People[0]]]).Order().Select(type => (int?)type).FirstOrDefault();
            if (next is null)
            {
                FirstLevel? level = QuotaRoom.Level(relaxed, [.. Enumerable.Range(0, coverable.Length).Where(t => !coverable[t])], cancellationToken);
                return new(changes, found.Cost / 1000.0, found.Proven, level?.Step.Value, level?.Outside ?? 0);
            }

            asked.Add(next.Value);
            search.Require(next.Value);
        }
    }

    /// <summary>A pool with changed quotas.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="changes">The changes.</param>
    /// <returns>The same people under the changed quotas.</returns>
    public static SortitionPool Changed(SortitionPool pool, IReadOnlyList<QuotaChange> changes)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(changes);
        return pool with
        {
            Criteria =
            [
                .. pool.Criteria.Select((criterion, c) => changes.All(change => change.Criterion != c) ? criterion : criterion with
                {
                    Quotas =
                    [
                        .. criterion.Quotas.Select((quota, v) => changes.FirstOrDefault(change => change.Criterion == c && change.Value == v) is { } change
                            ? quota with { Min = change.Min, Max = change.Max }
                            : quota),
                    ],
                }),
            ],
        };
    }

    /// <summary>A pool in which two values of a criterion are one, with their quotas added.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="criterion">The criterion.</param>
    /// <param name="first">The one value; it stands for both.</param>
    /// <param name="second">The other value, which goes.</param>
    /// <returns>The pool with one value fewer.</returns>
    public static SortitionPool Merged(SortitionPool pool, int criterion, int first, int second)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfEqual(first, second);
        IReadOnlyList<Quota> quotas = pool.Criteria[criterion].Quotas;
        (Quota one, Quota two) = (quotas[first], quotas[second]);
        Quota both = new(
            one.Value + " / " + two.Value, one.Min + two.Min, one.Max + two.Max,
            one.MinFlex is null && two.MinFlex is null ? null : (one.MinFlex ?? 0) + (two.MinFlex ?? 0),
            one.MaxFlex is null && two.MaxFlex is null ? null : (one.MaxFlex ?? pool.Size) + (two.MaxFlex ?? pool.Size));
        int kept = first - (second < first ? 1 : 0);
        return pool with
        {
            Criteria =
            [
                .. pool.Criteria.Select((set, c) => c != criterion ? set : set with { Quotas = [.. quotas.Index().Where(quota => quota.Index != second).Select(quota => quota.Index == first ? both : quota.Item)] }),
            ],
            People =
            [
                .. pool.People.Select(person => person with
                {
                    Values = [.. person.Values.Select((value, c) => c != criterion ? value : value == second ? kept : value - (value > second ? 1 : 0))],
                }),
            ],
        };
    }

    /// <summary>People who fill the seats of a panel of types, households apart.</summary>
    internal static int[] PeopleOf(PanelTypes types, IReadOnlyList<int> counts)
    {
        List<int> people = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach ((int t, PersonType type) in types.Types.Index())
        {
            int left = counts[t];
            foreach (int person in type.People)
            {
                if (left > 0 && (types.Pool.People[person].Household is not { } household || type.Group < 0 || taken.Add(household)))
                {
                    people.Add(person);
                    left--;
                }
            }
        }

        return [.. people];
    }

    /// <summary>For each person the type.</summary>
    internal static int[] TypeOf(PanelTypes types)
    {
        int[] typeOf = new int[types.Pool.People.Count];
        foreach ((int t, PersonType type) in types.Types.Index())
        {
            foreach (int person in type.People)
            {
                typeOf[person] = t;
            }
        }

        return typeOf;
    }

    private static FirstLevel? LevelOf(SortitionPool pool, CancellationToken cancellationToken) => QuotaRoom.Level(PanelTypes.Of(pool), [], cancellationToken);

    /// <summary>The rules that the panel behind some changes breaks.</summary>
    private static IEnumerable<PanelLimit> BrokenBefore(SortitionPool pool, IReadOnlyList<QuotaChange> changes)
    {
        foreach (QuotaChange change in changes)
        {
            Quota quota = pool.Criteria[change.Criterion].Quotas[change.Value];
            if (change.Min < quota.Min)
            {
                yield return new(LimitKind.Minimum, change.Criterion, change.Value, quota.Min);
            }

            if (change.Max > quota.Max)
            {
                yield return new(LimitKind.Maximum, change.Criterion, change.Value, quota.Max);
            }
        }
    }

    /// <summary>Another size or other households: in vain where rules are in conflict that say nothing of them.</summary>
    private static IEnumerable<PanelOption> OtherWays(PanelTypes types, ConflictSet? conflict, CancellationToken cancellationToken)
    {
        SortitionPool pool = types.Pool;
        yield return Tried(OptionKind.OneMore, LimitKind.Size, pool with { Size = pool.Size + 1 });
        if (pool.Size > 1)
        {
            yield return Tried(OptionKind.OneFewer, LimitKind.Size, pool with { Size = pool.Size - 1 });
        }

        if (types.Groups.Count > 0)
        {
            yield return Tried(OptionKind.WithoutHouseholds, LimitKind.Households, pool with { People = [.. pool.People.Select(person => person with { Household = null })] });
        }

        PanelOption Tried(OptionKind kind, LimitKind rule, SortitionPool changed) =>
            conflict?.Limits.All(limit => limit.Kind != rule) == true ? new(kind, false, null, 0) : Relaxations.Tried(kind, changed, kind == OptionKind.WithoutHouseholds ? null : conflict?.Limits, cancellationToken);
    }

    private static IEnumerable<PanelOption> Merges(PanelTypes types, ConflictSet? conflict, CancellationToken cancellationToken)
    {
        List<(int Criterion, int First, int Second)> pairs = [];
        foreach (IGrouping<int, PanelLimit> limits in (conflict?.Limits ?? []).Where(limit => limit.Criterion >= 0).GroupBy(limit => limit.Criterion))
        {
            int values = types.Pool.Criteria[limits.Key].Quotas.Count;
            HashSet<int> named = [.. limits.Select(limit => limit.Value)];
            for (int first = 0; first < values && values > 2; first++)
            {
                for (int second = first + 1; second < values; second++)
                {
                    if (named.Contains(first) || named.Contains(second))
                    {
                        pairs.Add((limits.Key, first, second));
                    }
                }
            }
        }

        return pairs.Take(MostMerges)
            .Select(pair => Tried(OptionKind.Merge, Merged(types.Pool, pair.Criterion, pair.First, pair.Second), null, cancellationToken) with { Criterion = pair.Criterion, First = pair.First, Second = pair.Second })
            .Where(option => option.Possible == true).OrderByDescending(option => option.Chance ?? 0).Take(MergesShown);
    }

    /// <summary>Tries an option.</summary>
    /// <param name="suspects">Rules of the changed pool that may be in conflict still: asked first, because few rules leave few types.</param>
    private static PanelOption Tried(OptionKind kind, SortitionPool pool, IReadOnlyList<PanelLimit>? suspects, CancellationToken cancellationToken)
    {
        PanelTypes types = PanelTypes.Of(pool);
        if (pool.People.Count < pool.Size || !QuotaRoom.IsLeft(new TypeTable(types), CancellationToken.None, cancellationToken))
        {
            // Merged values are shown only where they help: of them nothing has to be proven. A maximum above a smaller size binds no more.
            if (kind == OptionKind.Merge || pool.People.Count < pool.Size || (suspects is not null && ConflictSearch.CanHold(pool, [.. suspects.Where(limit => PanelLimit.Of(types).Any(rule => rule.Kind == limit.Kind && rule.Criterion == limit.Criterion && rule.Value == limit.Value))], -1, cancellationToken) == false))
            {
                return new(kind, false, null, 0);
            }
        }

        bool? possible = QuotaRoom.HasPanel(types, 1, cancellationToken);
        FirstLevel? level = possible == true ? QuotaRoom.Level(types, [], cancellationToken) : null;
        return new(kind, possible, level?.Step.Value, level?.Outside ?? 0);
    }
}
