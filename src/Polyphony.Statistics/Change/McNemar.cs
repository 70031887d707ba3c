using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Change;

/// <summary>Did a yes-or-no answer change in one direction more than in the other?</summary>
/// <remarks>Q. McNemar, Psychometrika 12 (1947); only those who changed tell anything.</remarks>
/// <param name="Left">People who said yes before and no after.</param>
/// <param name="Joined">People who said no before and yes after.</param>
/// <param name="ChiSquared">(left − joined)² / (left + joined), 1 degree of freedom; <see langword="null"/> when nobody changed.</param>
/// <param name="PValue">Its upper tail, or <see langword="null"/>.</param>
/// <param name="CorrectedChiSquared">(|left − joined| − 1)² / (left + joined), not below nought; <see langword="null"/> when nobody changed.</param>
/// <param name="CorrectedPValue">Its upper tail, or <see langword="null"/>.</param>
/// <param name="ExactPValue">2 P(Bin(left + joined, ½) ≤ the lesser), at most 1; 1 when nobody changed.</param>
public sealed record McNemar(int Left, int Joined, double? ChiSquared, double? PValue, double? CorrectedChiSquared, double? CorrectedPValue, double ExactPValue)
{
    /// <summary>Below this number of people who changed, the exact p-value is the one to use.</summary>
    public const int FewestForChiSquare = 25;

    /// <summary>People who changed.</summary>
    public int Changed => Left + Joined;

    /// <summary>The p-value to use: exact below 25 people who changed, else that of the uncorrected statistic.</summary>
    public double BestPValue => Changed < FewestForChiSquare ? ExactPValue : PValue!.Value;

    /// <summary>(joined − left) / (joined + left), −1 to 1: in which direction those who changed went; <see langword="null"/> when nobody did.</summary>
    public double? Direction => Changed == 0 ? null : (double)(Joined - Left) / Changed;

    /// <summary>Tests the two counts of those who changed.</summary>
    /// <param name="left">Yes before, no after; 0 or more.</param>
    /// <param name="joined">No before, yes after; 0 or more.</param>
    /// <returns>The test.</returns>
    public static McNemar Of(int left, int joined)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(joined);
        var changed = left + joined;
        var exact = Math.Min(1, 2 * Tail.FairCoinAtMost(Math.Min(left, joined), changed));
        if (changed == 0)
            return new McNemar(left, joined, null, null, null, null, 1);
        var difference = Math.Abs((double)left - joined);
        var statistic = difference * difference / changed;
        var corrected = Math.Pow(Math.Max(0, difference - 1), 2) / changed;
        return new McNemar(left, joined, statistic, Tail.ChiSquare(statistic, 1), corrected, Tail.ChiSquare(corrected, 1), exact);
    }
}
