using Polyphony.Statistics.Change;

namespace Polyphony.Statistics.Reason;

/// <summary>The index of the same people before and after.</summary>
/// <remarks>The paired test compares each person's own index. People's indices share their pairs and are not independent: the p-value describes, it proves nothing.</remarks>
/// <param name="Before">The index before.</param>
/// <param name="After">The index after.</param>
/// <param name="Individual">Signed-rank test of the people's original indices; its p-value against "moved up" is the one to read.</param>
/// <param name="Dropped">People without an index before or after.</param>
public sealed record ReasonChange(ReasonIndex Before, ReasonIndex After, SignedRank Individual, int Dropped)
{
    private const int Digits = 12;

    /// <summary>Compares.</summary>
    /// <param name="before">Answers before.</param>
    /// <param name="after">Answers after of the same people in the same order; the items may differ.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">Different numbers of people.</exception>
    public static ReasonChange Of(IReadOnlyList<ReasonAnswers> before, IReadOnlyList<ReasonAnswers> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Count != after.Count)
            throw new ArgumentException("Different numbers of people.", nameof(after));
        var first = ReasonIndex.Of(before);
        var second = ReasonIndex.Of(after);
        (decimal, decimal)[] pairs = [.. first.Individual.Zip(second.Individual)
            .Where(person => person is { First: not null, Second: not null })
            .Select(person => (Rounded(person.First!.Value), Rounded(person.Second!.Value)))];
        return new ReasonChange(first, second, SignedRank.Of(pairs), before.Count - pairs.Length);
    }

    /// <summary>Twelve digits: beyond them there is rounding only, which would make equal differences look different.</summary>
    private static decimal Rounded(double index) => Math.Round((decimal)index, Digits);
}
