namespace Polyphony.Sortition;

/// <summary>How far a lottery has come.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Step"><c>feasibility</c>, <c>chances</c> or <c>panels</c>.</param>
public sealed record LotteryProgress(double Share, string Step);

/// <summary>What computing a lottery gave.</summary>
public abstract record LotteryOutcome
{
    private LotteryOutcome()
    {
    }

    /// <summary>A lottery.</summary>
    /// <param name="Lottery">The numbered panels and what they give to each person.</param>
    public sealed record Computed(UniformLottery Lottery) : LotteryOutcome;

    /// <summary>There is no panel.</summary>
    /// <param name="Feasibility">Why, and what to change.</param>
    public sealed record NoPanel(QuotaFeasibility Feasibility) : LotteryOutcome;
}

/// <summary>M numbered panels, one of which is drawn: everybody's chance is an exact fraction.</summary>
/// <param name="Panels">For each number the indices of the people, in ascending order.</param>
/// <param name="Counts">For each person in how many panels they are; the chance is this over the number of panels.</param>
/// <param name="Target">For each person the chance that the levelled programme aims at.</param>
/// <param name="Bound">No lottery at all gives its least likely coverable person more than this chance.</param>
/// <param name="Uncoverable">People whom no panel can contain, because of the quotas.</param>
public sealed record UniformLottery(
    IReadOnlyList<IReadOnlyList<int>> Panels,
    IReadOnlyList<int> Counts,
    IReadOnlyList<double> Target,
    double Bound,
    IReadOnlyList<int> Uncoverable)
{
    /// <summary>The least chance of anybody whom a panel can contain.</summary>
    public double LeastChance => Counts.Index().Where(pair => !Uncoverable.Contains(pair.Index)).Select(pair => (double)pair.Item / Panels.Count).DefaultIfEmpty(0).Min();

    /// <summary>The greatest chance of anybody.</summary>
    public double GreatestChance => (double)Counts.Max() / Panels.Count;

    /// <summary>The greatest difference between a person's chance and the target.</summary>
    public double GreatestChange => Counts.Index().Max(pair => Math.Abs(((double)pair.Item / Panels.Count) - Target[pair.Index]));
}

/// <summary>Computes a fair lottery: the least likely person is as likely as possible (MAXIMIN), then the next, and so on, as far as the number of panels lets it.</summary>
public static class FairLottery
{
    /// <summary>The code of the objective, as manifests name it.</summary>
    public const string Objective = "maximin";

    private const int SwapsPerPanel = 12_000;

    /// <summary>Computes a lottery.</summary>
    /// <remarks>The target chances come from <see cref="LevelledChances"/>. Panels are then added one by one, each the heaviest that can be found for
    /// the shortage so far of each type against the target ("herding": the shortage stays bounded, so that the chances differ from the target by a
    /// constant over the number of panels). Every panel is checked again in plain code.</remarks>
    /// <param name="pool">People and quotas.</param>
    /// <param name="panels">How many numbered panels, 10 to 100,000; 1,000 is usual.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <returns>The lottery, or why there is none.</returns>
    public static LotteryOutcome Compute(SortitionPool pool, int panels, IProgress<LotteryProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfLessThan(panels, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(panels, 100_000);
        PanelTypes types = PanelTypes.Of(pool);
        progress?.Report(new(0, "feasibility"));
        QuotaFeasibility feasibility = QuotaFeasibility.Of(types, cancellationToken);
        if (feasibility is not QuotaFeasibility.Feasible feasible)
        {
            return new LotteryOutcome.NoPanel(feasibility);
        }

        progress?.Report(new(0.05, "chances"));
        bool[] coverable = Coverable(types, feasible.Counts, cancellationToken);
        (double[] target, double bound) = new LevelledChances(types, coverable).Compute(cancellationToken) ?? ([.. coverable.Select(_ => 0.0)], 0);
        progress?.Report(new(0.15, "panels"));
        List<int[]> chosen = Herd(types, feasible.Counts, target, panels, progress, cancellationToken);
        return new LotteryOutcome.Computed(Assign(types, chosen, target, bound, coverable));
    }

    /// <summary>Which types some panel can contain: those of panels met on the way, and for the rest the solver's word.</summary>
    private static bool[] Coverable(PanelTypes types, IReadOnlyList<int> start, CancellationToken cancellationToken)
    {
        int n = types.Types.Count;
        bool[] covered = new bool[n];
        PanelSearch search = new(types, start);
        double[] weights = new double[n];
        Array.Fill(weights, 1.0);
        Mark(start);
        int vain = 0;
        for (int left = covered.Count(done => !done); left > 0 && vain < 2;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int t = 0; t < n; t++)
            {
                weights[t] = covered[t] ? 0 : 1;
            }

            if (search.Heavier(weights, SwapsPerPanel) is { } panel)
            {
                Mark(panel);
            }

            int still = covered.Count(done => !done);
            vain = still < left ? 0 : vain + 1;
            left = still;
        }

        for (int t = 0; t < n; t++)
        {
            if (!covered[t])
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (search.Containing(t, SwapsPerPanel) is { } panel)
                {
                    Mark(panel);
                    continue;
                }

                PanelModel model = new(types);
                model.Model.Add(model.Counts[t] >= 1);
                if (model.Solve(out int[] counts) != false)
                {
                    covered[t] = true;
                    Mark(counts);
                }
            }
        }

