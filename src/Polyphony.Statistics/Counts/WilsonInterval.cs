namespace Polyphony.Statistics.Counts;

/// <summary>An interval for a share, from a count.</summary>
/// <remarks>
/// E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), without continuity correction; test values from Newcombe,
/// Statistics in Medicine 17 (1998). It expresses sampling noise only, not who took part.
/// </remarks>
/// <param name="Lower">Lower bound, 0 to 1.</param>
/// <param name="Upper">Upper bound, 0 to 1.</param>
public sealed record WilsonInterval(double Lower, double Upper)
{
    /// <summary>The standard normal quantile of a two-sided 95 % interval.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>The interval for <paramref name="count"/> out of <paramref name="total"/>.</summary>
    /// <param name="count">0 to <paramref name="total"/>.</param>
    /// <param name="total">1 or more.</param>
    /// <param name="z">Standard normal quantile, above 0; <see cref="Z95"/> for 95 %.</param>
    /// <returns>The interval, within 0 and 1.</returns>
    public static WilsonInterval Of(int count, int total, double z = Z95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, total);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(z);
        var share = (double)count / total;
        var square = z * z / total;
        var centre = share + (square / 2);
        var half = z * Math.Sqrt((share * (1 - share) / total) + (square / (4 * total)));
        return new WilsonInterval(
            count == 0 ? 0 : Math.Max(0, (centre - half) / (1 + square)),
            count == total ? 1 : Math.Min(1, (centre + half) / (1 + square)));
    }
}
