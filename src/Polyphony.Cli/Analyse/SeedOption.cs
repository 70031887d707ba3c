using Polyphony.Sheets;

namespace Polyphony.Cli.Analyse;

/// <summary>A seed as it is typed: hexadecimal digits, two a byte.</summary>
internal static class SeedOption
{
    /// <summary>The bytes; none with a problem when the seed is needed and missing, or is no hexadecimal number.</summary>
    public static byte[] Read(string? text, bool needed, string neededBy, List<SheetProblem> problems)
    {
        if (text is null)
        {
            if (needed)
            {
                problems.Add(new SheetProblem("option-needs", "", Column: neededBy, Expected: "--seed"));
            }

            return [];
        }

        if (text.Length > 0 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        problems.Add(new SheetProblem("option-value", "", Column: "--seed", Value: SheetProblem.Shorten(text), Expected: "an even number of hexadecimal digits"));
        return [];
    }
}
