using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Representation;

/// <summary>One value of a criterion: how many there are and how many there should be.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Count">People observed.</param>
/// <param name="Share">Observed share, 0 to 1.</param>
/// <param name="Target">Target share, 0 to 1, scaled so that the targets add up to 1.</param>
public sealed record ValueShare(string Value, int Count, double Share, double Target)
{
    /// <summary>Observed less target share; positive when there are more than there should be.</summary>
    public double Deviation => Share - Target;
}

/// <summary>How close a group of people is to a population, by one criterion.</summary>
/// <remarks>
/// Goodness of fit of K. Pearson (1900); effect size w of J. Cohen, "Statistical Power Analysis" (1988). A panel drawn by quotas is no random sample of the
/// population: the p-value describes, it tests nothing.
/// </remarks>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="People">People observed, those with one of the values.</param>
/// <param name="Values">One entry per value.</param>
/// <param name="TotalVariation">½ Σ |share − target|: the least part of the people who would have to be others; 0 to 1; <see langword="null"/> when there is nobody.</param>
/// <param name="ChiSquared">Σ (observed − expected)² / expected, or <see langword="null"/> when somebody bears a value whose target is 0, or there is nobody.</param>
/// <param name="Degrees">Values with a target above 0, less one.</param>
/// <param name="PValue">Upper tail of the chi-square distribution, or <see langword="null"/> without statistic or degrees.</param>
/// <param name="CohenW">√(χ²/n), or <see langword="null"/> without statistic.</param>
public sealed record Representativeness(
    string Criterion,
    int People,
    ImmutableArray<ValueShare> Values,
    double? TotalVariation,
    double? ChiSquared,
    int Degrees,
    double? PValue,
    double? CohenW)
{
    /// <summary>The largest |share − target|, 0 to 1.</summary>
    public double LargestDeviation => Values.Max(value => Math.Abs(value.Deviation));

    /// <summary>Compares counts with target shares, or with the counts of another stage (pool, invited).</summary>
    /// <param name="criterion">The criterion's name.</param>
    /// <param name="observed">Name, count (0 or more) and target weight (0 or more; any scale) of each value; at least one.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">No values, a negative number, or targets that are all 0.</exception>
    public static Representativeness Of(string criterion, IReadOnlyCollection<(string Value, int Count, double Target)> observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        var targets = observed.Sum(value => value.Target);
        if (!(targets > 0) || !double.IsFinite(targets) || observed.Any(value => value.Count < 0 || !(value.Target >= 0)))
            throw new ArgumentException("Counts and targets must not be negative, and some target must be above 0.", nameof(observed));
        var people = observed.Sum(value => value.Count);
        ImmutableArray<ValueShare> shares =
            [.. observed.Select(value => new ValueShare(value.Value, value.Count, people == 0 ? 0 : (double)value.Count / people, value.Target / targets))];

        double? statistic = people == 0 || shares.Any(share => share.Target == 0 && share.Count > 0)
            ? null
            : shares.Where(share => share.Target > 0).Sum(share => Math.Pow(share.Count - (people * share.Target), 2) / (people * share.Target));
        var degrees = shares.Count(share => share.Target > 0) - 1;
        return new Representativeness(
            criterion,
            people,
            shares,
            people == 0 ? null : shares.Sum(share => Math.Abs(share.Deviation)) / 2,
            statistic,
            degrees,
            statistic is { } chi && degrees > 0 ? Tail.ChiSquare(chi, degrees) : null,
            statistic is { } square ? Math.Sqrt(square / people) : null);
    }
}
