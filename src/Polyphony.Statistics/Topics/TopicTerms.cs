using System.Collections.Immutable;
using System.Text;

namespace Polyphony.Statistics.Topics;

/// <summary>Words that stand in the statements of a topic and hardly elsewhere, so that people can tell topics apart at a glance.</summary>
/// <remarks>
/// No list of words that do not count is needed, in no language: a word of every statement is not more common in one topic. A word must stand in two statements of the topic, in more of them than of all others, and three times as often. Where words are
/// not parted by spaces none is found, and none of a topic that has a single statement. Whole numbers decide, ties by the longer word, then by its letters.
/// </remarks>
public static class TopicTerms
{
    /// <summary>Shorter words say little.</summary>
    public const int LeastLetters = 4;

    private const int TimesAsOften = 3;

    /// <summary>Finds the words.</summary>
    /// <param name="statements">All statements, in one language as far as there are words in it.</param>
    /// <param name="topic">Indices of those that belong to the topic.</param>
    /// <param name="most">How many words at most.</param>
    /// <returns>The words in small letters, those first that tell most.</returns>
    public static ImmutableArray<string> Of(IReadOnlyList<string> statements, IReadOnlyCollection<int> topic, int most = 4)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentNullException.ThrowIfNull(topic);
        var inside = Counts(topic.Select(index => statements[index]));
        var outside = Counts(Enumerable.Range(0, statements.Count).Except(topic).Select(index => statements[index]));
        long size = topic.Count, others = Math.Max(1, statements.Count - topic.Count);
        return
        [
            .. inside.Select(word => (Word: word.Key, Here: word.Value * others, There: outside.GetValueOrDefault(word.Key) * size, Statements: word.Value, Elsewhere: outside.GetValueOrDefault(word.Key)))
                .Where(word => word.Statements >= 2 && word.Statements > word.Elsewhere && word.Here >= TimesAsOften * word.There)
                .OrderByDescending(word => word.Here - word.There).ThenByDescending(word => word.Word.Length).ThenBy(word => word.Word, StringComparer.Ordinal)
                .Take(most).Select(word => word.Word),
        ];
    }

    /// <summary>In how many statements each word stands.</summary>
    private static Dictionary<string, long> Counts(IEnumerable<string> statements) => statements.SelectMany(statement => Words(statement).Distinct(StringComparer.Ordinal))
        .GroupBy(word => word, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (long)group.Count(), StringComparer.Ordinal);

    private static IEnumerable<string> Words(string statement)
    {
        var word = new StringBuilder();
        foreach (var rune in (statement.Normalize(NormalizationForm.FormC) + " ").EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else
            {
                if (word.Length >= LeastLetters)
                    yield return word.ToString();
                word.Clear();
            }
        }
    }
}
