using System.Collections.Immutable;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>What an earlier publication of the same session says about its ballots without paper, which have not changed since.</summary>
/// <remarks>
/// How much paper there was then is not known here. Where the ballots without paper alone agree with a row, they must go on doing so: somebody may know that there was no paper. Otherwise paper may make up any difference.
/// </remarks>
internal sealed class EarlierRows
{
    private readonly (int Low, int High)[][] _bounds;
    private readonly (int Low, int High) _ballots;
    private readonly AnswerForm[] _forms;
    private readonly bool _isWithoutPaper;

    /// <param name="tables">The tables that were published.</param>
    /// <param name="totals">True totals without paper: question, answer.</param>
    public EarlierRows(ImmutableArray<ResultTable> tables, int[][] totals)
    {
        _ballots = DisclosureGate.Bounds(tables[0].Overall.Ballots, DisclosureGate.SmallestGroup);
        _bounds = [.. tables.Select(table => table.Overall.Options.Add(table.Overall.NoAnswer).Select(answer => DisclosureGate.Bounds(answer.Count, DisclosureGate.SmallCount)).ToArray())];
        _forms = [.. tables.Select(table => table.Form)];
        _isWithoutPaper = Enumerable.Range(0, totals.Length).All(q => Inside(q, totals[q], -1))
            && Enumerable.Range(0, totals.Length).All(q => _forms[q] == AnswerForm.MultipleChoice || (totals[q].Sum() >= _ballots.Low && totals[q].Sum() <= _ballots.High));
    }

    public bool Allow(int ballots) => ballots <= _ballots.High && (!_isWithoutPaper || ballots >= _ballots.Low);

    /// <summary>Whether totals without paper agree with the row; those of one answer may be 8 where "fewer than 8" is shown, see <see cref="DisclosureAudit"/>.</summary>
    public bool Allow(int q, int[] totals, int loose)
    {
        if (_isWithoutPaper)
            return Inside(q, totals, loose);
        var least = 0L;
        var most = 0L;
        for (var answer = 0; answer < totals.Length; answer++)
        {
            var (low, high) = Bounds(q, answer, loose);
            if (totals[answer] > high)
                return false;
            least += Math.Max(totals[answer], low);
            most += high;
        }
        return _forms[q] == AnswerForm.MultipleChoice || (least <= _ballots.High && most >= _ballots.Low);
    }

    private bool Inside(int q, int[] totals, int loose)
    {
        for (var answer = 0; answer < totals.Length; answer++)
        {
            var (low, high) = Bounds(q, answer, loose);
            if (totals[answer] < low || totals[answer] > high)
                return false;
        }
        return true;
    }

    private (int Low, int High) Bounds(int q, int answer, int loose) =>
        answer == loose ? (_bounds[q][answer].Low, Math.Max(DisclosureGate.SmallCount, _bounds[q][answer].High)) : _bounds[q][answer];
}
