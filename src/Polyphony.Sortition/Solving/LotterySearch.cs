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
                return request.Objective is LotteryObjective.Leximin or LotteryObjective.Maximin ? CloseLevels(0, []) : null;
            }

            if (enough.IsCancellationRequested)
            {
                // Nothing was mixed towards it yet.
                return Best(aim, Lottery(aim, true));
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
                return CloseLevels(bound, aim.Proof.Levels);
            }

            Polytope.Add(cut);
        }
    }

    /// <summary>Where cuts alone lead nowhere soon: each level from inside and outside.</summary>
    private ExactLottery? CloseLevels(double bound, IReadOnlyList<LevelStep> outside)
    {
        using LevelClosing closing = new(table, coverable, swaps, Polytope, mixture, enough, cancellationToken);
        IReadOnlyList<LevelStep>? steps = closing.Run(
            request.Objective == LotteryObjective.Maximin ? 1 : int.MaxValue, outside, gap => progress?.Report(new(0.5, "mixing", gap, bound)));
        return steps is null
            ? null
            : Lottery(
                new([], steps[0].Value, new([.. Cuts], steps, null)),
                closing.Shares.Length == 0 ? [.. mixture.Mixture] : [.. closing.Shares.Index().Where(pair => pair.Item > 1e-12).Select(pair => (mixture.Known[pair.Index], pair.Item))],
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

        if (Polytope.Level([.. coverable.Select(can => !can)], new double[table.Count], most, enough, cancellationToken) is not { } level)
        {
            return null;
        }

        if (level.Chances is null)
        {
            return Weakest();
        }

        // What the limit left out is bounded all the same, or the gap would speak of a part only.
        LotteryProof proof = new([.. Cuts], most == 1 ? level.Steps : table.Bounded(level.Steps, coverable, level.Steps[^1].Value), null);
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

        return new(seats, table.Size / people, new([], table.Bounded([], coverable, table.Size / people), null));
    }

    /// <summary>What is known of any pool: there are so many seats for so many people. It bounds every objective, if weakly, where the limit left no time for more.</summary>
    private Target Weakest()
    {
        double people = table.People.Where((_, t) => coverable[t]).Sum();
        double chance = table.Size / people;
        double[] seats = SeatsOf([.. coverable.Select(can => can ? chance : 0)]);
        if (request.Objective is LotteryObjective.Leximin or LotteryObjective.Maximin)
        {
            return new(seats, chance, new([], table.Bounded([], coverable, 0), null));
        }

        // The slope of each objective where everybody has the same chance.
        double n = table.Types.Pool.People.Count;
        double slope = request.Objective switch
        {
            LotteryObjective.Nash => 1 / chance,
            LotteryObjective.Minimax => -1 / people,
            _ => ((request.Gamma * table.Size / n / (chance * chance)) - (n / table.Size)) / people,
        };
        return new(seats, chance, new([], [], new([.. coverable.Select(can => can ? slope : 0)], request.Objective == LotteryObjective.Goldilocks ? chance : 0, table.OnlySize(slope))));
    }

    private Target? Even()
    {
        (double least, double greatest, double[]? slope, double point, double[]? met) = request.Objective == LotteryObjective.Nash ? (0, 1, null, 0, null) : ChanceLimits.Find(table, coverable, Cuts, request, enough, cancellationToken);
        if (enough.IsCancellationRequested)
        {
            return Weakest();
        }

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

        return Polytope.Maximise(slope!, enough, cancellationToken) is { } bounded
            ? new(seats, Enumerable.Range(0, table.Count).Where(t => coverable[t]).Min(t => seats[t] / table.People[t]), new([.. Cuts], [], new(slope!, point, bounded.Proof)))
            : enough.IsCancellationRequested ? Weakest() : null;
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
        if (ended)
        {
            // The search may have met no panel yet with somebody on it: those that showed who can be on one at all are taken in.
            foreach (int[] panel in covering)
            {
                mixture.Meet(panel);
            }

            nearest = Better(nearest, Lottery(aim, [.. mixture.Known.Select(panel => (panel, 1.0))], true));
        }

        using Solver solver = Solver.CreateSolver("GLOP");
        Variable share = solver.MakeNumVar(0, double.PositiveInfinity, "");
        Constraint sum = solver.MakeConstraint(1, 1, "");
        Constraint?[] rows = [.. aim.Seats.Select(seats => seats > 1e-9 ? solver.MakeConstraint(0, double.PositiveInfinity, "") : null)];
        Variable[] weights = new Variable[mixture.Known.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = solver.MakeNumVar(0, 1, "");
            sum.SetCoefficient(weights[i], 1);
            int[] panel = mixture.Known[i];
            for (int t = 0; t < rows.Length; t++)
            {
                if (panel[t] > 0)
                {
                    rows[t]?.SetCoefficient(weights[i], panel[t] / aim.Seats[t]);
                }
            }
        }

        foreach (Constraint? row in rows)
        {
            row?.SetCoefficient(share, -1);
        }

        solver.Objective().SetCoefficient(share, 1);
        solver.Objective().SetMaximization();
        if (ended)
        {
            // The time is over: a fraction of a second is spent on it and no more.
            solver.SetSolverSpecificParametersAsString("max_deterministic_time:0.3");
        }

        if (solver.Solves(CancellationToken.None, cancellationToken))
        {
            nearest = Better(nearest, Lottery(aim, [.. weights.Select((weight, i) => (mixture.Known[i], weight.SolutionValue())).Where(pair => pair.Item2 > 1e-12)], ended));
        }

        return ended ? Attained(nearest) : nearest;
    }

    /// <summary>A level that the lottery does not reach is none: somebody might rise above it while nobody loses what they have.</summary>
    private ExactLottery Attained(ExactLottery lottery)
    {
        double[] chances = lottery.Chances();
        IEnumerable<double> least = lottery.Proof.LevelBounds(table.Types, chances, coverable).Select(level => level.Least);
        LotteryProof proof = lottery.Proof with { Levels = [.. lottery.Proof.Levels.Zip(least, (step, reached) => step with { Value = Math.Min(step.Value, reached) })] };
        return lottery with { Proof = proof, Gap = proof.GapOf(request.Objective, table.Types, chances, coverable, request.Gamma), EndedByLimit = true };
    }

    private static ExactLottery Better(ExactLottery one, ExactLottery other) => other.Gap < one.Gap ? other : one;
}
