using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Sheets;

namespace Polyphony.Tests.Cli;

public sealed class Inviting : IDisposable
{
    private const string Randomness = "drand: 8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20ff7bc3e09d7c046566c9f7f3c6f3b10104990e7cb424998203d8f7de586fb7fa5f60045417a432684f85093b06ca91c769f0e7ca19268375e659c2a2352b4655";

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Letters_follow_the_strata_and_no_household_gets_two()
    {
        string register = bench.File("register.csv", Rows(Register(600)));
        (int code, JsonObject answer) = bench.Json("invite", "--register", register, "--strata", "age,gender", "--household", "street", "--count", "120", "--randomness", Randomness, "--link", "https://example.org/join/", "--out", bench["out"]);
        Assert.Equal(0, code);
        Assert.Equal(120, (int)answer["letters"]!);
        Sheet letters = bench.Table("out/letters.csv");
        Assert.Equal(120, letters.Rows.Count);
        string[] homes = [.. letters.Rows.Select(row => row[letters.Find("register: street")]).Where(home => home.Length > 0)];
        Assert.Equal(homes.Length, homes.Distinct().Count());
        Assert.True((int)answer["sameHousehold"]! > 0);
        Assert.Equal(120, letters.Rows.Select(row => row[letters.Find("code")]).Distinct().Count());
        Assert.All(letters.Rows, row =>
        {
            Assert.Matches("^[A-Za-z0-9_-]{22}$", row[letters.Find("code")]);
            Assert.Equal("https://example.org/join/" + row[letters.Find("code")], row[letters.Find("link")]);
        });
        Sheet strata = bench.Table("out/strata.csv");
        Assert.All(strata.Rows, row => Assert.InRange(
            int.Parse(row[strata.Find("planned")], CultureInfo.InvariantCulture) - (120.0 * int.Parse(row[strata.Find("rows")], CultureInfo.InvariantCulture) / 600), -1, 1));
        Assert.All(strata.Rows, row => Assert.Equal(row[strata.Find("planned")], row[strata.Find("invited")]));
    }

    [Fact]
    public void The_order_of_rows_changes_nothing()
    {
        string[] rows = Register(300);
        string[] first = Drawn(rows, "a");
        string[] turned = Drawn([rows[0], .. rows[1..].Reverse()], "b");
        Assert.Equal(first, turned);
        Assert.NotEqual(first, Drawn(rows, "c", Randomness + "0"));
    }

    [Fact]
    public void Published_files_name_nobody_and_verify()
    {
        string register = bench.File("register.csv", Rows(Register(200)));
        Assert.Equal(0, bench.Run("invite", "--register", register, "--strata", "age", "--household", "street", "--count", "40", "--randomness", Randomness, "--out", bench["out"]).Code);
        string published = File.ReadAllText(bench["out/record.json"]) + File.ReadAllText(bench["out/manifest.json"]);
        Assert.DoesNotContain("P0001", published, StringComparison.Ordinal);
        Assert.DoesNotContain("Street", published, StringComparison.Ordinal);
        Sheet letters = bench.Table("out/letters.csv");
        Assert.All(letters.Rows, row => Assert.DoesNotContain(row[letters.Find("code")], published, StringComparison.Ordinal));

        (int code, JsonObject answer) = bench.Json("invite", "verify", bench["out"], "--register", register);
        Assert.Equal(0, code);
        Assert.Empty(answer["notPerformed"]!.AsArray());

        // A letter too few, and one for somebody who was not drawn.
        string[] lines = File.ReadAllLines(bench["out/letters.csv"]);
        string other = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        foreach (string[] forged in (string[][])[[.. lines.SkipLast(1)], [.. lines.SkipLast(1), lines[^1].Replace(letters.Rows[^1][letters.Find("ticket")], other, StringComparison.Ordinal)]])
        {
            File.WriteAllLines(bench["out/letters.csv"], forged);
            (code, answer) = bench.Json("invite", "verify", bench["out"], "--register", register);
            Assert.Equal((4, "mail-merge"), (code, (string)answer["faults"]!.AsArray().Single()!));
        }

        (code, answer) = bench.Json("invite", "verify", bench["out"]);
        Assert.Equal(0, code);
        Assert.Equal(["register", "selected", "mail-merge"], answer["notPerformed"]!.AsArray().Select(check => (string)check!));
    }

