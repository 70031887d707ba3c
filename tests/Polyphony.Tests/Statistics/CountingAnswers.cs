using Polyphony.Statistics.Counts;

namespace Polyphony.Tests.Statistics;

public sealed class CountingAnswers
{
    [Fact]
    public void Each_form_is_counted_with_its_silent_ballots()
    {
        var single = QuestionTally.Of("q", AnswerForm.SingleChoice, 3, [[0], [2], [2], []]);
        Assert.Equal([1, 0, 2], single.Counts);
        Assert.Equal((4, 3, 1), (single.Ballots, single.Answered, single.NoAnswer));
        Assert.Equal(2 / 3.0, single.ShareOfAnswered(2));
        Assert.Equal(0.5, single.ShareOfBallots(2));
        Assert.Equal([2, 1], QuestionTally.Of("q", AnswerForm.MultipleChoice, 2, [[0, 1], [0], []]).Counts);
        Assert.Equal(3.5, QuestionTally.Of("q", AnswerForm.Scale5, 5, [[4], [1], []]).ScaleMean());
        Assert.Null(single.ScaleMean());
    }

    [Fact]
    public void The_order_of_ballots_does_not_matter()
    {
        var chance = new Random(1);
        int[][] ballots = [.. Enumerable.Range(0, 200).Select(_ => chance.Next(6) is < 5 and var step ? new[] { step } : [])];
        var tally = QuestionTally.Of("q", AnswerForm.Scale5, 5, ballots);
        var shuffled = QuestionTally.Of("q", AnswerForm.Scale5, 5, ballots.OrderBy(_ => chance.Next()));
        Assert.Equal(tally.Counts, shuffled.Counts);
        Assert.Equal(tally.NoAnswer, shuffled.NoAnswer);
    }

    [Fact]
    public void Paper_adds_to_links()
    {
        var sum = QuestionTally.Of("q", AnswerForm.SingleChoice, 2, [[0], []]).Plus(QuestionTally.Of("q", AnswerForm.SingleChoice, 2, [[1], [1]]));
        Assert.Equal([1, 2], sum.Counts);
        Assert.Equal((4, 1), (sum.Ballots, sum.NoAnswer));
        Assert.Throws<ArgumentException>(() => sum.Plus(QuestionTally.Of("other", AnswerForm.SingleChoice, 2, [])));
    }

    [Fact]
    public void Impossible_answers_are_refused()
    {
        Assert.Throws<ArgumentException>(() => QuestionTally.Of("q", AnswerForm.SingleChoice, 2, [[0, 1]]));
        Assert.Throws<ArgumentException>(() => QuestionTally.Of("q", AnswerForm.MultipleChoice, 2, [[1, 1]]));
        Assert.Throws<ArgumentException>(() => QuestionTally.Of("q", AnswerForm.SingleChoice, 2, [[2]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuestionTally.Of("q", AnswerForm.Scale5, 4, []));
    }

    [Fact]
    public void Nobody_has_no_share() => Assert.Null(QuestionTally.Of("q", AnswerForm.SingleChoice, 2, [[]]).ShareOfAnswered(0));

    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_that_of_Newcombe_1998(int count, int total, double lower, double upper)
    {
        var interval = WilsonInterval.Of(count, total);
        Assert.Equal(lower, interval.Lower, 4);
        Assert.Equal(upper, interval.Upper, 4);
        Assert.Equal(1 - interval.Lower, WilsonInterval.Of(total - count, total).Upper, 12);
    }
}
