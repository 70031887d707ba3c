using System.Collections.Immutable;

namespace Polyphony.Statistics.Disclosure;

/// <summary>The one way by which counts become public, for pages, the API and files alike.</summary>
/// <remarks>
/// <para>Rules: groups with fewer than 10 ballots are withheld; counts from 0 to 7 are shown as "fewer than 8"; other counts, every total included, are rounded
/// to the nearest 5 each on its own; whole percentages come from rounded numbers; a unanimous group below 20 is withheld; a
/// dialogue below 45 people is shown overall only.</para>
/// <para>The row of everybody is rounded as well: were it exact, a small count would be the exact total less the other groups.</para>
/// <para>Rounding alone does not protect (a row "about 35 of about 35" leaves nothing for the other options), so the gate then plays the attacker: every count from
/// 0 to 7 in any group, on paper or of everybody, shown or withheld, must be able to be 0 and, but for the words "fewer than 8", to be 8 in complete tables that agree with all that is shown, for all criteria and questions of the
/// session at once, and with the number of ballots that was shown live. While no such tables are found, further cells are withheld, at last a whole criterion with its group sizes, or the row of everybody. So the interval an attacker
/// gets is [0, 8): no more than the words "fewer than 8" say. In the row of everybody, near-unanimity is shown as "at least".</para>
/// <para>What it does not promise: protection against people who know other people's answers. See ADR 0008 and 0019.</para>
/// <para>Sources: Eurostat's rule for the farm survey (1 to 7 hidden, totals rounded separately); ONS Longitudinal Study (10); Hundepool et al., "Statistical Disclosure
/// Control" (2012), chapter 4 on complementary suppression and the audit of intervals.</para>
/// </remarks>
public static class DisclosureGate
{
    /// <summary>Groups with fewer ballots are withheld.</summary>
    public const int SmallestGroup = 10;

    /// <summary>Counts below this are shown as "fewer than".</summary>
    public const int SmallCount = 8;

    /// <summary>Other counts are rounded to multiples of this.</summary>
    public const int RoundingBase = 5;

    /// <summary>In a group with fewer ballots, a unanimous answer is withheld.</summary>
    public const int SmallestUnanimous = 20;

    /// <summary>A dialogue with fewer people is shown overall only.</summary>
    public const int SmallestDialogueByGroup = 45;

    /// <summary>The live number of ballots moves in steps of this.</summary>
    public const int LiveStep = 10;

    private const int Plenty = 1_000_000_000;

    /// <summary>The number of ballots to show while a session is open.</summary>
    /// <param name="ballots">The true number, 0 or more.</param>
    /// <returns>The largest multiple of ten that is not above it.</returns>
    public static int LiveBallots(int ballots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ballots);
        return ballots / LiveStep * LiveStep;
    }

    /// <summary>Passes the counts of one session through the gate.</summary>
    /// <param name="counts">The session's fixed counts.</param>
    /// <param name="dialoguePeople">The people who take part in the dialogue; decides whether groups are shown at all.</param>
    /// <returns>One table per question, in the order of the questions.</returns>
    /// <exception cref="ArgumentException">The counts contradict themselves: other questions per group, groups that exceed the whole, answers that do not add up.</exception>
    public static ImmutableArray<ResultTable> Release(SessionCounts counts, int dialoguePeople) => Release(counts, dialoguePeople, []);

    /// <summary>Passes the counts of a session through the gate again, after some of its tables were published: paper was counted late, or anew.</summary>
    /// <param name="counts">The session's counts now. Ballots of groups are what they were; only those of no group may differ.</param>
    /// <param name="dialoguePeople">The people who take part in the dialogue.</param>
    /// <param name="published">The tables of every earlier publication, the first one first, each with one table per question.</param>
    /// <returns>One table per question: groups as they were published first, the row of everybody anew, withheld where it and the earlier ones together would give something away.</returns>
    /// <exception cref="ArgumentException">The counts contradict themselves, or other questions were published.</exception>
    public static ImmutableArray<ResultTable> Release(SessionCounts counts, int dialoguePeople, IReadOnlyList<ImmutableArray<ResultTable>> published)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(published);
        ArgumentOutOfRangeException.ThrowIfNegative(dialoguePeople);
        CountsCheck.Demand(counts);
        if (published.Any(tables => !tables.Select(table => table.Question).SequenceEqual(counts.Overall.Select(tally => tally.Question))))
            throw new ArgumentException("Other questions were published.", nameof(published));

        // Paper that is counted late belongs to a site, so rows by site are no longer what they were. They stay as first published and say nothing of the new row.
        if (published.Count > 0)
            counts = counts with { Criteria = [.. counts.Criteria.Where(criterion => criterion.Criterion != SessionCounts.BySite)] };
        var byGroup = published.Count > 0 ? !published[0][0].Groups.IsEmpty : dialoguePeople >= SmallestDialogueByGroup && counts.Ballots >= SmallestGroup;
        var mask = new ReleaseMask(byGroup ? counts : counts with { Criteria = [] }, Cast(counts));
        if (published.Count > 0)
        {
            mask.Repeat(published);
            if (counts.Ballots >= SmallestGroup)
                new DisclosureAudit(mask, groupsArePublished: true).WithholdRowsUntilSafe();
            return [.. counts.Overall.Select((_, question) => mask.Table(question) with { Groups = published[0][question].Groups })];
        }
        if (counts.Ballots >= SmallestGroup)
            new DisclosureAudit(mask).WithholdUntilSafe();
        return [.. counts.Overall.Select((_, question) => mask.Table(question))];
    }

    /// <summary>The ballots that were counted live: all but those that no criterion knows, which are paper.</summary>
    private static int Cast(SessionCounts counts) => counts.Criteria.Where(criterion => criterion.Criterion != SessionCounts.BySite)
        .Select(criterion => criterion.Groups.Sum(group => group.Ballots)).DefaultIfEmpty(counts.Ballots).Max();

    /// <summary>A count as it is shown when nothing else forbids it.</summary>
    /// <param name="count">The true count, 0 or more.</param>
    /// <returns>Rounded, or "fewer than".</returns>
    public static ReleasedCell Show(int count) => count < SmallCount ? new ReleasedCell.FewerThan(SmallCount) : new ReleasedCell.Rounded(Round(count));

    /// <summary>What a shown number says of the count behind it.</summary>
    /// <param name="least">Below it nothing would be shown.</param>
    internal static (int Low, int High) Bounds(ReleasedCell cell, int least) => cell switch
    {
        ReleasedCell.Rounded rounded => (Math.Max(least, rounded.Value - (RoundingBase / 2)), rounded.Value + (RoundingBase / 2)),
        ReleasedCell.FewerThan few => (0, few.Limit - 1),
        ReleasedCell.AtLeast most => (most.Value, Plenty),
        ReleasedCell.Withheld { Reason: WithheldReasons.SmallGroup } when least == SmallestGroup => (0, SmallestGroup - 1),
        _ => (0, Plenty),
    };

    internal static int Round(int count) => (count + (RoundingBase / 2)) / RoundingBase * RoundingBase;
}
