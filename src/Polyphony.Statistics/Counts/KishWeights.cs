using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Counts;

/// <summary>What unequal weights cost: the number of equally weighted people who would tell as much.</summary>
/// <remarks>L. Kish, "Survey Sampling" (1965): (Σw)² / Σw².</remarks>
/// <param name="People">People with a weight above 0.</param>
/// <param name="Effective">Effective number, up to <paramref name="People"/>; <see langword="null"/> without people.</param>
/// <param name="DesignEffect">People by the effective number, 1 or more; <see langword="null"/> without people.</param>
public sealed record KishWeights(int People, double? Effective, double? DesignEffect)
{
    /// <summary>Measures weights.</summary>
    /// <param name="weights">One per person, 0 or more, any scale.</param>
    /// <returns>The measure; people with weight 0 do not count.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or no number.</exception>
    public static KishWeights Of(IReadOnlyCollection<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Any(weight => !(weight >= 0) || !double.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(nameof(weights));
        var people = weights.Count(weight => weight > 0);
        if (people == 0)
            return new KishWeights(0, null, null);

        // By the largest, so that no square overflows or vanishes.
        var largest = weights.Max();
        var sum = SortedSum.Of(weights.Select(weight => weight / largest));
        var effective = sum * sum / SortedSum.Of(weights.Select(weight => weight / largest * (weight / largest)));
        return new KishWeights(people, effective, people / effective);
    }
}
