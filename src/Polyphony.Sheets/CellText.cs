using System.Globalization;
using System.Text;

namespace Polyphony.Sheets;

/// <summary>What cells hold, as people mean it.</summary>
public static class CellText
{
    /// <summary>Trims, normalises to NFC and drops characters that cannot be seen: bidirectional controls, zero-width marks, soft hyphens.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.All(c => c is >= ' ' and < '\u007f'))
        {
            return text.Trim();
        }

        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate) || rune.Value is 0x200C or 0x200D))
            {
                clean.Append(rune);
            }
        }

        return clean.ToString().Normalize(NormalizationForm.FormC).Trim();
    }

    /// <summary>A form in which equal things compare equal: NFC, inner spaces single, upper case without regard to language.</summary>
    public static string Key(string text) => string.Join(' ', Clean(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    /// <summary>The same form of a cell in UTF-8, written into a buffer.</summary>
    /// <returns>Bytes written; −1 when the buffer is too short.</returns>
    public static int Key(ReadOnlySpan<byte> text, Span<byte> key)
    {
        ReadOnlySpan<byte> trimmed = text.Trim((byte)' ');
        if (trimmed.ContainsAnyExceptInRange((byte)' ', (byte)'~') || trimmed.IndexOf("  "u8) >= 0)
        {
            string made = Key(Encoding.UTF8.GetString(text));
            return Encoding.UTF8.TryGetBytes(made, key, out int written) ? written : -1;
        }

        return System.Text.Ascii.ToUpper(trimmed, key, out int count) == System.Buffers.OperationStatus.Done ? count : -1;
    }

    /// <summary>The letter of a column as spreadsheets show it.</summary>
    public static string ColumnLetter(int column)
    {
        string letters = "";
        for (int left = column + 1; left > 0; left = (left - 1) / 26)
        {
            letters = (char)('A' + ((left - 1) % 26)) + letters;
        }

        return letters;
    }
}
