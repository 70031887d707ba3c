using System.Globalization;
using System.Text;

namespace Polyphony.Dialogues;

/// <summary>The short name of a dialogue in its addresses.</summary>
public static class Slug
{
    /// <summary>The greatest length, in characters.</summary>
    public const int MaxLength = 60;

    /// <summary>Names that would be mistaken for pages of the server.</summary>
    private static readonly HashSet<string> Reserved = ["new", "api", "css", "js", "img", "health", "account"];

    /// <summary>Whether a text can be a slug: 3 to 60 of a–z, 0–9 and single inner hyphens, and not a reserved word.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it can.</returns>
    public static bool IsValid(string? text) =>
        text is { Length: >= 3 and <= MaxLength }
        && text[0] != '-' && text[^1] != '-'
        && !text.Contains("--", StringComparison.Ordinal)
        && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
        && !Reserved.Contains(text);

    /// <summary>Proposes a slug for a title: accents dropped, everything else a hyphen.</summary>
    /// <param name="title">The title in any language.</param>
    /// <returns>A valid slug, or an empty text when the title holds no Latin letter or digit to make one of.</returns>
    public static string Propose(string title)
    {
        StringBuilder slug = new();
        foreach (char c in title.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (c is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                slug.Append(c);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == MaxLength)
            {
                break;
            }
        }

        string proposed = slug.ToString().Trim('-');
        return IsValid(proposed) ? proposed : "";
    }
}
