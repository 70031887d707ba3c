using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Tests.Sheets;

public sealed class WritingForPolis
{
    private static readonly PolisStatement[] Statements = [new("7", 1, false, true, "Two words, \"quoted\"", 1_500_232_652_930, "3"), new("x y", -1, true, false, "=1+1", 0, "")];

    [Fact]
    public void Statements_come_back_as_they_were()
    {
        byte[] written = PolisExport.Comments(Statements.Select(statement => (statement, 4, 2)));
        Assert.StartsWith("timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body,is-meta,is-seed\n1500232652930,Sun Jul 16 19:17:32 UTC 2017,7,3,4,2,1,", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        List<SheetProblem> problems = [];
        using LargeCsv csv = LargeCsv.Of("comments.csv", written, problems)!;
        Assert.Equal(Statements, PolisStatements.Read(csv, problems.Add, CancellationToken.None)!.Rows);
        Assert.Empty(problems);
    }

    [Fact]
    public void What_people_wrote_is_no_formula_and_numbers_stay_numbers()
    {
        string written = Encoding.UTF8.GetString(PolisExport.Comments(Statements.Select(statement => (statement, 4, 2))));
        Assert.Contains(",-1,'=1+1,true,false", written, StringComparison.Ordinal);
        Assert.DoesNotContain("'-1", written + Encoding.UTF8.GetString(PolisExport.Votes([new("7", "a", -1, 5)])), StringComparison.Ordinal);
    }

    [Fact]
    public void Votes_come_back_as_they_were_from_both_files()
    {
        PolisVote[] votes = [new("7", "a", 1, 5), new("7", "12", -1, 6), new("x y", "a", 0, 7), new("7", "a", -1, 8)];
        Assert.Equal(votes, Read(PolisExport.Votes(votes)));
        byte[] wide = PolisExport.ParticipantsVotes(["7", "x y"], [new("a", 1, 0, [-1, 0]), new("12", null, 2, [-1, null])]);
        Assert.Equal("participant,group-id,n-comments,n-votes,n-agree,n-disagree,7,x y\na,1,0,2,0,1,-1,0\n12,,2,1,0,1,-1,\n", Encoding.UTF8.GetString(wide));
        Assert.Equal([new("7", "a", -1, 0), new("x y", "a", 0, 0), new("7", "12", -1, 0)], Read(wide));
    }

    [Fact]
    public void Three_hundred_statements_are_columns()
    {
        string[] ids = [.. Enumerable.Range(0, 300).Select(i => $"{i}")];
        Assert.Equal(300, Read(PolisExport.ParticipantsVotes(ids, [new("a", null, 0, [.. ids.Select(_ => (int?)1)])]), ids).Count);
    }

    private static List<PolisVote> Read(byte[] content, params string[] ids)
    {
        List<SheetProblem> problems = [];
        using LargeCsv csv = LargeCsv.Of("votes.csv", content, problems, PolisVotes.MostColumns)!;
        IdIndex statements = new();
        foreach (string id in ids.Length > 0 ? ids : ["7", "x y"])
        {
            statements.Of(Encoding.UTF8.GetBytes(id));
        }

        List<(int Voter, int Statement, int Vote, long Time)> read = [];
        IdIndex voters = PolisVotes.Read(csv, statements, (voter, statement, vote, time) => read.Add((voter, statement, vote, time)), problems.Add, CancellationToken.None)!;
        Assert.Empty(problems);
        return [.. read.Select(vote => new PolisVote(statements[vote.Statement], voters[vote.Voter], vote.Vote, vote.Time))];
    }
}
