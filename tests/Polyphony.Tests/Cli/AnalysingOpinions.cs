using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Cli.Analyse;
using Polyphony.Cli.Frame;
using Polyphony.Tests.Statistics.Opinion;

namespace Polyphony.Tests.Cli;

public sealed class AnalysingOpinions : IDisposable
{
    private static readonly string Brexit = Path.Combine(Conversations.Folder("brexit-consensus"), "votes.csv"), BrexitStatements = Path.Combine(Conversations.Folder("brexit-consensus"), "comments.csv");

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void One_file_is_written_with_the_members_of_the_help()
    {
        (int code, JsonObject answer) = bench.Json("analyse", "opinion", "--votes", Brexit, "--statements", BrexitStatements, "--out", bench["map"]);
        Assert.Equal(0, code);
        Assert.Equal(["map", "map/landscape.json"], bench.Standing());
        JsonObject written = JsonNode.Parse(File.ReadAllText(bench["map/landscape.json"]))!.AsObject();
        Assert.True(JsonNode.DeepEquals(written, answer));
        FileHelp help = LandscapeFile.Help;
        string[] inner = ["size", "members", "stability", "representative"];
        Assert.Equal(help.Columns.Select(column => column.Name).Except(inner), written.Select(member => member.Key));
        Assert.All(written["groups"]!.AsArray(), group => Assert.Equal(inner, group!.AsObject().Select(member => member.Key)));
        Assert.Equal(("stable", 204, 50, 5303), ((string)written["mode"]!, (int)written["participants"]!, (int)written["statements"]!, (int)written["votes"]!));
        Assert.Equal((int)written["k"]!, written["groups"]!.AsArray().Count);
        Assert.All(written["groups"]!.AsArray(), group => Assert.True((double)group!["stability"]! >= 0.8 && (int)group["size"]! == group["members"]!.AsArray().Count));
    }

