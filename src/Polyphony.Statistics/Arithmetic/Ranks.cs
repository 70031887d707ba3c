namespace Polyphony.Statistics.Arithmetic;

/// <summary>Average ranks, doubled so that they stay whole, and Spearman's correlation from them.</summary>
internal static class Ranks
{
    /// <summary>Twice the rank of each value from 1; equal values share the mean of their ranks.</summary>
    public static long[] Doubled<T>(IReadOnlyList<T> values)
        where T : IComparable<T>
    {
        var order = Enumerable.Range(0, values.Count).ToArray();
        Array.Sort(order, (a, b) => values[a].CompareTo(values[b]));
        var ranks = new long[values.Count];
        for (var first = 0; first < order.Length;)
        {
            var last = first;
            while (last + 1 < order.Length && values[order[last + 1]].CompareTo(values[order[first]]) == 0)
                last++;
            for (var at = first; at <= last; at++)
                ranks[order[at]] = first + last + 2;
            first = last + 1;
        }
        return ranks;
    }

    /// <summary>Σ(t³ − t) over groups of equal ranks.</summary>
    public static long Ties(IEnumerable<long> ranks) => ranks.GroupBy(rank => rank).Sum(tied => ((long)tied.Count() * tied.Count() * tied.Count()) - tied.Count());

    /// <summary>Pearson's correlation of two rows of whole ranks, which is Spearman's of the values; <see langword="null"/> when one of them is constant.</summary>
    /// <remarks>All sums are whole, so the order of the items changes no bit.</remarks>
    public static double? Correlation(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        long sumA = 0, sumB = 0, squareA = 0, squareB = 0, product = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sumA += a[i];
            sumB += b[i];
            squareA += a[i] * a[i];
            squareB += b[i] * b[i];
            product += a[i] * b[i];
        }
        var spreadA = (a.Length * squareA) - (sumA * sumA);
        var spreadB = (a.Length * squareB) - (sumB * sumB);
        return spreadA == 0 || spreadB == 0 ? null : ((a.Length * product) - (sumA * sumB)) / Math.Sqrt((double)spreadA * spreadB);
    }
}
