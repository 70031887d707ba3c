namespace Polyphony.Seating;

/// <summary>The planner's own stream of numbers: the same seed gives the same plan on every machine.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014). It decides no draw: a seating plan is a
/// search, so speed and repeatability matter, not unpredictability.
/// </remarks>
internal struct SeededChance(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> − 1; the bias of the multiplication is below bound / 2⁶⁴.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);
}

/// <summary>Exponentially distributed numbers by table: −ln(u) for u = (i + ½) / 4096.</summary>
/// <remarks>Made with the four operations alone, which give the same bits everywhere; library logarithms do not.</remarks>
internal static class ExponentialTable
{
    public const int Size = 4096;

    public static readonly double[] Values = [.. Enumerable.Range(0, Size).Select(i => MinusLogarithm((i + 0.5) / Size))];

    private static double MinusLogarithm(double u)
    {
        const double ln2 = 0.69314718055994530942;
        var halvings = 0;
        while (u < 0.5)
        {
            u *= 2;
            halvings++;
        }
        var z = (u - 1) / (u + 1);
        double sum = 0, power = z;
        for (var k = 1; k < 60; k += 2)
        {
            sum += power / k;
            power *= z * z;
        }
        return (halvings * ln2) - (2 * sum);
    }
}
