using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition.Solving;

/// <summary>The expected seats that quotas, size, households and cuts allow: an outer approximation of all lotteries, as a linear programme.</summary>
/// <remarks>Chances are written <c>πₜ = floorₜ + z + rₜ</c>, so that only size and quotas are rows (some 25), whatever the number of people. Capacities and households, of which there
/// may be thousands and which hardly ever bind, become rows when a solution breaks them.</remarks>
internal sealed class QuotaPolytope : IDisposable
{
    private readonly TypeTable table;
    private readonly bool[] coverable;
    private readonly Solver solver;
    private readonly Variable z;
    private readonly Variable[] rest;
    private readonly Constraint size;
    private readonly Constraint[] rows;
    private readonly List<Constraint> cutRows = [];
    private readonly Dictionary<int, Constraint> capacityRows = [];
    private readonly Dictionary<int, Constraint> groupRows = [];
    private readonly List<PanelCut> cuts = [];
    private readonly List<double> cutScale = [];

    public QuotaPolytope(TypeTable table, bool[] coverable)
    {
        this.table = table;
        this.coverable = coverable;
        solver = Solver.CreateSolver("GLOP");
        z = solver.MakeNumVar(0, 2, "z");
        rest = new Variable[table.Count];
        size = solver.MakeConstraint("");
        rows = [.. table.Min.Select(_ => solver.MakeConstraint(""))];
        for (int t = 0; t < rest.Length; t++)
        {
            rest[t] = solver.MakeNumVar(0, coverable[t] ? table.Capacity[t] : 0, "");
            size.SetCoefficient(rest[t], 1);
            foreach (int row in table.Rows[t])
            {
                rows[row].SetCoefficient(rest[t], 1);
            }
        }

        solver.Objective().SetMaximization();
    }

    public IReadOnlyList<PanelCut> Cuts => cuts;

    public void Dispose() => solver.Dispose();

    public void Add(PanelCut cut)
    {
        double scale = Math.Max(1, cut.Weights.Max(Math.Abs));
        cuts.Add(cut);
        cutScale.Add(scale);
        Constraint row = solver.MakeConstraint("");
        for (int t = 0; t < rest.Length; t++)
        {
            if (cut.Weights[t] != 0)
            {
                row.SetCoefficient(rest[t], cut.Weights[t] / scale);
            }
        }

        cutRows.Add(row);
    }

    /// <summary>Whether the quotas, read as limits on averages, leave a type any whole seat; true also where the time ended before that was known.</summary>
    public bool CanHold(int type, CancellationToken enough, CancellationToken cancellationToken)
    {
        double[] weights = new double[rest.Length];
        weights[type] = 1;
        return Maximise(weights, enough, cancellationToken) is not { } most || most.Value >= 1 - 1e-6;
    }

    /// <summary>LEXIMIN over the polytope, level after level.</summary>
    /// <param name="isSettled">Types whose level is known; those that it settles are added.</param>
    /// <param name="floor">For each of those its level.</param>
    /// <param name="most">How many steps at most.</param>
    /// <param name="enough">Ends the search with the steps by then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>For each type the chance of one of its people, null before the first step, and the steps that prove each level; null when there is no solution.</returns>
    public (double[]? Chances, IReadOnlyList<LevelStep> Steps)? Level(bool[] isSettled, double[] floor, int most, CancellationToken enough, CancellationToken cancellationToken)
    {
        int n = rest.Length;
        List<LevelStep> steps = [];
        double[]? chances = null;

        // The weights of a cut are rounded, so its plane is a little askew, and LEXIMIN does not forgive that: a floor kept to the last digit can hold down
        // somebody who may rise along the true plane. A floor that gives way more than the plane is askew lets them.
        double slack = cuts.Count > 0 ? 1e-7 : 1e-9;
        while (isSettled.Contains(false) && steps.Count < most)
        {
            Raised? raised = Raise(floor, isSettled, slack, enough, cancellationToken);
            while (raised is null && slack < 1e-4 && !enough.IsCancellationRequested)
            {
                // Floors that are met to the last digit can leave a linear programme without solution.
                slack *= 10;
                raised = Raise(floor, isSettled, slack, enough, cancellationToken);
            }

            if (raised is null)
            {
                return enough.IsCancellationRequested ? (chances, steps) : null;
            }

            chances = raised.Chances;
            List<int> settled = [];
            double total = 0;
            double largest = 0;
            for (int t = 0; t < n; t++)
            {
                if (!isSettled[t])
                {
                    total += raised.Shares[t];
                    largest = Math.Max(largest, raised.Shares[t]);
                }
            }

            for (int t = 0; t < n; t++)
            {
                // What rounding leaves of a weight that should be zero settles nobody.
                if (!isSettled[t] && raised.Shares[t] > Math.Min(1e-4 * total / n, largest * 0.5))
                {
                    settled.Add(t);
                }
            }

            if (settled.Count == 0)
            {
                return null;
            }

            foreach (int t in settled)
            {
                isSettled[t] = true;
                floor[t] = raised.Z;
            }

            steps.Add(new(raised.Z, settled, raised.Proof));
        }

        return chances is null ? null : (chances, steps);
    }

