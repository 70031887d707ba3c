namespace Polyphony.Sortition.Solving;

/// <summary>What looking for a first panel gave.</summary>
/// <param name="Panel">A panel; null: none was found.</param>
/// <param name="Decided">Whether none was found because there is none.</param>
internal readonly record struct FirstPanel(int[]? Panel, bool Decided);

/// <summary>Who can be on a panel.</summary>
/// <param name="Can">For each type whether it is not proven that no panel can hold it.</param>
/// <param name="Undecided">Those of them that are on no panel that was met: limit or work ended before the proof. Whoever counts them in claims too little, never too much.</param>
/// <param name="Panels">The panels that were met.</param>
internal sealed record Coverage(bool[] Can, IReadOnlyList<int> Undecided, IReadOnlyList<int[]> Panels);

/// <summary>Finds a first panel, and who can be on one at all.</summary>
internal static class PanelFinder
{
    /// <summary>Any panel. A few short walks are made even when the time is over: nearly every pool has its panel then.</summary>
    public static FirstPanel Any(TypeTable table, SeatSwaps swaps, CancellationToken enough, CancellationToken cancellationToken)
    {
        double[] nothing = new double[table.Count];
        int[] none = new int[table.Count];
        int[] found = new int[table.Count];
        for (int attempt = 0; attempt < 8; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!swaps.LoadAnything(none))
            {
                return new(null, true);
            }

            if (!double.IsNegativeInfinity(swaps.Walk(nothing, 200 * table.Size, 1, found)))
            {
                return new(found, true);
            }
        }

        PanelAnswer answer = new PanelProgram(table) { Enough = enough }.Any(60, cancellationToken);
        return new(answer.Best, answer.Best is not null || answer.Proven);
    }

    /// <summary>Which types some panel can hold: those of panels met on the way, and for the rest the solver's word.</summary>
    public static Coverage Coverable(TypeTable table, SeatSwaps swaps, int[] start, CancellationToken enough, CancellationToken cancellationToken)
    {
        bool[] covered = new bool[table.Count];
        double[] weights = new double[table.Count];
        int[] found = new int[table.Count];
        List<int[]> panels = [start];
        Mark(start);
        int left = covered.Count(done => !done);
        for (int vain = 0; left > 0 && vain < 3 && !enough.IsCancellationRequested;)
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
        List<int> undecided = [];
        for (int t = 0; t < covered.Length && left > 0; t++)
        {
            if (covered[t])
            {
                continue;
            }

            if (enough.IsCancellationRequested)
            {
                undecided.Add(t);
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
                    panels.Add([.. found]);
                }
            }

            if (covered[t])
            {
                continue;
            }

            polytope ??= new QuotaPolytope(table, [.. covered.Select(_ => true)]);
            if (polytope.CanHold(t, enough, cancellationToken))
            {
                PanelProgram programme = new(table) { Enough = enough };
                programme.Model.Add(programme.Counts[t] >= 1);
                PanelAnswer answer = programme.Any(60, cancellationToken);
                if (answer.Best is { } panel)
                {
                    Mark(panel);
                    panels.Add(panel);
                }
                else if (!answer.Proven)
                {
                    undecided.Add(t);
                }
            }
        }

        polytope?.Dispose();
        undecided.RemoveAll(t => covered[t]);
        foreach (int t in undecided)
        {
            covered[t] = true;
        }

        return new(covered, undecided, panels);

        void Mark(int[] panel)
        {
            for (int t = 0; t < panel.Length; t++)
            {
                covered[t] |= panel[t] > 0;
            }
        }
    }
}
