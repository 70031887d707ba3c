using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Convergence;

/// <summary>Do several rankings of the same things agree?</summary>
/// <remarks>M. G. Kendall, B. Babington Smith, "The problem of m rankings", Annals of Mathematical Statistics 10 (1939), corrected for ties. The p-value is an approximation that needs more than seven things.</remarks>
/// <param name="Rankings">Number of rankings.</param>
/// <param name="Things">Number of things ranked.</param>
/// <param name="W">0 (none) to 1 (alike), or <see langword="null"/> with fewer than two rankings or things, or when all rankings are one tie.</param>
/// <param name="ChiSquared">rankings × (things − 1) × W, or <see langword="null"/>.</param>
/// <param name="Degrees">Things less one.</param>
/// <param name="PValue">Upper tail of the chi-square distribution, or <see langword="null"/>.</param>
public sealed record KendallW(int Rankings, int Things, double? W, double? ChiSquared, int Degrees, double? PValue)
{
    /// <summary>Computes W.</summary>
    /// <param name="rankings">Per ranking one number per thing, the order alone counting; equal numbers are ties. Rows of equal length.</param>
    /// <returns>W with its counts.</returns>
    /// <exception cref="ArgumentException">Rows of different lengths.</exception>
    public static KendallW Of(IReadOnlyList<IReadOnlyList<decimal>> rankings)
    {
        ArgumentNullException.ThrowIfNull(rankings);
        return OfCounted([.. rankings.Select(row => (row, 1))]);
    }

    /// <summary>Computes W of rankings of which some are alike.</summary>
    /// <param name="rankings">As above, each with how many there are of it, 1 or more.</param>
    /// <returns>W with its counts.</returns>
    /// <exception cref="ArgumentException">Rows of different lengths, or a count below 1.</exception>
    public static KendallW OfCounted(IReadOnlyList<(IReadOnlyList<decimal> Ranking, int Count)> rankings)
    {
        ArgumentNullException.ThrowIfNull(rankings);
        var n = rankings.Count == 0 ? 0 : rankings[0].Ranking.Count;
        if (rankings.Any(row => row.Ranking.Count != n || row.Count < 1))
            throw new ArgumentException("Rows of different lengths, or a count below 1.", nameof(rankings));
        var m = rankings.Sum(row => row.Count);
        (long[] Ranks, int Count)[] ranks = [.. rankings.Select(row => (Ranks.Doubled(row.Ranking), row.Count))];

        // Doubled ranks: sums are twice, squares four times the true ones.
        long[] sums = [.. Enumerable.Range(0, n).Select(thing => ranks.Sum(row => row.Ranks[thing] * row.Count))];
        var deviations = n == 0 ? 0 : sums.Aggregate(BigInteger.Zero, (total, sum) => total + BigInteger.Pow(sum - ((long)m * (n + 1)), 2));
        var most = ((BigInteger)m * m * (((BigInteger)n * n * n) - n)) - (m * ranks.Aggregate(BigInteger.Zero, (total, row) => total + ((BigInteger)row.Count * Ranks.Ties(row.Ranks))));
        if (m < 2 || n < 2 || most.IsZero)
            return new KendallW(m, n, null, null, Math.Max(0, n - 1), null);
        var w = new Fraction(3 * deviations, most);
        var statistic = (w * m * (n - 1)).ToDouble();
        return new KendallW(m, n, w.ToDouble(), statistic, n - 1, Tail.ChiSquare(statistic, n - 1));
    }
}
