using System.Collections.Concurrent;
using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>
/// The promise: whoever reads "fewer than 8" learns no more than that. Read are the number of ballots shown live in steps of ten until closing, everything that is published then, and, a second time, everything that is published
/// when paper has come in. For every true count from 0 to 7 of a group, on paper or of everybody, shown or withheld, the attacker's interval is [0, 8): it reaches from 0 to 7 in whole people, and to 8 in fractions.
/// </summary>
public sealed class AttackingReleasedTables
{
    private const int Dialogues = 1_000;
    private const double Slack = 1e-6;

    [Theory]
    [InlineData(false, Dialogues)]
    [InlineData(true, 400)]
    public void No_small_count_can_be_narrowed_down(bool manySites, int dialogues)
    {
        int attacked = 0, shown = 0, cells = 0;
        ConcurrentBag<string> breaches = [];
        Parallel.For(0, dialogues, seed =>
        {
            Moments moments = new(seed, manySites);
            foreach (bool inFractions in new[] { false, true })
            {
                (int tried, List<string> found) = Attack(moments, moments.Published, inFractions);
                Interlocked.Add(ref attacked, tried);
                found.ForEach(breach => breaches.Add($"dialogue {seed}: {breach}"));
            }

            ImmutableArray<ResultTable> tables = moments.Published[0].Tables;
            Interlocked.Add(ref cells, tables.Sum(table => table.Groups.Sum(row => row.Options.Length + 1)));
            Interlocked.Add(ref shown, tables.Sum(table => table.Groups.Sum(row => row.Options.Append(row.NoAnswer).Count(answer => answer.Count is not ReleasedCell.Withheld))));
        });
        TestContext.Current.SendDiagnosticMessage($"{attacked} intervals of small counts in {dialogues} dialogues at two moments; {100.0 * shown / cells:F0} % of {cells} group cells shown; {breaches.Count} breaches");
        Assert.True(breaches.IsEmpty, $"{breaches.Count}: {string.Join("; ", breaches.Order(StringComparer.Ordinal).Take(12))}");
        Assert.True(attacked > 50 * dialogues, $"only {attacked} intervals");
        Assert.True(shown * 4 > cells, $"only {shown} of {cells} shown");
    }

    [Fact]
    public void Unrounded_totals_are_caught_at_either_moment()
    {
        foreach (int leaking in new[] { 0, 1 })
        {
            int breaches = Enumerable.Range(0, 30).Sum(seed =>
            {
                Moments moments = new(seed);
                return Attack(moments, [.. moments.Published.Select((reading, moment) => moment == leaking ? reading with { Leak = moments.Counts[moment] } : reading)], inFractions: false).Breaches.Count;
            });
            Assert.True(breaches > 100, $"moment {leaking}: {breaches} breaches");
        }
    }

    [Fact]
    public void Rounding_without_the_audit_is_caught()
    {
        int breaches = Enumerable.Range(0, 30).Sum(seed =>
        {
            Moments moments = new(seed);
            return Attack(moments, [.. moments.Published.Select((reading, moment) => reading with { Tables = RoundedOnly(moments.Counts[moment]) })], inFractions: false).Breaches.Count;
        });
        Assert.True(breaches > 100, $"{breaches} breaches");
    }

    /// <summary>What is true and what is published, at closing and when more paper has been counted.</summary>
    private sealed record Moments
    {
        public Moments(int seed, bool manySites = false)
        {
            SessionCounts first = SmallDialogues.Random(seed, manySites);
            SessionCounts second = SmallDialogues.WithMorePaper(first, seed);
            Counts = [first, second];
            Cast = first.Criteria.Where(criterion => criterion.Criterion != SessionCounts.BySite).Max(criterion => criterion.Groups.Sum(group => group.Ballots));
            ImmutableArray<ResultTable> published = DisclosureGate.Release(first, first.Ballots);
            ImmutableArray<ResultTable> corrected = DisclosureGate.Release(second, second.Ballots, [published]);
            Published = [new Reading(published, first.Ballots > Cast), new Reading(corrected, second.Ballots > Cast)];
        }

        public IReadOnlyList<SessionCounts> Counts { get; }

        public int Cast { get; }

        public IReadOnlyList<Reading> Published { get; }
    }

    private static (int Tried, List<string> Breaches) Attack(Moments moments, IReadOnlyList<Reading> readings, bool inFractions)
    {
        using TableAttacker attacker = new(readings, DisclosureGate.LiveBallots(moments.Cast), inFractions);
        int tried = 0;
        List<string> breaches = [];
        double end = inFractions ? 8 : 7;
        void Try(string what, int count, Func<(double Low, double High)> interval, double most)
        {
            if (count > 7)
            {
                return;
            }

            tried++;
            (double low, double high) = interval();
            if (low > Slack || high < most - Slack)
            {
                breaches.Add($"{what}: {count} in [{low:F2}, {high:F2}]");
            }
        }

        for (int q = 0; q < moments.Counts[0].Overall.Length; q++)
        {
            foreach (CriterionCounts criterion in moments.Counts[0].Criteria)
            {
                foreach (GroupCounts group in criterion.Groups)
                {
                    foreach ((int answer, int count) in Answers(group.Questions[q]).Index())
                    {
                        Try($"{criterion.Criterion} {group.Value} question {q} answer {answer}", count, () => attacker.Group(q, criterion.Criterion, group.Value, answer, end), end);
                    }
                }
            }

            for (int moment = 0; moment < readings.Count; moment++)
            {
                double mostPaper = Math.Min(end, attacker.MostPaper(moment));
                foreach ((int answer, int count) in Answers(moments.Counts[moment].Overall[q]).Index())
                {
                    Try($"moment {moment} everybody question {q} answer {answer}", count, () => attacker.Total(moment, q, answer, end), end);
                    if (readings[moment].HasPaper)
                    {
                        int onPaper = count - moments.Counts[0].Criteria[0].Groups.Sum(group => Answers(group.Questions[q])[answer]);
                        Try($"moment {moment} paper question {q} answer {answer}", onPaper, () => attacker.Paper(moment, q, answer, mostPaper), mostPaper);
                    }
                }
            }
        }

        return (tried, breaches);
    }

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
