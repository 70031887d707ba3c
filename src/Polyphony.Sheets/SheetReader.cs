using System.Text;

namespace Polyphony.Sheets;

/// <summary>Reads a table from a file as people have it: CSV in several encodings and separators, or XLSX.</summary>
public static class SheetReader
{
    static SheetReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Reads a whole file.</summary>
    /// <param name="fileName">Its name, for messages.</param>
    /// <param name="content">Its bytes.</param>
    /// <returns>The table, or all problems at once.</returns>
    public static SheetReading Read(string fileName, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string name = FileLabel(fileName);
        if (content.Length > SheetLimits.FileBytes)
        {
            return Refuse(new SheetProblem("file-too-large", name, Expected: "10 MB"));
        }

        if (content.Length == 0)
        {
            return Refuse(new SheetProblem("file-empty", name));
        }

        if (IsZip(content))
        {
            return name.EndsWith(".xlsm", StringComparison.OrdinalIgnoreCase) ? Refuse(new SheetProblem("file-with-macros", name, Expected: ".xlsx")) : XlsxFile.Read(name, content);
        }

        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            return Refuse(new SheetProblem("file-old-or-encrypted", name, Expected: ".xlsx, .csv"));
        }

        if (name.EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(new SheetProblem("file-not-xlsx", name));
        }

        return CsvFile.Read(name, content);
    }

    /// <summary>Two letters are not enough: a CSV file may begin with a header such as PKZ.</summary>
    private static bool IsZip(ReadOnlySpan<byte> content) => content.StartsWith("PK\u0003\u0004"u8) || content.StartsWith("PK\u0005\u0006"u8);

    internal static SheetReading Refuse(params IReadOnlyList<SheetProblem> problems) => new SheetReading.Refused(problems);

    /// <summary>Makes a table of raw rows: finds the header row, drops blank rows, checks the shape.</summary>
    internal static SheetReading Arrange(string file, IReadOnlyList<SheetRow> raw)
    {
        List<SheetProblem> problems = [];
        SheetRow? head = raw.FirstOrDefault(row => row.Cells.Any(cell => cell.Trim().Length > 0));
        if (head is null)
        {
            return Refuse(new SheetProblem("file-empty", file));
        }

        List<string> headers = [.. head.Cells.Select(CellText.Clean)];
        while (headers.Count > 0 && headers[^1].Length == 0)
        {
            headers.RemoveAt(headers.Count - 1);
        }

        if (headers.Count > SheetLimits.Columns)
        {
            return Refuse(new SheetProblem("too-many-columns", file, head.Number, Value: headers.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Expected: "200"));
        }

        foreach (IGrouping<string, string> twice in headers.Where(header => header.Length > 0).GroupBy(header => header.ToUpperInvariant()).Where(group => group.Count() > 1))
        {
            problems.Add(new SheetProblem("header-twice", file, head.Number, twice.First()));
        }

        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Length == 0 && raw.Any(row => row.Number > head.Number && row[i].Trim().Length > 0))
            {
                problems.Add(new SheetProblem("header-missing", file, head.Number, CellText.ColumnLetter(i)));
            }
        }

        bool named = problems.Count == 0;
        List<SheetRow> rows = [];
        foreach (SheetRow row in raw.Where(row => row.Number > head.Number && row.Cells.Any(cell => cell.Trim().Length > 0)))
        {
            if (row.Cells.Index().Skip(headers.Count).FirstOrDefault(cell => cell.Item.Trim().Length > 0) is { Item: { } beyond } cell)
            {
                problems.Add(new SheetProblem("cell-beyond-header", file, row.Number, CellText.ColumnLetter(cell.Index), SheetProblem.Shorten(beyond)));
                continue;
            }

            rows.Add(row with { Cells = [.. row.Cells.Take(headers.Count).Select(CellText.Clean)] });
        }

        Sheet sheet = new(file, headers, rows);
        return problems.Count == 0 ? new SheetReading.Read(sheet) : new SheetReading.Refused(problems) { Ragged = named && rows.Count > 0 ? sheet : null };
    }

    /// <summary>Only the last part of a path, without control characters.</summary>
    private static string FileLabel(string name)
    {
        string last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        return CellText.Clean(last.Length > 120 ? last[..120] : last);
    }
}
