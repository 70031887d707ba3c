using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Polyphony.Web.Texts;

/// <summary>All sentences of the server, by language and key, read once from <c>Texts/LANGUAGE/*.json</c>.</summary>
public sealed class TextCatalogue
{
    public const string Fallback = "en";

    /// <summary>Languages with texts of their own, in the order in which they are offered.</summary>
    public static readonly IReadOnlyList<string> Shipped = ["en", "fr"];

    /// <summary>Invented languages made from English: long with accents, and mirrored right to left. For tests; not offered.</summary>
    public static readonly IReadOnlyList<string> Pseudo = ["qps-ploc", "qps-plocm"];

    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> languages;

    public TextCatalogue() => languages = Shipped.ToFrozenDictionary(language => language, Read);

    /// <summary>The texts in a language; an unknown language gives English.</summary>
    public PageTexts In(string language) => new(this, HasTexts(language) ? language : Fallback, [language]);

    /// <summary>The texts for a reader: in the first of their languages that has texts; what others wrote is read in the first in which it is written.</summary>
    /// <param name="languages">The reader's languages, the dearest first.</param>
    /// <param name="otherwise">The language of the texts where none of them has any; if it has none either, English.</param>
    public PageTexts In(IReadOnlyList<string> languages, string otherwise)
    {
        string speaks = languages.FirstOrDefault(HasTexts) ?? (HasTexts(otherwise) ? otherwise : Fallback);
        return new(this, speaks, [.. languages.Append(speaks).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether pages can speak a language.</summary>
    public static bool HasTexts(string language) => Shipped.Contains(language) || Pseudo.Contains(language);

    /// <summary>All keys of a language with their sentences.</summary>
    public IReadOnlyDictionary<string, string> All(string language) => languages[language];

    internal string? Find(string language, string key)
    {
        if (!Pseudo.Contains(language))
        {
            return languages[language].GetValueOrDefault(key);
        }

        return languages[Fallback].TryGetValue(key, out string? english) ? PseudoLocale.Of(english) : null;
    }

    private static FrozenDictionary<string, string> Read(string language)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        string prefix = $"Texts.{language}.";
        foreach (string resource in typeof(TextCatalogue).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using Stream stream = typeof(TextCatalogue).Assembly.GetManifestResourceStream(resource)!;
            foreach ((string key, string text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
            {
                if (!texts.TryAdd(key, language == "fr" ? FrenchSpaces.Of(text) : text))
                {
                    throw new InvalidOperationException($"The text {key} is written twice in {language}: {resource}.");
                }
            }
        }

        return texts.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

/// <summary>French sets a no-break space before <c>: ; ? ! %</c> and inside « »; writers type a plain one, and no line begins with a sign.</summary>
internal static class FrenchSpaces
{
    private const char Narrow = '\u202f';
    private const char Wide = '\u00a0';

    public static string Of(string text)
    {
        StringBuilder result = new(text);
        for (int i = 0; i < result.Length; i++)
        {
            if (result[i] != ' ')
            {
                continue;
            }

            char next = i + 1 < result.Length ? result[i + 1] : ' ';
            result[i] = next is ';' or '?' or '!' or '%' ? Narrow : next is ':' or '»' || (i > 0 && result[i - 1] == '«') ? Wide : ' ';
        }

        return result.ToString();
    }
}

/// <summary>Stretches and accents a sentence so that untranslated and cut texts show.</summary>
internal static class PseudoLocale
{
    public static string Of(string text)
    {
        StringBuilder result = new("[");
        bool inPlaceholder = false;
        int letters = 0;
        foreach (char c in text)
        {
            inPlaceholder = c == '{' || (inPlaceholder && c != '}');
            letters += char.IsLetter(c) ? 1 : 0;
            result.Append(inPlaceholder ? c : c switch
            {
                'a' => 'á',
                'e' => 'é',
                'i' => 'í',
                'o' => 'ó',
                'u' => 'ú',
                'c' => 'ç',
                'n' => 'ñ',
                'A' => 'Á',
                'E' => 'É',
                'O' => 'Ö',
                'U' => 'Ü',
                _ => c,
            });
        }

        for (int i = 0; i < letters * 4 / 10; i++)
        {
            result.Append(i % 6 == 5 ? ' ' : '~');
        }

        return result.Append(']').ToString();
    }
}

/// <summary>The texts of one language, as a page uses them: <c>T["pool.people", ("n", 800)]</c>.</summary>
/// <param name="catalogue">All sentences.</param>
/// <param name="language">The language that the page speaks.</param>
/// <param name="reading">The languages in which the visitor reads what people wrote, the dearest first.</param>
public sealed class PageTexts(TextCatalogue catalogue, string language, IReadOnlyList<string> reading)
{
    /// <summary>The language that the page speaks.</summary>
    public string Language => language;

    /// <summary>The languages in which the visitor reads a dialogue's texts: it may be written in more than the server has texts for.</summary>
    public IReadOnlyList<string> Reading => reading;

    public bool IsRightToLeft => language == "qps-plocm" || Culture.TextInfo.IsRightToLeft;

    /// <summary>The language tag of the page.</summary>
    public string Tag => language.StartsWith("qps", StringComparison.Ordinal) ? "en" : language;

    public CultureInfo Culture { get; } = CultureInfo.GetCultureInfo(language switch { "fr" => "fr-FR", "en" => "en-GB", _ => "en-GB" });

    public string this[string key] => Sentence(key, []);

    /// <summary>A sentence with its values. With a value named <c>n</c>, the plural forms <c>key.one</c> and <c>key.other</c> are chosen by the language's rule.</summary>
    public string this[string key, params ReadOnlySpan<(string Name, object? Value)> values] => Sentence(key, values);

    public bool Has(string key) => catalogue.Find(language, key) is not null;

    public string Number(long number) => number.ToString("N0", Culture);

    public string Percent(double share, int decimals = 0) => (share * 100).ToString("F" + decimals, Culture) + (language == "fr" ? "\u202f%" : "\u00a0%");

    public string Day(DateOnly day) => day.ToString(language == "fr" ? "dddd d MMMM yyyy" : "dddd d MMMM yyyy", Culture);

    public string ShortDay(DateOnly day) => day.ToString("d MMM yyyy", Culture);

    public string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A moment on the clock of a place, with the zone.</summary>
    public string Moment(DateTimeOffset moment, TimeZoneInfo zone)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(moment, zone);
        return local.ToString("d MMM yyyy, HH:mm", Culture) + " (" + ZoneName(zone, local) + ")";
    }

    public static string ZoneName(TimeZoneInfo zone, DateTimeOffset at)
    {
        TimeSpan offset = zone.GetUtcOffset(at);
        string name = zone.Id.Contains('/', StringComparison.Ordinal) ? zone.Id[(zone.Id.LastIndexOf('/') + 1)..].Replace('_', ' ') : zone.Id;
        return string.Create(CultureInfo.InvariantCulture, $"{name}, UTC{(offset < TimeSpan.Zero ? "−" : "+")}{offset:hh\\:mm}");
    }

    private string Sentence(string key, ReadOnlySpan<(string Name, object? Value)> values)
    {
        string? text = catalogue.Find(language, key);
        if (text is null)
        {
            foreach ((string name, object? value) in values)
            {
                if (name == "n" && value is IConvertible number)
                {
                    text = catalogue.Find(language, key + PluralForm(number.ToDouble(CultureInfo.InvariantCulture)));
                }
            }
        }

        if (text is null)
        {
            // A missing text must be seen in a test, and must not break a page on the day.
            return "⟦" + key + "⟧";
        }

        foreach ((string name, object? value) in values)
        {
            text = text.Replace("{" + name + "}", value switch
            {
                null => "",
                int number => Number(number),
                long number => Number(number),
                double number => number.ToString("0.##", Culture),
                DateOnly day => Day(day),
                TimeOnly time => Time(time),
                _ => value.ToString(),
            }, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>CLDR's cardinal rule of the shipped languages: French counts 0 and 1 as one.</summary>
    private string PluralForm(double number) => (language == "fr" ? number < 2 : number == 1) ? ".one" : ".other";
}
