using System.Collections.Immutable;
using Google.OrTools.LinearSolver;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>What somebody has read at one moment.</summary>
/// <param name="Tables">All tables of the session.</param>
/// <param name="HasPaper">Whether it is known that there are ballots of no group.</param>
/// <param name="Leak">Totals that were published unrounded by mistake.</param>
internal sealed record Reading(ImmutableArray<ResultTable> Tables, bool HasPaper, SessionCounts? Leak = null);

/// <summary>
/// Somebody with everything that was ever published of a session, the rules of the gate and a linear programme: the least and the most that any count can be.
/// Knows the last number shown live, how counts are rounded, that groups make up all that was counted live, that only paper comes on top, the same for every criterion, and how answers of one ballot exclude each other.
/// </summary>
/// <remarks>In whole people "fewer than 8" is at most 7 and "40" is 38 to 42; an attacker who may think of fractions takes all that rounds so: up to 8, and 37½ to 42½.</remarks>
internal sealed class TableAttacker : IDisposable
{
    private const int MostBallots = 1_000;

    private readonly Solver _solver = Solver.CreateSolver("GLOP");
    private readonly double _loose;
    private readonly Dictionary<(int Question, string Criterion, string Value, int Answer), Variable> _cells = [];
    private readonly List<Variable[][]> _totals = [];
    private readonly List<Variable[][]> _paper = [];
    private readonly List<Variable> _sheets = [];
    private readonly List<(Variable Variable, double[] Seen)> _targets = [];
    private readonly Dictionary<Variable, double[]> _seen = new(ReferenceEqualityComparer.Instance);

    private Variable? _covered;
    private Variable? _notCovered;

    public TableAttacker(IReadOnlyList<Reading> readings, int live, bool inFractions)
    {
        _loose = inFractions ? 0.5 : 0;
        Variable cast = _solver.MakeNumVar(live, live + DisclosureGate.LiveStep - 1 + (2 * _loose), "");
        Variable[][] castTotals = [.. readings[0].Tables.Select(table => Answers(table.Overall).Select(_ => Free()).ToArray())];
        for (int q = 0; q < castTotals.Length; q++)
        {
            AddBallots(readings[0].Tables[q].Form, castTotals[q], cast);
        }

        foreach (Reading reading in readings)
        {
            Read(reading, cast, castTotals);
        }

        foreach (Variable variable in _cells.Values.Concat(_totals.Concat(_paper).SelectMany(tables => tables).SelectMany(row => row)))
        {
            double[] seen = [double.PositiveInfinity, double.NegativeInfinity];
            _targets.Add((variable, seen));
            _seen.Add(variable, seen);
        }
    }

    /// <summary>The interval of a count, or a part of it that reaches from 0 to <paramref name="enough"/> already.</summary>
    public (double Low, double High) Group(int question, string criterion, string value, int answer, double enough) => Interval(_cells[(question, criterion, value, answer)], enough);

    public (double Low, double High) Total(int moment, int question, int answer, double enough) => Interval(_totals[moment][question][answer], enough);

    public (double Low, double High) Paper(int moment, int question, int answer, double enough) => Interval(_paper[moment][question][answer], enough);

    public (double Low, double High) Covered(double enough) => Interval(_covered!, enough);

    public (double Low, double High) NotCovered(double enough) => Interval(_notCovered!, enough);

    public double MostPaper(int moment) => Best(_sheets[moment], maximise: true);

    public void Dispose() => _solver.Dispose();

