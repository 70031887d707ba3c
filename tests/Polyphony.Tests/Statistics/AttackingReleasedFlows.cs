using System.Collections.Immutable;
using Google.OrTools.LinearSolver;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>The promise of the gate holds for questions asked twice: whoever has the flow, both sessions' totals, and the number of those who changed, learns of
/// every small count from answer to answer, and of those who answered once, no more than "fewer than 8".</summary>
public sealed class AttackingReleasedFlows
{
    private const double Slack = 1e-6;

    [Fact]
    public void No_small_way_can_be_narrowed_down()
    {
        var (tried, breaches) = AttackAll(60);
        Assert.True(breaches.Count == 0, string.Join("; ", breaches.Take(5)));
        Assert.True(tried > 500, $"only {tried} small counts");
    }

    [Fact]
    public void Exact_numbers_of_those_who_changed_are_caught() => Assert.NotEmpty(AttackAll(30, exactChanged: true).Breaches);

    [Fact]
    public void The_number_of_those_who_were_joined_is_caught() => Assert.NotEmpty(AttackAll(10, joinedToo: true).Breaches);

    [Fact]
    public void A_small_room_is_shown_without_ways()
    {
        var (flow, before, after) = Random(3, 44);
        var released = ReleasedFlow.Of(flow, before, after, ChangeVerdict.BeyondChance, 44);
        Assert.Empty(released.Cells);
        Assert.Equal(ChangeVerdict.NotTested, released.Verdict);
    }

    [Fact]
    public void More_joined_than_answered_is_refused()
    {
        var (flow, before, after) = Random(3, 80);
        Assert.Throws<ArgumentException>(() => ReleasedFlow.Of(flow, before with { Counts = [.. before.Counts.Select(_ => 0)] }, after, ChangeVerdict.NotTested, 80));
    }

    private static (int Tried, List<string> Breaches) AttackAll(int rooms, bool exactChanged = false, bool joinedToo = false)
    {
        var tried = 0;
        var breaches = new List<string>();
        for (var seed = 0; seed < rooms; seed++)
        {
            var people = 45 + (seed * 3 % 90);
            var (flow, before, after) = Random(seed, people);
            using var attacker = new Attacker(flow, before, after, people, exactChanged, joinedToo);
            foreach (var (name, count, variable) in attacker.Unknown.Where(unknown => unknown.Count <= 7))
            {
                tried++;
                var (low, high) = attacker.Interval(variable);
                if (low > Slack || high < 7 - Slack)
                    breaches.Add($"room {seed} {name}: {count} in [{low:F2}, {high:F2}]");
            }
        }
        return (tried, breaches);
    }

    /// <summary>A room in which some answer the first time only, some the second time only, and most stay near what they said.</summary>
    private static (PairedFlow Flow, QuestionTally Before, QuestionTally After) Random(int seed, int people)
    {
        var chance = new Random(seed);
        var options = chance.Next(2, 6);
        var lean = Enumerable.Range(0, options + 1).Select(_ => Math.Pow(chance.NextDouble(), 2) + 0.02).ToArray();
        int Pick()
        {
            var at = chance.NextDouble() * lean.Sum();
            for (var i = 0; i < options; i++)
                if ((at -= lean[i]) < 0)
                    return i;
            return options;
        }
        var joined = new List<(IReadOnlyList<int>, IReadOnlyList<int>)>();
        var (first, second) = (new List<int[]>(), new List<int[]>());
        int[] Answer(int answer) => answer == options ? [] : [answer];
        for (var person = 0; person < people; person++)
        {
            var before = Pick();
            var after = chance.NextDouble() < 0.6 ? before : Pick();
            var comes = chance.Next(12);
            if (comes != 0)
                first.Add(Answer(before));
            if (comes != 1)
                second.Add(Answer(after));
            if (comes > 1)
                joined.Add((Answer(before), Answer(after)));
        }
        return (PairedFlow.Of("b", "a", AnswerForm.SingleChoice, options, joined), QuestionTally.Of("b", AnswerForm.SingleChoice, options, first), QuestionTally.Of("a", AnswerForm.SingleChoice, options, second));
    }

