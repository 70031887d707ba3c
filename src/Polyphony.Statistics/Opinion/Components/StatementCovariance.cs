using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Polyphony.Statistics.Opinion.Findings;

namespace Polyphony.Statistics.Opinion.Components;

/// <summary>
/// R'R of the votes less the mean of their statement, a missing vote standing at the mean: for statements j and k, Σ xⱼxₖ − μₖ Σ xⱼ − μⱼ Σ xₖ + μⱼ μₖ n over the n people who voted on both.
/// </summary>
/// <remarks>Its numbers stand in lent memory, which is given back when it is disposed of: fresh memory of several megabytes for each map costs the system more than the map itself.</remarks>
internal sealed class StatementCovariance : IDisposable
{
    /// <summary>Rows are padded to a multiple of this many numbers, so that every sum has the same shape on every machine.</summary>
    private const int Lanes = 8;

    /// <summary>Of some thousand statements: more are rare, and what is lent stays with the process.</summary>
    private const int MostLent = 1 << 20;

    private readonly int _stride;
    private double[] _values;

    private StatementCovariance(int size)
    {
        Size = size;
        _stride = (size + Lanes - 1) / Lanes * Lanes;
        var cells = (long)size * _stride;
        _values = cells <= MostLent ? ArrayPool<double>.Shared.Rent((int)cells) : new double[cells];
        // What others left there must not be taken for a number: rows are filled up with noughts.
        for (var row = 0; row < size; row++)
            _values.AsSpan((row * _stride) + size, _stride - size).Clear();
        Means = new double[size];
    }

    /// <summary>Number of statements.</summary>
    public int Size { get; }

    /// <summary>Each statement's mean vote.</summary>
    public double[] Means { get; }

    /// <summary>How long vectors must be.</summary>
    public int Stride => _stride;

    public double this[int row, int column] => _values[((long)row * _stride) + column];

    /// <summary>Of some statements, in this order.</summary>
    public static StatementCovariance Of(CoVotes votes, IReadOnlyList<int> order, int threads)
    {
        var made = new StatementCovariance(order.Count);
        int[] places = [.. Enumerable.Repeat(-1, votes.Statements)];
        for (var i = 0; i < order.Count; i++)
        {
            places[order[i]] = i;
            var tally = votes.TallyOf(order[i]);
            made.Means[i] = tally.Votes == 0 ? 0 : (double)(tally.Agrees - tally.Disagrees) / tally.Votes;
        }
        Parallel.For(0, votes.Statements, new ParallelOptions { MaxDegreeOfParallelism = threads }, first =>
        {
            if (places[first] >= 0)
                made.Fill(votes.PairsFrom(first), votes.TallyOf(first), first, places);
        });
        return made;
    }

    /// <summary>The same for some of the statements.</summary>
    /// <param name="kept">Places in this one, rising.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public StatementCovariance Part(ReadOnlySpan<int> kept)
    {
        var part = new StatementCovariance(kept.Length);
        for (var row = 0; row < kept.Length; row++)
        {
            part.Means[row] = Means[kept[row]];
            ref var from = ref _values[(long)kept[row] * _stride];
            var to = part._values.AsSpan(row * part._stride, kept.Length);
            for (var column = 0; column < to.Length; column++)
                to[column] = Unsafe.Add(ref from, kept[column]);
        }
        return part;
    }

    /// <summary>Gives the memory back; nothing may be asked any more.</summary>
    public void Dispose()
    {
        if ((long)Size * _stride <= MostLent)
            ArrayPool<double>.Shared.Return(_values);
        _values = [];
    }

    /// <summary>Rows of the product with a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(ReadOnlySpan<double> vector, Span<double> product, int from, int to)
    {
        for (var row = from; row < to; row++)
            product[row] = Dot(_values.AsSpan(row * _stride, _stride), vector);
    }

    /// <summary>Σ aᵢbᵢ in eight sums that are added in one order, whatever the processor can do at once. The lengths are a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var left = ref MemoryMarshal.GetReference(a);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector256<double> low = default, high = default;
        for (nuint i = 0; i < (nuint)a.Length; i += Lanes)
        {
            low += Vector256.LoadUnsafe(ref left, i) * Vector256.LoadUnsafe(ref right, i);
            high += Vector256.LoadUnsafe(ref left, i + 4) * Vector256.LoadUnsafe(ref right, i + 4);
        }
        low += high;
        return low[0] + low[1] + (low[2] + low[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(ReadOnlySpan<Vector128<int>> pairs, StatementTally tally, int first, int[] places)
    {
        var own = places[first];
        var mean = Means[own];
        _values[((long)own * _stride) + own] = tally.Agrees + tally.Disagrees - (mean * mean * tally.Votes);
        for (var i = 0; i < pairs.Length; i++)
        {
            var other = places[first + 1 + i];
            if (other < 0)
                continue;
            // The formula is taken the same way round, whichever of the two has the lower number in its file.
            var pair = pairs[i];
            var (low, high, lowSum, highSum) = own < other ? (own, other, pair[1], pair[2]) : (other, own, pair[2], pair[1]);
            double lowMean = Means[low], highMean = Means[high];
            var value = pair[3] - (highMean * lowSum) - (lowMean * highSum) + (lowMean * highMean * pair[0]);
            _values[((long)low * _stride) + high] = value;
            _values[((long)high * _stride) + low] = value;
        }
    }
}
