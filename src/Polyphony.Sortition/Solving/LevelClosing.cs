using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition.Solving;

/// <summary>LEXIMIN level by level from inside and outside at once: for pools where the quotas alone promise much more than whole people can hold.</summary>
/// <remarks>Inside, a linear programme mixes the panels that are known; its dual weights price further ones (column generation, as in Flanigan et al., Nature
/// 596, 2021). What the pricing proves is handed to the outer approximation as a cut, so that both meet and the proof has the same form as everywhere.</remarks>
internal sealed class LevelClosing : IDisposable
{
    private const double Close = 1e-6;
    private readonly TypeTable table;
    private readonly bool[] coverable;
    private readonly SeatSwaps swaps;
    private readonly QuotaPolytope polytope;
    private readonly PanelMixture panels;
    private readonly CancellationToken enough;
    private readonly CancellationToken cancellationToken;
    private readonly Solver solver;
    private readonly Variable z;
    private readonly Constraint sum;
    private readonly Constraint?[] rows;
    private readonly List<Variable> shares = [];

    public LevelClosing(
        TypeTable table, bool[] coverable, SeatSwaps swaps, QuotaPolytope polytope, PanelMixture panels, CancellationToken enough, CancellationToken cancellationToken)
    {
        this.table = table;
        this.coverable = coverable;
        this.swaps = swaps;
        this.polytope = polytope;
        this.panels = panels;
        this.enough = enough;
        this.cancellationToken = cancellationToken;
        solver = Solver.CreateSolver("GLOP");
        z = solver.MakeNumVar(0, 2, "");
        sum = solver.MakeConstraint(1, 1, "");
        rows = [.. coverable.Select(can => can ? solver.MakeConstraint(0, double.PositiveInfinity, "") : null)];
        solver.Objective().SetCoefficient(z, 1);
        solver.Objective().SetMaximization();
    }

    /// <summary>The shares of the known panels in the best lottery so far.</summary>
    public double[] Shares { get; private set; } = [];

    public void Dispose() => solver.Dispose();

    /// <summary>Closes level after level.</summary>
    /// <param name="most">How many steps at most; one is MAXIMIN.</param>
    /// <param name="outside">Steps of the outer approximation as it was: they bound the levels that were not closed in time.</param>
    /// <param name="report">Told the relative gap of the level that is being closed.</param>
    /// <returns>The steps that are proven, the last one not closed when the search was ended; null when the digits of the linear programmes did not suffice.</returns>
    public IReadOnlyList<LevelStep>? Run(int most, IReadOnlyList<LevelStep> outside, Action<double> report)
    {
        swaps.Narrow(table.Min, table.Max, [.. Enumerable.Range(0, table.Count).Where(t => coverable[t])], table.Capacity);
        bool[] settled = [.. coverable.Select(can => !can)];
        double[] floor = new double[table.Count];
        List<LevelStep> steps = [];
        while (settled.Contains(false) && steps.Count < most)
        {
            while (true)
            {
                if (Mix(settled, floor) is not { } mixed || polytope.Level([.. settled], [.. floor], 1, enough, cancellationToken) is not { } outer)
                {
                    return enough.IsCancellationRequested ? Ended(null) : null;
                }

                if (outer.Steps is not [var step])
                {
                    return Ended(null);
                }

                double gap = (step.Value - mixed.Z) / Math.Max(step.Value, 1e-12);
                report(gap);
                if (gap > Close && !enough.IsCancellationRequested && Extend(mixed, step.Value))
                {
                    continue;
                }

                // Asked anew: an integer programme that the limit ended has closed no level.
                if (enough.IsCancellationRequested)
                {
                    return Ended(step);
                }

                steps.Add(step);

                foreach (int t in step.Settled)
                {
                    settled[t] = true;
                    floor[t] = Math.Min(mixed.Z, step.Value);
                }

                break;
            }
        }

        return steps;

        // The levels that were not closed are bounded too, or the gap would speak of a part only.
        IReadOnlyList<LevelStep> Ended(LevelStep? open)
        {
            bool[] bounded = [.. settled];
            foreach (LevelStep step in open is null ? outside : [open, .. outside])
            {
                int[] more = [.. step.Settled.Where(t => !bounded[t])];
                foreach (int t in more)
                {
                    bounded[t] = true;
                }

                if (more.Length > 0 && steps.Count < most)
                {
                    steps.Add(step with { Settled = more });
                }
            }

            return most == 1 && steps.Count == 1 ? steps : table.Bounded(steps, coverable, steps.Count == 0 ? 0 : steps[^1].Value);
        }
    }

