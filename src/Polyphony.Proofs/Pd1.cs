using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Polyphony.Proofs;

/// <summary>The verifiable draw PD1: everything that is drawn follows from a published manifest and public randomness.</summary>
/// <remarks>docs/draw-specification.md fixes every byte. Built on RFC 3797 (sources), RFC 5869 (HKDF with SHA-256) and the idea of
/// draft-thomson-elegy-vrs that a position depends on a label only, not on a list's order.</remarks>
public static class Pd1
{
    /// <summary>SHA-256 of a manifest's canonical bytes.</summary>
    /// <param name="canonicalManifest">What <see cref="CanonicalJson.Serialize"/> gave.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] ManifestHash(ReadOnlySpan<byte> canonicalManifest) => SHA256.HashData(canonicalManifest);

    /// <summary>The pseudo-random key of a draw: HKDF-Extract with the manifest's hash as salt and the seed as key material.</summary>
    /// <param name="manifestHash">32 bytes.</param>
    /// <param name="seed">The seed string of the sources, see <see cref="DrawSource.Seed"/>.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] Key(ReadOnlySpan<byte> manifestHash, string seed)
    {
        byte[] key = new byte[32];
        HKDF.Extract(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(seed), manifestHash, key);
        return key;
    }

    /// <summary>The position of a label in an order draw.</summary>
    /// <param name="key">32 bytes from <see cref="Key"/>.</param>
    /// <param name="label">The label, such as a ticket.</param>
    /// <returns>32 bytes; positions compare as byte strings.</returns>
    public static byte[] Position(ReadOnlySpan<byte> key, string label)
    {
        byte[] position = new byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, key, position, [.. "PD1/order\0"u8, .. Encoding.UTF8.GetBytes(label)]);
        return position;
    }

    /// <summary>Puts labels in the order that the draw gives them.</summary>
    /// <param name="key">32 bytes from <see cref="Key"/>.</param>
    /// <param name="labels">Distinct labels in any order.</param>
    /// <returns>The labels, first drawn first.</returns>
    public static IReadOnlyList<string> Order(ReadOnlySpan<byte> key, IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        byte[] copy = key.ToArray();
        return [.. labels.Select(label => (Label: label, Position: Position(copy, label)))
            .OrderBy(pair => pair.Position, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).Select(pair => pair.Label)];
    }

    /// <summary>Draws one of <paramref name="count"/> numbered things without bias, by rejection.</summary>
    /// <param name="key">32 bytes from <see cref="Key"/>.</param>
    /// <param name="name">The name of what is drawn, such as <c>panel</c>.</param>
    /// <param name="count">How many there are, 1 or more.</param>
    /// <returns>The index, 0 to count − 1, and how many candidates were rejected before it.</returns>
    public static (ulong Index, uint Rejected) Index(ReadOnlySpan<byte> key, string name, ulong count)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        byte[] info = [.. "PD1/index\0"u8, .. Encoding.UTF8.GetBytes(name), 0, 0, 0, 0, 0];

        // 2^64 mod count, computed in 64 bits.
        ulong remainder = (ulong.MaxValue % count + 1) % count;
        Span<byte> output = stackalloc byte[8];
        for (uint attempt = 0; ; attempt++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(info.AsSpan(info.Length - 4), attempt);
            HKDF.Expand(HashAlgorithmName.SHA256, key, output, info);
            ulong candidate = BinaryPrimitives.ReadUInt64BigEndian(output);
            if (remainder == 0 || candidate < 0 - remainder)
            {
                return (candidate % count, attempt);
            }
        }
    }

    /// <summary>The number that three ten-sided dice show, in the order thrown: the dice are the index.</summary>
    /// <param name="dice">Three digits 0 to 9.</param>
    /// <returns>0 to 999.</returns>
    /// <exception cref="ArgumentException">There are not three digits.</exception>
    public static int DiceIndex(IReadOnlyList<int> dice)
    {
        ArgumentNullException.ThrowIfNull(dice);
        return dice is [>= 0 and <= 9, >= 0 and <= 9, >= 0 and <= 9]
            ? (dice[0] * 100) + (dice[1] * 10) + dice[2]
            : throw new ArgumentException("Three digits 0 to 9.", nameof(dice));
    }

    /// <summary>What is published of a panel before the draw: SHA-256 of its tickets, sorted and joined by line feeds.</summary>
    /// <param name="tickets">Tickets as lower-case hexadecimal.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string PanelHash(IEnumerable<string> tickets)
    {
        string[] sorted = [.. tickets];
        Array.Sort(sorted, StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', sorted))));
    }
}
