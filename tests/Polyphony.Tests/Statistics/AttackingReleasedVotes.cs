using System.Collections.Concurrent;
using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Selection;

namespace Polyphony.Tests.Statistics;

/// <summary>
/// The promise of the gate holds for votes on statements: whoever read how many had voted in steps of ten until closing, and then every table by group, which statements were chosen by which rule, what the certificates say and how many
/// the chosen ones cover, learns of every small count, covered or not, no more than "fewer than 8". What is published a second time is the same to the letter.
/// </summary>
public sealed class AttackingReleasedVotes
{
    private const double Slack = 1e-6;

    [Fact]
    public void No_small_count_can_be_narrowed_down()
    {
        (int tried, int numbers, int bounds, List<string> breaches) = AttackAll(500);
        TestContext.Current.SendDiagnosticMessage($"{tried} intervals of small counts; covered is a number {numbers} times and a bound {bounds} times; {breaches.Count} breaches");
        Assert.True(breaches.Count == 0, $"{breaches.Count}: {string.Join("; ", breaches.Take(12))}");
        Assert.True(tried > 10_000, $"only {tried} intervals");
        Assert.True(numbers > 50 && bounds > 200, $"covered is a number {numbers} times and a bound {bounds} times");
    }

    [Fact]
    public void The_exact_number_covered_is_caught() => Assert.NotEmpty(AttackAll(60, votes => votes.Covered).Breaches);

    [Fact]
    public void The_number_covered_rounded_by_itself_is_caught() => Assert.NotEmpty(AttackAll(60, votes => DisclosureGate.Show(votes.Covered)).Breaches);

    [Fact]
    public void People_in_no_group_are_refused()
    {
        Votes votes = new(1);
        Assert.Throws<ArgumentException>(() => ReleasedVotes.Of(
            new SessionCounts("s", votes.People, votes.Counts.Overall, [new CriterionCounts("group", [new GroupCounts("A", 0, [.. votes.Counts.Overall.Select(tally => new QuestionTally(tally.Question, tally.Form, 0, [0, 0, 0], 0))])])]), null, votes.People));
    }

    private static (int Tried, int Numbers, int Bounds, List<string> Breaches) AttackAll(int dialogues, Func<Votes, object>? leak = null)
    {
        int tried = 0, numbers = 0, bounds = 0;
        ConcurrentBag<string> breaches = [];
        Parallel.For(0, dialogues, seed =>
        {
            Votes votes = new(seed);
            ReleasedVotes released = ReleasedVotes.Of(votes.Counts, votes.Chosen, votes.People);
            Interlocked.Add(ref numbers, released.Covered?.Count is ReleasedCell.Rounded ? 1 : 0);
            Interlocked.Add(ref bounds, released.Covered?.Count is ReleasedCell.AtLeast ? 1 : 0);
            foreach (bool inFractions in new[] { false, true })
            {
                (int more, List<string> found) = Attack(votes, released, released.Covered is null ? null : leak?.Invoke(votes) ?? released.Covered.Count, inFractions);
                Interlocked.Add(ref tried, more);
                found.ForEach(breach => breaches.Add($"dialogue {seed}: {breach}"));
            }
        });
        return (tried, numbers, bounds, [.. breaches.Order(StringComparer.Ordinal)]);
    }

    private static (int Tried, List<string> Breaches) Attack(Votes votes, ReleasedVotes released, object? covered, bool inFractions)
    {
        using TableAttacker attacker = new([new Reading(released.Tables, HasPaper: false)], DisclosureGate.LiveBallots(votes.People), inFractions);
        int tried = 0;
        List<string> breaches = [];
        double end = inFractions ? 8 : 7;
        void Try(string what, int count, Func<(double Low, double High)> interval, Func<(double Low, double High)>? anyway = null)
        {
            if (count > 7)
            {
                return;
            }

            tried++;
            (double low, double high) = interval();
            (double least, double most) = (low > Slack || high < end - Slack) && anyway is not null ? anyway() : (0, end);
            if (low > least + Slack || high < Math.Min(most, end) - Slack)
            {
                breaches.Add($"{what}: {count} in [{low:F2}, {high:F2}]");
            }
        }

        if (covered is not null)
        {
            void Read(TableAttacker reader, ReleasedCell? shown, int? leaked) => reader.ReadSlate(votes.Slate, votes.Seats, votes.Rule == 0, votes.Candidates, votes.LeastVotes, votes.IsJust, shown, leaked);
            Read(attacker, covered as ReleasedCell, covered as int?);

            // How many are covered by a single statement stands in its table; beyond what tables say, the number must add nothing.
            using TableAttacker without = new([new Reading(released.Tables, HasPaper: false)], DisclosureGate.LiveBallots(votes.People), inFractions);
            Read(without, new ReleasedCell.Withheld(WithheldReasons.Protected), null);
            Try("covered", votes.Covered, () => attacker.Covered(end), () => without.Covered(end));
            Try("not covered", votes.People - votes.Covered, () => attacker.NotCovered(end), () => without.NotCovered(end));
        }

        for (int statement = 0; statement < votes.Counts.Overall.Length; statement++)
        {
            foreach ((int answer, int count) in Answers(votes.Counts.Overall[statement]).Index())
            {
                Try($"everybody statement {statement} answer {answer}", count, () => attacker.Total(0, statement, answer, end));
            }

            foreach (GroupCounts group in votes.Counts.Criteria.SelectMany(criterion => criterion.Groups).Where(group => released.Tables[0].Groups.Any(row => row.Value == group.Value)))
            {
                foreach ((int answer, int count) in Answers(group.Questions[statement]).Index())
                {
                    Try($"group {group.Value} statement {statement} answer {answer}", count, () => attacker.Group(statement, "group", group.Value, answer, end));
                }
            }
        }

        return (tried, breaches);
    }

