using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition.Solving;

/// <summary>The one core of all objectives: optimise chances over an outer approximation of all lotteries, mix panels to them, cut off what cannot be mixed.</summary>
internal sealed class LotterySearch : IDisposable
{
    /// <summary>A mixture this near to its target counts as the target: far below the gap of 0.1 % that is promised.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>After so many cuts levels are closed one by one.</summary>
    private const int MostCuts = 2;

    private readonly TypeTable table;
    private readonly bool[] coverable;
    private readonly IReadOnlyList<int[]> covering;
    private readonly LotteryRequest request;
    private readonly IProgress<LotteryProgress>? progress;
    private readonly CancellationToken enough;
    private readonly CancellationToken cancellationToken;
    private readonly PanelMixture mixture;
    private readonly SeatSwaps swaps;
    private QuotaPolytope? outer;

    public LotterySearch(
        TypeTable table, SeatSwaps swaps, Coverage coverage, int[] start, LotteryRequest request,
        IProgress<LotteryProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        this.table = table;
        this.swaps = swaps;
        coverable = coverage.Can;
        covering = coverage.Panels;
        this.request = request;
        this.progress = progress;
        this.enough = enough;
        this.cancellationToken = cancellationToken;
        mixture = new(table, coverable, swaps);
        mixture.Meet(start);
    }

    public void Dispose() => outer?.Dispose();

    /// <summary>The outer approximation. Made when it is asked for: where everybody can have the same chance no linear programme is needed, nor the native library behind it.</summary>
    private QuotaPolytope Polytope => outer ??= new(table, coverable);

    private IReadOnlyList<PanelCut> Cuts => outer?.Cuts ?? [];

    /// <summary>Runs the search.</summary>
    /// <returns>The lottery; null when the digits of the linear programmes did not suffice.</returns>
    public ExactLottery? Run()
    {
        double last = double.PositiveInfinity;
        double first = 0;
        while (true)
        {
            progress?.Report(new(0.1, "chances"));
            if (Aim() is not { } aim)
            {
                return request.Objective is LotteryObjective.Leximin or LotteryObjective.Maximin ? CloseLevels(0) : null;
            }

            double bound = request.Objective is LotteryObjective.Leximin or LotteryObjective.Maximin ? aim.Proof.Levels[0].Value : aim.Least;
            mixture.Aim(aim.Seats);
            PanelCut? cut = mixture.Reach(
                Tolerance,
                gap =>
                {
                    first = first == 0 ? -Math.Log10(Math.Max(gap, 1e-6)) + 0.5 : first;
                    last = Math.Min(last, gap);
                    double done = Math.Clamp((-Math.Log10(Math.Max(last, 1e-6))) / 6, 0, 1);
                    progress?.Report(new(0.1 + (0.7 * done), "mixing", gap, bound));
                },
                enough, cancellationToken);
            if (mixture.Shortage <= Tolerance)
            {
                // What was aimed at may itself be what the limit left of it.
                return Lottery(aim, enough.IsCancellationRequested);
            }

            bool levels = request.Objective is LotteryObjective.Leximin or LotteryObjective.Maximin;
            if (enough.IsCancellationRequested || (cut is null && !levels))
            {
                return Best(aim, Lottery(aim, false));
            }

            if (cut is null || (levels && Cuts.Count >= MostCuts))
            {
                return CloseLevels(bound);
            }

            Polytope.Add(cut);
        }
    }

    /// <summary>Where cuts alone lead nowhere soon: each level from inside and outside.</summary>
    private ExactLottery? CloseLevels(double bound)
    {
        using LevelClosing closing = new(table, coverable, swaps, Polytope, mixture, enough, cancellationToken);
        IReadOnlyList<LevelStep>? steps = closing.Run(
            request.Objective == LotteryObjective.Maximin ? 1 : int.MaxValue, gap => progress?.Report(new(0.5, "mixing", gap, bound)));
        return steps is null
            ? null
            : Lottery(
                new([], steps[0].Value, new([.. Cuts], steps, null)),
                [.. closing.Shares.Index().Where(pair => pair.Item > 1e-12).Select(pair => (mixture.Known[pair.Index], pair.Item))],
                enough.IsCancellationRequested);
    }

