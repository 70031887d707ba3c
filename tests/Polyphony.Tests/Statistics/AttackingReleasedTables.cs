using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>
/// The promise: whoever reads "fewer than 8" learns no more than that. For every true count from 0 to 7 in a group the attacker's interval is
/// [0, 8), that is 0 to 7 in whole people, whether the count is shown or withheld.
/// </summary>
public sealed class AttackingReleasedTables
{
    private const int Dialogues = 250;
    private const double Slack = 1e-6;

    [Fact]
    public void No_small_count_can_be_narrowed_down()
    {
        var attacked = 0;
        var shown = 0;
        var cells = 0;
        for (var seed = 0; seed < Dialogues; seed++)
        {
            var counts = SmallDialogues.Random(seed);
            var tables = DisclosureGate.Release(counts, counts.Ballots);
            var (tried, breaches) = Attack(counts, tables);
            attacked += tried;
            Assert.True(breaches.Count == 0, $"dialogue {seed}: {string.Join("; ", breaches.Take(3))}");
            cells += tables.Sum(table => table.Groups.Sum(row => row.Options.Length + 1));
            shown += tables.Sum(table => table.Groups.Sum(row => row.Options.Append(row.NoAnswer).Count(answer => answer.Count is not ReleasedCell.Withheld)));
        }
        TestContext.Current.SendDiagnosticMessage($"{attacked} small counts attacked in {Dialogues} dialogues; {100.0 * shown / cells:F0} % of {cells} group cells shown");
        Assert.True(attacked > 2_000, $"only {attacked} small counts");
    }

    [Fact]
    public void Unrounded_totals_are_caught()
    {
        var breaches = Enumerable.Range(0, 40).Sum(seed =>
        {
            var counts = SmallDialogues.Random(seed);
            return Attack(counts, DisclosureGate.Release(counts, counts.Ballots), leakedTotals: counts).Breaches.Count;
        });
        Assert.True(breaches > 100, $"{breaches} breaches");
    }

    [Fact]
    public void Rounding_without_the_audit_is_caught()
    {
        var breaches = Enumerable.Range(0, 40).Sum(seed =>
        {
            var counts = SmallDialogues.Random(seed);
            return Attack(counts, RoundedOnly(counts)).Breaches.Count;
        });
        Assert.True(breaches > 100, $"{breaches} breaches");
    }

    private static (int Tried, List<string> Breaches) Attack(SessionCounts counts, ImmutableArray<ResultTable> tables, SessionCounts? leakedTotals = null)
    {
        var rest = counts.Criteria.Where(criterion => criterion.Groups.Sum(group => group.Ballots) < counts.Ballots).Select(criterion => criterion.Criterion).ToHashSet();
        using var attacker = new TableAttacker(tables, rest, leakedTotals);
        var tried = 0;
        var breaches = new List<string>();
        foreach (var criterion in counts.Criteria)
        {
            foreach (var (value, _, questions) in rest.Contains(criterion.Criterion) ? criterion.Groups.Add(Rest(counts, criterion)) : criterion.Groups)
            {
                for (var q = 0; q < questions.Length; q++)
                {
                    var answers = Answers(questions[q]);
                    for (var answer = 0; answer < answers.Length; answer++)
                    {
                        if (answers[answer] > 7)
                            continue;
                        tried++;
                        var (low, high) = attacker.Interval(q, criterion.Criterion, value, answer);
                        if (low > Slack || high < 7 - Slack)
                            breaches.Add($"{criterion.Criterion} {value} question {q} answer {answer}: {answers[answer]} in [{low:F2}, {high:F2}]");
                    }
                }
            }
        }
        return (tried, breaches);
    }

    private static GroupCounts Rest(SessionCounts counts, CriterionCounts criterion) => new(
        "",
        counts.Ballots - criterion.Groups.Sum(group => group.Ballots),
        [.. counts.Overall.Select((tally, q) => tally with
        {
            Counts = [.. tally.Counts.Select((count, option) => count - criterion.Groups.Sum(group => group.Questions[q].Counts[option]))],
            NoAnswer = tally.NoAnswer - criterion.Groups.Sum(group => group.Questions[q].NoAnswer),
        })]);

    /// <summary>What a careful person would publish by hand: small groups withheld, small counts hidden, everything rounded.</summary>
    private static ImmutableArray<ResultTable> RoundedOnly(SessionCounts counts) =>
        [.. counts.Overall.Select((tally, q) => new ResultTable(
            counts.Session,
            tally.Question,
            tally.Form,
            ByHand(null, null, tally),
            [.. counts.Criteria.SelectMany(criterion => criterion.Groups.Select(group => ByHand(criterion.Criterion, group.Value, group.Questions[q])))]))];

    private static ResultRow ByHand(string? criterion, string? value, QuestionTally tally)
    {
        ReleasedAnswer Shown(int count) => new(
            tally.Ballots < 10 ? new ReleasedCell.Withheld(WithheldReasons.SmallGroup) : count < 8 ? new ReleasedCell.FewerThan(8) : new ReleasedCell.Rounded((count + 2) / 5 * 5), null);
        return new ResultRow(criterion, value, Shown(tally.Ballots).Count, [.. tally.Counts.Select(Shown)], Shown(tally.NoAnswer));
    }

    private static int[] Answers(QuestionTally tally) => [.. tally.Counts, tally.NoAnswer];
}
