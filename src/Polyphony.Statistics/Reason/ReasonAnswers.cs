using System.Collections.Immutable;

namespace Polyphony.Statistics.Reason;

/// <summary>What one person thinks and what one person wants.</summary>
/// <param name="Considerations">Agreement with each consideration, on any ordered scale; <see langword="null"/> where there is no answer.</param>
/// <param name="Preferences">Rank of, or preference for, each policy; <see langword="null"/> where there is no answer.</param>
public sealed record ReasonAnswers(ImmutableArray<decimal?> Considerations, ImmutableArray<decimal?> Preferences);

/// <summary>How alike two people are in what they think and in what they want.</summary>
/// <param name="First">Position of one person.</param>
/// <param name="Second">Position of the other, the greater.</param>
/// <param name="Considerations">Spearman correlation of their considerations, −1 to 1; <see langword="null"/> when one of them answered all alike, or fewer than two items in common.</param>
/// <param name="Preferences">Spearman correlation of their preferences, likewise.</param>
public sealed record ReasonPair(int First, int Second, double? Considerations, double? Preferences)
{
    /// <summary>Whether both correlations exist; other pairs are dropped and counted.</summary>
    public bool IsDefined => Considerations is not null && Preferences is not null;
}