    private sealed class Attacker : IDisposable
    {
        private readonly Solver _solver = Solver.CreateSolver("GLOP");

        public Attacker(PairedFlow flow, QuestionTally before, QuestionTally after, int people, bool exactChanged, bool joinedToo)
        {
            var released = ReleasedFlow.Of(flow, before, after, ChangeVerdict.NotTested, people);
            var answers = flow.Counts.Length;
            var cells = Enumerable.Range(0, answers).Select(_ => Enumerable.Range(0, answers).Select(_ => Number()).ToArray()).ToArray();
            var left = Enumerable.Range(0, answers).Select(_ => Number()).ToArray();
            var came = Enumerable.Range(0, answers).Select(_ => Number()).ToArray();
            for (var i = 0; i < answers; i++)
            {
                for (var j = 0; j < answers; j++)
                {
                    Demand([cells[i][j]], released.Cells.IsEmpty ? null : released.Cells[i][j], 8);
                    Unknown.Add(($"{i}→{j}", flow.Counts[i][j], cells[i][j]));
                }
                Unknown.Add(($"{i} left", (i < answers - 1 ? before.Counts[i] : before.NoAnswer) - flow.Counts[i].Sum(), left[i]));
                Unknown.Add(($"{i} came", (i < answers - 1 ? after.Counts[i] : after.NoAnswer) - flow.Counts.Sum(row => row[i]), came[i]));
            }
            var first = DisclosureGate.Release(new SessionCounts("b", before.Ballots, [before], []), people)[0].Overall;
            var second = DisclosureGate.Release(new SessionCounts("a", after.Ballots, [after], []), people)[0].Overall;
            Demand([.. cells.SelectMany(row => row), .. left], first.Ballots, 10);
            Demand([.. cells.SelectMany(row => row), .. came], second.Ballots, 10);
            for (var i = 0; i < answers; i++)
            {
                Demand([.. cells[i], left[i]], (i < answers - 1 ? first.Options[i] : first.NoAnswer).Count, 8);
                Demand([.. cells.Select(row => row[i]), came[i]], (i < answers - 1 ? second.Options[i] : second.NoAnswer).Count, 8);
            }
            if (joinedToo)
                Demand([.. cells.SelectMany(row => row)], DisclosureGate.Show(flow.Joined), 8);
            Variable[] moved = [.. cells.SelectMany((row, i) => row.Where((_, j) => i != j))];
            if (exactChanged)
            {
                var exactly = _solver.MakeConstraint(flow.Changed, flow.Changed, "");
                foreach (var cell in moved)
                    exactly.SetCoefficient(cell, 1);
            }
            else
                Demand(moved, released.Changed, 8);
        }

        public List<(string Name, int Count, Variable Variable)> Unknown { get; } = [];

        public (double Low, double High) Interval(Variable cell) => (Best(cell, false), Best(cell, true));

        public void Dispose() => _solver.Dispose();

        private Variable Number() => _solver.MakeNumVar(0, 1_000, "");

        private void Demand(IReadOnlyCollection<Variable> sum, ReleasedCell? shown, int least)
        {
            var (low, high) = shown switch
            {
                ReleasedCell.Rounded rounded => (Math.Max(least, rounded.Value - 2), rounded.Value + 2),
                ReleasedCell.FewerThan few => (0, few.Limit - 1),
                ReleasedCell.AtLeast most => (most.Value, 1_000),
                ReleasedCell.Withheld { Reason: WithheldReasons.SmallGroup } => (0, 9),
                _ => (0, 1_000),
            };
            var constraint = _solver.MakeConstraint(low, high, "");
            foreach (var variable in sum)
                constraint.SetCoefficient(variable, 1);
        }

        private double Best(Variable cell, bool maximise)
        {
            var objective = _solver.Objective();
            objective.Clear();
            objective.SetCoefficient(cell, 1);
            objective.SetOptimizationDirection(maximise);
            Assert.Equal(Solver.ResultStatus.OPTIMAL, _solver.Solve());
            return objective.Value();
        }
    }
}