    /// <summary>
    /// Of a vote on statements: whoever agrees with a chosen one is covered, in each group; enough people came to each chosen one; the first has the most who agree; groups are named by rounded size; what is paid for has its share of the people, and where the certificate holds nothing
    /// else has that many who are not covered.
    /// </summary>
    /// <param name="slate">The chosen ones in their order, of <paramref name="candidates"/>.</param>
    /// <param name="exactly">How many are covered, published unrounded by mistake.</param>
    public void ReadSlate(int[] slate, int seats, bool allPaid, int[] candidates, int leastVotes, bool isJust, ReleasedCell? covered, int? exactly)
    {
        _covered = exactly is { } leak ? Exactly(leak) : Count(covered!, 8);
        _notCovered = Free();
        Variable[] people = _totals[0][0];
        AtMost([(_covered, 1), (_notCovered, 1), .. people.Select(part => (part, -1.0))], 0);
        AtMost([(_covered, -1), (_notCovered, -1), .. people.Select(part => (part, 1.0))], 0);
        string[] groups = [.. _cells.Keys.Where(cell => cell.Question == 0).Select(cell => cell.Value).Distinct()];
        List<Variable> parts = [];
        foreach (Func<int, int, Variable> of in groups.Length == 0 ? [(question, answer) => _totals[0][question][answer]] : groups.Select(group => (Func<int, int, Variable>)((question, answer) => _cells[(question, "group", group, answer)])))
        {
            Variable part = Free();
            parts.Add(part);
            AtMost([(part, 1), .. Enumerable.Range(0, 4).Select(answer => (of(0, answer), -1.0))], 0);
            AtMost([(part, 1), .. slate.Select(member => (of(member, 0), -1.0))], 0);
            foreach (int member in slate)
            {
                AtMost([(of(member, 0), 1), (part, -1)], 0);
            }
        }

        Equal(parts, _covered);
        foreach ((string larger, string smaller) in groups.Where(group => group.Length > 0).Zip(groups.Where(group => group.Length > 0).Skip(1)))
        {
            AtMost([.. Enumerable.Range(0, 4).SelectMany(answer => new[] { (_cells[(0, "group", smaller, answer)], 1.0), (_cells[(0, "group", larger, answer)], -1.0) })], DisclosureGate.RoundingBase - 1);
        }

        foreach (int member in slate)
        {
            AtMost([.. Enumerable.Range(0, 3).Select(answer => (_totals[0][member][answer], -1.0))], -leastVotes + _loose);
            AtMost([(_totals[0][member][0], -1)], -8 + _loose);
            if (allPaid)
            {
                AtMost([(_totals[0][member][0], -seats), .. people.Select(part => (part, 1.0))], 0);
            }
        }

        foreach (int other in candidates)
        {
            if (other != slate[0])
            {
                AtMost([(_totals[0][other][0], 1), (_totals[0][slate[0]][0], -1)], 0);
            }

            if (isJust)
            {
                AtMost([(_totals[0][other][0], seats), (_covered, -seats), .. people.Select(part => (part, -1.0))], 0);
            }
        }

        foreach (Variable target in new[] { _covered, _notCovered })
        {
            double[] seen = [double.PositiveInfinity, double.NegativeInfinity];
            _targets.Add((target, seen));
            _seen.Add(target, seen);
        }
    }

    private void AtMost((Variable Part, double Times)[] sum, double most)
    {
        Constraint constraint = _solver.MakeConstraint(double.NegativeInfinity, most);
        foreach ((Variable part, double times) in sum)
        {
            constraint.SetCoefficient(part, constraint.GetCoefficient(part) + times);
        }
    }

    private void Read(Reading reading, Variable cast, Variable[][] castTotals)
    {
        Variable ballots = reading.Leak is { } leak ? Exactly(leak.Ballots) : Count(reading.Tables[0].Overall.Ballots, 10);
        Variable sheets = reading.HasPaper ? Free() : Exactly(0);
        Equal([cast, sheets], ballots);
        _sheets.Add(sheets);
        List<Variable[]> totals = [];
        List<Variable[]> paper = [];
        Dictionary<(string, string), Variable> sizes = [];
        for (int q = 0; q < reading.Tables.Length; q++)
        {
            ResultTable table = reading.Tables[q];
            Variable[] all = reading.Leak is { } counts
                ? [.. counts.Overall[q].Counts.Append(counts.Overall[q].NoAnswer).Select(Exactly)]
                : [.. Answers(table.Overall).Select(cell => Count(cell, 8))];
            Variable[] onPaper = [.. all.Select(_ => reading.HasPaper ? Free() : Exactly(0))];
            AddBallots(table.Form, all, ballots);
            AddBallots(table.Form, onPaper, sheets);
            for (int answer = 0; answer < all.Length; answer++)
            {
                Equal([castTotals[q][answer], onPaper[answer]], all[answer]);
            }

            totals.Add(all);
            paper.Add(onPaper);

            // Groups are shown once and for all; a correction repeats them.
            if (_totals.Count == 0)
            {
                ReadGroups(table, q, cast, castTotals[q], ballots, all, sizes);
            }
        }

        _totals.Add([.. totals]);
        _paper.Add([.. paper]);
    }

