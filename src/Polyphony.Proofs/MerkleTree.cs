using System.Security.Cryptography;

namespace Polyphony.Proofs;

/// <summary>The Merkle tree of RFC 6962, section 2.1, with SHA-256.</summary>
public static class MerkleTree
{
    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ data).</summary>
    /// <param name="data">The leaf's bytes.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] LeafHash(ReadOnlySpan<byte> data) => SHA256.HashData([0, .. data]);

    /// <summary>The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).</summary>
    /// <param name="left">32 bytes.</param>
    /// <param name="right">32 bytes.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    /// <summary>The root over leaf hashes.</summary>
    /// <param name="leaves">Leaf hashes in order.</param>
    /// <returns>32 bytes; the hash of nothing for no leaves.</returns>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => SHA256.HashData([]),
        1 => leaves[0],
        _ => NodeHash(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
    };

    /// <summary>The audit path of a leaf, from the bottom to the top.</summary>
    /// <param name="leaves">Leaf hashes in order.</param>
    /// <param name="index">The leaf, from 0.</param>
    /// <returns>Hashes of 32 bytes.</returns>
    public static IReadOnlyList<byte[]> InclusionProof(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        if (leaves.Length == 1)
        {
            return [];
        }

        int split = Split(leaves.Length);
        return index < split
            ? [.. InclusionProof(leaves[..split], index), Root(leaves[split..])]
            : [.. InclusionProof(leaves[split..], index - split), Root(leaves[..split])];
    }

    /// <summary>Checks an audit path (RFC 9162, section 2.1.3.2).</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Its index.</param>
    /// <param name="size">Number of leaves.</param>
    /// <param name="proof">The path.</param>
    /// <param name="root">The root that is claimed.</param>
    /// <returns>Whether the leaf is in the tree at that place.</returns>
    public static bool Verify(ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size)
        {
            return false;
        }

        long fn = index;
        long sn = size - 1;
        byte[] hash = leaf.ToArray();
        foreach (byte[] step in proof)
        {
            if (sn == 0 || step.Length != 32)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                hash = NodeHash(step, hash);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                hash = NodeHash(hash, step);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>The proof that a tree of <paramref name="first"/> leaves is the beginning of this one (RFC 6962, section 2.1.2).</summary>
    /// <param name="leaves">All leaf hashes in order.</param>
    /// <param name="first">Leaves of the earlier tree, 1 to the number of leaves.</param>
    /// <returns>Hashes of 32 bytes; none when both trees are the same.</returns>
    public static IReadOnlyList<byte[]> ConsistencyProof(ReadOnlySpan<byte[]> leaves, int first)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, leaves.Length);
        return SubProof(leaves, first, true);
    }

    /// <summary>Checks a consistency proof (RFC 9162, section 2.1.4.2).</summary>
    /// <param name="first">Leaves of the earlier tree, 1 or more.</param>
    /// <param name="second">Leaves of the later tree.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="firstRoot">Root of the earlier tree.</param>
    /// <param name="secondRoot">Root of the later tree.</param>
    /// <returns>Whether the later tree begins with the earlier one. An earlier tree without leaves proves nothing: false.</returns>
    public static bool VerifyConsistency(long first, long second, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> firstRoot, ReadOnlySpan<byte> secondRoot)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (first < 1 || first > second || proof.Any(step => step.Length != 32))
        {
            return false;
        }

        if (first == second)
        {
            return proof.Count == 0 && firstRoot.SequenceEqual(secondRoot);
        }

        // Where the earlier tree is a whole subtree, its root is the first step and is left out of the proof.
        List<byte[]> path = (first & (first - 1)) == 0 ? [firstRoot.ToArray(), .. proof] : [.. proof];
        if (path.Count == 0)
        {
            return false;
        }

        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1)
        {
            fn >>= 1;
            sn >>= 1;
        }

        byte[] older = path[0];
        byte[] newer = path[0];
        foreach (byte[] step in path.Skip(1))
        {
            if (sn == 0)
            {
                return false;
            }

            if ((fn & 1) == 1 || fn == sn)
            {
                older = NodeHash(step, older);
                newer = NodeHash(step, newer);
                while ((fn & 1) == 0 && fn != 0)
                {
                    fn >>= 1;
                    sn >>= 1;
                }
            }
            else
            {
                newer = NodeHash(newer, step);
            }

            fn >>= 1;
            sn >>= 1;
        }

        return sn == 0 && older.AsSpan().SequenceEqual(firstRoot) && newer.AsSpan().SequenceEqual(secondRoot);
    }

    private static IReadOnlyList<byte[]> SubProof(ReadOnlySpan<byte[]> leaves, int first, bool whole)
    {
        if (first == leaves.Length)
        {
            return whole ? [] : [Root(leaves)];
        }

        int split = Split(leaves.Length);
        return first <= split
            ? [.. SubProof(leaves[..split], first, whole), Root(leaves[split..])]
            : [.. SubProof(leaves[split..], first - split, false), Root(leaves[..split])];
    }

    /// <summary>The largest power of two below a size.</summary>
    private static int Split(int size)
    {
        int split = 1;
        while (split * 2 < size)
        {
            split *= 2;
        }

        return split;
    }
}
