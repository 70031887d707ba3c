using Google.OrTools.Sat;

namespace Polyphony.Sortition;

/// <summary>Whether quotas can be met, and if not, what to change.</summary>
public abstract record QuotaFeasibility
{
    private QuotaFeasibility()
    {
    }

    /// <summary>A panel exists.</summary>
    /// <param name="Counts">One panel as people per type.</param>
    public sealed record Feasible(IReadOnlyList<int> Counts) : QuotaFeasibility;

    /// <summary>No panel exists, but one does after these changes, which cost least.</summary>
    /// <param name="Changes">Changed quotas.</param>
    public sealed record Infeasible(IReadOnlyList<QuotaChange> Changes) : QuotaFeasibility;

    /// <summary>No panel exists, and none within the bounds to which quotas may be changed: too few people, or households in the way.</summary>
    public sealed record Impossible : QuotaFeasibility;

    /// <summary>The solver did not finish within its limit; nothing is known.</summary>
    public sealed record Unknown : QuotaFeasibility;

    /// <summary>Decides for a pool.</summary>
    /// <remarks>The relaxation minimises Σ (1 + 2/min) for each step by which a minimum is lowered (0 for a minimum of 0) and 1 for each step by which a
    /// maximum is raised (Flanigan et al., "Fair algorithms for selecting citizens' assemblies", Nature 596, 2021, supplement).</remarks>
    /// <param name="types">The merged pool.</param>
    /// <param name="cancellationToken">Stops before a solver is started.</param>
    /// <returns>The decision.</returns>
    public static QuotaFeasibility Of(PanelTypes types, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        cancellationToken.ThrowIfCancellationRequested();
        if (new PanelModel(types).Solve(out int[] counts) is { } decided)
        {
            return decided ? new Feasible(counts) : Relax(types);
        }

        return new Unknown();
    }

    private static QuotaFeasibility Relax(PanelTypes types)
    {
        SortitionPool pool = types.Pool;
        PanelModel model = new(types, quotas: false);
        List<(int Criterion, int Value, IntVar Lower, IntVar Raise)> cells = [];
        LinearExprBuilder cost = LinearExpr.NewBuilder();
        for (int c = 0; c < pool.Criteria.Count; c++)
        {
            for (int v = 0; v < pool.Criteria[c].Quotas.Count; v++)
            {
                Quota quota = pool.Criteria[c].Quotas[v];
                IntVar lower = model.Model.NewIntVar(0, quota.Min - Math.Min(quota.Min, quota.MinFlex ?? 0), "");
                IntVar raise = model.Model.NewIntVar(0, Math.Max(quota.Max, quota.MaxFlex ?? pool.Size) - quota.Max, "");
                LinearExpr count = model.Count(c, v);
                model.Model.Add(count + lower >= quota.Min);
                model.Model.Add(count - raise <= quota.Max);

                // Costs in thousandths, because the solver counts in integers.
                cost.AddTerm(lower, quota.Min == 0 ? 1 : (int)Math.Round(1000 * (1 + (2.0 / quota.Min))));
                cost.AddTerm(raise, 1000);
                cells.Add((c, v, lower, raise));
            }
        }

        model.Model.Minimize(cost);
        CpSolver solver = PanelModel.NewSolver(5);
        return solver.Solve(model.Model) switch
        {
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => new Infeasible([
                .. cells.Select(cell => (cell, Lower: (int)solver.Value(cell.Lower), Raise: (int)solver.Value(cell.Raise)))
                    .Where(change => change.Lower > 0 || change.Raise > 0)
                    .Select(change =>
                    {
                        Quota quota = pool.Criteria[change.cell.Criterion].Quotas[change.cell.Value];
                        return new QuotaChange(change.cell.Criterion, change.cell.Value, quota.Min - change.Lower, quota.Max + change.Raise);
                    }),
            ]),
            CpSolverStatus.Infeasible => new Impossible(),
            _ => new Unknown(),
        };
    }
}

/// <summary>A quota as it should be changed.</summary>
/// <param name="Criterion">Index of the criterion.</param>
/// <param name="Value">Index of the value.</param>
/// <param name="Min">The new minimum.</param>
/// <param name="Max">The new maximum.</param>
public sealed record QuotaChange(int Criterion, int Value, int Min, int Max);
