using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Change;

/// <summary>Did as many people move from one option to another as back?</summary>
/// <remarks>A. H. Bowker, JASA 43 (1948).</remarks>
/// <param name="Pairs">People who answered both times.</param>
/// <param name="Changed">People whose answer changed.</param>
/// <param name="ChiSquared">Σ (n_ij − n_ji)² / (n_ij + n_ji) over pairs of options with moves, or <see langword="null"/> when nobody changed.</param>
/// <param name="Degrees">Pairs of options between which somebody moved.</param>
/// <param name="PValue">Upper tail of the chi-square distribution, or <see langword="null"/>.</param>
/// <param name="WithoutMoves">Pairs of options between which nobody moved; they are left out.</param>
public sealed record Bowker(int Pairs, int Changed, double? ChiSquared, int Degrees, double? PValue, int WithoutMoves)
{
    /// <summary>Tests a flow of answers.</summary>
    /// <param name="flow">The flow.</param>
    /// <returns>The test.</returns>
    public static Bowker Of(AnswerFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var terms = (
            from i in Enumerable.Range(0, flow.Options)
            from j in Enumerable.Range(0, i)
            let there = flow.Counts[i][j]
            let back = flow.Counts[j][i]
            where there + back > 0
            select Math.Pow(there - back, 2) / (there + back)).ToList();
        var without = (flow.Options * (flow.Options - 1) / 2) - terms.Count;
        if (terms.Count == 0)
            return new Bowker(flow.Pairs, 0, null, 0, null, without);
        var statistic = SortedSum.Of(terms);
        return new Bowker(flow.Pairs, flow.Changed, statistic, terms.Count, Tail.ChiSquare(statistic, terms.Count), without);
    }
}
