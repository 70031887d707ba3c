using System.Collections.Immutable;

namespace Polyphony.Statistics.Selection;

/// <summary>Who approves which candidates, and, where it is known, who was shown them.</summary>
/// <remarks>People and candidates are numbered from 0. Somebody who approves nothing counts as a person all the same.</remarks>
public sealed class ApprovalProfile
{
    private ApprovalProfile(int voters, int candidates, int[][] supporters, int[][] seenBy)
    {
        Voters = voters;
        Candidates = candidates;
        Supporters = [.. supporters.Select(ImmutableArray.Create)];
        SeenBy = ReferenceEquals(seenBy, supporters) ? Supporters : [.. seenBy.Select(ImmutableArray.Create)];
    }

    /// <summary>Number of people.</summary>
    public int Voters { get; }

    /// <summary>Number of candidates.</summary>
    public int Candidates { get; }

    /// <summary>Per candidate the people who approve it, ascending.</summary>
    public ImmutableArray<ImmutableArray<int>> Supporters { get; }

    /// <summary>Per candidate the people who were shown it, ascending; without knowledge of that, its supporters.</summary>
    public ImmutableArray<ImmutableArray<int>> SeenBy { get; }

    /// <summary>Makes a profile.</summary>
    /// <param name="candidates">Number of candidates, 0 or more.</param>
    /// <param name="approvals">Per person the candidates approved, in any order.</param>
    /// <param name="seen">Per person all candidates shown, or <see langword="null"/> when that is not known.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentException">A candidate that is not there, or named twice by one person; something approved that was not shown; lists of different lengths.</exception>
    public static ApprovalProfile Of(int candidates, IReadOnlyList<IReadOnlyCollection<int>> approvals, IReadOnlyList<IReadOnlyCollection<int>>? seen = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(candidates);
        ArgumentNullException.ThrowIfNull(approvals);
        var supporters = Turned(candidates, approvals);
        if (seen is null)
            return new ApprovalProfile(approvals.Count, candidates, supporters, supporters);
        if (seen.Count != approvals.Count || approvals.Zip(seen).Any(person => person.First.Except(person.Second).Any()))
            throw new ArgumentException("Something is approved by somebody who was not shown it.", nameof(seen));
        return new ApprovalProfile(approvals.Count, candidates, supporters, Turned(candidates, seen));
    }

    private static int[][] Turned(int candidates, IReadOnlyList<IReadOnlyCollection<int>> lists)
    {
        var turned = new List<int>[candidates];
        for (var candidate = 0; candidate < candidates; candidate++)
            turned[candidate] = [];
        for (var voter = 0; voter < lists.Count; voter++)
        {
            foreach (var candidate in lists[voter])
            {
                if (candidate < 0 || candidate >= candidates || (turned[candidate].Count > 0 && turned[candidate][^1] == voter))
                    throw new ArgumentException($"Person {voter} names candidate {candidate}, which is not there or named twice.", nameof(lists));
                turned[candidate].Add(voter);
            }
        }
        return [.. turned.Select(list => list.ToArray())];
    }

    internal void DemandSize(int size)
    {
        if (size < 1 || size > Candidates)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"1 to {Candidates}.");
    }
}
