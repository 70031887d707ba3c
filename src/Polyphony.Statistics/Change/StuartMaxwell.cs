using System.Collections.Immutable;
using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Change;

/// <summary>Did the shares of the options change between two askings of the same people?</summary>
/// <remarks>
/// A. Stuart, Biometrika 42 (1955); A. E. Maxwell, British Journal of Psychiatry 116 (1970); V. P. Bhapkar, JASA 61 (1966). Computed in whole numbers: X² = dᵀS⁻¹d is an
/// exact fraction, so the names and the order of the options change nothing. S is singular where no answer moves between two sets of options; each set is then
/// tested with its own degrees of freedom, and an option that nobody left or joined is dropped.
/// </remarks>
/// <param name="Pairs">People who answered both times.</param>
/// <param name="Changed">People whose answer changed.</param>
/// <param name="ChiSquared">X², or <see langword="null"/> when nobody changed.</param>
/// <param name="Degrees">Options that somebody left or joined, less one for each set without moves to the others; 0 when nobody changed.</param>
/// <param name="PValue">Upper tail of the chi-square distribution, or <see langword="null"/>.</param>
/// <param name="Bhapkar">X² / (1 − X²/pairs), or <see langword="null"/> when nobody changed or X² reaches the number of pairs.</param>
/// <param name="BhapkarPValue">Its upper tail, or <see langword="null"/>.</param>
/// <param name="Dropped">Options that nobody left or joined.</param>
public sealed record StuartMaxwell(
    int Pairs, int Changed, double? ChiSquared, int Degrees, double? PValue, double? Bhapkar, double? BhapkarPValue, ImmutableArray<int> Dropped)
{
    /// <summary>Tests a flow of answers.</summary>
    /// <param name="flow">The flow.</param>
    /// <returns>The test.</returns>
    public static StuartMaxwell Of(AnswerFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Fraction statistic = 0;
        var degrees = 0;
        ImmutableArray<int> dropped = [];
        foreach (var set in SetsOfMoves(flow))
        {
            if (set.Count == 1)
            {
                dropped = dropped.Add(set[0]);
                continue;
            }
            statistic += OfSet(flow, set);
            degrees += set.Count - 1;
        }
        dropped = dropped.Sort();
        if (degrees == 0)
            return new StuartMaxwell(flow.Pairs, 0, null, 0, null, null, null, dropped);
        var value = statistic.ToDouble();
        double? bhapkar = statistic < flow.Pairs ? (statistic / (1 - (statistic / flow.Pairs))).ToDouble() : null;
        return new StuartMaxwell(
            flow.Pairs, flow.Changed, value, degrees, Tail.ChiSquare(value, degrees), bhapkar, bhapkar is { } found ? Tail.ChiSquare(found, degrees) : null, dropped);
    }

    /// <summary>Options joined by moves in either direction.</summary>
    private static List<List<int>> SetsOfMoves(AnswerFlow flow)
    {
        var sets = new List<List<int>>();
        var seen = new bool[flow.Options];
        for (var start = 0; start < flow.Options; start++)
        {
            if (seen[start])
                continue;
            var set = new List<int> { start };
            seen[start] = true;
            for (var at = 0; at < set.Count; at++)
            {
                for (var other = 0; other < flow.Options; other++)
                {
                    if (seen[other] || Moves(flow, set[at], other) == 0)
                        continue;
                    seen[other] = true;
                    set.Add(other);
                }
            }
            sets.Add(set);
        }
        return sets;
    }

    private static int Moves(AnswerFlow flow, int a, int b) => flow.Counts[a][b] + flow.Counts[b][a];

    /// <summary>dᵀS⁻¹d = −det[[S, d], [dᵀ, 0]] / det S, by fraction-free elimination; S is positive definite, so no pivot is nought.</summary>
    private static Fraction OfSet(AnswerFlow flow, List<int> set)
    {
        var size = set.Count - 1;
        var before = flow.Before;
        var after = flow.After;
        var m = new BigInteger[size + 1, size + 1];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
                m[i, j] = i == j ? set.Sum(other => other == set[i] ? 0 : Moves(flow, set[i], other)) : -Moves(flow, set[i], set[j]);
            m[i, size] = m[size, i] = before[set[i]] - after[set[i]];
        }
        var previous = BigInteger.One;
        for (var pivot = 0; pivot < size; pivot++)
        {
            for (var i = pivot + 1; i <= size; i++)
            {
                for (var j = pivot + 1; j <= size; j++)
                    m[i, j] = ((m[i, j] * m[pivot, pivot]) - (m[i, pivot] * m[pivot, j])) / previous;
            }
            previous = m[pivot, pivot];
        }
        return new Fraction(-m[size, size], previous);
    }
}
