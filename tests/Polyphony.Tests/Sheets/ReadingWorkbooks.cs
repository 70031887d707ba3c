using System.IO.Compression;
using CsCheck;
using Polyphony.Sheets;
using static Polyphony.Tests.Sheets.Reading;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingWorkbooks
{
    [Fact]
    public void Strings_numbers_dates_and_truths_are_read_as_people_see_them()
    {
        byte[] file = Workbook.OfXml(
            "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c><c r=\"B1\" t=\"str\"><v>born</v></c><c r=\"C1\" t=\"str\"><v>share</v></c><c r=\"E1\" t=\"str\"><v>yes</v></c></row>"
            + "<row r=\"4\"><c r=\"A4\"><v>12</v></c><c r=\"B4\" s=\"1\"><v>36526</v></c><c r=\"C4\" s=\"2\"><v>0.27</v></c><c r=\"E4\" t=\"b\"><v>1</v></c></row>",
            ("xl/styles.xml", Workbook.Styles("<numFmt numFmtId=\"164\" formatCode=\"[Yellow]0.00\"/><numFmt formatCode=\"yyyy\"/>", 0, 14, 164)));
        Sheet sheet = Table(file, "a.xlsx");
        Assert.Equal(["12", "2000-01-01", "0.27", "", "TRUE"], sheet.Rows[0].Cells);
        Assert.Equal(4, sheet.Rows[0].Number);
    }

    [Fact]
    public void Shared_strings_are_read() => Assert.Equal(["é & <b>", "2"], Table(Workbook.Of(["a", "b"], ["é & <b>", "2"]), "a.xlsx").Rows[0].Cells);

    [Fact]
    public void A_formula_is_refused_where_it_stands()
    {
        SheetProblem problem = Assert.Single(Problems(Workbook.OfXml("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><f>1+1</f><v>2</v></c></row>"), "a.xlsx"));
        Assert.Equal(("cell-is-formula", 2, "A"), (problem.Code, problem.Row, problem.Column));
    }

    [Fact]
    public void A_cell_out_of_order_is_refused_instead_of_read_into_another_column() =>
        Assert.Equal(["file-not-xlsx"], Codes(Workbook.OfXml("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>"), "a.xlsx"));

    [Fact]
    public void Document_types_and_entities_are_refused()
    {
        byte[] file = Workbook.OfXml("<row/>", ("xl/sharedStrings.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sst><si><t>&b;</t></si></sst>"));
        Assert.Equal(["file-not-xlsx"], Codes(file, "a.xlsx"));
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_unpacked()
    {
        byte[] file = Workbook.OfXml(new string(' ', 60_000_000));
        Assert.True(file.Length < 500_000);
        Assert.Equal(["file-unpacks-too-large"], Codes(file, "bomb.xlsx"));
    }

    [Fact]
    public void A_bomb_that_lies_about_its_size_is_refused_all_the_same()
    {
        byte[] file = Workbook.OfXml(new string(' ', 60_000_000));
        using ZipArchive zip = new(new MemoryStream(file));
        byte[] real = BitConverter.GetBytes((int)zip.GetEntry("xl/worksheets/sheet1.xml")!.Length);
        byte[] small = BitConverter.GetBytes(1_000);
        for (int at = 0; at + 4 <= file.Length; at++)
        {
            if (file.AsSpan(at, 4).SequenceEqual(real))
            {
                small.CopyTo(file.AsSpan(at));
            }
        }

        Assert.Contains(Assert.Single(Codes(file, "bomb.xlsx")), (string[])["file-unpacks-too-large", "file-not-xlsx"]);
    }

    [Fact]
    public void Too_many_parts_are_refused() =>
        Assert.Equal(["file-unpacks-too-large"], Codes(Workbook.Zip([.. Enumerable.Range(0, SheetLimits.Entries + 1).Select(i => ($"p{i}", "x"))]), "a.xlsx"));

    [Fact]
    public void Other_programs_and_macros_are_named()
    {
        Assert.Equal(["file-is-ods"], Codes(Workbook.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")), "a.ods"));
        Assert.Equal(["file-with-macros"], Codes(Workbook.OfXml("<row/>", ("xl/vbaProject.bin", "x")), "a.xlsx"));
        Assert.Equal(["file-with-macros"], Codes(Workbook.Of(["a"]), "a.xlsm"));
    }

    [Theory]
    [InlineData("../evil.xml")]
    [InlineData("/etc/passwd")]
    [InlineData("xl\\a.xml")]
    public void Paths_that_lead_out_are_refused(string name) => Assert.Equal(["file-not-xlsx"], Codes(Workbook.OfXml("<row/>", (name, "x")), "a.xlsx"));

    [Fact]
    public void Archives_that_are_no_workbook_are_refused()
    {
        Assert.Equal(["file-not-xlsx"], Codes(Workbook.Zip(("a.txt", "x")), "a.xlsx"));
        Assert.Equal(["file-not-xlsx"], Codes([.. "PK\u0003\u0004"u8, 1, 2, 3], "a.xlsx"));
        Assert.Equal(["file-not-xlsx"], Codes(Workbook.OfXml("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>"), "a.xlsx"));
    }

    [Fact]
    public void Too_many_columns_rows_and_characters_are_refused()
    {
        Assert.Equal(["too-many-columns"], Codes(Workbook.OfXml("<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>"), "a.xlsx"));
        Assert.Equal(["cell-too-long"], Codes(Workbook.Of(["a"], [Noise(SheetLimits.CellCharacters + 1)]), "a.xlsx"));
    }

    [Fact]
    public void A_damaged_workbook_is_read_or_refused_but_never_breaks_it()
    {
        byte[] good = Workbook.OfXml(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>id</v></c><c r=\"B1\" s=\"1\"><v>3</v></c></row>", ("xl/styles.xml", Workbook.Styles("<numFmt numFmtId=\"164\" formatCode=\"yyyy\"/>", 0, 164)));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte).Sample((at, value, alsoAt, also) =>
        {
            byte[] damaged = [.. good];
            damaged[at] = value;
            damaged[alsoAt] = also;
            return SheetReader.Read("a.xlsx", damaged) is not null;
        }, iter: 5_000);
    }

    private static string Noise(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * 7919 % 104_729 % 26))));
}
