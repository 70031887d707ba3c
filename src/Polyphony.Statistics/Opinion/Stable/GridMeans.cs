using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>k-means of a grid for k = 2 to 8 at once.</summary>
/// <param name="Labels">By place among the occupied cells, a byte for each k: byte k − 2 is the group, the largest being 0.</param>
/// <param name="Sizes">People by group, for each k from 2; a nought says that there are not so many different places.</param>
internal sealed record GridGroups(ulong[] Labels, int[][] Sizes);

/// <summary>
/// Weighted k-means over the occupied cells of a grid, begun several times as k-means++ does (D. Arthur, S. Vassilvitskii, SODA 2007) by a fixed chance; the least sum of squares is kept. A grid with many occupied cells is
/// first grouped by blocks of four cells, then cell by cell. Weights, places and sums are whole numbers, so that nothing depends on who comes first.
/// </summary>
internal sealed class GridMeans
{
    /// <summary>The most groups that are tried.</summary>
    public const int MostGroups = 8;

    private const int MostRounds = 50;
    private const int Lanes = 8;

    /// <summary>With more occupied cells than this, blocks of four come first.</summary>
    private const int WorthBlocks = 2_000;

    private readonly int[] _weights;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly long _squares;

    private GridMeans(int[] cells, int[] weights)
    {
        _weights = weights;
        var padded = (cells.Length + Lanes - 1) / Lanes * Lanes;
        (_x, _y) = (new float[padded], new float[padded]);
        for (var i = 0; i < cells.Length; i++)
        {
            int x = (cells[i] / PointGrid.Side) - (PointGrid.Side / 2), y = (cells[i] % PointGrid.Side) - (PointGrid.Side / 2);
            (_x[i], _y[i]) = (x, y);
            _squares += (long)weights[i] * ((x * x) + (y * y));
        }
    }

    /// <summary>Groups a grid.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="starts">How often each k is begun.</param>
    /// <param name="threads">Processors to use.</param>
    public static GridGroups Of(PointGrid grid, int starts, int threads)
    {
        var fine = new GridMeans(grid.Occupied, grid.Weights);
        var coarse = grid.Occupied.Length > WorthBlocks ? Blocks(grid) : fine;
        var labels = new byte[MostGroups + 1][];
        var sizes = new int[MostGroups - 1][];
        void One(int k)
        {
            sizes[k - 2] = new int[k];
            if (coarse._weights.Length >= k)
                labels[k] = fine.Best(coarse, k, starts, sizes[k - 2]);
        }
        // The largest k takes longest: it comes first.
        if (threads < 2)
        {
            for (var k = 2; k <= MostGroups; k++)
                One(k);
        }
        else
            Parallel.For(0, MostGroups - 1, new ParallelOptions { MaxDegreeOfParallelism = threads }, at => One(MostGroups - at));
        var packed = new ulong[grid.Occupied.Length];
        for (var k = 2; k <= MostGroups; k++)
        {
            if (labels[k] is not { } own)
                continue;
            for (var i = 0; i < packed.Length; i++)
                packed[i] |= (ulong)own[i] << (8 * (k - 2));
        }
        return new GridGroups(packed, sizes);
    }

    private static GridMeans Blocks(PointGrid grid)
    {
        var sums = new int[PointGrid.Side * PointGrid.Side];
        for (var i = 0; i < grid.Occupied.Length; i++)
            sums[grid.Occupied[i] & ~(PointGrid.Side + 1)] += grid.Weights[i];
        int[] cells = [.. Enumerable.Range(0, sums.Length).Where(cell => sums[cell] > 0)];
        return new GridMeans(cells, [.. cells.Select(cell => sums[cell])]);
    }

