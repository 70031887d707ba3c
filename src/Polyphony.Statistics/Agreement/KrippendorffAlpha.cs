using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Agreement;

/// <summary>What may be done with coded values.</summary>
public enum MeasurementLevel
{
    /// <summary>Names: equal or not.</summary>
    Nominal = 1,

    /// <summary>Order.</summary>
    Ordinal = 2,

    /// <summary>Differences.</summary>
    Interval = 3,

    /// <summary>Ratios; values of nought or more.</summary>
    Ratio = 4,
}

/// <summary>Do several coders give the same units the same values?</summary>
/// <remarks>K. Krippendorff, "Content Analysis" (2004), chapter 11: α = 1 − observed / expected disagreement, over units with two values or more. For "do countries agree" use convergence instead: α mixes in how common each value is.</remarks>
/// <param name="Level">The level of measurement.</param>
/// <param name="Units">Units with two values or more.</param>
/// <param name="Values">Values in these units.</param>
/// <param name="Dropped">Units with fewer than two values.</param>
/// <param name="Alpha">At most 1; 0 is what chance gives; <see langword="null"/> when there is nothing to compare or all values are equal.</param>
public sealed record KrippendorffAlpha(MeasurementLevel Level, int Units, int Values, int Dropped, double? Alpha)
{
    /// <summary>Computes α.</summary>
    /// <param name="coders">Per coder one value per unit, <see langword="null"/> where there is none; rows of equal length. Nominal values are any numbers that name the categories.</param>
    /// <param name="level">The level of measurement.</param>
    /// <returns>α with its counts.</returns>
    /// <exception cref="ArgumentException">Rows of different lengths, or negative values at ratio level.</exception>
    public static KrippendorffAlpha Of(IReadOnlyList<IReadOnlyList<decimal?>> coders, MeasurementLevel level)
    {
        ArgumentNullException.ThrowIfNull(coders);
        var units = coders.Count == 0 ? 0 : coders[0].Count;
        if (coders.Any(row => row.Count != units))
            throw new ArgumentException("Rows of different lengths.", nameof(coders));
        if (level == MeasurementLevel.Ratio && coders.Any(row => row.Any(value => value < 0)))
            throw new ArgumentException("Ratios need values of nought or more.", nameof(coders));
        decimal[][] pairable = [.. Enumerable.Range(0, units).Select(unit => coders.Select(row => row[unit]).OfType<decimal>().ToArray()).Where(values => values.Length > 1)];
        decimal[] names = [.. pairable.SelectMany(values => values).Distinct().Order()];
        long[] totals = [.. names.Select(name => pairable.Sum(values => values.LongCount(value => value == name)))];
        var n = totals.Sum();
        var expected = SortedSum.Of(Pairs(names.Length).Select(pair => totals[pair.C] * totals[pair.K] * Distance(names, totals, pair.C, pair.K, level)));
        var observed = SortedSum.Of(
            from unit in pairable
            let counts = names.Select(name => unit.Count(value => value == name)).ToArray()
            from pair in Pairs(names.Length)
            where counts[pair.C] > 0 && counts[pair.K] > 0
            select (double)counts[pair.C] * counts[pair.K] / (unit.Length - 1) * Distance(names, totals, pair.C, pair.K, level));
        return new KrippendorffAlpha(level, pairable.Length, (int)n, units - pairable.Length, expected > 0 ? 1 - ((n - 1) * observed / expected) : null);
    }

    private static IEnumerable<(int C, int K)> Pairs(int values) => from k in Enumerable.Range(0, values) from c in Enumerable.Range(0, k) select (c, k);

    /// <summary>δ²: the disagreement of two values.</summary>
    private static double Distance(decimal[] names, long[] totals, int c, int k, MeasurementLevel level) => level switch
    {
        MeasurementLevel.Nominal => 1,
        MeasurementLevel.Ordinal => Math.Pow((2 * totals.AsSpan(c, k - c + 1).ToArray().Sum()) - totals[c] - totals[k], 2) / 4,
        MeasurementLevel.Interval => Math.Pow((double)(names[c] - names[k]), 2),
        MeasurementLevel.Ratio => Math.Pow((double)(names[c] - names[k]) / (double)(names[c] + names[k]), 2),
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