    private void ReadGroups(ResultTable table, int q, Variable cast, Variable[] castTotals, Variable ballots, Variable[] totals, Dictionary<(string, string), Variable> sizes)
    {
        foreach (IGrouping<string, ResultRow> criterion in table.Groups.GroupBy(row => row.Criterion!))
        {
            List<Variable[]> cells = [];
            List<Variable> parts = [];
            foreach (ResultRow row in criterion)
            {
                if (!sizes.TryGetValue((criterion.Key, row.Value!), out Variable? people))
                {
                    bool isLarge = row.Ballots is ReleasedCell.Withheld { Reason: WithheldReasons.Protected } && criterion.Any(other => other.Ballots is ReleasedCell.Rounded);
                    sizes.Add((criterion.Key, row.Value!), people = isLarge ? _solver.MakeNumVar(10 - _loose, MostBallots, "") : Count(row.Ballots, 10));
                }

                parts.Add(people);
                Variable[] answers = [.. Answers(row).Select(cell => Count(cell, 8))];
                AddBallots(table.Form, answers, people);
                cells.Add(answers);
                for (int answer = 0; answer < answers.Length; answer++)
                {
                    _cells.Add((q, criterion.Key, row.Value!, answer), answers[answer]);
                }
            }

            // The paper of a site is among its ballots.
            bool isWhole = criterion.Key == SessionCounts.BySite;
            Equal(parts, isWhole ? ballots : cast);
            for (int answer = 0; answer < castTotals.Length; answer++)
            {
                Equal(cells.Select(row => row[answer]), isWhole ? totals[answer] : castTotals[answer]);
            }
        }
    }

    /// <summary>Every table that was found for one count shows something possible of all others too.</summary>
    private (double Low, double High) Interval(Variable cell, double enough)
    {
        double[] seen = _seen[cell];
        if (seen[0] > 0)
        {
            Best(cell, maximise: false);
        }

        if (seen[1] < enough)
        {
            Best(cell, maximise: true);
        }

        return (seen[0], seen[1]);
    }

    private double Best(Variable cell, bool maximise)
    {
        Objective objective = _solver.Objective();
        objective.Clear();
        objective.SetCoefficient(cell, 1);
        objective.SetOptimizationDirection(maximise);
        Assert.Equal(Solver.ResultStatus.OPTIMAL, _solver.Solve());
        foreach ((Variable variable, double[] seen) in _targets)
        {
            double value = variable.SolutionValue();
            seen[0] = Math.Min(seen[0], value);
            seen[1] = Math.Max(seen[1], value);
        }

        return objective.Value();
    }

    private Variable Free() => _solver.MakeNumVar(0, MostBallots, "");

    private Variable Exactly(int count) => _solver.MakeNumVar(count, count, "");

    private Variable Count(ReleasedCell cell, int least) => cell switch
    {
        ReleasedCell.Rounded rounded => _solver.MakeNumVar(Math.Max(least, rounded.Value - 2) - _loose, rounded.Value + 2 + _loose, ""),
        ReleasedCell.AtLeast most => _solver.MakeNumVar(most.Value, MostBallots, ""),
        ReleasedCell.FewerThan few => _solver.MakeNumVar(0, few.Limit - 1 + (2 * _loose), ""),
        ReleasedCell.Withheld { Reason: WithheldReasons.SmallGroup } when least == 10 => _solver.MakeNumVar(0, 9 + (2 * _loose), ""),
        _ => Free(),
    };

    private void AddBallots(AnswerForm form, Variable[] answers, Variable ballots)
    {
        if (form != AnswerForm.MultipleChoice)
        {
            Equal(answers, ballots);
            return;
        }

        Constraint atLeastOne = _solver.MakeConstraint(0, double.PositiveInfinity);
        atLeastOne.SetCoefficient(ballots, -1);
        foreach (Variable answer in answers)
        {
            atLeastOne.SetCoefficient(answer, 1);
        }

        foreach (Variable option in answers[..^1])
        {
            Constraint notBoth = _solver.MakeConstraint(0, double.PositiveInfinity);
            notBoth.SetCoefficient(ballots, 1);
            notBoth.SetCoefficient(option, -1);
            notBoth.SetCoefficient(answers[^1], -1);
        }
    }

    private void Equal(IEnumerable<Variable> parts, Variable whole)
    {
        Constraint sum = _solver.MakeConstraint(0, 0);
        sum.SetCoefficient(whole, -1);
        foreach (Variable part in parts)
        {
            sum.SetCoefficient(part, 1);
        }
    }

    private static ImmutableArray<ReleasedCell> Answers(ResultRow row) => [.. row.Options.Select(answer => answer.Count), row.NoAnswer.Count];
}
