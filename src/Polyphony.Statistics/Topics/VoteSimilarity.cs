using System.Numerics;

namespace Polyphony.Statistics.Topics;

/// <summary>How far votes on one statement tell votes on another, by counts of those who voted on both.</summary>
internal static class VoteSimilarity
{
    /// <returns>For every two statements the absolute correlation of votes in billionths; 0 for too few voters, for votes that are all alike, and of a statement with itself.</returns>
    public static long[,] Of(int statements, IReadOnlyList<IReadOnlyCollection<StatementVote>> votes, int leastVoters)
    {
        var words = (votes.Count + 63) / 64;
        ulong[][] agree = [.. Enumerable.Range(0, statements).Select(_ => new ulong[words])];
        ulong[][] disagree = [.. Enumerable.Range(0, statements).Select(_ => new ulong[words])];
        ulong[][] seen = [.. Enumerable.Range(0, statements).Select(_ => new ulong[words])];
        for (var person = 0; person < votes.Count; person++)
        {
            var (word, bit) = (person / 64, 1UL << (person % 64));
            foreach (var (statement, vote) in votes[person])
            {
                if (statement < 0 || statement >= statements || vote is < -1 or > 1 || (seen[statement][word] & bit) != 0)
                    throw new ArgumentException($"Person {person} votes {vote} on statement {statement}, which is no vote, not there, or voted on twice.", nameof(votes));
                seen[statement][word] |= bit;
                if (vote != 0)
                    (vote > 0 ? agree : disagree)[statement][word] |= bit;
            }
        }
        var similar = new long[statements, statements];
        for (var a = 0; a < statements; a++)
        {
            for (var b = a + 1; b < statements; b++)
            {
                long voters = 0, sumA = 0, sumB = 0, squaresA = 0, squaresB = 0, products = 0;
                for (var word = 0; word < words; word++)
                {
                    var both = seen[a][word] & seen[b][word];
                    if (both == 0)
                        continue;
                    var (yesA, noA, yesB, noB) = (agree[a][word] & both, disagree[a][word] & both, agree[b][word] & both, disagree[b][word] & both);
                    voters += BitOperations.PopCount(both);
                    sumA += BitOperations.PopCount(yesA) - BitOperations.PopCount(noA);
                    sumB += BitOperations.PopCount(yesB) - BitOperations.PopCount(noB);
                    squaresA += BitOperations.PopCount(yesA | noA);
                    squaresB += BitOperations.PopCount(yesB | noB);
                    products += BitOperations.PopCount((yesA & yesB) | (noA & noB)) - BitOperations.PopCount((yesA & noB) | (noA & yesB));
                }
                var spread = (Int128)((voters * squaresA) - (sumA * sumA)) * ((voters * squaresB) - (sumB * sumB));
                if (voters >= leastVoters && spread > 0)
                    similar[a, b] = similar[b, a] = (long)Math.Round(StatementTopics.Scale * Math.Min(1, Math.Abs((double)((voters * products) - (sumA * sumB))) / Math.Sqrt((double)spread)));
            }
        }
        return similar;
    }
}
