using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Convergence;

/// <summary>How far the answers of two sites lie apart.</summary>
/// <param name="First">One site.</param>
/// <param name="Second">The other.</param>
/// <param name="TotalVariation">½ Σ |p − q|: the least share of either site's people who would have to answer otherwise; 0 to 1.</param>
public sealed record SitePair(string First, string Second, double TotalVariation);

/// <summary>How alike the answers of several sites are.</summary>
/// <remarks>J. Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37 (1991), for the Jensen–Shannon divergence with equal weights.</remarks>
/// <param name="Sites">Sites with answers.</param>
/// <param name="Answers">Answers at all of them.</param>
/// <param name="Pairs">Every two of them.</param>
/// <param name="Convergence">1 less the mean total variation of all pairs, 0 to 1; <see langword="null"/> below two sites.</param>
/// <param name="JensenShannon">Divergence in bits, sites weighted alike, 0 to log₂(sites); <see langword="null"/> below two sites.</param>
/// <param name="NormalisedJensenShannon">The same by log₂(sites), 0 to 1.</param>
/// <param name="Dropped">Sites without answers.</param>
public sealed record SiteDistances(
    int Sites, int Answers, ImmutableArray<SitePair> Pairs, double? Convergence, double? JensenShannon, double? NormalisedJensenShannon, ImmutableArray<string> Dropped)
{
    /// <summary>Compares sites.</summary>
    /// <param name="sites">Answers per site.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">Sites with different options or negative counts.</exception>
    public static SiteDistances Of(IReadOnlyCollection<SiteAnswers> sites)
    {
        var (kept, dropped) = SiteAnswers.Split(sites);
        ImmutableArray<SitePair> pairs =
        [
            .. from second in Enumerable.Range(0, kept.Length)
               from first in Enumerable.Range(0, second)
               select new SitePair(kept[first].Site, kept[second].Site, TotalVariation(kept[first], kept[second])),
        ];
        var answers = kept.Sum(site => site.Answers);
        if (pairs.IsEmpty)
            return new SiteDistances(kept.Length, answers, pairs, null, null, null, dropped);
        var divergence = Divergence(kept);
        return new SiteDistances(
            kept.Length, answers, pairs, 1 - SortedSum.Mean([.. pairs.Select(pair => pair.TotalVariation)]), divergence, Math.Min(1, divergence / Math.Log2(kept.Length)), dropped);
    }

    private static double TotalVariation(SiteAnswers a, SiteAnswers b)
    {
        long twice = 0;
        for (var option = 0; option < a.Counts.Length; option++)
            twice += Math.Abs(((long)a.Counts[option] * b.Answers) - ((long)b.Counts[option] * a.Answers));
        return twice / (2.0 * a.Answers * b.Answers);
    }

    /// <summary>H(mean of the shares) − mean of H(shares), not below nought.</summary>
    private static double Divergence(ImmutableArray<SiteAnswers> sites)
    {
        var mixture = Enumerable.Range(0, sites[0].Counts.Length)
            .Select(option => SortedSum.Of(sites.Select(site => (double)site.Counts[option] / site.Answers)) / sites.Length);
        var own = SortedSum.Of(sites.Select(site => Entropy(site.Counts.Select(count => (double)count / site.Answers)))) / sites.Length;
        return Math.Max(0, Entropy(mixture) - own);
    }

    private static double Entropy(IEnumerable<double> shares) => -SortedSum.Of(shares.Where(share => share > 0).Select(share => share * Math.Log2(share)));
}
