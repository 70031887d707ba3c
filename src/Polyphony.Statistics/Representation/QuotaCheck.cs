namespace Polyphony.Statistics.Representation;

/// <summary>Whether the number of people with a value lies within its quota.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Count">People observed, 0 or more.</param>
/// <param name="Min">Least number.</param>
/// <param name="Max">Greatest number.</param>
public sealed record QuotaCheck(string Value, int Count, int Min, int Max)
{
    /// <summary>Whether the quota is met.</summary>
    public bool IsMet => Count >= Min && Count <= Max;

    /// <summary>People too many (positive) or missing (negative); 0 when the quota is met.</summary>
    public int Miss => Math.Max(0, Count - Max) - Math.Max(0, Min - Count);
}
