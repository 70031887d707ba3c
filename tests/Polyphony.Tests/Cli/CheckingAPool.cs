using System.Text.Json.Nodes;
using Polyphony.Sortition;
using Polyphony.Tests.Sortition;

namespace Polyphony.Tests.Cli;

/// <summary>What can be told before a lottery is computed: who is kept out and by which quotas, what holds the least chance down, whom to invite.</summary>
public sealed class CheckingAPool : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void What_holds_the_least_chance_down_is_named_with_what_it_would_bring()
    {
        (JsonObject answer, string text) = Check(Pools.Of(2, [[(0, 1), (0, 1)]], "0", "0", "0", "0", "0", "0", "1", "1"));
        Assert.Equal(1 / 6.0, (double)answer["leastChanceAtMost"]!, 6);
        Assert.Equal(6, (int)answer["least"]!);
        JsonNode rule = answer["holdDown"]![0]!;
        Assert.Equal("""{"kind":"maximum","feature":"c0","value":"v0","bound":1}""", rule["limit"]!.ToJsonString());
        Assert.Equal(0.25, (double)rule["chance"]!, 6);
        Assert.Empty(answer["morePeople"]!.AsArray());
        Assert.Contains("These rules keep 6 people there", text, StringComparison.Ordinal);
        Assert.Contains("at most 1 with c0, v0: then 25.000 % at most", text, StringComparison.Ordinal);
        Assert.Contains("No group was found", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Whom_to_invite_is_named_with_what_they_would_bring()
    {
        (JsonObject answer, string text) = Check(Pools.Of(4, [[(2, 4), (0, 4)], [(2, 4), (0, 4)]], "00", "01", "01", "10", "10", "11", "11", "11", "11", "11", "11", "11", "11"));
        JsonNode group = answer["morePeople"]![0]!;
        Assert.Equal("""[{"feature":"c0","value":"v0"},{"feature":"c1","value":"v0"}]""", group["values"]!.ToJsonString());
        Assert.Equal(10, (int)group["people"]!);
        Assert.Equal(4 / 23.0, (double)group["chance"]!, 6);
        Assert.Contains("10 more with c0, v0 and c1, v0: 17.391 % at most", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_on_no_panel_or_on_every_one_is_named_with_the_rules()
    {
        (JsonObject answer, string text) = Check(Pools.Of(2, [[(0, 2), (0, 0)], [(0, 2), (0, 2)]], "00", "01", "00", "10", "11"));
        Assert.Equal(["3", "4"], DrawBench.Texts(answer["uncoverable"]));
        JsonNode excluded = Assert.Single(answer["excluded"]!.AsArray())!;
        Assert.Equal(["3", "4"], DrawBench.Texts(excluded["ids"]));
        Assert.Equal("""[{"kind":"maximum","feature":"c0","value":"v1","bound":0}]""", excluded["limits"]!.ToJsonString());
        Assert.True((bool)excluded["smallest"]!);
        Assert.Contains("On no panel, because these rules leave no place: 3, 4", text, StringComparison.Ordinal);
        Assert.Contains("  at most 0 with c0, v1", text, StringComparison.Ordinal);
        (answer, text) = Check(Pools.Of(2, [[(1, 2), (0, 2)], [(1, 2), (0, 2)], [(1, 2), (0, 2)]], "000", "011", "101", "110"));
        Assert.Equal(["0"], DrawBench.Texts(answer["forced"]));
        Assert.Contains("On every panel, for without them the quotas cannot be met: 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lottery_names_them_with_the_rules_of_the_whole_panel()
    {
        Files(Pools.Of(2, [[(1, 1), (1, 1)], [(1, 1), (1, 1)]], "00", "11", "00", "11", "01"));
        string[] lottery = ["draw", "lottery", "--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"], "--size", "2", "--panels", "10", "--out", bench["out"]];
        (int code, JsonObject answer) = bench.Json(lottery);
        Assert.Equal(0, code);
        JsonNode excluded = Assert.Single(answer["excluded"]!.AsArray())!;
        Assert.Equal(["4"], DrawBench.Texts(excluded["ids"]));
        Assert.Equal(2, excluded["limits"]!.AsArray().Count);

        // One seat is taken, and with it the one for its value: the rule that keeps the others out is still that of the panel.
        (code, answer) = bench.Json([.. lottery, "--must", bench.File("must.csv", "id\n0\n")]);
        Assert.Equal(0, code);
        Assert.Equal(["2", "4"], answer["excluded"]!.AsArray().SelectMany(one => DrawBench.Texts(one!["ids"])).Order(StringComparer.Ordinal));
        Assert.All(answer["excluded"]!.AsArray(), one => Assert.All(one!["limits"]!.AsArray(), limit => Assert.Equal(("maximum", 1), ((string)limit!["kind"]!, (int)limit["bound"]!))));
        Assert.Contains("at most 1 with c0, v0", bench.Run([.. lottery, "--must", bench["must.csv"]]).Output, StringComparison.Ordinal);
    }

    private void Files(SortitionPool pool) => bench.Write("pool.csv", "quotas.csv", pool);

    private (JsonObject Answer, string Text) Check(SortitionPool pool)
    {
        Files(pool);
        string[] check = ["draw", "check", "--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"], "--size", pool.Size.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        (int code, JsonObject answer) = bench.Json(check);
        Assert.Equal((0, "feasible"), (code, (string)answer["outcome"]!));
        return (answer, bench.Run(check).Output);
    }
}
