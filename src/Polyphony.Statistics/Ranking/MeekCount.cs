using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Single transferable vote by Meek's rule: every elected option keeps just the part of each vote that it needs.</summary>
/// <remarks>
/// B. L. Meek (1969); I. D. Hill, B. A. Wichmann, D. R. Woodall, "Algorithm 123: Single transferable vote by Meek's method", Computer Journal 30 (1987); fixed-point arithmetic as in the
/// Proportional Representation Foundation's reference rule: nine decimals, keep factors rounded up, a round ends when the surplus is below a millionth or no longer shrinks. Options within
/// the remaining surplus of the lowest are level. Options without any vote are excluded together; where the rule draws a lot, a lot must be given.
/// </remarks>
public static class MeekCount
{
    private const long Unit = 1_000_000_000;
    private const long Small = 1_000;

    /// <summary>Counts.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="seats">Seats, 1 to <paramref name="options"/>.</param>
    /// <param name="ballots">The ballots; a ballot counts up to its first equal rank. Less than a thousand million in all.</param>
    /// <param name="lot">Options in the order of a lot drawn in public, the first having the advantage; empty when none was drawn.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentException">A ballot or the lot names an option that is not there, or one twice.</exception>
    public static SingleTransferableVote Of(int options, int seats, IReadOnlyCollection<RankedBallot> ballots, params IReadOnlyList<int> lot)
    {
        RankedBallot.Demand(options, ballots);
        RankedBallot.DemandLot(options, lot);
        ArgumentOutOfRangeException.ThrowIfLessThan(seats, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seats, options);
        return new Count(options, seats, ballots, lot).Run();
    }

    private sealed class Count(int options, int seats, IReadOnlyCollection<RankedBallot> ballots, IReadOnlyList<int> lot)
    {
        private readonly (ImmutableArray<int> Order, long Count)[] _papers =
            [.. ballots.Select(ballot => (ballot.Strict, (long)ballot.Count)).Where(paper => !paper.Strict.IsEmpty)];

        private readonly long _cut = ballots.Where(ballot => ballot.Tiers.Any(tier => tier.Length > 1)).Sum(ballot => (long)ballot.Count);
        private readonly long[] _keep = [.. Enumerable.Repeat(Unit, options)];
        private readonly List<int> _hopeful = [.. Enumerable.Range(0, options)];
        private readonly List<int> _elected = [];
        private readonly ImmutableArray<CountStage>.Builder _stages = ImmutableArray.CreateBuilder<CountStage>();
        private long[] _votes = new long[options];
        private long _quota;

        public SingleTransferableVote Run()
        {
            var action = StageAction.FirstPreferences;
            ImmutableArray<int> excluded = [];
            while (true)
            {
                var surplus = Converge();
                _stages.Add(new CountStage(action, excluded, [.. _votes.Select(votes => (decimal)votes / Unit)], (decimal)_quota / Unit));
                if (_elected.Count + _hopeful.Count <= seats)
                    ElectAll(_hopeful);
                if (_elected.Count >= seats)
                    return new SingleTransferableVote.Decided([.. _elected]) { Ballots = Ballots, CutShort = _cut, Stages = _stages.ToImmutable() };
                var fewest = _hopeful.Min(option => _votes[option]);
                excluded = [.. _hopeful.Where(option => _votes[option] <= fewest + surplus).Order()];
                var goTogether = excluded.All(option => _votes[option] == 0) && _elected.Count + _hopeful.Count - excluded.Length >= seats;
                if (excluded.Length > 1 && !goTogether)
                {
                    if (EliminationTie.Settle(excluded, [], lot, most: false) is not { } goes)
                        return new SingleTransferableVote.NeedsLot(excluded) { Ballots = Ballots, CutShort = _cut, Stages = _stages.ToImmutable() };
                    excluded = [goes];
                }
                action = StageAction.Excluded;
                foreach (var option in excluded)
                    _keep[option] = 0;
                _hopeful.RemoveAll(excluded.Contains);
                if (_elected.Count + _hopeful.Count <= seats)
                    ElectAll(_hopeful);
            }
        }

        private long Ballots => _papers.Sum(paper => paper.Count);

        /// <summary>Elects who reaches the quota and lowers keep factors until what is left over is small; gives that surplus.</summary>
        private long Converge()
        {
            var before = long.MaxValue;
            while (true)
            {
                Distribute();
                List<int> reached = [.. _hopeful.Where(option => _votes[option] >= _quota)];
                ElectAll(reached);
                var surplus = Math.Max(0, _elected.Sum(option => _votes[option] - _quota));
                if (_elected.Count >= seats || surplus < Small || (surplus >= before && reached.Count == 0))
                    return surplus;
                before = surplus;
                foreach (var option in _elected.Where(option => _votes[option] > 0))
                    _keep[option] = (long)CeilingOf(CeilingOf((Int128)_keep[option] * _quota, Unit) * Unit, _votes[option]);
            }
        }

        private void Distribute()
        {
            _votes = new long[_keep.Length];
            foreach (var (order, count) in _papers)
            {
                var weight = Unit;
                foreach (var option in order)
                {
                    var kept = (long)CeilingOf((Int128)weight * _keep[option], Unit);
                    _votes[option] += kept * count;
                    weight -= kept;
                    if (weight <= 0)
                        break;
                }
            }
            _quota = (_votes.Sum() / (seats + 1)) + 1;
        }

        private void ElectAll(List<int> chosen)
        {
            foreach (var option in chosen.OrderByDescending(option => _votes[option]).ToList())
            {
                _elected.Add(option);
                _hopeful.Remove(option);
            }
        }

        private static Int128 CeilingOf(Int128 product, Int128 divisor) => (product + divisor - 1) / divisor;
    }
}
