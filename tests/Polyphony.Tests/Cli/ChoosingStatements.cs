using System.Text.Json.Nodes;

namespace Polyphony.Tests.Cli;

public sealed class ChoosingStatements : IDisposable
{
    private const string Votes = "timestamp,datetime,comment-id,voter-id,vote\n1,x,10,a,1\n2,x,10,b,1\n3,x,10,c,1\n4,x,2,a,1\n5,x,2,d,-1\n6,x,3,d,1\n7,x,3,e,1\n8,x,3,a,0\n9,x,10,e,1\n10,x,10,e,-1\n";

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("instanceL0002.abc.yaml", 3, "0,2,3")]
    [InlineData("instanceS0002.abc.yaml", 4, null)]
    public void A_published_profile(string file, int size, string? committee)
    {
        string path = Repository.PathOf("tests", "vectors", "opinion", "abcvoting", file);
        foreach (string rule in new[] { "mes", "seq-pav", "pav", "seq-phragmen" })
        {
            (int code, JsonObject answer) = bench.Json("analyse", "slate", "--profile", path, "--rule", rule);
            Assert.Equal((0, "chosen", rule, size), (code, (string?)answer["outcome"], (string?)answer["rule"], (int)answer["size"]!));
            Assert.Equal(size, answer["committee"]!.AsArray().Count);
            Assert.Contains((string?)answer["ejr"], (string[])["holds", "fails"]);
            Assert.Null(answer["worstGroup"]);
            if (committee is not null)
            {
                Assert.Equal(committee, Ids(answer));
            }
        }
    }

    [Fact]
    public void Votes_of_which_the_last_counts()
    {
        string groups = bench.File("g.csv", "participant,group-id\na,0\nb,0\nc,0\nd,1\ne,1\n");
        (int code, JsonObject answer) = bench.Json("analyse", "slate", "--votes", bench.File("v.csv", Votes), "--groups", groups, "--size", "2", "--rule", "mes");
        Assert.Equal((0, "3,10", 5, 3), (code, Ids(answer), (int)answer["people"]!, (int)answer["statements"]!));
        Assert.Equal((1.0, 1.0, "2/5"), ((double)answer["coverage"]!, (double)answer["worstGroup"]!, (string?)answer["budget"]));
        JsonNode first = answer["members"]![0]!;
        Assert.Equal((10, "paid", 3, 4, 3), ((int)first["id"]!, (string?)first["reason"], (int)first["approvals"]!, (int)first["saw"]!, (int)first["onlyHere"]!));
        Assert.Equal(("1/3", 3), ((string?)first["payments"]![0]!["amount"], (int)first["payments"]![0]!["people"]!));
        Assert.Contains("paid by 3 people with 1/3 each", bench.Run("analyse", "slate", "--votes", bench["v.csv"], "--size", "2", "--rule", "mes").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_of_groups_they_are_those_of_the_map()
    {
        // Two camps, of thirty and of twenty, that see everything alike within and opposite between; three of five seats go to what the larger one agrees with.
        IEnumerable<string> rows = Enumerable.Range(0, 50).SelectMany(person => Enumerable.Range(0, 10).Select(statement => $"{statement},{person},{(person < 30 == statement < 5 ? 1 : -1)}"));
        string votes = bench.File("camps.csv", "comment-id,voter-id,vote\n" + string.Join('\n', rows) + "\n");
        JsonObject answer = bench.Json("analyse", "slate", "--votes", votes, "--size", "5", "--rule", "mes").Answer;
        Assert.Equal(("0,1,2,5,6", "holds"), (Ids(answer), (string?)answer["ejr"]));
        Assert.Equal((1.0, 1.0), ((double)answer["coverage"]!, (double)answer["worstGroup"]!));
        Assert.All(answer["groups"]!.AsArray(), group => Assert.Contains((string?)group!["group"], (string[])["map 0", "map 1", "everybody"]));
        JsonObject one = bench.Json("analyse", "slate", "--votes", bench.File("few.csv", Votes), "--size", "1", "--rule", "mes").Answer;
        Assert.Equal(("everybody", (double)one["coverage"]!), ((string?)one["worstGroupName"], (double)one["worstGroup"]!));
    }

    [Fact]
    public void Renamed_people_and_rows_in_another_order_choose_the_same()
    {
        string[] lines = Votes.TrimEnd().Split('\n');
        string same = bench.File("same.csv", Votes);
        string mixed = bench.File("mixed.csv", string.Join('\n', lines.Skip(1).Reverse().Prepend(lines[0]).Select(line => line.Replace(",a,", ",zz,", StringComparison.Ordinal))) + "\n");
        foreach (string rule in new[] { "mes", "seq-pav", "pav", "seq-phragmen" })
        {
            JsonObject[] answers = [.. new[] { same, mixed }.Select(file => bench.Json("analyse", "slate", "--votes", file, "--size", "2", "--rule", rule).Answer)];
            Assert.All(answers, answer => answer.Remove("seconds"));
            Assert.Equal(answers[0].ToJsonString(), answers[1].ToJsonString());
        }
    }

    [Fact]
    public void Moderated_and_little_seen_statements_stay_off()
    {
        string votes = bench.File("v.csv", Votes);
        string statements = bench.File("c.csv", "comment-id,moderated\n10,-1\n2,1\n3,0\n");
        Assert.Equal("2,3", Ids(bench.Json("analyse", "slate", "--votes", votes, "--statements", statements, "--size", "2", "--rule", "mes").Answer));
        Assert.Equal("3,10", Ids(bench.Json("analyse", "slate", "--votes", votes, "--least-views", "3", "--size", "2", "--rule", "seq-pav").Answer));
        string groups = bench.File("g.csv", "voter-id,group\na,x\nb,x\nc,x\nd,y\ne,y\n");
        Assert.Equal(["more-than-there-are:--size"], bench.Refusals("analyse", "slate", "--votes", votes, "--groups", groups, "--least-views", "2", "--size", "1", "--rule", "seq-pav"));
    }

    [Fact]
    public void What_cannot_be_computed_is_refused_and_nothing_takes_its_place()
    {
        Random chance = new(3);
        IEnumerable<string> people = Enumerable.Range(0, 80).Select(_ => $"[{string.Join(", ", Enumerable.Range(0, 60).Where(_ => chance.Next(3) == 0))}]");
        string large = bench.File("large.abc.yaml", $"profile: [{string.Join(",\n  ", people)}]\nnum_cand: 60\ncommitteesize: 25\n");
        (int code, JsonObject answer) = bench.Json("analyse", "slate", "--profile", large, "--rule", "pav");
        Assert.Equal((3, "too-large", "notChecked", 0), (code, (string?)answer["outcome"], (string?)answer["ejr"], answer["committee"]!.AsArray().Count));
    }

    [Fact]
    public void Bad_input_is_refused_with_all_its_places()
    {
        string profile = bench.File("p.abc.yaml", "profile: [[0, 3],\n  [1, 1]]\nnum_cand: 2\n");
        Assert.Equal(["number-outside@1:profile", "value-twice@2:profile"], bench.Refusals("analyse", "slate", "--profile", profile, "--rule", "mes"));
        Assert.Equal(["option-needs:--profile"], bench.Refusals("analyse", "slate", "--profile", bench.File("s.abc.yaml", "profile: [[0]]\nnum_cand: 2\n"), "--rule", "mes"));
        Assert.Equal(["column-missing:num_cand", "column-missing:profile"], bench.Refusals("analyse", "slate", "--profile", bench.File("e.abc.yaml", "x: 1\n"), "--rule", "mes"));
        Assert.Equal(["option-value@1:profile"], bench.Refusals("analyse", "slate", "--profile", bench.File("t.abc.yaml", "profile: {0: 1}\nnum_cand: 2\ncommitteesize: 1\n"), "--rule", "mes"));
        Assert.Equal(["number-outside@2:num_cand"], bench.Refusals("analyse", "slate", "--profile", bench.File("n.abc.yaml", "profile: [[0]]\nnum_cand: none\n"), "--rule", "mes"));
        Assert.Equal(["file-missing"], bench.Refusals("analyse", "slate", "--profile", bench["none.abc.yaml"], "--rule", "mes"));
        Assert.Equal(["not-both:--profile"], bench.Refusals("analyse", "slate", "--profile", profile, "--votes", profile, "--rule", "mes"));
        Assert.Equal(["option-needs:--rule", "option-needs:--votes"], bench.Refusals("analyse", "slate", "--rule", "mes"));
        Assert.Equal(
            ["option-needs:--completion", "option-needs:--groups"], bench.Refusals("analyse", "slate", "--profile", profile, "--rule", "pav", "--completion", "none", "--groups", profile));
        string votes = bench.File("v.csv", "timestamp,comment-id,voter-id,vote\nx,1,a,1\n2,,a,1\n3,1,b,yes\n");
        Assert.Equal(["not-a-whole-number@2:timestamp", "empty@3:comment-id", "unknown-value@4:vote"], bench.Refusals("analyse", "slate", "--votes", votes, "--size", "1", "--rule", "mes"));
        Assert.Equal(["column-missing:voter-id", "column-missing:vote"], bench.Refusals("analyse", "slate", "--votes", bench.File("w.csv", "comment-id\n1\n"), "--size", "1", "--rule", "mes"));
        Assert.Equal(["no-rows"], bench.Refusals("analyse", "slate", "--votes", bench.File("x.csv", "comment-id,voter-id,vote\n"), "--size", "1", "--rule", "mes"));
        Assert.Equal(["more-than-there-are:--size"], bench.Refusals("analyse", "slate", "--votes", bench.File("y.csv", Votes), "--size", "4", "--rule", "mes"));
        Assert.Equal(["id-twice@3:participant"], bench.Refusals("analyse", "slate", "--votes", bench["y.csv"], "--size", "1", "--rule", "mes", "--groups", bench.File("g.csv", "participant,group-id\na,1\na,2\n")));
        Assert.Equal(["column-missing:moderated"], bench.Refusals("analyse", "slate", "--votes", bench["y.csv"], "--size", "1", "--rule", "mes", "--statements", bench.File("c.csv", "comment-id\n1\n")));
    }

    private static string Ids(JsonObject answer) => string.Join(',', answer["committee"]!.AsArray().Select(id => id!.ToString()));
}
