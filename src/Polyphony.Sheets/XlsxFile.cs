using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Polyphony.Sheets;

/// <summary>Reads the first sheet of an XLSX workbook, guarded against bombs, document types and anything outside the parts it needs.</summary>
internal static class XlsxFile
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public static SheetReading Read(string file, byte[] content)
    {
        try
        {
            using ZipArchive zip = new(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
            if (Guard(file, zip, content.Length) is { } refused)
            {
                return refused;
            }

            Budget budget = new(SheetLimits.UnpackedBytes);
            string? sheet = FirstSheet(zip, budget);
            if (sheet is null || zip.GetEntry(sheet) is not { } part)
            {
                return SheetReader.Refuse(new SheetProblem("file-not-xlsx", file));
            }

            List<string> shared = zip.GetEntry("xl/sharedStrings.xml") is { } strings ? SharedStrings(strings, budget) : [];
            HashSet<int> dates = zip.GetEntry("xl/styles.xml") is { } styles ? DateStyles(styles, budget) : [];
            return Rows(file, part, shared, dates, budget);
        }
        catch (SheetTooLargeException)
        {
            return SheetReader.Refuse(new SheetProblem("file-unpacks-too-large", file, Expected: "50 MB"));
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or EndOfStreamException or FormatException or OverflowException)
        {
            return SheetReader.Refuse(new SheetProblem("file-not-xlsx", file));
        }
    }

    private static SheetReading? Guard(string file, ZipArchive zip, int packed)
    {
        if (zip.Entries.Count > SheetLimits.Entries)
        {
            return SheetReader.Refuse(new SheetProblem("file-unpacks-too-large", file, Value: zip.Entries.Count.ToString(CultureInfo.InvariantCulture), Expected: "200"));
        }

        if (zip.GetEntry("mimetype") is not null || zip.GetEntry("content.xml") is not null)
        {
            return SheetReader.Refuse(new SheetProblem("file-is-ods", file, Expected: ".xlsx, .csv"));
        }

        if (zip.Entries.Any(entry => entry.FullName.Contains("..", StringComparison.Ordinal) || entry.FullName.StartsWith('/') || entry.FullName.Contains('\\', StringComparison.Ordinal)))
        {
            return SheetReader.Refuse(new SheetProblem("file-not-xlsx", file));
        }

        if (zip.Entries.Any(entry => entry.IsEncrypted))
        {
            return SheetReader.Refuse(new SheetProblem("file-old-or-encrypted", file, Expected: ".xlsx, .csv"));
        }

        if (zip.Entries.Any(entry => entry.FullName.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
        {
            return SheetReader.Refuse(new SheetProblem("file-with-macros", file, Expected: ".xlsx"));
        }

        // What the archive declares; the bytes that really come out are counted too, because a declaration can lie.
        long declared = zip.Entries.Sum(entry => entry.Length);
        return declared > SheetLimits.UnpackedBytes || declared > (long)packed * SheetLimits.Ratio
            ? SheetReader.Refuse(new SheetProblem("file-unpacks-too-large", file, Expected: "50 MB"))
            : null;
    }

    private static string? FirstSheet(ZipArchive zip, Budget budget)
    {
        if (zip.GetEntry("xl/workbook.xml") is not { } workbook || zip.GetEntry("xl/_rels/workbook.xml.rels") is not { } relations)
        {
            return null;
        }

        string? id = null;
        using (XmlReader reader = Open(workbook, budget))
        {
            while (id is null && reader.Read())
            {
                if (reader is { NodeType: XmlNodeType.Element, LocalName: "sheet" })
                {
                    id = reader.GetAttribute("id", Relations);
                }
            }
        }

        using XmlReader links = Open(relations, budget);
        while (links.Read())
        {
            if (links is { NodeType: XmlNodeType.Element, LocalName: "Relationship" } && links.GetAttribute("Id") == id && links.GetAttribute("TargetMode") != "External")
            {
                string target = links.GetAttribute("Target") ?? "";
                return target.StartsWith('/') ? target[1..] : "xl/" + target;
            }
        }

        return null;
    }

    private static List<string> SharedStrings(ZipArchiveEntry entry, Budget budget)
    {
        List<string> strings = [];
        StringBuilder text = new();
        bool phonetic = false;
        using XmlReader reader = Open(entry, budget);
        while (reader.Read())
        {
            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "si"):
                    text.Clear();
                    if (reader.IsEmptyElement)
                    {
                        strings.Add("");
                    }

                    break;
                case (XmlNodeType.EndElement, "si"):
                    strings.Add(text.ToString());
                    break;
                case (XmlNodeType.Element or XmlNodeType.EndElement, "rPh"):
                    phonetic = reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement;
                    break;
                case (XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace, _) when !phonetic && reader.NodeType != XmlNodeType.Whitespace:
                    text.Append(reader.Value);
                    break;
                default:
                    break;
            }
        }

        return strings;
    }

    /// <summary>The cell styles that show a number as a date.</summary>
    private static HashSet<int> DateStyles(ZipArchiveEntry entry, Budget budget)
    {
        HashSet<int> formats = [14, 15, 16, 17, 22];
        HashSet<int> styles = [];
        bool inCells = false;
        int index = 0;
        using XmlReader reader = Open(entry, budget);
        while (reader.Read())
        {
            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "numFmt") when reader.GetAttribute("formatCode") is { } code && ShowsYear(code):
                    if (int.TryParse(reader.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out int custom))
                    {
                        formats.Add(custom);
                    }

                    break;
                case (XmlNodeType.Element or XmlNodeType.EndElement, "cellXfs"):
                    inCells = reader.NodeType == XmlNodeType.Element;
                    break;
                case (XmlNodeType.Element, "xf") when inCells:
                    if (int.TryParse(reader.GetAttribute("numFmtId"), NumberStyles.None, CultureInfo.InvariantCulture, out int format) && formats.Contains(format))
                    {
                        styles.Add(index);
                    }

                    index++;
                    break;
                default:
                    break;
            }
        }

        return styles;
    }

    /// <summary>Whether a format code has a year outside quoted text and brackets: <c>[Yellow]0</c> has none.</summary>
    private static bool ShowsYear(string code)
    {
        char? until = null;
        foreach (char c in code)
        {
            if (until is not null)
            {
                until = c == until ? null : until;
            }
            else if (c is '"' or '[')
            {
                until = c == '"' ? '"' : ']';
            }
            else if (c is 'y' or 'Y')
            {
                return true;
            }
        }

        return false;
    }

    private static SheetReading Rows(string file, ZipArchiveEntry part, List<string> shared, HashSet<int> dates, Budget budget)
    {
        List<SheetRow> rows = [];
        List<SheetProblem> problems = [];
        List<string> cells = [];
        int row = 0;
        using XmlReader reader = Open(part, budget);
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "row", NamespaceURI: Main })
            {
                row = int.TryParse(reader.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : row + 1;
                cells = [];
                rows.Add(new SheetRow(row, cells));
                if (rows.Count > SheetLimits.Rows + 1)
                {
                    return SheetReader.Refuse(new SheetProblem("too-many-rows", file, row, Expected: "100000"));
                }
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "c", NamespaceURI: Main })
            {
                int column = Column(reader.GetAttribute("r")) ?? cells.Count;
                if (column >= SheetLimits.Columns)
                {
                    return SheetReader.Refuse(new SheetProblem("too-many-columns", file, row, CellText.ColumnLetter(Math.Min(column, 18_277)), Expected: "200"));
                }

                // A cell that stands before its predecessor would land in another column.
                if (column < cells.Count)
                {
                    return SheetReader.Refuse(new SheetProblem("file-not-xlsx", file, row));
                }

                while (cells.Count < column)
                {
                    cells.Add("");
                }

                (string value, bool formula) = Cell(reader, shared, dates);
                if (formula)
                {
                    problems.Add(new SheetProblem("cell-is-formula", file, row, CellText.ColumnLetter(column), SheetProblem.Shorten(value)));
                }

                if (value.Length > SheetLimits.CellCharacters)
                {
                    problems.Add(new SheetProblem("cell-too-long", file, row, CellText.ColumnLetter(column), Expected: "32768"));
                    value = "";
                }

                cells.Add(value);
                if (problems.Count >= SheetProblem.MostListed)
                {
                    break;
                }
            }
        }

        return problems.Count > 0 ? SheetReader.Refuse(problems) : SheetReader.Arrange(file, rows);
    }

    private static (string Value, bool Formula) Cell(XmlReader reader, List<string> shared, HashSet<int> dates)
    {
        string? type = reader.GetAttribute("t");
        bool date = int.TryParse(reader.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out int style) && dates.Contains(style);
        if (reader.IsEmptyElement)
        {
            return ("", false);
        }

        StringBuilder text = new();
        bool formula = false;
        int depth = reader.Depth;
        string part = "";
        while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                part = reader.LocalName;
                formula |= part == "f";
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace && part is "v" or "t")
            {
                text.Append(reader.Value);
            }
        }

        string raw = text.ToString();
        return (type switch
        {
            "s" => int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < shared.Count ? shared[index] : throw new FormatException(),
            "b" => raw == "1" ? "TRUE" : "FALSE",
            null or "n" => Number(raw, date),
            _ => raw,
        }, formula);
    }

    private static string Number(string raw, bool date)
    {
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return raw;
        }

        return date && number is > 0 and < 2_958_466
            ? DateTime.FromOADate(number).ToString(number % 1 == 0 ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }

    private static int? Column(string? reference)
    {
        if (reference is null)
        {
            return null;
        }

        int column = 0;
        foreach (char c in reference)
        {
            if (c is < 'A' or > 'Z' || column > 1_000_000)
            {
                break;
            }

            column = (column * 26) + (c - 'A' + 1);
        }

        return column - 1;
    }

    /// <summary>The one way XML is read here: no document types, no outside world.</summary>
    private static XmlReader Open(ZipArchiveEntry entry, Budget budget) => XmlReader.Create(new CountingStream(entry.Open(), budget), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        CloseInput = true,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        MaxCharactersInDocument = SheetLimits.UnpackedBytes,
    });

    private sealed class Budget(long bytes)
    {
        private long left = bytes;

        public void Spend(int read)
        {
            left -= read;
            if (left < 0)
            {
                throw new SheetTooLargeException();
            }
        }
    }

    private sealed class SheetTooLargeException : Exception;

    /// <summary>Counts the bytes that really come out of the archive.</summary>
    private sealed class CountingStream(Stream inner, Budget budget) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = inner.Read(buffer, offset, count);
            budget.Spend(read);
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