    /// <summary>The least greatest chance, or other linear questions: maximises Σ weightₜ · seatsₜ.</summary>
    /// <returns>Null when there is no solution, or none was found in time.</returns>
    public (double Value, double[] Seats, Multipliers Proof)? Maximise(double[] weights, CancellationToken enough, CancellationToken cancellationToken)
    {
        double[] none = new double[rest.Length];
        bool[] nobody = new bool[rest.Length];
        Prepare(none, nobody, false);
        for (int t = 0; t < rest.Length; t++)
        {
            solver.Objective().SetCoefficient(rest[t], weights[t]);
        }

        (double, double[], Multipliers)? answer = null;
        while (solver.Solves(enough, cancellationToken))
        {
            double[] seats = [.. rest.Select(variable => variable.SolutionValue())];
            double value = solver.Objective().Value();
            Multipliers proof = Proof();
            if (!KeepHouseholds(seats, none, nobody, false))
            {
                answer = (value, seats, proof);
                break;
            }
        }

        for (int t = 0; t < rest.Length; t++)
        {
            solver.Objective().SetCoefficient(rest[t], 0);
        }

        return answer;
    }

    private sealed record Raised(double Z, double[] Chances, double[] Shares, Multipliers Proof);

    /// <summary>Adds a row for each type of which more people are held than a panel can hold.</summary>
    /// <returns>Whether there were any.</returns>
    private bool KeepCapacities(double[] held, bool[] isSettled)
    {
        bool any = false;
        for (int t = 0; t < held.Length; t++)
        {
            if (!isSettled[t] && held[t] > table.Capacity[t] + 1e-9 && !capacityRows.ContainsKey(t))
            {
                Constraint row = solver.MakeConstraint(double.NegativeInfinity, table.Capacity[t], "");
                row.SetCoefficient(rest[t], 1);
                row.SetCoefficient(z, table.People[t]);
                capacityRows.Add(t, row);
                any = true;
            }
        }

        return any;
    }

    /// <summary>Adds a row for each group of households of which more people are held than there are households.</summary>
    /// <returns>Whether there were any.</returns>
    private bool KeepHouseholds(double[] held, double[] seats, bool[] isSettled, bool raise)
    {
        double[] inGroup = new double[table.Households.Length];
        for (int t = 0; t < held.Length; t++)
        {
            if (table.Group[t] >= 0)
            {
                inGroup[table.Group[t]] += held[t];
            }
        }

        bool any = false;
        for (int group = 0; group < inGroup.Length; group++)
        {
            if (inGroup[group] > table.Households[group] + 1e-9 && !groupRows.ContainsKey(group))
            {
                Constraint row = solver.MakeConstraint("");
                foreach (int t in table.Types.Groups[group].Types)
                {
                    row.SetCoefficient(rest[t], 1);
                }

                groupRows.Add(group, row);
                PrepareGroup(group, row, seats, isSettled, raise);
                any = true;
            }
        }

        return any;
    }

