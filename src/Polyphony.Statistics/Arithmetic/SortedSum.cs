namespace Polyphony.Statistics.Arithmetic;

/// <summary>Sums of floating-point numbers that do not depend on the order in which people, sites or options come.</summary>
internal static class SortedSum
{
    /// <summary>The sum, from the least to the greatest.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var sum = 0.0;
        foreach (var value in sorted)
            sum += value;
        return sum;
    }

    /// <summary>The mean, or <see langword="null"/> of nothing.</summary>
    public static double? Mean(IReadOnlyCollection<double> values) => values.Count == 0 ? null : Of(values) / values.Count;
}