    [Fact]
    public void Another_order_other_names_and_the_other_format_give_the_same_map()
    {
        JsonNode first = Map(Brexit, BrexitStatements);
        string[] lines = File.ReadAllLines(Brexit), statements = File.ReadAllLines(BrexitStatements);
        Random random = new(3);
        string mixed = bench.File("mixed.csv", string.Join('\n', lines.Skip(1).OrderBy(_ => random.Next()).Prepend(lines[0])));
        Assert.True(JsonNode.DeepEquals(first, Map(mixed, bench.File("c.csv", string.Join('\n', statements.Skip(1).Reverse().Prepend(statements[0]))))));

        string renamed = bench.File("renamed.csv", string.Join('\n', lines.Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[0]},{Other(cells[1])},voter {cells[2]},{cells[3]}").Prepend(lines[0])));
        string others = bench.File("d.csv", string.Join('\n', statements.Skip(1).Select(line => line.Split(',')).Select(cells => $"{cells[0]},{Other(cells[1])},{cells[2]},{cells[3]}").Prepend(statements[0])));
        JsonNode other = Map(renamed, others);
        Assert.Equal((string)first["hash"]!, (string)other["hash"]!);
        Assert.Equal(first["consensus"]!["agree"]!.AsArray().Select(id => Other((string)id!)), other["consensus"]!["agree"]!.AsArray().Select(id => (string)id!));

        Assert.True(JsonNode.DeepEquals(first, Map(Path.Combine(Conversations.Folder("brexit-consensus"), "participants-votes.csv"), BrexitStatements)));
    }

    [Fact]
    public void Polis_mode_gives_the_lists_of_Polis()
    {
        JsonNode map = Map(Brexit, BrexitStatements, "--mode", "polis", "--unmoderated");
        Assert.Equal(["14", "1", "17", "19", "16"], map["consensus"]!["agree"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(["3", "0", "27", "26", "23"], map["consensus"]!["disagree"]!.AsArray().Select(id => (string)id!));
        Assert.Equal([86, 37, 66], map["groups"]!.AsArray().Select(group => (int)group!["size"]!));
        Assert.All(map["groups"]!.AsArray(), group => Assert.Null(group!["stability"]));
    }

    [Fact]
    public void A_rejected_statement_counts_only_where_that_is_asked_for()
    {
        string folder = Conversations.Folder("scoop-hivemind.biodiversity"), votes = Path.Combine(folder, "votes.csv"), statements = Path.Combine(folder, "comments.csv");
        string[] rejected = [.. File.ReadAllLines(statements).Select(line => line.Split(',')).Where(cells => cells[3] == "-1").Select(cells => cells[1])];
        Assert.Empty(Listed(Map(votes, statements, "--mode", "polis")).Intersect(rejected));
        Assert.NotEmpty(Listed(Map(votes, statements, "--mode", "polis", "--unmoderated")).Intersect(rejected));
        Assert.NotEqual((string)Map(votes, statements)["hash"]!, (string)Map(votes, statements, "--unmoderated")["hash"]!);
        static IEnumerable<string> Listed(JsonNode map) => map["consensus"]!["disagree"]!.AsArray().Select(id => (string)id!).Concat(map["groups"]!.AsArray().SelectMany(group => group!["representative"]!.AsArray()).Select(one => (string)one!["id"]!));
    }

    [Fact]
    public void Sentences_stand_in_for_json()
    {
        (int code, string output, string error) = bench.Run("analyse", "opinion", "--votes", Brexit, "--statements", BrexitStatements, "--mode", "polis", "--out", bench["map"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("204 people, 50 statements, 5303 votes.", output, StringComparison.Ordinal);
        Assert.Contains("0: 86 people; 8 agree, 7 disagree", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_refused_at_once()
    {
        string statements = bench.File("c.csv", "comment-id,moderated,is-meta\n1,1,\n2,0,perhaps\n1,1,\n,1,\n3,2,\n");
        string good = bench.File("good.csv", "comment-id,moderated\n1,1\n2,0\n");
        string votes = bench.File("v.csv", "timestamp,comment-id,voter-id,vote\n5,1,a,1\nx,1,a,1\n5,9,a,1\n5,1,,1\n5,1,a,2\n5,,a,0\n");
        Assert.Equal(["not-a-whole-number@3:timestamp", "statement-unknown@4:comment-id", "empty@5:voter-id", "unknown-value@6:vote", "empty@7:comment-id"], Refused(votes, good));
        Assert.Equal(["unknown-value@3:is-meta", "id-twice@4:comment-id", "empty@5:comment-id", "unknown-value@6:moderated"], Refused(votes, statements));
        Assert.Equal(["column-missing:timestamp", "column-missing:voter-id", "column-missing:vote"], Refused(good, good));
        Assert.Equal(["column-missing:comment-id", "column-missing:moderated"], Refused(votes, bench.File("n.csv", "a,b\n1,2\n")));
        Assert.Equal(["no-rows"], Refused(bench.File("e.csv", "timestamp,comment-id,voter-id,vote\n"), good));
        Assert.Equal(["file-missing", "file-missing"], Refused(bench["none.csv"], bench["none.csv"]));
        Assert.Equal(["statement-unknown:7", "unknown-value@2:1", "id-twice@3:participant"], Refused(bench.File("w.csv", "participant,n-votes,1,7\na,2,5,\na,1,1,\n"), good));
        Assert.Equal(["option"], bench.Refusals("analyse", "opinion", "--votes", votes, "--statements", good, "--mode", "other", "--out", bench["map"]));
    }

    private static string Other(string id) => string.Create(CultureInfo.InvariantCulture, $"n{99 - int.Parse(id, CultureInfo.InvariantCulture)}");

    private string[] Refused(string votes, string statements) => bench.Refusals("analyse", "opinion", "--votes", votes, "--statements", statements, "--out", bench["map"]);

    private JsonNode Map(string votes, string statements, params string[] more)
    {
        (int code, JsonObject answer) = bench.Json(["analyse", "opinion", "--votes", votes, "--statements", statements, "--out", bench["map"], .. more]);
        Assert.Equal(0, code);
        answer.Remove("seconds");
        return answer;
    }
}
