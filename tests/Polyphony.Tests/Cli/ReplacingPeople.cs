using System.Diagnostics;
using System.Text.Json.Nodes;
using Polyphony.Cli.Draw;

namespace Polyphony.Tests.Cli;

public sealed class ReplacingPeople : IDisposable
{
    /// <summary>What no file of an offline draw can show.</summary>
    private static readonly string[] Untimed = ["anchor", "log", "person", "quotas", "signature", "times"];

    private readonly DrawBench town = new();

    public void Dispose() => town.Dispose();

    private Workbench Bench => town.Bench;

    [Fact]
    public void Who_stays_is_on_every_panel_who_is_out_on_none_and_the_rest_have_the_fairest_chances()
    {
        string[] panel = town.Draw();
        string leaves = panel.First(id => Man(id) && id is not "p02");
        string[] stay = [.. panel.Except([leaves])];
        town.Status(panel, leaves);
        (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "second", "--randomness", DrawBench.Later));
        Assert.Equal((0, "drawn", 3, 1, 1), (code, (string)answer["outcome"]!, (int)answer["staying"]!, (int)answer["leaving"]!, (int)answer["needed"]!));
        DrawInput input = town.Input();
        string[][] panels = town.Panels("second");
        Assert.Equal(20, panels.Length);
        Assert.All(panels, ids =>
        {
            Assert.True(input.Pool.IsPanel([.. ids.Select(Position)]));
            Assert.Empty(stay.Except(ids));
            Assert.DoesNotContain(leaves, ids);
        });

        // One man is wanted; only men may come, whoever shares no flat with those who stay and leaves somebody of each age. All of them have the same chance.
        string[] possible = [.. Enumerable.Range(1, 12).Select(DrawBench.Name).Where(id => Man(id) && !panel.Contains(id) && input.Pool.IsPanel([.. stay.Append(id).Select(Position)]))];
        Assert.Equal(1.0 / possible.Length, (double)answer["min"]!, 3);
        Assert.Equal(1.0 / possible.Length, (double)answer["max"]!, 3);
        Assert.Contains(DrawBench.Texts(answer["selected"]).Single(), possible);
        Assert.Equal(panels[(int)answer["panel"]!].Order(), Bench.Table("second/selected.csv").Rows.Select(row => row[0]).Order());
        Assert.Equal(stay.Order(), Bench.Table("second/selected.csv").Rows.Where(row => row[2] == "stays").Select(row => row[0]).Order());
        Assert.Equal(["1", "0"], Chances("second", stay[0], leaves));
        town.AssertHolds("second", Untimed);
        Assert.Equal("passed", DrawBench.State(town.Verify("second").Answer, "before"));
        Assert.Equal("passed", DrawBench.State(town.Verify("second").Answer, "replaces"));