    private sealed record Target(double[] Seats, double Least, LotteryProof Proof);

    private Target? Aim() => request.Objective switch
    {
        LotteryObjective.Leximin => Level(int.MaxValue),
        LotteryObjective.Maximin => Level(1),
        _ => Even(),
    };

    private Target? Level(int most)
    {
        if (Cuts.Count == 0 && Same() is { } same)
        {
            return same;
        }

        if (Polytope.Level([.. coverable.Select(can => !can)], new double[table.Count], most, cancellationToken) is not { } level)
        {
            return null;
        }

        LotteryProof proof = new([.. Cuts], level.Steps, null);
        double least = level.Steps[0].Value;
        if (most == 1)
        {
            // Beyond the least chance the objective is silent: of all lotteries that reach it, the most even one.
            return EvenPoint.Find(table, coverable, Cuts, least * (1 - 1e-5), 1, enough, cancellationToken) is { } even ? new(even, least, proof) : new(SeatsOf(level.Chances), least, proof);
        }

        return new(SeatsOf(level.Chances), least, proof);
    }

    /// <summary>Everybody's chance alike, where quotas, households and capacities allow it on average: nothing is fairer, and the size of the panel alone proves it.</summary>
    private Target? Same()
    {
        double people = table.People.Where((_, t) => coverable[t]).Sum();
        double[] seats = [.. table.People.Select((count, t) => coverable[t] ? (double)table.Size * count / people : 0)];
        double[] inRow = new double[table.Min.Length];
        double[] inGroup = new double[table.Households.Length];
        for (int t = 0; t < seats.Length; t++)
        {
            if (seats[t] > table.Capacity[t])
            {
                return null;
            }

            foreach (int row in table.Rows[t])
            {
                inRow[row] += seats[t];
            }

            if (table.Group[t] >= 0)
            {
                inGroup[table.Group[t]] += seats[t];
            }
        }

        const double Digits = 1e-9;
        if (inRow.Index().Any(row => row.Item < table.Min[row.Index] - Digits || row.Item > table.Max[row.Index] + Digits) || inGroup.Index().Any(group => group.Item > table.Households[group.Index] + Digits))
        {
            return null;
        }

        double chance = table.Size / people;
        Multipliers size = new(1, new double[inRow.Length], new double[inGroup.Length], new Dictionary<int, double>(), []);
        return new(seats, chance, new([], [new LevelStep(chance, [.. Enumerable.Range(0, seats.Length).Where(t => coverable[t])], size)], null));
    }

    private Target? Even()
    {
        (double least, double greatest, double[]? slope, double point, double[]? met) = request.Objective == LotteryObjective.Nash ? (0, 1, null, 0, null) : Limits();

        // Between the limits the objective is silent: the most even chances; where there is next to no room between them, those that met the limits.
        double[]? seats = EvenPoint.Find(table, coverable, Cuts, least * (1 - 1e-4), Math.Min(1, greatest * (1 + 1e-4)), enough, cancellationToken) ?? (met is null ? null : SeatsOf(met));
        if (seats is null)
        {
            return null;
        }

        if (request.Objective == LotteryObjective.Nash)
        {
            slope = new double[table.Count];
            for (int t = 0; t < slope.Length; t++)
            {
                slope[t] = coverable[t] ? table.People[t] / Math.Max(seats[t], 1e-12) : 0;
            }
        }

        return Polytope.Maximise(slope!) is { } bounded
            ? new(seats, Enumerable.Range(0, table.Count).Where(t => coverable[t]).Min(t => seats[t] / table.People[t]), new([.. Cuts], [], new(slope!, point, bounded.Proof)))
            : null;
    }

