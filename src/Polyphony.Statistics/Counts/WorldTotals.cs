using System.Collections.Immutable;

namespace Polyphony.Statistics.Counts;

/// <summary>Which of the three ways to add sites up a total is. There is no fourth, and none without its name.</summary>
public enum TotalKind
{
    /// <summary>All votes in one urn: a site counts by its number of votes.</summary>
    Pooled = 1,

    /// <summary>The mean of the sites: each counts alike.</summary>
    SitesEqual = 2,

    /// <summary>A site counts by the population it stands for.</summary>
    PopulationWeighted = 3,
}

/// <summary>One site's answers to one option.</summary>
/// <param name="Site">Its name.</param>
/// <param name="People">People who answered, 0 or more.</param>
/// <param name="Yes">Of them, those who chose the option.</param>
/// <param name="Population">The population it stands for, 1 or more, or <see langword="null"/> when that is not known.</param>
public sealed record SiteShare(string Site, int People, int Yes, long? Population = null);

/// <summary>A share over all sites and how it was added up.</summary>
/// <param name="Kind">Which total it is.</param>
/// <param name="Sites">Sites that count.</param>
/// <param name="People">People who answered there.</param>
/// <param name="Share">0 to 1.</param>
/// <param name="Lower">Lower bound of the 95 % interval (Wilson for the pooled total, else stratified), or <see langword="null"/> when some site has one person only.</param>
/// <param name="Upper">Upper bound.</param>
/// <param name="Effective">The people of equal weight who would tell as much, by Kish: fewer than <paramref name="People"/> where people of one site weigh more than those of another.</param>
public sealed record WorldTotal(TotalKind Kind, int Sites, int People, double Share, double? Lower, double? Upper, double Effective);

/// <summary>The three labelled totals of one option over all sites.</summary>
/// <param name="Pooled">All votes in one urn, or <see langword="null"/> without votes.</param>
/// <param name="SitesEqual">Each site alike, or <see langword="null"/> without votes.</param>
/// <param name="PopulationWeighted">Sites by population, or <see langword="null"/> without votes or when a population is not known.</param>
/// <param name="Dropped">Sites without votes; they are in no total.</param>
/// <param name="WithoutPopulation">Sites with votes whose population is not known.</param>
public sealed record WorldTotals(WorldTotal? Pooled, WorldTotal? SitesEqual, WorldTotal? PopulationWeighted, ImmutableArray<string> Dropped, ImmutableArray<string> WithoutPopulation)
{
    /// <summary>Adds sites up.</summary>
    /// <param name="sites">Answers per site.</param>
    /// <returns>The totals.</returns>
    /// <exception cref="ArgumentException">A negative number, more answers than people, or a population below 1.</exception>
    public static WorldTotals Of(IReadOnlyCollection<SiteShare> sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        if (sites.Any(site => site.Yes < 0 || site.Yes > site.People || site.Population < 1))
            throw new ArgumentException("Counts must lie within people, and populations be 1 or more.", nameof(sites));
        SiteShare[] voting = [.. sites.Where(site => site.People > 0)];
        ImmutableArray<string> dropped = [.. sites.Where(site => site.People == 0).Select(site => site.Site)];
        ImmutableArray<string> unknown = [.. voting.Where(site => site.Population is null).Select(site => site.Site)];
        if (voting.Length == 0)
            return new WorldTotals(null, null, null, dropped, unknown);
        var people = voting.Sum(site => site.People);
        var yes = voting.Sum(site => site.Yes);
        var wilson = WilsonInterval.Of(yes, people);
        return new WorldTotals(
            new WorldTotal(TotalKind.Pooled, voting.Length, people, (double)yes / people, wilson.Lower, wilson.Upper, people),
            Weighted(TotalKind.SitesEqual, voting, _ => 1),
            unknown.IsEmpty ? Weighted(TotalKind.PopulationWeighted, voting, site => site.Population!.Value) : null,
            dropped,
            unknown);
    }

    private static WorldTotal Weighted(TotalKind kind, SiteShare[] voting, Func<SiteShare, double> weight)
    {
        var found = StratifiedShare.Of([.. voting.Select(site => new Stratum(site.Site, weight(site), site.People, site.Yes))]);
        return new WorldTotal(kind, voting.Length, found.People, found.Share!.Value, found.Lower, found.Upper,
            KishWeights.OfCounted([.. voting.Select(site => (weight(site) / site.People, site.People))]).Effective!.Value);
    }
}
