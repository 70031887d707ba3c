using System.Collections.Immutable;

namespace Polyphony.Statistics.Duplicates;

/// <summary>Why two alike texts are not proposed as saying the same.</summary>
public enum DuplicateBlock
{
    /// <summary>Nothing stands against it: a person may look at both.</summary>
    None = 0,

    /// <summary>Their numbers differ: "from 1 million" and "from 5 million".</summary>
    Numbers = 1,

    /// <summary>One denies more often than the other.</summary>
    Negation = 2,
}

/// <summary>Two texts that look alike.</summary>
/// <param name="First">The lower index.</param>
/// <param name="Second">The higher index.</param>
/// <param name="Similarity">0 to 1.</param>
/// <param name="Block">What stands against proposing them.</param>
public sealed record AlikeTexts(int First, int Second, double Similarity, DuplicateBlock Block);

/// <summary>Finds statements that may say the same, by their letters alone and in any language. Proposed to a person, never merged.</summary>
/// <remarks>
/// Cosine of pieces of 3 to 5 characters (1 to 3 in scripts where a character is about a word), weighted by how rare they are: tf × (ln((1 + N) / (1 + df)) + 1). Letters cannot tell a wealth tax from 1 million
/// from one from 5 (similarity .99 in a real conversation), so other numbers and other negations block; that also holds back some pairs that mean the same.
/// </remarks>
public static class NearDuplicates
{
    /// <summary>A third of the statements that moderators rejected in real conversations have an accepted twin above this.</summary>
    public const double LeastSimilarity = 0.4;

    /// <summary>Compares every two texts.</summary>
    /// <param name="texts">The texts; an empty one is like nothing.</param>
    /// <param name="least">Least similarity, above 0 and at most 1.</param>
    /// <returns>Alike pairs, blocked ones among them, the most alike first, then by index.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The least similarity is not above 0 or is above 1.</exception>
    public static ImmutableArray<AlikeTexts> Of(IReadOnlyList<string> texts, double least = LeastSimilarity)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, 1);
        TextMarks[] marks = [.. texts.Select(TextMarks.Of)];
        Dictionary<string, List<(int Text, double Weight)>> postings = new(StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            foreach (var piece in mark.Pieces.Keys)
                postings.TryAdd(piece, []);
        }
        var texted = marks.SelectMany(mark => mark.Pieces.Keys).GroupBy(piece => piece, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var weights = new (string Piece, double Weight)[marks.Length][];
        for (var text = 0; text < marks.Length; text++)
        {
            weights[text] = Weights(marks[text], texted, marks.Length);
            foreach (var (piece, weight) in weights[text])
                postings[piece].Add((text, weight));
        }
        List<AlikeTexts> alike = [];
        var dot = new double[marks.Length];
        for (var first = 0; first < marks.Length; first++)
        {
            // Pieces come in ordinal order, so each pair's sum has the same bits whichever text comes first.
            Array.Clear(dot);
            foreach (var (piece, weight) in weights[first])
            {
                foreach (var (second, other) in postings[piece])
                    dot[second] += weight * other;
            }
            for (var second = first + 1; second < marks.Length; second++)
            {
                if (dot[second] >= least)
                    alike.Add(new AlikeTexts(first, second, Math.Min(1, dot[second]), Block(marks[first], marks[second])));
            }
        }
        return [.. alike.OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.First).ThenBy(pair => pair.Second)];
    }

    private static DuplicateBlock Block(TextMarks first, TextMarks second) =>
        !first.Numbers.SequenceEqual(second.Numbers) ? DuplicateBlock.Numbers
        : first.NegationCount != second.NegationCount ? DuplicateBlock.Negation
        : DuplicateBlock.None;

    private static (string Piece, double Weight)[] Weights(TextMarks mark, Dictionary<string, int> texted, int texts)
    {
        (string Piece, double Weight)[] weights = [.. mark.Pieces.Select(piece => (piece.Key, piece.Value * (Math.Log((1.0 + texts) / (1.0 + texted[piece.Key])) + 1)))];
        var length = Math.Sqrt(weights.Sum(piece => piece.Weight * piece.Weight));
        return [.. weights.Select(piece => (piece.Piece, piece.Weight / length))];
    }
}
