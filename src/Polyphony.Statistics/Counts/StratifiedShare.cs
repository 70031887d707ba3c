using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Counts;

/// <summary>One part of a population and the answers from it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its weight, such as its part of the population; 0 or more, any scale.</param>
/// <param name="People">People asked, 0 or more.</param>
/// <param name="Yes">Of them, those with the answer.</param>
/// <param name="Population">People in it, where the sample is a noticeable part of them; else <see langword="null"/>.</param>
public sealed record Stratum(string Name, double Weight, int People, int Yes, int? Population = null);

/// <summary>A share over parts that count by their weight, with its interval.</summary>
/// <remarks>W. G. Cochran, "Sampling Techniques" (1977), chapter 5: p = Σ W p_h, variance Σ W² (1 − n_h/N_h) p_h (1 − p_h) / (n_h − 1). It expresses sampling noise only, not who took part.</remarks>
/// <param name="People">People asked in the parts that count.</param>
/// <param name="Yes">Of them, those with the answer.</param>
/// <param name="Share">0 to 1, or <see langword="null"/> when nobody was asked in any part with a weight.</param>
/// <param name="StandardError">Of the share, or <see langword="null"/> when some part has one person only.</param>
/// <param name="Lower">Lower bound, within 0 and 1, or <see langword="null"/> without standard error.</param>
/// <param name="Upper">Upper bound.</param>
/// <param name="Dropped">Parts without weight or without people; the weights of the others are scaled to 1.</param>
/// <param name="TooSmall">Parts with one person, which leave no standard error.</param>
public sealed record StratifiedShare(
    int People, int Yes, double? Share, double? StandardError, double? Lower, double? Upper, ImmutableArray<string> Dropped, ImmutableArray<string> TooSmall)
{
    /// <summary>Estimates a share.</summary>
    /// <param name="strata">The parts.</param>
    /// <param name="z">Standard normal quantile, above 0; <see cref="WilsonInterval.Z95"/> for 95 %.</param>
    /// <returns>The estimate.</returns>
    /// <exception cref="ArgumentException">A negative number, more answers than people, or more people than population.</exception>
    public static StratifiedShare Of(IReadOnlyCollection<Stratum> strata, double z = WilsonInterval.Z95)
    {
        ArgumentNullException.ThrowIfNull(strata);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(z);
        if (strata.Any(part => !(part.Weight >= 0) || !double.IsFinite(part.Weight) || part.Yes < 0 || part.Yes > part.People || part.People > part.Population))
            throw new ArgumentException("Counts must lie within people, and people within population.", nameof(strata));
        Stratum[] kept = [.. strata.Where(part => part.Weight > 0 && part.People > 0)];
        ImmutableArray<string> dropped = [.. strata.Where(part => part.Weight == 0 || part.People == 0).Select(part => part.Name)];
        if (kept.Length == 0)
            return new StratifiedShare(0, 0, null, null, null, null, dropped, []);
        var weights = SortedSum.Of(kept.Select(part => part.Weight));
        var share = Math.Min(1, SortedSum.Of(kept.Select(part => part.Weight * part.Yes / part.People)) / weights);
        ImmutableArray<string> tooSmall = [.. kept.Where(part => part.People == 1 && part.Population != 1).Select(part => part.Name)];
        if (!tooSmall.IsEmpty)
            return new StratifiedShare(kept.Sum(part => part.People), kept.Sum(part => part.Yes), share, null, null, null, dropped, tooSmall);
        var error = Math.Sqrt(SortedSum.Of(kept.Select(Variance))) / weights;
        return new StratifiedShare(
            kept.Sum(part => part.People), kept.Sum(part => part.Yes), share, error, Math.Max(0, share - (z * error)), Math.Min(1, share + (z * error)), dropped, tooSmall);
    }

    private static double Variance(Stratum part)
    {
        var share = (double)part.Yes / part.People;
        var unseen = part.Population is { } all ? 1 - ((double)part.People / all) : 1;
        return part.People == part.Population ? 0 : part.Weight * part.Weight * unseen * share * (1 - share) / (part.People - 1);
    }
}
