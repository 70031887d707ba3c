using System.Collections.Immutable;

namespace Polyphony.Statistics.Convergence;

/// <summary>At how many sites the same option came first.</summary>
/// <param name="Sites">Sites with answers.</param>
/// <param name="Options">The option that came first at most sites; several when they came first at equally many; empty without sites.</param>
/// <param name="Agreeing">Sites where one of <paramref name="Options"/> came first, alone or level with others.</param>
/// <param name="Exceptions">Sites where none of them did, in the order given.</param>
/// <param name="MajorityEverywhere">The option that more than half chose at every site, or <see langword="null"/>.</param>
/// <param name="Dropped">Sites without answers.</param>
public sealed record SharedMajority(
    int Sites, ImmutableArray<int> Options, int Agreeing, ImmutableArray<string> Exceptions, int? MajorityEverywhere, ImmutableArray<string> Dropped)
{
    /// <summary>The share of sites that agree, 0 to 1, or <see langword="null"/> without sites.</summary>
    public double? Share => Sites == 0 ? null : (double)Agreeing / Sites;

    /// <summary>Compares sites.</summary>
    /// <param name="sites">Answers per site.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">Sites with different options or negative counts.</exception>
    public static SharedMajority Of(IReadOnlyCollection<SiteAnswers> sites)
    {
        var (kept, dropped) = SiteAnswers.Split(sites);
        if (kept.IsEmpty)
            return new SharedMajority(0, [], 0, [], null, dropped);
        var options = Enumerable.Range(0, kept[0].Counts.Length).ToArray();
        int[] firsts = [.. options.Select(option => kept.Count(site => IsFirst(site, option)))];
        ImmutableArray<int> common = [.. options.Where(option => firsts[option] == firsts.Max())];
        ImmutableArray<string> exceptions = [.. kept.Where(site => !common.Any(option => IsFirst(site, option))).Select(site => site.Site)];
        int[] everywhere = [.. options.Where(option => kept.All(site => 2 * (long)site.Counts[option] > site.Answers))];
        return new SharedMajority(kept.Length, common, kept.Length - exceptions.Length, exceptions, everywhere.Length == 1 ? everywhere[0] : null, dropped);
    }

    private static bool IsFirst(SiteAnswers site, int option) => site.Counts[option] == site.Counts.Max();
}