    [Theory]
    [InlineData("\"seed\":\"8", "\"seed\":\"9", "seed")]
    [InlineData("\"selected\":\"", "\"selected\":\"0", "selected")]
    [InlineData("\"letters\":[", "\"letters\":[0,", "letters")]
    [InlineData("\"drawn\":[", "\"drawn\":[0,", "drawn")]
    [InlineData("\"factor\":1000", "\"factor\":1001", "manifest")]
    [InlineData("\"manifestHash\":\"", "\"manifestHash\":\"0", "manifest-hash")]
    [InlineData("\"root\":\"", "\"root\":\"0", "root")]
    public void A_changed_record_does_not_hold(string what, string into, string fault)
    {
        string register = bench.File("register.csv", Rows(Register(100)));
        Assert.Equal(0, bench.Run("invite", "--register", register, "--strata", "age", "--count", "20", "--randomness", Randomness, "--out", bench["out"]).Code);
        string record = File.ReadAllText(bench["out/record.json"]);
        int at = record.IndexOf(what, StringComparison.Ordinal);
        Assert.True(at >= 0);
        File.WriteAllText(bench["out/record.json"], record[..at] + into + record[(at + what.Length)..]);
        (int code, JsonObject answer) = bench.Json("invite", "verify", bench["out"], "--register", register);
        Assert.Equal(4, code);
        Assert.Contains(fault, answer["faults"]!.AsArray().Select(found => (string)found!));
    }

    [Fact]
    public void A_changed_register_does_not_hold()
    {
        string[] rows = Register(100);
        string register = bench.File("register.csv", Rows(rows));
        Assert.Equal(0, bench.Run("invite", "--register", register, "--strata", "age", "--household", "street", "--count", "20", "--randomness", Randomness, "--out", bench["out"]).Code);
        string other = bench.File("other.csv", Rows([.. rows[..^1], rows[^1].Replace("P", "Q", StringComparison.Ordinal)]));
        (int code, JsonObject answer) = bench.Json("invite", "verify", bench["out"], "--register", other);
        Assert.Equal(4, code);
        Assert.Contains("root", answer["faults"]!.AsArray().Select(fault => (string)fault!));
        string moved = bench.File("moved.csv", Rows([.. rows[..^1], rows[^1] + " b"]));
        (code, answer) = bench.Json("invite", "verify", bench["out"], "--register", moved);
        Assert.Equal(4, code);
        Assert.Contains("root", answer["faults"]!.AsArray().Select(fault => (string)fault!));
    }

    [Fact]
    public void Earlier_batches_and_their_households_are_out()
    {
        string register = bench.File("register.csv", Rows(Register(400)));
        string[] command = ["invite", "--register", register, "--strata", "age", "--household", "street", "--randomness", Randomness];
        Assert.Equal(0, bench.Run([.. command, "--count", "60", "--out", bench["one"]]).Code);
        Assert.Equal(0, bench.Run([.. command, "--count", "60", "--exclude", bench["one/letters.csv"], "--out", bench["two"]]).Code);
        Sheet one = bench.Table("one/letters.csv");
        Sheet two = bench.Table("two/letters.csv");
        Assert.Empty(one.Rows.Select(row => row[1]).Intersect(two.Rows.Select(row => row[1])));
        int street = one.Find("register: street");
        Assert.Empty(one.Rows.Select(row => row[street]).Where(home => home.Length > 0).Intersect(two.Rows.Select(row => row[street])));
        Assert.Equal(0, bench.Run("invite", "verify", bench["two"], "--register", register, "--exclude", bench["one/letters.csv"]).Code);
        Assert.Equal(4, bench.Run("invite", "verify", bench["two"], "--register", register).Code);
    }

    [Fact]
    public void Strata_that_answered_less_get_more_letters()
    {
        string register = bench.File("register.csv", Rows(Register(400)));
        string responses = bench.File("responses.csv", "age,invited,responded\n16-29,100,2\n30+,100,10\n");
        string[] command = ["invite", "--register", register, "--strata", "age", "--count", "100", "--randomness", Randomness];
        Assert.Equal(0, bench.Run([.. command, "--responses", responses, "--out", bench["out"]]).Code);
        Sheet strata = bench.Table("out/strata.csv");

        // Overall 12 of 200; 16-29: 0.06 / ((2 + 1.2) / 120) = 2.25; 30+: 0.06 / ((10 + 1.2) / 120) = 0.643.
        Assert.Equal(["2.250", "0.643"], strata.Rows.Select(row => row[strata.Find("factor")]));
        string oversample = bench.File("oversample.csv", "age;response\n16-29;2,5 %\n30+;5 %\n");
        Assert.Equal(0, bench.Run([.. command, "--oversample", oversample, "--out", bench["over"]]).Code);
        Sheet over = bench.Table("over/strata.csv");
        Assert.Equal(["2.000", "1.000"], over.Rows.Select(row => row[over.Find("factor")]));
    }

