using System.Globalization;
using System.Text;

namespace Polyphony.Statistics.Duplicates;

/// <summary>What of a text decides whether two of them may say the same: its letters in pieces, its numbers and its negations.</summary>
internal sealed class TextMarks
{
    private const string HanNumbers = "〇零一二两兩三四五六七八九十百千万萬亿億半";
    private const string HanNegations = "不没沒無无非未勿反";

    private static readonly HashSet<string> NumberWords = new(
        ("two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million billion half third quarter double twice "
        + "deux trois quatre cinq sept huit neuf dix onze douze vingt trente quarante cinquante cent mille million millions milliard moitié tiers quart "
        + "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend million millionen milliarde hälfte halb drittel viertel "
        + "dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cien ciento mil millón millones mitad tercio").Split(' '),
        StringComparer.Ordinal);

    private static readonly HashSet<string> Negations = new(
        ("not no never none nothing nobody neither nor without cannot against stop ban "
        + "ne n pas jamais aucun aucune rien personne sans non ni contre "
        + "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne nein gegen "
        + "nunca jamás sin ningún ninguno ninguna nada nadie tampoco contra "
        + "não nem sem nenhum nenhuma mai senza nessun nessuno nessuna niet geen nooit zonder niemand tegen "
        + "لا لم لن ليس ليست غير بدون ضد не нет ни без никогда против").Split(' '),
        StringComparer.Ordinal);

    private TextMarks(SortedDictionary<string, int> pieces, string[] numbers, int negations) => (Pieces, Numbers, NegationCount) = (pieces, numbers, negations);

    /// <summary>Pieces of the text with their number, in ordinal order.</summary>
    public SortedDictionary<string, int> Pieces { get; }

    /// <summary>The numbers in it, sorted.</summary>
    public string[] Numbers { get; }

    public int NegationCount { get; }

    public static TextMarks Of(string text)
    {
        var words = Words(text);
        List<string> numbers = [];
        var negations = 0;
        foreach (var word in words)
        {
            if (char.IsAsciiDigit(word[0]) || NumberWords.Contains(word))
                numbers.Add(word);
            negations += Negations.Contains(word) ? 1 : 0;
            numbers.AddRange(word.Where(letter => HanNumbers.Contains(letter, StringComparison.Ordinal)).Select(letter => letter.ToString()));
            negations += word.Count(letter => HanNegations.Contains(letter, StringComparison.Ordinal));
        }
        numbers.Sort(StringComparer.Ordinal);
        return new TextMarks(PiecesOf(words), [.. numbers], negations);
    }

    /// <summary>Lower case, digits of every script as 0 to 9, numbers without separators between thousands, contracted negations as words of their own, nothing but letters and numbers.</summary>
    private static List<string> Words(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var letters = text.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
        for (var i = 0; i < letters.Length; i++)
        {
            var letter = letters[i];
            if (char.IsDigit(letter))
            {
                if (word.Length > 0 && !char.IsAsciiDigit(word[^1]))
                    End();
                word.Append((char)('0' + (int)CharUnicodeInfo.GetNumericValue(letter)));
            }
            else if (letter is '.' or ',' or '\u00a0' or '\u202f' && word.Length > 0 && char.IsAsciiDigit(word[0]) && i + 1 < letters.Length && char.IsDigit(letters[i + 1]))
            {
                // 1,000 and 1.000 are one number; 2.5 and 25 are not.
                var digits = i + 1;
                while (digits < letters.Length && char.IsDigit(letters[digits]))
                    digits++;
                if (digits - i - 1 != 3)
                    word.Append('.');
            }
            else if (letter is '\'' or '’')
            {
                if (word.Length > 1 && word[^1] == 'n' && i + 1 < letters.Length && letters[i + 1] == 't')
                {
                    word.Length--;
                    End();
                    words.Add("not");
                    i++;
                }
                else
                    End();
            }
            else if (char.IsLetter(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                if (word.Length > 0 && char.IsAsciiDigit(word[0]))
                    End();
                word.Append(letter);
            }
            else
                End();
        }
        End();
        return words;
    }

    /// <summary>Three to five characters across words; one to three where a character is about a word, as in Chinese.</summary>
    private static SortedDictionary<string, int> PiecesOf(List<string> words)
    {
        var line = " " + string.Join(' ', words) + " ";
        var isDense = line.Count(letter => letter is >= '\u3040' and <= '\u9fff' or >= '\uac00' and <= '\ud7af') * 2 > line.Count(char.IsLetter);
        var (least, most) = isDense ? (1, 3) : (3, 5);
        SortedDictionary<string, int> pieces = new(StringComparer.Ordinal);
        for (var length = least; length <= most; length++)
        {
            for (var from = 0; from + length <= line.Length; from++)
            {
                var piece = line.Substring(from, length);
                if (piece.AsSpan().IndexOfAnyExcept(' ') >= 0)
                    pieces[piece] = pieces.GetValueOrDefault(piece) + 1;
            }
        }
        return pieces;
    }
}
