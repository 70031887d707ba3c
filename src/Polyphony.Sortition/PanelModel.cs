using Google.OrTools.Sat;

namespace Polyphony.Sortition;

/// <summary>The panels of a merged pool as an integer programme: people per type.</summary>
internal sealed class PanelModel
{
    private readonly PanelTypes types;

    public PanelModel(PanelTypes types, bool quotas = true)
    {
        this.types = types;
        Model = new CpModel();
        Counts = [.. types.Types.Select(type => Model.NewIntVar(0, type.Capacity, ""))];
        Model.Add(LinearExpr.Sum(Counts) == types.Pool.Size);
        foreach ((IReadOnlyList<int> members, int households) in types.Groups)
        {
            Model.Add(LinearExpr.Sum(members.Select(member => Counts[member])) <= households);
        }

        if (!quotas)
        {
            return;
        }

        for (int c = 0; c < types.Pool.Criteria.Count; c++)
        {
            for (int v = 0; v < types.Pool.Criteria[c].Quotas.Count; v++)
            {
                Quota quota = types.Pool.Criteria[c].Quotas[v];
                Model.AddLinearConstraint(Count(c, v), quota.Min, quota.Max);
            }
        }
    }

    public CpModel Model { get; }

    public IntVar[] Counts { get; }

    /// <summary>How many on the panel bear a value.</summary>
    public LinearExpr Count(int criterion, int value) =>
        LinearExpr.Sum(types.Types.Index().Where(pair => pair.Item.Values[criterion] == value).Select(pair => Counts[pair.Index]));

    /// <summary>One worker and a fixed seed: the same question gets the same answer on every machine.</summary>
    public static CpSolver NewSolver(double seconds) => new()
    {
        StringParameters = FormattableString.Invariant($"num_workers:1, random_seed:1, max_time_in_seconds:{seconds}"),
    };

    /// <summary>Looks for any panel.</summary>
    /// <returns>Whether one exists; null when the limit came first.</returns>
    public bool? Solve(out int[] counts)
    {
        CpSolver solver = NewSolver(10);
        CpSolverStatus status = solver.Solve(Model);
        counts = status is CpSolverStatus.Optimal or CpSolverStatus.Feasible ? [.. Counts.Select(count => (int)solver.Value(count))] : [];
        return status switch
        {
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => true,
            CpSolverStatus.Infeasible => false,
            _ => null,
        };
    }

    /// <summary>Looks for the panel of greatest weight.</summary>
    /// <param name="weights">A weight for each type's people.</param>
    /// <param name="seconds">Limit of the search.</param>
    /// <returns>The panel, or null when none was found in time.</returns>
    public int[]? Heaviest(IReadOnlyList<double> weights, double seconds)
    {
        double scale = 1_000_000 / Math.Max(1e-12, weights.Max(Math.Abs));
        Model.Maximize(LinearExpr.WeightedSum(Counts, weights.Select(weight => (long)Math.Round(weight * scale))));
        CpSolver solver = NewSolver(seconds);
        return solver.Solve(Model) is CpSolverStatus.Optimal or CpSolverStatus.Feasible ? [.. Counts.Select(count => (int)solver.Value(count))] : null;
    }
}
