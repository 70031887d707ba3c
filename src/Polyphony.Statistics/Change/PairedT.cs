using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Change;

/// <summary>Did the mean of numbers change, given by the same people twice?</summary>
/// <remarks>Student, Biometrika 6 (1908); effect size d_z of J. Cohen (1988).</remarks>
/// <param name="Pairs">People who answered both times.</param>
/// <param name="MeanDifference">Mean of after less before, or <see langword="null"/> without people.</param>
/// <param name="StandardError">Of the mean difference, or <see langword="null"/> below two people.</param>
/// <param name="Lower">Lower bound of the 95 % interval of the mean difference, or <see langword="null"/> without a test.</param>
/// <param name="Upper">Upper bound.</param>
/// <param name="T">Mean difference by its standard error; <see langword="null"/> below two people or when all differences are equal.</param>
/// <param name="Degrees">Pairs less one, not below nought.</param>
/// <param name="PValue">Two-sided, or <see langword="null"/> without <paramref name="T"/>.</param>
/// <param name="EffectSize">d_z: mean difference by the standard deviation of the differences, or <see langword="null"/>.</param>
public sealed record PairedT(int Pairs, double? MeanDifference, double? StandardError, double? Lower, double? Upper, double? T, int Degrees, double? PValue, double? EffectSize)
{
    /// <summary>Tests pairs of numbers.</summary>
    /// <param name="pairs">One pair per person, absolute values up to <see cref="PairedValues.Largest"/>.</param>
    /// <returns>The test.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is too large.</exception>
    public static PairedT Of(IReadOnlyCollection<(decimal Before, decimal After)> pairs)
    {
        var differences = PairedValues.Differences(pairs);
        var n = differences.Length;
        if (n == 0)
            return new PairedT(0, null, null, null, null, null, 0, null, null);
        var sum = differences.Sum();
        var mean = (double)(sum / n);
        if (n == 1)
            return new PairedT(1, mean, null, null, null, null, 0, null, null);
        var spread = (n * differences.Sum(difference => difference * difference)) - (sum * sum);
        var deviation = Math.Sqrt((double)spread / ((double)n * (n - 1)));
        var error = deviation / Math.Sqrt(n);
        if (spread == 0)
            return new PairedT(n, mean, 0, null, null, null, n - 1, null, null);
        var t = mean / error;
        var reach = Tail.StudentQuantile(0.05, n - 1) * error;
        return new PairedT(n, mean, error, mean - reach, mean + reach, t, n - 1, Tail.StudentTwoSided(t, n - 1), mean / deviation);
    }
}
