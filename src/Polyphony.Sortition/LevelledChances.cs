using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition;

/// <summary>The fairest chances that any lottery could give, by a linear programme over types: a target, and a proven bound on the least chance.</summary>
/// <remarks>
/// The chances of every lottery over panels lie in the polytope of the quotas, so the greatest least chance in it bounds the least chance of every
/// lottery from above. Further levels are raised one after the other, as LEXIMIN does (Flanigan et al., Nature 596, 2021).
/// Floating point only proposes here: panels are drawn with integers.
/// </remarks>
internal sealed class LevelledChances
{
    private readonly PanelTypes types;
    private readonly IReadOnlyList<bool> coverable;

    public LevelledChances(PanelTypes types, IReadOnlyList<bool> coverable)
    {
        this.types = types;
        this.coverable = coverable;
    }

    /// <summary>Computes the chances.</summary>
    /// <returns>For each type the chance of one of its people, and the bound; null when the programme has no solution.</returns>
    public (double[] Chances, double Bound)? Compute(CancellationToken cancellationToken)
    {
        int n = types.Types.Count;
        double[] level = new double[n];
        bool[] isFixed = [.. coverable.Select(can => !can)];
        double[]? chances = null;
        double bound = 0;
        for (int round = 0; round < 60 && isFixed.Any(done => !done); round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Raise(level, isFixed) is not { } raised)
            {
                break;
            }

            (double z, chances) = raised;
            if (round == 0)
            {
                bound = z;
            }

            // Who can still rise above z: most of them are found by one programme that lifts as many as it can.
            double floor = z * (1 - 2e-7);
            bool[] canRise = new bool[n];
            for (int pass = 0; pass < 20; pass++)
            {
                bool[] asked = [.. Enumerable.Range(0, n).Select(t => !isFixed[t] && !canRise[t])];
                if (!asked.Any(ask => ask) || Lift(level, isFixed, floor, asked, Math.Max(1e-6, z * 0.01)) is not { } lifted)
                {
                    break;
                }

                bool any = false;
                for (int t = 0; t < n; t++)
                {
                    if (asked[t] && lifted.Slack[t] > Math.Max(1e-9, 1e-4 * z))
                    {
                        canRise[t] = true;
                        any = true;
                    }
                }

                chances = lifted.Chances;
                if (!any)
                {
                    break;
                }
            }

            bool progress = false;
            for (int t = 0; t < n; t++)
            {
                if (!isFixed[t] && !canRise[t])
                {
                    isFixed[t] = true;
                    level[t] = floor;
                    progress = true;
                }
            }

            if (!progress)
            {
                break;
            }
        }

        return chances is null ? null : (chances, bound);
    }

    /// <summary>Maximises the least chance of those who are not fixed.</summary>
    private (double Z, double[] Chances)? Raise(double[] level, bool[] isFixed)
    {
        using Solver solver = Solver.CreateSolver("GLOP");
        Variable z = solver.MakeNumVar(0, 1, "z");
        Variable[] chance = Polytope(solver, level, isFixed);
        for (int t = 0; t < chance.Length; t++)
        {
            if (!isFixed[t])
            {
                solver.Add(chance[t] >= z);
            }
        }

        solver.Maximize(z);
        return solver.Solve() == Solver.ResultStatus.OPTIMAL ? (z.SolutionValue(), [.. chance.Select(variable => variable.SolutionValue())]) : null;
    }

    /// <summary>Lifts as many of those who are asked above a floor as possible, each by at most <paramref name="cap"/>.</summary>
    private (double[] Slack, double[] Chances)? Lift(double[] level, bool[] isFixed, double floor, bool[] asked, double cap)
    {
        using Solver solver = Solver.CreateSolver("GLOP");
        Variable[] chance = Polytope(solver, level, isFixed);
        Variable?[] slack = new Variable?[chance.Length];
        Objective objective = solver.Objective();
        for (int t = 0; t < chance.Length; t++)
        {
            if (asked[t])
            {
                Variable s = solver.MakeNumVar(0, cap, "");
                solver.Add(chance[t] >= floor + s);
                objective.SetCoefficient(s, 1);
                slack[t] = s;
            }
            else if (!isFixed[t])
            {
                solver.Add(chance[t] >= floor);
            }
        }

        objective.SetMaximization();
        return solver.Solve() == Solver.ResultStatus.OPTIMAL
            ? ([.. slack.Select(s => s?.SolutionValue() ?? 0)], [.. chance.Select(variable => variable.SolutionValue())])
            : null;
    }

    private Variable[] Polytope(Solver solver, double[] level, bool[] isFixed)
    {
        Variable[] chance =
        [
            .. types.Types.Select((type, t) => solver.MakeNumVar(
                isFixed[t] ? level[t] : 0,
                coverable[t] ? Math.Min(1, (double)type.Capacity / type.People.Count) : 0, "")),
        ];
        Constraint size = solver.MakeConstraint(types.Pool.Size, types.Pool.Size);
        for (int t = 0; t < chance.Length; t++)
        {
            size.SetCoefficient(chance[t], types.Types[t].People.Count);
        }

        for (int c = 0; c < types.Pool.Criteria.Count; c++)
        {
            for (int v = 0; v < types.Pool.Criteria[c].Quotas.Count; v++)
            {
                Quota quota = types.Pool.Criteria[c].Quotas[v];
                Constraint row = solver.MakeConstraint(quota.Min, quota.Max);
                for (int t = 0; t < chance.Length; t++)
                {
                    if (types.Types[t].Values[c] == v)
                    {
                        row.SetCoefficient(chance[t], types.Types[t].People.Count);
                    }
                }
            }
        }

        foreach ((IReadOnlyList<int> members, int households) in types.Groups)
        {
            Constraint row = solver.MakeConstraint(0, households);
            foreach (int member in members)
            {
                row.SetCoefficient(chance[member], types.Types[member].People.Count);
            }
        }

        return chance;
    }
}
