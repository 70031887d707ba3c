using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingStatements
{
    [Fact]
    public void A_column_for_each_language_and_rejected_rows_left_out()
    {
        StatementReading read = Read("is-meta,COMMENT-BODY.fr,comment-body,moderated,agrees\nfalse,Laissez-les  entrer.,Let them in.,1,4\ntrue,,'=I drive.,0,2\n,Non.,No.,-1,0\n", "en", "fr");
        Assert.Empty(read.Problems);
        Assert.Equal((1, "agrees"), (read.Rejected, Assert.Single(read.IgnoredColumns)));
        Assert.Equal(["2 en Let them in. fr Laissez-les entrer. False", "3 en =I drive. True"], read.Statements.Select(one => $"{one.Row} {string.Join(' ', one.Texts.Select(text => $"{text.Key} {text.Value}"))} {one.IsMeta}"));

        // The first language may have its name too, and a file of Polis has neither of both columns more.
        Assert.Equal("Oui.", Assert.Single(Read("comment-body.fr,comment-body.en\nOui.,Yes.\n", "fr", "en").Statements).Texts["fr"]);
        Assert.Equal("Oui.", Assert.Single(Read("timestamp,comment-id,comment-body\n1,2,Oui.\n", "fr", "en").Statements).Texts["fr"]);
    }

    [Fact]
    public void What_is_wrong_is_said_for_every_cell()
    {
        Assert.Equal(
            ["4 comment-body empty", "4 comment-body.fr cell-too-long", "5 comment-body value-twice", "6 moderated not-one-of", "6 is-meta not-one-of"],
            Read($"comment-body,comment-body.fr,moderated,is-meta\nYes.,Oui.,1,\nNo.,,1,\n,{new string('a', 41)},1,\n yes. ,Si.,,1\nX,Y,7,perhaps\n", "en", "fr").Problems.Select(problem => $"{problem.Row} {problem.Column} {problem.Code}"));
        Assert.Equal(["column-missing"], Read("comment-body.fr\nOui.\n", "en", "fr").Problems.Select(problem => problem.Code));
        Assert.Equal(["no-rows"], Read("comment-body\n", "en").Problems.Select(problem => problem.Code));
    }

    private static StatementReading Read(string csv, params string[] languages) =>
        StatementSheet.Read(Assert.IsType<SheetReading.Read>(SheetReader.Read("comments.csv", Encoding.UTF8.GetBytes(csv))).Sheet, languages, 40);
}
