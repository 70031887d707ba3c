using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Change;

/// <summary>What becomes of people whose two answers are equal.</summary>
public enum EqualAnswers
{
    /// <summary>They are left out before ranking (Wilcoxon).</summary>
    Dropped = 1,

    /// <summary>They are ranked with the others and left out afterwards (Pratt 1959).</summary>
    RankedFirst = 2,
}

/// <summary>Did ordered answers move up or down, given by the same people twice?</summary>
/// <remarks>
/// F. Wilcoxon, Biometrics Bulletin 1 (1945); J. W. Pratt, JASA 54 (1959). Exact up to 25 different pairs without ties; else the normal approximation with
/// correction for ties and continuity, as in R's wilcox.test.
/// </remarks>
/// <param name="Pairs">People who answered both times.</param>
/// <param name="Equal">Of them, people whose two answers are equal.</param>
/// <param name="RanksUp">Sum of the ranks of those who moved up (V).</param>
/// <param name="RanksDown">Sum of the ranks of those who moved down.</param>
/// <param name="IsExact">Whether the p-values are exact.</param>
/// <param name="Z">Standard normal score without correction for continuity, positive upwards; <see langword="null"/> when nobody moved.</param>
/// <param name="PUp">P-value against "moved up", or <see langword="null"/>.</param>
/// <param name="PDown">P-value against "moved down", or <see langword="null"/>.</param>
/// <param name="PValue">Two-sided p-value, or <see langword="null"/>.</param>
public sealed record SignedRank(int Pairs, int Equal, double RanksUp, double RanksDown, bool IsExact, double? Z, double? PUp, double? PDown, double? PValue)
{
    /// <summary>Up to this many pairs that differ the distribution is counted out.</summary>
    public const int MostForExact = 25;

    /// <summary>Matched-pairs rank-biserial correlation: (up − down) / (up + down), −1 to 1; <see langword="null"/> when nobody moved.</summary>
    public double? RankBiserial => RanksUp + RanksDown > 0 ? (RanksUp - RanksDown) / (RanksUp + RanksDown) : null;

    /// <summary>Z by the square root of the number of pairs that differ, or <see langword="null"/>.</summary>
    public double? EffectSize => Z / Math.Sqrt(Pairs - Equal);

    /// <summary>Tests pairs of numbers.</summary>
    /// <param name="pairs">One pair per person, absolute values up to <see cref="PairedValues.Largest"/>; only the order of the differences counts.</param>
    /// <param name="equal">What becomes of equal answers.</param>
    /// <returns>The test.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is too large.</exception>
    public static SignedRank Of(IReadOnlyCollection<(decimal Before, decimal After)> pairs, EqualAnswers equal = EqualAnswers.Dropped)
    {
        var differences = PairedValues.Differences(pairs);
        var moved = equal == EqualAnswers.Dropped ? [.. differences.Where(difference => difference != 0)] : differences;
        var ranks = Ranks.Doubled([.. moved.Select(Math.Abs)]);
        long up = 0, down = 0, squares = 0;
        for (var i = 0; i < moved.Length; i++)
        {
            if (moved[i] == 0)
                continue;
            (up, down) = moved[i] > 0 ? (up + ranks[i], down) : (up, down + ranks[i]);
            squares += ranks[i] * ranks[i];
        }
        var still = differences.Count(difference => difference == 0);
        var different = differences.Length - still;
        if (different == 0)
            return new SignedRank(differences.Length, still, 0, 0, false, null, null, null, null);

        // Doubled ranks: mean (up + down) / 2, variance Σ rank² / 4 in the same doubled unit.
        var above = (up - down) / 2.0;
        var deviation = Math.Sqrt(squares) / 2;
        var isExact = different <= MostForExact && Ranks.Ties(ranks) == 0 && moved.Length == different;
        var (pUp, pDown) = isExact
            ? (AtLeast(up / 2, different), AtLeast(down / 2, different))
            : (Tail.Normal((above - 1) / deviation), Tail.Normal((-above - 1) / deviation));
        var both = isExact || above == 0 ? Math.Min(1, 2 * Math.Min(pUp, pDown)) : 2 * Tail.Normal((Math.Abs(above) - 1) / deviation);
        return new SignedRank(differences.Length, still, up / 2.0, down / 2.0, isExact, above / deviation, pUp, pDown, Math.Min(1, both));
    }

    /// <summary>The share of the 2ⁿ signings of 1..n whose positive ranks add up to <paramref name="sum"/> or more.</summary>
    private static double AtLeast(long sum, int n)
    {
        var most = n * (n + 1) / 2;
        var ways = new long[most + 1];
        ways[0] = 1;
        for (var rank = 1; rank <= n; rank++)
        {
            for (var total = most; total >= rank; total--)
                ways[total] += ways[total - rank];
        }
        return ways.Skip((int)sum).Sum() / Math.ScaleB(1, n);
    }
}