    private void PrepareGroup(int group, Constraint row, double[] seats, bool[] isSettled, bool raise)
    {
        double given = 0;
        double share = 0;
        foreach (int t in table.Types.Groups[group].Types)
        {
            given += seats[t];
            share += raise && !isSettled[t] ? table.People[t] : 0;
        }

        row.SetBounds(double.NegativeInfinity, table.Households[group] - given);
        row.SetCoefficient(z, share);
    }

    private Raised? Raise(double[] floor, bool[] isSettled, double slack, CancellationToken enough, CancellationToken cancellationToken)
    {
        int n = rest.Length;
        double[] seats = new double[n];
        for (int t = 0; t < n; t++)
        {
            seats[t] = isSettled[t] && coverable[t] ? floor[t] * (1 - slack) * table.People[t] : 0;
        }

        Prepare(seats, isSettled, true);
        while (solver.Solves(enough, cancellationToken))
        {
            double value = z.SolutionValue();
            double[] held = [.. rest.Select((variable, t) => seats[t] + variable.SolutionValue() + (isSettled[t] ? 0 : value * table.People[t]))];
            Multipliers proof = Proof();
            if (KeepCapacities(held, isSettled) | KeepHouseholds(held, seats, isSettled, true))
            {
                continue;
            }

            double[] weights = proof.WeightsOf(table.Types, cuts);
            double[] shares = new double[n];
            for (int t = 0; t < n; t++)
            {
                shares[t] = isSettled[t] ? 0 : Math.Max(0, weights[t]) * table.People[t];
                held[t] /= table.People[t];
            }

            return new(value, held, shares, proof);
        }

        return null;
    }

    private Multipliers Proof() => new(
        size.DualValue(),
        [.. rows.Select(row => row.DualValue())],
        [.. table.Households.Select((_, group) => groupRows.TryGetValue(group, out Constraint? row) ? Math.Max(0, row.DualValue()) : 0)],
        capacityRows.Where(pair => pair.Value.DualValue() > 0).ToDictionary(pair => pair.Key, pair => pair.Value.DualValue()),
        [.. cutRows.Index().Select(row => Math.Max(0, row.Item.DualValue()) / cutScale[row.Index])]);

    /// <summary>Sets the rows for seats that are given already, and z's part in them.</summary>
    private void Prepare(double[] seats, bool[] isSettled, bool raise)
    {
        double[] inRow = new double[rows.Length];
        double[] zRow = new double[rows.Length];
        double[] inCut = new double[cutRows.Count];
        double[] zCut = new double[cutRows.Count];
        double inAll = 0;
        double zAll = 0;
        for (int t = 0; t < rest.Length; t++)
        {
            double share = raise && !isSettled[t] ? table.People[t] : 0;
            inAll += seats[t];
            zAll += share;
            foreach (int row in table.Rows[t])
            {
                inRow[row] += seats[t];
                zRow[row] += share;
            }

            for (int cut = 0; cut < cutRows.Count; cut++)
            {
                inCut[cut] += seats[t] * cuts[cut].Weights[t];
                zCut[cut] += share * cuts[cut].Weights[t];
            }

            rest[t].SetBounds(0, coverable[t] ? Math.Max(0, table.Capacity[t] - seats[t]) : 0);
        }

        foreach ((int t, Constraint row) in capacityRows)
        {
            row.SetCoefficient(z, raise && !isSettled[t] ? table.People[t] : 0);
            row.SetBounds(double.NegativeInfinity, table.Capacity[t] - seats[t]);
        }

        size.SetBounds(table.Size - inAll, table.Size - inAll);
        size.SetCoefficient(z, zAll);
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row].SetBounds(table.Min[row] - inRow[row], table.Max[row] - inRow[row]);
            rows[row].SetCoefficient(z, zRow[row]);
        }

        foreach ((int group, Constraint row) in groupRows)
        {
            PrepareGroup(group, row, seats, isSettled, raise);
        }

        for (int cut = 0; cut < cutRows.Count; cut++)
        {
            cutRows[cut].SetBounds(double.NegativeInfinity, (cuts[cut].Bound - inCut[cut]) / cutScale[cut]);
            cutRows[cut].SetCoefficient(z, zCut[cut] / cutScale[cut]);
        }

        solver.Objective().SetCoefficient(z, raise ? 1 : 0);
        z.SetBounds(0, raise ? 2 : 0);
    }
}
