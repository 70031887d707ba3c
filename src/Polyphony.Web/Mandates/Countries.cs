using System.Globalization;

namespace Polyphony.Web.Mandates;

/// <summary>Countries by their two letters (ISO 3166-1).</summary>
internal static class Countries
{
    public static readonly IReadOnlyList<string> Codes =
    [
        .. CultureInfo.GetCultures(CultureTypes.SpecificCultures)
            .Select(culture => new RegionInfo(culture.Name).TwoLetterISORegionName)
            .Where(code => code.Length == 2 && code.All(char.IsAsciiLetterUpper))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    public static bool IsKnown(string code) => Codes.Contains(code.ToUpperInvariant());

    /// <summary>The country's name in the language of the reader.</summary>
    public static string Name(string code) => Codes.Contains(code) ? new RegionInfo(code).NativeName : code;
}
