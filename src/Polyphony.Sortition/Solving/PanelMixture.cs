namespace Polyphony.Sortition.Solving;

/// <summary>Mixes panels until everybody's chance meets a target, or proves that no mixture does.</summary>
/// <remarks>The nearest mixture is kept by <see cref="NearestPoint"/>; the direction from it to the target prices panels. Annealed swaps look for panels
/// first, an integer programme only where they find nothing. What is proven by it becomes a cut.</remarks>
internal sealed class PanelMixture
{
    private readonly TypeTable table;
    private readonly bool[] coverable;
    private readonly SeatSwaps swaps;
    private readonly PanelBook known;
    private readonly int[] rowMin;
    private readonly int[] rowMax;
    private readonly int[] least;
    private readonly int[] most;
    private double[] target = [];
    private double[] scale = [];
    private int[] movable = [];
    private NearestPoint nearest = new(0);
    private int effort = 1;
    private int vain;
    private CancellationToken end;
    private CancellationToken stop;
    private bool onFace;

    public PanelMixture(TypeTable table, bool[] coverable, SeatSwaps swaps)
    {
        this.table = table;
        this.coverable = coverable;
        this.swaps = swaps;
        known = new(table);
        rowMin = [.. table.Min];
        rowMax = [.. table.Max];
        least = new int[table.Count];
        most = [.. table.Capacity];
    }

    /// <summary>Panels met so far, all checked.</summary>
    public IReadOnlyList<int[]> Known => known.Panels;

    /// <summary>How many integer programmes were solved.</summary>
    public int Programmes { get; private set; }

    /// <summary>Panels that are mixed now, with their shares; before the first step the first panel alone.</summary>
    public IEnumerable<(int[] Panel, double Share)> Mixture => nearest.Count == 0 ? [(known[0], 1)] : nearest.Corral.Select(pair => (known[pair.Name], pair.Weight));

    /// <summary>The greatest relative shortage of anybody against the target.</summary>
    public double Shortage { get; private set; } = 1;

    /// <summary>Takes a panel in, after checking it in plain code.</summary>
    /// <returns>Its number.</returns>
    public int Meet(int[] panel) => known.Meet(panel);

    /// <summary>Moves to a target.</summary>
    /// <param name="seats">For each type the expected seats, which sum to the size of the panel.</param>
    public void Aim(double[] seats)
    {
        target = seats;
        scale = [.. seats.Select(value => value > 1e-9 ? Math.Pow(value, -0.15) : 0)];
        onFace = true;
        NarrowToFace();
        List<(int, double, double[])> corral = [.. nearest.Corral.Where(pair => pair.Weight > 1e-6).Select(pair => (pair.Name, pair.Weight, Coordinates(known[pair.Name])))];
        nearest = new(table.Count);
        if (corral.Count > 0)
        {
            nearest.Restart(corral);
        }

        FindFacePanel();
    }

    /// <summary>Walks must start on the face: those on every panel cannot be swapped in. Without a panel there the face is given up.</summary>
    private void FindFacePanel()
    {
        if (!onFace || known.Find(IsOnFace) >= 0)
        {
            return;
        }

        double[] weights = new double[table.Count];
        int[] found = new int[table.Count];
        for (int attempt = 0; attempt < 20; attempt++)
        {
            if (swaps.LoadAnything(least) && !double.IsNegativeInfinity(swaps.Walk(weights, 400 * table.Size, 1, found)))
            {
                Meet(found);
                return;
            }
        }

        onFace = false;
        NarrowToFace();
    }

