using Google.OrTools.Sat;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Feasibility;

/// <summary>What the search for changes found.</summary>
/// <param name="Changes">Changed quotas; empty: none is needed. Null: there are none within the bounds, or none were found.</param>
/// <param name="Cost">Their cost in thousandths.</param>
/// <param name="Proven">Whether nothing is cheaper, or with no changes, that there are none.</param>
/// <param name="Counts">A panel that they make possible.</param>
internal sealed record FoundChanges(IReadOnlyList<QuotaChange>? Changes, long Cost, bool Proven, int[] Counts);

/// <summary>The cheapest changes of quotas, one set after another: an integer programme (CP-SAT).</summary>
/// <remarks>The cost is Σ (1 + 2/min) for each step by which a minimum is lowered and 1 for each step by which a maximum is raised (Flanigan et al., "Fair
/// algorithms for selecting citizens' assemblies", Nature 596, 2021, supplement). Of equally cheap changes those of fewer quotas are preferred.</remarks>
internal sealed class RelaxationSearch : IDisposable
{
    private const int TieBreak = 1_000;

    /// <summary>From so many types on, people in fractions are asked first.</summary>
    private const int ManyTypes = 100;

    private readonly PanelTypes types;
    private readonly TypeTable table;
    private readonly CpModel model = new();
    private readonly List<Cell> cells = [];
    private readonly List<IntVar[]> panels = [];
    private SlackPolytope? polytope;

    public RelaxationSearch(PanelTypes types)
    {
        this.types = types;
        table = new(types);
        List<IntVar> amounts = [];
        List<long> costs = [];
        for (int r = 0; r < types.Rows.Count; r++)
        {
            QuotaRow row = types.Rows[r];
            Quota quota = types.Pool.Criteria[row.Criterion].Quotas[row.Value];
            Cell cell = new(
                r, quota,
                model.NewIntVar(0, quota.Min - Math.Min(quota.Min, quota.MinFlex ?? 0), ""),
                model.NewIntVar(0, Math.Max(quota.Max, quota.MaxFlex ?? types.Pool.Size) - quota.Max, ""),
                model.NewBoolVar(""), model.NewBoolVar(""));
            cells.Add(cell);

            // Costs in thousandths, because the solver counts in integers; one unit of the tie-break for each quota that changes.
            amounts.AddRange([cell.Lower, cell.Raise, cell.Lowers, cell.Raises]);
            costs.AddRange([CostOfLowering(quota) * TieBreak, 1000 * TieBreak, 1, 1]);
            model.Add(cell.Lower <= quota.Min * cell.Lowers);
            model.Add(cell.Raise <= types.Pool.Size * cell.Raises);
        }

        model.Minimize(LinearExpr.WeightedSum(amounts, costs));
    }

    public void Dispose() => polytope?.Dispose();

    private sealed record Cell(int Row, Quota Quota, IntVar Lower, IntVar Raise, BoolVar Lowers, BoolVar Raises);

    /// <summary>In thousandths, what one step down from a minimum costs.</summary>
    public static long CostOfLowering(Quota quota) => quota.Min == 0 ? 0 : (long)Math.Round(1000 * (1 + (2.0 / quota.Min)));

    /// <summary>Asks for one more panel under the same changes.</summary>
    /// <param name="type">A type that it must hold; −1: any panel.</param>
    public void Require(int type)
    {
        IntVar[] counts = [.. table.Capacity.Select((capacity, t) => model.NewIntVar(t == type ? 1 : 0, capacity, ""))];
        panels.Add(counts);
        model.Add(LinearExpr.Sum(counts) == table.Size);
        foreach ((int g, int households) in table.Households.Index())
        {
            model.Add(LinearExpr.Sum(table.Types.Groups[g].Types.Select(t => counts[t])) <= households);
        }

        foreach (Cell cell in cells)
        {
            LinearExpr count = LinearExpr.Sum(counts.Where((_, t) => table.Rows[t].Contains(cell.Row)));
            model.Add(count + cell.Lower >= cell.Quota.Min);
            model.Add(count - cell.Raise <= cell.Quota.Max);
        }
    }

    /// <summary>The cheapest changes, then the next cheapest that do not contain all of those, and so on.</summary>
    /// <remarks>Whatever does not contain all of some changes leaves one of them out: a tree of what stays as it is, the cheapest branch first.</remarks>
    /// <param name="work">Limit in deterministic time of each branch.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>The changes one by one; a last one without changes says whether it is proven that there are no more.</returns>
    public IEnumerable<FoundChanges> Ranked(double work, CancellationToken cancellationToken)
    {
        PriorityQueue<(HashSet<int> Fixed, HashSet<int> Steps, FoundChanges Found), (long Cost, int Steps, int Order)> open = new();
        List<HashSet<int>> told = [];
        HashSet<string> seen = [];
        bool proven = true;
        Open([]);
        while (open.TryDequeue(out (HashSet<int> Fixed, HashSet<int> Steps, FoundChanges Found) best, out _))
        {
            // Another branch may have told of fewer changes that these contain.
            HashSet<int>? part = told.Find(steps => steps.IsSubsetOf(best.Steps));
            if (part is null)
            {
                yield return best.Found with { Proven = best.Found.Proven && proven };
                told.Add(best.Steps);
            }

            foreach (int step in (part ?? best.Steps).Order())
            {
                Open([.. best.Fixed, step]);
            }
        }

        yield return new(null, 0, proven, []);

        void Open(HashSet<int> stay)
        {
            if (seen.Add(string.Join(' ', stay.Order())))
            {
                FoundChanges found = Cheapest(stay, work, cancellationToken);
                proven &= found.Proven;
                if (found.Changes is not null)
                {
                    HashSet<int> steps = StepsOf(found.Changes);
                    open.Enqueue((stay, steps, found), (found.Cost, steps.Count, seen.Count));
                }
            }
        }
    }

