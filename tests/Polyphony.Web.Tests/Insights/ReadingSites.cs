using System.Collections.Immutable;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Web.Insights;
using Polyphony.Web.Mandates;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Tests.Insights;

/// <summary>What is read of sites comes from released numbers alone.</summary>
public sealed class ReadingSites
{
    [Fact]
    public void Three_totals_bear_their_names_and_their_numbers()
    {
        // 60 of 100, 45 of 50, 30 of 120, planned 100, 100 and 200.
        SitesOfQuestion question = Assert.Single(ReadSites.Of(Released(Planned(100, 100, 200), Site(60, 40), Site(45, 5), Site(30, 90))));
        Assert.Equal((TotalKind.Pooled, 0.5, 3, 270), (question.Totals.Pooled!.Kind, question.Totals.Pooled.Share, question.Totals.Pooled.Sites, question.Totals.Pooled.People));
        Assert.Equal(175.0 / 3, 100 * question.Totals.SitesEqual!.Share, 9);
        Assert.Equal((0.6 + 0.9 + 0.5) / 4, question.Totals.PopulationWeighted!.Share, 9);
        Assert.All((WorldTotal[])[question.Totals.Pooled, question.Totals.SitesEqual, question.Totals.PopulationWeighted], total => Assert.True(total.Lower < total.Share && total.Share < total.Upper));

        // Kish: (Σ w)² / Σ w² is (Σ W)² / Σ (W² / n) where the people of a site share its weight.
        Assert.Equal(270, question.Totals.Pooled.Effective);
        Assert.Equal(9 / ((1 / 100.0) + (1 / 50.0) + (1 / 120.0)), question.Totals.SitesEqual.Effective, 9);
        Assert.Equal(160_000 / ((10_000 / 100.0) + (10_000 / 50.0) + (40_000 / 120.0)), question.Totals.PopulationWeighted.Effective, 9);
    }

    [Fact]
    public void Without_a_planned_number_there_is_no_weighted_total()
    {
        WorldTotals totals = Assert.Single(ReadSites.Of(Released(Planned(100, 0, 200), Site(60, 40), Site(45, 5), Site(30, 90)))).Totals;
        Assert.Null(totals.PopulationWeighted);
        Assert.Equal(["S1"], totals.WithoutPopulation);
        Assert.NotNull(totals.SitesEqual);
    }

    [Fact]
    public void A_site_stands_out_only_beyond_chance_and_with_all_comparisons_considered()
    {
        SitesOfQuestion apart = Assert.Single(ReadSites.Of(Released(Planned(100, 100, 100, 100, 100), Site(60, 40), Site(60, 40), Site(60, 40), Site(60, 40), Site(25, 75))));
        Assert.Equal([0, 0, 0, 0, -1], apart.Sites.Select(site => site.Side(apart.Total)));
        Assert.True(apart.Question.Spreads[0].IsBeyondChance);
        Assert.Equal("S4", apart.Question.Spreads[0].Lowest!.Group);

        // Twelve points between sites of 100 are no more than chance.
        SitesOfQuestion alike = Assert.Single(ReadSites.Of(Released(Planned(100, 100, 100), Site(50, 50), Site(55, 45), Site(45, 55))));
        Assert.All(alike.Sites, site => Assert.True(site.PValue is > 0.05 and <= 1 && site.Side(alike.Total) == 0));
    }

    [Fact]
    public void Adjusting_counts_every_site_of_every_question()
    {
        // A p-value of about 0.01 stands out alone, and not among the sites of four questions.
        int[] mild = [64, 36];
        PublishedResults one = Released(Planned(100, 100), mild, Site(46, 54));
        PublishedResults four = one with { Sessions = [.. Enumerable.Repeat(one.Sessions[0], 4)] };
        Assert.True(ReadSites.Of(one)[0].Sites[0].IsBeyondChance);
        Assert.All(ReadSites.Of(four), question => Assert.All(question.Sites, site => Assert.False(site.IsBeyondChance)));
    }

