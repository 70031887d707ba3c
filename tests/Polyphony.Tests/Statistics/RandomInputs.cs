namespace Polyphony.Tests.Statistics;

/// <summary>Two hundred inputs for a formula: most of them random, every fourth degenerate in one way or another.</summary>
internal static class RandomInputs
{
    public const int Number = 200;

    public static void Each(Action<Random> check)
    {
        for (int seed = 0; seed < Number; seed++)
        {
            try
            {
                check(new Random(seed));
            }
            catch (Exception wrong) when (wrong is not Xunit.Sdk.XunitException { Message: null })
            {
                throw new Xunit.Sdk.XunitException($"input {seed}: {wrong.Message}", wrong);
            }
        }
    }

    /// <summary>Counts that are often nought, sometimes all of them, sometimes huge.</summary>
    public static int[] Counts(Random random, int least, int most)
    {
        int[] counts = new int[random.Next(least, most + 1)];
        int limit = random.Next(6) switch { 0 => 1, 1 => 2, 2 => 100_000, _ => 30 };
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = random.Next(3) == 0 ? 0 : random.Next(limit);
        }

        return counts;
    }

    /// <summary>Whole or tenth numbers with many ties; sometimes all alike, sometimes none.</summary>
    public static decimal[] Numbers(Random random, int count)
    {
        int steps = random.Next(5) switch { 0 => 1, 1 => 2, 2 => 1_000, _ => 7 };
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(steps) / 10m)];
    }

    public static void Near(double? expected, double? actual, double tolerance = 1e-9)
    {
        if (expected is not { } wanted || double.IsNaN(wanted) || double.IsInfinity(wanted))
        {
            Assert.Null(actual);
            return;
        }

        Assert.NotNull(actual);
        Assert.True(Math.Abs(wanted - actual.Value) <= tolerance * Math.Max(1, Math.Abs(wanted)), $"{wanted:R} expected, {actual:R} found");
    }
}
