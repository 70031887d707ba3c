using Google.OrTools.Sat;
using Polyphony.Sortition.Solving;

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
        TypeTable table = new(types);
        try
        {
            return PanelFinder.Any(table, new SeatSwaps(table), cancellationToken) is { } counts ? new Feasible(counts) : Relax(types, table, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new Unknown();
        }
    }

    private static QuotaFeasibility Relax(PanelTypes types, TypeTable table, CancellationToken cancellationToken)
    {
        SortitionPool pool = types.Pool;
        PanelProgram programme = new(table, quotas: false);
        List<(QuotaRow Row, Quota Quota, IntVar Lower, IntVar Raise)> cells = [];
        LinearExprBuilder cost = LinearExpr.NewBuilder();
        for (int r = 0; r < types.Rows.Count; r++)
        {
            QuotaRow row = types.Rows[r];
            Quota quota = pool.Criteria[row.Criterion].Quotas[row.Value];
            IntVar lower = programme.Model.NewIntVar(0, quota.Min - Math.Min(quota.Min, quota.MinFlex ?? 0), "");
            IntVar raise = programme.Model.NewIntVar(0, Math.Max(quota.Max, quota.MaxFlex ?? pool.Size) - quota.Max, "");
            LinearExpr count = programme.Count(r);
            programme.Model.Add(count + lower >= quota.Min);
            programme.Model.Add(count - raise <= quota.Max);

            // Costs in thousandths, because the solver counts in integers.
            cost.AddTerm(lower, quota.Min == 0 ? 1 : (int)Math.Round(1000 * (1 + (2.0 / quota.Min))));
            cost.AddTerm(raise, 1000);
            cells.Add((row, quota, lower, raise));
        }

        programme.Model.Minimize(cost);
        using CpSolver solver = PanelProgram.NewSolver(5);
        using CancellationTokenRegistration stop = cancellationToken.Register(solver.StopSearch);
        CpSolverStatus status = solver.Solve(programme.Model);
        cancellationToken.ThrowIfCancellationRequested();
        return status switch
        {
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => new Infeasible([
                .. cells.Select(cell => (cell.Row, cell.Quota, Lower: (int)solver.Value(cell.Lower), Raise: (int)solver.Value(cell.Raise)))
                    .Where(change => change.Lower > 0 || change.Raise > 0)
                    .Select(change => new QuotaChange(change.Row.Criterion, change.Row.Value, change.Quota.Min - change.Lower, change.Quota.Max + change.Raise)),
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
