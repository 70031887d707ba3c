using System.Collections.Immutable;
using Google.OrTools.LinearSolver;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>
/// Somebody with every released table, the rules of the gate and a linear programme: the least and the most that any count can be.
/// Knows how counts are rounded, that groups make up the whole (but for ballots of no group, where there are any), and how answers of one ballot exclude each other.
/// </summary>
internal sealed class TableAttacker : IDisposable
{
    private const int MostBallots = 1_000;

    private readonly Solver _solver = Solver.CreateSolver("GLOP");
    private readonly Dictionary<(int Question, string Criterion, string Value, int Answer), Variable> _cells = [];

    public TableAttacker(ImmutableArray<ResultTable> tables, IReadOnlySet<string> hiddenRest, SessionCounts? leakedTotals)
    {
        var sizes = new Dictionary<(string, string), Variable>();
        var ballots = leakedTotals is null ? Count(tables[0].Overall.Ballots, 10) : Exactly(leakedTotals.Ballots);
        for (var q = 0; q < tables.Length; q++)
        {
            var table = tables[q];
            var totals = leakedTotals is null
                ? Answers(table.Overall).Select(cell => Count(cell, 8)).ToArray()
                : [.. leakedTotals.Overall[q].Counts.Append(leakedTotals.Overall[q].NoAnswer).Select(Exactly)];
            AddBallots(table.Form, totals, ballots);
            foreach (var criterion in table.Groups.GroupBy(row => row.Criterion!))
            {
                var rows = criterion.Select(row => (row.Value!, row.Ballots, Answers(row))).ToList();
                if (hiddenRest.Contains(criterion.Key))
                    rows.Add(("", new ReleasedCell.Withheld(WithheldReasons.Protected), [.. totals.Select(_ => new ReleasedCell.Withheld(WithheldReasons.Protected))]));
                var cells = new List<Variable[]>();
                var parts = new List<Variable>();
                foreach (var (value, size, answers) in rows)
                {
                    if (!sizes.TryGetValue((criterion.Key, value), out var people))
                        sizes.Add((criterion.Key, value), people = size is ReleasedCell.Withheld { Reason: WithheldReasons.Protected } && value.Length > 0 && criterion.Any(row => row.Ballots is ReleasedCell.Rounded)
                            ? _solver.MakeNumVar(10, MostBallots, "")
                            : Count(size, 10));
                    parts.Add(people);
                    var row = answers.Select(cell => Count(cell, 8)).ToArray();
                    AddBallots(table.Form, row, people);
                    cells.Add(row);
                    for (var answer = 0; answer < row.Length; answer++)
                        _cells.Add((q, criterion.Key, value, answer), row[answer]);
                }
                Equal(parts, ballots);
                for (var answer = 0; answer < totals.Length; answer++)
                    Equal(cells.Select(row => row[answer]), totals[answer]);
            }
        }
    }

    public (double Low, double High) Interval(int question, string criterion, string value, int answer)
    {
        var cell = _cells[(question, criterion, value, answer)];
        return (Best(cell, maximise: false), Best(cell, maximise: true));
    }

    public void Dispose() => _solver.Dispose();

    private double Best(Variable cell, bool maximise)
    {
        var objective = _solver.Objective();
        objective.Clear();
        objective.SetCoefficient(cell, 1);
        objective.SetOptimizationDirection(maximise);
        Assert.Equal(Solver.ResultStatus.OPTIMAL, _solver.Solve());
        return objective.Value();
    }

    private Variable Exactly(int count) => _solver.MakeNumVar(count, count, "");

    private Variable Count(ReleasedCell cell, int least) => cell switch
    {
        ReleasedCell.Rounded rounded => _solver.MakeNumVar(Math.Max(least, rounded.Value - 2), rounded.Value + 2, ""),
        ReleasedCell.AtLeast most => _solver.MakeNumVar(most.Value, MostBallots, ""),
        ReleasedCell.FewerThan few => _solver.MakeNumVar(0, few.Limit - 1, ""),
        ReleasedCell.Withheld { Reason: WithheldReasons.SmallGroup } when least == 10 => _solver.MakeNumVar(0, 9, ""),
        _ => _solver.MakeNumVar(0, MostBallots, ""),
    };

    private void AddBallots(AnswerForm form, Variable[] answers, Variable ballots)
    {
        if (form != AnswerForm.MultipleChoice)
        {
            Equal(answers, ballots);
            return;
        }
        var atLeastOne = _solver.MakeConstraint(0, double.PositiveInfinity);
        atLeastOne.SetCoefficient(ballots, -1);
        foreach (var answer in answers)
            atLeastOne.SetCoefficient(answer, 1);
        foreach (var option in answers[..^1])
        {
            var notBoth = _solver.MakeConstraint(0, double.PositiveInfinity);
            notBoth.SetCoefficient(ballots, 1);
            notBoth.SetCoefficient(option, -1);
            notBoth.SetCoefficient(answers[^1], -1);
        }
    }

    private void Equal(IEnumerable<Variable> parts, Variable whole)
    {
        var sum = _solver.MakeConstraint(0, 0);
        sum.SetCoefficient(whole, -1);
        foreach (var part in parts)
            sum.SetCoefficient(part, 1);
    }

    private static ImmutableArray<ReleasedCell> Answers(ResultRow row) => [.. row.Options.Select(answer => answer.Count), row.NoAnswer.Count];
}
