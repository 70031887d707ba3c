using System.Text.Json.Nodes;

namespace Polyphony.Tests.Cli;

public sealed class Ranking : IDisposable
{
    private const string Tennessee = "Memphis,Nashville,Chattanooga,Knoxville,count\n1,2,3,4,42\n4,1,2,3,26\n4,3,1,2,15\n4,3,2,1,17\n";

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("schulze", "Nashville > Chattanooga > Knoxville > Memphis")]
    [InlineData("borda", "Nashville > Chattanooga > Memphis > Knoxville")]
    [InlineData("irv", "Knoxville > Memphis > Nashville > Chattanooga")]
    public void A_capital_by_ranks(string rule, string order)
    {
        (int code, JsonObject answer) = bench.Json("analyse", "rank", "--ballots", bench.File("b.csv", Tennessee), "--rule", rule);
        Assert.Equal((0, 100, "ranked"), (code, (int)answer["ballots"]!, (string?)answer["outcome"]));
        Assert.Equal(order, Order(answer));
        Assert.Contains(order, bench.Run("analyse", "rank", "--ballots", bench["b.csv"], "--rule", rule).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_ballots_rank_alike()
    {
        // {1234; 1324; 2134} of three judges: W is .7778, and three are too few for a test.
        string judges = bench.File("j.csv", "a,b,c,d,count\n1,2,3,4,1\n1,3,2,4,1\n2,1,3,4,1\n");
        JsonNode found = bench.Json("analyse", "rank", "--ballots", judges, "--rule", "schulze").Answer["concordance"]!;
        Assert.Equal((0.7777778, 7.0, 3, 3), (Math.Round((double)found["w"]!, 7), Math.Round((double)found["chiSquared"]!, 9), (int)found["degrees"]!, (int)found["ballots"]!));
        Assert.Null(found["pValue"]);
        JsonNode many = bench.Json("analyse", "rank", "--ballots", bench.File("m.csv", "a,b,c,d,count\n1,2,3,4,7\n1,3,2,4,7\n2,1,3,4,7\n,,,,9\n"), "--rule", "borda").Answer["concordance"]!;
        Assert.Equal((0.7777778, 21), (Math.Round((double)many["w"]!, 7), (int)many["ballots"]!));
        Assert.InRange((double)many["pValue"]!, 0, 1e-9);
        Assert.Contains("Kendall's W 0.778", bench.Run("analyse", "rank", "--ballots", judges, "--rule", "schulze").Output, StringComparison.Ordinal);
        Assert.Null(bench.Json("analyse", "rank", "--ballots", bench.File("g.csv", "x,y\n3,2\n2,2\n"), "--rule", "majority-judgement").Answer["concordance"]);
    }

    [Fact]
    public void Places_as_columns_say_the_same_as_options_as_columns()
    {
        string places = bench.File("p.csv", "count,3,1,2,10\n5,a,b,c=d,e\n2,,e,,\n");
        string options = bench.File("o.csv", "a,b,c,d,e,count,id\n3,1,2,2,4,5,x\n,,,,1,2,y\n");
        foreach (string rule in new[] { "schulze", "borda" })
        {
            Assert.Equal(bench.Run("analyse", "rank", "--ballots", places, "--rule", rule, "--json").Output, bench.Run("analyse", "rank", "--ballots", options, "--rule", rule, "--json").Output);
        }
    }

    [Fact]
    public void Grades_by_name_and_by_number()
    {
        string named = bench.File("n.csv", "x,y\nGood,fair\nfair,fair\npoor,fair\n");
        string numbers = bench.File("m.csv", "x,y\n3,2\n2,2\n1,2\n");
        JsonObject one = bench.Json("analyse", "rank", "--ballots", named, "--rule", "majority-judgement", "--grades", "reject,poor,fair,good").Answer;
        JsonObject other = bench.Json("analyse", "rank", "--ballots", numbers, "--rule", "majority-judgement").Answer;
        Assert.Equal("y > x", Order(one));
        Assert.Equal(Order(one), Order(other));
        Assert.Equal(["fair", "fair"], one["grades"]!.AsArray().Select(grade => (string)grade!["median"]!));
    }

    [Fact]
    public void Seats_by_two_counts()
    {
        string ballots = bench.File("b.csv", "A,B,C,count\n1,2,,7\n,,1,3\n");
        JsonObject scottish = bench.Json("analyse", "rank", "--ballots", ballots, "--rule", "stv", "--seats", "2").Answer;
        Assert.Equal(["A", "C"], scottish["winners"]!.AsArray().Select(option => (string)option!));
        Assert.Equal(["first-preferences", "surplus-transferred", "excluded"], scottish["rounds"]!.AsArray().Select(round => (string)round!["action"]!));
        JsonObject meek = bench.Json("analyse", "rank", "--ballots", ballots, "--rule", "STV", "--seats", "2", "--count", "meek").Answer;
        Assert.Equal(["A", "B"], meek["winners"]!.AsArray().Select(option => (string)option!));
    }

    [Fact]
    public void Level_options_need_a_lot()
    {
        string ballots = bench.File("b.csv", "A,B,C,count\n1,,,4\n,1,2,3\n,2,1,3\n");
        (int code, JsonObject answer) = bench.Json("analyse", "rank", "--ballots", ballots, "--rule", "irv");
        Assert.Equal((3, "needs-lot"), (code, (string?)answer["outcome"]));
        Assert.Equal(["B", "C"], answer["level"]!.AsArray().Select(option => (string)option!));
        Assert.Equal("C", (string?)bench.Json("analyse", "rank", "--ballots", ballots, "--rule", "irv", "--lot", "c,b").Answer["winners"]![0]);
    }

    [Theory]
    [InlineData("schulze")]
    [InlineData("borda")]
    [InlineData("irv")]
    [InlineData("stv")]
    [InlineData("majority-judgement")]
    public void Order_and_names_of_ballots_and_options_change_nothing(string rule)
    {
        string[] seats = rule == "stv" ? ["--seats", "2"] : [];
        string renamed = bench.File("r.csv", "count,k,z,a,n\n17,1,4,2,3\n42,4,1,3,2\n15,2,4,1,3\n26,3,4,2,1\n");
        JsonObject one = bench.Json(["analyse", "rank", "--ballots", bench.File("b.csv", Tennessee), "--rule", rule, .. seats]).Answer;
        JsonObject other = bench.Json(["analyse", "rank", "--ballots", renamed, "--rule", rule, .. seats]).Answer;
        string back = Order(other).Replace("k", "Knoxville", StringComparison.Ordinal).Replace("z", "Memphis", StringComparison.Ordinal);
        back = System.Text.RegularExpressions.Regex.Replace(System.Text.RegularExpressions.Regex.Replace(back, "\\ba\\b", "Chattanooga"), "\\bn\\b", "Nashville");
        Assert.Equal(Order(one), back);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        string ballots = bench.File("b.csv", "A,B,count\n1,x,0\n0,2,1\n");
        Assert.Equal(
            ["option-needs:--count", "option-needs:--grades", "not-a-whole-number@2:count", "not-a-whole-number@2:B", "not-a-whole-number@3:A"],
            bench.Refusals("analyse", "rank", "--ballots", ballots, "--rule", "borda", "--count", "meek", "--grades", "a,b"));
        string good = bench.File("g.csv", "A,B\n1,2\n");
        Assert.Equal(["option-needs:--rule"], bench.Refusals("analyse", "rank", "--ballots", good, "--rule", "stv"));
        Assert.Equal(["more-than-there-are:--seats", "unknown-value:--lot", "option-value:--lot"], bench.Refusals("analyse", "rank", "--ballots", good, "--rule", "stv", "--seats", "3", "--lot", "A,a,z"));
        Assert.Equal(["value-twice@2:2"], bench.Refusals("analyse", "rank", "--ballots", bench.File("p.csv", "1,2\na,a\n"), "--rule", "schulze"));
        Assert.Equal(["option-value:--grades", "unknown-value@2:A"], bench.Refusals("analyse", "rank", "--ballots", bench.File("m.csv", "A\nz\n"), "--rule", "majority-judgement", "--grades", "a,A"));
        Assert.Equal(["not-a-whole-number@2:A"], bench.Refusals("analyse", "rank", "--ballots", bench.File("m.csv", "A\n100\n"), "--rule", "majority-judgement"));
        Assert.Equal(["too-few-columns:(each option)"], bench.Refusals("analyse", "rank", "--ballots", bench.File("o.csv", "id,count\n1,1\n"), "--rule", "borda"));
        Assert.Equal(["empty:1"], bench.Refusals("analyse", "rank", "--ballots", bench.File("o.csv", "1,count\n,1\n"), "--rule", "borda"));
        Assert.Equal(["option"], bench.Refusals("analyse", "rank", "--ballots", good, "--rule", "coin"));
        Assert.Equal(["option"], bench.Refusals("analyse", "rank", "--ballots", good));
    }

    [Fact]
    public void Strengths_of_options_compared_in_pairs()
    {
        // The four teams of the textbook (D. R. Hunter's iteration): 0.640, 1.043, 0.660 and 2.270 where their geometric mean is 1.
        string pairs = bench.File("t.csv", "winner,loser,count\nA,B,2\nA,D,1\nB,A,3\nB,C,5\nC,B,3\nC,D,1\nD,A,4\nD,C,3\n");
        (int code, JsonObject answer) = bench.Json("analyse", "rank", "--ballots", pairs, "--rule", "bradley-terry");
        Assert.Equal((0, "ranked", 22), (code, (string?)answer["outcome"], (int)answer["ballots"]!));
        Assert.Equal("D > B > C > A", Order(answer));
        JsonNode[] strengths = [.. answer["strengths"]!.AsArray().Select(option => option!)];
        Assert.Equal(1, strengths.Sum(option => (double)option["strength"]!), 12);
        double mean = Math.Exp(strengths.Average(option => Math.Log((double)option["strength"]!)));
        Assert.Equal([0.640, 1.043, 0.660, 2.270], strengths.Select(option => Math.Round((double)option["strength"]! / mean, 3)));
        Assert.Equal((3, 7, 4 / 12.0), ((int)strengths[0]["wins"]!, (int)strengths[0]["losses"]!, (double)strengths[0]["score"]!));
        Assert.Contains("22 comparisons of 4 options; bradley-terry.", bench.Run("analyse", "rank", "--ballots", pairs, "--rule", "bradley-terry").Output, StringComparison.Ordinal);

        // One comparison a row, other names and another order: the same strengths. Who won as often is level.
        string renamed = bench.File("r.csv", "loser,winner\n" + string.Concat(Enumerable.Repeat("y,z\n", 2)) + string.Concat(Enumerable.Repeat("w,x\n", 3)) + "x,w\n" + "z,y\ny,w\nw,y\n");
        JsonObject other = bench.Json("analyse", "rank", "--ballots", renamed, "--rule", "bradley-terry").Answer;
        Assert.Equal("x > z > w = y", Order(other));
    }

    [Fact]
    public void Without_comparisons_both_ways_there_are_parts_and_no_order()
    {
        string pairs = bench.File("p.csv", "winner,loser\nA,B\nB,C\nC,B\n");
        (int code, JsonObject answer) = bench.Json("analyse", "rank", "--ballots", pairs, "--rule", "bradley-terry");
        Assert.Equal((3, "needs-comparisons"), (code, (string?)answer["outcome"]));
        Assert.Equal(["A", "B,C"], answer["parts"]!.AsArray().Select(part => string.Join(',', part!.AsArray().Select(option => (string)option!))));
        Assert.Empty(answer["order"]!.AsArray());
        Assert.All(answer["strengths"]!.AsArray(), option => Assert.Null(option!["strength"]));
        Assert.Equal(2 / 3.0, (double)answer["strengths"]![0]!["score"]!);
        Assert.Contains("A | B, C. Ask for comparisons", bench.Run("analyse", "rank", "--ballots", pairs, "--rule", "bradley-terry").Output, StringComparison.Ordinal);

        // A long chain in which each meets its neighbours alone and nearly always wins or loses: no number is small enough for the last one, and that is said.
        string chain = "winner,loser,count\n" + string.Concat(Enumerable.Range(1, 119).Select(i => $"{i:000},{i - 1:000},1000\n{i - 1:000},{i:000},1\n"));
        (code, answer) = bench.Json("analyse", "rank", "--ballots", bench.File("c.csv", chain), "--rule", "bradley-terry");
        Assert.Equal((5, "undecided"), (code, (string?)answer["outcome"]));
    }

    [Fact]
    public void Comparisons_in_pairs_are_refused_with_all_that_is_wrong()
    {
        Assert.Equal(
            ["option-needs:--seats", "option-needs:--lot", "empty@2:winner", "value-twice@3:loser", "not-a-whole-number@4:count"],
            bench.Refusals("analyse", "rank", "--ballots", bench.File("p.csv", "winner,loser,count\n,A,1\nA,A,1\nA,B,-1\n"), "--rule", "bradley-terry", "--seats", "2", "--lot", "A"));
        Assert.Equal(["column-missing:winner", "column-missing:loser"], bench.Refusals("analyse", "rank", "--ballots", bench.File("q.csv", "A,B\n1,2\n"), "--rule", "bradley-terry"));
        Assert.Equal(["number-too-large:winner"], bench.Refusals("analyse", "rank", "--ballots", bench.File("r.csv", "winner,loser\n" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"a{i},b\n"))), "--rule", "bradley-terry"));
        Assert.Equal(["number-too-large:count"], bench.Refusals("analyse", "rank", "--ballots", bench.File("s.csv", "winner,loser,count\na,b,2000000000\n"), "--rule", "bradley-terry"));
    }

    private static string Order(JsonObject answer) => answer["order"]!.AsArray() is { Count: > 0 } order
        ? string.Join(" > ", order.Select(tier => string.Join(" = ", tier!.AsArray().Select(option => (string)option!))))
        : string.Join(", ", answer["winners"]!.AsArray().Select(option => (string)option!));
}
