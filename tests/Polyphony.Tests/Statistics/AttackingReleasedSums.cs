using System.Collections.Concurrent;
using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>
/// A vote on statements by site and by language: whoever read how many had voted in steps of ten, and then every table by one and by the other, learns of every small count no more than "fewer than 8". Each by itself would pass
/// and both together would not: a language that one site alone speaks is that site.
/// </summary>
public sealed class AttackingReleasedSums
{
    private const int Dialogues = 250;
    private const double Slack = 1e-6;

    [Fact]
    public void No_small_count_can_be_narrowed_down()
    {
        int shown = 0;
        (int tried, List<string> breaches) = AttackAll(Dialogues, counts =>
        {
            ImmutableArray<ResultTable> tables = DisclosureGate.Release(counts, counts.Ballots);
            Interlocked.Add(ref shown, tables.Sum(table => table.Groups.Count(row => row.Criterion == "language" && row.Options[0].Count is ReleasedCell.Rounded)));
            return tables;
        });
        TestContext.Current.SendDiagnosticMessage($"{tried} intervals of small counts, {shown} counts of languages shown; {breaches.Count} breaches");
        Assert.True(breaches.Count == 0, $"{breaches.Count}: {string.Join("; ", breaches.Take(12))}");
        Assert.True(tried > 5_000, $"only {tried} intervals");
        Assert.True(shown > 300, $"only {shown} counts of languages are shown");
    }

    [Fact]
    public void Sites_and_languages_that_pass_the_gate_apart_are_caught() => Assert.NotEmpty(AttackAll(Dialogues, counts =>
    {
        ImmutableArray<ResultTable>[] apart = [.. counts.Criteria.Select(criterion => DisclosureGate.Release(counts with { Criteria = [criterion] }, counts.Ballots))];
        return [.. apart[0].Zip(apart[1], (bySite, byLanguage) => bySite with { Groups = bySite.Groups.AddRange(byLanguage.Groups) })];
    }).Breaches);

    private static (int Tried, List<string> Breaches) AttackAll(int dialogues, Func<SessionCounts, ImmutableArray<ResultTable>> release)
    {
        int tried = 0;
        ConcurrentBag<string> breaches = [];
        Parallel.For(0, dialogues, seed =>
        {
            SessionCounts counts = Vote(seed);
            ImmutableArray<ResultTable> tables = release(counts);
            foreach (bool inFractions in new[] { false, true })
            {
                (int more, List<string> found) = Attack(counts, tables, inFractions);
                Interlocked.Add(ref tried, more);
                found.ForEach(breach => breaches.Add($"vote {seed}: {breach}"));
            }
        });
        return (tried, [.. breaches.Order(StringComparer.Ordinal)]);
    }

    private static (int Tried, List<string> Breaches) Attack(SessionCounts counts, ImmutableArray<ResultTable> tables, bool inFractions)
    {
        using TableAttacker attacker = new([new Reading(tables, HasPaper: false)], DisclosureGate.LiveBallots(counts.Ballots), inFractions);
        int tried = 0;
        List<string> breaches = [];
        double end = inFractions ? 8 : 7;
        void Try(string what, int count, Func<(double Low, double High)> interval)
        {
            if (count <= 7)
            {
                tried++;
                (double low, double high) = interval();
                if (low > Slack || high < end - Slack)
                {
                    breaches.Add($"{what}: {count} in [{low:F2}, {high:F2}]");
                }
            }
        }

        for (int statement = 0; statement < counts.Overall.Length; statement++)
        {
            foreach ((int answer, int count) in Answers(counts.Overall[statement]).Index())
            {
                Try($"everybody statement {statement} answer {answer}", count, () => attacker.Total(0, statement, answer, end));
            }

            foreach ((CriterionCounts criterion, GroupCounts group) in counts.Criteria.SelectMany(criterion => criterion.Groups.Select(group => (criterion, group))).Where(pair => tables[0].Groups.Any(row => row.Criterion == pair.criterion.Criterion)))
            {
                foreach ((int answer, int count) in Answers(group.Questions[statement]).Index())
                {
                    Try($"{criterion.Criterion} {group.Value} statement {statement} answer {answer}", count, () => attacker.Group(statement, criterion.Criterion, group.Value, answer, end));
                }
            }
        }

        return (tried, breaches);
    }

    private static int[] Answers(QuestionTally tally) => [.. tally.Counts, tally.NoAnswer];

    /// <summary>Two to four sites that each speak mostly one of two to four languages; some share theirs. Statements that few or all have come to, on which languages and sites lean as they like.</summary>
    private static SessionCounts Vote(int seed)
    {
        Random chance = new(seed);
        int people = chance.Next(45, 161), statements = chance.Next(2, 6), sites = chance.Next(2, 7), languages = chance.Next(2, 7);
        double[] sizes = [.. Enumerable.Range(0, sites).Select(_ => Math.Pow(chance.NextDouble(), 2) + 0.05)];
        int[] usual = [.. Enumerable.Range(0, sites).Select(_ => chance.Next(languages))];
        int[] site = [.. Enumerable.Range(0, people).Select(_ => Pick(chance, sizes))];
        double guests = chance.NextDouble() * 0.3;
        int[] language = [.. site.Select(own => chance.NextDouble() < guests ? chance.Next(languages) : usual[own])];
        double[] seen = [.. Enumerable.Range(0, statements).Select(_ => chance.Next(3) == 0 ? 1 : 0.3 + (0.7 * chance.NextDouble()))];
        double[][] lean = [.. Enumerable.Range(0, (sites + languages) * statements).Select(_ => Enumerable.Range(0, 3).Select(_ => Math.Pow(chance.NextDouble(), 3) + 0.004).ToArray())];
        int[][] said = [
            .. Enumerable.Range(0, people).Select(person => Enumerable.Range(0, statements).Select(statement =>
                chance.NextDouble() < seen[statement] ? Pick(chance, lean[((chance.Next(2) == 0 ? site[person] : sites + language[person]) * statements) + statement]) : 3).ToArray()),
        ];
        QuestionTally Tally(int statement, Func<int, bool> who) => QuestionTally.Of(
            $"s{statement}", AnswerForm.SingleChoice, 3, Enumerable.Range(0, people).Where(who).Select(person => said[person][statement] is var answer && answer < 3 ? (int[])[answer] : []));
        CriterionCounts By(string criterion, int groups, int[] of) => new(criterion, [
            .. Enumerable.Range(0, groups).Select(own => new GroupCounts($"{criterion[0]}{own}", of.Count(one => one == own), [.. Enumerable.Range(0, statements).Select(statement => Tally(statement, person => of[person] == own))])),
        ]);
        return new SessionCounts("statements", people, [.. Enumerable.Range(0, statements).Select(statement => Tally(statement, _ => true))], [By(SessionCounts.BySite, sites, site), By("language", languages, language)]);
    }

    private static int Pick(Random chance, double[] weights)
    {
        double at = chance.NextDouble() * weights.Sum();
        for (int i = 0; i < weights.Length - 1; i++)
        {
            if ((at -= weights[i]) < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }
}
