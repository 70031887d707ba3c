using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Polyphony.Proofs;

namespace Polyphony.Sortition.Invitations;

/// <summary>The tickets of a register's rows, what the manifest says of them and where the draw puts them.</summary>
/// <remarks>A ticket follows from the row's id, and from a salt where there is one: the order of the rows has no influence. docs/draw-specification.md fixes every byte.</remarks>
public static class RegisterTickets
{
    /// <summary>Bytes of the longest id.</summary>
    public const int LongestId = 400;

    /// <summary>Tickets of many rows: the first 16 bytes, big-endian, of SHA-256(salt ‖ "register" ‖ 0x00 ‖ id).</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="salt">Nothing or 32 bytes, secret.</param>
    /// <param name="id">Writes a row's id, UTF-8, at most <see cref="LongestId"/> bytes, and gives its length.</param>
    /// <returns>One ticket a row.</returns>
    public static UInt128[] Of(int count, ReadOnlySpan<byte> salt, Sha256Lanes.Message id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Names(count, [.. salt, .. "register\0"u8], id);
    }

    /// <summary>What stands for the households of many rows: the first 16 bytes, big-endian, of SHA-256(salt ‖ "household" ‖ 0x00 ‖ household).</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="salt">Nothing or 32 bytes, secret.</param>
    /// <param name="household">Writes a row's household, UTF-8, at most <see cref="LongestId"/> bytes; nothing for one of its own.</param>
    /// <returns>One a row; 0 for a household of one's own.</returns>
    public static UInt128[] Households(int count, ReadOnlySpan<byte> salt, Sha256Lanes.Message household)
    {
        ArgumentNullException.ThrowIfNull(household);
        bool[] own = new bool[count];
        UInt128[] names = Names(count, [.. salt, .. "household\0"u8], (i, buffer) =>
        {
            int length = household(i, buffer);
            own[i] = length == 0;
            return length;
        });
        for (int i = 0; i < count; i++)
        {
            names[i] = own[i] ? UInt128.Zero : names[i];
        }

        return names;
    }

