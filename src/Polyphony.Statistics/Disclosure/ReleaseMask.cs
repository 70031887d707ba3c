using System.Collections.Immutable;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>The true counts beside what of them is shown. Only <see cref="Table"/> leaves the gate.</summary>
/// <remarks>
/// Cells are addressed by criterion, question, group and answer; the last answer is "no answer". Where all criteria leave the same ballots over, these are paper: one group, the same whatever
/// the criterion, that is never shown (<see cref="Paper"/>) and whose number was not part of the live number. Where they leave different ballots over, each criterion has one more hidden group.
/// The sites of a dialogue are the one criterion to which paper belongs (<see cref="Whole"/>). Without criteria everybody is one hidden group, so that the attack on the row of everybody is the same in all cases.
/// </remarks>
internal sealed class ReleaseMask
{
    private readonly SessionCounts _counts;
    private readonly int _cast;
    private readonly bool[][][][] _withheld;
    private readonly string?[][] _sizeWithheld;
    private readonly bool[] _overallWithheld;
    private readonly int[][] _top;
    private readonly List<EarlierRows> _earlier = [];

    /// <param name="counts">What is shown by group; without criteria nothing is.</param>
    /// <param name="cast">Of the ballots those that were counted live.</param>
    public ReleaseMask(SessionCounts counts, int cast)
    {
        _counts = counts;
        _cast = cast;
        Totals = [.. counts.Overall.Select(Answers)];
        Forms = [.. counts.Overall.Select(tally => tally.Form)];
        Cells = [.. counts.Criteria.Select(criterion => counts.Overall.Select((_, q) => CellsOf(criterion, q)).ToArray())];
        Sizes = [.. counts.Criteria.Select(criterion => WithRest([.. criterion.Groups.Select(group => group.Ballots)], counts.Ballots))];
        Paper = [.. Totals.Select(totals => new int[totals.Length])];
        Whole = counts.Criteria.Select(criterion => criterion.Criterion).ToList().IndexOf(SessionCounts.BySite);
        int[] apart = [.. Enumerable.Range(0, Sizes.Length).Where(c => c != Whole)];
        if (HasPaper(apart))
        {
            PaperBallots = Sizes[apart[0]][^1];
            Paper = [.. Cells[apart[0]].Select(table => table[^1])];
            Sizes = [.. Sizes.Select((sizes, c) => c == Whole ? sizes : sizes[..^1])];
            Cells = [.. Cells.Select((criterion, c) => c == Whole ? criterion : criterion.Select(table => table[..^1]).ToArray())];
        }
        if (Sizes.Length == 0)
            (Sizes, Cells) = ([[counts.Ballots]], [[.. Totals.Select(totals => new[] { totals })]]);
        _withheld = [.. Cells.Select(criterion => criterion.Select(table => table.Select(row => new bool[row.Length]).ToArray()).ToArray())];
        _sizeWithheld = [.. Sizes.Select(sizes => new string?[sizes.Length])];
        _overallWithheld = [.. Totals.Select(totals => counts.Ballots < DisclosureGate.SmallestGroup || LooksUnanimous(totals, counts.Ballots))];
        _top = [.. Totals.Select((totals, q) => TopCoding.Of(Forms[q], totals, counts.Ballots))];
        WithholdByRule();
    }

    public int Ballots => _counts.Ballots;

    /// <summary>True counts of everybody: question, answer.</summary>
    public int[][] Totals { get; }

    public AnswerForm[] Forms { get; }

    /// <summary>Ballots that belong to no group of any criterion.</summary>
    public int PaperBallots { get; }

    /// <summary>Their true counts: question, answer.</summary>
    public int[][] Paper { get; }

    /// <summary>The criterion whose groups have their paper among their ballots, or −1: the sites.</summary>
    public int Whole { get; }

    /// <summary>True sizes: criterion, group; paper is not among them, but for the whole criterion.</summary>
    public int[][] Sizes { get; }

    /// <summary>True counts: criterion, question, group, answer.</summary>
    public int[][][][] Cells { get; }

    /// <summary>Whether a group is one that is never shown.</summary>
    public bool IsRest(int c, int g) => c >= _counts.Criteria.Length || g >= _counts.Criteria[c].Groups.Length;

    public bool IsShown(int c, int q, int g, int answer) => !_withheld[c][q][g][answer];

    /// <summary>The count as rounding leaves it; what to withhold is chosen by this, so that the choice says nothing about the count behind it.</summary>
    public int Shown(int c, int q, int g, int answer) =>
        Cells[c][q][g][answer] < DisclosureGate.SmallCount ? 0 : DisclosureGate.Round(Cells[c][q][g][answer]);

