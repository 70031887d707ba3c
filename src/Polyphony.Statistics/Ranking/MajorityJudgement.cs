using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>The grades of one option.</summary>
/// <param name="Counts">Ballots per grade, the worst grade first; ballots without a grade count as the worst.</param>
/// <param name="Ungraded">Ballots without a grade for it.</param>
/// <param name="Median">The lower median grade: at least half of the ballots give it or a better one.</param>
/// <param name="Better">Ballots that give a better grade.</param>
/// <param name="Worse">Ballots that give a worse grade.</param>
public sealed record OptionGrades(ImmutableArray<long> Counts, long Ungraded, int Median, long Better, long Worse);

/// <summary>Majority judgement: the highest median grade wins; level options are compared by taking median grades away, one by one.</summary>
/// <remarks>M. Balinski, R. Laraki, "Majority Judgment" (2010). Whole numbers only.</remarks>
/// <param name="Ballots">Number of ballots.</param>
/// <param name="Order">Options in tiers, from the best; options in one tier have the same grades throughout.</param>
/// <param name="Options">Grades per option; empty without ballots.</param>
public sealed record MajorityJudgement(long Ballots, ImmutableArray<ImmutableArray<int>> Order, ImmutableArray<OptionGrades> Options)
{
    /// <summary>Ranks the options.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="grades">Number of grades, 2 or more.</param>
    /// <param name="ballots">Per kind of ballot one grade (0, the worst, up) per option, <see langword="null"/> for none, and the number of such ballots.</param>
    /// <returns>The ranking.</returns>
    /// <exception cref="ArgumentException">A ballot with another number of options, an unknown grade or no count.</exception>
    public static MajorityJudgement Of(int options, int grades, IReadOnlyCollection<(IReadOnlyList<int?> Grades, int Count)> ballots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(grades, 2);
        ArgumentNullException.ThrowIfNull(ballots);
        if (ballots.Any(ballot => ballot.Count < 1 || ballot.Grades.Count != options || ballot.Grades.Any(grade => grade < 0 || grade >= grades)))
            throw new ArgumentException("A ballot with another number of options, an unknown grade or no count.", nameof(ballots));
        var all = ballots.Sum(ballot => (long)ballot.Count);
        if (all == 0)
            return new MajorityJudgement(0, [[.. Enumerable.Range(0, options)]], []);
        ImmutableArray<OptionGrades> found = [.. Enumerable.Range(0, options).Select(option => GradesOf(option, grades, ballots))];
        var order = Enumerable.Range(0, options).ToList();
        order.Sort((a, b) => -Compare(found[a].Counts, found[b].Counts));
        var tiers = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        foreach (var option in order)
        {
            if (tiers.Count > 0 && found[tiers[^1][0]].Counts.SequenceEqual(found[option].Counts))
                tiers[^1] = tiers[^1].Add(option).Sort();
            else
                tiers.Add([option]);
        }
        return new MajorityJudgement(all, tiers.ToImmutable(), found);
    }

    private static OptionGrades GradesOf(int option, int grades, IReadOnlyCollection<(IReadOnlyList<int?> Grades, int Count)> ballots)
    {
        var counts = new long[grades];
        long ungraded = 0;
        foreach (var (given, count) in ballots)
        {
            counts[given[option] ?? 0] += count;
            ungraded += given[option] is null ? count : 0;
        }
        var median = MediansTakenAway(counts).First();
        return new OptionGrades([.. counts], ungraded, median, counts[(median + 1)..].Sum(), counts[..median].Sum());
    }

    private static int Compare(ImmutableArray<long> a, ImmutableArray<long> b)
    {
        if (a.SequenceEqual(b))
            return 0;
        foreach (var (first, second) in MediansTakenAway([.. a]).Zip(MediansTakenAway([.. b])))
        {
            if (first != second)
                return first.CompareTo(second);
        }
        return 0;
    }

    /// <summary>The lower median, then that of what is left, and so on: positions alternate outwards from the middle.</summary>
    private static IEnumerable<int> MediansTakenAway(long[] counts)
    {
        var all = counts.Sum();
        var low = (all - 1) / 2;
        var high = low + 1;
        int gradeLow = 0, gradeHigh = 0;
        var below = 0L;
        while (below + counts[gradeLow] <= low)
            below += counts[gradeLow++];
        (gradeHigh, var upTo) = (gradeLow, below);

        // Of an even number the upper neighbour comes second, of an odd number the lower one.
        var takeLow = true;
        var lowFirst = all % 2 == 1;
        for (var taken = 0L; taken < all; taken++)
        {
            if (takeLow)
            {
                while (low < below)
                    below -= counts[--gradeLow];
                yield return gradeLow;
                low--;
            }
            else
            {
                while (upTo + counts[gradeHigh] <= high)
                    upTo += counts[gradeHigh++];
                yield return gradeHigh;
                high++;
            }
            takeLow = taken == 0 ? lowFirst : !takeLow;
        }
    }
}
