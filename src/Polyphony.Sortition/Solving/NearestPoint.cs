using System.Numerics;
using System.Runtime.InteropServices;

namespace Polyphony.Sortition.Solving;

/// <summary>The point nearest to the origin in the convex hull of points that arrive one by one.</summary>
/// <remarks>P. Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 11, 1976. The corral's matrix 1 + pᵢ·pⱼ is kept as a
/// Cholesky factor: a point that joins adds a row, one that leaves is rotated out.</remarks>
internal sealed class NearestPoint(int dimension)
{
    private const double Tiny = 1e-12;
    private readonly List<double[]> points = [];
    private readonly List<double[]> factor = [];
    private readonly List<double> weights = [];
    private readonly List<int> names = [];

    /// <summary>The nearest point so far.</summary>
    public double[] Point { get; } = new double[dimension];

    /// <summary>The square of its distance.</summary>
    public double Square { get; private set; }

    /// <summary>The points that it is mixed of, by the names they were added with, and their shares.</summary>
    public IEnumerable<(int Name, double Weight)> Corral => names.Zip(weights);

    /// <summary>How many points it is mixed of.</summary>
    public int Count => points.Count;

    /// <summary>Takes a point in and moves to the nearest point of the new hull.</summary>
    /// <param name="name">A name to find it by.</param>
    /// <param name="point">The point; kept.</param>
    /// <returns>Whether it was of use: false when the point lies (numerically) in the flat of those that are there.</returns>
    public bool Add(int name, double[] point)
    {
        if (!Append(name, point))
        {
            return false;
        }

        weights[^1] = points.Count == 1 ? 1 : 0;
        Settle();
        return true;
    }

    /// <summary>Starts again with other points and shares, for a moved origin.</summary>
    public void Restart(IReadOnlyList<(int Name, double Weight, double[] Point)> corral)
    {
        points.Clear();
        factor.Clear();
        weights.Clear();
        names.Clear();
        foreach ((int name, double weight, double[] point) in corral)
        {
            if (Append(name, point))
            {
                weights[^1] = weight;
            }
        }

        double sum = weights.Sum();
        for (int i = 0; i < weights.Count; i++)
        {
            weights[i] /= sum;
        }

        Settle();
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count;
        Vector<double> sum = Vector<double>.Zero;
        Vector<double> second = Vector<double>.Zero;
        int i = 0;
        for (; i <= a.Length - (2 * width); i += 2 * width)
        {
            sum += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
            second += new Vector<double>(a[(i + width)..]) * new Vector<double>(b[(i + width)..]);
        }

        double result = Vector.Sum(sum + second);
        for (; i < a.Length; i++)
        {
            result += a[i] * b[i];
        }

        return result;
    }

    private static void AddScaled(Span<double> to, double scale, ReadOnlySpan<double> from)
    {
        int width = Vector<double>.Count;
        Vector<double> factor = new(scale);
        int i = 0;
        for (; i <= to.Length - width; i += width)
        {
            (new Vector<double>(to[i..]) + (factor * new Vector<double>(from[i..]))).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] += scale * from[i];
        }
    }

    private bool Append(int name, double[] point)
    {
        int count = points.Count;
        double[] row = new double[count + 1];
        for (int i = 0; i < count; i++)
        {
            row[i] = 1 + Dot(points[i], point);
        }

        double own = 1 + Dot(point, point);
        for (int i = 0; i < count; i++)
        {
            row[i] = (row[i] - Dot(factor[i].AsSpan(0, i), row.AsSpan(0, i))) / factor[i][i];
        }

        double rest = own - Dot(row.AsSpan(0, count), row.AsSpan(0, count));
        if (rest < 1e-11 * own)
        {
            return false;
        }

        row[count] = Math.Sqrt(rest);
        points.Add(point);
        factor.Add(row);
        weights.Add(0);
        names.Add(name);
        return true;
    }

    /// <summary>Wolfe's minor cycles: to the nearest point of the corral's flat, dropping points whose share would be negative.</summary>
    private void Settle()
    {
        while (true)
        {
            double[] affine = Affine();
            double step = 1;
            for (int i = 0; i < affine.Length; i++)
            {
                if (affine[i] < Tiny && weights[i] > affine[i])
                {
                    step = Math.Min(step, weights[i] / (weights[i] - affine[i]));
                }
            }

            if (step >= 1)
            {
                for (int i = 0; i < affine.Length; i++)
                {
                    weights[i] = affine[i];
                }

                break;
            }

            for (int i = 0; i < affine.Length; i++)
            {
                weights[i] += step * (affine[i] - weights[i]);
            }

            bool dropped = false;
            for (int i = weights.Count - 1; i >= 0 && weights.Count > 1; i--)
            {
                if (weights[i] <= Tiny && affine[i] < Tiny)
                {
                    Remove(i);
                    dropped = true;
                }
            }

            if (!dropped)
            {
                break;
            }
        }

        Array.Clear(Point);
        for (int i = 0; i < points.Count; i++)
        {
            AddScaled(Point, weights[i], points[i]);
        }

        Square = Dot(Point, Point);
    }

    /// <summary>The shares of the nearest point of the flat: the solution of M u = 1, scaled to sum 1.</summary>
    private double[] Affine()
    {
        int count = points.Count;
        double[] u = new double[count];
        for (int i = 0; i < count; i++)
        {
            u[i] = (1 - Dot(factor[i].AsSpan(0, i), u.AsSpan(0, i))) / factor[i][i];
        }

        double sum = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            u[i] /= factor[i][i];
            sum += u[i];
            AddScaled(u.AsSpan(0, i), -u[i], factor[i].AsSpan(0, i));
        }

        for (int i = 0; i < count; i++)
        {
            u[i] /= sum;
        }

        return u;
    }

    private void Remove(int index)
    {
        points.RemoveAt(index);
        weights.RemoveAt(index);
        names.RemoveAt(index);
        factor.RemoveAt(index);
        Span<double[]> rows = CollectionsMarshal.AsSpan(factor);
        for (int c = index; c < rows.Length; c++)
        {
            double a = rows[c][c];
            double b = rows[c][c + 1];
            double radius = Math.Sqrt((a * a) + (b * b));
            double cos = a / radius;
            double sin = b / radius;
            for (int r = c; r < rows.Length; r++)
            {
                double[] row = rows[r];
                double x = row[c];
                double y = row[c + 1];
                row[c] = (cos * x) + (sin * y);
                row[c + 1] = (cos * y) - (sin * x);
            }
        }
    }
}