        int Position(string id) => input.Ids.Index().Single(pair => pair.Item == id).Index;
    }

    [Fact]
    public void What_is_left_of_each_quota_is_neither_wider_nor_narrower_than_the_panel_allows()
    {
        // Three values without a complement: a quota that is one off lets somebody in whom the panel cannot hold, or keeps somebody out whom it can.
        Bench.File("pool.csv", "id,age,town,street\n" + string.Concat(Enumerable.Range(0, 11).Select(i => $"p{i:00},{"abc"[i % 3]},{(i % 4 == 0 ? "x" : "y")},\n")));
        Bench.File("quotas.csv", "feature,value,min,max\nage,a,2,3\nage,b,0,2\nage,c,0,1\ntown,x,0,2\ntown,y,1,4\n");
        string[] panel = town.Draw();
        DrawInput input = town.Input();
        int[] seated = [.. panel.Select(id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture))];
        for (int leaving = 1; leaving < 15; leaving++)
        {
            int[] stay = [.. seated.Where((_, i) => (leaving >> i & 1) == 0)];
            int[] free = [.. Enumerable.Range(0, 11).Except(seated)];
            HashSet<int> can = [.. Choices(free, 4 - stay.Length).Where(more => input.Pool.IsPanel([.. stay, .. more])).SelectMany(more => more)];
            town.Status(panel, [.. panel.Where((_, i) => (leaving >> i & 1) == 1)]);
            (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "second" + leaving, "--randomness", DrawBench.Later));
            Assert.Equal((leaving, can.Count == 0 ? 3 : 0), (leaving, code));
            if (can.Count > 0)
            {
                Assert.All(town.Panels("second" + leaving), ids => Assert.True(input.Pool.IsPanel([.. ids.Select(id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture))])));
                Assert.Equal(can.Order(), free.Where(person => Chances("second" + leaving, $"p{person:00}")[0] != "0"));
            }
        }
    }

    private static IEnumerable<int[]> Choices(int[] from, int count) =>
        count == 0 ? [[]] : from.SelectMany((person, i) => Choices(from[(i + 1)..], count - 1).Select(rest => (int[])[person, .. rest]));

    [Fact]
    public void Computed_first_and_drawn_later_is_the_same_draw()
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[0], panel[1]);
        (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "computed"));
        Assert.Equal((0, "computed"), (code, (string)answer["outcome"]!));
        Assert.Null(answer["selected"]);
        town.AssertHolds("computed");
        Assert.Equal(["source-earlier:--randomness"], Bench.Refusals("draw", "pick", "--lottery", Bench["computed"], "--randomness", DrawBench.Beacon, "--out", Bench["early"]));
        town.Pick("computed", "later", DrawBench.Later);
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "at-once", "--randomness", DrawBench.Later)).Code);
        Assert.All((string[])["record.json", "manifest.json", "panels.json", "selected.csv", "before.json"], name => Assert.Equal(File.ReadAllBytes(Bench["later/" + name]), File.ReadAllBytes(Bench["at-once/" + name])));
    }

    [Fact]
    public void A_replacement_of_a_replacement_goes_on_and_nobody_who_was_out_comes_back()
    {
        string[] first = town.Draw();
        town.Status(first, first[0]);
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "second", "--randomness", DrawBench.Later)).Code);
        string[] second = [.. Bench.Table("second/selected.csv").Rows.Select(row => row[0])];
        town.Status(second, second.Except(first).Single(), second.Intersect(first).First());
        Assert.Equal(["source-earlier:--randomness"], Bench.Refusals(town.Replace("second", "third", "--randomness", DrawBench.Beacon)));
        (int code, JsonObject answer) = Bench.Json(town.Replace("second", "third", "--randomness", DrawBench.Last));
        Assert.Equal(0, code);
        Assert.Equal(["before-2.json", "before.json"], Directory.GetFiles(Bench["third"], "before*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(3, (int)JsonNode.Parse(File.ReadAllText(Bench["third/manifest.json"]))!["attempt"]!);
        Assert.All(town.Panels("third"), panel => Assert.DoesNotContain(first[0], panel));
        town.AssertHolds("third", Untimed);
        Assert.Equal("passed", DrawBench.State(town.Verify("third").Answer, "chain"));

        // Of the draw two before, one value is changed: the chain breaks, and nobody is drawn from it.
        town.Replace("third/before-2.json", text => text.Replace("round 1000", "round 1001", StringComparison.Ordinal));
        (code, answer) = town.Verify("third");
        Assert.Equal((4, "chain"), (code, DrawBench.Failed(answer).Last()));
        town.Status([.. Bench.Table("third/selected.csv").Rows.Select(row => row[0])], Bench.Table("third/selected.csv").Rows[0][0]);
        Assert.Equal(4, Bench.Run(town.Replace("third", "fourth", "--randomness", "drand quicknet round 4000: " + new string('b', 64))).Code);
        Assert.False(Directory.Exists(Bench["fourth"]));
    }

    [Fact]
    public async Task Through_replacements_of_replacements_no_flat_sends_two_and_the_flat_of_who_is_out_is_free_again()
    {
        // Eight flats of three people alike, four of women and four of men: without the rule, whoever shares a flat with the panel could come as well as anybody.
        Bench.File("pool.csv", "id,gender,age,street\n" + string.Concat(Enumerable.Range(1, 24).Select(i => $"{DrawBench.Name(i)},{(i <= 12 ? "woman" : "man")},{(Flat(i) % 2 == 0 ? "old" : "young")},Rue A {Flat(i)}\n")));
        string[] first = town.Draw();
        string[] before = first;
        HashSet<string> away = [];
        string from = "drawn";
        foreach ((string to, string randomness, bool newest) in ((string, string, bool)[])[("second", DrawBench.Later, false), ("third", DrawBench.Last, false), ("fourth", "drand quicknet round 4000: " + new string('b', 64), true)])
        {
            // Both women of the first panel leave, one after the other, then the one who stepped in last.
            string leaves = newest ? Bench.Table(from + "/selected.csv").Rows.Single(row => row[2] == "selected")[0] : first.First(id => Woman(id) && !away.Contains(id));
            string[] stay = [.. before.Except([leaves])];
            away.Add(leaves);
            town.Status(before, leaves);
            Assert.Equal((to, 0), (to, Bench.Run(town.Replace(from, to, "--randomness", randomness)).Code));
            string[][] panels = town.Panels(to);
            Assert.All(panels, ids =>
            {
                Assert.Empty(stay.Except(ids));
                Assert.Empty(ids.Intersect(away));
                Assert.Equal(4, ids.Select(FlatOf).Distinct().Count());
            });

            // Everybody else can step in who is a woman, never was on the panel, and lives with nobody who stays, whoever of them was drawn when; those who share a flat with somebody who is out are among them.
            string[] possible = [.. Enumerable.Range(1, 12).Select(DrawBench.Name).Where(id => !away.Contains(id) && !stay.Contains(id) && !stay.Select(FlatOf).Contains(FlatOf(id)) && town.Input().Pool.IsPanel([.. stay.Append(id).Select(Position)]))];
            Assert.NotEmpty(possible.Select(FlatOf).Intersect(away.Select(FlatOf)));
            Assert.Equal(possible, Enumerable.Range(1, 24).Select(DrawBench.Name).Where(id => !stay.Contains(id) && Chances(to, id)[0] != "0"));
            town.AssertHolds(to, Untimed);
            Assert.Equal(0, await ScriptAsync(to));
            (before, from) = ([.. Bench.Table(to + "/selected.csv").Rows.Select(row => row[0])], to);
        }

        static int Flat(int person) => (person + 2) / 3;
        static int FlatOf(string id) => Flat(Position(id) + 1);
        static int Position(string id) => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) - 1;
        static bool Woman(string id) => Position(id) < 12;
    }

    [Fact]
    public void Down_the_order_of_the_pool_and_on_from_there()
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[1], panel[2]);
        Assert.Equal(["option-needs:--by"], Bench.Refusals(town.Replace("drawn", "ordered", "--by", "order")));
        (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "ordered", "--by", "order", "--randomness", DrawBench.Later));
        Assert.Equal((0, "order"), (code, (string)answer["how"]!));
        (code, JsonObject verified) = town.Verify("ordered", deep: true);
        Assert.Equal((0, "passed", "passed"), (code, DrawBench.State(verified, "order"), DrawBench.State(verified, "before")));

        // Others than those to whom the order gives the places are refused by whoever has the pool.
        string other = DrawInput.TicketOf(Enumerable.Range(1, 12).Select(DrawBench.Name).First(id => !panel.Contains(id) && !DrawBench.Texts(answer["selected"]).Contains(id)));
        string record = File.ReadAllText(Bench["ordered/record.json"]);
        town.Replace("ordered/record.json", text => text.Replace(DrawInput.TicketOf(DrawBench.Texts(answer["selected"])[0]), other, StringComparison.Ordinal));
        Assert.Contains("order", DrawBench.Failed(town.Verify("ordered", deep: true).Answer));
        Bench.File("ordered/record.json", record);

        string[] second = [.. Bench.Table("ordered/selected.csv").Rows.Select(row => row[0])];
        town.Status(second, second[3]);
        Assert.Equal(0, Bench.Run(town.Replace("ordered", "third", "--randomness", DrawBench.Last)).Code);
        town.AssertHolds("third", Untimed);
    }

    [Theory]
    [InlineData("drand quicknet round 1000: 00c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a59687766554433")]
    [InlineData("drand quicknet round 999: 00c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a59687766554433")]
    [InlineData("another name: 9E1C1A33C1F4BB8F9F14D6DE3E42C1DC2AD5A5CB0F0E1D2C3B4A596877665544")]
    public void Randomness_that_is_no_later_is_refused(string randomness)
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[0]);
        Assert.Equal(["source-earlier:--randomness"], Bench.Refusals(town.Replace("drawn", "second", "--randomness", randomness)));
        Assert.Equal(["source-earlier:--randomness"], Bench.Refusals(town.Replace("drawn", "second", "--by", "order", "--randomness", randomness)));
    }

    [Fact]
    public void Every_problem_of_the_statuses_is_told_with_file_row_and_column()
    {
        string[] panel = town.Draw();
        string stranger = Enumerable.Range(1, 12).Select(DrawBench.Name).First(id => !panel.Contains(id));
        Bench.File("status.csv", $"id,status\n{panel[0]},here\n{panel[1]},\n{panel[1]},confirmed\nnobody,withdrawn\n{stranger},confirmed\n{panel[2]},declined\n");
        Assert.Equal(
            ["option-value:--seed", "unknown-value@2:status", "empty@3:status", "id-twice@4:id", "id-unknown@5:id", "not-on-the-panel@6:id", "status-missing:id"],
            Bench.Refusals(town.Replace("drawn", "out", "--seed", "x")));
        Bench.File("status.csv", "name,state\na,b\n");
        Assert.Equal(["column-missing@1:id", "column-missing@1:status"], Bench.Refusals(town.Replace("drawn", "out")));
        town.Status(panel);
        Assert.Equal(["nobody-out"], Bench.Refusals(town.Replace("drawn", "out")));
        Assert.Equal(["file-missing"], Bench.Refusals(town.Replace("no-such-directory", "out")));
        Assert.Equal(["option-needs:--dropout"], Bench.Refusals(town.Replace("drawn", "out", "--dropout", "0.2")).Take(1));
        town.Status(panel, panel[0]);
        Assert.Equal(["option-needs:--alternates"], Bench.Refusals(town.Replace("drawn", "out", "--alternates", "2")));
    }

    [Fact]
    public void Somebody_of_the_pool_who_can_no_longer_come_is_not_drawn()
    {
        string[] panel = town.Draw();
        string leaves = panel.First(Man);
        string[] others = [.. Enumerable.Range(1, 12).Select(DrawBench.Name).Where(id => Man(id) && !panel.Contains(id))];
        Bench.File("status.csv", "status,id\n" + string.Concat(panel.Select(id => $"{(id == leaves ? "OUT" : "Confirmed")},{id}\n")) + $"withdrawn,{others[0]}\n");
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "second", "--randomness", DrawBench.Later)).Code);
        Assert.All(town.Panels("second"), ids => Assert.DoesNotContain(others[0], ids));
        Assert.Equal(2, JsonNode.Parse(File.ReadAllText(Bench["second/manifest.json"]))!["out"]!.AsArray().Count);
        town.AssertHolds("second", Untimed);
    }

    [Fact]
    public void A_pool_with_others_than_those_drawn_from_is_refused()
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[0]);
        town.Replace("pool.csv", text => text + "p13,woman,old,\n");
        Assert.Equal(["not-in-the-draw@14:id"], Bench.Refusals(town.Replace("drawn", "second")));
        string gone = Enumerable.Range(1, 12).Select(DrawBench.Name).First(id => !panel.Contains(id));
        town.Replace("pool.csv", text => string.Join('\n', text.Split('\n').Where(row => !row.StartsWith("p13", StringComparison.Ordinal) && !row.StartsWith(gone, StringComparison.Ordinal))));
        Assert.Equal(["pool-lacks-people"], Bench.Refusals(town.Replace("drawn", "second")));
    }

    [Fact]
    public void Places_that_nobody_can_take_end_with_ways_out_in_terms_of_the_whole_panel()
    {
        string[] panel = town.Draw();
        string[] men = [.. panel.Where(Man)];

        // Every other man is gone: one woman more would have to do.
        Bench.File("status.csv", "id,status\n" + string.Concat(panel.Select(id => $"{id},{(id == men[0] ? "withdrawn" : "confirmed")}\n"))
            + string.Concat(Enumerable.Range(1, 12).Select(DrawBench.Name).Where(id => Man(id) && !panel.Contains(id)).Select(id => id + ",withdrawn\n")));
        (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "second", "--randomness", DrawBench.Later));
        Assert.Equal((3, "infeasible"), (code, (string)answer["outcome"]!));
        Assert.Equal(
            ["man 2-2 to 1-2", "woman 2-2 to 2-3"],
            answer["relaxations"]![0]!["changes"]!.AsArray().Select(change => $"{change!["value"]} {change["min"]}-{change["max"]} to {change["newMin"]}-{change["newMax"]}").Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists(Bench["second"]));

        // So changed, it is drawn, and the answer says that the quotas are others now.
        Bench.File("quotas.csv", DrawBench.Quotas.Replace("woman,2,2", "woman,2,3", StringComparison.Ordinal).Replace("man,2,2", "man,1,2", StringComparison.Ordinal));
        (code, answer) = Bench.Json(town.Replace("drawn", "second", "--randomness", DrawBench.Later));
        Assert.Equal((0, true), (code, (bool)answer["quotasChanged"]!));
        town.AssertHolds("second", Untimed);

        // Quotas that those who stay exceed: their maximum has to rise first.
        Bench.File("quotas.csv", DrawBench.Quotas.Replace("woman,2,2", "woman,0,1", StringComparison.Ordinal).Replace("man,2,2", "man,1,3", StringComparison.Ordinal));
        (code, answer) = Bench.Json(town.Replace("drawn", "third", "--randomness", DrawBench.Later));
        Assert.Equal(3, code);
        Assert.Contains("woman 0-1 to 0-3", answer["relaxations"]![0]!["changes"]!.AsArray().Select(change => $"{change!["value"]} {change["min"]}-{change["max"]} to {change["newMin"]}-{change["newMax"]}"));
    }

    [Fact]
    public void Alternates_are_those_who_mend_most_of_what_dropouts_would_break()
    {
        string[] panel = town.Draw();
        town.Status(panel);

        // Only men drop out: women would mend nothing.
        Bench.File("rates.csv", "id,rate\n" + string.Concat(panel.Select(id => $"{id},{(Man(id) ? "50 %" : "0")}\n")));
        (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "alternates", "--alternates", "2", "--dropout", Bench["rates.csv"]));
        Assert.Equal((0, "alternates", 0), (code, (string)answer["outcome"]!, (int)answer["needed"]!));
        Assert.All(DrawBench.Texts(answer["alternates"]), id => Assert.True(Man(id) && !panel.Contains(id)));
        double[] damage = [.. answer["damage"]!.AsArray().Select(value => (double)value!)];
        Assert.Equal(3, damage.Length);
        Assert.True(damage[0] > damage[1] && damage[1] > damage[2], string.Join(' ', damage));

        // Without alternates: a man is missing with chance 1/2 twice, counted 1/2 each, and sometimes an age.
        Assert.InRange(damage[0], 0.5, 1);
        Assert.Equal(["alternates/alternates.csv"], Bench.Standing().Where(path => path.StartsWith("alternates/", StringComparison.Ordinal)));

        // The other way round; by a column of the pool, which was drawn from as it is.
        town.Replace("pool.csv", text => string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((row, i) => row + (i == 0 ? ",leaves" : Man(row[..3]) ? ",0" : ",0.5"))));
        answer = Bench.Json(town.Replace("drawn", "women", "--alternates", "2", "--dropout", "leaves")).Answer;
        Assert.All(DrawBench.Texts(answer["alternates"]), id => Assert.False(Man(id)));
        Assert.Equal(["not-a-rate@2:rate", "id-unknown@3:id"], Bench.Refusals(town.Replace("drawn", "out", "--alternates", "2", "--dropout", Bench.File("wrong.csv", "id,rate\np01,2\nxx,0.1\n"))));
        Assert.Equal(["option-value:--dropout"], Bench.Refusals(town.Replace("drawn", "out", "--alternates", "2", "--dropout", "nothing")));
    }

    [Fact]
    public void A_record_that_does_not_verify_is_not_drawn_from()
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[0]);
        town.Replace("drawn/record.json", text => text.Replace(DrawInput.TicketOf(panel[0]), DrawInput.TicketOf(Enumerable.Range(1, 12).Select(DrawBench.Name).First(id => !panel.Contains(id))), StringComparison.Ordinal));
        (int code, JsonObject answer) = Bench.Json(town.Replace("drawn", "second", "--randomness", DrawBench.Later));
        Assert.Equal((4, "fails"), (code, (string)answer["outcome"]!));
        Assert.False(Directory.Exists(Bench["second"]));
    }

    [Fact]
    public async Task A_changed_replacement_is_refused_by_the_tool_and_by_the_script()
    {
        string[] panel = town.Draw();
        town.Status(panel, panel[0]);
        Assert.Equal(0, Bench.Run(town.Replace("drawn", "second", "--randomness", DrawBench.Later)).Code);
        string whole = File.ReadAllText(Bench["second/record.json"]);
        string before = File.ReadAllText(Bench["second/before.json"]);
        Assert.Equal(0, await ScriptAsync("second"));
        string staying = DrawInput.TicketOf(panel[1]);
        string gone = DrawInput.TicketOf(panel[0]);
        foreach ((string file, string from, string to) in ((string, string, string)[])
        [
            ("record.json", "\"kind\":\"replacement\"", "\"kind\":\"panel\""),
            ("record.json", $"\"out\":[\"{gone}\"]", "\"out\":[]"),
            ("record.json", $"\"out\":[\"{gone}\"]", $"\"out\":[\"{staying}\"]"),
            ("before.json", DrawInput.TicketOf(panel[2]), gone),
            ("before.json", "\"attempt\":1", "\"attempt\":2"),
        ])
        {
            town.Replace("second/" + file, text => text.Replace(from, to, StringComparison.Ordinal));
            Assert.Equal((file, from, 4), (file, from, town.Verify("second").Code));
            Assert.Equal((file, from, 4), (file, from, await ScriptAsync("second")));
            Bench.File("second/record.json", whole);
            Bench.File("second/before.json", before);
        }
    }

    private async Task<int> ScriptAsync(string directory)
    {
        string[] files = [Bench[directory + "/record.json"], "--manifest", Bench[directory + "/manifest.json"], "--panels", Bench[directory + "/panels.json"], "--before", Bench[directory + "/before.json"]];
        ProcessStartInfo start = new("python3", [Repository.PathOf("tools", "verify_draw.py"), .. files]) { RedirectStandardOutput = true };
        using Process python = Process.Start(start)!;
        await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        return python.ExitCode;
    }

    private string[] Chances(string directory, params string[] ids) => [.. ids.Select(id => Bench.Table(directory + "/probabilities.csv").Rows.Single(row => row[0] == id)[1])];

    private static bool Man(string id) => int.Parse(id[1..3], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0;
}
