namespace Polyphony.Statistics.Change;

/// <summary>What paired numbers must be. They are decimals, as people wrote them: equal differences are then equal, and sums do not depend on the order.</summary>
public static class PairedValues
{
    /// <summary>The largest absolute value.</summary>
    public const decimal Largest = 1_000_000;

    /// <summary>After less before.</summary>
    internal static decimal[] Differences(IReadOnlyCollection<(decimal Before, decimal After)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return [.. pairs.Select(pair => Math.Abs(pair.Before) <= Largest && Math.Abs(pair.After) <= Largest
            ? pair.After - pair.Before
            : throw new ArgumentOutOfRangeException(nameof(pairs), "A value beyond a million."))];
    }
}
