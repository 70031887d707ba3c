using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

public sealed class AddingUpSites
{
    [Fact]
    public void The_only_site_is_the_dialogue_as_it_is()
    {
        SessionCounts counts = Site(10, 20, ("woman", 4, 8), ("man", 6, 12));
        Assert.Same(counts, SessionCounts.Over([("", counts)]));
    }

    [Fact]
    public void Totals_and_common_criteria_are_sums_and_sites_are_a_criterion_of_their_own()
    {
        SessionCounts all = SessionCounts.Over([("FR", Site(10, 20, ("woman", 4, 8), ("man", 6, 12))), ("KE", Site(7, 3, ("woman", 5, 1), ("man", 1, 2)))]);
        Assert.Equal((40, "17,23"), (all.Ballots, string.Join(',', all.Overall[0].Counts)));
        Assert.Equal(["gender", SessionCounts.BySite], all.Criteria.Select(criterion => criterion.Criterion));
        Assert.Equal([("woman", 18, "9,9"), ("man", 21, "7,14")], all.Criteria[0].Groups.Select(group => (group.Value, group.Ballots, string.Join(',', group.Questions[0].Counts))));

        // One sheet of paper in Nairobi belongs to the site and to no gender.
        Assert.Equal([("FR", 30, "10,20"), ("KE", 10, "7,3")], all.Criteria[1].Groups.Select(group => (group.Value, group.Ballots, string.Join(',', group.Questions[0].Counts))));
    }

    [Fact]
    public void Criteria_that_are_not_the_same_everywhere_are_not_mixed()
    {
        SessionCounts all = SessionCounts.Over([("FR", Site(10, 20, ("woman", 4, 8), ("man", 6, 12))), ("KE", Site(7, 3, ("man", 5, 1), ("woman", 2, 2)))]);
        Assert.Equal([SessionCounts.BySite], all.Criteria.Select(criterion => criterion.Criterion));
    }

    [Fact]
    public void Sites_with_other_questions_are_refused()
    {
        SessionCounts other = Site(1, 1) with { Overall = [new QuestionTally("p", AnswerForm.SingleChoice, 2, [1, 1], 0)] };
        Assert.Throws<ArgumentException>(() => SessionCounts.Over([("FR", Site(1, 1)), ("KE", other)]));
        Assert.Throws<ArgumentException>(() => SessionCounts.Over([]));
    }

    [Fact]
    public void A_small_site_is_hidden_and_cannot_be_subtracted()
    {
        SessionCounts all = SessionCounts.Over([("FR", Site(40, 50)), ("KE", Site(45, 35)), ("JP", Site(5, 1))]);
        ResultTable table = Assert.Single(DisclosureGate.Release(all, all.Ballots));
        ResultRow osaka = table.Groups.Single(row => row.Value == "JP");
        Assert.True(osaka.Ballots is ReleasedCell.Withheld { Reason: WithheldReasons.SmallGroup });
        Assert.All(osaka.Options, answer => Assert.IsType<ReleasedCell.Withheld>(answer.Count));
        Assert.Equal(new ReleasedCell.Rounded(90), table.Groups.Single(row => row.Value == "FR").Ballots);
    }

    [Fact]
    public void A_correction_repeats_the_rows_of_sites_and_counts_late_paper_in_the_row_of_everybody()
    {
        SessionCounts first = SessionCounts.Over([("FR", Site(40, 50)), ("KE", Site(45, 35))]);
        var published = DisclosureGate.Release(first, 200);
        var corrected = DisclosureGate.Release(SessionCounts.Over([("FR", Site(40, 50)), ("KE", Site(60, 35))]), 200, [published]);
        Assert.Equal(published[0].Groups, corrected[0].Groups);
        Assert.Equal((new ReleasedCell.Rounded(170), new ReleasedCell.Rounded(185)), (published[0].Overall.Ballots, corrected[0].Overall.Ballots));
    }

    [Fact]
    public void Flows_of_sites_add_up_and_those_of_other_questions_do_not()
    {
        PairedFlow one = PairedFlow.Of("b", "a", AnswerForm.SingleChoice, 2, [([0], [0]), ([0], [1])]);
        PairedFlow other = PairedFlow.Of("b", "a", AnswerForm.SingleChoice, 2, [([1], [1]), ([], [1])]);
        PairedFlow sum = one.Plus(other);
        Assert.Equal((4, 2, "1,1,0 0,1,0 0,1,0"), (sum.Joined, sum.Changed, string.Join(' ', sum.Counts.Select(row => string.Join(',', row)))));
        Assert.Throws<ArgumentException>(() => one.Plus(other with { After = "c" }));
    }

    private static SessionCounts Site(int yes, int no, params (string Value, int Yes, int No)[] groups) => new(
        "s", yes + no, [Tally(yes, no)],
        groups.Length == 0 ? [] : [new CriterionCounts("gender", [.. groups.Select(group => new GroupCounts(group.Value, group.Yes + group.No, [Tally(group.Yes, group.No)]))])]);

    private static QuestionTally Tally(int yes, int no) => new("q", AnswerForm.SingleChoice, yes + no, [yes, no], 0);
}