    private static int[] Answers(QuestionTally tally) => [.. tally.Counts, tally.NoAnswer];

    /// <summary>A small vote: up to three camps and people without a place who came to few statements, statements that few or all have seen, and a slate by one of three rules.</summary>
    private sealed class Votes
    {
        public Votes(int seed)
        {
            Random chance = new(seed);
            People = chance.Next(45, 141);
            int statements = chance.Next(3, 9), camps = chance.Next(1, 4);
            double[] sizes = [.. Enumerable.Range(0, camps).Select(_ => chance.NextDouble() + 0.15)];
            double lost = chance.Next(2) * chance.NextDouble() * 0.15;
            int[] camp = [.. Enumerable.Range(0, People).Select(_ => chance.NextDouble() < lost ? camps : Pick(chance, sizes))];

            // Groups are called by their size, which says which of two is not the smaller one.
            int[] bySize = [.. Enumerable.Range(0, camps).OrderByDescending(own => camp.Count(one => one == own)), camps];
            camp = [.. camp.Select(own => Array.IndexOf(bySize, own))];
            double[] seen = [.. Enumerable.Range(0, statements).Select(_ => chance.Next(3) == 0 ? 1 : 0.3 + (0.7 * chance.NextDouble()))];
            double[][] lean = [.. Enumerable.Range(0, (camps + 1) * statements).Select(_ => Enumerable.Range(0, 3).Select(_ => Math.Pow(chance.NextDouble(), 3) + 0.004).ToArray())];
            int[][] said = [.. camp.Select(own => Enumerable.Range(0, statements).Select(statement => chance.NextDouble() < (own == camps ? 0.3 : 1) * seen[statement] ? Pick(chance, lean[(own * statements) + statement]) : 3).ToArray())];
            QuestionTally Tally(int statement, Func<int, bool> who) => QuestionTally.Of(
                $"s{statement}", AnswerForm.SingleChoice, 3, Enumerable.Range(0, People).Where(who).Select(person => said[person][statement] is var answer && answer < 3 ? (int[])[answer] : []));
            GroupCounts[] groups = [
                .. Enumerable.Range(0, camps + 1).Select(own => new GroupCounts(own == camps ? "" : $"{own}", camp.Count(one => one == own), [.. Enumerable.Range(0, statements).Select(statement => Tally(statement, person => camp[person] == own))]))
                    .Where(group => group.Value.Length > 0 || group.Ballots > 0),
            ];
            Counts = new SessionCounts("s", People, [.. Enumerable.Range(0, statements).Select(statement => Tally(statement, _ => true))], camps == 1 ? [] : [new CriterionCounts("group", [.. groups])]);
            LeastVotes = Math.Min(20, (People + 1) / 2);
            Candidates = [.. Enumerable.Range(0, statements).Where(statement => Counts.Overall[statement].Answered >= LeastVotes && ReleasedVotes.MayBeChosen(Counts.Overall[statement], LeastVotes))];
            if (Candidates.Length == 0)
            {
                return;
            }

            Seats = chance.Next(1, Candidates.Length + 1);
            Rule = chance.Next(3);
            ApprovalProfile profile = ApprovalProfile.Of(Candidates.Length, [.. said.Select(own => Enumerable.Range(0, Candidates.Length).Where(candidate => own[Candidates[candidate]] == 0).ToArray())]);
            Slate slate = Rule switch { 0 => EqualShares.Of(profile, Seats, BudgetCompletion.None), 1 => SequentialPav.Of(profile, Seats), _ => SequentialPhragmen.Of(profile, Seats) };
            Slate = [.. slate.Steps.Select(step => Candidates[step.Candidate])];
            IsJust = Slate.Length > 0 && JustifiedRepresentation.Of(profile, slate.Committee, Seats).Jr.State == Certificate.Holds;
            Covered = said.Count(own => Slate.Any(member => own[member] == 0));
        }

        public int People { get; }

        public SessionCounts Counts { get; }

        public int LeastVotes { get; }

        public int[] Candidates { get; }

        public int Seats { get; }

        /// <summary>0 for equal shares without completion: all members are paid for.</summary>
        public int Rule { get; }

        /// <summary>In the order in which they were chosen.</summary>
        public int[] Slate { get; } = [];

        public bool IsJust { get; }

        public ChosenStatements? Chosen => Slate.Length == 0 ? null : new([.. Slate.Select(member => (member, Rule == 0))], [.. Candidates], Seats, Covered);

        public int Covered { get; }
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