    [Fact]
    public void Places_come_before_people()
    {
        string places = bench.File("places.csv", "place,state,population\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"Town {i:00},{(i % 3 == 0 ? "North" : "South")},{1000 + (i * 100)}\n")));
        (int code, JsonObject answer) = bench.Json("invite", "--places", places, "--place-count", "6", "--place-strata", "state", "--count", "60", "--randomness", Randomness, "--out", bench["first"]);
        Assert.Equal((0, 6), (code, (int)answer["places"]!));
        Sheet drawn = bench.Table("first/places.csv");
        Assert.Equal(60, drawn.Rows.Sum(row => int.Parse(row[1], CultureInfo.InvariantCulture)));
        string register = bench.File("extracts.csv", "id,place,age\n" + string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i},town {i % 30:00},{(i % 7 < 3 ? "young" : "old")}\n")));
        Assert.Equal(0, bench.Run("invite", "--register", register, "--places", bench["first/places.csv"], "--strata", "age", "--count", "60", "--randomness", Randomness, "--out", bench["second"]).Code);
        Sheet letters = bench.Table("second/letters.csv");
        Assert.Equal(
            drawn.Rows.Select(row => $"{CellText.Key(row[0])} {row[1]}").Order(),
            letters.Rows.GroupBy(row => CellText.Key(row[letters.Find("register: place")])).Select(group => $"{group.Key} {group.Count()}").Order());
        Assert.Equal(0, bench.Run("invite", "verify", bench["first"]).Code);
        Assert.Equal(0, bench.Run("invite", "verify", bench["second"], "--register", register).Code);
        Assert.Equal(0, bench.Run("invite", "--register", register, "--places", places, "--place-count", "4", "--place-by", "lottery", "--strata", "age", "--count", "20", "--randomness", Randomness, "--out", bench["third"]).Code);
        Assert.Equal(20, bench.Table("third/letters.csv").Rows.Count);
    }

    [Fact]
    public void Every_problem_is_told_at_once_and_nothing_is_written()
    {
        string register = bench.File("register.csv", "id,age,street\n1,young,A\n,old,B\n1,,C\n3,old,D,stray\n");
        Assert.Equal(
            ["too-few-bits:--randomness", "empty@3:id", "empty@4:age", "cell-beyond-header@5:D"],
            bench.Refusals("invite", "--register", register, "--strata", "age", "--count", "2", "--randomness", "dice: 1 2 3", "--out", bench["out"]));
        Assert.Equal(["column-missing@1:sex", "column-missing@1:flat"], bench.Refusals("invite", "--register", register, "--strata", "age,sex", "--household", "flat", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["id-twice@4:id"], bench.Refusals("invite", "--register", bench.File("twice.csv", "id,age\n1,a\n2,a\n 1,b\n"), "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["file-missing"], bench.Refusals("invite", "--register", bench["none.csv"], "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["no-rows"], bench.Refusals("invite", "--register", bench.File("headers.csv", "id,age\n"), "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["file-not-text"], bench.Refusals("invite", "--register", bench.File("nul.csv", "id,age\n1,\0\n"), "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["quote-not-closed@2:age"], bench.Refusals("invite", "--register", bench.File("quote.csv", "id,age\n1,\"young\n2,old\n"), "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["text-after-quote@2:age"], bench.Refusals("invite", "--register", bench.File("after.csv", "id,age\n1,\"young\"er\n2,old\n"), "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["header-twice@1:age"], bench.Refusals("invite", "--register", bench.File("headers2.csv", "id,age,AGE\n1,2,3\n"), "--strata", "age", "--count", "2", "--randomness", Randomness, "--out", bench["out"]));
        string good = bench.File("good.csv", "id,age\n1,young\n2,old\n");
        Assert.Equal(
            ["unknown-value@2:age", "more-answers-than-letters@3:responded", "not-a-whole-number@4:invited", "unknown-value@4:age"],
            bench.Refusals("invite", "--register", good, "--strata", "age", "--count", "2", "--responses", bench.File("responses.csv", "age,invited,responded\nmiddle,3,1\nold,3,4\nyuong,x,1\n"), "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["stratum-missing"], bench.Refusals("invite", "--register", good, "--strata", "age", "--count", "2", "--oversample", bench.File("over.csv", "age,response\nold,0.1\n"), "--randomness", Randomness, "--out", bench["out"]));
        Assert.Equal(["option-value:--randomness"], bench.Refusals("invite", "--register", good, "--strata", "age", "--count", "1", "--randomness", "dice: 4 11 3 7 9 0 2 5 8 1 6 4 4 0 9 1 2 8 7 3 3 5 6 0 9 8 1 2 7 4 5 6 3 8 0 1 9 2 7 5 4", "--out", bench["out"]));
        Assert.Equal(["id-not-in-register@3"], bench.Refusals("invite", "--register", good, "--strata", "age", "--count", "1", "--exclude", bench.File("ids.csv", "id\n1\n9\n"), "--randomness", Randomness, "--out", bench["out"]));
    }

    [Fact]
    public void A_second_batch_does_not_replace_the_codes_of_the_first()
    {
        string register = bench.File("register.csv", Rows(Register(50)));
        string[] command = ["invite", "--register", register, "--strata", "age", "--count", "5", "--randomness", Randomness, "--out", bench["out"]];
        Assert.Equal(0, bench.Run(command).Code);
        Assert.All(bench.Refusals(command), problem => Assert.Equal("stands-already:--out", problem));
        Assert.Equal(0, bench.Run([.. command, "--overwrite"]).Code);
    }

    [Fact]
    public void What_was_frozen_is_what_is_drawn_from()
    {
        string[] rows = Register(60);
        string register = bench.File("register.csv", Rows(rows));
        string[] command = ["invite", "--register", register, "--strata", "age", "--count", "5", "--out", bench["out"]];
        (int code, JsonObject frozen) = bench.Json([.. command, "--freeze", "--randomness", "drand: beacon; lotto: lottery of 49; stage: dice"]);
        Assert.Equal(0, code);
        Assert.Equal(["manifest.json"], Directory.GetFiles(bench["out"]).Select(path => Path.GetFileName(path)));
        string[] draw = [.. command, "--manifest", bench["out/manifest.json"], "--randomness", Randomness + "; lotto: 3 1 4 of 49; stage: 7 7"];
        Assert.Equal(["manifest-differs"], bench.Refusals([.. draw[..^1], Randomness + "; lotto: 3 1 4 of 50; stage: 7 7"]));
        bench.File("register.csv", Rows(rows[..^1]));
        Assert.Equal(["manifest-differs"], bench.Refusals(draw));
        bench.File("register.csv", Rows(rows));
        (code, JsonObject drawn) = bench.Json(draw);
        Assert.Equal(0, code);
        Assert.Equal((string?)frozen["manifestHash"], (string?)drawn["manifestHash"]);
        Assert.Equal(0, bench.Run("invite", "verify", bench["out"], "--register", register).Code);
        Assert.Equal(["option-value:--randomness"], bench.Refusals([.. command[..^1], bench["new"], "--freeze", "--randomness", "drand: sometime"]));
    }

    [Fact]
    public void Stopping_leaves_nothing_behind()
    {
        string register = bench.File("register.csv", Rows(Register(50)));
        string[] before = bench.Standing();
        Assert.Equal(130, bench.Run(new CancellationToken(canceled: true), "invite", "--register", register, "--strata", "age", "--count", "5", "--randomness", Randomness, "--out", bench["out"]).Code);
        Assert.Equal(before, bench.Standing());
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("windows-1252")]
    [InlineData("utf-8")]
    public void Registers_come_in_any_encoding(string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        Encoding form = Encoding.GetEncoding(encoding);
        byte[] content = [.. form.GetPreamble(), .. form.GetBytes("id;âge\r\n1;aîné\r\n2;AÎNÉ\r\n3;jeune\r\n")];
        string register = bench.File("register.csv", content);
        Assert.Equal(0, bench.Run("invite", "--register", register, "--strata", "ÂGE", "--count", "3", "--randomness", Randomness, "--out", bench["out"]).Code);
        Sheet strata = bench.Table("out/strata.csv");
        Assert.Equal(["AÎNÉ 2", "jeune 1"], strata.Rows.Select(row => $"{row[0]} {row[strata.Find("rows")]}"));
    }

    private string[] Drawn(string[] rows, string name, string randomness = Randomness)
    {
        string register = bench.File($"{name}.csv", Rows(rows));
        Assert.Equal(0, bench.Run("invite", "--register", register, "--strata", "age,gender", "--count", "50", "--randomness", randomness, "--out", bench[name]).Code);
        Sheet letters = bench.Table($"{name}/letters.csv");
        return [.. letters.Rows.Select(row => row[letters.Find("id")])];
    }

    private static string Rows(string[] rows) => string.Join('\n', rows) + "\n";

    private static string[] Register(int people) =>
        ["id,age,gender,street", .. Enumerable.Range(0, people).Select(i => $"P{i:0000},{(i % 3 == 0 ? "16-29" : "30+")},{(i % 2 == 0 ? "woman" : "man")},{(i % 5 == 0 ? "" : $"Street {i / 3}")}")];
}
