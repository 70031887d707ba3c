using System.Text;
using CsCheck;
using Polyphony.Sheets;
using static Polyphony.Tests.Sheets.Reading;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingCsv
{
    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void The_separator_is_found_from_the_header(string separator)
    {
        Sheet sheet = Table($"id{separator}name{separator}age\r\n1{separator}\"Zoé{separator}B\"{separator}30–44\r\n");
        Assert.Equal(["id", "name", "age"], sheet.Headers);
        Assert.Equal(["1", $"Zoé{separator}B".Trim(), "30–44"], sheet.Rows[0].Cells.Select(cell => cell.Replace("\t", separator, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_encoding_of_the_field_gives_the_same_table()
    {
        const string Text = "identité;âge\nZoé;«30»\n";
        byte[][] files =
        [
            Bytes(Text),
            [0xEF, 0xBB, 0xBF, .. Bytes(Text)],
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
            [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Text)],
            Encoding.Latin1.GetBytes(Text),
        ];
        Assert.All(files, file =>
        {
            Sheet sheet = Table(file);
            Assert.Equal(["identité", "âge"], sheet.Headers);
            Assert.Equal(["Zoé", "«30»"], sheet.Rows[0].Cells);
        });
    }

    [Fact]
    public void The_euro_sign_of_windows_is_read() => Assert.Equal("€", Table([.. Bytes("a;b\n"), 0x80, .. Bytes(";é\n")[..2], 0xE9, .. Bytes("\n")]).Rows[0][0]);

    [Fact]
    public void A_file_whose_bytes_are_not_its_encoding_is_refused_and_nothing_replaced()
    {
        Assert.Equal(["file-not-text"], Codes([0xEF, 0xBB, 0xBF, .. Bytes("a,b\n1,"), 0xE9, .. Bytes("\n")]));
        Assert.Equal(["file-not-text"], Codes([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\n1,2"), 0x0A]));
        Assert.Equal(["file-not-text"], Codes([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\n1,"), 0x00, 0xD8, 0x0A, 0x00]));
        Assert.Equal(["file-not-text"], Codes([.. Bytes("a,b\n1,"), 0x8D, 0xE9, .. Bytes("\n")]));
        Assert.Equal(["file-not-text"], Codes("a,b\n1,\0\n"));
    }

    [Fact]
    public void Quotes_hold_separators_lines_and_quotes()
    {
        Sheet sheet = Table("id,text\n1,\"a,\"\"b\"\"\nc\"\n2,d\n");
        Assert.Equal("a,\"b\"\nc", sheet.Rows[0][1]);
        Assert.Equal(2, sheet.Rows[0].Number);
        Assert.Equal(4, sheet.Rows[1].Number);
    }

    [Fact]
    public void Blank_lines_count_but_are_no_rows()
    {
        Sheet sheet = Table("\n\nid,name\n\n1,A\n,\n2,B");
        Assert.Equal([5, 7], sheet.Rows.Select(row => row.Number));
    }

    [Fact]
    public void Lines_may_end_as_on_an_old_macintosh() => Assert.Equal(2, Table("id,name\r1,A\r2,B\r").Rows.Count);

    [Fact]
    public void A_short_row_has_empty_cells_at_its_end() => Assert.Equal("", Table("id,name,age\n1,A\n").Rows[0][2]);

    [Fact]
    public void A_header_that_begins_like_an_archive_is_still_text() => Assert.Equal("PKZ", Table("PKZ,name\n1,A\n").Headers[0]);

    [Fact]
    public void All_problems_of_the_shape_are_told_at_once()
    {
        IReadOnlyList<SheetProblem> problems = Problems(Bytes("id,,ID\n1,x,2\n2,,3,beyond\n"));
        Assert.Equal(["header-twice", "header-missing", "cell-beyond-header"], problems.Select(problem => problem.Code));
        Assert.Equal(("people.csv", 3, "D", "beyond"), (problems[2].File, problems[2].Row, problems[2].Column, problems[2].Value));
    }

    [Theory]
    [InlineData("id,name\n1,\"A\"x\n", "text-after-quote")]
    [InlineData("id,name\n1,\"A\n", "quote-not-closed")]
    [InlineData(" \n , \n", "file-empty")]
    public void A_broken_file_is_refused_with_its_code(string text, string code) => Assert.Equal([code], Codes(text));

    [Fact]
    public void An_empty_file_and_one_too_large_are_refused()
    {
        Assert.Equal(["file-empty"], Codes([]));
        Assert.Equal(["file-too-large"], Codes(new byte[SheetLimits.FileBytes + 1]));
    }

    [Fact]
    public void Too_many_rows_columns_and_characters_are_refused()
    {
        Assert.Equal(["too-many-rows"], Codes("a\n" + string.Concat(Enumerable.Repeat("1\n", SheetLimits.Rows + 1))));
        Assert.Empty(Codes("a\n" + string.Concat(Enumerable.Repeat("1\n", SheetLimits.Rows))));
        Assert.Contains("too-many-columns", Codes(string.Join(',', Enumerable.Range(0, SheetLimits.Columns + 1)) + "\n"));
        Assert.Empty(Codes(string.Join(',', Enumerable.Range(0, SheetLimits.Columns)) + "\n"));
        Assert.Equal(["cell-too-long"], Codes("a\n" + new string('x', SheetLimits.CellCharacters + 1) + "\n"));
    }

    [Fact]
    public void Files_of_other_programs_are_named()
    {
        Assert.Equal(["file-old-or-encrypted"], Codes([0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3], "old.xls"));
        Assert.Equal(["file-not-xlsx"], Codes(Bytes("a,b\n"), "text.xlsx"));
    }

    [Fact]
    public void Only_the_last_part_of_a_path_is_told() => Assert.Equal("p.csv", Problems([], "C:\\Users\\me\\p.csv")[0].File);

    [Fact]
    public void What_was_written_is_read_again() =>
        Gen.Char[" aé,;\t\"\n'1=字"].Array[0, 8].Select(chars => CellText.Clean(new string(chars))).Array[3].List[1, 6].Sample(rows =>
        {
            byte[] file = CsvWriter.Write([["a", "b", "c"], .. rows]);
            string[][] expected = [.. rows.Select(row => row.Select(CsvWriter.Escape).ToArray()).Where(row => row.Any(cell => cell.Length > 0))];
            Sheet sheet = Table(file);
            return sheet.Rows.Count == expected.Length && sheet.Rows.Zip(expected).All(pair => pair.First.Cells.SequenceEqual(pair.Second));
        });

    [Fact]
    public void Any_bytes_at_all_are_read_or_refused_but_never_break_it() =>
        Gen.Byte.Array[0, 200].Sample(content => SheetReader.Read("x.csv", content) is not null);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1+A1")]
    [InlineData("-")]
    [InlineData("-A1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("＝1")]
    public void What_a_spreadsheet_would_compute_is_written_as_text(string cell)
    {
        Assert.StartsWith("'", CsvWriter.Escape(cell), StringComparison.Ordinal);
        Assert.Contains("\"'" + cell, Encoding.UTF8.GetString(CsvWriter.Write([[cell]])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0.25")]
    [InlineData("0")]
    public void A_number_stays_a_number(string cell)
    {
        Assert.Equal(cell, CsvWriter.Escape(cell));
        Assert.Equal(cell, CsvWriter.Unescape(cell));
    }
}
