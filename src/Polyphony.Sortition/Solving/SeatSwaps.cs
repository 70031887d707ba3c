namespace Polyphony.Sortition.Solving;

/// <summary>Finds heavy panels quickly: annealed swaps of one seat between two types, with a penalty for broken quotas.</summary>
/// <remarks>Deterministic: its chance is a counter-based generator (SplitMix64) with a fixed start, and it decides only which panels are proposed.
/// Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing", Science 220, 1983.</remarks>
internal sealed class SeatSwaps
{
    private readonly TypeTable table;
    private readonly int criteria;
    private readonly int[] slots;
    private readonly int[] min;
    private readonly int[] max;
    private readonly int[] capacity;
    private readonly int[] bearers;
    private readonly int[] counts;
    private readonly int[] inGroup;
    private readonly int[] groupLeast;
    private readonly int[] seats;
    private readonly List<int> journey = [];
    private int[] movable;
    private int freeSeats;
    private ulong state = 0x2545F4914F6CDD1D;
    private int violation;
    private double penaltyScale = 2;

    public SeatSwaps(TypeTable table)
    {
        this.table = table;
        criteria = table.Criteria;
        slots = table.Slots;
        min = [.. table.Min, 0];
        max = [.. table.Max, int.MaxValue];
        capacity = [.. table.Capacity];
        bearers = new int[min.Length];
        counts = new int[table.Count];
        inGroup = new int[table.Households.Length];
        groupLeast = new int[table.Households.Length];
        seats = new int[table.Size];
        movable = [.. Enumerable.Range(0, table.Count).Where(t => capacity[t] > 0)];
    }

    /// <summary>Keeps the search on a face: quotas narrowed, types that are on every panel or on none left alone.</summary>
    /// <param name="rowMin">For each row the least number.</param>
    /// <param name="rowMax">For each row the greatest number.</param>
    /// <param name="movableTypes">Types whose people may come and go.</param>
    /// <param name="most">For each type how many people at most.</param>
    public void Narrow(ReadOnlySpan<int> rowMin, ReadOnlySpan<int> rowMax, int[] movableTypes, ReadOnlySpan<int> most)
    {
        rowMin.CopyTo(min);
        rowMax.CopyTo(max);
        most.CopyTo(capacity);
        movable = movableTypes;
    }

    /// <summary>Makes a panel the present one.</summary>
    public void Load(ReadOnlySpan<int> panel)
    {
        Array.Clear(inGroup);
        Array.Clear(bearers);
        panel.CopyTo(counts);
        int seat = 0;
        foreach (int t in movable)
        {
            for (int i = 0; i < counts[t]; i++)
            {
                seats[seat++] = t;
            }
        }

        freeSeats = seat;
        for (int t = 0; t < counts.Length; t++)
        {
            if (counts[t] == 0)
            {
                continue;
            }

            if (table.Group[t] >= 0)
            {
                inGroup[table.Group[t]] += counts[t];
            }

            for (int c = 0; c < criteria; c++)
            {
                bearers[slots[(t * criteria) + c]] += counts[t];
            }
        }

        Recount();
    }

    /// <summary>Fills the seats at random, within what types and households hold.</summary>
    /// <param name="least">People of each type who sit on every panel.</param>
    /// <returns>False when the people do not suffice.</returns>
    public bool LoadAnything(ReadOnlySpan<int> least)
    {
        int[] panel = least.ToArray();
        int[] groups = new int[inGroup.Length];
        int left = table.Size;
        for (int t = 0; t < panel.Length; t++)
        {
            left -= panel[t];
            if (table.Group[t] >= 0)
            {
                groups[table.Group[t]] += panel[t];
            }
        }

        int[] order = [.. movable];
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)(Next() % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }

        bool any = true;
        while (left > 0 && any)
        {
            any = false;
            foreach (int t in order)
            {
                int group = table.Group[t];
                if (left > 0 && panel[t] < capacity[t] && (group < 0 || groups[group] < table.Households[group]))
                {
                    panel[t]++;
                    left--;
                    any = true;
                    if (group >= 0)
                    {
                        groups[group]++;
                    }
                }
            }
        }

        if (left > 0)
        {
            return false;
        }

