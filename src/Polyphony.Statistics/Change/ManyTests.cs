using System.Collections.Immutable;

namespace Polyphony.Statistics.Change;

/// <summary>P-values of several tests, adjusted so that many questions do not make one of them look special by chance.</summary>
public static class ManyTests
{
    /// <summary>Holm: the chance of even one false alarm among all tests stays below the level.</summary>
    /// <remarks>S. Holm, Scandinavian Journal of Statistics 6 (1979).</remarks>
    /// <param name="pValues">0 to 1 each; tests that could not be done are not among them.</param>
    /// <returns>Adjusted p-values in the same order.</returns>
    public static ImmutableArray<double> Holm(IReadOnlyList<double> pValues)
    {
        var (order, adjusted) = Prepare(pValues);
        var before = 0.0;
        for (var at = 0; at < order.Length; at++)
            adjusted[order[at]] = before = Math.Max(before, Math.Min(1, (order.Length - at) * pValues[order[at]]));
        return [.. adjusted];
    }

    /// <summary>Benjamini and Hochberg: of the tests below the level, the expected share of false alarms stays below it.</summary>
    /// <remarks>Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995).</remarks>
    /// <param name="pValues">0 to 1 each; tests that could not be done are not among them.</param>
    /// <returns>Adjusted p-values in the same order.</returns>
    public static ImmutableArray<double> BenjaminiHochberg(IReadOnlyList<double> pValues)
    {
        var (order, adjusted) = Prepare(pValues);
        var above = 1.0;
        for (var at = order.Length - 1; at >= 0; at--)
            adjusted[order[at]] = above = Math.Min(above, pValues[order[at]] * order.Length / (at + 1));
        return [.. adjusted];
    }

    private static (int[] Order, double[] Adjusted) Prepare(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        if (pValues.Any(p => !(p >= 0 && p <= 1)))
            throw new ArgumentOutOfRangeException(nameof(pValues));
        return ([.. Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i])], new double[pValues.Count]);
    }
}
