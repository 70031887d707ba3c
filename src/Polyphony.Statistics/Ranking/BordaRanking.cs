using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Borda's rule: an option scores the number of options below it on each ballot, half for each level with it.</summary>
/// <remarks>J.-C. de Borda (1781). Unranked options are level with each other and below all ranked ones, so that a short ballot gives away as many points as a full one.</remarks>
/// <param name="Ballots">Number of ballots.</param>
/// <param name="Order">Options in tiers, from the best.</param>
/// <param name="Scores">Score per option, in exact halves.</param>
public sealed record BordaRanking(long Ballots, ImmutableArray<ImmutableArray<int>> Order, ImmutableArray<double> Scores)
{
    /// <summary>Ranks the options.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="ballots">The ballots; equal ranks and unranked options are allowed.</param>
    /// <returns>The ranking.</returns>
    /// <exception cref="ArgumentException">A ballot names an option that is not there, or one twice.</exception>
    public static BordaRanking Of(int options, IReadOnlyCollection<RankedBallot> ballots)
    {
        RankedBallot.Demand(options, ballots);
        var halves = new long[options];
        foreach (var ballot in ballots)
        {
            int[] unranked = [.. Enumerable.Range(0, options).Except(ballot.Tiers.SelectMany(tier => tier))];
            var below = options;
            foreach (var tier in ballot.Tiers.Add([.. unranked]))
            {
                below -= tier.Length;
                foreach (var option in tier)
                    halves[option] += ballot.Count * ((2L * below) + tier.Length - 1);
            }
        }
        return new BordaRanking(ballots.Sum(ballot => (long)ballot.Count), Places.ByScore(Enumerable.Range(0, options), option => halves[option]), [.. halves.Select(half => half / 2.0)]);
    }
}
