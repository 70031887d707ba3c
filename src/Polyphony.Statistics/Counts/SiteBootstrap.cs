using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Counts;

/// <summary>An interval for a total that asks: what if other sites of the same kind had taken part?</summary>
/// <remarks>
/// B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), percentile interval; whole sites are drawn with replacement, because people of one site are alike.
/// Few sites (below about ten) give intervals that are too short. The same sites in another order and under other names give the same interval.
/// </remarks>
/// <param name="Kind">Which total it is.</param>
/// <param name="Sites">Sites with votes.</param>
/// <param name="People">People who answered there.</param>
/// <param name="Resamples">Number of draws.</param>
/// <param name="Share">The total itself, 0 to 1, or <see langword="null"/> without votes.</param>
/// <param name="Lower">Lower bound, or <see langword="null"/> below two sites.</param>
/// <param name="Upper">Upper bound.</param>
public sealed record SiteBootstrap(TotalKind Kind, int Sites, int People, int Resamples, double? Share, double? Lower, double? Upper)
{
    /// <summary>Draws sites again and again.</summary>
    /// <param name="kind">Which total; sites of unknown population count as sites without votes do for <see cref="TotalKind.PopulationWeighted"/>: not at all.</param>
    /// <param name="sites">Answers per site.</param>
    /// <param name="seed">Starts the chance; the same seed gives the same interval.</param>
    /// <param name="resamples">Number of draws, 100 or more.</param>
    /// <param name="level">Confidence, between 0 and 1.</param>
    /// <returns>The interval.</returns>
    /// <exception cref="ArgumentException">As for <see cref="WorldTotals.Of"/>.</exception>
    public static SiteBootstrap Of(TotalKind kind, IReadOnlyCollection<SiteShare> sites, ReadOnlySpan<byte> seed, int resamples = 2_000, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 1);
        _ = WorldTotals.Of(sites);
        SiteShare[] kept = [.. sites
            .Where(site => site.People > 0 && (kind != TotalKind.PopulationWeighted || site.Population is not null))
            .OrderBy(site => site.People).ThenBy(site => site.Yes).ThenBy(site => site.Population)];
        (double Weight, double Sum)[] parts = [.. kept.Select(site => kind switch
        {
            TotalKind.Pooled => (site.People, site.Yes),
            TotalKind.SitesEqual => (1, (double)site.Yes / site.People),
            TotalKind.PopulationWeighted => (site.Population!.Value, site.Population.Value * (double)site.Yes / site.People),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        })];
        var people = kept.Sum(site => site.People);
        double? share = kept.Length == 0 ? null : SortedSum.Of(parts.Select(part => part.Sum)) / SortedSum.Of(parts.Select(part => part.Weight));
        if (kept.Length < 2)
            return new SiteBootstrap(kind, kept.Length, people, 0, share, null, null);
        var chance = new SeededChance(seed);
        var drawn = new double[resamples];
        for (var draw = 0; draw < resamples; draw++)
        {
            double weight = 0, sum = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                var part = parts[chance.Below(parts.Length)];
                weight += part.Weight;
                sum += part.Sum;
            }
            drawn[draw] = sum / weight;
        }
        Array.Sort(drawn);

        // A level such as 0.9 is a little less as a number in halves, and a whole number of draws would be one too few.
        var outside = (int)Math.Floor(((1 - level) / 2 * resamples) + 1e-9);
        return new SiteBootstrap(kind, kept.Length, people, resamples, share, drawn[outside], drawn[resamples - 1 - outside]);
    }
}
