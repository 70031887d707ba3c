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
        return OfCounted([.. weights.Select(weight => (weight, 1))]);
    }

    /// <summary>Measures weights that many people have in common.</summary>
    /// <param name="groups">The weight of each person of a group, 0 or more, any scale, and how many they are, 0 or more.</param>
    /// <returns>The measure; people with weight 0 do not count.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A weight or a number is negative, or a weight no number.</exception>
    public static KishWeights OfCounted(IReadOnlyCollection<(double Weight, int People)> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Any(group => !(group.Weight >= 0) || !double.IsFinite(group.Weight) || group.People < 0))
            throw new ArgumentOutOfRangeException(nameof(groups));
        (double Weight, int People)[] counting = [.. groups.Where(group => group is { Weight: > 0, People: > 0 })];
        var people = counting.Sum(group => group.People);
        if (people == 0)
            return new KishWeights(0, null, null);

        // By the largest, so that no square overflows or vanishes.
        var largest = counting.Max(group => group.Weight);
        var sum = SortedSum.Of(counting.Select(group => group.Weight / largest * group.People));
        var effective = sum * sum / SortedSum.Of(counting.Select(group => group.Weight / largest * (group.Weight / largest) * group.People));
        return new KishWeights(people, effective, people / effective);
    }
}
