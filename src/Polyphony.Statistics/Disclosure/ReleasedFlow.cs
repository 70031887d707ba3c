using System.Collections.Immutable;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Where answers went between two askings, as the public may see it.</summary>
/// <remarks>
/// The table has everybody who answered at all: beside the way from answer to answer a row of those who answered the second time only and a column of those who answered the first time only. So
/// its margins are the very totals of the two sessions, rounded alike, and there is nothing to subtract from them. It passes the gate as one session would: the
/// question asked again, by the criterion "answer before".
/// </remarks>
/// <param name="Before">The question's key when it was asked first.</param>
/// <param name="After">Its key when it was asked again.</param>
/// <param name="Form">The form of its answers.</param>
/// <param name="Changed">People whose two answers could be joined and differ. How many could be joined is not released: beside the ballots of an asking it would say how few could not.</param>
/// <param name="Cells">People per answer before (row) and after (column): the options and last "no answer"; empty in a dialogue of fewer than 45 people. The totals stand in the tables of the two
/// askings and not here: there near-unanimity of a room is shown as "at least".</param>
/// <param name="Verdict">Whether the change is beyond chance.</param>
public sealed record ReleasedFlow(
    string Before, string After, AnswerForm Form, ReleasedCell Changed,
    ImmutableArray<ImmutableArray<ReleasedCell>> Cells, ChangeVerdict Verdict)
{
    /// <summary>Passes a flow through the gate.</summary>
    /// <param name="flow">Those who could be joined; of a question with one answer.</param>
    /// <param name="before">All ballots of the first asking, paper included.</param>
    /// <param name="after">All ballots of the second asking, paper included.</param>
    /// <param name="verdict">The verdict, made with the other questions.</param>
    /// <param name="dialoguePeople">The people who take part in the dialogue.</param>
    /// <returns>The released flow.</returns>
    /// <exception cref="ArgumentException">More people were joined than answered, or the question takes several answers.</exception>
    public static ReleasedFlow Of(PairedFlow flow, QuestionTally before, QuestionTally after, ChangeVerdict verdict, int dialoguePeople)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var answers = before.Counts.Length + 1;
        if (flow.Counts.Length != answers || after.Counts.Length + 1 != answers)
            throw new ArgumentException("A flow between other answers than those of the two askings.", nameof(flow));
        int[] first = [.. before.Counts, before.NoAnswer];
        int[] second = [.. after.Counts, after.NoAnswer];
        int[] left = [.. first.Select((count, answer) => count - flow.Counts[answer].Sum())];
        int[] came = [.. second.Select((count, answer) => count - flow.Counts.Sum(row => row[answer]))];
        if (left.Concat(came).Any(count => count < 0))
            throw new ArgumentException("More people were joined than answered.", nameof(flow));

        var everybody = first.Sum() + came.Sum();
        QuestionTally Tally(int ballots, IEnumerable<int> counts, int leaving, int silent) => new(after.Question, AnswerForm.SingleChoice, ballots, [.. counts, leaving], silent);
        var counts = new SessionCounts(
            flow.After, everybody, [Tally(everybody, second[..^1], left.Sum(), second[^1])],
            [new CriterionCounts(flow.Before, [.. flow.Counts.Select((row, answer) => new GroupCounts($"{answer}", first[answer], [Tally(first[answer], row[..^1], left[answer], row[^1])]))])]);
        var table = DisclosureGate.Release(counts, dialoguePeople)[0];
        return new ReleasedFlow(
            flow.Before, flow.After, flow.Form, DisclosureGate.Show(flow.Changed),
            [.. table.Groups.Select(Answers)],
            table.Groups.IsEmpty || table.Groups.All(row => row.Ballots is ReleasedCell.Withheld) ? ChangeVerdict.NotTested : verdict);
    }

    /// <summary>The answers of a row without its last option, "did not answer the second time".</summary>
    private static ImmutableArray<ReleasedCell> Answers(ResultRow row) => [.. row.Options.SkipLast(1).Select(answer => answer.Count), row.NoAnswer.Count];
}