    public bool IsSizeShown(int c, int g) => _sizeWithheld[c][g] is null;

    public void Withhold(int c, int q, int g, int answer) => _withheld[c][q][g][answer] = true;

    public void Unveil(int c, int q, int g, int answer) => _withheld[c][q][g][answer] = false;

    /// <summary>Withholds the row of everybody.</summary>
    public bool WithholdOverall(int q) => !_overallWithheld[q] && (_overallWithheld[q] = true);

    /// <summary>Withholds a whole group: its size and all its counts. A group already withheld takes the new reason.</summary>
    public void WithholdGroup(int c, int g, string reason)
    {
        _sizeWithheld[c][g] = reason;
        foreach (var table in _withheld[c])
            Array.Fill(table[g], true);
    }

    /// <summary>What the public knows of a total.</summary>
    public (int Low, int High) TotalBounds(int q, int answer) =>
        _overallWithheld[q] ? (0, BallotBounds.High)
        : _top[q][answer] == TopCoding.None ? Bounds(Totals[q][answer], DisclosureGate.SmallCount)
        : (_top[q][answer], BallotBounds.High);

    /// <summary>What the public knows of the number of all ballots, 10 or more of them.</summary>
    public (int Low, int High) BallotBounds => Bounds(Ballots, DisclosureGate.SmallestGroup);

    /// <summary>What the public knows of the ballots without paper, from the last number shown live.</summary>
    public (int Low, int High) LiveBounds =>
        (DisclosureGate.LiveBallots(_cast), _cast + PaperBallots == Ballots ? DisclosureGate.LiveBallots(_cast) + DisclosureGate.LiveStep - 1 : BallotBounds.High);

    /// <summary>What the public knows of a count beside the size of its group.</summary>
    public (int Low, int High) CellBounds(int c, int q, int g, int answer) =>
        _withheld[c][q][g][answer] ? (0, BallotBounds.High) : Bounds(Cells[c][q][g][answer], DisclosureGate.SmallCount);

    /// <summary>What the public knows of the size of a group.</summary>
    public (int Low, int High) SizeBounds(int c, int g) => _sizeWithheld[c][g] switch
    {
        null => Bounds(Sizes[c][g], DisclosureGate.SmallestGroup),
        WithheldReasons.SmallGroup when !IsRest(c, g) => (0, DisclosureGate.SmallestGroup - 1),
        // While a neighbour is shown, the reason gives away that this group is not small.
        WithheldReasons.Protected when Array.Exists(_sizeWithheld[c], reason => reason is null) => (DisclosureGate.SmallestGroup, BallotBounds.High),
        _ => (0, BallotBounds.High),
    };

    /// <summary>Takes over what was published of the groups, and remembers what was published of everybody.</summary>
    public void Repeat(IReadOnlyList<ImmutableArray<ResultTable>> published)
    {
        foreach (var tables in published)
            _earlier.Add(new EarlierRows(tables, [.. Totals.Select((totals, q) => totals.Select((total, answer) => total - Paper[q][answer]).ToArray())]));
        for (var q = 0; q < Totals.Length; q++)
        {
            var rows = published[0][q].Groups.ToDictionary(row => (row.Criterion, row.Value));
            for (var c = 0; c < _counts.Criteria.Length; c++)
            {
                for (var g = 0; g < _counts.Criteria[c].Groups.Length; g++)
                {
                    if (!rows.TryGetValue((_counts.Criteria[c].Criterion, _counts.Criteria[c].Groups[g].Value), out var row))
                    {
                        WithholdGroup(c, g, WithheldReasons.Protected);
                        continue;
                    }
                    _sizeWithheld[c][g] = (row.Ballots as ReleasedCell.Withheld)?.Reason;
                    var answers = row.Options.Add(row.NoAnswer);
                    for (var answer = 0; answer < answers.Length; answer++)
                        _withheld[c][q][g][answer] = answers[answer].Count is ReleasedCell.Withheld;
                }
            }
        }
    }

    /// <summary>Whether totals without paper agree with every row of everybody that was published before; those of one answer may be 8 where "fewer than 8" is shown.</summary>
    public bool EarlierAllow(int q, int[] totals, int loose = -1) => _earlier.TrueForAll(rows => rows.Allow(q, totals, loose));

    /// <summary>Whether a number of ballots without paper agrees with every number that was published before.</summary>
    public bool EarlierAllow(int ballots) => _earlier.TrueForAll(rows => rows.Allow(ballots));

    public ResultTable Table(int question)
    {
        var tally = _counts.Overall[question];
        var groups =
            from c in Enumerable.Range(0, _counts.Criteria.Length)
            from g in Enumerable.Range(0, _counts.Criteria[c].Groups.Length)
            select GroupRow(c, question, g);
        return new ResultTable(_counts.Session, tally.Question, tally.Form, OverallRow(question), [.. groups]);
    }

