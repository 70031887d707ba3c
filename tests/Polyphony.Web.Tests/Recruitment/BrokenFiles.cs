using System.Text;
using Polyphony.Sheets;
using Polyphony.Tests.Sheets;
using static Polyphony.Web.Tests.Recruitment.Corpus;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Files that are no table at all, or none that may be trusted: other encodings, other programs, broken shapes.</summary>
internal static class BrokenFiles
{
    private const string People = "id,gender,âge\n1,woman,30+\n";

    public static IEnumerable<CorpusFile> All() => [.. NotText(), .. OtherPrograms(), .. Shapes(), .. Workbooks()];

    private static CorpusFile[] NotText() =>
    [
        Bad("empty.csv", Door.Pool, "", "file-empty"),
        Bad("blank-lines.csv", Door.Pool, "\n\r\n  \n,,\n", "file-empty"),
        Bad("only-a-byte-order-mark.csv", Door.Pool, [0xEF, 0xBB, 0xBF], "file-empty"),
        Bad("only-a-utf16-mark.csv", Door.Quotas, [0xFF, 0xFE], "file-empty"),
        Bad("nul-inside.csv", Door.Pool, "id,gender,âge\n1,woman,30+\n2,m\0n,30+\n", "file-not-text@3"),
        Bad("bom-but-latin.csv", Door.Pool, [0xEF, 0xBB, 0xBF, .. Encoding.Latin1.GetBytes(People)], "file-not-text"),
        Bad("utf16-odd.csv", Door.Pool, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(People), 0x0A], "file-not-text"),
        Bad("utf16-lone-surrogate.csv", Door.Pool, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(People), 0x00, 0xD8, 0x0A, 0x00], "file-not-text"),
        Bad("utf16-without-mark.csv", Door.Quotas, Encoding.Unicode.GetBytes("feature,value,min,max\nG,W,1,2\n"), "file-not-text@1"),
        Bad("utf32.csv", Door.Pool, [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes("id,gender\n")], "file-not-text@1"),
        Bad("undefined-in-windows-1252.csv", Door.Pool, [.. Utf8("id,gender\n1,"), 0x8D, 0xE9, 0x0A], "file-not-text"),
        Bad("picture-renamed.csv", Door.Pool, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52], "file-not-text@3"),
        Bad("pdf-renamed.csv", Door.Pool, [.. Utf8("%PDF-1.7\n%"), 0xE2, 0xE3, 0xCF, 0xD3, .. Utf8("\n1 0 obj\nstream\n"), 0x78, 0x9C, 0x00, 0x81, .. Utf8("\nendstream\n%%EOF\n")], "file-not-text"),
        Bad("program-renamed.csv", Door.Quotas, [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0], "file-not-text"),
    ];

    private static CorpusFile[] OtherPrograms() =>
    [
        Bad("old.xls", Door.Pool, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0], "file-old-or-encrypted"),
        Bad("with-password.xlsx", Door.Pool, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0], "file-old-or-encrypted"),
        Bad("quotas.ods", Door.Quotas, Ods(), "file-is-ods"),
        Bad("ods-renamed.xlsx", Door.Pool, Ods(), "file-is-ods"),
        Bad("ods-renamed.csv", Door.Pool, Ods(), "file-is-ods"),
        Bad("letter.docx", Door.Pool, Workbook.Zip(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w/>")), "file-not-xlsx"),
        Bad("pdf-renamed.xlsx", Door.Pool, "%PDF-1.7\n1 0 obj\n", "file-not-xlsx"),
        Bad("csv-renamed.xlsx", Door.Quotas, "feature,value,min,max\nG,W,1,2\n", "file-not-xlsx"),
        Bad("zip-of-csv.zip", Door.Pool, Workbook.Zip(("people.csv", People)), "file-not-xlsx"),
        Bad("empty-zip.xlsx", Door.Pool, Workbook.Zip(), "file-not-xlsx"),
        Bad("page.csv", Door.Quotas, "<!doctype html>\n<table><tr><td>Gender</td></tr></table>\n", "column-missing@1:feature", "column-missing@1:value", "column-missing@1:min", "column-missing@1:max"),
        Bad("object.csv", Door.Quotas, "{\"feature\":\"Gender\"}\n", "column-missing@1:feature", "column-missing@1:value", "column-missing@1:min", "column-missing@1:max"),
    ];

    private static CorpusFile[] Shapes() =>
    [
        Bad("header-twice.csv", Door.Pool, "id,gender,Gender,âge\n1,woman,man,30+\n", "header-twice@1:gender"),
        Bad("header-missing.csv", Door.Pool, "id,,âge\n1,woman,30+\n", "header-missing@1:B"),
        Bad("cell-beyond-header.csv", Door.Pool, "id,gender,âge\n1,woman,30+\n2,woman,30+,extra\n", "cell-beyond-header@3:D"),
        Bad("cell-beyond-header-and-more.csv", Door.Pool, "id,gender,âge\n1,woman,30+\n2,woman,30+,extra\n3,nobody,30+\n1,man,30+\n,man,30+\n", "cell-beyond-header@3:D", "unknown-value@4:gender", "id-twice@5:id", "empty@6:id"),
        Bad("quota-beyond-header-and-more.csv", Door.Quotas, "feature,value,min,max\nG,W,1,2,x\nG,M,two,2\n", "cell-beyond-header@2:E", "not-a-whole-number@3:min"),
        Bad("three-shapes-at-once.csv", Door.Pool, "id,,ID,âge\n1,woman,x,30+\n2,,,,beyond\n", "header-twice@1:id", "header-missing@1:B", "cell-beyond-header@3:E"),
        Bad("text-after-quote.csv", Door.Pool, "id,gender,âge\n\"1\"x,woman,30+\n2,\"man\"y,30+\n", "text-after-quote@2:A", "text-after-quote@3:B"),
        Bad("quote-not-closed.csv", Door.Pool, "id,gender,âge\n1,\"woman,30+\n2,man,30+\n", "quote-not-closed@2:B"),
        Bad("cell-too-long.csv", Door.Pool, $"id,gender,âge\n1,woman,{new string('x', SheetLimits.CellCharacters + 1)}\n", "cell-too-long@2:C"),
        Bad("million-columns.csv", Door.Pool, string.Join(',', Enumerable.Repeat("x", 1_000_000)) + "\n", "too-many-columns@1"),
        Bad("too-many-rows.csv", Door.Pool, "id,gender,âge\n" + string.Concat(Enumerable.Repeat("1,woman,30+\n", SheetLimits.Rows + 1)), "too-many-rows"),
        Bad("too-many-rows-of-quotas.csv", Door.Quotas, "feature,value,min,max\n" + string.Concat(Enumerable.Repeat("G,W,1,2\n", SheetLimits.Rows + 1)), "too-many-rows"),
        Bad("one-byte-too-large.csv", Door.Pool, Enumerable.Repeat((byte)'a', SheetLimits.FileBytes + 1).ToArray(), "file-too-large"),
    ];

    private static CorpusFile[] Workbooks()
    {
        byte[] good = Workbook.Of(["id", "gender", "âge"], ["1", "woman", "30+"]);
        return
        [
            Bad("cut-in-half.xlsx", Door.Pool, good[..(good.Length / 2)], "file-not-xlsx"),
            Bad("cut-by-one-byte.xlsx", Door.Pool, good[..^1], "file-not-xlsx"),
            Bad("cut-after-the-first-part.xlsx", Door.Pool, good[..64], "file-not-xlsx"),
            Bad("only-a-signature.xlsx", Door.Pool, [.. "PK\u0003\u0004"u8, 1, 2, 3], "file-not-xlsx"),
            Bad("sheet-is-no-xml.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"A1\"><v>1</row>"), "file-not-xlsx"),
            Bad("sheet-is-missing.xlsx", Door.Pool, Without(good, "xl/worksheets/sheet1.xml"), "file-not-xlsx"),
            Bad("links-are-missing.xlsx", Door.Quotas, Without(good, "xl/_rels/workbook.xml.rels"), "file-not-xlsx"),
            Bad("texts-are-missing.xlsx", Door.Pool, Without(good, "xl/sharedStrings.xml"), "file-not-xlsx"),
            Bad("text-out-of-range.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>"), "file-not-xlsx"),
            Bad("cells-in-disorder.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"B1\" t=\"str\"><v>gender</v></c><c r=\"A1\" t=\"str\"><v>id</v></c></row>"), "file-not-xlsx@1"),
            Bad("empty-sheet.xlsx", Door.Pool, Workbook.OfXml(""), "file-empty"),
            Bad("last-column-of-excel.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>"), "too-many-columns@1:XFD"),
            Bad("column-beyond-excel.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"ZZZZZZZZ1\"><v>1</v></c></row>"), "too-many-columns@1:ZZZ"),
            Bad("cell-too-long.xlsx", Door.Pool, Workbook.Of(["id", "gender", "âge"], ["1", "woman", Noise(SheetLimits.CellCharacters + 1)]), "cell-too-long@2:C"),
            Bad("header-twice.xlsx", Door.Quotas, Workbook.Of(["feature", "value", "min", "MIN", "max"], ["G", "W", "1", "1", "2"]), "header-twice@1:min"),
        ];
    }

    private static byte[] Ods() => Workbook.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<office:document-content/>"));

    private static byte[] Without(byte[] workbook, string part)
    {
        using MemoryStream stream = new();
        stream.Write(workbook);
        using (System.IO.Compression.ZipArchive zip = new(stream, System.IO.Compression.ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(part)!.Delete();
        }

        return stream.ToArray();
    }
}
