using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>Where people stand, in whole numbers: each in a cell of a grid, so that sums over people have no order and their number hardly matters.</summary>
internal sealed class PointGrid
{
    /// <summary>Cells each way.</summary>
    public const int Side = 256;

    /// <summary>A cell's side as a share of the root mean square distance from the middle. Who stands farther out than eight of these stands at the edge.</summary>
    private const int CellsPerSpread = 16;

    /// <summary>Coordinates are whole multiples of this.</summary>
    private const double Unit = 1.0 / 1024;

    private const double WeightUnit = 1.0 / (1L << 32);

    /// <summary>Up to so many people are sorted to find the occupied cells; for more, all cells are looked through.</summary>
    private const int WorthSorting = 10_000;

    private PointGrid(int people, bool withPlaces) => (X, Y, Places) = (withPlaces ? new int[people] : [], withPlaces ? new int[people] : [], new ushort[people]);

    /// <summary>Coordinates in units of 1/1024; empty where the side of cells was given.</summary>
    public int[] X { get; }

    /// <summary>Coordinates in units of 1/1024; empty where the side of cells was given.</summary>
    public int[] Y { get; }

    /// <summary>Each person's place among the occupied cells; of somebody who is in no group it means nothing.</summary>
    public ushort[] Places { get; }

    /// <summary>The cells in which somebody stands, column · 256 + row, rising.</summary>
    public int[] Occupied { get; private set; } = [];

    /// <summary>People in each of them.</summary>
    public int[] Weights { get; private set; } = [];

    /// <summary>A cell's side, in units.</summary>
    public double CellSide { get; private set; }

    /// <summary>What each vote adds: to both coordinates in units of 2⁻³², and to the votes that count. By the number of the vote.</summary>
    /// <param name="statements">Statements of the table.</param>
    /// <param name="order">Those that count.</param>
    /// <param name="means">Their mean votes.</param>
    /// <param name="loadings">Their loadings on both components.</param>
    public static Vector256<long>[] WeightsOf(int statements, ReadOnlySpan<int> order, double[] means, double[][] loadings)
    {
        var weights = new Vector256<long>[statements * 4];
        for (var i = 0; i < order.Length; i++)
        {
            for (var value = -1; value <= 1; value++)
            {
                weights[VoteTable.Cell(order[i], value)] = Vector256.Create(
                    (long)Math.Round((value - means[i]) * loadings[0][i] / WeightUnit), (long)Math.Round((value - means[i]) * loadings[1][i] / WeightUnit), 1, 0);
            }
        }
        return weights;
    }

    /// <summary>How many votes of each person count.</summary>
    public static ushort[] Counted(VoteTable votes, bool[] counts)
    {
        var counted = new ushort[votes.People];
        for (var person = 0; person < votes.People; person++)
        {
            foreach (var cell in votes[person])
                counted[person] += counts[cell >> 2] ? (ushort)1 : (ushort)0;
        }
        return counted;
    }

    /// <summary>Places people.</summary>
    /// <param name="votes">Their votes.</param>
    /// <param name="weights">As <see cref="WeightsOf"/> makes them.</param>
    /// <param name="size">Statements that count.</param>
    /// <param name="isIn">Who votes enough to be grouped.</param>
    /// <param name="threads">Processors to use.</param>
    /// <param name="cellSide">The side of cells in units, or nothing to take it from the people.</param>
    public static PointGrid Of(VoteTable votes, Vector256<long>[] weights, int size, bool[] isIn, int threads, double? cellSide)
    {
        var grid = new PointGrid(votes.People, cellSide is null) { CellSide = cellSide ?? 1 };
        var scales = new double[size + 1];
        for (var n = 0; n <= size; n++)
            scales[n] = Math.Sqrt((double)size / Math.Max(1, n)) * WeightUnit / Unit;
        long squares = 0;
        long people = 0;
        Each(votes.People, threads, (from, to) =>
        {
            var (sum, number) = grid.Place(votes, weights, scales, isIn, from, to);
            Interlocked.Add(ref squares, sum);
            Interlocked.Add(ref people, number);
        });
        if (cellSide is null)
        {
            grid.CellSide = people == 0 || squares == 0 ? 1 : Math.Sqrt((double)squares / people) / CellsPerSpread;
            var perCell = 1 / grid.CellSide;
            for (var person = 0; person < votes.People; person++)
                grid.Places[person] = CellOf(grid.X[person], grid.Y[person], perCell);
        }
        grid.Occupy(isIn, (int)people);
        return grid;
    }

