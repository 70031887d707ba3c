using System.Text;
using Polyphony.Tests.Sheets;

namespace Polyphony.Tests.Cli;

/// <summary>Every file that the tool takes, good and bad: a bad one is refused with all that is wrong with it, in these words, and nothing is written.</summary>
public sealed class FeedingTheTool : IDisposable
{
    private const string Randomness = "8f4ea0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c7d";
    private static readonly string[] Doors = ["register", "places", "oversample", "responses", "exclude", "answers", "must", "status"];

    /// <summary>Door, content, and the sentences.</summary>
    public static TheoryData<string, string, string[]> Bad => new()
    {
        { "register", "id,age\n", ["register.csv: There are headers but no rows below them."] },
        { "register", "id,sex\n1,woman\n", ["register.csv, row 1, column age: There is no column of this name (headers: id, sex)."] },
        { "register", "id,age\n1,young\n2,\n 1,old\n", ["register.csv, row 3, column age: This may not be empty."] },
        { "register", "id,age\n1,young\n 1,old\n", ["register.csv, row 3, column id: “1” stands in row 2 already; every row needs an id of its own."] },
        { "register", "id,age\n,young\n2,old,more\n", ["register.csv, row 2, column id: This may not be empty.", "register.csv, row 3, column C: “more” stands beyond the last header. Quote values that contain the separator, or remove it."] },
        { "places", "place,population\n", ["places.csv: There are headers but no rows below them."] },
        { "places", "town,people\nA,3\n", ["places.csv, row 1, column place: There is no column of this name (headers: town, people).", "places.csv, row 1, column population: There is no column of this name (headers: town, people)."] },
        { "places", "place,population\nA,0\na,many\n,\n", ["places.csv, row 2, column population: “0” is not a whole number such as 1, 2, 3 …", "places.csv, row 3, column place: “a” stands in row 2 already.", "places.csv, row 3, column population: “many” is not a whole number such as 1, 2, 3 …"] },
        { "oversample", "age\nyoung\n", ["oversample.csv, row 1, column response: There is no column of this name (headers: age)."] },
        { "oversample", "age,response,factor\nyoung,0.1,1\n", ["oversample.csv, row 1, column response: Give one of these columns, not both: response, factor."] },
        { "oversample", "town,response\nA,0.1\n", ["oversample.csv, row 1, column age: There is no column of this name (headers: town, response)."] },
        { "oversample", "age,response\nyoung,2\nyuong,0.1\nYOUNG,0.2\n", ["oversample.csv, row 2, column response: “2” is not a number such as 0.05 or 5 %.", "oversample.csv, row 3, column age: “yuong” is none of old, young.", "oversample.csv, row 4, column age: “YOUNG” stands in row 2 already.", "oversample.csv: There is no row for the stratum old."] },
        { "responses", "age,invited\nyoung,3\n", ["responses.csv, row 1, column responded: There is no column of this name (headers: age, invited)."] },
        { "responses", "age,invited,responded\nyoung,3,4\nold,x,\n", ["responses.csv, row 2, column responded: 4 answers to 3 letters.", "responses.csv, row 3, column invited: “x” is not a whole number such as 0, 1, 2 …", "responses.csv, row 3, column responded: This may not be empty."] },
        { "exclude", "id\n1\n99\n", ["exclude.csv, row 3: “99” is no id of the register."] },
        { "exclude", "name,town\nAda,A\n", ["exclude.csv, row 1, column id: There is no column of this name (headers: name, town)."] },
        { "answers", "code\nnobody\n\n", ["answers.csv, row 2, column code: This is the code of none of the letters."] },
        { "answers", "name,town\nAda,A\n", ["answers.csv, row 1, column code: There is no column of this name (headers: name, town)."] },
        { "must", "id\np01\np99\n", ["must.csv, row 3, column id: Nobody has the id “p99”."] },
        { "must", "p01\np99\n", ["must.csv, row 2, column p01: Nobody has the id “p99”."] },
        { "must", "name,town\nAda,A\n", ["must.csv, row 1, column id: There is no column of this name (headers: name, town)."] },
        { "status", "id,state\np01,confirmed\n", ["status.csv, row 1, column status: There is no column of this name (headers: id, state)."] },
        { "status", "id,status\n{0},here\n{1},confirmed\n{1},out\n{2},confirmed\n{3},out\np99,out\n{4},confirmed\n", [
            "status.csv, row 2, column status: “here” is none of confirmed, selected, stays, withdrawn, declined, out.",
            "status.csv, row 4, column id: “{1}” stands in row 3 already; every row needs an id of its own.",
            "status.csv, row 7, column id: Nobody has the id “p99”.",
            "status.csv, row 8, column id: “{4}” is not on the panel and cannot stay on it."] },
        { "status", "id,status\n{0},confirmed\n", ["status.csv, column id: “{1}” is on the panel and has no status.", "status.csv, column id: “{2}” is on the panel and has no status.", "status.csv, column id: “{3}” is on the panel and has no status."] },
    };

    /// <summary>What is no table at all.</summary>
    public static TheoryData<string, string> Unreadable
    {
        get
        {
            TheoryData<string, string> pairs = new();
            foreach (string door in Doors)
            {
                foreach (string kind in (string[])["empty", "blank", "picture", "old", "utf16"])
                {
                    pairs.Add(door, kind);
                }
            }

            return pairs;
        }
    }

