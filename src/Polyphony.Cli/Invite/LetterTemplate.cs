using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary>The text of a letter in one language: plain text, of which everything is written out as text, so that nothing in it can act.</summary>
/// <remarks>Paragraphs stand between blank lines. <c># </c> begins a heading, <c>&gt; </c> a paragraph that is set off, <c>{qr}</c> alone is the square to scan with the link beside it.
/// <c>{word}</c> stands for a value, <c>{{</c> for a brace.</remarks>
internal sealed partial class LetterTemplate
{
    public const string Qr = "qr";

    /// <summary>What a template may name besides the columns of the register.</summary>
    public static readonly IReadOnlyList<string> OwnWords = [Qr, "link", "code", "letter", "name", "sender", "question", "contact", "by"];

    private readonly IReadOnlyList<Block> blocks;

    private LetterTemplate(string name, string language, string text, IReadOnlyList<Block> blocks) => (Name, Language, Text, this.blocks) = (name, language, text, blocks);

    /// <summary>Its file, for messages.</summary>
    public string Name { get; }

    /// <summary>A tag such as <c>fr</c> or <c>fr-CH</c>.</summary>
    public string Language { get; }

    public string Text { get; }

    public bool IsRightToLeft => CultureInfo.GetCultureInfo(Language).TextInfo.IsRightToLeft;

    /// <summary>Every word that stands in braces, with its row.</summary>
    public IEnumerable<(string Word, int Row)> Words => blocks.SelectMany(block => block.Pieces.Where(piece => piece.IsWord).Select(piece => (piece.Text, piece.Row)));

    /// <summary>Whether a word stands in braces in it.</summary>
    public bool Names(string word) => Words.Any(pair => string.Equals(pair.Word, word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A day as the language writes it, without the day of the week.</summary>
    public string Day(DateOnly day)
    {
        CultureInfo culture = CultureInfo.GetCultureInfo(Language == "en" ? "en-GB" : Language);
        return day.ToString(DayOfWeek().Replace(culture.DateTimeFormat.LongDatePattern, ""), culture);
    }

    /// <summary>The texts that come with the tool.</summary>
    public static IReadOnlyList<LetterTemplate> OwnTexts() => [.. ((string[])["en", "fr"]).Select(language =>
    {
        using StreamReader reader = new(typeof(LetterTemplate).Assembly.GetManifestResourceStream($"letter.{language}.txt")!, Encoding.UTF8);
        return Of($"letter.{language}.txt", language, reader.ReadToEnd());
    })];

    /// <summary>Reads templates; the language is the last part of the name before <c>.txt</c>, as in <c>letter.fr.txt</c>.</summary>
    public static IReadOnlyList<LetterTemplate> Read(IReadOnlyList<string> paths, List<SheetProblem> problems)
    {
        List<LetterTemplate> templates = [];
        foreach (string path in paths)
        {
            if (FileName().Match(Path.GetFileName(path)) is not { Success: true } name)
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--template", Value: SheetProblem.Shorten(path), Expected: "a name that ends in a language and .txt, such as letter.fr.txt"));
                continue;
            }

            string language = name.Groups[1].Value;
            if (templates.Any(other => string.Equals(other.Language, language, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--template", Value: SheetProblem.Shorten(path), Expected: "the only text of its language"));
                continue;
            }

            if (InputTable.Bytes(path, problems) is not { } content)
            {
                continue;
            }

            try
            {
                templates.Add(Of(path, language, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content).TrimStart('\uFEFF')));
            }
            catch (DecoderFallbackException)
            {
                problems.Add(new SheetProblem("template-not-text", path));
            }
        }

        return templates;
    }

    /// <summary>What is wrong with the words of a template.</summary>
    public IEnumerable<SheetProblem> Problems(IReadOnlyList<string> columns)
    {
        foreach ((string word, int row) in Words.Where(pair => !OwnWords.Contains(pair.Word, StringComparer.OrdinalIgnoreCase) && !columns.Contains(pair.Word, StringComparer.OrdinalIgnoreCase)))
        {
            yield return new SheetProblem("word-unknown", Name, row, Value: SheetProblem.Shorten(word), Expected: string.Join(", ", OwnWords.Concat(columns).Take(30)));
        }

        if (!Names(Qr) && !Names("link"))
        {
            yield return new SheetProblem("template-without-link", Name);
        }
    }

    /// <summary>Writes the letter as HTML.</summary>
    /// <param name="html">Takes it.</param>
    /// <param name="value">Gives the value of a word.</param>
    /// <param name="qr">The square with the link.</param>
    public void Write(TextWriter html, Func<string, string> value, string qr)
    {
        foreach (Block block in blocks)
        {
            if (block.Tag.Length == 0)
            {
                html.Write(qr);
                continue;
            }

            html.Write($"<{block.Tag}>");
            foreach (Piece piece in block.Pieces)
            {
                html.Write(piece.IsWord ? $"<bdi>{Escape(string.Equals(piece.Text, Qr, StringComparison.OrdinalIgnoreCase) ? value("link") : value(piece.Text))}</bdi>" : Escape(piece.Text));
            }

            html.Write($"</{block.Tag}>\n");
        }
    }

    /// <summary>Text as text in HTML; line breaks stay.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);

    private static LetterTemplate Of(string name, string language, string text)
    {
        List<Block> blocks = [];
        List<string> paragraph = [];
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && !string.IsNullOrWhiteSpace(lines[i]))
            {
                paragraph.Add(lines[i]);
                continue;
            }

            if (paragraph.Count > 0)
            {
                blocks.Add(BlockOf(paragraph, i - paragraph.Count + 1));
                paragraph.Clear();
            }
        }

        return new(name, language, text, blocks);
    }

    private static Block BlockOf(List<string> lines, int row)
    {
        if (lines.Count == 1 && string.Equals(lines[0].Trim(), "{qr}", StringComparison.OrdinalIgnoreCase))
        {
            return new("", [new(Qr, IsWord: true, row)]);
        }

        string tag = lines[0].StartsWith("# ", StringComparison.Ordinal) ? "h1" : lines.All(line => line.StartsWith("> ", StringComparison.Ordinal)) ? "blockquote" : "p";
        List<Piece> pieces = [];
        foreach ((int i, string line) in lines.Index())
        {
            string text = (i > 0 ? "\n" : "") + (tag == "blockquote" || (tag == "h1" && i == 0) ? line[2..] : line).TrimEnd();
            int at = 0;
            foreach (Match match in Word().Matches(text))
            {
                pieces.Add(new(text[at..match.Index], IsWord: false, row + i));
                pieces.Add(match.Groups[1].Success ? new(match.Groups[1].Value.Trim(), IsWord: true, row + i) : new("{", IsWord: false, row + i));
                at = match.Index + match.Length;
            }

            pieces.Add(new(text[at..], IsWord: false, row + i));
        }

        return new(tag, pieces);
    }

    [GeneratedRegex(@"\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.txt$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^dddd,?\s*|,?\s*dddd$")]
    private static partial Regex DayOfWeek();

    [GeneratedRegex(@"\{\{|\{([^{}\n]+)\}")]
    private static partial Regex Word();

    private sealed record Block(string Tag, IReadOnlyList<Piece> Pieces);

    private sealed record Piece(string Text, bool IsWord, int Row);
}
