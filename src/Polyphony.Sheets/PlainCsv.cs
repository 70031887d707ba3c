using System.Buffers;
using System.Text;

namespace Polyphony.Sheets;

/// <summary>CSV for programs: UTF-8 without a mark, commas, quotes only where they are needed, lines ended by LF. What people open in a spreadsheet is written by <see cref="CsvWriter"/>.</summary>
public static class PlainCsv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    public static byte[] Write(IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using MemoryStream csv = new();
        using (StreamWriter writer = new(csv, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 14, leaveOpen: true))
        {
            foreach (IReadOnlyList<string> row in rows)
            {
                for (int i = 0; i < row.Count; i++)
                {
                    if (i > 0)
                    {
                        writer.Write(',');
                    }

                    writer.Write(row[i].AsSpan().ContainsAny(Special) ? $"\"{row[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : row[i]);
                }

                writer.Write('\n');
            }
        }

        return csv.ToArray();
    }
}
