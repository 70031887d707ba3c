using Polyphony.Dialogues;
using Polyphony.Statistics.Agreement;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Web.Insights;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Tests.Insights;

/// <summary>Each question as a whole, from what the gate lets out.</summary>
public sealed class ReadingQuestions
{
    [Fact]
    public void Every_answer_of_a_small_dialogue_has_its_interval()
    {
        // Twenty-four people: no groups are shown, and everybody is where nobody's answer can be worked out.
        int shown = 0;
        foreach (int[] counts in new int[][] { [12, 12, 0], [14, 10, 0], [12, 8, 4], [9, 9, 6], [16, 8, 0], [10, 9, 5] })
        {
            PublishedResults results = Released(24, new QuestionTally("q", AnswerForm.SingleChoice, 24, [.. counts[..2]], counts[2]));
            Assert.Empty(ReadInsights.Of(results, bySite: false));
            OverallQuestion question = Assert.Single(ReadOverall.Of(results));
            ResultRow row = results.Sessions[0].Questions[0].Table.Overall;
            Assert.Equal(3, question.Answers.Count);
            foreach ((ReleasedAnswer released, OverallAnswer answer) in row.Options.Append(row.NoAnswer).Zip(question.Answers))
            {
                // From the rounded counts, not from the true ones.
                if ((released.Count, row.Ballots) is (ReleasedCell.Rounded count, ReleasedCell.Rounded ballots))
                {
                    Assert.Equal(((double)count.Value / ballots.Value, WilsonInterval.Of(count.Value, ballots.Value)), (answer.Share!.Value, answer.Interval));
                    shown++;
                }
                else
                {
                    Assert.Null(answer.Interval);
                }
            }
        }

        Assert.True(shown > 3, $"The gate shows {shown} answers only.");
    }

    [Fact]
    public void What_is_not_shown_has_no_share_and_no_interval()
    {
        OverallQuestion few = Assert.Single(ReadOverall.Of(Released(8, new QuestionTally("q", AnswerForm.SingleChoice, 8, [4, 4], 0))));
        Assert.Null(few.Ballots);
        Assert.All(few.Answers, answer => Assert.True(answer is { Share: null, Interval: null }));
        OverallQuestion nearlyAll = Assert.Single(ReadOverall.Of(Released(100, new QuestionTally("q", AnswerForm.SingleChoice, 100, [98, 2], 0))));
        Assert.All(nearlyAll.Answers, answer => Assert.Null(answer.Interval));
        Assert.True(nearlyAll.Answers[0] is { Count: ReleasedCell.AtLeast or ReleasedCell.Withheld });
    }

    [Fact]
    public void Steps_have_agreement_and_polarisation_where_every_step_is_shown()
    {
        OverallQuestion steps = Assert.Single(ReadOverall.Of(Released(400, new QuestionTally("q", AnswerForm.Scale5, 400, [50, 100, 150, 75, 20], 5))));
        int[] shown = [.. steps.Answers.Take(5).Select(answer => ((ReleasedCell.Rounded)answer.Count).Value)];
        Assert.Equal((AnswerAgreement.VanDerEijk(shown), AnswerPolarisation.EstebanRay(shown)), (steps.Agreement, steps.Polarisation));
        Assert.Equal(0.39, steps.Agreement!.Value, 0.01);
        OverallQuestion hidden = Assert.Single(ReadOverall.Of(Released(400, new QuestionTally("q", AnswerForm.Scale5, 400, [50, 100, 170, 75, 3], 2))));
        Assert.Null(hidden.Agreement);
        Assert.Null(Assert.Single(ReadOverall.Of(Released(400, new QuestionTally("q", AnswerForm.SingleChoice, 400, [50, 100, 150, 75, 20], 5)))).Agreement);
    }

    private static PublishedResults Released(int people, QuestionTally tally)
    {
        ResultTable table = Assert.Single(DisclosureGate.Release(new SessionCounts("s", tally.Ballots, [tally], []), people));
        return new PublishedResults(1, "d", 1, DateTimeOffset.UnixEpoch, Text("D"), Text("Q"), people, [new PublishedSession(Text("S"), [new PublishedQuestion(Text("Why?"), [.. tally.Counts.Select((_, i) => Text("Answer " + i))], table)])], []);
    }

    private static LocalizedText Text(string text) => LocalizedText.Of(("en", text));
}
