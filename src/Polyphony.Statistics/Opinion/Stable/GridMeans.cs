using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>k-means of a grid for k = 2 to 8 at once.</summary>
/// <param name="Labels">By place among the occupied cells, a byte for each k: byte k − 2 is the group, the largest being 0.</param>
/// <param name="Sizes">People by group, for each k from 2; a nought says that there are not so many different places.</param>
internal sealed record GridGroups(ulong[] Labels, int[][] Sizes);

/// <summary>
/// Weighted k-means over the occupied cells of a grid, begun several times as k-means++ does (D. Arthur, S. Vassilvitskii, SODA 2007) by a fixed chance; the least sum of squares is kept. Weights, places and sums are
/// whole numbers, so that nothing depends on who comes first.
/// </summary>
internal sealed class GridMeans
{
    /// <summary>The most groups that are tried.</summary>
    public const int MostGroups = 8;

    private const int MostRounds = 50;
    private const int Lanes = 8;

    private readonly int[] _cells;
    private readonly int[] _weights;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly int[] _labels;
    private readonly long _squares;

    private GridMeans(PointGrid grid)
    {
        (_cells, _weights) = (grid.Occupied, grid.Weights);
        var padded = (_cells.Length + Lanes - 1) / Lanes * Lanes;
        (_x, _y, _labels) = (new float[padded], new float[padded], new int[padded]);
        for (var i = 0; i < _cells.Length; i++)
        {
            int x = (_cells[i] / PointGrid.Side) - (PointGrid.Side / 2), y = (_cells[i] % PointGrid.Side) - (PointGrid.Side / 2);
            (_x[i], _y[i]) = (x, y);
            _squares += (long)_weights[i] * ((x * x) + (y * y));
        }
    }

    /// <summary>Groups a grid.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="starts">How often each k is begun.</param>
    public static GridGroups Of(PointGrid grid, int starts)
    {
        var means = new GridMeans(grid);
        var labels = new ulong[grid.Occupied.Length];
        var sizes = new int[MostGroups - 1][];
        for (var k = 2; k <= MostGroups; k++)
        {
            sizes[k - 2] = new int[k];
            if (means._cells.Length >= k)
                means.Best(k, starts, labels, sizes[k - 2]);
        }
        return new GridGroups(labels, sizes);
    }

    private void Best(int k, int starts, ulong[] labels, int[] sizes)
    {
        var chance = new SeededChance("polyphony opinion groups 1"u8);
        (double Within, float[] X, float[] Y)? best = null;
        for (var start = 0; start < starts; start++)
        {
            var found = Run(k, Seeds(k, ref chance));
            if (best is null || found.Within < best.Value.Within)
                best = found;
        }
        Assign(best!.Value.X, best.Value.Y);
        var (count, _, _) = Sums(k);
        int[] rank = [.. Enumerable.Range(0, k).OrderByDescending(c => count[c]).ThenBy(c => best.Value.X[c]).ThenBy(c => best.Value.Y[c])];
        var label = new ulong[k];
        for (var r = 0; r < k; r++)
        {
            label[rank[r]] = (ulong)r << (8 * (k - 2));
            sizes[r] = (int)count[rank[r]];
        }
        for (var i = 0; i < _cells.Length; i++)
            labels[i] |= label[_labels[i]];
    }

    /// <summary>Cells by chance, each with the weight of its people times the square of its distance to those taken before.</summary>
    private (float[] X, float[] Y) Seeds(int k, ref SeededChance chance)
    {
        float[] x = new float[k], y = new float[k];
        var nearest = new long[_cells.Length];
        for (var c = 0; c < k; c++)
        {
            long total = 0;
            for (var i = 0; i < _cells.Length; i++)
            {
                if (c > 0)
                {
                    long dx = (long)(_x[i] - x[c - 1]), dy = (long)(_y[i] - y[c - 1]);
                    var square = (dx * dx) + (dy * dy);
                    nearest[i] = c == 1 ? square : Math.Min(nearest[i], square);
                }
                total += _weights[i] * (c == 0 ? 1 : nearest[i]);
            }
            var drawn = (long)Math.BigMul(chance.Next(), (ulong)total, out _);
            var at = 0;
            while ((drawn -= _weights[at] * (c == 0 ? 1 : nearest[at])) >= 0)
                at++;
            (x[c], y[c]) = (_x[at], _y[at]);
        }
        return (x, y);
    }

    private (double Within, float[] X, float[] Y) Run(int k, (float[] X, float[] Y) centers)
    {
        var (x, y) = centers;
        for (var round = 0; ; round++)
        {
            Assign(x, y);
            var (count, sumX, sumY) = Sums(k);
            var moves = false;
            var within = (double)_squares;
            for (var c = 0; c < k; c++)
            {
                if (count[c] == 0)
                    continue;
                within -= (((double)sumX[c] * sumX[c]) + ((double)sumY[c] * sumY[c])) / count[c];
                float newX = (float)((double)sumX[c] / count[c]), newY = (float)((double)sumY[c] / count[c]);
                moves |= newX != x[c] || newY != y[c];
                (x[c], y[c]) = (newX, newY);
            }
            if (!moves || round == MostRounds)
                return (within, x, y);
        }
    }

    /// <summary>Gives every cell to the nearest centre, of equally near ones to the first.</summary>
    private void Assign(float[] centerX, float[] centerY)
    {
        ref var xs = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var ys = ref MemoryMarshal.GetArrayDataReference(_y);
        ref var labels = ref MemoryMarshal.GetArrayDataReference(_labels);
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

    private (long[] Count, long[] X, long[] Y) Sums(int k)
    {
        long[] count = new long[k], x = new long[k], y = new long[k];
        for (var i = 0; i < _cells.Length; i++)
        {
            var c = _labels[i];
            count[c] += _weights[i];
            x[c] += _weights[i] * (long)_x[i];
            y[c] += _weights[i] * (long)_y[i];
        }
        return (count, x, y);
    }
}
