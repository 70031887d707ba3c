using System.Numerics;

namespace Polyphony.Statistics.Selection;

/// <summary>Proportional approval voting: the slate with the greatest score of all slates, a person's n-th member counting 1/n.</summary>
/// <remarks>
/// T. N. Thiele (1895). It satisfies EJR; to find the slate is NP-hard, so it is done for small cases only and refused beyond: no other rule is put in its place. Branch and bound; the bound adds to a part of a slate
/// what the best candidates left would each add to it alone, which is never too little. Of equally good slates the first in the order of indices is taken.
/// </remarks>
public static class ExactPav
{
    /// <summary>Parts of slates that are looked at before the search is given up, unless told otherwise.</summary>
    public const int MostParts = 20_000;

    /// <summary>Chooses the slate.</summary>
    /// <param name="profile">Who approves what.</param>
    /// <param name="size">Seats, 1 to the number of candidates.</param>
    /// <param name="mostParts">How many parts of slates to look at before giving up; a count, so that every machine gives up alike.</param>
    /// <returns>The slate, or <see langword="null"/> when the case is too large.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer candidates than seats, or no seats.</exception>
    public static Slate? Of(ApprovalProfile profile, int size, int mostParts = MostParts)
    {
        ArgumentNullException.ThrowIfNull(profile);
        profile.DemandSize(size);
        var search = new Search(profile, size, mostParts);
        return search.Run() is { } best ? new Slate(size, Steps(profile, size, best), null) : null;
    }

    private static System.Collections.Immutable.ImmutableArray<SlateStep> Steps(ApprovalProfile profile, int size, int[] slate)
    {
        var score = new ApprovalScore(size);
        var members = new int[profile.Voters];
        List<SlateStep> steps = [];
        foreach (var candidate in slate)
        {
            var counts = new int[size];
            foreach (var voter in profile.Supporters[candidate])
                counts[members[voter]++]++;
            steps.Add(new SlateStep(candidate, SlateReason.Together, score.Exact(score.Gain(counts)), []));
        }
        return [.. steps];
    }

    private sealed class Search(ApprovalProfile profile, int size, int mostParts)
    {
        private readonly ApprovalScore _score = new(size);
        private readonly int[] _members = new int[profile.Voters];
        private readonly List<int> _part = [];
        private int[] _best = [];
        private BigInteger _most = BigInteger.MinusOne;
        private int _left = mostParts;

        public int[]? Run()
        {
            // A good slate to begin with cuts most branches; one equally good that comes first still replaces it.
            var greedy = SequentialPav.Of(profile, size).Committee;
            foreach (var candidate in greedy)
                Add(candidate, +1);
            _most = Total() - 1;
            foreach (var candidate in greedy)
                Add(candidate, -1);
            return Extend(0, BigInteger.Zero) ? _best : null;
        }

        /// <returns>False when the limit was reached.</returns>
        private bool Extend(int from, BigInteger score)
        {
            if (_left-- <= 0)
                return false;
            var missing = size - _part.Count;
            if (missing == 0)
            {
                if (score > _most)
                    (_most, _best) = (score, [.. _part]);
                return true;
            }
            var gains = new BigInteger[profile.Candidates - from];
            for (var candidate = from; candidate < profile.Candidates; candidate++)
                gains[candidate - from] = Gain(candidate);
            for (var candidate = from; candidate <= profile.Candidates - missing; candidate++)
            {
                // This one and the best of those behind it.
                var bound = score + gains[candidate - from];
                foreach (var gain in gains.Skip(candidate - from + 1).OrderDescending().Take(missing - 1))
                    bound += gain;
                if (bound <= _most)
                    continue;
                Add(candidate, +1);
                _part.Add(candidate);
                var done = Extend(candidate + 1, score + gains[candidate - from]);
                _part.RemoveAt(_part.Count - 1);
                Add(candidate, -1);
                if (!done)
                    return false;
            }
            return true;
        }

        private BigInteger Gain(int candidate)
        {
            Span<int> counts = new int[size];
            counts.Clear();
            foreach (var voter in profile.Supporters[candidate])
                counts[_members[voter]]++;
            return _score.Gain(counts);
        }

        private void Add(int candidate, int change)
        {
            foreach (var voter in profile.Supporters[candidate])
                _members[voter] += change;
        }

        private BigInteger Total()
        {
            var total = BigInteger.Zero;
            foreach (var members in _members)
            {
                for (var member = 1; member <= members; member++)
                    total += _score.Denominator / member;
            }
            return total;
        }
    }
}
