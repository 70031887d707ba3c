namespace Polyphony.Tests.Statistics;

/// <summary>The upper tail of the chi-square distribution once more, by hand.</summary>
/// <remarks>
/// Regularised incomplete gamma function: its series below a + 1, its continued fraction (modified Lentz) above; Abramowitz and Stegun 6.5.29 and 6.5.31.
/// </remarks>
internal static class PlainChiSquare
{
    private const double Precise = 1e-15;
    private const double Tiny = 1e-300;

    /// <summary>P(X ≥ <paramref name="statistic"/>) for <paramref name="degrees"/> degrees of freedom.</summary>
    public static double Tail(double statistic, int degrees)
    {
        if (statistic <= 0)
            return 1;
        var a = degrees / 2.0;
        var x = statistic / 2;
        var scale = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        return x < a + 1 ? 1 - (scale * Series(a, x)) : scale * Fraction(a, x);
    }

    private static double Series(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var k = 1; k < 10_000 && term > sum * Precise; k++)
        {
            term *= x / (a + k);
            sum += term;
        }
        return sum;
    }

    private static double Fraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var h = d;
        for (var k = 1; k < 10_000; k++)
        {
            var numerator = -k * (k - a);
            b += 2;
            d = (numerator * d) + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + (numerator / c);
            c = Math.Abs(c) < Tiny ? Tiny : c;
            h *= d * c;
            if (Math.Abs((d * c) - 1) < Precise)
                break;
        }
        return h;
    }

    /// <summary>ln Γ(a) for a = ½, 1, 1½, …: exact steps down to Γ(½) = √π and Γ(1) = 1.</summary>
    private static double LogGamma(double a)
    {
        var sum = 0.0;
        for (; a > 1; a--)
            sum += Math.Log(a - 1);
        return a < 1 ? sum + (0.5 * Math.Log(Math.PI)) : sum;
    }
}
