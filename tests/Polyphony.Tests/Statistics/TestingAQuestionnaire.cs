using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;

namespace Polyphony.Tests.Statistics;

public sealed class TestingAQuestionnaire
{
    [Theory]
    [InlineData(1, 7, 0.0703125)]
    [InlineData(7, 1, 0.0703125)]
    [InlineData(150, 86, 3.0993e-5)]
    [InlineData(12, 12, 1)]
    public void Yes_or_no_is_tested_exactly_where_few_changed(int left, int joined, double expected)
    {
        // design/statistics.md 5.4; Stuart and Maxwell's statistic, which has no correction, gives .0339 for the first.
        double found = QuestionnaireChange.PValue(Asked(AnswerForm.SingleChoice, [[60, left], [joined, 60]]))!.Value;
        Assert.Equal(expected, found, expected * 1e-4);
        Assert.Equal(McNemar.Of(left, joined).BestPValue, found);
    }

    [Fact]
    public void An_option_that_nobody_left_or_joined_makes_no_other_question()
    {
        PairedFlow third = Asked(AnswerForm.SingleChoice, [[60, 0, 1], [0, 9, 0], [7, 0, 60]]);
        Assert.Equal(0.0703125, QuestionnaireChange.PValue(third)!.Value, 1e-12);
        Assert.Equal([ChangeVerdict.WithinChance], QuestionnaireChange.Of([third]));
    }

    [Fact]
    public void Several_options_are_tested_together_and_steps_by_their_ranks()
    {
        int[][] vision = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]];
        Assert.Equal(0.0075334, QuestionnaireChange.PValue(Asked(AnswerForm.SingleChoice, vision))!.Value, 1e-7);
        int[][] steps = [[20, 9, 0, 0, 0], [0, 20, 9, 0, 0], [0, 0, 20, 9, 0], [0, 0, 0, 20, 0], [0, 0, 0, 1, 0]];
        List<(decimal, decimal)> pairs = [.. from before in Enumerable.Range(0, 5) from after in Enumerable.Range(0, 5) from _ in Enumerable.Range(0, steps[before][after]) select ((decimal)before, (decimal)after)];
        Assert.Equal(SignedRank.Of(pairs).PValue, QuestionnaireChange.PValue(Asked(AnswerForm.Scale5, steps)));
    }

    [Fact]
    public void Few_pairs_few_changes_and_several_answers_are_not_tested()
    {
        Assert.Null(QuestionnaireChange.PValue(Asked(AnswerForm.SingleChoice, [[18, 4], [4, 18]])));
        Assert.NotNull(QuestionnaireChange.PValue(Asked(AnswerForm.SingleChoice, [[18, 4], [4, 19]])));
        Assert.Null(QuestionnaireChange.PValue(Asked(AnswerForm.SingleChoice, [[60, 3], [4, 60]])));
        Assert.Null(QuestionnaireChange.PValue(PairedFlow.Of("a", "b", AnswerForm.MultipleChoice, 2, [])));
    }

    [Fact]
    public void Many_questions_make_none_of_them_special()
    {
        // .0117 alone, .0234 of two, .0586 of five.
        PairedFlow one = Asked(AnswerForm.SingleChoice, [[60, 1], [10, 60]]), still = Asked(AnswerForm.SingleChoice, [[60, 5], [5, 60]]), untested = Asked(AnswerForm.SingleChoice, [[1, 1], [1, 1]]);
        Assert.Equal([ChangeVerdict.BeyondChance, ChangeVerdict.NotTested, ChangeVerdict.WithinChance], QuestionnaireChange.Of([one, untested, still]));
        Assert.Equal(ChangeVerdict.WithinChance, QuestionnaireChange.Of([one, still, still, still, still])[0]);
        Assert.Equal([ChangeVerdict.FarBeyondChance], QuestionnaireChange.Of([Asked(AnswerForm.SingleChoice, [[60, 0], [30, 60]])]));
    }

    /// <summary>A question whose last answer, "don't know", nobody gave.</summary>
    private static PairedFlow Asked(AnswerForm form, int[][] counts) => new("before", "after", form, [.. counts.Select(row => row.Append(0).ToArray()).Append(new int[counts.Length + 1]).Select(row => System.Collections.Immutable.ImmutableArray.Create(row))]);
}
