using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Pools for tests.</summary>
internal static class Pools
{
    /// <summary>A pool written as one line a person: values as digits, and a household after a slash.</summary>
    public static SortitionPool Of(int size, (int Min, int Max)[][] quotas, params string[] people) => new(
        [.. quotas.Index().Select(criterion => new QuotaSet("c" + criterion.Index, [.. criterion.Item.Index().Select(quota => new Quota("v" + quota.Index, quota.Item.Min, quota.Item.Max))]))],
        [.. people.Index().Select(person => new Candidate(person.Index.ToString("x32", System.Globalization.CultureInfo.InvariantCulture),
            [.. person.Item.Split('/')[0].Select(digit => digit - '0')], person.Item.Contains('/') ? person.Item.Split('/')[1] : null))],
        size);

    /// <summary>Two of each of six kinds of people whose seats come in pairs: the fourth known answer of the field, made smaller.</summary>
    public static readonly string[] Halves = [.. ((string[])["002", "020", "200"]).SelectMany(kind => Enumerable.Repeat(kind, 4)), .. ((string[])["112", "121", "211"]).SelectMany(kind => Enumerable.Repeat(kind, 4))];

    /// <summary>A city's pool: skewed against quotas that follow the population, some shared households.</summary>
    public static SortitionPool City(int people, int size, ulong seed, int households = 12)
    {
        TestChance chance = new(seed);
        double[][] population = [[0.51, 0.49], [0.23, 0.26, 0.30, 0.21], [0.18, 0.22, 0.24, 0.20, 0.16], [0.23, 0.40, 0.37], [0.27, 0.28, 0.41, 0.04]];
        double[][] pool = [[0.51, 0.49], [0.17, 0.24, 0.33, 0.26], [0.24, 0.24, 0.20, 0.18, 0.14], [0.14, 0.36, 0.50], [0.34, 0.30, 0.32, 0.04]];
        string? household = null;
        List<Candidate> candidates = [];
        for (int i = 0; i < people; i++)
        {
            household = household is not null && chance.Below(households) == 0 ? household : "h" + i;
            candidates.Add(new Candidate(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i + (long)seed)))[..32], [.. pool.Select(chance.Weighted)], household));
        }

        return new(
            [.. population.Index().Select(criterion => new QuotaSet("c" + criterion.Index, [.. criterion.Item.Index().Select(share =>
                new Quota("v" + share.Index, Math.Max(0, (int)Math.Floor(share.Item * size) - 2), (int)Math.Ceiling(share.Item * size) + 2))]))],
            candidates, size);
    }

    /// <summary>A pool whose quotas are what the first people happen to be: hard for integer programmes, and a panel exists.</summary>
    public static SortitionPool Tight(int people, int criteria, int size, ulong seed)
    {
        TestChance chance = new(seed);
        int[][] values = [.. Enumerable.Range(0, people).Select(_ => (int[])[.. Enumerable.Range(0, criteria).Select(c => Math.Max(0, chance.Below(3 + (c % 2)) - chance.Below(2)))])];
        return new(
            [.. Enumerable.Range(0, criteria).Select(c => new QuotaSet("c" + c, [.. Enumerable.Range(0, 4).Select(v => values.Take(size).Count(person => person[c] == v)).Select((count, v) => new Quota("v" + v, count, count))]))],
            [.. values.Select((person, i) => new Candidate(i.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), person, null))],
            size);
    }
}

/// <summary>Repeatable chance for tests (SplitMix64).</summary>
internal sealed class TestChance(ulong seed)
{
    private ulong state = seed;

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public int Weighted(double[] weights)
    {
        double at = (Next() >> 11) * (1.0 / (1UL << 53)) * weights.Sum();
        for (int i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }

    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
