namespace Polyphony.Statistics.Ranking;

/// <summary>Settles who of level options goes: by the most recent earlier round in which they were not level, then by lot.</summary>
internal static class EliminationTie
{
    /// <summary>The one option of <paramref name="level"/> that had least (or most) the last time they differed; else the last (or first) of the lot; null when neither settles it.</summary>
    /// <param name="level">Options that are level now.</param>
    /// <param name="rounds">Votes per option in earlier rounds, the latest last.</param>
    /// <param name="lot">Options in the order drawn: the first has the advantage.</param>
    /// <param name="most">Whether the one with most is sought.</param>
    public static int? Settle(IReadOnlyCollection<int> level, IReadOnlyList<long[]> rounds, IReadOnlyList<int> lot, bool most)
    {
        int[] left = [.. level];
        for (var round = rounds.Count - 1; round >= 0 && left.Length > 1; round--)
        {
            var votes = rounds[round];
            var bound = most ? left.Max(option => votes[option]) : left.Min(option => votes[option]);
            left = [.. left.Where(option => votes[option] == bound)];
        }
        if (left.Length == 1)
            return left[0];
        int[] drawn = [.. lot.Where(left.Contains)];
        return drawn.Length < left.Length ? null : most ? drawn[0] : drawn[^1];
    }
}
