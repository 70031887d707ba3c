using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>What proving a lottery again gave. A check that was not finished is null, never passed.</summary>
/// <param name="PanelsHold">Whether every mixed panel meets size, quotas and the household rule.</param>
/// <param name="CutsHold">Whether every cut was proven again by an integer programme.</param>
/// <param name="UncoverableHold">Whether exactly the people named can be on no panel.</param>
/// <param name="Gap">The gap recomputed from the proof by arithmetic, which leans on the cuts and on who is uncoverable; infinite when nothing is proven.</param>
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
        bool panels = claimed.Panels.All(table.IsPanel);
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

        HashSet<int> seated = [.. claimed.Panels.SelectMany(SparsePanel.Seats).Select(seats => seats.Type)];
        for (int t = 0; t < table.Count; t++)
        {
            if (coverable[t] && !seated.Contains(t))
            {
                // A search that ended early may not have come to them: the gap says what that costs, and nothing is known of whether they can be on a panel.
                uncoverable = claimed.EndedByLimit && uncoverable is not false ? null : false;
            }
        }

        bool fits = Fits(claimed);
        bool? cuts = true;
        foreach (PanelCut cut in claimed.Proof.Cuts)
        {
            if (cut.Weights.Count != table.Count)
            {
                cuts = false;
                continue;
            }

            PanelAnswer answer = new PanelProgram(table).Heaviest(cut.Weights, 120, long.MaxValue, cancellationToken);
            cuts = answer.Bound <= cut.Bound ? cuts : answer.Proven ? false : cuts is false ? false : null;
        }

        return new(panels, cuts, uncoverable, fits && panels ? claimed.Proof.GapOf(claimed.Objective, claimed.Types, claimed.Chances(), coverable, gamma) : double.PositiveInfinity);
    }

    /// <summary>Whether the numbers of a proof are about these types, rows and cuts, and of the sign that weak duality asks for.</summary>
    private static bool Fits(ExactLottery claimed)
    {
        int n = claimed.Types.Types.Count;
        LotteryProof proof = claimed.Proof;
        return proof.Cuts.All(cut => cut.Weights.Count == n)
            && proof.Levels.All(level => level.Settled.All(IsType) && FitsTypes(level.Proof))
            && (proof.Sum is not { } sum || (sum.Weights.Count == n && FitsTypes(sum.Multipliers)));

        bool IsType(int t) => t >= 0 && t < n;

        bool FitsTypes(Multipliers multipliers) =>
            multipliers.Rows.Count == claimed.Types.Rows.Count && multipliers.Groups.Count == claimed.Types.Groups.Count && multipliers.Cuts.Count <= proof.Cuts.Count
            && multipliers.Capacities.Keys.All(IsType) && multipliers.Groups.Concat(multipliers.Cuts).Concat(multipliers.Capacities.Values).All(value => value >= 0);
    }
}
