using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Ballots that rank options alike.</summary>
/// <param name="Tiers">Option indices from the best place to the last, several in one tier when they are ranked equal; each option at most once. What is in no tier is unranked.</param>
/// <param name="Count">Number of such ballots, 1 or more.</param>
public sealed record RankedBallot(ImmutableArray<ImmutableArray<int>> Tiers, int Count = 1)
{
    /// <summary>A ballot without equal ranks.</summary>
    /// <param name="count">Number of such ballots.</param>
    /// <param name="order">Option indices from the best to the last one ranked.</param>
    /// <returns>The ballot.</returns>
    public static RankedBallot Of(int count, params IEnumerable<int> order) => new([.. order.Select(option => ImmutableArray.Create(option))], count);

    /// <summary>The options up to the first equal rank: what rules that need one option at a time can use.</summary>
    internal ImmutableArray<int> Strict => [.. Tiers.TakeWhile(tier => tier.Length == 1).Select(tier => tier[0])];

    /// <summary>Throws when a ballot names an option that is not there, or one twice.</summary>
    internal static void Demand(int options, IReadOnlyCollection<RankedBallot> ballots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options, 1);
        ArgumentNullException.ThrowIfNull(ballots);
        foreach (var ballot in ballots)
        {
            var seen = new HashSet<int>();
            if (ballot.Count < 1 || ballot.Tiers.Any(tier => tier.IsEmpty || tier.Any(option => option < 0 || option >= options || !seen.Add(option))))
                throw new ArgumentException("A ballot with an unknown or repeated option, an empty tier or no count.", nameof(ballots));
        }
    }

    /// <summary>Throws when a lot names an option that is not there, or one twice.</summary>
    internal static void DemandLot(int options, IReadOnlyList<int> lot)
    {
        ArgumentNullException.ThrowIfNull(lot);
        if (lot.Distinct().Count() != lot.Count || lot.Any(option => option < 0 || option >= options))
            throw new ArgumentException("A lot with an unknown or repeated option.", nameof(lot));
    }
}
