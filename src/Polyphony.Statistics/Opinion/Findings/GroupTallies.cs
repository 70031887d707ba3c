using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Findings;

/// <summary>How some people voted on one statement.</summary>
/// <param name="Agrees">Those who agree.</param>
/// <param name="Disagrees">Those who disagree.</param>
/// <param name="Votes">Those who voted, passes included.</param>
public readonly record struct StatementTally(int Agrees, int Disagrees, int Votes)
{
    /// <summary>Those who passed.</summary>
    public int Passes => Votes - Agrees - Disagrees;

    /// <summary>Two sets of people as one.</summary>
    public static StatementTally operator +(StatementTally a, StatementTally b) => new(a.Agrees + b.Agrees, a.Disagrees + b.Disagrees, a.Votes + b.Votes);

    /// <summary>A set of people without a part of it.</summary>
    public static StatementTally operator -(StatementTally a, StatementTally b) => new(a.Agrees - b.Agrees, a.Disagrees - b.Disagrees, a.Votes - b.Votes);
}

/// <summary>Every statement's votes by groups of people: those of a map, or sites, countries, languages.</summary>
public sealed class GroupTallies
{
    private readonly StatementTally[][] _tallies;

    private GroupTallies(StatementTally[][] tallies, int[] sizes) => (_tallies, Sizes) = (tallies, sizes);

    /// <summary>Number of groups.</summary>
    public int Groups => _tallies.Length;

    /// <summary>People of each group, those without votes included.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Number of statements, all of them.</summary>
    public int Statements => Groups == 0 ? 0 : _tallies[0].Length;

    /// <summary>How a group voted on a statement.</summary>
    /// <param name="group">Number of the group.</param>
    /// <param name="statement">Number of the statement.</param>
    public StatementTally this[int group, int statement] => _tallies[group][statement];

    /// <summary>Takes counts over, for example numbers that were released.</summary>
    /// <param name="tallies">By group and statement.</param>
    /// <param name="sizes">People of each group.</param>
    /// <returns>The counts.</returns>
    public static GroupTallies Of(IReadOnlyList<IReadOnlyList<StatementTally>> tallies, IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        ArgumentNullException.ThrowIfNull(sizes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sizes.Count, tallies.Count);
        return new GroupTallies([.. tallies.Select(own => own.ToArray())], [.. sizes]);
    }

    /// <summary>Counts.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="groupOf">Each person's group, below 0 for none.</param>
    /// <returns>The counts.</returns>
    public static GroupTallies Of(VoteTable votes, int groups, ReadOnlySpan<short> groupOf)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(groupOf.Length, votes.People);
        var counts = new int[groups][];
        for (var group = 0; group < groups; group++)
            counts[group] = new int[votes.Statements * 4];
        var sizes = new int[groups];
        for (var person = 0; person < votes.People; person++)
        {
            if (groupOf[person] < 0)
                continue;
            sizes[groupOf[person]]++;
            var own = counts[groupOf[person]];
            foreach (var vote in votes[person])
                own[vote]++;
        }
        return new GroupTallies([.. counts.Select(own => Enumerable.Range(0, votes.Statements).Select(s => new StatementTally(own[(4 * s) + 2], own[4 * s], own[4 * s] + own[(4 * s) + 1] + own[(4 * s) + 2])).ToArray())], sizes);
    }

    /// <summary>How everybody in a group voted on a statement.</summary>
    /// <param name="statement">Number of the statement.</param>
    /// <returns>The sum over the groups.</returns>
    public StatementTally Total(int statement)
    {
        StatementTally sum = default;
        foreach (var group in _tallies)
            sum += group[statement];
        return sum;
    }

    /// <summary>How many people of a group have no vote on a statement: it may never have been shown to them.</summary>
    /// <param name="group">Number of the group.</param>
    /// <param name="statement">Number of the statement.</param>
    /// <returns>The number of people.</returns>
    public int Unseen(int group, int statement) => Sizes[group] - _tallies[group][statement].Votes;
}
