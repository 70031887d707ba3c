using System.Collections.Immutable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Findings;

/// <summary>A statement with those who have no vote on it, not even a pass: as far as anybody knows they never saw it.</summary>
/// <param name="Statement">Number of the statement.</param>
/// <param name="People">People without a vote, by group.</param>
/// <param name="LeastSeen">The share that voted, 0 to 1, in the group that saw it least; <see langword="null"/> when all groups are empty.</param>
public sealed record UnseenStatement(int Statement, ImmutableArray<int> People, double? LeastSeen);

/// <summary>Who has not seen what: not seen is not "no".</summary>
public static class Unseen
{
    /// <summary>Statements from the least seen on.</summary>
    /// <param name="tallies">Counts by group, site, country or language.</param>
    /// <param name="order">Statements to look at; of equally seen ones the first here comes first.</param>
    /// <returns>All of them.</returns>
    public static ImmutableArray<UnseenStatement> Of(GroupTallies tallies, IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        ArgumentNullException.ThrowIfNull(order);
        int[] groups = [.. Enumerable.Range(0, tallies.Groups)];
        return [.. order
            .Select(statement => new UnseenStatement(
                statement, [.. groups.Select(group => tallies.Unseen(group, statement))],
                groups.Where(group => tallies.Sizes[group] > 0).Select(group => (double?)tallies[group, statement].Votes / tallies.Sizes[group]).Min()))
            .OrderBy(one => one.LeastSeen)];
    }

    /// <summary>What one person has not seen.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="person">Number of the person.</param>
    /// <param name="order">Statements to look at.</param>
    /// <returns>Those without a vote of this person, in this order.</returns>
    public static ImmutableArray<int> By(VoteTable votes, int person, IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentNullException.ThrowIfNull(order);
        return [.. order.Where(statement => votes.ValueOf(person, statement) is null)];
    }
}
