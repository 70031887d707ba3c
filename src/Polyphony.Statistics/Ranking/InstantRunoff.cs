using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Instant run-off: the option with fewest votes goes and its ballots move on, until one has more than half of the votes that still count.</summary>
/// <remarks>
/// Level options go together when all their votes are fewer than those of the next; else the one that had fewer the last time they differed goes; else a lot drawn in public
/// decides. Without a lot the count stops and says who is level: no order of the input decides anything.
/// </remarks>
public abstract record InstantRunoff
{
    private InstantRunoff()
    {
    }

    /// <summary>Votes per option in each round, 0 for options that are gone.</summary>
    public required ImmutableArray<ImmutableArray<long>> Rounds { get; init; }

    /// <summary>Number of ballots.</summary>
    public required long Ballots { get; init; }

    /// <summary>Ballots cut short by an equal rank: they count up to it.</summary>
    public required long CutShort { get; init; }

    /// <summary>The count has a winner.</summary>
    /// <param name="Winner">The winning option.</param>
    /// <param name="Order">The winner, then the others still there by their votes, then those eliminated, the last one first.</param>
    public sealed record Decided(int Winner, ImmutableArray<ImmutableArray<int>> Order) : InstantRunoff;

    /// <summary>Options are level and a lot must decide which of them goes.</summary>
    /// <param name="Level">Which.</param>
    public sealed record NeedsLot(ImmutableArray<int> Level) : InstantRunoff;

    /// <summary>Counts.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="ballots">The ballots; a ballot counts up to its first equal rank.</param>
    /// <param name="lot">Options in the order of a lot drawn in public, the first having the advantage; empty when none was drawn.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentException">A ballot or the lot names an option that is not there, or one twice.</exception>
    public static InstantRunoff Of(int options, IReadOnlyCollection<RankedBallot> ballots, params IReadOnlyList<int> lot)
    {
        RankedBallot.Demand(options, ballots);
        RankedBallot.DemandLot(options, lot);
        (ImmutableArray<int> Order, int Count)[] papers = [.. ballots.Select(ballot => (ballot.Strict, ballot.Count))];
        var all = ballots.Sum(ballot => (long)ballot.Count);
        var cut = ballots.Where(ballot => ballot.Tiers.Any(tier => tier.Length > 1)).Sum(ballot => (long)ballot.Count);
        var there = Enumerable.Range(0, options).ToList();
        var gone = ImmutableArray<ImmutableArray<int>>.Empty;
        var rounds = new List<long[]>();
        ImmutableArray<ImmutableArray<long>> History() => [.. rounds.Select(round => round.ToImmutableArray())];
        while (true)
        {
            var votes = new long[options];
            foreach (var (order, count) in papers)
            {
                if (order.FirstOrDefault(there.Contains, -1) is >= 0 and var first)
                    votes[first] += count;
            }
            var leader = there.MaxBy(option => votes[option]);
            if (there.Count == 1 || 2 * votes[leader] > votes.Sum())
            {
                rounds.Add(votes);
                var others = Places.ByScore(there.Where(option => option != leader), option => votes[option]);
                return new Decided(leader, [[leader], .. others, .. gone]) { Rounds = History(), Ballots = all, CutShort = cut };
            }
            var fewest = there.Min(option => votes[option]);
            ImmutableArray<int> level = [.. there.Where(option => votes[option] == fewest)];
            var next = there.Where(option => votes[option] > fewest).Select(option => votes[option]).DefaultIfEmpty(-1).Min();
            if (level.Length > 1 && fewest * level.Length >= next)
            {
                if (EliminationTie.Settle(level, rounds, lot, most: false) is not { } goes)
                {
                    rounds.Add(votes);
                    return new NeedsLot(level) { Rounds = History(), Ballots = all, CutShort = cut };
                }
                level = [goes];
            }
            rounds.Add(votes);
            gone = gone.Insert(0, level);
            there.RemoveAll(level.Contains);
        }
    }
}
