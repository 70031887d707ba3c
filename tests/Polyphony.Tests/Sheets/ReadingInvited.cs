using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Tests.Sheets;

/// <summary>How many were invited, as counts by value: long, or by stratum as <c>polyphony invite</c> writes them.</summary>
public sealed class ReadingInvited
{
    private static readonly QuotaCriterion[] Criteria =
    [
        new("gender", [new("woman", 0, 9, null, null, 0.5), new("man", 0, 9, null, null, 0.5)]),
        new("age", [new("16-29", 0, 9, null, null, null), new("30+", 0, 9, null, null, null)]),
    ];

    [Fact]
    public void Strata_count_for_every_criterion_that_has_a_column()
    {
        InvitedReading read = Read("gender,age,rows,invited\nwoman,16-29,900,10\nMAN,30+,800,20\nwoman,30+,1,5\n");
        Assert.Empty(read.Problems);
        Assert.Equal([15, 20], read.Counts[0]!);
        Assert.Equal([10, 25], read.Counts[1]!);
    }

    [Fact]
    public void A_criterion_that_the_file_does_not_name_is_not_recorded()
    {
        Assert.Null(Read("gender,invited\nwoman,3\n").Counts[1]);
        InvitedReading read = Read("feature,value,invited\nage,30+,4\n");
        Assert.Null(read.Counts[0]);
        Assert.Equal([0, 4], read.Counts[1]!);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        Assert.Equal(["column-missing", "column-missing"], Read("region,sent\nnorth,3\n").Problems.Select(problem => problem.Code));
        Assert.Equal([("not-a-whole-number", 2), ("unknown-value", 3), ("empty", 4)], Read("gender,invited\nwoman,many\nother,3\nman,\n").Problems.Select(problem => (problem.Code, problem.Row)));
        Assert.Equal([("unknown-value", "feature"), ("unknown-value", "value")], Read("feature,value,invited\nheight,tall,3\nage,40+,1\n").Problems.Select(problem => (problem.Code, problem.Column)));
    }

    private static InvitedReading Read(string csv) => InvitedSheet.Read(Assert.IsType<SheetReading.Read>(SheetReader.Read("invited.csv", Encoding.UTF8.GetBytes(csv))).Sheet, Criteria);
}
