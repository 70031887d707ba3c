using Google.OrTools.Sat;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Alternates;

/// <summary>The choice of alternates as an integer programme over all cases at once (CP-SAT).</summary>
internal static class AlternateProgram
{
    /// <summary>What a step of the objective is worth: fine enough for the least likely case that counts.</summary>
    private const double Scale = 1e8;
    private const int MostCalls = 12_000;

    /// <summary>The best choice that was found within the limit of work.</summary>
    /// <param name="damage">The quotas.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="kinds">Who may be an alternate.</param>
    /// <param name="count">How many alternates.</param>
    /// <param name="promising">All kinds, the best first: where all of them are too many, the first ones are looked at.</param>
    /// <param name="hint">A good choice.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>Alternates per kind, and whether no other choice is better.</returns>
    public static (int[] Counts, bool Proven) Best(
        QuotaDamage damage, IReadOnlyList<DropoutCase> cases, AlternateKinds kinds, int count, IReadOnlyList<int> promising, IReadOnlyList<int> hint, CancellationToken cancellationToken)
    {
        int[] counts = new int[kinds.Rows.Count];
        foreach (int kind in hint)
        {
            counts[kind]++;
        }

        DropoutCase[] harmed = [.. cases.Where(one => one.Gone > 0 && damage.Of(one.Counts) > 0)];
        HashSet<int> looked = [.. promising.Take(Math.Max(1, MostCalls / Math.Max(1, harmed.Length))), .. hint];
        if (harmed.Length == 0 || looked.Count == 0)
        {
            return (counts, true);
        }

        CpModel model = new();
        Dictionary<int, IntVar> taken = [];
        foreach (int kind in looked.Order())
        {
            taken[kind] = model.NewIntVar(0, Math.Min(count, kinds.Capacities[kind]), "");
            model.AddHint(taken[kind], counts[kind]);
        }

        model.Add(LinearExpr.Sum(taken.Values) <= count);
        foreach (int[] home in kinds.Homes)
        {
            IntVar[] mates = [.. home.Where(taken.ContainsKey).Select(kind => taken[kind])];
            if (mates.Length > 1)
            {
                model.Add(LinearExpr.Sum(mates) <= 1);
            }
        }

        List<IntVar> missed = [];
        List<long> costs = [];
        foreach (DropoutCase one in harmed)
        {
            Dictionary<int, IntVar> called = [];
            foreach (int kind in taken.Keys)
            {
                called[kind] = model.NewIntVar(0, Math.Min(Math.Min(count, one.Gone), kinds.Capacities[kind]), "");
                model.Add(called[kind] <= taken[kind]);
            }

            model.Add(LinearExpr.Sum(called.Values) <= one.Gone);
            for (int row = 0; row < one.Counts.Length; row++)
            {
                int r = row;
                IntVar[] into = [.. called.Where(pair => kinds.Rows[pair.Key].Contains(r)).Select(pair => pair.Value)];
                int most = Math.Max(Math.Max(0, damage.Min[row] - one.Counts[row]), Math.Max(0, one.Counts[row] + one.Gone - damage.Max[row]));
                if (most == 0)
                {
                    continue;
                }

                IntVar missing = model.NewIntVar(0, most, "");
                LinearExpr now = LinearExpr.Sum(into) + one.Counts[row];
                model.Add(missing >= damage.Min[row] - now);
                model.Add(missing >= now - damage.Max[row]);
                missed.Add(missing);
                costs.Add((long)Math.Round(one.Weight * damage.Weight[row] * Scale));
            }
        }

        model.Minimize(LinearExpr.WeightedSum(missed, costs));
        cancellationToken.ThrowIfCancellationRequested();
        using CpSolver solver = PanelProgram.NewSolver(5);
        CpSolverStatus status;
        using (cancellationToken.Register(solver.StopSearch))
        {
            status = solver.Solve(model);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (status is not (CpSolverStatus.Optimal or CpSolverStatus.Feasible))
        {
            return (counts, false);
        }

        Array.Clear(counts);
        foreach ((int kind, IntVar number) in taken)
        {
            counts[kind] = (int)solver.Value(number);
        }

        return (counts, status == CpSolverStatus.Optimal && looked.Count == kinds.Rows.Count);
    }
}
