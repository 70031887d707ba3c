using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Convergence;

/// <summary>Are the differences between sites beyond chance, and how strong are they?</summary>
/// <remarks>K. Pearson's chi-square of homogeneity; H. Cramér, "Mathematical Methods of Statistics" (1946). Options that nobody chose and sites without answers are dropped.</remarks>
/// <param name="Sites">Sites with answers.</param>
/// <param name="Answers">Answers at all of them.</param>
/// <param name="ChiSquared">Σ (observed − expected)² / expected, or <see langword="null"/> below two sites or two chosen options.</param>
/// <param name="Degrees">(sites − 1)(chosen options − 1), or 0.</param>
/// <param name="PValue">Upper tail of the chi-square distribution, or <see langword="null"/>.</param>
/// <param name="CramerV">0 (alike) to 1 (no option in common), or <see langword="null"/>.</param>
/// <param name="LeastExpected">The least expected count; below 5 the p-value is rough; <see langword="null"/> without a test.</param>
/// <param name="DroppedSites">Sites without answers.</param>
/// <param name="DroppedOptions">Options that nobody chose.</param>
public sealed record Homogeneity(
    int Sites, int Answers, double? ChiSquared, int Degrees, double? PValue, double? CramerV, double? LeastExpected, ImmutableArray<string> DroppedSites, ImmutableArray<int> DroppedOptions)
{
    /// <summary>Tests sites.</summary>
    /// <param name="sites">Answers per site.</param>
    /// <returns>The test.</returns>
    /// <exception cref="ArgumentException">Sites with different options or negative counts.</exception>
    public static Homogeneity Of(IReadOnlyCollection<SiteAnswers> sites)
    {
        var (kept, dropped) = SiteAnswers.Split(sites);
        var options = kept.IsEmpty ? [] : Enumerable.Range(0, kept[0].Counts.Length).ToArray();
        long[] totals = [.. options.Select(option => kept.Sum(site => (long)site.Counts[option]))];
        int[] chosen = [.. options.Where(option => totals[option] > 0)];
        ImmutableArray<int> unchosen = [.. options.Where(option => totals[option] == 0)];
        var answers = totals.Sum();
        if (kept.Length < 2 || chosen.Length < 2)
            return new Homogeneity(kept.Length, (int)answers, null, 0, null, null, null, dropped, unchosen);
        var cells = (
            from site in kept
            from option in chosen
            let expected = (double)site.Answers * totals[option] / answers
            select (Expected: expected, Term: Math.Pow(site.Counts[option] - expected, 2) / expected)).ToList();
        var statistic = SortedSum.Of(cells.Select(cell => cell.Term));
        var degrees = (kept.Length - 1) * (chosen.Length - 1);
        return new Homogeneity(
            kept.Length, (int)answers, statistic, degrees, Tail.ChiSquare(statistic, degrees),
            Math.Min(1, Math.Sqrt(statistic / (answers * (double)(Math.Min(kept.Length, chosen.Length) - 1)))), cells.Min(cell => cell.Expected), dropped, unchosen);
    }

    /// <summary>How far two shares near one half must lie apart to be beyond chance at the 95 % level, not corrected for many comparisons.</summary>
    /// <param name="first">People at one site, 1 or more.</param>
    /// <param name="second">People at the other, 1 or more.</param>
    /// <returns>A difference of shares; 0.139 for twice 100 people; above 1 when no difference would be.</returns>
    public static double TellingDifference(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(second, 1);
        return WilsonInterval.Z95 * Math.Sqrt(0.25 * ((1.0 / first) + (1.0 / second)));
    }
}
