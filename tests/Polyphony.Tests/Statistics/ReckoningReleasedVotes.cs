using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Opinion.Findings;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics;

/// <summary>Public lists are made from the numbers that a reader of the released tables sees, and from nothing else.</summary>
public sealed class ReckoningReleasedVotes
{
    private static readonly ReleasedCell Few = new ReleasedCell.FewerThan(DisclosureGate.SmallCount);
    private static readonly ReleasedCell Hidden = new ReleasedCell.Withheld(WithheldReasons.Protected);

    [Fact]
    public void Shown_numbers_are_taken_as_they_are() =>
        Assert.Equal(new StatementTally(35, 15, 60), Reckoned(Row(80, Number(35), Number(15), Number(10), Number(20))));

    [Fact]
    public void What_is_left_over_is_shared_by_those_that_read_fewer_than_eight()
    {
        Assert.Equal(new StatementTally(35, 5, 45), Reckoned(Row(60, Number(35), Few, Few, Number(15))));
        Assert.Equal(new StatementTally(40, 7, 54), Reckoned(Row(100, Number(40), Few, Few, Few)));

        // Each number is rounded by itself, so that together they may be more than everybody.
        Assert.Equal(new StatementTally(40, 25, 65), Reckoned(Row(60, Number(40), Number(25), Few, Few)));
        Assert.Equal(new StatementTally(90, 3, 96), Reckoned(Row(100, new ReleasedCell.AtLeast(90), Few, Few, Few)));
    }

    [Fact]
    public void A_statement_of_which_anything_is_withheld_is_on_no_list()
    {
        ResultTable[] tables = [
            Table(Row(100, Number(60), Number(40), Few, Few), Row(50, Number(30), Number(20), Few, Few, "A"), Row(50, Number(30), Number(20), Few, Few, "B")),
            Table(Row(100, Number(60), Number(40), Few, Few), Row(50, Number(30), Number(20), Few, Few, "A"), Row(50, Number(30), Number(20), Few, Hidden, "B")),
        ];
        Assert.Equal([0], ReleasedVotes.Reckon(tables, ["A", "B"]).Shown);
        Assert.Equal([0, 1], ReleasedVotes.Reckon(tables, ["A"]).Shown);
        Assert.Equal([0, 1], ReleasedVotes.Reckon(tables, []).Shown);
        Assert.Equal(new StatementTally(0, 0, 5), Reckoned(Row(50, Hidden, Hidden, Few, Number(45))));
    }

    [Fact]
    public void Groups_come_in_the_order_asked_for_and_everybody_where_none_is()
    {
        ResultTable[] tables = [Table(Row(110, Number(70), Number(40), Few, Few), Row(60, Number(45), Number(15), Few, Few, "A"), Row(50, Number(25), Number(25), Few, Few, "B"))];
        GroupTallies turned = ReleasedVotes.Reckon(tables, ["B", "A"]).Tallies;
        Assert.Equal([50, 60], turned.Sizes);
        Assert.Equal((25, 45), (turned[0, 0].Agrees, turned[1, 0].Agrees));
        GroupTallies all = ReleasedVotes.Reckon(tables, []).Tallies;
        Assert.Equal((1, 110, 70), (all.Groups, all.Sizes[0], all[0, 0].Agrees));
        Assert.Throws<InvalidOperationException>(() => ReleasedVotes.Reckon(tables, ["C"]));
    }

    [Fact]
    public void What_the_gate_shows_is_reckoned_within_its_rounding() => Each(random =>
    {
        int[] people = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(20, 90))];
        QuestionTally[][] groups = [.. people.Select(size => Enumerable.Range(0, 2).Select(statement => Tally(random, size, statement)).ToArray())];
        SessionCounts counts = new("s", people.Sum(), [.. Enumerable.Range(0, 2).Select(statement => groups.Select(own => own[statement]).Aggregate((sum, next) => sum.Plus(next)))],
            [new CriterionCounts("group", [.. people.Index().Select(group => new GroupCounts($"g{group.Index}", group.Item, [.. groups[group.Index]]))])]);
        ResultTable[] tables = [.. ReleasedVotes.Of(counts, null, people.Sum()).Tables];
        string[] names = tables[0].Groups.IsEmpty ? [] : [.. people.Index().Select(group => $"g{group.Index}")];
        (GroupTallies reckoned, ImmutableArray<int> shown) = ReleasedVotes.Reckon(tables, names);

        // Of everybody, nearly all are shown as a bound.
        int off = names.Length == 0 ? 14 : 7;
        foreach (int statement in shown)
        {
            for (int group = 0; group < reckoned.Groups; group++)
            {
                QuestionTally truth = names.Length == 0 ? counts.Overall[statement] : groups[group][statement];
                StatementTally found = reckoned[group, statement];
                Assert.InRange(found.Agrees - truth.Counts[0], -off, off);
                Assert.InRange(found.Disagrees - truth.Counts[1], -off, off);
                Assert.InRange(found.Passes - truth.Counts[2], -off, off);
                Assert.Equal(truth.Counts[0] >= DisclosureGate.SmallCount, found.Agrees >= DisclosureGate.SmallCount);
            }
        }
    });

    private static QuestionTally Tally(Random random, int people, int statement)
    {
        int agree = random.Next(people + 1), disagree = random.Next(people - agree + 1), pass = random.Next(people - agree - disagree + 1);
        return new QuestionTally($"q{statement}", AnswerForm.SingleChoice, people, [agree, disagree, pass], people - agree - disagree - pass);
    }

    private static StatementTally Reckoned(ResultRow row) => ReleasedVotes.Reckon([Table(row)], []).Tallies[0, 0];

    private static ReleasedCell Number(int value) => new ReleasedCell.Rounded(value);

    private static ResultRow Row(int people, ReleasedCell agree, ReleasedCell disagree, ReleasedCell pass, ReleasedCell none, string? group = null) =>
        new(group is null ? null : "group", group, Number(people), [new(agree, null), new(disagree, null), new(pass, null)], new(none, null));

    private static ResultTable Table(ResultRow everybody, params ResultRow[] groups) => new("s", "q", AnswerForm.SingleChoice, everybody, [.. groups]);
}