    /// <summary>A ticket as text: 32 lower-case hexadecimal digits.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <returns>The text.</returns>
    public static string Text(UInt128 ticket) => ticket.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Rows in ascending order of their tickets.</summary>
    /// <param name="tickets">One a row.</param>
    /// <returns>Row indices; equal tickets stand together.</returns>
    public static int[] Ascending(UInt128[] tickets)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        return Ascending(tickets.Length, i => (ulong)(tickets[i] >> 64), (a, b) => tickets[a].CompareTo(tickets[b]));
    }

    /// <summary>The Merkle root of a register: rows ascending by ticket, leaf = canonical JSON <c>{"household":"…","stratum":n,"ticket":"…"}</c>.</summary>
    /// <param name="tickets">One a row.</param>
    /// <param name="strata">Each row's stratum, its position in the manifest's list.</param>
    /// <param name="households">Each row's household, 0 for one of its own, which is written as an empty string.</param>
    /// <param name="ascending">What <see cref="Ascending(UInt128[])"/> gave.</param>
    /// <returns>32 bytes, as <see cref="MerkleTree.Root"/> over the same leaves.</returns>
    public static byte[] Root(UInt128[] tickets, int[] strata, UInt128[] households, int[] ascending)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        ArgumentNullException.ThrowIfNull(strata);
        ArgumentNullException.ThrowIfNull(households);
        ArgumentNullException.ThrowIfNull(ascending);
        if (ascending.Length == 0)
        {
            return MerkleTree.Root([]);
        }

        byte[] level = new byte[ascending.Length * 32];
        Sha256Lanes.Run(ascending.Length, 118, (i, buffer) =>
        {
            int row = ascending[i];
            buffer[0] = 0;
            int at = 1 + Put(buffer[1..], "{\"household\":\""u8);
            if (households[row] != UInt128.Zero)
            {
                Hex(households[row], buffer[at..]);
                at += 32;
            }

            at += Put(buffer[at..], "\",\"stratum\":"u8);
            strata[row].TryFormat(buffer[at..], out int digits, default, CultureInfo.InvariantCulture);
            at += digits;
            at += Put(buffer[at..], ",\"ticket\":\""u8);
            Hex(tickets[row], buffer[at..]);
            at += 32;
            return at + Put(buffer[at..], "\"}"u8);
        }, (i, digest) => digest.CopyTo(level.AsSpan(i * 32)));

        // Level by level with the odd one carried up is RFC 6962's tree: the left part always holds the largest power of two.
        for (int size = ascending.Length; size > 1; size = (size + 1) / 2)
        {
            int pairs = size / 2;
            byte[] upper = new byte[((size + 1) / 2) * 32];
            byte[] lower = level;
            Sha256Lanes.Run(pairs, 65, (i, buffer) =>
            {
                buffer[0] = 1;
                lower.AsSpan(i * 64, 64).CopyTo(buffer[1..]);
                return 65;
            }, (i, digest) => digest.CopyTo(upper.AsSpan(i * 32)));
            if (size % 2 == 1)
            {
                lower.AsSpan((size - 1) * 32, 32).CopyTo(upper.AsSpan(pairs * 32));
            }

            level = upper;
        }

        return level[..32];
    }

    /// <summary>Rows in the order that the draw gives them: ascending by <see cref="Pd1.Position"/> of the ticket's text.</summary>
    /// <param name="key">32 bytes from <see cref="Pd1.Key"/>.</param>
    /// <param name="tickets">One a row.</param>
    /// <returns>Row indices, first drawn first.</returns>
    public static int[] Order(ReadOnlySpan<byte> key, UInt128[] tickets)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        ulong[] heads = new ulong[tickets.Length];

        // HKDF-Expand to 32 bytes is one HMAC over info ‖ 0x01.
        Sha256Lanes.Hmac(key, tickets.Length, 43, (i, buffer) =>
        {
            int at = Put(buffer, "PD1/order\0"u8);
            Hex(tickets[i], buffer[at..]);
            buffer[at + 32] = 1;
            return at + 33;
        }, (i, code) => heads[i] = BinaryPrimitives.ReadUInt64BigEndian(code));
        byte[] copy = key.ToArray();
        return Ascending(tickets.Length, i => heads[i], (a, b) =>
            Pd1.Position(copy, Text(tickets[a])).AsSpan().SequenceCompareTo(Pd1.Position(copy, Text(tickets[b]))));
    }

    private static UInt128[] Names(int count, byte[] prefix, Sha256Lanes.Message text)
    {
        UInt128[] names = new UInt128[count];
        Sha256Lanes.Run(count, prefix.Length + LongestId, (i, buffer) =>
        {
            prefix.CopyTo(buffer);
            return prefix.Length + text(i, buffer[prefix.Length..]);
        }, (i, digest) => names[i] = BinaryPrimitives.ReadUInt128BigEndian(digest));
        return names;
    }

    /// <summary>Sorts hashes by their first 64 bits; where those are equal, by the whole.</summary>
    private static int[] Ascending(int count, Func<int, ulong> head, Comparison<int> whole)
    {
        ulong[] heads = new ulong[count];
        int[] rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            heads[i] = head(i);
        }

        // Hashes spread evenly: with as many buckets as rows, a bucket holds one or two.
        int bits = Math.Clamp(31 - BitOperations.LeadingZeroCount((uint)Math.Max(1, count)), 1, 24);
        int[] ends = new int[(1 << bits) + 1];
        foreach (ulong value in heads)
        {
            ends[(int)(value >> (64 - bits)) + 1]++;
        }

        for (int i = 1; i < ends.Length; i++)
        {
            ends[i] += ends[i - 1];
        }

        int[] starts = ends[..^1];
        for (int i = 0; i < count; i++)
        {
            rows[starts[(int)(heads[i] >> (64 - bits))]++] = i;
        }

        Comparison<int> byHead = (a, b) => heads[a].CompareTo(heads[b]) is not 0 and var different ? different : whole(a, b);
        for (int i = 0; i < starts.Length; i++)
        {
            if (ends[i + 1] - ends[i] > 1)
            {
                rows.AsSpan(ends[i], ends[i + 1] - ends[i]).Sort(byHead);
            }
        }

        return rows;
    }

    private static int Put(Span<byte> buffer, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer);
        return text.Length;
    }

    private static void Hex(UInt128 ticket, Span<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, ticket);
        Convert.TryToHexStringLower(bytes, buffer, out _);
    }
}