    [Fact]
    public void A_site_that_is_not_shown_is_in_no_total_and_no_test()
    {
        SitesOfQuestion question = Assert.Single(ReadSites.Of(Released(Planned(100, 100, 100), Site(60, 40), Site(45, 55), Site(3, 4))));
        SiteOfQuestion hidden = question.Sites[2];
        Assert.True(hidden is { Share: { Share: null, Ballots: null }, PValue: null, IsBeyondChance: false });
        Assert.Equal((2, 200), (question.Totals.SitesEqual!.Sites, question.Totals.SitesEqual.People));

        // The row of everybody has it.
        Assert.Equal((3, 207), (question.Totals.Pooled!.Sites, question.Totals.Pooled.People));
        Assert.Equal(2, question.Majority.Sites);
    }

    [Fact]
    public void Where_another_answer_came_first_is_said_by_name()
    {
        SitesOfQuestion question = Assert.Single(ReadSites.Of(Released(Planned(100, 100, 100), Site(60, 40), Site(70, 30), Site(40, 60))));
        Assert.Equal((3, 2), (question.Majority.Sites, question.Majority.Agreeing));
        Assert.Equal(["S2"], question.Majority.Exceptions);
    }

    [Fact]
    public void Questions_on_which_sites_differ_beyond_chance_come_first()
    {
        PublishedResults near = Released(Planned(100, 100), Site(55, 45), Site(45, 55));
        PublishedResults far = Released(Planned(100, 100), Site(85, 15), Site(45, 55));
        Assert.Equal([true, false], ReadSites.Of(near with { Sessions = [near.Sessions[0], far.Sessions[0]] }).Select(question => question.Question.Spreads[0].IsBeyondChance));
    }

    [Fact]
    public void A_dialogue_of_one_site_has_none_to_read()
    {
        PublishedResults results = Released(Planned(100, 100), Site(60, 40), Site(45, 55));
        Assert.Empty(ReadSites.Of(results with { Sites = null }));

        // Nor are sites among its groups.
        Assert.Empty(ReadInsights.Of(results, bySite: false));
        Assert.Equal(SessionCounts.BySite, Assert.Single(Assert.Single(ReadInsights.Of(results, bySite: true)).Spreads).Criterion);
    }

    [Fact]
    public void Every_country_that_a_site_may_name_has_a_place()
    {
        Assert.Empty(Countries.Codes.Except(CountryPlaces.All.Keys));
        Assert.All(CountryPlaces.All.Values, place => Assert.True(place is { Longitude: >= -180 and <= 180, Latitude: >= -60 and <= 80 }));
    }

    private static int[] Site(params int[] counts) => counts;

    private static int[] Planned(params int[] people) => people;

    /// <summary>What the gate lets out of one question at so many sites; the first answer leads overall.</summary>
    private static PublishedResults Released(int[] planned, params int[][] sites)
    {
        static QuestionTally Tally(int[] counts) => new("q", AnswerForm.SingleChoice, counts.Sum(), [.. counts], 0);
        SessionCounts counts = SessionCounts.Over([.. sites.Select((site, s) => ($"S{s}", new SessionCounts("s", site.Sum(), [Tally(site)], [])))]);

        // Rows as rounding leaves them: what the gate withholds beyond that is its own tests' matter.
        ResultRow Row(string? criterion, string? value, QuestionTally tally)
        {
            ReleasedCell Cell(int count) => tally.Ballots < DisclosureGate.SmallestGroup ? new ReleasedCell.Withheld(WithheldReasons.SmallGroup) : count < DisclosureGate.SmallCount ? new ReleasedCell.FewerThan(DisclosureGate.SmallCount) : new ReleasedCell.Rounded(count);
            return new(criterion, value, Cell(tally.Ballots), [.. tally.Counts.Select(count => new ReleasedAnswer(Cell(count), null))], new ReleasedAnswer(Cell(tally.NoAnswer), null));
        }

        ResultTable table = new("s", "q", AnswerForm.SingleChoice, Row(null, null, counts.Overall[0]), [.. counts.Criteria.SelectMany(criterion => criterion.Groups.Select(group => Row(criterion.Criterion, group.Value, group.Questions[0])))]);
        return new PublishedResults(1, "d", 1, DateTimeOffset.UnixEpoch, Text("D"), Text("Q"), counts.Ballots, [new PublishedSession(Text("S"), [new PublishedQuestion(Text("Why?"), [Text("Yes"), Text("No")], table)])], [],
            Sites: [.. planned.Select((people, s) => new PublishedSite($"S{s}", "Site " + s, "FR", people))]);
    }

    private static LocalizedText Text(string text) => LocalizedText.Of(("en", text));
}
