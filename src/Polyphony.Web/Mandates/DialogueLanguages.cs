using System.Globalization;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Mandates;

/// <summary>Languages in which a dialogue can be written: more than those into which the server's own pages are translated.</summary>
internal static class DialogueLanguages
{
    private static readonly HashSet<string> Known = CultureInfo.GetCultures(CultureTypes.NeutralCultures)
        .Select(culture => culture.TwoLetterISOLanguageName).Where(code => code.Length == 2).ToHashSet(StringComparer.Ordinal);

    public static bool IsKnown(string language) => Known.Contains(language);

    /// <summary>The languages in which the pages of a dialogue can be read: its own, and those that have texts.</summary>
    public static IReadOnlyList<string> Offered(Dialogue? dialogue) => [.. (dialogue?.Languages ?? []).Union(TextCatalogue.Shipped)];

    /// <summary>Whether a page of the dialogue is there in a language, be it an invented one.</summary>
    public static bool IsOffered(Dialogue dialogue, string language) => TextCatalogue.Pseudo.Contains(language) || Offered(dialogue).Contains(language);

    /// <summary>In which of them a visitor reads the dialogue.</summary>
    public static string Shown(this PageTexts texts, Dialogue? dialogue) =>
        texts.Reading.FirstOrDefault(language => TextCatalogue.Pseudo.Contains(language) || Offered(dialogue).Contains(language)) ?? texts.Language;

    public static bool IsRightToLeft(string language) => CultureInfo.GetCultureInfo(language).TextInfo.IsRightToLeft;

    /// <summary>A language's name in itself, as people look for it in a list.</summary>
    public static string OwnName(string language)
    {
        CultureInfo culture = CultureInfo.GetCultureInfo(language);
        return culture.TextInfo.ToTitleCase(culture.NativeName);
    }
}
