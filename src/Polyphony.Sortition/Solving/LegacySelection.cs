namespace Polyphony.Sortition.Solving;

/// <summary>The greedy selection that assemblies used before fair lotteries: kept to compare with, never as a substitute.</summary>
/// <remarks>Stratified selection as described in the supplement of Flanigan et al., Nature 596, 2021: again and again the value that most urgently needs people
/// gets one of its people at random; a dead end starts the attempt anew.</remarks>
internal static class LegacySelection
{
    private const int Attempts = 100;

    /// <summary>As many runs as panels are asked for, or as the limit allows, each with equal weight; null when a run found no panel in a hundred attempts, or none did within the limit.</summary>
    public static ExactLottery? Lottery(TypeTable table, LotteryRequest request, IProgress<LotteryProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        SeatAssignment.Shuffle chance = new(request.Seed.Span);
        List<IReadOnlyList<int>> panels = [];
        while (panels.Count < request.Panels && !enough.IsCancellationRequested)
        {
            progress?.Report(new(0.1 + (0.8 * panels.Count / request.Panels), "panels"));
            int[]? panel = null;
            for (int attempt = 0; attempt < Attempts && panel is null && !enough.IsCancellationRequested; attempt++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                panel = Attempt(table, chance);
            }

            if (panel is not null)
            {
                panels.Add(panel);
            }
            else if (!enough.IsCancellationRequested)
            {
                return null;
            }
        }

        if (panels.Count == 0)
        {
            return null;
        }

        long each = ExactLottery.TotalWeight / panels.Count;
        long[] weights = [.. panels.Select(_ => each)];
        weights[0] += ExactLottery.TotalWeight - (each * panels.Count);
        return new(LotteryObjective.Legacy, table.Types, panels, weights, [], new([], [], null), double.PositiveInfinity, panels.Count < request.Panels);
    }

    private static int[]? Attempt(TypeTable table, SeatAssignment.Shuffle chance)
    {
        int rows = table.Min.Length;
        int[] selected = new int[rows];
        int[] remaining = new int[rows];
        int[] left = [.. table.People];
        int[] counts = new int[table.Count];
        int total = left.Sum();
        for (int t = 0; t < left.Length; t++)
        {
            foreach (int row in table.Rows[t])
            {
                remaining[row] += left[t];
            }
        }

        for (int row = 0; row < rows; row++)
        {
            if (table.Max[row] == 0)
            {
                Drop(row);
            }
        }

        for (int seat = 0; seat < table.Size; seat++)
        {
            int urgent = -1;
            double most = double.NegativeInfinity;
            for (int row = 0; row < rows; row++)
            {
                if (table.Min[row] - selected[row] > remaining[row])
                {
                    return null;
                }

                double ratio = remaining[row] > 0 && table.Max[row] > 0 ? (double)(table.Min[row] - selected[row]) / remaining[row] : double.NegativeInfinity;
                if (ratio > most)
                {
                    most = ratio;
                    urgent = row;
                }
            }

            int pick = urgent >= 0 ? chance.Below(remaining[urgent]) : total > 0 ? chance.Below(total) : -1;
            int type = -1;
            for (int t = 0; t < left.Length && pick >= 0; t++)
            {
                if (left[t] > 0 && (urgent < 0 || table.Rows[t].Contains(urgent)))
                {
                    pick -= left[t];
                    type = pick < 0 ? t : -1;
                }
            }

            if (type < 0)
            {
                return null;
            }

            Remove(type, 1);
            counts[type]++;
            if (table.Group[type] >= 0)
            {
                // One household of the group is out: one person of each of its types, as far as there are any.
                HouseholdGroup group = table.Types.Groups[table.Group[type]];
                foreach (int other in group.Types)
                {
                    int members = table.People[other] / group.Households;
                    Remove(other, Math.Min(left[other], other == type ? members - 1 : members));
                }
            }

            foreach (int row in table.Rows[type])
            {
                selected[row]++;
                if (selected[row] >= table.Max[row])
                {
                    Drop(row);
                }
            }
        }

        return table.IsPanel(counts) ? counts : null;

        void Remove(int type, int people)
        {
            left[type] -= people;
            total -= people;
            foreach (int row in table.Rows[type])
            {
                remaining[row] -= people;
            }
        }

        void Drop(int full)
        {
            for (int t = 0; t < left.Length; t++)
            {
                if (left[t] > 0 && table.Rows[t].Contains(full))
                {
                    Remove(t, left[t]);
                }
            }
        }
    }
}
