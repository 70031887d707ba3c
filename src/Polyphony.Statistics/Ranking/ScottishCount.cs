using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Single transferable vote as Scottish councils are elected: Droop quota, weighted surpluses, five decimals cut off.</summary>
/// <remarks>
/// Scottish Local Government Elections Order 2007, schedule 1, rules 45 to 52. Whole hundred-thousandths throughout. Two things of ours: options without any vote are excluded together, for they
/// have nothing to pass on; and where the law draws a lot, a lot must be given.
/// </remarks>
public static class ScottishCount
{
    private const long Unit = 100_000;

    /// <summary>Counts.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="seats">Seats, 1 to <paramref name="options"/>.</param>
    /// <param name="ballots">The ballots; a ballot counts up to its first equal rank.</param>
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

    /// <param name="Order">Options from the best.</param>
    /// <param name="At">Place of the option that holds the papers now.</param>
    /// <param name="Papers">Number of papers.</param>
    /// <param name="Value">Value of each, in units.</param>
    private readonly record struct Parcel(ImmutableArray<int> Order, int At, long Papers, long Value);

    private sealed class Count
    {
        private readonly int _seats;
        private readonly IReadOnlyList<int> _lot;
        private readonly long _ballots;
        private readonly long _cut;
        private readonly long _quota;
        private readonly List<Parcel>[] _piles;
        private readonly long[] _votes;
        private readonly List<int> _continuing;
        private readonly List<int> _elected = [];
        private readonly HashSet<int> _surpluses = [];
        private readonly List<long[]> _history = [];
        private readonly ImmutableArray<CountStage>.Builder _stages = ImmutableArray.CreateBuilder<CountStage>();

        public Count(int options, int seats, IReadOnlyCollection<RankedBallot> ballots, IReadOnlyList<int> lot)
        {
            _seats = seats;
            _lot = lot;
            _continuing = [.. Enumerable.Range(0, options)];
            _piles = [.. _continuing.Select(_ => new List<Parcel>())];
            _votes = new long[options];
            foreach (var ballot in ballots)
            {
                _cut += ballot.Tiers.Any(tier => tier.Length > 1) ? ballot.Count : 0;
                if (ballot.Strict is not { IsEmpty: false } order)
                    continue;
                _ballots += ballot.Count;
                Give(order[0], new Parcel(order, 0, ballot.Count, Unit));
            }
            _quota = ((_ballots / (seats + 1)) + 1) * Unit;
        }

        public SingleTransferableVote Run()
        {
            Close(StageAction.FirstPreferences, []);
            while (true)
            {
                foreach (var option in _continuing.Where(option => _votes[option] >= _quota).OrderByDescending(option => _votes[option]).ToList())
                    Elect(option);
                if (_elected.Count + _continuing.Count <= _seats)
                {
                    foreach (var option in _continuing.OrderByDescending(option => _votes[option]).ToList())
                        Elect(option);
                }
                if (_elected.Count >= _seats)
                    return new SingleTransferableVote.Decided([.. _elected]) { Ballots = _ballots, CutShort = _cut, Stages = _stages.ToImmutable() };
                var level = _surpluses.Count > 0 ? Level(_surpluses, most: true) : Level(_continuing, most: false);
                if (_surpluses.Count == 0 && _votes[level[0]] == 0 && _elected.Count + _continuing.Count - level.Length >= _seats)
                {
                    _continuing.RemoveAll(level.Contains);
                    Close(StageAction.Excluded, level);
                    continue;
                }
                if (Settle(level) is not { } chosen)
                    return new SingleTransferableVote.NeedsLot(level) { Ballots = _ballots, CutShort = _cut, Stages = _stages.ToImmutable() };
                if (_surpluses.Remove(chosen))
                    PassSurplus(chosen);
                else
                    Exclude(chosen);
            }
        }

        private void Elect(int option)
        {
            _elected.Add(option);
            _continuing.Remove(option);
            if (_votes[option] > _quota)
                _surpluses.Add(option);
        }

        private ImmutableArray<int> Level(IReadOnlyCollection<int> among, bool most)
        {
            var bound = most ? among.Max(option => _votes[option]) : among.Min(option => _votes[option]);
            return [.. among.Where(option => _votes[option] == bound).Order()];
        }

        private int? Settle(ImmutableArray<int> level) =>
            level.Length == 1 ? level[0] : EliminationTie.Settle(level, _history, _lot, most: _surpluses.Count > 0);

        private void PassSurplus(int option)
        {
            var total = _votes[option];
            Pass(option, value => (long)((Int128)(total - _quota) * value / total));
            _votes[option] = _quota;
            Close(StageAction.SurplusTransferred, [option]);
        }

        private void Exclude(int option)
        {
            _continuing.Remove(option);
            Pass(option, value => value);
            _votes[option] = 0;
            Close(StageAction.Excluded, [option]);
        }

        private void Pass(int option, Func<long, long> value)
        {
            foreach (var parcel in _piles[option])
            {
                var next = parcel.At + 1;
                while (next < parcel.Order.Length && !_continuing.Contains(parcel.Order[next]))
                    next++;
                if (next < parcel.Order.Length)
                    Give(parcel.Order[next], parcel with { At = next, Value = value(parcel.Value) });
            }
            _piles[option].Clear();
        }

        private void Give(int option, Parcel parcel)
        {
            _piles[option].Add(parcel);
            _votes[option] += parcel.Papers * parcel.Value;
        }

        private void Close(StageAction action, ImmutableArray<int> options)
        {
            _history.Add([.. _votes]);
            _stages.Add(new CountStage(action, options, [.. _votes.Select(votes => (decimal)votes / Unit)], (decimal)_quota / Unit));
        }
    }
}
