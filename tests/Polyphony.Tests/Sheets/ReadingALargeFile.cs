using System.Globalization;
using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingALargeFile : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("a,b,c\n1,2,3\n4,5,6\n")]
    [InlineData("a;b;c\r\n1;\"x;y\";3\r\n\r\n;;\r\n4;5")]
    [InlineData("a\tb\r1\t\"two\nlines\"\r\"say \"\"hi\"\"\"\tz\r")]
    [InlineData("\n\n a , b \n\"\",x\n1, y z \n2\n")]
    [InlineData("a,b\n\"\"\"\",\"\"\n\"a\r\nb\" ,c")]
    [InlineData("a,b\nÉtienne, \u00a0Zoe\u0301\u200B\nx\"y,z\n")]
    public void Rows_are_those_of_the_other_reader(string text) => AssertSame(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Rows_and_characters_that_a_buffer_cuts_are_whole()
    {
        StringBuilder text = new("id,name,note\n");
        for (int i = 0; i < 40_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i},\"Zoë \"\"{new string('é', i % 41)}\"\"\",\"l1\r\nl2 {new string('€', i % 17)}\"\n");
        }

        byte[] content = Encoding.UTF8.GetBytes(text.ToString());
        Assert.True(content.Length > 3 << 20);
        AssertSame(content);
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_a_problem()
    {
        List<SheetProblem> problems = [];
        Assert.Null(LargeCsv.Open(path + ".none", problems, TestContext.Current.CancellationToken));
        Assert.Null(LargeCsv.Open(Path.GetTempPath(), problems, TestContext.Current.CancellationToken));
        Assert.Equal(["file-missing", "file-unreadable"], problems.Select(problem => problem.Code));
    }

    private void AssertSame(byte[] content)
    {
        File.WriteAllBytes(path, content);
        Sheet expected = Reading.Table(content);
        List<SheetProblem> problems = [];
        using LargeCsv csv = LargeCsv.Open(path, problems, TestContext.Current.CancellationToken)!;
        Assert.Empty(problems);
        Assert.Equal(expected.Headers, csv.Headers);
        List<(int Row, long Offset, string[] Cells)> rows = [];
        csv.Scan((in CsvCells row) =>
        {
            string[] cells = new string[csv.Headers.Count];
            for (int i = 0; i < cells.Length; i++)
            {
                cells[i] = row.Text(i);
            }

            rows.Add((row.Row, row.Offset, cells));
        }, problems.Add, TestContext.Current.CancellationToken);
        Assert.Empty(problems);
        Assert.Equal(expected.Rows.Count, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            Assert.Equal(expected.Rows[i].Number, rows[i].Row);
            for (int column = 0; column < csv.Headers.Count; column++)
            {
                Assert.Equal(expected.Rows[i][column], rows[i].Cells[column]);
            }

            if (i % 997 == 0)
            {
                Assert.Equal(rows[i].Cells, csv.RowAt(rows[i].Offset));
            }
        }
    }

    [Theory]
    [InlineData("straße  12")]
    [InlineData(" a  b ")]
    [InlineData("Éa\u0301")]
    public void Keys_of_bytes_are_keys_of_text(string text)
    {
        Span<byte> key = new byte[64];
        int written = CellText.Key(Encoding.UTF8.GetBytes(text), key);
        Assert.Equal(CellText.Key(text), Encoding.UTF8.GetString(key[..written]));
    }
}
