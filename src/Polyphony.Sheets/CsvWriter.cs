using System.Globalization;
using System.Text;

namespace Polyphony.Sheets;

/// <summary>Writes CSV that spreadsheets show as text: no cell is ever taken for a formula.</summary>
public static class CsvWriter
{
    /// <summary>UTF-8 with the byte order mark that spreadsheet programs need to see accents right.</summary>
    public static byte[] Write(IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        StringBuilder csv = new("\uFEFF");
        foreach (IReadOnlyList<string> row in rows)
        {
            for (int i = 0; i < row.Count; i++)
            {
                csv.Append(i > 0 ? "," : "").Append('"').Append(Escape(row[i]).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            }

            csv.Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>Puts an apostrophe before what a spreadsheet would take for a formula (OWASP CSV injection). A negative number is none, and would not be a number any more.</summary>
    public static string Escape(string cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return LooksLikeFormula(cell) && !IsNegative(cell) ? "'" + cell : cell;
    }

    /// <summary>What stood in a cell before <see cref="Escape"/>.</summary>
    public static string Unescape(string cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return cell.StartsWith('\'') && LooksLikeFormula(cell[1..]) ? cell[1..] : cell;
    }

    private static bool LooksLikeFormula(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\0' or '＝' or '＋' or '－' or '＠';

    private static bool IsNegative(string cell) => cell[0] == '-' && decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
}
