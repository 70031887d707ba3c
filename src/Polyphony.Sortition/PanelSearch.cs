namespace Polyphony.Sortition;

/// <summary>Finds heavy panels quickly: annealed swaps of one seat between two types, with a penalty for broken quotas.</summary>
/// <remarks>Deterministic: its chance is a counter-based generator with a fixed seed, and it decides only which panels are proposed.</remarks>
internal sealed class PanelSearch
{
    private readonly PanelTypes types;
    private readonly int[][] values;
    private readonly int[] capacity;
    private readonly int[] group;
    private readonly int[] households;
    private readonly int[][] min;
    private readonly int[][] max;
    private readonly int[] counts;
    private readonly int[][] bearers;
    private readonly int[] groupCounts;
    private readonly int[] seats;
    private readonly List<(int From, int To)> sinceBest = [];
    private ulong state = 0x2545F4914F6CDD1D;
    private int violation;

    public PanelSearch(PanelTypes types, IReadOnlyList<int> start)
    {
        this.types = types;
        values = [.. types.Types.Select(type => type.Values.ToArray())];
        capacity = [.. types.Types.Select(type => type.Capacity)];
        group = [.. types.Types.Select(type => type.Group)];
        households = [.. types.Groups.Select(g => g.Households)];
        min = [.. types.Pool.Criteria.Select(criterion => criterion.Quotas.Select(quota => quota.Min).ToArray())];
        max = [.. types.Pool.Criteria.Select(criterion => criterion.Quotas.Select(quota => quota.Max).ToArray())];
        counts = new int[values.Length];
        bearers = [.. min.Select(row => new int[row.Length])];
        groupCounts = new int[households.Length];
        seats = new int[types.Pool.Size];
        Load(start);
    }

    /// <summary>Makes a panel the present one.</summary>
    public void Load(IReadOnlyList<int> panel)
    {
        Array.Clear(counts);
        Array.Clear(groupCounts);
        Array.ForEach(bearers, row => Array.Clear(row));
        int seat = 0;
        for (int t = 0; t < panel.Count; t++)
        {
            for (int i = 0; i < panel[t]; i++)
            {
                seats[seat++] = t;
                counts[t]++;
                if (group[t] >= 0)
                {
                    groupCounts[group[t]]++;
                }

                for (int c = 0; c < bearers.Length; c++)
                {
                    bearers[c][values[t][c]]++;
                }
            }
        }

        violation = 0;
        for (int c = 0; c < bearers.Length; c++)
        {
            for (int v = 0; v < bearers[c].Length; v++)
            {
                violation += Excess(c, v, bearers[c][v]);
            }
        }
    }

    /// <summary>Walks from the present panel towards weight.</summary>
    /// <param name="weights">Weight of one person of each type.</param>
    /// <param name="swaps">How many swaps are proposed.</param>
    /// <returns>The heaviest panel that was met and breaks no quota, or null.</returns>
    public int[]? Heavier(double[] weights, int swaps)
    {
        double spread = 1e-9;
        double mean = weights.Average();
        foreach (double weight in weights)
        {
            spread += Math.Abs(weight - mean) / weights.Length;
        }

        double penalty = spread * 2;
        double weightNow = 0;
        for (int t = 0; t < counts.Length; t++)
        {
            weightNow += counts[t] * weights[t];
        }

        // The best panel is the present one without the moves since: copying it each time it gets better would cost more than the search.
        bool found = violation == 0;
        sinceBest.Clear();
        double bestWeight = violation == 0 ? weightNow : double.NegativeInfinity;
        for (int i = 0; i < swaps; i++)
        {
            double temperature = spread * (1.0 - ((double)i / swaps)) + (spread * 0.01);
            int seat = (int)(Next() % (ulong)seats.Length);
            int from = seats[seat];
            int to = (int)(Next() % (ulong)counts.Length);
            if (from == to || counts[to] >= capacity[to] || (group[to] >= 0 && group[to] != group[from] && groupCounts[group[to]] >= households[group[to]]))
            {
                continue;
            }

            int change = Change(from, to);
            double gain = weights[to] - weights[from];
            double score = gain - (penalty * change);
            if (score < 0 && Share() >= Math.Exp(score / temperature))
            {
                continue;
            }

            Move(seat, from, to);
            violation += change;
            weightNow += gain;
            sinceBest.Add((from, to));
            if (violation == 0 && weightNow > bestWeight + 1e-12)
            {
                bestWeight = weightNow;
                found = true;
                sinceBest.Clear();
            }

            // Too soft a penalty never comes home, too hard a one never leaves.
            if ((i & 1023) == 1023)
            {
                penalty *= violation > 0 ? 1.3 : 0.85;
            }
        }

        if (!found)
        {
            return null;
        }

        int[] best = [.. counts];
        foreach ((int from, int to) in sinceBest)
        {
            best[from]++;
            best[to]--;
        }

        return best;
    }

    /// <summary>Looks for a panel with somebody of a type: seats one where it breaks least, then walks without giving the seat away.</summary>
    /// <param name="type">The type; not on the present panel.</param>
    /// <param name="swaps">How many swaps are proposed.</param>
    /// <returns>A panel with the type that breaks no quota, or null when none was met.</returns>
    public int[]? Containing(int type, int swaps)
    {
        bool full = group[type] >= 0 && groupCounts[group[type]] >= households[group[type]];
        int seat = Enumerable.Range(0, seats.Length).Where(s => !full || group[seats[s]] == group[type]).MinBy(s => Change(seats[s], type));
        violation += Change(seats[seat], type);
        Move(seat, seats[seat], type);
        double[] weights = new double[counts.Length];
        weights[type] = 1;
        return Heavier(weights, swaps) is { } panel && panel[type] > 0 ? panel : null;
    }

    /// <summary>How many more broken quotas a swap makes.</summary>
    private int Change(int from, int to)
    {
        int change = 0;
        for (int c = 0; c < bearers.Length; c++)
        {
            int a = values[from][c];
            int b = values[to][c];
            if (a != b)
            {
                change += Excess(c, a, bearers[c][a] - 1) - Excess(c, a, bearers[c][a]) + Excess(c, b, bearers[c][b] + 1) - Excess(c, b, bearers[c][b]);
            }
        }

        return change;
    }

    private void Move(int seat, int from, int to)
    {
        seats[seat] = to;
        counts[from]--;
        counts[to]++;
        if (group[from] >= 0)
        {
            groupCounts[group[from]]--;
        }

        if (group[to] >= 0)
        {
            groupCounts[group[to]]++;
        }

        for (int c = 0; c < bearers.Length; c++)
        {
            bearers[c][values[from][c]]--;
            bearers[c][values[to][c]]++;
        }
    }

    private int Excess(int criterion, int value, int count) =>
        Math.Max(0, min[criterion][value] - count) + Math.Max(0, count - max[criterion][value]);

    private double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
