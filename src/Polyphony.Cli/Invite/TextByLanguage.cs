using System.Text.RegularExpressions;
using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary>What an option says to readers of different languages: <c>fr=…</c> in one language, without a tag in all that have no text of their own.</summary>
internal sealed partial class TextByLanguage
{
    private readonly Dictionary<string, string> texts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it says nothing at all.</summary>
    public bool IsEmpty => texts.Count == 0;

    /// <summary>Reads what was given.</summary>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="given">Each of its values.</param>
    /// <param name="languages">In which letters are written; text in a language that nobody reads is refused, it may be a slip.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static TextByLanguage Read(string option, IReadOnlyList<string> given, IReadOnlyList<string> languages, List<SheetProblem> problems)
    {
        TextByLanguage read = new();
        foreach (string value in given.Where(value => !string.IsNullOrWhiteSpace(value)))
        {
            Match tagged = Tagged().Match(value);
            (string language, string text) = tagged.Success ? (tagged.Groups[1].Value, tagged.Groups[2].Value.Trim()) : ("", value);
            if (tagged.Success && !languages.Any(own => Reads(own).Contains(language, StringComparer.OrdinalIgnoreCase)))
            {
                problems.Add(new SheetProblem("option-value", "", Column: option, Value: SheetProblem.Shorten(value), Expected: $"a language of the letters before “=”: {string.Join(", ", languages)}"));
            }
            else if (text.Length > 0 && !read.texts.TryAdd(language, text))
            {
                problems.Add(new SheetProblem("option-value", "", Column: option, Value: SheetProblem.Shorten(value), Expected: "one text for a language"));
            }
        }

        return read;
    }

    /// <summary>The text for letters in a language; null where it has none.</summary>
    public string? In(string language) => Reads(language).Append("").Select(tag => texts.GetValueOrDefault(tag)).FirstOrDefault(text => text is not null);

    /// <summary>A language and the one that it is a kind of: whoever reads <c>fr-CH</c> reads <c>fr</c>.</summary>
    private static string[] Reads(string language) => [language, language.Split('-')[0]];

    [GeneratedRegex("^([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)=(.*)$", RegexOptions.Singleline)]
    private static partial Regex Tagged();
}
