using System.Collections.Immutable;

namespace Polyphony.Statistics.Routing;

/// <summary>How often a statement was shown and voted on.</summary>
/// <param name="Passes">Of the views those in which the person passed, 0 or more.</param>
/// <param name="ViewsByGroup">Views in each group (site, country, language), 0 or more.</param>
public sealed record StatementViews(long Passes, ImmutableArray<long> ViewsByGroup)
{
    /// <summary>Views in all groups.</summary>
    public long Views => ViewsByGroup.Sum();
}

/// <summary>A statement that too few people of a group were shown.</summary>
/// <param name="Statement">Its index.</param>
/// <param name="Group">The group's index.</param>
/// <param name="Missing">Views still missing, 1 or more.</param>
public sealed record OwedViews(int Statement, int Group, long Missing);

/// <summary>Which statement somebody is shown next: by chance, new ones and those owed to the group more often.</summary>
/// <remarks>
/// The weight of a statement is whole: 1000 · (views − passes + 1)(views + 9) / ((views + 2)(views + 1)), so that new statements come up to four and a half times as often and those that people pass on more seldom; whether people agree plays no part, the
/// loudest do not become louder. Where a group was shown it fewer than the least number of times, 10,000 times the missing share is added. Nothing has weight 0 but what the person has seen. Lesson of a platform that
/// showed statements evenly for 16 months while it meant to weigh them: see <see cref="RoutingWatch"/>.
/// </remarks>
public static class StatementRouting
{
    /// <summary>Views in each group before a statement may be ranked, unless told otherwise.</summary>
    public const long LeastViews = 20;

    private const long Scale = 1_000;
    private const long MostViews = 1_000_000_000;

    /// <summary>The weights for one person.</summary>
    /// <param name="statements">All statements that may be shown.</param>
    /// <param name="group">The person's group.</param>
    /// <param name="seen">Indices of those that the person has seen.</param>
    /// <param name="leastViews">Views that each group owes each statement, 0 or more.</param>
    /// <returns>A weight per statement, 0 for seen ones, otherwise 1 or more.</returns>
    /// <exception cref="ArgumentException">A group that is not there, counts below 0 or beyond a billion, or more passes than views.</exception>
    public static ImmutableArray<long> Weights(IReadOnlyList<StatementViews> statements, int group, IReadOnlySet<int> seen, long leastViews = LeastViews)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentOutOfRangeException.ThrowIfNegative(leastViews);
        Demand(statements);
        if (statements.Any(statement => group < 0 || group >= statement.ViewsByGroup.Length))
            throw new ArgumentException("A group that is not there.", nameof(group));
        return [.. statements.Select((statement, index) => seen.Contains(index) ? 0 : Weight(statement, statement.ViewsByGroup[group], leastViews))];
    }

    /// <summary>Picks a statement.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="chance">64 random bits.</param>
    /// <returns>Its index; <see langword="null"/> when all weights are 0. The bias is below the sum of the weights / 2⁶⁴.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight below 0.</exception>
    public static int? Choose(IReadOnlyList<long> weights, ulong chance)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach (var weight in weights)
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
        var at = (UInt128)(ulong)weights.Sum() * chance >> 64;
        for (var index = 0; index < weights.Count; index++)
        {
            if (at < (ulong)weights[index])
                return index;
            at -= (ulong)weights[index];
        }
        return null;
    }

    /// <summary>What is owed to groups. A statement may be ranked, put on a slate or into a report, when nothing of it is owed.</summary>
    /// <param name="statements">All statements.</param>
    /// <param name="leastViews">Views that each group owes each statement, 0 or more.</param>
    /// <param name="groupSizes">People per group, where known: a group owes no more views than it has people.</param>
    /// <returns>By statement, then by group.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Weights"/>, or sizes of another number of groups.</exception>
    public static ImmutableArray<OwedViews> Owed(IReadOnlyList<StatementViews> statements, long leastViews = LeastViews, IReadOnlyList<long>? groupSizes = null)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentOutOfRangeException.ThrowIfNegative(leastViews);
        Demand(statements);
        if (groupSizes is not null && statements.Any(statement => statement.ViewsByGroup.Length != groupSizes.Count))
            throw new ArgumentException("One size for each group.", nameof(groupSizes));
        return
        [
            .. from statement in Enumerable.Range(0, statements.Count)
               from @group in Enumerable.Range(0, statements[statement].ViewsByGroup.Length)
               let missing = Math.Min(leastViews, groupSizes?[@group] ?? leastViews) - statements[statement].ViewsByGroup[@group]
               where missing > 0
               select new OwedViews(statement, @group, missing),
        ];
    }

    private static long Weight(StatementViews statement, long inGroup, long leastViews)
    {
        var views = statement.Views;
        var worth = (long)((Int128)Scale * (views - statement.Passes + 1) * (views + 9) / ((Int128)(views + 2) * (views + 1)));
        return Math.Max(1, worth) + (inGroup < leastViews ? 10 * Scale * (leastViews - inGroup) / leastViews : 0);
    }

    private static void Demand(IReadOnlyList<StatementViews> statements)
    {
        if (statements.Any(statement => statement.ViewsByGroup.Any(views => views is < 0 or > MostViews) || statement.Passes < 0 || statement.Passes > statement.Views))
            throw new ArgumentException("Counts are 0 or more, and nobody passes unseen.", nameof(statements));
        if (statements.Any(statement => statement.ViewsByGroup.Length != statements[0].ViewsByGroup.Length))
            throw new ArgumentException("All statements have the same groups.", nameof(statements));
    }
}
