using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Findings;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>SHA-256 over everything that a map says, without names of people or statements.</summary>
internal sealed class MapHash
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);

    public static string Of(
        CoVotes sums, int[] order, PrincipalPair pair, PointGrid grid, short[] groupOf, byte[] foundAgain, ImmutableArray<StableGroup> groups, Consensus consensus)
    {
        var writer = new MapHash();
        writer._bytes.Write("polyphony opinion map 1"u8);
        writer.Write(order.Length);
        var place = new Dictionary<int, int>();
        for (var i = 0; i < order.Length; i++)
        {
            var tally = sums.TallyOf(order[i]);
            writer.Write(tally.Agrees);
            writer.Write(tally.Disagrees);
            writer.Write(tally.Votes);
            writer.Write(pair.Vectors[0][i]);
            writer.Write(pair.Vectors[1][i]);
            place[order[i]] = i;
        }
        writer.Write(pair.Values[0]);
        writer.Write(pair.Values[1]);
        writer.Write(groups.Length);
        foreach (var group in groups)
        {
            writer.Write(group.Size);
            writer.Write(group.Stability);
            foreach (var statement in group.Representative)
            {
                writer.Write(place[statement.Statement]);
                writer.Write((int)statement.Side);
                writer.Write(statement.Metric);
            }
        }
        foreach (var statement in consensus.Agree.Concat(consensus.Disagree))
        {
            writer.Write(place[statement.Statement]);
            writer.Write(statement.Score);
        }
        People(writer, grid, groupOf, foundAgain, groups.Length);
        return Convert.ToHexStringLower(SHA256.HashData(writer._bytes.WrittenSpan));
    }

    /// <summary>How many people stand in each cell, by group and by how often they were found again: people have no order.</summary>
    private static void People(MapHash writer, PointGrid grid, short[] groupOf, byte[] foundAgain, int groups)
    {
        var again = new int[groups * (PartSamples.Number + 1)];
        for (var person = 0; person < groupOf.Length; person++)
        {
            if (groupOf[person] >= 0)
                again[(groupOf[person] * (PartSamples.Number + 1)) + foundAgain[person]]++;
        }
        foreach (var people in again)
            writer.Write(people);
        writer.Write(grid.CellSide);
        for (var place = 0; place < grid.Occupied.Length; place++)
        {
            writer.Write(grid.Occupied[place]);
            writer.Write(grid.Weights[place]);
        }
    }

    private void Write(int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), number);
        _bytes.Advance(4);
    }

    private void Write(double number)
    {
        // A nought has two signs, which mean the same.
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(8), BitConverter.DoubleToInt64Bits(number + 0.0));
        _bytes.Advance(8);
    }
}