    private ResultRow OverallRow(int question)
    {
        var few = Ballots < DisclosureGate.SmallestGroup;
        ReleasedCell size = few ? new ReleasedCell.Withheld(WithheldReasons.FewBallots) : DisclosureGate.Show(Ballots);
        var answers = Totals[question].Select((count, answer) => _overallWithheld[question] || _top[question][answer] == 0
            ? Answer(count, size, few ? WithheldReasons.FewBallots : WithheldReasons.Protected)
            : _top[question][answer] > 0 ? Shown(new ReleasedCell.AtLeast(_top[question][answer]), size, _top[question][answer])
            : Answer(count, size, null));
        return Row(null, null, size, [.. answers]);
    }

    private ResultRow GroupRow(int c, int question, int g)
    {
        var group = _counts.Criteria[c].Groups[g];
        ReleasedCell size = _sizeWithheld[c][g] is { } reason ? new ReleasedCell.Withheld(reason) : DisclosureGate.Show(group.Ballots);
        var answers = Cells[c][question][g].Select((count, answer) =>
            Answer(count, size, _withheld[c][question][g][answer] ? _sizeWithheld[c][g] ?? WithheldReasons.Protected : null));
        return Row(_counts.Criteria[c].Criterion, group.Value, size, [.. answers]);
    }

    private static ResultRow Row(string? criterion, string? value, ReleasedCell size, ImmutableArray<ReleasedAnswer> answers) =>
        new(criterion, value, size, answers[..^1], answers[^1]);

    private static ReleasedAnswer Answer(int count, ReleasedCell size, string? reason) =>
        reason is not null ? new ReleasedAnswer(new ReleasedCell.Withheld(reason), null)
        : DisclosureGate.Show(count) is ReleasedCell.Rounded rounded ? Shown(rounded, size, rounded.Value)
        : new ReleasedAnswer(DisclosureGate.Show(count), null);

    private static ReleasedAnswer Shown(ReleasedCell cell, ReleasedCell size, int value) =>
        new(cell, size is ReleasedCell.Rounded ballots ? Math.Min(100, (int)Math.Round(100.0 * value / ballots.Value, MidpointRounding.AwayFromZero)) : null);

    private void WithholdByRule()
    {
        for (var c = 0; c < Cells.Length; c++)
        {
            for (var g = 0; g < Sizes[c].Length; g++)
            {
                if (IsRest(c, g) || Sizes[c][g] < DisclosureGate.SmallestGroup)
                {
                    WithholdGroup(c, g, WithheldReasons.SmallGroup);
                    continue;
                }
                for (var q = 0; q < Totals.Length; q++)
                    if (LooksUnanimous(Cells[c][q][g], Sizes[c][g]))
                        Array.Fill(_withheld[c][q][g], true);
            }
        }
    }

    /// <summary>Whether everybody of a small group gave one answer, or would seem to once the numbers are rounded.</summary>
    private static bool LooksUnanimous(int[] answers, int size) =>
        size < DisclosureGate.SmallestUnanimous && answers.Any(count => count >= DisclosureGate.SmallCount && DisclosureGate.Round(count) >= DisclosureGate.Round(size));

    internal static (int Low, int High) Bounds(int count, int least)
    {
        if (count < DisclosureGate.SmallCount)
            return (0, DisclosureGate.SmallCount - 1);
        var shown = DisclosureGate.Round(count);
        return (Math.Max(least, shown - (DisclosureGate.RoundingBase / 2)), shown + (DisclosureGate.RoundingBase / 2));
    }

    private static int[] Answers(QuestionTally tally) => [.. tally.Counts, tally.NoAnswer];

    private static int[] WithRest(int[] parts, int whole) => parts.Sum() < whole ? [.. parts, whole - parts.Sum()] : parts;

    private bool HasPaper(int[] apart) =>
        apart.Length > 0 && apart.All(c => Sizes[c].Length > _counts.Criteria[c].Groups.Length && Sizes[c][^1] == Sizes[apart[0]][^1]
            && Cells[c].Zip(Cells[apart[0]]).All(tables => tables.First[^1].AsSpan().SequenceEqual(tables.Second[^1])));

    private int[][] CellsOf(CriterionCounts criterion, int q)
    {
        var rows = criterion.Groups.Select(group => Answers(group.Questions[q])).ToList();
        if (criterion.Groups.Sum(group => group.Ballots) < _counts.Ballots)
            rows.Add([.. Totals[q].Select((total, answer) => total - rows.Sum(row => row[answer]))]);
        return [.. rows];
    }
}
