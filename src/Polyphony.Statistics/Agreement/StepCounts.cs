namespace Polyphony.Statistics.Agreement;

/// <summary>What counts of a scale must be.</summary>
internal static class StepCounts
{
    /// <returns>The number of answers.</returns>
    public static int Demand(IReadOnlyList<int> counts, int least)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfLessThan(counts.Count, least);
        if (counts.Any(count => count < 0))
            throw new ArgumentOutOfRangeException(nameof(counts));
        return counts.Sum();
    }
}
