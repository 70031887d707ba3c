using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Schulze's rule: options ordered by their strongest paths of pairwise victories.</summary>
/// <remarks>M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method", Social Choice and Welfare 36 (2011), strength by winning votes. Whole numbers only.</remarks>
/// <param name="Ballots">Number of ballots.</param>
/// <param name="Order">Options in tiers, from the best; options in one tier are level.</param>
/// <param name="Preferred">Ballots that rank the row's option above the column's; unranked options are below all ranked ones.</param>
/// <param name="Strengths">Strength of the strongest path from row to column, 0 when there is none.</param>
public sealed record SchulzeRanking(long Ballots, ImmutableArray<ImmutableArray<int>> Order, ImmutableArray<ImmutableArray<long>> Preferred, ImmutableArray<ImmutableArray<long>> Strengths)
{
    /// <summary>Ranks the options.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="ballots">The ballots; equal ranks and unranked options are allowed.</param>
    /// <returns>The ranking.</returns>
    /// <exception cref="ArgumentException">A ballot names an option that is not there, or one twice.</exception>
    public static SchulzeRanking Of(int options, IReadOnlyCollection<RankedBallot> ballots)
    {
        RankedBallot.Demand(options, ballots);
        var preferred = Pairwise(options, ballots);
        var strength = new long[options][];
        for (var a = 0; a < options; a++)
            strength[a] = [.. Enumerable.Range(0, options).Select(b => preferred[a][b] > preferred[b][a] ? preferred[a][b] : 0)];
        for (var via = 0; via < options; via++)
        {
            for (var a = 0; a < options; a++)
            {
                for (var b = 0; b < options; b++)
                {
                    if (a != b && a != via && b != via)
                        strength[a][b] = Math.Max(strength[a][b], Math.Min(strength[a][via], strength[via][b]));
                }
            }
        }
        var left = Enumerable.Range(0, options).ToList();
        var order = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        while (left.Count > 0)
        {
            ImmutableArray<int> best = [.. left.Where(a => left.All(b => strength[b][a] <= strength[a][b]))];
            order.Add(best);
            left.RemoveAll(best.Contains);
        }
        return new SchulzeRanking(ballots.Sum(ballot => (long)ballot.Count), order.ToImmutable(), [.. preferred.Select(row => row.ToImmutableArray())], [.. strength.Select(row => row.ToImmutableArray())]);
    }

    private static long[][] Pairwise(int options, IReadOnlyCollection<RankedBallot> ballots)
    {
        var preferred = new long[options][];
        for (var a = 0; a < options; a++)
            preferred[a] = new long[options];
        var place = new int[options];
        foreach (var ballot in ballots)
        {
            Array.Fill(place, int.MaxValue);
            for (var tier = 0; tier < ballot.Tiers.Length; tier++)
            {
                foreach (var option in ballot.Tiers[tier])
                    place[option] = tier;
            }
            for (var a = 0; a < options; a++)
            {
                for (var b = 0; b < options; b++)
                    preferred[a][b] += place[a] < place[b] ? ballot.Count : 0;
            }
        }
        return preferred;
    }
}