    public static TheoryData<string, string> Good => new()
    {
        { "register", "\uFEFFid;AGE\r\n1;young\r\n2;\"old\"\r\n" },
        { "register", "age\nyoung\nold\n" },
        { "places", "place\tpopulation\nA\t10\nB\t20\n" },
        { "oversample", "age,response\nyoung,5 %\nOLD,\"0,1\"\n" },
        { "oversample", "age,factor\nyoung,1.5\n" },
        { "responses", "batch,age,invited,responded\nb1,young,100,10\nb2,young,100,10\nb1,old,50,0\n" },
        { "exclude", "id\n1\n1\n" },
        { "exclude", "1\n" },
        { "answers", "code\n{code}\n{code}\n" },
        { "must", "ID,why\n p01 ,because\n" },
        { "must", "p01\np01\n" },
        { "status", "id;Status\n{0};CONFIRMED\n{1};selected\n{2};stays\n{3};declined\n{4};out\n" },
    };

    private readonly DrawBench town = new();

    public void Dispose() => town.Dispose();

    private Workbench Bench => town.Bench;

    [Fact]
    public void What_stands_beyond_the_headers_hides_nothing_else()
    {
        using DrawBench town = new();
        town.Bench.File("pool.csv", "id,gender,age,street\na,woman,young,,x\nb,nobody,young,\nc,man,ancient,\n");
        Assert.Equal(
            ["cell-beyond-header@2:E", "unknown-value@3:gender", "unknown-value@4:age"], town.Bench.Refusals("draw", "check", "--pool", town.Pool, "--quotas", town.Bench["quotas.csv"], "--size", "4"));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_file_is_refused_in_these_words(string door, string content, string[] sentences)
    {
        string[] command = Command(door, Encoding.UTF8.GetBytes(content), out Func<string, string> named);
        string[] before = Bench.Standing();
        (int code, string output, string error) = Bench.Run(command);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal([.. sentences.Select(named), "Nothing was written."], error.Replace(Bench["exclude.csv"], "exclude.csv", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(before, Bench.Standing());
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_is_no_table_is_refused_at_every_door(string door, string kind)
    {
        byte[] content = kind switch
        {
            "empty" => [],
            "blank" => "\n \n,,\n"u8.ToArray(),
            "picture" => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
            "old" => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0],
            _ => [.. Encoding.Unicode.GetBytes("id,age\n1,young\n"), 0x0A],
        };
        string[] command = Command(door, content, out _);
        string[] before = Bench.Standing();
        (int code, System.Text.Json.Nodes.JsonObject answer) = Bench.Json(command);
        Assert.Equal((2, "bad-input"), (code, (string)answer["outcome"]!));
        Assert.All(answer["problems"]!.AsArray(), problem => Assert.Contains((string)problem!["code"]!, (string[])["file-empty", "file-not-text", "file-old-or-encrypted", "no-rows", "header-missing"]));
        Assert.Equal(before, Bench.Standing());
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_file_is_taken(string door, string content)
    {
        string[] command = Command(door, Encoding.UTF8.GetBytes(content), out _);
        (int code, string output, string error) = Bench.Run(command);
        Assert.True(code == 0, output + error);
        Assert.True(Directory.Exists(Bench["out"]));
    }

    [Theory]
    [InlineData("places")]
    [InlineData("oversample")]
    [InlineData("must")]
    public void A_workbook_does_as_well(string door)
    {
        byte[] content = door switch
        {
            "places" => Workbook.Of(["place", "population"], ["A", "10"], ["B", "20"]),
            "oversample" => Workbook.Of(["age", "response"], ["young", "0.05"], ["old", "0.1"]),
            _ => Workbook.Of(["id"], ["p01"]),
        };
        string[] command = Command(door, content, out _, ".xlsx");
        Assert.Equal(0, Bench.Run(command).Code);
    }

    /// <summary>A command that reads the content at a door and finds everything else in order; placeholders are filled in.</summary>
    private string[] Command(string door, byte[] content, out Func<string, string> named, string ending = ".csv")
    {
        string register = Bench.File("good.csv", "id,age\n1,young\n2,old\n3,young\n");
        string[] panel = [];
        string letter = "";
        if (door is "status" or "answers")
        {
            panel = town.Draw();
            panel = [.. panel.Order(StringComparer.Ordinal), Enumerable.Range(1, 12).Select(DrawBench.Name).First(name => !panel.Contains(name))];
        }

        if (door == "answers")
        {
            Assert.Equal(0, Bench.Run("invite", "--register", register, "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", Bench["batch"]).Code);
            letter = Bench.Table("batch/letters.csv").Rows[0][4];
        }

        named = text => panel.Index().Aggregate(text.Replace("{code}", letter, StringComparison.Ordinal), (whole, one) => whole.Replace($"{{{one.Index}}}", one.Item, StringComparison.Ordinal));
        string path = Bench.File(door + ending, content);
        if (content.All(b => b is >= 0x09 and < 0x80))
        {
            Bench.File(door + ending, named(Encoding.UTF8.GetString(content)));
        }

        string[] invite = ["invite", "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", Bench["out"], "--register"];
        string[] lottery = ["draw", "lottery", "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "4", "--panels", "20", "--out", Bench["out"]];
        return door switch
        {
            "register" => [.. invite, path],
            "places" => ["invite", "--places", path, "--place-count", "1", "--count", "2", "--randomness", Randomness, "--out", Bench["out"]],
            "answers" => ["invite", "responses", "--invited", Bench["batch"], "--responses", path, "--out", Bench["out"]],
            "must" => [.. lottery, "--must", path],
            "status" => town.Replace("drawn", "out"),
            _ => [.. invite, register, "--" + door, path],
        };
    }
}
