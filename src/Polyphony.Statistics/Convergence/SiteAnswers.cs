using System.Collections.Immutable;

namespace Polyphony.Statistics.Convergence;

/// <summary>How often each option of one question was chosen at one site, in one country or in one group.</summary>
/// <param name="Site">Its name.</param>
/// <param name="Counts">Answers per option, 0 or more, in the same order at every site.</param>
public sealed record SiteAnswers(string Site, ImmutableArray<int> Counts)
{
    /// <summary>Answers in all.</summary>
    public int Answers => Counts.Sum();

    /// <summary>Sites with answers, and the names of those without.</summary>
    internal static (ImmutableArray<SiteAnswers> Sites, ImmutableArray<string> Dropped) Split(IReadOnlyCollection<SiteAnswers> sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        if (sites.Any(site => site.Counts.Length != sites.First().Counts.Length || site.Counts.Any(count => count < 0)))
            throw new ArgumentException("Sites need the same options, and counts of nought or more.", nameof(sites));
        return ([.. sites.Where(site => site.Answers > 0)], [.. sites.Where(site => site.Answers == 0).Select(site => site.Site)]);
    }
}
