using System.Collections.Immutable;
using System.Text.Json;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

public sealed class PassingTheGate
{
    [Fact]
    public void Small_counts_are_hidden_and_others_rounded_to_five()
    {
        var row = Release(100, Tally(100, 62, 27, 8), 100).Overall;
        Assert.Equal(new ReleasedCell.Rounded(100), row.Ballots);
        Assert.Equal<ReleasedAnswer>(
            [new(new ReleasedCell.Rounded(60), 60), new(new ReleasedCell.Rounded(25), 25), new(new ReleasedCell.Rounded(10), 10)], row.Options);
        Assert.Equal(new ReleasedAnswer(new ReleasedCell.FewerThan(8), null), row.NoAnswer);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Nought_one_and_seven_look_alike(int few) =>
        Assert.Equal(new ReleasedCell.FewerThan(8), Release(100, Tally(100, 50, 50 - few, few), 100).Overall.Options[2].Count);

    [Fact]
    public void Numbers_move_by_steps_so_that_one_more_ballot_seldom_shows()
    {
        int[] shown = [.. Enumerable.Range(8, 13).Select(count => ((ReleasedCell.Rounded)Release(100, Tally(100, 50, 50 - count, count), 100).Overall.Options[2].Count).Value)];
        Assert.Equal([10, 10, 10, 10, 10, 15, 15, 15, 15, 15, 20, 20, 20], shown);
    }

    [Fact]
    public void Near_unanimity_of_everybody_is_shown_as_at_least()
    {
        foreach (var few in new[] { 0, 1, 2 })
        {
            var row = Release(100, Tally(100, 100 - few, few, 0), 100).Overall;
            Assert.Equal(new ReleasedAnswer(new ReleasedCell.AtLeast(90), 90), row.Options[0]);
            Assert.Equal(new ReleasedCell.FewerThan(8), row.Options[1].Count);
        }
    }

    [Fact]
    public void A_dialogue_below_forty_five_is_shown_overall_only()
    {
        var halves = Halves(Tally(22, 11, 11), Tally(22, 11, 11));
        Assert.Empty(Release(44, Tally(44, 22, 22), 44, halves).Groups);
        Assert.Equal(2, Release(44, Tally(44, 22, 22), 45, halves).Groups.Length);
    }

    [Fact]
    public void Fewer_than_ten_ballots_show_nothing()
    {
        var table = Release(9, Tally(9, 9, 0), 60, Halves(Tally(4, 4, 0), Tally(5, 5, 0)));
        Assert.Empty(table.Groups);
        Assert.Equal(new ReleasedCell.Withheld(WithheldReasons.FewBallots), table.Overall.Ballots);
        Assert.All(table.Overall.Options, answer => Assert.IsType<ReleasedCell.Withheld>(answer.Count));
    }

    [Fact]
    public void A_group_below_ten_is_withheld_and_cannot_be_found_by_subtraction()
    {
        var table = Release(60, Tally(60, 30, 30), 60, Halves(Tally(51, 27, 24), Tally(9, 3, 6)));
        Assert.IsType<ReleasedCell.Withheld>(table.Groups[1].Ballots);
        Assert.All(table.Groups[1].Options, answer => Assert.IsType<ReleasedCell.Withheld>(answer.Count));
        Assert.Contains(table.Groups[0].Options, answer => answer.Count is ReleasedCell.Withheld);
    }

    [Fact]
    public void A_unanimous_small_group_is_withheld_for_the_same_reason_as_its_neighbours()
    {
        var table = Release(60, Tally(60, 38, 22), 60, Halves(Tally(42, 20, 22), Tally(18, 18, 0)));
        Assert.All(table.Groups[1].Options, answer => Assert.Equal(new ReleasedCell.Withheld(WithheldReasons.Protected), answer.Count));
        Assert.All(
            table.Groups.SelectMany(row => row.Options).Select(answer => answer.Count).OfType<ReleasedCell.Withheld>(),
            withheld => Assert.Equal(WithheldReasons.Protected, withheld.Reason));
    }

    [Fact]
    public void Live_ballots_move_in_steps_of_ten() =>
        Assert.Equal([0, 0, 10, 10, 90], new[] { 0, 9, 10, 19, 99 }.Select(DisclosureGate.LiveBallots));

    [Fact]
    public void Contradicting_counts_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Release(100, Tally(99, 99, 0), 100));
        Assert.Throws<ArgumentException>(() => Release(100, Tally(100, 60, 50), 100));
        Assert.Throws<ArgumentException>(() => Release(100, Tally(100, 60, 40), 100, Halves(Tally(50, 50, 0), Tally(51, 11, 40))));
        Assert.Throws<ArgumentException>(() => Release(100, Tally(100, 60, 40), 100, Halves(Tally(50, 50, 0), Tally(50, 11, 39))));
    }

    [Fact]
    public void A_table_survives_its_json()
    {
        var table = Release(100, Tally(100, 98, 1, 1), 100, Halves(Tally(50, 49, 1, 0), Tally(50, 49, 0, 1)));
        var json = JsonSerializer.Serialize(table, ResultJson.Default.ResultTable);
        Assert.Contains("""{"kind":"atLeast","value":90}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"kind":"fewerThan","limit":8}""", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize(json, ResultJson.Default.ResultTable), ResultJson.Default.ResultTable));
    }

    [Fact]
    public void A_flat_file_has_one_line_a_number()
    {
        var lines = Release(60, Tally(60, 30, 30), 60, Halves(Tally(51, 27, 24), Tally(9, 3, 6))).Lines().ToList();
        Assert.Equal(3 * 4, lines.Count);
        Assert.Equal(new ResultLine("s", "q", null, null, ResultLine.BallotsAnswer, "rounded", 60, null, null), lines[0]);
        Assert.Equal(new ResultLine("s", "q", null, null, 2, "rounded", 30, 50, null), lines[2]);
        Assert.Equal(new ResultLine("s", "q", null, null, ResultLine.NoAnswer, "fewerThan", 8, null, null), lines[3]);
        Assert.Equal(new ResultLine("s", "q", "gender", "m", 1, "withheld", null, null, WithheldReasons.SmallGroup), lines[9]);
    }

    [Fact]
    public void The_names_of_groups_do_not_matter()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var counts = SmallDialogues.Random(seed);
            var renamed = counts with
            {
                Criteria = [.. counts.Criteria.Select(criterion => criterion with { Groups = [.. criterion.Groups.Select(group => group with { Value = $"x{group.Value}" })] })],
            };
            Assert.Equal(
                DisclosureGate.Release(counts, counts.Ballots).SelectMany(table => table.Groups).SelectMany(row => row.Options.Append(row.NoAnswer)),
                DisclosureGate.Release(renamed, counts.Ballots).SelectMany(table => table.Groups).SelectMany(row => row.Options.Append(row.NoAnswer)));
        }
    }

    private static QuestionTally Tally(int ballots, params int[] counts) =>
        new("q", AnswerForm.SingleChoice, ballots, [.. counts], Math.Max(0, ballots - counts.Sum()));

    private static ImmutableArray<CriterionCounts> Halves(QuestionTally first, QuestionTally second) =>
        [new CriterionCounts("gender", [new GroupCounts("w", first.Ballots, [first]), new GroupCounts("m", second.Ballots, [second])])];

    private static ResultTable Release(int ballots, QuestionTally tally, int people, ImmutableArray<CriterionCounts>? criteria = null) =>
        Assert.Single(DisclosureGate.Release(new SessionCounts("s", ballots, [tally], criteria ?? []), people));
}
