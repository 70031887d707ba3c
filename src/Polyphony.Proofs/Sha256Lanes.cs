using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Polyphony.Proofs;

/// <summary>SHA-256 (FIPS 180-4) of many short messages, eight at a time in the lanes of a vector.</summary>
/// <remarks>A register has a million rows, each with a ticket, a leaf, a node and a position: one call a hash costs more than the hash.
/// Vectors are the portable ones, so every machine gets the same digests, only more slowly where it has no 256-bit registers.</remarks>
public static class Sha256Lanes
{
    private const int Lanes = 8;
    private const int Block = 64;

    private static readonly uint[] Start = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static readonly uint[] Rounds =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Writes a message into a buffer and gives its length in bytes.</summary>
    /// <param name="index">Which message, from 0.</param>
    /// <param name="buffer">Room for <c>longest</c> bytes.</param>
    /// <returns>The message's length.</returns>
    public delegate int Message(int index, Span<byte> buffer);

    /// <summary>Takes a digest.</summary>
    /// <param name="index">Which message.</param>
    /// <param name="digest">32 bytes, valid during the call only.</param>
    public delegate void Digest(int index, ReadOnlySpan<byte> digest);

    /// <summary>Hashes messages 0 to count − 1, in order.</summary>
    /// <param name="count">How many.</param>
    /// <param name="longest">The greatest length of a message in bytes.</param>
    /// <param name="message">Writes a message.</param>
    /// <param name="digest">Takes its digest.</param>
    public static void Run(int count, int longest, Message message, Digest digest)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(digest);
        Run(count, longest, message, digest, Start, 0);
    }

    /// <summary>HMAC-SHA256 (RFC 2104) of messages under one key.</summary>
    /// <param name="key">At most 64 bytes.</param>
    /// <param name="count">How many messages.</param>
    /// <param name="longest">The greatest length of a message in bytes.</param>
    /// <param name="message">Writes a message.</param>
    /// <param name="digest">Takes its code of 32 bytes.</param>
    public static void Hmac(ReadOnlySpan<byte> key, int count, int longest, Message message, Digest digest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, Block);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(digest);
        uint[] inner = Pad(key, 0x36);
        uint[] outer = Pad(key, 0x5c);
        const int chunk = 1024;
        byte[] codes = new byte[chunk * 32];
        for (int from = 0; from < count; from += chunk)
        {
            int first = from;
            int part = Math.Min(chunk, count - from);
            Run(part, longest, (i, buffer) => message(first + i, buffer), (i, code) => code.CopyTo(codes.AsSpan(i * 32)), inner, Block);
            Run(part, 32, (i, buffer) =>
            {
                codes.AsSpan(i * 32, 32).CopyTo(buffer);
                return 32;
            }, (i, code) => digest(first + i, code), outer, Block);
        }
    }

    /// <summary>The state after a block of the key and a pad.</summary>
    private static uint[] Pad(ReadOnlySpan<byte> key, byte pad)
    {
        byte[] blocks = new byte[Lanes * Block];
        blocks.AsSpan(0, Block).Fill(pad);
        for (int i = 0; i < key.Length; i++)
        {
            blocks[i] ^= key[i];
        }

        Vector256<uint>[] state = [.. Start.Select(Vector256.Create)];
        Compress(state, blocks, Block, 0);
        return [.. state.Select(word => word[0])];
    }

    private static void Run(int count, int longest, Message message, Digest digest, uint[] start, int before)
    {
        int blocks = (longest + 9 + Block - 1) / Block;
        int stride = blocks * Block;
        byte[] buffer = new byte[Lanes * stride];
        Vector256<uint>[] state = new Vector256<uint>[8];
        Span<int> used = stackalloc int[Lanes];
        Span<byte> digests = stackalloc byte[Lanes * 32];
        for (int from = 0; from < count; from += Lanes)
        {
            int lanes = Math.Min(Lanes, count - from);
            int most = 0;
            for (int lane = 0; lane < lanes; lane++)
            {
                Span<byte> own = buffer.AsSpan(lane * stride, stride);
                int length = message(from + lane, own[..longest]);
                used[lane] = (length + 9 + Block - 1) / Block;
                own[length..(used[lane] * Block)].Clear();
                own[length] = 0x80;
                BinaryPrimitives.WriteUInt64BigEndian(own[((used[lane] * Block) - 8)..], (ulong)(before + length) * 8);
                most = Math.Max(most, used[lane]);
            }

            for (int word = 0; word < 8; word++)
            {
                state[word] = Vector256.Create(start[word]);
            }

            for (int block = 0; block < most; block++)
            {
                Compress(state, buffer, stride, block * Block);

                // A lane whose message ends here is kept; what follows in it is of the longer ones only.
                ReadOnlySpan<uint> words = MemoryMarshal.Cast<Vector256<uint>, uint>(state.AsSpan());
                for (int lane = 0; lane < lanes; lane++)
                {
                    if (used[lane] == block + 1)
                    {
                        Span<byte> own = digests.Slice(lane * 32, 32);
                        for (int word = 0; word < 8; word++)
                        {
                            BinaryPrimitives.WriteUInt32BigEndian(own[(word * 4)..], words[(word * Lanes) + lane]);
                        }
                    }
                }
            }

            for (int lane = 0; lane < lanes; lane++)
            {
                digest(from + lane, digests.Slice(lane * 32, 32));
            }
        }

        CryptographicOperations.ZeroMemory(buffer);
    }

    /// <summary>One block of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(Vector256<uint>[] state, byte[] data, int stride, int offset)
    {
        Span<Vector256<uint>> schedule = stackalloc Vector256<uint>[64];
        for (int t = 0; t < 16; t++)
        {
            int at = offset + (t * 4);
            schedule[t] = Vector256.Create(
                Word(data, at), Word(data, at + stride), Word(data, at + (2 * stride)), Word(data, at + (3 * stride)),
                Word(data, at + (4 * stride)), Word(data, at + (5 * stride)), Word(data, at + (6 * stride)), Word(data, at + (7 * stride)));
        }

        for (int t = 16; t < 64; t++)
        {
            Vector256<uint> two = schedule[t - 2];
            Vector256<uint> fifteen = schedule[t - 15];
            schedule[t] = schedule[t - 16] + (Turn(fifteen, 7) ^ Turn(fifteen, 18) ^ (fifteen >>> 3)) + schedule[t - 7] + (Turn(two, 17) ^ Turn(two, 19) ^ (two >>> 10));
        }

        Vector256<uint> a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t++)
        {
            Vector256<uint> first = h + (Turn(e, 6) ^ Turn(e, 11) ^ Turn(e, 25)) + ((e & f) ^ Vector256.AndNot(g, e)) + Vector256.Create(Rounds[t]) + schedule[t];
            Vector256<uint> second = (Turn(a, 2) ^ Turn(a, 13) ^ Turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + first;
            d = c;
            c = b;
            b = a;
            a = first + second;
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Turn(Vector256<uint> word, int bits) => (word >>> bits) | (word << (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(byte[] data, int at) => BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(at));
}
