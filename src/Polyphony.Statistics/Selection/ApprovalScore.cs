using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Selection;

/// <summary>The proportional approval score: each person with t members of the slate approved gives 1 + 1/2 + … + 1/t. In whole numbers over the least common multiple of 1 to the number of seats.</summary>
internal sealed class ApprovalScore
{
    private readonly BigInteger[] _shares;
    private readonly double[] _near;

    public ApprovalScore(int size)
    {
        Denominator = BigInteger.One;
        for (var divisor = 2; divisor <= size; divisor++)
            Denominator *= divisor / BigInteger.GreatestCommonDivisor(Denominator, divisor);
        _shares = [.. Enumerable.Range(1, size).Select(divisor => Denominator / divisor)];
        _near = [.. Enumerable.Range(1, size).Select(divisor => 1.0 / divisor)];
    }

    public BigInteger Denominator { get; }

    /// <summary>What a candidate adds, from the number of its supporters by how many members they have already.</summary>
    public BigInteger Gain(ReadOnlySpan<int> supportersByMembers)
    {
        var gain = BigInteger.Zero;
        for (var members = 0; members < supportersByMembers.Length; members++)
        {
            if (supportersByMembers[members] > 0)
                gain += _shares[members] * supportersByMembers[members];
        }
        return gain;
    }

    /// <summary>The same as a double, relative error below (seats + 2) × 2⁻⁵².</summary>
    public double Near(ReadOnlySpan<int> supportersByMembers)
    {
        var gain = 0.0;
        for (var members = 0; members < supportersByMembers.Length; members++)
            gain += _near[members] * supportersByMembers[members];
        return gain;
    }

    public Fraction Exact(BigInteger gain) => new(gain, Denominator);
}
