using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>
/// An order of statements that follows from their votes alone, so that other names and other rows give the same bits: by votes, agrees, disagrees, and a fingerprint of what a statement has in common with each other.
/// Statements that are equal in all of it are as good as interchangeable: most of them have the same votes of the same people, and then their order changes no number.
/// </summary>
internal static class CanonicalOrder
{
    public static int[] Of(CoVotes votes, IReadOnlyList<Statement> statements, int threads)
    {
        int[] counted = [.. Enumerable.Range(0, statements.Count).Where(i => statements[i].Counts && votes.TallyOf(i).Votes > 0)];
        var own = new ulong[statements.Count];
        var isCounted = new bool[statements.Count];
        foreach (var i in counted)
        {
            var tally = votes.TallyOf(i);
            own[i] = Mix(((ulong)(uint)tally.Votes << 32) ^ (uint)tally.Agrees ^ Mix((uint)tally.Disagrees));
            isCounted[i] = true;
        }
        var prints = new ulong[statements.Count];
        // Two statements change both their prints: each thread keeps its own, and sums have no order.
        var gate = new Lock();
        Parallel.For(0, counted.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new ulong[statements.Count], (at, _, local) =>
        {
            Print(counted[at], votes.PairsFrom(counted[at]), isCounted, own, local);
            return local;
        }, local =>
        {
            lock (gate)
            {
                for (var i = 0; i < prints.Length; i++)
                    prints[i] += local[i];
            }
        });
        return [.. counted.OrderByDescending(i => votes.TallyOf(i).Votes).ThenByDescending(i => votes.TallyOf(i).Agrees).ThenByDescending(i => votes.TallyOf(i).Disagrees).ThenBy(i => prints[i])];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Print(int first, ReadOnlySpan<Vector128<int>> pairs, bool[] isCounted, ulong[] own, ulong[] prints)
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            var second = first + 1 + i;
            if (!isCounted[second])
                continue;
            var pair = pairs[i];
            var both = ((ulong)(uint)pair[0] << 32) ^ (uint)pair[3];
            ulong one = (uint)pair[1], other = (uint)pair[2];
            prints[first] += Mix(both ^ Mix(own[second] ^ (one << 32) ^ other));
            prints[second] += Mix(both ^ Mix(own[first] ^ (other << 32) ^ one));
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (z ^ (z >> 31)) + 0x9E3779B97F4A7C15UL;
    }
}
