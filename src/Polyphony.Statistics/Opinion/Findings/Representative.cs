using System.Collections.Immutable;

namespace Polyphony.Statistics.Opinion.Findings;

/// <summary>Which side of a statement is meant.</summary>
public enum Side
{
    /// <summary>Agree.</summary>
    Agree,

    /// <summary>Disagree.</summary>
    Disagree,
}

/// <summary>A statement on which a group differs from all others.</summary>
/// <param name="Statement">Number of the statement.</param>
/// <param name="Side">What the group says, compared with the others.</param>
/// <param name="Said">People of the group who say it.</param>
/// <param name="Voted">People of the group who voted on it.</param>
/// <param name="Share">(said + 1) / (voted + 2), 0 to 1.</param>
/// <param name="ShareTest">z of that share against one half.</param>
/// <param name="Ratio">The share by that of all others.</param>
/// <param name="RatioTest">z of the difference to all others.</param>
/// <param name="IsMostAgreed">Whether it stands here as the one that the group agrees with most.</param>
public sealed record RepresentativeStatement(int Statement, Side Side, int Said, int Voted, double Share, double ShareTest, double Ratio, double RatioTest, bool IsMostAgreed = false)
{
    /// <summary>ratio · its z · share · its z: what the list is sorted by.</summary>
    public double Metric => Ratio * RatioTest * Share * ShareTest;
}

/// <summary>What represents each group: the formulas of Polis, on whole counts.</summary>
/// <remarks>
/// C. Small and others, "Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces", Recerca 26(2), 2021. Shares have one vote added to each side. A statement is taken when both of its z are above
/// <see cref="Z90"/>; where none is, the most agreed or the nearest one stands alone.
/// </remarks>
public static class Representative
{
    /// <summary>One-sided 90 %.</summary>
    public const double Z90 = 1.2816;

    /// <summary>Statements listed for a group at most.</summary>
    public const int Most = 5;

    /// <summary>A share against one half: 2 √(n + 1) ((said + 1) / (n + 1) − ½).</summary>
    public static double ShareTest(int said, int voted) => 2 * Math.Sqrt(voted + 1) * (((said + 1.0) / (voted + 1)) - 0.5);

    /// <summary>Two shares against each other, all four counts with one added; 0 where everybody says the same.</summary>
    public static double RatioTest(int said, int voted, int saidElsewhere, int votedElsewhere)
    {
        double n = voted + 1, m = votedElsewhere + 1;
        double one = (said + 1) / n, other = (saidElsewhere + 1) / m, all = (said + saidElsewhere + 2) / (n + m);
        return all == 1 ? 0 : (one - other) / Math.Sqrt(all * (1 - all) * ((1 / n) + (1 / m)));
    }

    /// <summary>The statements of one group.</summary>
    /// <param name="tallies">Counts by group.</param>
    /// <param name="group">Which group.</param>
    /// <param name="order">Statements that may be listed; of equal ones the first here is taken.</param>
    /// <param name="asPolis">Whether the most agreed statement is shown as disagreement where others agree even more, as Polis does.</param>
    /// <returns>At most <see cref="Most"/>: those agreed with first.</returns>
    public static ImmutableArray<RepresentativeStatement> Of(GroupTallies tallies, int group, IReadOnlyList<int> order, bool asPolis = false)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        ArgumentNullException.ThrowIfNull(order);
        List<RepresentativeStatement> enough = [];
        RepresentativeStatement? best = null;
        RepresentativeStatement? agreed = null, agreedSide = null;
        foreach (var statement in order)
        {
            StatementTally own = tallies[group, statement], others = tallies.Total(statement) - own;
            var agree = Of(statement, Side.Agree, own.Agrees, own.Votes, others.Agrees, others.Votes);
            var disagree = Of(statement, Side.Disagree, own.Disagrees, own.Votes, others.Disagrees, others.Votes);
            var more = agree.RatioTest > disagree.RatioTest ? agree : disagree;
            if (Passes(agree) || Passes(disagree))
                enough.Add(more);
            if (enough.Count == 0 && (best is null || more.RatioTest > best.RatioTest))
                best = more;
            if ((own.Agrees > 0 || own.Disagrees > 0) && IsMoreAgreed(agree, agreed))
                (agreed, agreedSide) = (agree, (asPolis ? more : agree) with { IsMostAgreed = true });
        }
        if (enough.Count == 0)
            return agreedSide is not null ? [agreedSide] : best is not null ? [best] : [];
        IEnumerable<RepresentativeStatement> sorted = enough.Where(one => one.Statement != agreed?.Statement).OrderByDescending(one => one.Metric);
        RepresentativeStatement[] listed = [.. (agreedSide is null ? sorted : sorted.Prepend(agreedSide)).Take(Most)];
        return [.. listed.Where(one => one.Side == Side.Agree), .. listed.Where(one => one.Side == Side.Disagree)];
    }

    private static bool Passes(RepresentativeStatement one) => one.RatioTest > Z90 && one.ShareTest > Z90;

    private static bool IsMoreAgreed(RepresentativeStatement one, RepresentativeStatement? current)
    {
        if (current is { Ratio: > 1 })
            return one.Metric > current.Metric;
        if (current is not null)
            return one.Share * one.ShareTest > current.Share * current.ShareTest;
        return one.ShareTest > Z90 || (one.Ratio > 1 && one.Share > 0.5);
    }

    private static RepresentativeStatement Of(int statement, Side side, int said, int voted, int saidElsewhere, int votedElsewhere)
    {
        var share = (said + 1.0) / (voted + 2);
        return new RepresentativeStatement(
            statement, side, said, voted, share, ShareTest(said, voted), share / ((saidElsewhere + 1.0) / (votedElsewhere + 2)), RatioTest(said, voted, saidElsewhere, votedElsewhere));
    }
}