        return covered;

        void Mark(IReadOnlyList<int> panel)
        {
            for (int t = 0; t < panel.Count; t++)
            {
                covered[t] |= panel[t] > 0;
            }
        }
    }

    private static List<int[]> Herd(PanelTypes types, IReadOnlyList<int> start, double[] target, int panels, IProgress<LotteryProgress>? progress, CancellationToken cancellationToken)
    {
        int n = types.Types.Count;
        long[] seats = new long[n];
        double[] shortage = new double[n];
        List<int[]> chosen = new(panels);
        PanelSearch search = new(types, start);
        int[] last = [.. start];
        for (int m = 1; m <= panels; m++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int t = 0; t < n; t++)
            {
                shortage[t] = (m * target[t]) - ((double)seats[t] / types.Types[t].People.Count);
            }

            search.Load(last);
            int[] panel = search.Heavier(shortage, SwapsPerPanel) ?? new PanelModel(types).Heaviest(shortage, 2) ?? last;
            last = panel;
            chosen.Add(panel);
            for (int t = 0; t < n; t++)
            {
                seats[t] += panel[t];
            }

            if (m % 10 == 0)
            {
                progress?.Report(new(0.15 + (0.5 * m / panels), "panels"));
            }
        }

        // A second pass puts each panel to the test again, now that the rest is known: it evens out what is still too much or too little.
        for (int m = 0; m < panels; m++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double before = 0;
            for (int t = 0; t < n; t++)
            {
                seats[t] -= chosen[m][t];
                shortage[t] = (panels * target[t]) - ((double)seats[t] / types.Types[t].People.Count);
            }

            search.Load(chosen[m]);
            int[] panel = search.Heavier(shortage, SwapsPerPanel / 2) ?? chosen[m];
            double after = 0;
            for (int t = 0; t < n; t++)
            {
                double size = types.Types[t].People.Count;
                before += size * Math.Pow(shortage[t] - (chosen[m][t] / size), 2);
                after += size * Math.Pow(shortage[t] - (panel[t] / size), 2);
            }

            if (after < before)
            {
                chosen[m] = panel;
            }

            for (int t = 0; t < n; t++)
            {
                seats[t] += chosen[m][t];
            }

            if (m % 10 == 0)
            {
                progress?.Report(new(0.65 + (0.35 * m / panels), "panels"));
            }
        }

        return chosen;
    }

    /// <summary>Fills the seats of types with people: whoever had fewest panels so far comes first, so that equal people's counts differ by as little as households allow.</summary>
    private static UniformLottery Assign(PanelTypes types, List<int[]> chosen, double[] target, double bound, bool[] coverable)
    {
        SortitionPool pool = types.Pool;
        int[] counts = new int[pool.People.Count];
        List<IReadOnlyList<int>> panels = new(chosen.Count);
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (int[] panel in chosen)
        {
            taken.Clear();
            List<int> members = new(pool.Size);

            // Types whose households are scarce choose first.
            foreach (int t in Enumerable.Range(0, panel.Length).Where(t => panel[t] > 0).OrderBy(t => types.Types[t].Capacity - panel[t]))
            {
                int needed = panel[t];
                foreach (int person in types.Types[t].People.OrderBy(person => counts[person]))
                {
                    if (needed == 0)
                    {
                        break;
                    }

                    if (types.Types[t].Group < 0 || taken.Add(pool.People[person].Household!))
                    {
                        members.Add(person);
                        counts[person]++;
                        needed--;
                    }
                }
            }

            members.Sort();
            if (!pool.IsPanel(members))
            {
                throw new InvalidOperationException("A proposed panel broke the rules of the pool: this is a fault of the program.");
            }

            panels.Add(members);
        }

        double[] targets = new double[counts.Length];
        List<int> uncoverable = [];
        foreach ((int t, PersonType type) in types.Types.Index())
        {
            foreach (int person in type.People)
            {
                targets[person] = target[t];
                if (!coverable[t])
                {
                    uncoverable.Add(person);
                }
            }
        }

        return new(panels, counts, targets, bound, uncoverable);
    }
}
