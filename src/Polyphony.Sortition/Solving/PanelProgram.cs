using System.Diagnostics.CodeAnalysis;
using Google.OrTools.Sat;

namespace Polyphony.Sortition.Solving;

/// <summary>What an integer programme over panels found.</summary>
/// <param name="Best">The heaviest panel that was met; null: none.</param>
/// <param name="Met">All panels met on the way, the best among them.</param>
/// <param name="Bound">No panel is heavier than this, in the integer weights that were asked for.</param>
/// <param name="Proven">Whether <paramref name="Best"/> is the heaviest (or, with none met, that there is none).</param>
internal sealed record PanelAnswer(int[]? Best, IReadOnlyList<int[]> Met, long Bound, bool Proven);

/// <summary>The panels of a merged pool as an integer programme (CP-SAT): people per type.</summary>
internal sealed class PanelProgram
{
    private readonly TypeTable table;

    public PanelProgram(TypeTable table, bool quotas = true)
        : this(table, quotas ? table.Min : null, quotas ? table.Max : null, new int[table.Count], table.Capacity)
    {
    }

    /// <summary>The panels of a face.</summary>
    public PanelProgram(TypeTable table, ReadOnlySpan<int> rowMin, ReadOnlySpan<int> rowMax, ReadOnlySpan<int> least, ReadOnlySpan<int> most)
    {
        this.table = table;
        Model = new CpModel();
        Counts = new IntVar[table.Count];
        for (int t = 0; t < Counts.Length; t++)
        {
            Counts[t] = Model.NewIntVar(least[t], most[t], "");
        }

        Model.Add(LinearExpr.Sum(Counts) == table.Size);
        for (int group = 0; group < table.Households.Length; group++)
        {
            Model.Add(LinearExpr.Sum(table.Types.Groups[group].Types.Select(t => Counts[t])) <= table.Households[group]);
        }

        for (int row = 0; row < rowMin.Length; row++)
        {
            Model.AddLinearConstraint(Count(row), rowMin[row], rowMax[row]);
        }
    }

    public CpModel Model { get; }

    public IntVar[] Counts { get; }

    /// <summary>Ends the search with what it has found and proven by then.</summary>
    public CancellationToken Enough { get; init; }

    /// <summary>How many on the panel use up a quota row.</summary>
    public LinearExpr Count(int row) => LinearExpr.Sum(Counts.Where((_, t) => table.Rows[t].Contains(row)));

    /// <summary>Looks for any panel.</summary>
    public PanelAnswer Any(double work, CancellationToken cancellationToken) => Run(null, work, long.MaxValue, cancellationToken);

    /// <summary>Looks for the heaviest panel.</summary>
    /// <param name="weights">Integer weights, at most 2^40 in magnitude.</param>
    /// <param name="work">Limit in CP-SAT's deterministic time (about seconds), so that the same question ends the same way on every machine.</param>
    /// <param name="enough">A panel of this weight ends the search.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    public PanelAnswer Heaviest(IReadOnlyList<long> weights, double work, long enough, CancellationToken cancellationToken) => Run(weights, work, enough, cancellationToken);

    /// <summary>Weights as integers with six digits: what is asked is then exact.</summary>
    public static long[] Integers(IReadOnlyList<double> weights, double digits = 1e6)
    {
        double largest = Math.Max(1e-300, weights.Max(Math.Abs));
        return [.. weights.Select(weight => (long)Math.Round(weight / largest * digits))];
    }

    /// <summary>One worker and a fixed seed: the same question gets the same answer.</summary>
    public static CpSolver NewSolver(double work) => new()
    {
        StringParameters = FormattableString.Invariant($"num_workers:1, random_seed:1, max_deterministic_time:{work}, catch_sigint_signal:false"),
    };

    // OR-Tools asks by reflection whether the callback is overridden: a native program would leave out the names of methods of which nothing else speaks.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(Incumbents))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(CpSolverSolutionCallback))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(SolutionCallback))]
    private PanelAnswer Run(IReadOnlyList<long>? weights, double work, long enough, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Enough.IsCancellationRequested)
        {
            return new(null, [], long.MaxValue, false);
        }

        if (weights is not null)
        {
            Model.Maximize(LinearExpr.WeightedSum(Counts, weights));
        }

        using CpSolver solver = NewSolver(work);
        using Incumbents incumbents = new(Counts, enough);
        CpSolverStatus status;
        using (new SolverStop(solver.StopSearch, Enough, cancellationToken))
        {
            status = solver.Solve(Model, incumbents);
        }

        cancellationToken.ThrowIfCancellationRequested();
        bool found = status is CpSolverStatus.Optimal or CpSolverStatus.Feasible;
        if (!found)
        {
            return new(null, [], status == CpSolverStatus.Infeasible ? long.MinValue : long.MaxValue, status == CpSolverStatus.Infeasible);
        }

        int[] best = [.. Counts.Select(count => (int)solver.Value(count))];
        return new(
            best, [.. incumbents.Met.Where(panel => !panel.AsSpan().SequenceEqual(best)), best],
            weights is null ? 0 : (long)Math.Floor(solver.BestObjectiveBound + 1e-6), status == CpSolverStatus.Optimal);
    }

    private sealed class Incumbents(IntVar[] counts, long enough) : CpSolverSolutionCallback
    {
        public List<int[]> Met { get; } = [];

        public override void OnSolutionCallback()
        {
            Met.Add([.. counts.Select(count => (int)Value(count))]);

            if (ObjectiveValue() >= enough)
            {
                StopSearch();
            }
        }
    }
}
