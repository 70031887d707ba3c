namespace Polyphony.Seating;

/// <summary>What meetings of one pair are worth together, f(x) for x meetings; concave, so that a new encounter is worth most.</summary>
public enum MeetingValue
{
    /// <summary>min(x, 1): only the number of distinct pairs counts.</summary>
    Distinct,

    /// <summary>2 − 2^(1−x) for x ≥ 1: every further meeting is worth half of the one before.</summary>
    Geometric,

    /// <summary>1 + 1/2 + … + 1/x.</summary>
    Harmonic,
}

/// <summary>The values in whole numbers, so that sums do not depend on their order.</summary>
internal static class MeetingGain
{
    /// <summary>What the first meeting is worth; divisible by 1 to 10 and often by two.</summary>
    public const int First = 5040;

    /// <summary>What the next meeting is worth to a pair that has met before.</summary>
    public static int Next(MeetingValue value, int before) => value switch
    {
        _ when before == 0 => First,
        MeetingValue.Distinct => 0,
        MeetingValue.Geometric => before > 12 ? 0 : First >> before,
        MeetingValue.Harmonic => First / (before + 1),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
