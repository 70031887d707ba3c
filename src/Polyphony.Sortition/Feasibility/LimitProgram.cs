using Google.OrTools.Sat;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Feasibility;

/// <summary>Any people of a pool, as few rules broken as can be: an integer programme (CP-SAT).</summary>
internal sealed class LimitProgram
{
    private readonly PanelTypes types;
    private readonly IReadOnlyList<PanelLimit> limits;
    private readonly int[] rowOf;
    private readonly CpModel model = new();
    private readonly IntVar[] counts;
    private readonly BoolVar[] broken;

    /// <summary>Writes the programme.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="limits">The rules; a rule of the pool that is not among them is ignored.</param>
    /// <param name="person">Somebody who must be among the people; −1: nobody.</param>
    public LimitProgram(PanelTypes types, IReadOnlyList<PanelLimit> limits, int person)
    {
        this.types = types;
        this.limits = limits;
        rowOf = [.. limits.Select(limit => RowOf(types, limit))];
        counts = [.. types.Types.Select(type => model.NewIntVar(type.People.Contains(person) ? 1 : 0, type.People.Count, ""))];
        broken = [.. limits.Select(_ => model.NewBoolVar(""))];
        for (int i = 0; i < limits.Count; i++)
        {
            Write(limits[i], rowOf[i], broken[i]);
        }

        model.Minimize(LinearExpr.Sum(broken));
    }

    /// <summary>The fewest other rules broken while some are kept.</summary>
    /// <param name="kept">For each rule whether it must be kept.</param>
    /// <param name="near">For each type people in fractions: only types that have some are looked at; null: all types.</param>
    /// <param name="work">Limit in deterministic time.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>The rules that the people found break, an empty list when they break none; null when there are no such people, or none were found.</returns>
    public (IReadOnlyList<int>? Broken, bool Proven) Fewest(IReadOnlyList<bool> kept, double[]? near, double work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (int i = 0; i < broken.Length; i++)
        {
            IntegerVariableProto variable = model.Model.Variables[broken[i].GetIndex()];
            variable.Domain[1] = kept[i] ? 0 : 1;
        }

        for (int t = 0; t < counts.Length; t++)
        {
            IntegerVariableProto variable = model.Model.Variables[counts[t].GetIndex()];
            variable.Domain[1] = near is null || near[t] > 1e-7 ? types.Types[t].People.Count : variable.Domain[0];
        }

        using CpSolver solver = PanelProgram.NewSolver(work);
        using SolverStop stop = new(solver.StopSearch, cancellationToken);
        CpSolverStatus status = solver.Solve(model);
        cancellationToken.ThrowIfCancellationRequested();
        return status switch
        {
            CpSolverStatus.Optimal or CpSolverStatus.Feasible => (BrokenBy([.. counts.Select(count => (int)solver.Value(count))]), status == CpSolverStatus.Optimal),
            CpSolverStatus.Infeasible => (null, true),
            _ => (null, false),
        };
    }

    /// <summary>Which rules people break: counted in plain code, whatever the solver says.</summary>
    private List<int> BrokenBy(int[] people)
    {
        int[] bearers = new int[types.Rows.Count];
        int[] inGroup = new int[types.Groups.Count];
        foreach ((int t, PersonType type) in types.Types.Index())
        {
            foreach (int row in type.Rows)
            {
                bearers[row] += people[t];
            }

            if (type.Group >= 0)
            {
                inGroup[type.Group] += people[t];
            }
        }

        int all = people.Sum();
        return
        [
            .. Enumerable.Range(0, limits.Count).Where(i => limits[i].Kind switch
            {
                LimitKind.Minimum => bearers[rowOf[i]] < limits[i].Bound,
                LimitKind.Maximum => bearers[rowOf[i]] > limits[i].Bound,
                LimitKind.Size => all != limits[i].Bound,
                _ => inGroup.Index().Any(group => group.Item > types.Groups[group.Index].Households),
            }),
        ];
    }

    private void Write(PanelLimit limit, int row, BoolVar isBroken)
    {
        switch (limit.Kind)
        {
            case LimitKind.Size:
                LinearExpr all = LinearExpr.Sum(counts);
                model.Add(all >= limit.Bound - (limit.Bound * isBroken));
                model.Add(all <= limit.Bound + (Math.Max(0, types.Pool.People.Count - limit.Bound) * isBroken));
                break;
            case LimitKind.Households:
                foreach (HouseholdGroup group in types.Groups)
                {
                    int members = group.Types.Sum(type => types.Types[type].People.Count);
                    model.Add(LinearExpr.Sum(group.Types.Select(type => counts[type])) <= group.Households + ((members - group.Households) * isBroken));
                }

                break;
            default:
                LinearExpr bearing = LinearExpr.Sum(counts.Where((_, t) => types.Types[t].Rows.Contains(row)));
                if (limit.Kind == LimitKind.Minimum)
                {
                    model.Add(bearing >= limit.Bound - (limit.Bound * isBroken));
                }
                else
                {
                    model.Add(bearing <= limit.Bound + (types.Pool.People.Count * isBroken));
                }

                break;
        }
    }

    /// <summary>The row of a quota; −1 for size and households.</summary>
    public static int RowOf(PanelTypes types, PanelLimit limit)
    {
        for (int row = 0; row < types.Rows.Count; row++)
        {
            if (types.Rows[row].Criterion == limit.Criterion && types.Rows[row].Value == limit.Value)
            {
                return row;
            }
        }

        return -1;
    }
}