        Load(panel);
        return true;
    }

    /// <summary>Walks from the present panel towards weight.</summary>
    /// <param name="weights">Weight of one person of each type.</param>
    /// <param name="swaps">How many swaps are proposed.</param>
    /// <param name="heat">The temperature at the start, as a multiple of the spread of the weights.</param>
    /// <param name="best">Receives the heaviest panel that was met and breaks no quota.</param>
    /// <returns>Its weight; negative infinity when none was met.</returns>
    public double Walk(double[] weights, int swaps, double heat, int[] best)
    {
        if (freeSeats == 0 || movable.Length < 2)
        {
            if (violation > 0)
            {
                return double.NegativeInfinity;
            }

            counts.CopyTo(best, 0);
            return Weight(weights);
        }

        double spread = Spread(weights);
        double penalty = spread * penaltyScale;
        double now = Weight(weights);
        bool found = violation == 0;
        double bestWeight = found ? now : double.NegativeInfinity;
        journey.Clear();
        double temperature = spread * heat;
        double cooling = Math.Pow(0.02 / Math.Max(heat, 0.02), 64.0 / Math.Max(swaps, 64));
        int criteriaCount = criteria;
        int[] slotTable = slots;
        int[] bearer = bearers;
        int[] low = min;
        int[] high = max;
        int[] candidates = movable;
        ulong seatCount = (ulong)freeSeats;
        ulong typeCount = (ulong)candidates.Length;
        int outside = 0;
        for (int i = 1; i <= swaps; i++)
        {
            if ((i & 63) == 0)
            {
                temperature *= cooling;

                // Too soft a penalty never comes home, too hard a one never leaves.
                outside += violation > 0 ? 1 : 0;
                if ((i & 1023) == 0)
                {
                    penalty *= outside > 10 ? 1.25 : 0.85;
                    outside = 0;
                }
            }

            ulong random = Next();
            int seat = (int)(((random >> 32) * seatCount) >> 32);
            int to = candidates[(int)(((random & 0xFFFFFFFF) * typeCount) >> 32)];
            int from = seats[seat];
            if (from == to || counts[to] >= capacity[to])
            {
                continue;
            }

            int a = from * criteriaCount;
            int b = to * criteriaCount;
            int change = 0;
            for (int c = 0; c < criteriaCount; c++)
            {
                int ra = slotTable[a + c];
                int rb = slotTable[b + c];
                if (ra != rb)
                {
                    int have = bearer[ra];
                    change += have <= low[ra] ? 1 : have > high[ra] ? -1 : 0;
                    have = bearer[rb];
                    change += have >= high[rb] ? 1 : have < low[rb] ? -1 : 0;
                }
            }

            double gain = weights[to] - weights[from];
            double score = gain - (penalty * change);
            if (score < 0)
            {
                double cold = score / temperature;
                if (cold < -20 || Share() >= Math.Exp(cold))
                {
                    continue;
                }
            }

            int group = table.Group[to];
            int old = table.Group[from];
            if (group != old)
            {
                if ((group >= 0 && inGroup[group] >= table.Households[group]) || (old >= 0 && inGroup[old] <= groupLeast[old]))
                {
                    continue;
                }
            }

            for (int c = 0; c < criteriaCount; c++)
            {
                bearer[slotTable[a + c]]--;
                bearer[slotTable[b + c]]++;
            }

            if (group >= 0)
            {
                inGroup[group]++;
            }

            if (old >= 0)
            {
                inGroup[old]--;
            }

            seats[seat] = to;
            counts[from]--;
            counts[to]++;
            violation += change;
            now += gain;
            journey.Add(from);
            journey.Add(to);
            if (violation == 0 && now > bestWeight + (1e-12 * spread))
            {
                bestWeight = now;
                found = true;
                journey.Clear();
            }
        }

        penaltyScale = Math.Clamp(penalty / spread, 0.3, 50);
        if (!found)
        {
            return double.NegativeInfinity;
        }

        // The best panel is the present one without the moves since: copying it each time it got better would cost more than the search.
        counts.CopyTo(best, 0);
        for (int i = 0; i < journey.Count; i += 2)
        {
            best[journey[i]]++;
            best[journey[i + 1]]--;
        }

        return bestWeight;
    }

    /// <summary>Seats somebody of a type where it breaks least.</summary>
    public void Seat(int type)
    {
        int group = table.Group[type];
        bool full = group >= 0 && inGroup[group] >= table.Households[group];
        int bestSeat = -1;
        int least = int.MaxValue;
        for (int seat = 0; seat < freeSeats; seat++)
        {
            if (seats[seat] == type || (full && table.Group[seats[seat]] != group))
            {
                continue;
            }

            Move(seat, type);
            if (violation < least)
            {
                least = violation;
                bestSeat = seat;
            }

            Move(seat, lastFrom);
        }

        if (bestSeat >= 0)
        {
            Move(bestSeat, type);
        }
    }

    private int lastFrom;

    private void Move(int seat, int to)
    {
        lastFrom = seats[seat];
        seats[seat] = to;
        counts[lastFrom]--;
        counts[to]++;
        for (int c = 0; c < criteria; c++)
        {
            bearers[slots[(lastFrom * criteria) + c]]--;
            bearers[slots[(to * criteria) + c]]++;
        }

        if (table.Group[lastFrom] >= 0)
        {
            inGroup[table.Group[lastFrom]]--;
        }

        if (table.Group[to] >= 0)
        {
            inGroup[table.Group[to]]++;
        }

        Recount();
    }

    private void Recount()
    {
        violation = 0;
        for (int row = 0; row < table.Min.Length; row++)
        {
            violation += Math.Max(0, min[row] - bearers[row]) + Math.Max(0, bearers[row] - max[row]);
        }
    }

    private double Weight(double[] weights)
    {
        double weight = 0;
        for (int t = 0; t < counts.Length; t++)
        {
            weight += counts[t] * weights[t];
        }

        return weight;
    }

    private double Spread(double[] weights)
    {
        double mean = 0;
        foreach (int t in movable)
        {
            mean += weights[t] / movable.Length;
        }

        double spread = 0;
        foreach (int t in movable)
        {
            spread += Math.Abs(weights[t] - mean) / movable.Length;
        }

        return Math.Max(spread, 1e-300);
    }

    private double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