    /// <summary>The cheapest changes.</summary>
    /// <param name="work">Limit in deterministic time.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    public FoundChanges Next(double work, CancellationToken cancellationToken) => Cheapest([], work, cancellationToken);

    /// <summary>The cheapest changes while some quotas stay: step 2r is the minimum of row r, step 2r + 1 its maximum.</summary>
    private FoundChanges Cheapest(HashSet<int> stay, double work, CancellationToken cancellationToken)
    {
        foreach (Cell cell in cells)
        {
            model.Model.Variables[cell.Lowers.GetIndex()].Domain[1] = stay.Contains(2 * cell.Row) ? 0 : 1;
            model.Model.Variables[cell.Raises.GetIndex()].Domain[1] = stay.Contains((2 * cell.Row) + 1) ? 0 : 1;
        }

        if (panels.Count == 1 && table.Count > ManyTypes && Fractions(stay) is { } fractions)
        {
            // What whole people of the same types cost as little as people in fractions cannot be undercut.
            FoundChanges near = Solve(fractions.People, work, cancellationToken);
            if (near.Changes is not null && near.Cost <= fractions.Cost + 0.5)
            {
                return near with { Proven = true };
            }
        }

        return Solve(null, work, cancellationToken);
    }

    private (double Cost, double[] People)? Fractions(HashSet<int> stay)
    {
        polytope ??= new SlackPolytope(types, -1);

        foreach (Cell cell in cells)
        {
            polytope.Let(polytope.Lower[cell.Row], stay.Contains(2 * cell.Row) ? 0 : cell.Quota.Min - Math.Min(cell.Quota.Min, cell.Quota.MinFlex ?? 0), CostOfLowering(cell.Quota));
            polytope.Let(polytope.Raise[cell.Row], stay.Contains((2 * cell.Row) + 1) ? 0 : Math.Max(cell.Quota.Max, cell.Quota.MaxFlex ?? types.Pool.Size) - cell.Quota.Max, 1000);
        }

        return polytope.Solve();
    }

    private HashSet<int> StepsOf(IReadOnlyList<QuotaChange> changes)
    {
        HashSet<int> steps = [];
        foreach (Cell cell in cells)
        {
            QuotaRow row = types.Rows[cell.Row];
            if (changes.FirstOrDefault(change => change.Criterion == row.Criterion && change.Value == row.Value) is { } change)
            {
                if (change.Min < cell.Quota.Min)
                {
                    steps.Add(2 * cell.Row);
                }

                if (change.Max > cell.Quota.Max)
                {
                    steps.Add((2 * cell.Row) + 1);
                }
            }
        }

        return steps;
    }

    private FoundChanges Solve(double[]? near, double work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (panels.Count == 1)
        {
            for (int t = 0; t < table.Count; t++)
            {
                IntegerVariableProto variable = model.Model.Variables[panels[0][t].GetIndex()];
                variable.Domain[1] = near is null || near[t] > 1e-7 ? table.Capacity[t] : variable.Domain[0];
            }
        }

        using CpSolver solver = PanelProgram.NewSolver(work);
        using SolverStop stop = new(solver.StopSearch, cancellationToken);
        CpSolverStatus status = solver.Solve(model);
        cancellationToken.ThrowIfCancellationRequested();
        if (status is not (CpSolverStatus.Optimal or CpSolverStatus.Feasible))
        {
            return new(null, 0, status == CpSolverStatus.Infeasible, []);
        }

        List<QuotaChange> changes = [];
        long cost = 0;
        foreach (Cell cell in cells)
        {
            int lower = (int)solver.Value(cell.Lower);
            int raise = (int)solver.Value(cell.Raise);
            if (lower > 0 || raise > 0)
            {
                QuotaRow row = types.Rows[cell.Row];
                changes.Add(new(row.Criterion, row.Value, cell.Quota.Min - lower, cell.Quota.Max + raise));
                cost += (lower * CostOfLowering(cell.Quota)) + (raise * 1000L);
            }
        }

        // The same check in plain code as every panel gets.
        SortitionPool relaxed = Relaxations.Changed(types.Pool, changes);
        foreach (IntVar[] panel in panels)
        {
            int[] counts = [.. panel.Select(count => (int)solver.Value(count))];
            if (!relaxed.IsPanel(Relaxations.PeopleOf(types, counts)))
            {
                return new(null, 0, false, []);
            }
        }

        return new(changes, cost, status == CpSolverStatus.Optimal, [.. panels[0].Select(count => (int)solver.Value(count))]);
    }
}
