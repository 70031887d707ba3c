using System.Text.RegularExpressions;

namespace Polyphony.Web.Tests.Texts;

/// <summary>What can be wrong between the source and the texts; each check answers with sentences, none when all is well.</summary>
internal static partial class TextChecks
{
    private static readonly string[] Plurals = [".one", ".other"];

    /// <summary>Patterns in the source whose values nobody has named.</summary>
    public static string[] UnknownPatterns(WebSource source) =>
    [
        .. source.Uses().Where(use => use.IsPattern && !RunTimeKeys.Of(source).ContainsKey(use.Key)).Select(use => $"{use.Place}: where the codes of {use.Key} come from stands nowhere in RunTimeKeys").Distinct(),
    ];

    /// <summary>Keys that can be asked for and are not there.</summary>
    public static string[] Missing(WebSource source, IReadOnlyDictionary<string, string> texts) =>
        [.. Needed(source).Where(key => !Has(texts, key)).Order(StringComparer.Ordinal)];

    /// <summary>Keys that nobody asks for.</summary>
    public static string[] Unused(WebSource source, IReadOnlyDictionary<string, string> texts)
    {
        HashSet<string> used = [.. Needed(source), .. source.AllLiterals()];
        used.UnionWith(RunTimeKeys.Of(source).Where(pair => pair.Value.Optional).SelectMany(Expand));
        return [.. texts.Keys.Select(key => Stem(texts, key)).Distinct().Where(key => !used.Contains(key)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Texts with a placeholder for which a page gives no value.</summary>
    public static string[] Unfilled(WebSource source, IReadOnlyDictionary<string, string> texts) =>
    [
        .. from use in source.Uses()
           where !use.IsPattern
           from key in (string[])[use.Key, use.Key + ".one", use.Key + ".other"]
           where texts.ContainsKey(key)
           from name in Placeholders(texts[key])
           where !use.Values.Contains(name)
           select $"{use.Place}: {key} has {{{name}}}, which is not given",
    ];

    /// <summary>Where two languages differ in keys, in placeholders or in emptiness.</summary>
    public static string[] Differences(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
    [
        .. one.Keys.Except(other.Keys).Concat(other.Keys.Except(one.Keys)).Select(key => key + " is in one language only"),
        .. one.Keys.Intersect(other.Keys).Where(key => !Placeholders(one[key]).SetEquals(Placeholders(other[key]))).Select(key => key + " has other placeholders in the other language"),
        .. one.Concat(other).Where(text => string.IsNullOrWhiteSpace(text.Value)).Select(text => text.Key + " is empty"),
        .. one.Keys.Where(key => key.EndsWith(".one", StringComparison.Ordinal) && Placeholders(one[key]).Contains("n") && !one.ContainsKey(key[..^4] + ".other")).Select(key => key + " lacks its other number"),
    ];

    /// <summary>Marks of typewriters in place of those of print.</summary>
    public static string[] Typewritten(IReadOnlyDictionary<string, string> texts) =>
        [.. texts.Where(text => text.Value.Any(char.IsLetter) && Typewriter().IsMatch(text.Value)).Select(text => $"{text.Key}: {text.Value}")];

    public static HashSet<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Groups[1].Value)];

    private static HashSet<string> Needed(WebSource source) =>
    [
        .. source.Uses().Where(use => !use.IsPattern).Select(use => use.Key),
        .. RunTimeKeys.Of(source).Where(pair => !pair.Value.Optional).SelectMany(Expand),
    ];

    private static IEnumerable<string> Expand(KeyValuePair<string, (string[] Codes, bool Optional)> pattern) =>
        pattern.Value.Codes.Select(code => pattern.Key.Replace("*", code, StringComparison.Ordinal));

    private static bool Has(IReadOnlyDictionary<string, string> texts, string key) => texts.ContainsKey(key) || Plurals.All(plural => texts.ContainsKey(key + plural));

    /// <summary>A key that merely ends in <c>.other</c> is no plural.</summary>
    private static string Stem(IReadOnlyDictionary<string, string> texts, string key) =>
        Plurals.FirstOrDefault(key.EndsWith) is { } plural && Has(texts, key[..^plural.Length]) ? key[..^plural.Length] : key;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"'|""|\.\.\.|  | --? |^\s|[^\S\n]$|\n\n\n")]
    private static partial Regex Typewriter();
}
