using System.Text.Json.Nodes;
using Polyphony.Cli.Draw;
using Polyphony.Cli.Frame;

namespace Polyphony.Tests.Cli;

public sealed class DrawingAPanel : IDisposable
{
    private static readonly string[] Untimed = ["anchor", "before", "log", "person", "quotas", "signature", "times"];

    private readonly DrawBench town = new();

    public void Dispose() => town.Dispose();

    private Workbench Bench => town.Bench;

    private string[] Lottery(string to, params string[] more) =>
        ["draw", "lottery", "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "4", "--household", "street", "--panels", "20", "--out", Bench[to], .. more];

    [Fact]
    public void From_the_check_to_the_deep_verification_every_verb_does_its_part()
    {
        (int code, JsonObject answer) = Bench.Json("draw", "check", "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "4", "--household", "street");
        Assert.Equal((0, "feasible", 12), (code, (string)answer["outcome"]!, (int)answer["people"]!));
        Assert.Equal(1.0 / 3, (double)answer["leastChanceAtMost"]!, 6);
        (code, answer) = Bench.Json(Lottery("lottery"));
        Assert.Equal(0, code);
        Assert.All((string[])["min", "max", "gini", "geometricMean", "gap", "types", "panels", "worstChange", "seconds", "uncoverable"], name => Assert.NotNull(answer[name]));
        Assert.Equal(1.0 / 3, (double)answer["min"]!, 3);
        Assert.Equal(["lottery.json", "panels.csv", "probabilities.csv"], Bench.Standing().Where(path => path.StartsWith("lottery/", StringComparison.Ordinal)).Select(Path.GetFileName));
        string[] panel = town.Pick("lottery", "drawn", DrawBench.Beacon);
        Assert.True(town.Input().Pool.IsPanel([.. panel.Select(id => town.Input().Ids.Index().Single(pair => pair.Item == id).Index)]));
        town.AssertHolds("lottery");

        // What was drawn from is copied, so that the draw is proven to the bottom where it lies.
        town.AssertHolds("drawn", Untimed);

        // The list that the organiser works with: somebody else's id on a ticket, and a row too few.
        string[] lines = File.ReadAllLines(Bench["drawn/selected.csv"]);
        foreach (string[] forged in (string[][])[[.. lines.Select((line, row) => row == 1 ? town.Input().Ids.First(id => !panel.Contains(id)) + line[line.IndexOf(',')..] : line)], [.. lines.SkipLast(1)]])
        {
            File.WriteAllLines(Bench["drawn/selected.csv"], forged);
            (code, answer) = town.Verify("drawn");
            Assert.Equal(4, code);
            Assert.Equal(["list"], DrawBench.Failed(answer));
        }
    }

    [Fact]
    public void Columns_of_written_tables_are_those_of_the_help()
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[0]);
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "second", "--alternates", "2", "--randomness", DrawBench.Later)).Code);
        foreach ((string verb, string[] directories) in (ReadOnlySpan<(string, string[])>)[("lottery", ["lottery"]), ("pick", ["drawn"]), ("replace", ["second"])])
        {
            VerbCommand command = (VerbCommand)DrawVerbs.Group().Subcommands.Single(sub => sub.Name == verb);
            foreach (string directory in directories)
            {
                string[] written = [.. Directory.GetFiles(Bench[directory]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
                Assert.Equal(command.Writes.Select(file => file.Name).Where(name => verb != "pick" || name != EarlierDraws.BeforeFile.Name).Order(StringComparer.Ordinal), written);
                Assert.All(command.Writes.Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal)), file =>
                    Assert.Equal(file.Columns.Select(column => column.Name).Where(name => name != "(ticket)"), Bench.Table($"{directory}/{file.Name}").Headers));
            }
        }
    }

    [Fact]
    public void Tickets_that_were_given_out_before_are_the_names_in_every_public_file()
    {
        town.Replace("pool.csv", text => string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, row) => $"{line},{(row == 0 ? "Ticket" : TicketOf(row).ToUpperInvariant())}")));
        string[] panel = town.Draw();
        Assert.Equal(["id", "chance", "numerator", "denominator", "ticket"], Bench.Table("lottery/probabilities.csv").Headers);
        JsonNode record = JsonNode.Parse(File.ReadAllText(Bench["drawn/record.json"]))!;
        Assert.Equal(panel.Select(id => TicketOf(int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture))).Order(StringComparer.Ordinal), DrawBench.Texts(record["selected"]));
        town.Status(panel, panel[0]);
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "second", "--randomness", DrawBench.Later)).Code);
        (int code, JsonObject answer) = town.Verify("second", deep: true);
        Assert.True(code == 0, answer.ToJsonString());
        Assert.Equal("passed", DrawBench.State(answer, "replaces"));
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "ordered", "--by", "order", "--randomness", DrawBench.Later)).Code);
        Assert.All(Bench.Table("ordered/selected.csv").Rows, drawn => Assert.Equal(TicketOf(int.Parse(drawn[0][1..], System.Globalization.CultureInfo.InvariantCulture)), drawn[1]));
        Assert.Equal(0, town.Verify("ordered", deep: true).Code);

        // Somebody's ticket changed in the pool, and the pool's hash written anew.
        string pool = File.ReadAllText(town.Pool), lottery = File.ReadAllText(Bench["lottery/lottery.json"]);
        town.Replace("pool.csv", text => text.Replace(TicketOf(1).ToUpperInvariant(), new string('0', 32), StringComparison.Ordinal));
        Bench.File("lottery/lottery.json", lottery.Replace(Hash(pool), Hash(File.ReadAllText(town.Pool)), StringComparison.Ordinal));
        Assert.Equal(["inputs"], DrawBench.Failed(town.Verify("lottery", deep: true).Answer));
        Bench.File("pool.csv", pool);

        // Without the column they would be others: nothing goes on from there, and nothing is proven.
        town.Replace("pool.csv", text => text.Replace("Ticket", "other", StringComparison.Ordinal));
        Assert.Equal(2, Bench.Run(town.Replace("drawn", "third", "--randomness", DrawBench.Later)).Code);
        Assert.Contains("inputs", DrawBench.Failed(town.Verify("second", deep: true).Answer));

        static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
        static string TicketOf(int person) => string.Concat(Enumerable.Repeat(((person * 37) + 11).ToString("x4", System.Globalization.CultureInfo.InvariantCulture), 8));
    }

    [Fact]
    public void The_same_input_and_seed_give_the_same_files_and_another_seed_seats_others()
    {
        foreach ((string to, string seed) in (ReadOnlySpan<(string, string)>)[("a", "5eed"), ("b", "5eed"), ("c", "beef")])
        {
            Assert.Equal(0, Bench.Run(Lottery(to, "--seed", seed)).Code);
        }

        Assert.All((string[])["lottery.json", "panels.csv", "probabilities.csv"], name => Assert.Equal(File.ReadAllBytes(Bench["a/" + name]), File.ReadAllBytes(Bench["b/" + name])));
        Assert.NotEqual(File.ReadAllText(Bench["a/panels.csv"]), File.ReadAllText(Bench["c/panels.csv"]));
    }

    [Fact]
    public void A_draw_without_a_witness_states_no_times_and_says_so()
    {
        town.Draw();
        JsonNode record = JsonNode.Parse(File.ReadAllText(Bench["drawn/record.json"]))!;
        Assert.False(record.AsObject().ContainsKey("drawnAt") || record["manifest"]!.AsObject().ContainsKey("frozenAt") || record["manifest"]!["sources"]![0]!.AsObject().ContainsKey("at"));
        Assert.Equal("not performed", DrawBench.State(town.Verify("drawn").Answer, "times"));

        // Half stated is malformed.
        town.Replace("drawn/record.json", text => text.Replace("\"format\":2,\"how\"", "\"drawnAt\":\"2026-05-01T08:00:00Z\",\"format\":2,\"how\"", StringComparison.Ordinal));
        (int code, JsonObject answer) = town.Verify("drawn");
        Assert.Equal((4, "failed"), (code, DrawBench.State(answer, "form")));
    }

    [Fact]
    public void A_frozen_manifest_binds_the_names_of_the_sources()
    {
        town.Draw();
        string[] pick = ["draw", "pick", "--lottery", Bench["lottery"]];
        (int code, JsonObject answer) = Bench.Json([.. pick, "--freeze", "--randomness", "drand quicknet round 7: beacon", "--out", Bench["frozen"]]);
        Assert.Equal((0, "frozen"), (code, (string)answer["outcome"]!));
        string value = new('a', 64);
        string manifest = Bench["frozen/manifest.json"];
        Assert.Equal(["manifest-differs"], Bench.Refusals([.. pick, "--manifest", manifest, "--randomness", "Drand quicknet round 7: " + value, "--out", Bench["again"]]));
        Assert.Equal(["not-both:--freeze"], Bench.Refusals([.. pick, "--manifest", manifest, "--freeze", "--randomness", "drand: beacon", "--out", Bench["again"]]));
        (code, JsonObject drawn) = Bench.Json([.. pick, "--manifest", manifest, "--randomness", "drand quicknet round 7: " + value, "--out", Bench["again"]]);
        Assert.Equal((0, (string)answer["manifestHash"]!), (code, (string)drawn["manifestHash"]!));
    }

    [Theory]
    [InlineData("drawn/record.json", "\"chosen\":")]
    [InlineData("drawn/panels.json", "\"panels\":[[\"")]
    [InlineData("lottery/panels.csv", "\n0,p0")]
    [InlineData("lottery/probabilities.csv", ",0.")]
    [InlineData("lottery/lottery.json", "\"levels\": [")]
    public void A_changed_file_is_refused(string file, string after)
    {
        town.Draw();
        town.Replace(file, text =>
        {
            // The first digit behind the words becomes another one.
            int at = text.IndexOf(after, StringComparison.Ordinal) + after.Length;
            at = Enumerable.Range(at, text.Length - at).First(i => char.IsAsciiHexDigitLower(text[i]));
            return text[..at] + (text[at] == '1' ? '0' : '1') + text[(at + 1)..];
        });
        (int code, JsonObject answer) = file.StartsWith("drawn", StringComparison.Ordinal) ? town.Verify("drawn") : town.Verify("lottery", deep: true);
        Assert.True(code == 4, answer.ToJsonString());
        Assert.NotEqual("holds", (string)answer["outcome"]!);
    }

    [Fact]
    public void Every_problem_of_both_files_and_of_the_options_is_told_at_once() => Assert.Equal(
        ["option-value:--seed", "min-above-max@2:min", "unknown-value@2:gender"],
        Bench.Refusals(
            "draw", "lottery", "--pool", Bench.File("wrong.csv", "id,gender\na,wman\nb,man\n"), "--quotas", Bench.File("wrong-quotas.csv", "feature,value,min,max\ngender,woman,2,1\ngender,man,0,1\n"), "--size", "2", "--seed", "xyz", "--out", Bench["out"]));

    [Fact]
    public void A_thousand_panels_of_more_than_a_hundred_people_are_read_again()
    {
        string pool = Bench.File("large.csv", "id,gender\n" + string.Concat(Enumerable.Range(0, 220).Select(i => $"{i},{(i % 2 == 0 ? "woman" : "man")}\n")));
        string quotas = Bench.File("large-quotas.csv", "feature,value,min,max\ngender,woman,55,55\ngender,man,55,55\n");
        Assert.Equal(0, Bench.Run("draw", "lottery", "--pool", pool, "--quotas", quotas, "--size", "110", "--out", Bench["large"]).Code);
        Assert.Equal(110_001, File.ReadLines(Bench["large/panels.csv"]).Count());
        (int code, JsonObject answer) = Bench.Json("draw", "verify", Bench["large"], "--deep", "--pool", pool, "--quotas", quotas);
        Assert.True(code == 0, answer.ToJsonString());
        Assert.Equal(110, town.Pick("large", "large-drawn", DrawBench.Beacon).Length);
    }

    [Fact]
    public void An_interrupted_lottery_leaves_nothing_behind()
    {
        (int code, string output, string error) = Bench.Run(new CancellationToken(canceled: true), Lottery("out"));
        Assert.Equal((130, ""), (code, output));
        Assert.Contains("Nothing was written", error, StringComparison.Ordinal);
        Assert.Equal(["pool.csv", "quotas.csv"], Bench.Standing());
    }

    [Fact]
    public void A_lottery_that_its_limit_ends_is_written_and_marked()
    {
        // Eight criteria whose quotas are what thirty people happen to be: five times the limit on a quiet machine, and a panel to end with within a second.
        ulong state = 20_261_125;
        int Next(int below) => (int)(((state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407) >> 33) % (ulong)below);
        int[][] people = [.. Enumerable.Range(0, 600).Select(_ => (int[])[.. Enumerable.Range(0, 8).Select(c => Math.Max(0, Next(3 + (c % 2)) - Next(2)))])];
        string pool = Bench.File("hard.csv", "id," + string.Join(',', Enumerable.Range(0, 8).Select(c => "c" + c)) + "\n" + string.Concat(people.Select((values, i) => $"{i},{string.Join(',', values)}\n")));
        string quotas = Bench.File("hard-quotas.csv", "feature,value,min,max\n" + string.Concat(Enumerable.Range(0, 8).SelectMany(c => Enumerable.Range(0, 4).Where(v => people.Any(person => person[c] == v)).Select(v =>
        {
            int count = people.Take(30).Count(person => person[c] == v);
            return $"c{c},{v},{count},{count}\n";
        }))));
        (int code, JsonObject answer) = Bench.Json("draw", "lottery", "--pool", pool, "--quotas", quotas, "--size", "30", "--time-limit", "3", "--panels", "20", "--out", Bench["out"]);
        Assert.Equal((5, "ended-by-limit"), (code, (string)answer["outcome"]!));
        Assert.True((double)answer["gap"]! > 0);
        Assert.Contains("\"endedByLimit\": true", File.ReadAllText(Bench["out/lottery.json"]), StringComparison.Ordinal);
        town.Pick("out", "hard-drawn", DrawBench.Beacon);
        Assert.Contains("\"search\":\"ended-by-limit\"", File.ReadAllText(Bench["hard-drawn/manifest.json"]), StringComparison.Ordinal);
    }
}