    /// <summary>The optimal least and greatest chance for GOLDILOCKS and MINIMAX, and the slope of the objective there.</summary>
    /// <remarks>1/least is convex and met from below by tangents, so that a short row of linear programmes is exact.</remarks>
    private (double Least, double Greatest, double[] Slope, double Point, double[] Chances) Limits()
    {
        double n = table.Types.Pool.People.Count;
        double k = table.Size;
        bool minimax = request.Objective == LotteryObjective.Minimax;
        double low = minimax ? 0 : request.Gamma * k / n;
        double high = minimax ? 1 : n / k;
        using Solver solver = Solver.CreateSolver("GLOP");
        Variable[] chance = new Variable[table.Count];
        Variable least = solver.MakeNumVar(0, 1, "");
        Variable greatest = solver.MakeNumVar(0, 1, "");
        Variable inverse = solver.MakeNumVar(0, double.PositiveInfinity, "");
        Constraint[] above = new Constraint[table.Count];
        Constraint[] below = new Constraint[table.Count];
        Constraint size = solver.MakeConstraint(table.Size, table.Size, "");
        Constraint[] rows = [.. table.Min.Index().Select(row => solver.MakeConstraint(row.Item, table.Max[row.Index], ""))];
        Constraint[] groups = [.. table.Households.Select(households => solver.MakeConstraint(double.NegativeInfinity, households, ""))];
        Constraint[] cuts = [.. Cuts.Select(cut => solver.MakeConstraint(double.NegativeInfinity, cut.Bound, ""))];
        for (int t = 0; t < chance.Length; t++)
        {
            double people = table.People[t];
            chance[t] = solver.MakeNumVar(0, coverable[t] ? table.Capacity[t] / people : 0, "");
            size.SetCoefficient(chance[t], people);
            foreach (int row in table.Rows[t])
            {
                rows[row].SetCoefficient(chance[t], people);
            }

            if (table.Group[t] >= 0)
            {
                groups[table.Group[t]].SetCoefficient(chance[t], people);
            }

            for (int cut = 0; cut < cuts.Length; cut++)
            {
                cuts[cut].SetCoefficient(chance[t], people * Cuts[cut].Weights[t]);
            }

            if (coverable[t])
            {
                above[t] = solver.MakeConstraint(0, double.PositiveInfinity, "");
                above[t].SetCoefficient(chance[t], 1);
                above[t].SetCoefficient(least, -1);
                below[t] = solver.MakeConstraint(double.NegativeInfinity, 0, "");
                below[t].SetCoefficient(chance[t], 1);
                below[t].SetCoefficient(greatest, -1);
            }
        }

        solver.Objective().SetCoefficient(greatest, high);
        solver.Objective().SetCoefficient(inverse, low);
        solver.Objective().SetMinimization();
        double point = k / n;
        double[] slope = new double[table.Count];
        double[] chances = new double[table.Count];
        double m = 0;
        double M = 1;
        for (int round = 0; round < 60 && (round == 0 || !enough.IsCancellationRequested); round++)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // A first fan of tangents keeps the least chance away from zero, where a tangent says nothing.
            for (int fan = 0; fan < (minimax ? 0 : round == 0 ? 16 : 1); fan++)
            {
                double at = point * Math.Pow(0.6, fan);
                Constraint tangent = solver.MakeConstraint(2, double.PositiveInfinity, "");
                tangent.SetCoefficient(inverse, at);
                tangent.SetCoefficient(least, 1 / at);
            }

            if (solver.Solve() != Solver.ResultStatus.OPTIMAL)
            {
                break;
            }

            m = Math.Max(least.SolutionValue(), 1e-12);
            M = greatest.SolutionValue();
            chances = [.. chance.Select(variable => variable.SolutionValue())];
            double alpha = 0;
            double beta = 0;
            double[] up = new double[table.Count];
            double[] down = new double[table.Count];
            for (int t = 0; t < table.Count; t++)
            {
                if (coverable[t])
                {
                    up[t] = Math.Max(0, above[t].DualValue());
                    down[t] = Math.Max(0, -below[t].DualValue());
                    alpha += up[t];
                    beta += down[t];
                }
            }

            for (int t = 0; t < table.Count; t++)
            {
                double gain = minimax || alpha == 0 ? 0 : low * up[t] / alpha / (m * m);
                double loss = beta == 0 ? 0 : high * down[t] / beta;

                // Where gain and loss cancel, what rounding leaves of them is no slope.
                slope[t] = Math.Abs(gain - loss) < 1e-9 * (high + (low / (m * m))) ? 0 : (gain - loss) / table.People[t];
            }

            if (minimax || Math.Abs((1 / m) - inverse.SolutionValue()) * m < 1e-7)
            {
                break;
            }

            point = Math.Max(m, k / n * 1e-4);
        }

