using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Polyphony.Tests.Sheets;

/// <summary>Makes XLSX files by hand, good ones and others.</summary>
internal static class Workbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <summary>A workbook whose cells are shared strings.</summary>
    public static byte[] Of(params string[][] rows)
    {
        List<string> strings = [];
        StringBuilder data = new();
        foreach ((int r, string[] row) in rows.Index())
        {
            data.Append(CultureInfo.InvariantCulture, $"<row r=\"{r + 1}\">");
            foreach ((int c, string cell) in row.Index())
            {
                data.Append(CultureInfo.InvariantCulture, $"<c r=\"{(char)('A' + c)}{r + 1}\" t=\"s\"><v>{strings.Count}</v></c>");
                strings.Add(cell);
            }

            data.Append("</row>");
        }

        string shared = string.Concat(strings.Select(text => $"<si><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></si>"));
        return Zip([.. Frame(data.ToString()), ("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{shared}</sst>")]);
    }

    /// <summary>A workbook with the rows as XML, and further parts.</summary>
    public static byte[] OfXml(string rows, params (string Name, string Text)[] more) => Zip([.. Frame(rows), .. more]);

    public static string Styles(string formats, params int[] cells) =>
        $"<styleSheet xmlns=\"{Main}\"><numFmts>{formats}</numFmts><cellXfs>{string.Concat(cells.Select(id => $"<xf numFmtId=\"{id}\"/>"))}</cellXfs></styleSheet>";

    public static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in parts)
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return stream.ToArray();
    }

    private static (string, string)[] Frame(string rows) =>
    [
        ("xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"sheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"),
        ("xl/worksheets/sheet1.xml", $"<worksheet xmlns=\"{Main}\"><sheetData>{rows}</sheetData></worksheet>"),
    ];
}
