using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>What proving a lottery again gave. A check that was not finished is null, never passed.</summary>
/// <param name="PanelsHold">Whether every mixed panel meets size, quotas and the household rule.</param>
/// <param name="CutsHold">Whether every cut was proven again by an integer programme.</param>
/// <param name="UncoverableHold">Whether exactly the people named can be on no panel.</param>
/// <param name="Gap">The gap recomputed from the proof by arithmetic; infinite when nothing is proven.</param>
public sealed record LotteryAudit(bool PanelsHold, bool? CutsHold, bool? UncoverableHold, double Gap)
{
    /// <summary>Proves a lottery again: nothing of how it was computed is believed.</summary>
    /// <param name="claimed">The lottery, on types merged anew from pool and quotas.</param>
    /// <param name="gamma">For GOLDILOCKS.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found.</returns>
    public static LotteryAudit Of(ExactLottery claimed, double gamma, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claimed);
        TypeTable table = new(claimed.Types);
        bool panels = claimed.Panels.All(panel => table.IsPanel([.. panel]));
        bool[] coverable = new bool[table.Count];
        Array.Fill(coverable, true);
        bool? uncoverable = true;
        foreach (int t in claimed.Uncoverable)
        {
            coverable[t] = false;
            PanelProgram programme = new(table);
            programme.Model.Add(programme.Counts[t] >= 1);
            PanelAnswer answer = programme.Any(60, cancellationToken);
            uncoverable = answer.Best is not null ? false : answer.Proven ? uncoverable : null;
        }

        for (int t = 0; t < table.Count; t++)
        {
            uncoverable = coverable[t] && !claimed.Panels.Any(panel => panel[t] > 0) ? false : uncoverable;
        }

        bool? cuts = true;
        foreach (PanelCut cut in claimed.Proof.Cuts)
        {
            PanelAnswer answer = new PanelProgram(table).Heaviest(cut.Weights, 120, long.MaxValue, cancellationToken);
            cuts = answer.Bound <= cut.Bound ? cuts : answer.Proven ? false : cuts is false ? false : null;
        }

        bool fits = claimed.Proof.Levels.Select(level => level.Proof).Append(claimed.Proof.Sum?.Multipliers).All(multipliers => multipliers is null
            || (multipliers.Rows.Count == claimed.Types.Rows.Count && multipliers.Groups.Count == claimed.Types.Groups.Count && multipliers.Cuts.Count <= claimed.Proof.Cuts.Count
                && multipliers.Groups.Concat(multipliers.Cuts).Concat(multipliers.Capacities.Values).All(value => value >= 0)));
        bool settlesAll = claimed.Objective != LotteryObjective.Leximin || claimed.EndedByLimit
            || claimed.Proof.Levels.SelectMany(level => level.Settled).Distinct().Count() == coverable.Count(can => can);

        // Who is called settled must weigh in the proof of that step; otherwise a proof could leave the higher levels out.
        settlesAll &= fits && claimed.Proof.Levels.All(level =>
        {
            double[] weights = level.Proof.WeightsOf(claimed.Types, claimed.Proof.Cuts);
            return level.Settled.All(t => t >= 0 && t < weights.Length && weights[t] > 0);
        });
        return new(panels, cuts, uncoverable, fits && settlesAll && panels ? claimed.Proof.GapOf(claimed.Objective, claimed.Types, claimed.Chances(), coverable, gamma) : double.PositiveInfinity);
    }
}
