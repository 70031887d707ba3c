namespace Polyphony.Sortition.Solving;

/// <summary>Finds a first panel, and who can be on one at all.</summary>
internal static class PanelFinder
{
    /// <summary>Any panel; null when there is none.</summary>
    /// <exception cref="TimeoutException">The integer programme did not decide within its limit of work.</exception>
    public static int[]? Any(TypeTable table, SeatSwaps swaps, CancellationToken cancellationToken)
    {
        double[] nothing = new double[table.Count];
        int[] none = new int[table.Count];
        int[] found = new int[table.Count];
        for (int attempt = 0; attempt < 8; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!swaps.LoadAnything(none))
            {
                return null;
            }

            if (!double.IsNegativeInfinity(swaps.Walk(nothing, 200 * table.Size, 1, found)))
            {
                return found;
            }
        }

        PanelAnswer answer = new PanelProgram(table).Any(60, cancellationToken);
        return answer.Best ?? (answer.Proven ? null : throw new TimeoutException("Whether a panel exists was not decided within the limit of work."));
    }

    /// <summary>Which types some panel can hold: those of panels met on the way, and for the rest the solver's word.</summary>
    public static bool[] Coverable(TypeTable table, SeatSwaps swaps, int[] start, CancellationToken cancellationToken)
    {
        bool[] covered = new bool[table.Count];
        double[] weights = new double[table.Count];
        int[] found = new int[table.Count];
        List<int[]> panels = [start];
        Mark(start);
        int left = covered.Count(done => !done);
        for (int vain = 0; left > 0 && vain < 3;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int t = 0; t < weights.Length; t++)
            {
                weights[t] = covered[t] ? 0 : 1;
            }

            swaps.Load(panels[^1]);
            if (!double.IsNegativeInfinity(swaps.Walk(weights, 100 * table.Size, 1, found)))
            {
                Mark(found);
                panels.Add([.. found]);
            }

            int still = covered.Count(done => !done);
            vain = still < left ? 0 : vain + 1;
            left = still;
        }

        QuotaPolytope? polytope = null;
        for (int t = 0; t < covered.Length && left > 0; t++)
        {
            if (covered[t])
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            Array.Clear(weights);
            weights[t] = 1;
            for (int attempt = 0; attempt < 4 && !covered[t]; attempt++)
            {
                swaps.Load(panels[(int)((uint)attempt * 7919 % (uint)panels.Count)]);
                swaps.Seat(t);
                if (swaps.Walk(weights, 200 * table.Size, 1, found) > 0)
                {
                    Mark(found);
                }
            }

            if (covered[t])
            {
                continue;
            }

            polytope ??= new QuotaPolytope(table, [.. covered.Select(_ => true)]);
            if (polytope.CanHold(t))
            {
                PanelProgram programme = new(table);
                programme.Model.Add(programme.Counts[t] >= 1);
                PanelAnswer answer = programme.Any(60, cancellationToken);
                if (answer.Best is { } panel)
                {
                    Mark(panel);
                }
                else if (!answer.Proven)
                {
                    throw new TimeoutException("Whether somebody can be on a panel was not decided within the limit of work.");
                }
            }
        }

        polytope?.Dispose();
        return covered;

        void Mark(int[] panel)
        {
            for (int t = 0; t < panel.Length; t++)
            {
                covered[t] |= panel[t] > 0;
            }
        }
    }
}