    private byte[] Best(GridMeans coarse, int k, int starts, int[] sizes)
    {
        var chance = new SeededChance("polyphony opinion groups 1"u8);
        var work = new Work(Math.Max(_x.Length, coarse._x.Length), k);
        (double Within, float[] X, float[] Y)? best = null;
        for (var start = 0; start < starts; start++)
        {
            var found = coarse.Run(coarse.Seeds(k, ref chance), work);
            if (best is null || found.Within < best.Value.Within)
                best = found;
        }
        var (_, x, y) = coarse == this ? best!.Value : Run((best!.Value.X, best.Value.Y), work);
        Assign(x, y, work.Labels);
        Add(work);
        int[] rank = [.. Enumerable.Range(0, k).OrderByDescending(c => work.Count[c]).ThenBy(c => x[c]).ThenBy(c => y[c])];
        var label = new byte[k];
        for (var r = 0; r < k; r++)
        {
            label[rank[r]] = (byte)r;
            sizes[r] = (int)work.Count[rank[r]];
        }
        var labels = new byte[_weights.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = label[work.Labels[i]];
        return labels;
    }

    /// <summary>Cells by chance, each with the weight of its people times the square of its distance to those taken before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float[] X, float[] Y) Seeds(int k, ref SeededChance chance)
    {
        float[] x = new float[k], y = new float[k];
        var nearest = new long[_weights.Length];
        Array.Fill(nearest, 1);
        for (var c = 0; c < k; c++)
        {
            long total = 0;
            for (var i = 0; i < nearest.Length; i++)
            {
                if (c > 0)
                {
                    long dx = (long)(_x[i] - x[c - 1]), dy = (long)(_y[i] - y[c - 1]);
                    var square = (dx * dx) + (dy * dy);
                    nearest[i] = c == 1 ? square : Math.Min(nearest[i], square);
                }
                total += _weights[i] * nearest[i];
            }
            var drawn = (long)Math.BigMul(chance.Next(), (ulong)total, out _);
            var at = 0;
            while ((drawn -= _weights[at] * nearest[at]) >= 0)
                at++;
            (x[c], y[c]) = (_x[at], _y[at]);
        }
        return (x, y);
    }

    private (double Within, float[] X, float[] Y) Run((float[] X, float[] Y) centers, Work work)
    {
        var (x, y) = centers;
        for (var round = 0; ; round++)
        {
            Assign(x, y, work.Labels);
            Add(work);
            var moves = false;
            var within = (double)_squares;
            for (var c = 0; c < x.Length; c++)
            {
                long count = work.Count[c], sumX = work.SumX[c], sumY = work.SumY[c];
                if (count == 0)
                    continue;
                within -= (((double)sumX * sumX) + ((double)sumY * sumY)) / count;
                float newX = (float)((double)sumX / count), newY = (float)((double)sumY / count);
                moves |= newX != x[c] || newY != y[c];
                (x[c], y[c]) = (newX, newY);
            }
            if (!moves || round == MostRounds)
                return (within, x, y);
        }
    }

    /// <summary>Gives every cell to the nearest centre, of equally near ones to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Assign(float[] centerX, float[] centerY, int[] to)
    {
        ref var xs = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var ys = ref MemoryMarshal.GetArrayDataReference(_y);
        ref var labels = ref MemoryMarshal.GetArrayDataReference(to);
        for (nuint i = 0; i < (nuint)_x.Length; i += Lanes)
        {
            Vector256<float> x = Vector256.LoadUnsafe(ref xs, i), y = Vector256.LoadUnsafe(ref ys, i), least = Vector256.Create(float.MaxValue);
            var label = Vector256<int>.Zero;
            for (var c = 0; c < centerX.Length; c++)
            {
                Vector256<float> dx = x - Vector256.Create(centerX[c]), dy = y - Vector256.Create(centerY[c]);
                var square = (dx * dx) + (dy * dy);
                var nearer = Vector256.LessThan(square, least);
                least = Vector256.ConditionalSelect(nearer, square, least);
                label = Vector256.ConditionalSelect(nearer.AsInt32(), Vector256.Create(c), label);
            }
            label.StoreUnsafe(ref labels, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(Work work)
    {
        Array.Clear(work.Count);
        Array.Clear(work.SumX);
        Array.Clear(work.SumY);
        for (var i = 0; i < _weights.Length; i++)
        {
            var c = work.Labels[i];
            long weight = _weights[i];
            work.Count[c] += weight;
            work.SumX[c] += weight * (long)_x[i];
            work.SumY[c] += weight * (long)_y[i];
        }
    }

    private sealed class Work(int cells, int k)
    {
        public int[] Labels { get; } = new int[cells];

        public long[] Count { get; } = new long[k];

        public long[] SumX { get; } = new long[k];

        public long[] SumY { get; } = new long[k];
    }
}
