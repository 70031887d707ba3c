using System.Runtime.CompilerServices;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Opinion.Components;

/// <summary>The two directions in which votes differ most.</summary>
/// <param name="Values">The two largest eigenvalues; 0 for a direction that does not exist.</param>
/// <param name="Vectors">Their eigenvectors of length 1, the largest loading positive; all nought for a direction that does not exist.</param>
internal sealed record PrincipalPair(double[] Values, double[][] Vectors);

/// <summary>
/// C. Lanczos, "An iteration method for the solution of the eigenvalue problem", 1950, with full reorthogonalisation, from a fixed start: the same matrix gives the same bits, whatever the threads and the processor.
/// </summary>
internal static class Lanczos
{
    private const int MostSteps = 300;
    private const int FirstCheck = 12;
    private const int CheckEvery = 4;

    /// <summary>Below this many numbers a second thread costs more than it brings.</summary>
    private const int WorthThreads = 300;

    /// <summary>Finds the first two principal directions.</summary>
    /// <param name="matrix">Symmetric, no eigenvalue below nought.</param>
    /// <param name="exactness">What may remain of a vector's residual, as a share of the largest eigenvalue.</param>
    /// <param name="threads">Processors to use.</param>
    /// <param name="start">A vector that is near to both directions, or nothing.</param>
    public static PrincipalPair Of(StatementCovariance matrix, double exactness, int threads, double[]? start = null)
    {
        int size = matrix.Size, stride = matrix.Stride, most = Math.Min(size, MostSteps);
        List<double[]> basis = [];
        List<double> diagonal = [], beside = [];
        var chance = new SeededChance("polyphony opinion lanczos 1"u8);
        var next = start is null ? Fresh(ref chance, size, stride, basis) : Begin(start, stride) ?? Fresh(ref chance, size, stride, basis);
        var isBroken = false;
        (double[] Values, double[][] Vectors) small = ([], []);
        var scale = 0.0;
        while (basis.Count < most)
        {
            basis.Add(next);
            next = new double[stride];
            Multiply(matrix, basis[^1], next, threads);
            var own = StatementCovariance.Dot(next, basis[^1]);
            diagonal.Add(own);
            scale = Math.Max(scale, Math.Abs(own));
            Clear(next, basis);
            var rest = Math.Sqrt(StatementCovariance.Dot(next, next));
            scale = Math.Max(scale, rest);
            var ends = basis.Count == most;
            if (rest <= scale * 1e-12 && !ends)
            {
                // What the start leads to is exhausted: equal eigenvalues have more vectors, which another start finds. After that all is looked at.
                isBroken = true;
                next = Fresh(ref chance, size, stride, basis);
                beside.Add(0);
                continue;
            }
            if (ends || (!isBroken && basis.Count >= FirstCheck && (basis.Count - FirstCheck) % CheckEvery == 0))
            {
                small = Tridiagonal.Decompose([.. diagonal], [.. beside]);
                if (ends || Remains(small, 0, rest) <= exactness * small.Values[0] && Remains(small, 1, rest) <= exactness * small.Values[0])
                    break;
            }
            beside.Add(rest);
            Scale(next, 1 / rest);
        }
        var pair = new PrincipalPair(new double[2], [new double[size], new double[size]]);
        for (var rank = 0; rank < Math.Min(2, basis.Count); rank++)
        {
            if (small.Values[rank] <= scale * 1e-12 || small.Values[rank] <= 0)
                continue;
            pair.Values[rank] = small.Values[rank];
            pair.Vectors[rank] = Combine(basis, small.Vectors[rank], size);
        }
        return pair;
    }

    /// <summary>A vector by a fixed chance, at right angles to those before.</summary>
    private static double[] Fresh(ref SeededChance chance, int size, int stride, List<double[]> basis)
    {
        var vector = new double[stride];
        for (var i = 0; i < size; i++)
            vector[i] = 1 + ((double)(chance.Next() >> 40) / (1 << 24));
        Clear(vector, basis);
        if (size > 0)
            Scale(vector, 1 / Math.Sqrt(StatementCovariance.Dot(vector, vector)));
        return vector;
    }

    private static double[]? Begin(double[] start, int stride)
    {
        var vector = new double[stride];
        start.CopyTo(vector, 0);
        var length = Math.Sqrt(StatementCovariance.Dot(vector, vector));
        if (length == 0)
            return null;
        Scale(vector, 1 / length);
        return vector;
    }

    /// <summary>Takes out what lies in the directions before; twice is enough (B. Parlett, "The Symmetric Eigenvalue Problem", 6.9).</summary>
    private static void Clear(double[] vector, List<double[]> basis)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var earlier in basis)
                Subtract(vector, earlier, StatementCovariance.Dot(vector, earlier));
        }
    }

    private static double Remains((double[] Values, double[][] Vectors) small, int rank, double rest) =>
        rank >= small.Values.Length ? 0 : Math.Abs(rest * small.Vectors[rank][^1]);

    private static double[] Combine(List<double[]> basis, double[] weights, int size)
    {
        var vector = new double[basis[0].Length];
        for (var i = 0; i < basis.Count; i++)
            Subtract(vector, basis[i], -weights[i]);
        var length = Math.Sqrt(StatementCovariance.Dot(vector, vector));
        var largest = 0;
        for (var i = 1; i < size; i++)
            largest = Math.Abs(vector[i]) > Math.Abs(vector[largest]) ? i : largest;
        Scale(vector, (vector[largest] < 0 ? -1 : 1) / length);
        return vector[..size];
    }

    private static void Multiply(StatementCovariance matrix, double[] vector, double[] product, int threads)
    {
        if (threads < 2 || matrix.Size < WorthThreads)
        {
            matrix.Multiply(vector, product, 0, matrix.Size);
            return;
        }
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
            matrix.Multiply(vector, product, (int)((long)matrix.Size * part / threads), (int)((long)matrix.Size * (part + 1) / threads)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(double[] vector, double[] other, double factor)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] -= factor * other[i];
    }

    private static void Scale(double[] vector, double factor)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] *= factor;
    }
}
