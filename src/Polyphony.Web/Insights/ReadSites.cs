using System.Collections.Immutable;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Insights;

/// <summary>Reads the rows of sites in released tables: each site against the others, and the three ways to add sites up.</summary>
/// <remarks>As in <see cref="ReadInsights"/>, nothing is used here that is not shown. A site whose number is withheld is in no total and in no test.</remarks>
internal static class ReadSites
{
    /// <summary>Every question by site, those on which the sites lie furthest apart first.</summary>
    /// <returns>One entry per question with two sites or more to show; none in a dialogue of one site.</returns>
    public static IReadOnlyList<SitesOfQuestion> Of(PublishedResults results)
    {
        if (results.Sites is not { } sites)
        {
            return [];
        }

        IReadOnlyList<QuestionSpread> questions = ReadInsights.Of(results, bySite: true);
        double?[][] tests = [.. questions.Select(question => Tests(question.Spreads[0].Groups))];
        ImmutableArray<double> adjusted = ManyTests.Holm([.. tests.SelectMany(row => row).OfType<double>()]);
        int at = 0;
        return [.. questions.Select((question, q) => new SitesOfQuestion(
            question,
            [.. question.Spreads[0].Groups.Select((group, s) => new SiteOfQuestion(sites.First(site => site.Code == group.Group), group, tests[q][s] is null ? null : adjusted[at++]))],
            Totals(question, sites),
            Majority(question.Question.Table)))];
    }

    /// <summary>Each site against all other shown sites together.</summary>
    private static double?[] Tests(IReadOnlyList<GroupShare> groups)
    {
        GroupShare[] shown = [.. groups.Where(group => group.Share is not null)];
        return [.. groups.Select(group =>
        {
            if (group.Share is null || shown.Length < 2)
            {
                return null;
            }

            int chosen = shown.Sum(Chosen) - Chosen(group);
            int ballots = shown.Sum(other => other.Ballots!.Value) - group.Ballots!.Value;
            return Homogeneity.Of([new SiteAnswers(group.Group, [Chosen(group), group.Ballots.Value - Chosen(group)]), new SiteAnswers("", [chosen, ballots - chosen])]).PValue;
        })];
    }

    /// <summary>Sites added up from their rows; the urn of all votes is the row of everybody itself, which has the hidden sites too and is rounded once and not once a site.</summary>
    private static WorldTotals Totals(QuestionSpread question, IReadOnlyList<PublishedSite> sites)
    {
        WorldTotals totals = WorldTotals.Of([.. question.Spreads[0].Groups.Where(group => group.Share is not null).Select(group => new SiteShare(group.Group, group.Ballots!.Value, Chosen(group), Planned(sites, group.Group)))]);
        ResultRow all = question.Question.Table.Overall;
        if (all.Ballots is not ReleasedCell.Rounded ballots || all.Options[question.Option].Count is not ReleasedCell.Rounded chosen)
        {
            return totals with { Pooled = null };
        }

        int people = ballots.Value, yes = Math.Min(people, chosen.Value);
        WilsonInterval interval = WilsonInterval.Of(yes, people);
        return totals with { Pooled = new WorldTotal(TotalKind.Pooled, sites.Count, people, (double)yes / people, interval.Lower, interval.Upper, people) };
    }

    private static int Chosen(GroupShare group) => (int)Math.Round(group.Share!.Value * group.Ballots!.Value);

    private static long? Planned(IReadOnlyList<PublishedSite> sites, string code) => sites.First(site => site.Code == code).Planned is > 0 and int planned ? planned : null;

    /// <summary>Which answer came first at how many sites. A withheld answer might have come first, so such sites are left out.</summary>
    private static SharedMajority Majority(ResultTable table) => SharedMajority.Of([
        .. table.Groups.Where(row => row.Criterion == SessionCounts.BySite && row.Options.All(answer => answer.Count is not ReleasedCell.Withheld))
            .Select(row => new SiteAnswers(row.Value!, [.. row.Options.Select(answer => answer.Count is ReleasedCell.Rounded shown ? shown.Value : 0)])),
    ]);
}

/// <summary>A site's share of the answer that most gave.</summary>
/// <param name="PValue">Of a chi-square test of the site against all others on the released numbers, adjusted by Holm over all sites and questions; null when not tested.</param>
public sealed record SiteOfQuestion(PublishedSite Site, GroupShare Share, double? PValue)
{
    public const double Level = 0.05;

    public bool IsBeyondChance => PValue < Level;

    public string Name => Site.Name.Length > 0 ? Site.Name : Site.Code;

    /// <summary>Below the total (−1), above it (1), or no further off than chance (0).</summary>
    public int Side(double total) => !IsBeyondChance ? 0 : Share.Share < total ? -1 : 1;
}

/// <summary>A question by site.</summary>
/// <param name="Totals">Pooled, each site alike, and sites by their planned number of people.</param>
/// <param name="Majority">At how many sites which answer came first.</param>
public sealed record SitesOfQuestion(QuestionSpread Question, IReadOnlyList<SiteOfQuestion> Sites, WorldTotals Totals, SharedMajority Majority)
{
    /// <summary>What sites are compared with: all votes in one urn.</summary>
    public double Total => Totals.Pooled?.Share ?? Question.Share;
}
