using System.Collections.Immutable;
using System.Diagnostics;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>A session of 100 people, five criteria and three questions, as the rehearsal has it.</summary>
public sealed class ReleasingARealDay
{
    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    public void Most_of_the_group_counts_can_be_shown_and_it_takes_no_time(int people)
    {
        var counts = Day(people);
        var clock = Stopwatch.StartNew();
        var tables = DisclosureGate.Release(counts, people);
        clock.Stop();
        var cells = tables.SelectMany(table => table.Groups).SelectMany(row => row.Options.Append(row.NoAnswer)).ToList();
        var shown = cells.Count(answer => answer.Count is not ReleasedCell.Withheld);
        foreach (var row in tables[0].Groups)
            TestContext.Current.SendDiagnosticMessage($"{row.Criterion} {row.Value} {Text(row.Ballots)}: {string.Join(" | ", row.Options.Append(row.NoAnswer).Select(answer => Text(answer.Count)))}");
        TestContext.Current.SendDiagnosticMessage($"{people} people: {shown} of {cells.Count} group cells shown, {clock.ElapsedMilliseconds} ms");
        Assert.True(shown * 2 > cells.Count, $"{shown} of {cells.Count}");
    }

    private static string Text(ReleasedCell cell) => cell switch
    {
        ReleasedCell.Rounded rounded => $"{rounded.Value}",
        ReleasedCell.FewerThan => "<8",
        ReleasedCell.AtLeast most => $"≥{most.Value}",
        _ => "-",
    };

    private static SessionCounts Day(int people)
    {
        var chance = new Random(people);
        double[][] criteria = [[0.51, 0.49], [0.2, 0.28, 0.27, 0.25], [0.3, 0.45, 0.25], [0.6, 0.25, 0.15], [0.75, 0.25]];
        double[][] opinions = [[0.5, 0.3, 0.15, 0.05], [0.1, 0.2, 0.3, 0.25, 0.1, 0.05], [0.62, 0.3, 0.08]];
        AnswerForm[] forms = [AnswerForm.SingleChoice, AnswerForm.Scale5, AnswerForm.SingleChoice];
        var traits = Enumerable.Range(0, people).Select(_ => criteria.Select(weights => Pick(chance, weights)).ToArray()).ToArray();
        var answers = opinions.Select(weights => traits.Select(_ => Pick(chance, weights)).ToArray()).ToArray();
        QuestionTally Tally(int q, Func<int, bool> who) => QuestionTally.Of(
            $"q{q}", forms[q], opinions[q].Length - 1,
            Enumerable.Range(0, people).Where(who).Select(person => (IReadOnlyCollection<int>)(answers[q][person] == opinions[q].Length - 1 ? [] : [answers[q][person]])));
        return new SessionCounts("s", people,
            [.. opinions.Select((_, q) => Tally(q, _ => true))],
            [.. criteria.Select((weights, c) => new CriterionCounts($"c{c}", [.. weights.Select((_, v) => new GroupCounts(
                $"v{v}", traits.Count(trait => trait[c] == v), [.. opinions.Select((_, q) => Tally(q, person => traits[person][c] == v))]))]))]);
    }

    private static int Pick(Random chance, double[] weights)
    {
        var at = chance.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length - 1; i++)
            if ((at -= weights[i]) < 0)
                return i;
        return weights.Length - 1;
    }
}