    private bool IsOnFace(int[] panel)
    {
        int[] inRow = new int[rowMin.Length];
        for (int t = 0; t < panel.Length; t++)
        {
            if (panel[t] < least[t] || panel[t] > most[t])
            {
                return false;
            }

            foreach (int row in table.Rows[t])
            {
                inRow[row] += panel[t];
            }
        }

        for (int row = 0; row < inRow.Length; row++)
        {
            if (inRow[row] < rowMin[row] || inRow[row] > rowMax[row])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Mixes until the shortage is small enough.</summary>
    /// <param name="tolerance">The greatest relative shortage allowed.</param>
    /// <param name="report">Told the shortage now and then.</param>
    /// <param name="enough">Ends the search with what is there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when the target is met or the search was ended; otherwise a cut that the target breaks.</returns>
    public PanelCut? Reach(double tolerance, Action<double>? report, CancellationToken enough, CancellationToken cancellationToken)
    {
        end = enough;
        stop = cancellationToken;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Measure();
            report?.Invoke(Shortage);
            if (Shortage <= tolerance || enough.IsCancellationRequested)
            {
                return null;
            }

            if (AddKnown())
            {
                continue;
            }

            if (Swap())
            {
                vain = effort > 1 ? 0 : vain;
                continue;
            }

            if (effort < (vain > 2 ? 4 : 16))
            {
                effort *= 4;
                continue;
            }

            vain++;
            effort = vain > 2 ? 1 : 4;

            double[] weights = Direction();
            long[] integers = PanelProgram.Integers(weights, 1e9);
            if (onFace)
            {
                PanelAnswer face = AskNearer(new PanelProgram(table, rowMin, rowMax, least, most) { Enough = end }, integers);
                if (TakeIn(face.Met))
                {
                    continue;
                }
            }

            PanelAnswer full = AskNearer(new PanelProgram(table) { Enough = end }, integers);
            if (TakeIn(full.Met))
            {
                onFace = false;
                NarrowToFace();
                continue;
            }

            if (full.Bound < Weigh(integers, target) - 1e-7)
            {
                return new(integers, full.Bound);
            }

            // Neither a panel nor a cut: the digits are exhausted.
            return null;
        }
    }

    /// <summary>Asks for a panel that leads clearly nearer to the target; where there is none, for the proof.</summary>
    private PanelAnswer AskNearer(PanelProgram programme, long[] weights)
    {
        double reach = 0;
        for (int t = 0; t < weights.Length; t++)
        {
            reach -= scale[t] > 0 ? weights[t] * nearest.Point[t] / scale[t] : 0;
        }

        // The mixture weighs the target less the reach; a panel far beyond the target is worth more than the proof that it is the best.
        Programmes++;
        return programme.Heaviest(weights, 30, (long)Math.Ceiling(Weigh(weights, target) + (3 * reach)), stop);
    }

    /// <summary>Asks for the heaviest panel, with its proof.</summary>
    public PanelAnswer Ask(PanelProgram programme, long[] weights, CancellationToken cancellationToken)
    {
        Programmes++;
        return programme.Heaviest(weights, 30, long.MaxValue, cancellationToken);
    }

    private static double Weigh(long[] weights, double[] seats)
    {
        double sum = 0;
        for (int t = 0; t < seats.Length; t++)
        {
            sum += weights[t] * seats[t];
        }

        return sum;
    }

    private void Measure()
    {
        if (nearest.Count == 0)
        {
            Shortage = 1;
            return;
        }

        double worst = 0;
        for (int t = 0; t < table.Count; t++)
        {
            if (scale[t] > 0)
            {
                worst = Math.Max(worst, -nearest.Point[t] / scale[t] / target[t]);
            }
        }

        Shortage = worst;
    }

    /// <summary>Weights that price panels: where the mixture falls short of the target, seats are worth more.</summary>
    private double[] Direction()
    {
        double[] weights = new double[table.Count];
        for (int t = 0; t < weights.Length; t++)
        {
            weights[t] = nearest.Count == 0 ? target[t] / table.People[t] : -nearest.Point[t] * scale[t];
        }

        return weights;
    }

    private double[] Coordinates(int[] panel)
    {
        double[] point = new double[table.Count];
        for (int t = 0; t < point.Length; t++)
        {
            point[t] = (panel[t] - target[t]) * scale[t];
        }

        return point;
    }

    private bool TakeIn(IEnumerable<int[]> panels)
    {
        bool any = false;
        foreach (int[] panel in panels.Reverse())
        {
            any |= Join(Meet(panel));
        }

        return any;
    }

    /// <summary>Lets a panel join the mixture when it leads nearer to the target.</summary>
    private bool Join(int number)
    {
        double[] point = Coordinates(known[number]);
        if (nearest.Count > 0 && NearestPoint.Dot(point, nearest.Point) >= nearest.Square * (1 - 1e-9) - 1e-18)
        {
            return false;
        }

        double before = nearest.Count == 0 ? double.PositiveInfinity : nearest.Square;
        return nearest.Add(number, point) && nearest.Square < before;
    }

    /// <summary>Panels that were met earlier and are of use again.</summary>
    private bool AddKnown()
    {
        if (nearest.Count == 0)
        {
            return known.Find(IsOnFace) is >= 0 and int first && Join(first);
        }

        bool any = false;
        for (int round = 0; round < 8 && !end.IsCancellationRequested; round++)
        {
            stop.ThrowIfCancellationRequested();
            double[] weights = Direction();
            int best = -1;
            double value = NearestPoint.Dot(weights, target) - (nearest.Square * (1 - 1e-3));
            for (int i = 0; i < known.Count; i++)
            {
                double weight = 0;
                int[] panel = known[i];
                for (int t = 0; t < panel.Length; t++)
                {
                    weight += panel[t] * weights[t];
                }

                if (weight > value)
                {
                    value = weight;
                    best = i;
                }
            }

            if (best < 0 || !Join(best))
            {
                return any;
            }

            any = true;
        }

        return any;
    }

    /// <summary>Short walks from panels of the mixture.</summary>
    private bool Swap()
    {
        int[] starts = [.. nearest.Corral.OrderByDescending(pair => pair.Weight).Select(pair => pair.Name).Where(name => IsOnFace(known[name])).Take(32)];
        if (starts.Length == 0)
        {
            starts = [known.Find(IsOnFace)];
        }

        double[] weights = Direction();
        bool any = false;
        int[] best = new int[table.Count];
        int length = effort * 100 * table.Size;
        for (int run = 0; run < 32 && !end.IsCancellationRequested; run++)
        {
            stop.ThrowIfCancellationRequested();
            swaps.Load(known[starts[run % starts.Length]]);
            double weight = swaps.Walk(weights, length, 1, best);
            if (double.IsNegativeInfinity(weight))
            {
                continue;
            }

            double value = 0;
            for (int t = 0; t < best.Length; t++)
            {
                value += (best[t] - target[t]) * scale[t] * nearest.Point[t];
            }

            if (value < nearest.Square * (1 - 1e-9))
            {
                if (Join(Meet([.. best])))
                {
                    any = true;
                    weights = Direction();
                }
            }
        }

        return any;
    }

    private void NarrowToFace()
    {
        table.Min.CopyTo(rowMin, 0);
        table.Max.CopyTo(rowMax, 0);
        Array.Clear(least);
        table.Capacity.CopyTo(most, 0);
        List<int> free = [];
        double[] inRow = new double[rowMin.Length];
        for (int t = 0; t < table.Count; t++)
        {
            foreach (int row in table.Rows[t])
            {
                inRow[row] += target[t];
            }

            if (!coverable[t])
            {
                most[t] = 0;
            }
            else if (onFace && target[t] >= table.Capacity[t] - 1e-6)
            {
                least[t] = table.Capacity[t];
            }
            else
            {
                free.Add(t);
            }
        }

        for (int row = 0; onFace && row < rowMin.Length; row++)
        {
            if (inRow[row] >= rowMax[row] - 1e-6)
            {
                rowMin[row] = rowMax[row];
            }
            else if (inRow[row] <= rowMin[row] + 1e-6)
            {
                rowMax[row] = rowMin[row];
            }
        }

        movable = [.. free];
        swaps.Narrow(rowMin, rowMax, movable, most);
    }
}
