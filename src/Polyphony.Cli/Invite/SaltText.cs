using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary>The secret that keeps tickets from being computed from ids.</summary>
internal static class SaltText
{
    /// <summary>32 bytes, or none without a salt.</summary>
    public static byte[] Read(string? text, List<SheetProblem> problems)
    {
        if (text is null)
        {
            return [];
        }

        if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        // The value is a secret: it is not repeated.
        problems.Add(new SheetProblem("option-value", "", Column: "--salt", Value: "…", Expected: "64 hexadecimal digits"));
        return [];
    }
}
