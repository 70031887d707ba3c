using System.Collections.Immutable;

namespace Polyphony.Statistics.Topics;

/// <summary>One person's vote on one statement.</summary>
/// <param name="Statement">Its index.</param>
/// <param name="Vote">1 agree, 0 pass, −1 disagree.</param>
public readonly record struct StatementVote(int Statement, int Vote);

/// <summary>Statements that belong together.</summary>
/// <param name="Question">The question of the table that they answer, or <see langword="null"/> for a topic that votes alone show.</param>
/// <param name="Statements">By index.</param>
/// <param name="Cohesion">Mean similarity of its pairs, 0 to 1; <see langword="null"/> of a single statement.</param>
public sealed record StatementTopic(string? Question, ImmutableArray<int> Statements, double? Cohesion);

/// <summary>Topics without reading a word: by the question that a table was asked, and by who votes alike on what.</summary>
/// <remarks>
/// Two statements are similar when votes on one tell votes on the other, with or against: the absolute correlation of the votes of those who voted on both (a statement and its opposite have one topic), 0 where fewer
/// than <see cref="LeastVoters"/> did. Translations need nothing else. Statements with a question belong to it. Others are joined, the most similar groups first, by mean similarity of their pairs, and then join the question
/// they are most similar to, if they are. Whole numbers decide (similarities in billionths), ties by the lowest index.
/// </remarks>
public static class StatementTopics
{
    /// <summary>People who must have voted on both of two statements.</summary>
    public const int LeastVoters = 20;

    /// <summary>Mean similarity from which groups are joined.</summary>
    public const double LeastSimilarity = 0.3;

    internal const long Scale = 1_000_000_000;

    /// <summary>Proposes topics.</summary>
    /// <param name="statements">Number of statements, 0 or more.</param>
    /// <param name="votes">Per person the votes, each statement once.</param>
    /// <param name="questions">Per statement the question it answers, or <see langword="null"/>; without the list no statement has one.</param>
    /// <param name="leastVoters">People who must have voted on both of two statements, 2 or more.</param>
    /// <param name="least">Mean similarity from which groups are joined, above 0 and at most 1.</param>
    /// <returns>Topics, the largest first, then by the lowest index; each statement in one of them.</returns>
    /// <exception cref="ArgumentException">A statement that is not there or named twice by one person, another vote, or a list of questions of another length.</exception>
    public static ImmutableArray<StatementTopic> Of(
        int statements, IReadOnlyList<IReadOnlyCollection<StatementVote>> votes, IReadOnlyList<string?>? questions = null, int leastVoters = LeastVoters, double least = LeastSimilarity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(statements);
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentOutOfRangeException.ThrowIfLessThan(leastVoters, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, 1);
        if (questions is not null && questions.Count != statements)
            throw new ArgumentException("One question, or none, for each statement.", nameof(questions));
        var similar = VoteSimilarity.Of(statements, votes, leastVoters);
        var threshold = (long)Math.Ceiling(least * Scale);
        var asked = Enumerable.Range(0, statements).Where(statement => questions?[statement] is not null)
            .GroupBy(statement => questions![statement]!, StringComparer.Ordinal).Select(group => (Question: (string?)group.Key, Members: group.ToList())).ToList();
        var free = Join([.. Enumerable.Range(0, statements).Where(statement => questions?[statement] is null)], similar, threshold);
        List<(string? Question, List<int> Members)> topics = [.. asked.Select(topic => (topic.Question, topic.Members.ToList()))];
        foreach (var group in free)
        {
            var best = -1;
            for (var topic = 0; topic < asked.Count; topic++)
            {
                if (Reaches(group, asked[topic].Members, similar, threshold) && (best < 0 || IsNearer(group, asked[topic].Members, asked[best].Members, similar)))
                    best = topic;
            }
            if (best >= 0)
                topics[best].Members.AddRange(group);
            else
                topics.Add((null, group));
        }
        return [.. topics.Select(topic => (topic.Question, Members: topic.Members.Order().ToImmutableArray())).OrderByDescending(topic => topic.Members.Length).ThenBy(topic => topic.Members[0])
            .Select(topic => new StatementTopic(topic.Question, topic.Members, Cohesion(topic.Members, similar)))];
    }

    private static List<List<int>> Join(int[] statements, long[,] similar, long threshold)
    {
        var count = statements.Length;
        List<int>?[] groups = [.. statements.Select(statement => new List<int> { statement })];
        var sums = new long[count, count];
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
                sums[a, b] = similar[statements[a], statements[b]];
        }
        while (true)
        {
            var (first, second) = (-1, -1);
            for (var a = 0; a < count; a++)
            {
                for (var b = a + 1; b < count && groups[a] is not null; b++)
                {
                    // Means of pairs, compared as whole numbers.
                    if (groups[b] is null || sums[a, b] < threshold * groups[a]!.Count * groups[b]!.Count)
                        continue;
                    if (first < 0 || (Int128)sums[a, b] * groups[first]!.Count * groups[second]!.Count > (Int128)sums[first, second] * groups[a]!.Count * groups[b]!.Count)
                        (first, second) = (a, b);
                }
            }
            if (first < 0)
                return [.. groups.OfType<List<int>>()];
            groups[first]!.AddRange(groups[second]!);
            groups[second] = null;
            for (var other = 0; other < count; other++)
            {
                sums[first, other] += sums[second, other];
                sums[other, first] = sums[first, other];
            }
        }
    }

    private static long Sum(List<int> first, List<int> second, long[,] similar) => first.Sum(a => second.Sum(b => similar[a, b]));

    private static bool Reaches(List<int> group, List<int> topic, long[,] similar, long threshold) => Sum(group, topic, similar) >= threshold * group.Count * topic.Count;

    private static bool IsNearer(List<int> group, List<int> topic, List<int> than, long[,] similar) => (Int128)Sum(group, topic, similar) * than.Count > (Int128)Sum(group, than, similar) * topic.Count;

    private static double? Cohesion(ImmutableArray<int> members, long[,] similar) => members.Length < 2 ? null
        : (double)members.Sum(a => members.Where(b => b != a).Sum(b => similar[a, b])) / Scale / ((double)members.Length * (members.Length - 1));
}
