using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Polyphony.Statistics.Arithmetic;

/// <summary>A repeatable stream of numbers for permutations and bootstraps: SplitMix64, started from a seed of any length.</summary>
/// <remarks>G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. It draws nobody.</remarks>
internal struct SeededChance(ReadOnlySpan<byte> seed)
{
    private ulong _state = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(seed));

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="bound"/> − 1; the bias of the multiplication is below bound / 2⁶⁴.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Fisher–Yates.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
