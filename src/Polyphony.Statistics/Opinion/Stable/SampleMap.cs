using System.Runtime.CompilerServices;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>The map without some of the statements, and how its groups meet those of the whole.</summary>
/// <param name="Places">Everybody's place among the occupied cells.</param>
/// <param name="Labels">Groups by place.</param>
/// <param name="Matches">For each k from 2: the group here that each group of the whole goes with.</param>
/// <param name="Overlaps">For each k from 2: people in both by people in either, by group of the whole.</param>
internal sealed record SampleMap(ushort[] Places, ulong[] Labels, int[][] Matches, Fraction[][] Overlaps)
{
    private const int Most = GridMeans.MostGroups;

    public static SampleMap Of(ushort[] wholePlaces, GridGroups whole, ushort[] places, GridGroups sample, bool[] isIn)
    {
        var both = Count(wholePlaces, whole.Labels, places, sample.Labels, isIn);
        var matches = new int[Most - 1][];
        var overlaps = new Fraction[Most - 1][];
        for (var k = 2; k <= Most; k++)
        {
            var table = both.AsSpan((k - 2) * Most * Most, Most * Most);
            matches[k - 2] = Match(table, k);
            overlaps[k - 2] = new Fraction[k];
            for (var group = 0; group < k; group++)
            {
                var other = matches[k - 2][group];
                int own = 0, its = 0;
                for (var i = 0; i < k; i++)
                {
                    own += table[(group * Most) + i];
                    its += table[(i * Most) + other];
                }
                var common = table[(group * Most) + other];
                overlaps[k - 2][group] = own == 0 ? 0 : new Fraction(common, own + its - common);
            }
        }
        return new SampleMap(places, sample.Labels, matches, overlaps);
    }

    public static int Label(ulong labels, int k) => (byte)(labels >> (8 * (k - 2)));

    /// <summary>People by group of the whole and group here, for each k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int[] Count(ushort[] wholePlaces, ulong[] whole, ushort[] places, ulong[] sample, bool[] isIn)
    {
        var both = new int[(Most - 1) * Most * Most];
        for (var person = 0; person < places.Length; person++)
        {
            if (!isIn[person])
                continue;
            // Byte for byte 8 · group of the whole + group here: both are below eight.
            var pairs = (whole[wholePlaces[person]] << 3) | sample[places[person]];
            for (var at = 0; at < both.Length; at += Most * Most)
            {
                both[at + (int)(pairs & 63)]++;
                pairs >>= 8;
            }
        }
        return both;
    }

    /// <summary>The pairing of groups with most people in common; of equal ones the first.</summary>
    private static int[] Match(ReadOnlySpan<int> table, int k)
    {
        // best[taken] is the most people in common when the first groups, as many as bits are set, go with those taken.
        var best = new long[1 << k];
        var last = new int[1 << k];
        Array.Fill(best, -1);
        best[0] = 0;
        for (var taken = 0; taken < 1 << k; taken++)
        {
            var group = int.PopCount(taken);
            for (var other = 0; other < k && best[taken] >= 0; other++)
            {
                var next = taken | (1 << other);
                if (next != taken && best[taken] + table[(group * Most) + other] > best[next])
                    (best[next], last[next]) = (best[taken] + table[(group * Most) + other], other);
            }
        }
        var match = new int[k];
        for (int group = k - 1, taken = (1 << k) - 1; group >= 0; group--)
        {
            match[group] = last[taken];
            taken &= ~(1 << last[taken]);
        }
        return match;
    }
}
