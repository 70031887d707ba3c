using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Representation;

namespace Polyphony.Statistics.Disclosure;

/// <summary>How many people of one value were at a stage.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Count">The count as released.</param>
/// <param name="Percent">Its whole percentage, from rounded numbers; null where the count is not shown.</param>
public sealed record ReleasedShare(string Value, ReleasedCell Count, int? Percent);

/// <summary>One stage on the way from the letters to the room by one criterion, as the public may see it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="People">How many people.</param>
/// <param name="Values">One entry per value.</param>
/// <param name="Apart">Total variation from the population in whole percent, from the rounded counts; null while one of them is not shown, but for <see cref="WithoutCounts"/>.</param>
/// <remarks>A stage passes the gate as a question would whose answers are the values: what single answers are protected from, coming or staying away is protected from too.</remarks>
public sealed record ReleasedStage(FunnelStage Stage, ReleasedCell People, ImmutableArray<ReleasedShare> Values, int? Apart)
{
    /// <summary>Passes the counts of a stage through the gate.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="known">The true counts against the population.</param>
    /// <returns>What may be shown.</returns>
    public static ReleasedStage Of(FunnelStage stage, Representativeness known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var name = stage.ToString();

        // Everybody bears a value. So the last one stands where "no answer" does, and the gate knows that all of them add up to the whole.
        var last = known.Values.Length > 1 ? known.Values[^1].Count : 0;
        var tally = new QuestionTally(name, AnswerForm.SingleChoice, known.People, [.. known.Values.Take(Math.Max(1, known.Values.Length - 1)).Select(value => value.Count)], last);
        var row = DisclosureGate.Release(new SessionCounts(name, known.People, [tally], []), known.People)[0].Overall;
        ImmutableArray<ReleasedAnswer> answers = [.. row.Options, row.NoAnswer];
        return new ReleasedStage(stage, row.Ballots, [.. known.Values.Zip(answers, (value, answer) => new ReleasedShare(value.Value, answer.Count, answer.Percent))], ApartOf(known, answers));
    }

    /// <summary>The stage where the sizes of groups must stay hidden: how far it is from the population in steps of five, and no counts.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="known">The true counts against the population.</param>
    /// <returns>What may be shown; no distance of fewer than 45 people.</returns>
    public static ReleasedStage WithoutCounts(FunnelStage stage, Representativeness known)
    {
        ArgumentNullException.ThrowIfNull(known);
        return new ReleasedStage(
            stage,
            known.People < DisclosureGate.SmallestGroup ? new ReleasedCell.Withheld(WithheldReasons.FewBallots) : DisclosureGate.Show(known.People),
            [.. known.Values.Select(value => new ReleasedShare(value.Value, new ReleasedCell.Withheld(WithheldReasons.Protected), null))],
            known.People < DisclosureGate.SmallestDialogueByGroup || known.TotalVariation is not { } apart ? null : (int)Math.Round(apart * 20, MidpointRounding.AwayFromZero) * 5);
    }

    private static int? ApartOf(Representativeness known, ImmutableArray<ReleasedAnswer> answers)
    {
        ImmutableArray<int> shown = [.. answers.Take(known.Values.Length).Select(answer => answer.Count).OfType<ReleasedCell.Rounded>().Select(count => count.Value)];
        return shown.Length < known.Values.Length
            ? null
            : (int)Math.Round(50 * known.Values.Zip(shown, (value, count) => Math.Abs(((double)count / shown.Sum()) - value.Target)).Sum(), MidpointRounding.AwayFromZero);
    }
}
