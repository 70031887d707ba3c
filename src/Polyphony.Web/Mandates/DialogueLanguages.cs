using System.Globalization;

namespace Polyphony.Web.Mandates;

/// <summary>Languages in which a dialogue can be written: more than those into which the server's own pages are translated.</summary>
internal static class DialogueLanguages
{
    private static readonly HashSet<string> Known = CultureInfo.GetCultures(CultureTypes.NeutralCultures)
        .Select(culture => culture.TwoLetterISOLanguageName).Where(code => code.Length == 2).ToHashSet(StringComparer.Ordinal);

    public static bool IsKnown(string language) => Known.Contains(language);

    /// <summary>A language's name in itself, as people look for it in a list.</summary>
    public static string OwnName(string language)
    {
        CultureInfo culture = CultureInfo.GetCultureInfo(language);
        return culture.TextInfo.ToTitleCase(culture.NativeName);
    }
}
