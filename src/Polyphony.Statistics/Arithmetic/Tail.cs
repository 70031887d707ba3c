using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Polyphony.Statistics.Arithmetic;

/// <summary>Upper tails of the distributions that tests need. MathNet.Numerics computes them.</summary>
internal static class Tail
{
    /// <summary>P(X ≥ <paramref name="statistic"/>) of chi-square; <paramref name="degrees"/> is 1 or more.</summary>
    public static double ChiSquare(double statistic, int degrees) =>
        statistic <= 0 ? 1 : double.IsPositiveInfinity(statistic) ? 0 : SpecialFunctions.GammaUpperRegularized(degrees / 2.0, statistic / 2);

    /// <summary>P(Z ≥ <paramref name="z"/>) of the standard normal distribution.</summary>
    public static double Normal(double z) => SpecialFunctions.Erfc(z / Math.Sqrt(2)) / 2;

    /// <summary>P(|T| ≥ |<paramref name="t"/>|) of Student's distribution.</summary>
    public static double StudentTwoSided(double t, int degrees) => SpecialFunctions.BetaRegularized(degrees / 2.0, 0.5, degrees / (degrees + (t * t)));

    /// <summary>The t that is exceeded in absolute value with the given probability.</summary>
    public static double StudentQuantile(double twoSided, int degrees) => StudentT.InvCDF(0, 1, degrees, 1 - (twoSided / 2));

    /// <summary>P(X ≤ <paramref name="count"/>) of heads in <paramref name="throws"/> fair throws.</summary>
    public static double FairCoinAtMost(int count, int throws) => count >= throws ? 1 : SpecialFunctions.BetaRegularized(throws - count, count + 1.0, 0.5);
}
