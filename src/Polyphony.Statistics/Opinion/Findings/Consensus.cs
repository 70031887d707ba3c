using System.Collections.Immutable;

namespace Polyphony.Statistics.Opinion.Findings;

/// <summary>A statement on which people say the same.</summary>
/// <param name="Statement">Number of the statement.</param>
/// <param name="Said">Those who say it.</param>
/// <param name="Voted">Those who voted on it.</param>
/// <param name="Share">The share that the list is about: of everybody, or of the group that says it least.</param>
/// <param name="Score">What the list is sorted by.</param>
public sealed record ConsensusStatement(int Statement, int Said, int Voted, double Share, double Score);

/// <summary>What people agree and disagree with, whoever they are.</summary>
/// <param name="Agree">Agreed with, the clearest first.</param>
/// <param name="Disagree">Disagreed with, the clearest first.</param>
public sealed record Consensus(ImmutableArray<ConsensusStatement> Agree, ImmutableArray<ConsensusStatement> Disagree)
{
    /// <summary>Statements listed on each side at most.</summary>
    public const int Most = 5;

    /// <summary>The lists of Polis: a majority of all people together, groups aside.</summary>
    /// <param name="tallies">Counts; the groups must hold everybody.</param>
    /// <param name="order">Statements that may be listed; of equal ones the first here is taken.</param>
    /// <returns>Both lists: smoothed share above one half and its z above <see cref="Representative.Z90"/>, sorted by their product.</returns>
    public static Consensus OfEverybody(GroupTallies tallies, IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        return new Consensus(List(order, statement => Overall(tallies, statement, Side.Agree)), List(order, statement => Overall(tallies, statement, Side.Disagree)));
    }

    /// <summary>What holds in every group by itself: nobody is outvoted by the larger groups.</summary>
    /// <remarks>
    /// In each group the side's z is above <see cref="Representative.Z90"/>, so that a group which has hardly seen a statement keeps it off the list. Sorted by ∏ p (1 − q) with p and q the group's shares for and
    /// against, half a vote added to each side (after the "standard" consensus of red-dwarf, 2026, whose geometric mean has the same order).
    /// </remarks>
    /// <param name="tallies">Counts by group.</param>
    /// <param name="order">Statements that may be listed; of equal ones the first here is taken.</param>
    /// <returns>Both lists.</returns>
    public static Consensus AcrossGroups(GroupTallies tallies, IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        return new Consensus(List(order, statement => Across(tallies, statement, Side.Agree)), List(order, statement => Across(tallies, statement, Side.Disagree)));
    }

    /// <summary>Polis' group-aware consensus: ∏ (agrees + 1) / (votes + 2) over the groups. Not comparable between maps with different numbers of groups.</summary>
    /// <param name="tallies">Counts by group.</param>
    /// <param name="statement">Number of the statement.</param>
    /// <returns>0 to 1.</returns>
    public static double GroupAware(GroupTallies tallies, int statement)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        var product = 1.0;
        for (var group = 0; group < tallies.Groups; group++)
            product *= (tallies[group, statement].Agrees + 1.0) / (tallies[group, statement].Votes + 2);
        return product;
    }

    private static ImmutableArray<ConsensusStatement> List(IReadOnlyList<int> order, Func<int, ConsensusStatement?> of) =>
        [.. order.Select(of).OfType<ConsensusStatement>().OrderByDescending(one => one.Score).Take(Most)];

    private static ConsensusStatement? Overall(GroupTallies tallies, int statement, Side side)
    {
        var all = tallies.Total(statement);
        var said = side == Side.Agree ? all.Agrees : all.Disagrees;
        double share = (said + 1.0) / (all.Votes + 2), test = Representative.ShareTest(said, all.Votes);
        return share > 0.5 && test > Representative.Z90 ? new ConsensusStatement(statement, said, all.Votes, share, share * test) : null;
    }

    private static ConsensusStatement? Across(GroupTallies tallies, int statement, Side side)
    {
        double[] factors = new double[tallies.Groups];
        var least = 1.0;
        for (var group = 0; group < tallies.Groups; group++)
        {
            var own = tallies[group, statement];
            var (said, against) = side == Side.Agree ? (own.Agrees, own.Disagrees) : (own.Disagrees, own.Agrees);
            if (Representative.ShareTest(said, own.Votes) <= Representative.Z90 || said * 2 <= own.Votes)
                return null;
            double share = (said + 0.5) / (own.Votes + 1), other = (against + 0.5) / (own.Votes + 1);
            factors[group] = share * (1 - other);
            least = Math.Min(least, share);
        }
        // Groups have no order: their product is taken from the least to the greatest.
        Array.Sort(factors);
        var product = 1.0;
        foreach (var factor in factors)
            product *= factor;
        var all = tallies.Total(statement);
        return tallies.Groups == 0 ? null : new ConsensusStatement(statement, side == Side.Agree ? all.Agrees : all.Disagrees, all.Votes, least, product);
    }
}
