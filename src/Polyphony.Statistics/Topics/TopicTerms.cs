using System.Collections.Immutable;
using System.Text;

namespace Polyphony.Statistics.Topics;

/// <summary>The words of a statement.</summary>
/// <param name="Language">A language code, such as <c>en</c>.</param>
/// <param name="Text">The words.</param>
public sealed record TopicText(string Language, string Text);

/// <summary>Words that stand in the statements of a topic and less elsewhere, so that people can tell topics apart at a glance.</summary>
/// <remarks>
/// Class-based tf-idf on statements, in fractions: of a topic's statements s with the word and of all statements d with it, s²/d is the share of the topic that has it times the share of it that the topic has. A word must stand in two statements of the
/// topic and half as often again as in the others; a word of every statement is not more common in one topic. Words that name nothing are left out in languages of which a list is kept (English and French). A word and the same with one or two letters more
/// (plural, feminine) are one, written as the topic mostly writes it. Where words are not parted by spaces none is found, and none of a topic that has a single statement. Ties by the longer word, then by its letters.
/// </remarks>
public static class TopicTerms
{
    /// <summary>Shorter words say little.</summary>
    public const int LeastLetters = 3;

    /// <summary>The same where nothing else tells words that name nothing.</summary>
    public const int LeastLettersWithoutList = 5;

    private const int LeastStem = 4;

    /// <summary>Finds the words.</summary>
    /// <param name="statements">All statements.</param>
    /// <param name="topic">Indices of those that belong to the topic.</param>
    /// <param name="most">How many words at most.</param>
    /// <returns>The words in small letters, those first that tell most.</returns>
    public static ImmutableArray<string> Of(IReadOnlyList<TopicText> statements, IReadOnlyCollection<int> topic, int most = 4)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentNullException.ThrowIfNull(topic);
        string[][] words = [.. statements.Select(statement => Words(statement).Distinct(StringComparer.Ordinal).ToArray())];
        HashSet<string> known = new(words.SelectMany(own => own), StringComparer.Ordinal);
        var all = Counts(words.Select(own => own.Select(word => Stem(word, known))));
        var inside = Counts(topic.Select(index => words[index].Select(word => Stem(word, known))));
        var forms = topic.SelectMany(index => words[index]).GroupBy(word => word, StringComparer.Ordinal).GroupBy(form => Stem(form.Key, known), StringComparer.Ordinal)
            .ToDictionary(stem => stem.Key, stem => stem.OrderByDescending(form => form.Count()).ThenBy(form => form.Key.Length).ThenBy(form => form.Key, StringComparer.Ordinal).First().Key, StringComparer.Ordinal);
        long size = topic.Count, others = Math.Max(1, statements.Count - topic.Count);
        return
        [
            .. inside.Select(stem => (Word: forms[stem.Key], Here: stem.Value, There: all[stem.Key] - stem.Value))
                .Where(word => word.Here >= 2 && 2 * word.Here * others >= 3 * word.There * size)
                .OrderByDescending(word => (double)word.Here * word.Here / (word.Here + word.There)).ThenByDescending(word => word.Word.Length).ThenBy(word => word.Word, StringComparer.Ordinal)
                .Take(most).Select(word => word.Word),
        ];
    }

    /// <summary>In how many statements each word stands.</summary>
    private static Dictionary<string, long> Counts(IEnumerable<IEnumerable<string>> statements) => statements.SelectMany(words => words.Distinct(StringComparer.Ordinal))
        .GroupBy(word => word, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (long)group.Count(), StringComparer.Ordinal);

    /// <summary>The shortest word from which this one differs by a letter or two at its end.</summary>
    private static string Stem(string word, HashSet<string> known)
    {
        for (var letters = 2; letters > 0; letters--)
        {
            if (word.Length - letters >= LeastStem && known.Contains(word[..^letters]))
                return Stem(word[..^letters], known);
        }
        return word;
    }

    private static IEnumerable<string> Words(TopicText statement)
    {
        var fillers = FillerWords.Of(statement.Language);
        var least = fillers.Count > 0 ? LeastLetters : LeastLettersWithoutList;
        var word = new StringBuilder();
        foreach (var rune in (statement.Text.Normalize(NormalizationForm.FormC) + " ").EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else
            {
                if (word.Length >= least && !fillers.Contains(word.ToString()))
                    yield return word.ToString();
                word.Clear();
            }
        }
    }
}
