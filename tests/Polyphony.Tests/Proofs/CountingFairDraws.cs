using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

/// <summary>Chi-square of what is drawn, over seeds that never change; the limits are those of p = 0.001.</summary>
public sealed class CountingFairDraws
{
    private static readonly string[] Names = [.. JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "pd1.json")))!["labels"]!.AsArray().Select(label => (string)label!)];

    [Fact]
    public void Each_of_25_people_comes_first_equally_often()
    {
        int[] first = new int[Names.Length];
        for (int seed = 0; seed < 25_000; seed++)
        {
            byte[] key = Key(seed);
            first[Array.IndexOf(Names, Names.MinBy(name => Convert.ToHexString(Pd1.Position(key, name)), StringComparer.Ordinal))]++;
        }

        Assert.InRange(ChiSquare(first), 0, 51.18);
    }

    [Fact]
    public void Each_of_11_panels_is_drawn_equally_often()
    {
        int[] drawn = new int[11];
        for (int seed = 0; seed < 22_000; seed++)
        {
            drawn[Pd1.Index(Key(seed), "panel", 11).Index]++;
        }

        Assert.InRange(ChiSquare(drawn), 0, 29.59);
    }

    [Fact]
    public void Each_three_of_six_people_and_each_pair_are_drawn_equally_often()
    {
        Dictionary<string, int> threes = [];
        Dictionary<string, int> pairs = [];
        for (int seed = 0; seed < 20_000; seed++)
        {
            string[] drawn = [.. Pd1.Order(Key(seed), Names[..6]).Take(3).Order(StringComparer.Ordinal)];
            Count(threes, string.Join('|', drawn));
            Count(pairs, drawn[0] + drawn[1]);
            Count(pairs, drawn[0] + drawn[2]);
            Count(pairs, drawn[1] + drawn[2]);
        }

        Assert.Equal((20, 15), (threes.Count, pairs.Count));
        Assert.InRange(ChiSquare([.. threes.Values]), 0, 43.82);

        // A pair is drawn with chance 1/5; its count has variance n/5 · 4/5.
        Assert.All(pairs.Values, count => Assert.InRange(Math.Abs(count - 4_000) / Math.Sqrt(3_200), 0, 4));
    }

    [Fact]
    public void The_statistic_sees_the_bias_of_a_plain_remainder_and_a_seed_used_twice()
    {
        int[] remainder = new int[11];
        int[] twice = new int[11];
        for (int seed = 0; seed < 22_000; seed++)
        {
            remainder[Key(seed)[0] % 16 % 11]++;
            twice[Pd1.Index(Key(seed % 40), "panel", 11).Index]++;
        }

        Assert.True(ChiSquare(remainder) > 29.59);
        Assert.True(ChiSquare(twice) > 29.59);
    }

    [Fact]
    public void The_selection_of_rfc_3797_is_its_example()
    {
        JsonNode vector = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "pd1.json")))!["rfc3797"]!;
        int[] picks = [.. vector["picks"]!.AsArray().Select(pick => (int)pick!)];
        Assert.Equal(picks, Rfc3797.Select((string)vector["key"]!, (int)vector["pool"]!, picks.Length));
        Assert.Equal(25, Rfc3797.Select("1./", 25, 25).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => Rfc3797.Select("1./", 25, 26));
    }

    [Fact]
    public void A_number_of_a_lottery_counts_once_however_it_is_written()
    {
        Assert.False(new DrawSource(DrawSourceKind.NumberLottery, "weekly", 49, ["5", "05"]).IsWellFormed);
        Assert.True(new DrawSource(DrawSourceKind.NumberLottery, "weekly", 49, ["05", "06"]).IsWellFormed);
        Assert.False(new DrawSource(DrawSourceKind.NumberLottery, "weekly", 49, ["000005"]).IsWellFormed);
    }

    private static byte[] Key(int seed) => Pd1.Key(new byte[32], seed.ToString(CultureInfo.InvariantCulture) + "./");

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private static double ChiSquare(int[] counts)
    {
        double expected = counts.Average();
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }
}