    private sealed record Mixed(double Z, double Bound, double[] Weights);

    /// <summary>The best mixture of what is known, and the weights that price what is not.</summary>
    private Mixed? Mix(bool[] settled, double[] floor)
    {
        while (shares.Count < panels.Known.Count)
        {
            int[] panel = panels.Known[shares.Count];
            Variable share = solver.MakeNumVar(0, double.PositiveInfinity, "");
            sum.SetCoefficient(share, 1);
            for (int t = 0; t < rows.Length; t++)
            {
                if (panel[t] > 0)
                {
                    rows[t]?.SetCoefficient(share, (double)panel[t] / table.People[t]);
                }
            }

            shares.Add(share);
        }

        for (double slack = 1e-9; slack < 1e-5 && !enough.IsCancellationRequested; slack *= 10)
        {
            for (int t = 0; t < rows.Length; t++)
            {
                rows[t]?.SetBounds(settled[t] ? floor[t] * (1 - slack) : 0, double.PositiveInfinity);
                rows[t]?.SetCoefficient(z, settled[t] ? 0 : -1);
            }

            if (solver.Solves(enough, cancellationToken))
            {
                double[] weights = new double[table.Count];
                for (int t = 0; t < rows.Length; t++)
                {
                    weights[t] = Math.Max(0, -(rows[t]?.DualValue() ?? 0)) / table.People[t];
                }

                Shares = [.. shares.Select(share => share.SolutionValue())];
                return new(z.SolutionValue(), sum.DualValue(), weights);
            }
        }

        return null;
    }

    /// <summary>Finds panels that raise the level, or cuts off what no panel reaches.</summary>
    /// <returns>False when neither is left: the level is closed as far as digits go.</returns>
    private bool Extend(Mixed mixed, double outer)
    {
        int before = panels.Known.Count;
        double worth = mixed.Bound + (1e-7 * Math.Max(mixed.Z, outer - mixed.Z));
        int[] found = new int[table.Count];
        int[] starts = [.. Shares.Index().Where(pair => pair.Item > 1e-9).OrderByDescending(pair => pair.Item).Take(16).Select(pair => pair.Index)];
        foreach (int start in starts)
        {
            swaps.Load(panels.Known[start]);
            if (swaps.Walk(mixed.Weights, 200 * table.Size, 1, found) > worth)
            {
                panels.Meet([.. found]);
            }
        }

        if (panels.Known.Count > before)
        {
            return true;
        }

        long[] integers = PanelProgram.Integers(mixed.Weights, 1e9);
        PanelAnswer answer = panels.Ask(new PanelProgram(table) { Enough = enough }, integers, cancellationToken);
        double scale = 1e9 / Math.Max(1e-300, mixed.Weights.Max(Math.Abs));
        foreach (int[] panel in answer.Met)
        {
            double weight = 0;
            for (int t = 0; t < panel.Length; t++)
            {
                weight += integers[t] / scale * panel[t];
            }

            if (weight > worth)
            {
                panels.Meet(panel);
            }
        }

        PanelCut cut = new(integers, answer.Bound);
        bool cuts = answer.Bound < long.MaxValue && !polytope.Cuts.Any(other => other.Bound == cut.Bound && other.Weights.SequenceEqual(cut.Weights));
        if (cuts)
        {
            polytope.Add(cut);
        }

        return panels.Known.Count > before || cuts;
    }
}
