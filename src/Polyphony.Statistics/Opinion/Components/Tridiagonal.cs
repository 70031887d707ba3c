namespace Polyphony.Statistics.Opinion.Components;

/// <summary>Eigenvalues and eigenvectors of a small symmetric tridiagonal matrix, by implicit QL (Bowdler, Martin, Reinsch, Wilkinson, Numerische Mathematik 11, 1968).</summary>
internal static class Tridiagonal
{
    private const int MostTurns = 60;

    /// <summary>Decomposes.</summary>
    /// <param name="diagonal">n numbers.</param>
    /// <param name="beside">n − 1 numbers.</param>
    /// <returns>From the largest eigenvalue to the least, each with its vector of length 1.</returns>
    public static (double[] Values, double[][] Vectors) Decompose(double[] diagonal, double[] beside)
    {
        var n = diagonal.Length;
        var d = (double[])diagonal.Clone();
        var e = new double[n];
        beside.AsSpan(0, Math.Max(0, n - 1)).CopyTo(e);
        // vectors[j] is the j-th column: turns touch two neighbours at a time.
        var vectors = new double[n][];
        for (var i = 0; i < n; i++)
        {
            vectors[i] = new double[n];
            vectors[i][i] = 1;
        }
        for (var l = 0; l < n; l++)
        {
            for (var turn = 0; ; turn++)
            {
                var m = l;
                while (m < n - 1 && Math.Abs(e[m]) > 1e-16 * (Math.Abs(d[m]) + Math.Abs(d[m + 1])))
                    m++;
                if (m == l)
                    break;
                if (turn == MostTurns)
                    throw new InvalidOperationException("QL did not come to an end.");
                Turn(d, e, vectors, l, m);
            }
        }
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => d[i])];
        return ([.. order.Select(i => d[i])], [.. order.Select(i => vectors[i])]);
    }

    private static void Turn(double[] d, double[] e, double[][] vectors, int l, int m)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        var r = Math.Sqrt((g * g) + 1);
        g = d[m] - d[l] + (e[l] / (g + (g >= 0 ? r : -r)));
        double s = 1, c = 1, p = 0;
        for (var i = m - 1; i >= l; i--)
        {
            double f = s * e[i], b = c * e[i];
            r = Math.Sqrt((f * f) + (g * g));
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            double[] left = vectors[i], right = vectors[i + 1];
            for (var k = 0; k < left.Length; k++)
            {
                f = right[k];
                right[k] = (s * left[k]) + (c * f);
                left[k] = (c * left[k]) - (s * f);
            }
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }
}
