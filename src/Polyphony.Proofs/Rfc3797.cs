using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Polyphony.Proofs;

/// <summary>The selection of RFC 3797, section 4, to re-do draws of others that used it.</summary>
/// <remarks>Our own draws use <see cref="Pd1"/>: RFC 3797 rests on MD5, and its remainder of a division is (unmeasurably) biased.</remarks>
public static class Rfc3797
{
    /// <summary>Selects from a numbered pool.</summary>
    /// <param name="key">The key string of the sources, see <see cref="DrawSource.Seed"/>.</param>
    /// <param name="pool">People in the pool, 1 to 65,535.</param>
    /// <param name="count">How many are selected, 1 to <paramref name="pool"/>.</param>
    /// <returns>Numbers from 1 to <paramref name="pool"/>, first selected first.</returns>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "RFC 3797 prescribes MD5.")]
    public static IReadOnlyList<int> Select(string key, int pool, int count)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pool);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pool, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, pool);
        byte[] text = Encoding.UTF8.GetBytes(key);
        byte[] number = new byte[2];
        List<int> remaining = [.. Enumerable.Range(1, pool)];
        List<int> selected = [];
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)i);
            UInt128 digest = BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData([.. number, .. text, .. number]));
            int place = (int)(digest % (UInt128)remaining.Count);
            selected.Add(remaining[place]);
            remaining.RemoveAt(place);
        }

        return selected;
    }
}