        return (m, M, slope, m, chances);
    }

    private double[] SeatsOf(double[] chances)
    {
        double[] seats = new double[chances.Length];
        double sum = 0;
        for (int t = 0; t < seats.Length; t++)
        {
            seats[t] = coverable[t] ? Math.Clamp(chances[t] * table.People[t], 0, table.Capacity[t]) : 0;
            sum += seats[t];
        }

        for (int t = 0; t < seats.Length; t++)
        {
            seats[t] = Math.Min(table.Capacity[t], seats[t] * table.Size / sum);
        }

        return seats;
    }

    private ExactLottery Lottery(Target aim, bool ended) => Lottery(aim, [.. mixture.Mixture], ended);

    private ExactLottery Lottery(Target aim, IReadOnlyList<(int[] Panel, double Share)> mixed, bool ended)
    {
        List<IReadOnlyList<int>> panels = [];
        List<long> weights = [];
        double total = mixed.Sum(pair => pair.Share);
        foreach ((int[] panel, double share) in mixed)
        {
            long weight = (long)Math.Round(share / total * ExactLottery.TotalWeight);
            if (weight > 0)
            {
                panels.Add(panel);
                weights.Add(weight);
            }
        }

        int heaviest = weights.IndexOf(weights.Max());
        weights[heaviest] += ExactLottery.TotalWeight - weights.Sum();
        ExactLottery lottery = new(
            request.Objective, table.Types, panels, weights, [.. Enumerable.Range(0, table.Count).Where(t => !coverable[t])], aim.Proof, 0, ended);
        double gap = aim.Proof.GapOf(request.Objective, table.Types, lottery.Chances(), coverable, request.Gamma);
        return lottery with { Gap = gap, EndedByLimit = ended || gap > request.Gap };
    }

    /// <summary>Of all panels met, the mixture with the least relative shortage: better than the nearest one where the search did not come to its end.</summary>
    private ExactLottery Best(Target aim, ExactLottery nearest)
    {
        bool ended = enough.IsCancellationRequested;
        using Solver solver = Solver.CreateSolver("GLOP");
        Variable share = solver.MakeNumVar(0, double.PositiveInfinity, "");
        Constraint sum = solver.MakeConstraint(1, 1, "");
        Constraint?[] rows = [.. aim.Seats.Select(seats => seats > 1e-9 ? solver.MakeConstraint(0, double.PositiveInfinity, "") : null)];

        // Ended early, the search may have met no panel yet with somebody on it, and by a product of chances that would be infinitely far from the best: those that
        // showed who can be on one at all are taken in.
        IReadOnlyList<int[]> panels = ended && request.Objective == LotteryObjective.Nash ? [.. mixture.Known, .. covering] : mixture.Known;
        Variable[] weights = new Variable[panels.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = solver.MakeNumVar(0, 1, "");
            sum.SetCoefficient(weights[i], 1);
            for (int t = 0; t < rows.Length; t++)
            {
                if (panels[i][t] > 0)
                {
                    rows[t]?.SetCoefficient(weights[i], panels[i][t] / aim.Seats[t]);
                }
            }
        }

        foreach (Constraint? row in rows)
        {
            row?.SetCoefficient(share, -1);
        }

        solver.Objective().SetCoefficient(share, 1);
        solver.Objective().SetMaximization();
        if (solver.Solve() == Solver.ResultStatus.OPTIMAL)
        {
            ExactLottery best = Lottery(aim, [.. weights.Select((weight, i) => (panels[i], weight.SolutionValue())).Where(pair => pair.Item2 > 1e-12)], ended);
            if (best.Gap < nearest.Gap)
            {
                return best;
            }
        }

        return nearest with { EndedByLimit = ended || nearest.EndedByLimit };
    }
}
