using System.Collections.Immutable;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Change;

/// <summary>Whether the answers of a room moved by more than chance would move them.</summary>
public enum ChangeVerdict
{
    /// <summary>Not tested: too few answered twice, too few changed, or there is no single way from several answers to several.</summary>
    NotTested = 0,

    /// <summary>Chance alone would often do as much: the adjusted p-value is 0.05 or more.</summary>
    WithinChance = 1,

    /// <summary>The adjusted p-value is below 0.05.</summary>
    BeyondChance = 2,

    /// <summary>The adjusted p-value is below 0.001.</summary>
    FarBeyondChance = 3,
}

/// <summary>Tests all questions of a questionnaire together, so that many questions do not make one of them look special.</summary>
/// <remarks>Ordered answers by the signed ranks of Wilcoxon; others by Stuart and Maxwell, or where people moved between two options only, as they must in a question with two, by McNemar; p-values adjusted by Holm. The verdict is coarse on purpose: an exact p-value
/// of a small room would tell what the disclosure gate hides.</remarks>
public static class QuestionnaireChange
{
    /// <summary>Fewer people who changed are not tested: a verdict would be about each of them.</summary>
    public const int FewestChanged = 8;

    /// <summary>Fewer people who answered both times are not tested.</summary>
    public const int FewestPairs = 45;

    /// <summary>Tests.</summary>
    /// <param name="flows">All questions of one questionnaire.</param>
    /// <returns>One verdict per question, in their order.</returns>
    public static ImmutableArray<ChangeVerdict> Of(IReadOnlyList<PairedFlow> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        double?[] values = [.. flows.Select(PValue)];
        var adjusted = ManyTests.Holm([.. values.OfType<double>()]);
        var at = 0;
        return [.. values.Select(value => value is null ? ChangeVerdict.NotTested : adjusted[at++] switch
        {
            < 0.001 => ChangeVerdict.FarBeyondChance,
            < 0.05 => ChangeVerdict.BeyondChance,
            _ => ChangeVerdict.WithinChance,
        })];
    }

    /// <summary>The p-value of one question, not adjusted.</summary>
    /// <param name="flow">The question.</param>
    /// <returns>0 to 1, or <see langword="null"/> when it is not tested.</returns>
    public static double? PValue(PairedFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Counts.IsEmpty)
            return null;
        var answered = flow.Answered();
        if (answered.Pairs < FewestPairs || answered.Changed < FewestChanged)
            return null;
        if (flow.Form == AnswerForm.Scale5)
            return SignedRank.Of(Steps(answered)).PValue;
        var test = StuartMaxwell.Of(answered);
        if (test.Degrees != 1)
            return test.PValue;

        // One degree of freedom is McNemar's table of two options, which is exact where few changed; the statistic of Stuart and Maxwell is not.
        int[] moved = [.. Enumerable.Range(0, answered.Options).Except(test.Dropped)];
        return McNemar.Of(answered.Counts[moved[0]][moved[1]], answered.Counts[moved[1]][moved[0]]).BestPValue;
    }

    private static List<(decimal Before, decimal After)> Steps(AnswerFlow flow) =>
    [
        .. from before in Enumerable.Range(0, flow.Options)
           from after in Enumerable.Range(0, flow.Options)
           from _ in Enumerable.Range(0, flow.Counts[before][after])
           select ((decimal)before, (decimal)after),
    ];
}