    private static ushort CellOf(int x, int y, double perCell) => (ushort)((Cell(x, perCell) * Side) + Cell(y, perCell));

    private static int Cell(int coordinate, double perCell) => Math.Clamp((int)Math.Floor((coordinate * perCell) + 0.5) + (Side / 2), 0, Side - 1);

    private static void Each(int people, int threads, Action<int, int> part)
    {
        if (threads < 2 || people < 2_000)
        {
            part(0, people);
            return;
        }
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t => part((int)((long)people * t / threads), (int)((long)people * (t + 1) / threads)));
    }

    /// <summary>Finds the occupied cells, and turns everybody's cell into its place among them.</summary>
    private void Occupy(bool[] isIn, int people)
    {
        List<int> occupied = [], weights = [];
        if (people <= WorthSorting)
        {
            var cells = new ushort[people];
            var at = 0;
            for (var person = 0; person < isIn.Length; person++)
            {
                if (isIn[person])
                    cells[at++] = Places[person];
            }
            Array.Sort(cells);
            for (var i = 0; i < cells.Length; i++)
            {
                if (i == 0 || cells[i] != cells[i - 1])
                {
                    occupied.Add(cells[i]);
                    weights.Add(0);
                }
                weights[^1]++;
            }
            (Occupied, Weights) = ([.. occupied], [.. weights]);
            for (var person = 0; person < isIn.Length; person++)
                Places[person] = isIn[person] ? (ushort)Array.BinarySearch(Occupied, Places[person]) : (ushort)0;
            return;
        }
        var histogram = new int[Side * Side];
        for (var person = 0; person < isIn.Length; person++)
            histogram[Places[person]] += isIn[person] ? 1 : 0;
        var places = new ushort[Side * Side];
        for (var cell = 0; cell < histogram.Length; cell++)
        {
            if (histogram[cell] == 0)
                continue;
            places[cell] = (ushort)occupied.Count;
            occupied.Add(cell);
            weights.Add(histogram[cell]);
        }
        (Occupied, Weights) = ([.. occupied], [.. weights]);
        for (var person = 0; person < isIn.Length; person++)
            Places[person] = places[Places[person]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (long Squares, long People) Place(VoteTable votes, Vector256<long>[] weights, double[] scales, bool[] isIn, int from, int to)
    {
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        long squares = 0, people = 0;
        var perCell = 1 / CellSide;
        for (var person = from; person < to; person++)
        {
            Vector256<long> sum = default, other = default;
            var cells = votes[person];
            var at = 0;
            for (; at + 1 < cells.Length; at += 2)
            {
                sum += Unsafe.Add(ref weight, (int)cells[at]);
                other += Unsafe.Add(ref weight, (int)cells[at + 1]);
            }
            if (at < cells.Length)
                sum += Unsafe.Add(ref weight, (int)cells[at]);
            sum += other;
            var scale = scales[sum[2]];
            int x = (int)Math.Floor((sum[0] * scale) + 0.5), y = (int)Math.Floor((sum[1] * scale) + 0.5);
            if (X.Length == 0)
                Places[person] = CellOf(x, y, perCell);
            else
                (X[person], Y[person]) = (x, y);
            if (isIn[person])
            {
                squares += ((long)x * x) + ((long)y * y);
                people++;
            }
        }
        return (squares, people);
    }
}
