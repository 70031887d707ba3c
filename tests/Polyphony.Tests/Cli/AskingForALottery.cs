using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Sheets;

namespace Polyphony.Tests.Cli;

/// <summary>What may be asked of a lottery besides pool and quotas: who must be drawn, who must not, and what it is to be fair by.</summary>
public sealed class AskingForALottery : IDisposable
{
    private readonly DrawBench town = new();

    public void Dispose() => town.Dispose();

    private Workbench Bench => town.Bench;

    private string[] Lottery(params string[] more) =>
        ["draw", "lottery", "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "4", "--panels", "20", "--out", Bench["lottery"], .. more];

    /// <summary>On how many of the twenty panels everybody is.</summary>
    private Dictionary<string, int> Panels(params string[] more)
    {
        (int code, JsonObject answer) = Bench.Json(Lottery(more));
        Assert.True(code == 0, answer.ToJsonString());
        town.AssertHolds("lottery");
        return Bench.Table("lottery/probabilities.csv").Rows.ToDictionary(row => row[0], row => int.Parse(row[2], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Whoever_must_be_drawn_is_on_every_panel()
    {
        Dictionary<string, int> panels = Panels("--must", Bench.File("must.csv", "id\np03\np08\n"));
        Assert.Equal((20, 20), (panels["p03"], panels["p08"]));
        Assert.Equal(80, panels.Values.Sum());
        Assert.All(town.Panels("lottery"), panel => Assert.Equal(["p03", "p08"], panel.Intersect(["p03", "p08"]).Order(StringComparer.Ordinal)));

        // Two of four seats are taken: of the others the least likely get what is left, and the answer speaks of them.
        (_, JsonObject answer) = Bench.Json(Lottery("--must", Bench["must.csv"]));
        Assert.InRange((double)answer["min"]!, 0.1, 0.5);
    }

    [Fact]
    public void Whoever_must_not_be_drawn_is_on_none()
    {
        Dictionary<string, int> panels = Panels("--must-not", Bench.File("none.csv", "p04\np05\n"), "--household", "street");
        Assert.Equal((0, 0), (panels["p04"], panels["p05"]));
        Assert.All(panels.Where(pair => pair.Key is not ("p04" or "p05")), pair => Assert.NotEqual(0, pair.Value));
    }

    [Fact]
    public void Whoever_was_drawn_already_is_out_and_the_household_too()
    {
        string already = Bench.File("already.csv", "id\np01\n");
        Dictionary<string, int> panels = Panels("--already", already, "--household", "street");
        Assert.Equal(["p01", "p02"], panels.Where(pair => pair.Value == 0).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["p01", "p02"], DrawBench.Texts(JsonNode.Parse(File.ReadAllText(Bench["lottery/lottery.json"]))!["inputs"]!["out"]).Order(StringComparer.Ordinal));

        // Where no household counts, and for somebody who is only barred, the flatmate stays in.
        Assert.Equal(["p01"], Panels("--already", already).Where(pair => pair.Value == 0).Select(pair => pair.Key));
        Assert.Equal(["p01"], Panels("--must-not", already, "--household", "street").Where(pair => pair.Value == 0).Select(pair => pair.Key));
    }

    [Fact]
    public void Lists_that_contradict_each_other_or_the_panel_are_refused()
    {
        string both = Bench.File("both.csv", "id\np01\np02\n");
        Assert.Equal(["option-value:--must"], Bench.Refusals(Lottery("--must", both, "--household", "street")));
        Assert.Equal(["option-value:--must", "option-value:--must"], Bench.Refusals(Lottery("--must", both, "--must-not", both)));
        Assert.Equal(["option-value:--must", "option-value:--must"], Bench.Refusals(Lottery("--must", both, "--already", both)));
        Assert.Equal(["option-value:--must"], Bench.Refusals(Lottery("--must", Bench.File("four.csv", "p03\np04\np05\np06\n"))));
        Assert.Equal(["id-unknown@3:id", "empty@4:id"], Bench.Refusals(Lottery("--must-not", Bench.File("who.csv", "id,why\np01,x\np99,x\n,x\n"))));
        Assert.Equal(["column-missing@1:id"], Bench.Refusals(Lottery("--already", Bench.File("other.csv", "name,street\nA,B\n"))));
        Assert.Equal(["file-missing"], Bench.Refusals(Lottery("--already", Bench["nowhere.csv"])));
    }

    [Fact]
    public void A_panel_that_the_seated_rule_out_is_infeasible_and_says_by_which_quota()
    {
        (int code, JsonObject answer) = Bench.Json(Lottery("--must", Bench.File("women.csv", "p01\np03\np05\n")));
        Assert.Equal((3, "infeasible"), (code, (string)answer["outcome"]!));
        JsonNode change = answer["relaxations"]![0]!["changes"]!.AsArray().Single(changed => (string)changed!["value"]! == "woman")!;
        Assert.Equal((2, 3), ((int)change["max"]!, (int)change["newMax"]!));
    }

    [Theory]
    [InlineData("leximin", null, 0.5)]
    [InlineData("maximin", null, 0.5)]
    [InlineData("nash", null, 3 / 7.0)]
    [InlineData("minimax", null, 0.2)]
    [InlineData("goldilocks", null, 0.5)]
    [InlineData("goldilocks", "1", 0.5)]
    [InlineData("goldilocks", "0.05", 0.319438)]
    public void Each_objective_gives_its_known_answer(string objective, string? gamma, double conservativeWoman)
    {
        // The third known answer of the field: two panels are possible, and the lottery is the share of the one with the conservative woman.
        string pool = Bench.File("k3.csv", "id,gender,view\na,man,liberal\nb,man,liberal\nc,man,liberal\nd,man,liberal\ne,woman,liberal\nf,man,conservative\ng,woman,conservative\n");
        string quotas = Bench.File("k3-quotas.csv", "feature,value,min,max\ngender,woman,1,1\ngender,man,4,4\nview,liberal,4,4\nview,conservative,1,1\n");
        (int code, JsonObject answer) = Bench.Json(
            ["draw", "lottery", "--pool", pool, "--quotas", quotas, "--size", "5", "--panels", "700", "--objective", objective, .. gamma is null ? Array.Empty<string>() : ["--gamma", gamma], "--out", Bench["k3"]]);
        Assert.Equal((0, objective), (code, (string)answer["objective"]!));
        Sheet chances = Bench.Table("k3/probabilities.csv");
        Assert.Equal(
            [conservativeWoman, 1 - conservativeWoman, 1 - conservativeWoman, 0.75 + (conservativeWoman / 4)],
            ((string[])["g", "e", "f", "a"]).Select(id => double.Parse(chances.Rows.Single(row => row[0] == id)[1], CultureInfo.InvariantCulture)), (expected, actual) => Math.Abs(expected - actual) < 2e-3);
        JsonNode file = JsonNode.Parse(File.ReadAllText(Bench["k3/lottery.json"]))!;
        Assert.Equal(objective, (string)file["objective"]!);
        Assert.Equal(double.Parse(gamma ?? "1", CultureInfo.InvariantCulture), (double)file["gamma"]!);
        Assert.Equal(0, Bench.Run("draw", "verify", Bench["k3"], "--deep", "--pool", pool, "--quotas", quotas).Code);
    }

    [Fact]
    public void Legacy_claims_no_proof()
    {
        (int code, JsonObject answer) = Bench.Json(Lottery("--objective", "LEGACY"));
        Assert.Equal((0, "legacy", null), (code, (string)answer["objective"]!, (double?)answer["gap"]));
        Assert.Contains("for comparison only", Bench.Run(Lottery("--objective", "legacy")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--objective", "fairest", "option")]
    [InlineData("--gamma", "0", "option-value:--gamma")]
    [InlineData("--gamma", "-1", "option-value:--gamma")]
    [InlineData("--gamma", "1e3", "option-value:--gamma")]
    [InlineData("--gamma", "much", "option-value:--gamma")]
    [InlineData("--panels", "9", "option")]
    [InlineData("--time-limit", "0", "option")]
    public void What_is_no_objective_or_weight_is_refused(string option, string value, string problem) => Assert.Equal([problem], Bench.Refusals(Lottery(option, value)));

    [Fact]
    public void What_legacy_does_not_find_is_a_limit_of_its_own()
    {
        // Two people who differ in everything are asked for, and there is one such pair among a thousand: a step beside it is a dead end.
        bool Even(int bits) => int.PopCount(bits) % 2 == 0;
        IEnumerable<(string Side, int Bits)> people = [.. Enumerable.Range(0, 1024).Select(bits => (Even(bits) ? "left" : "right", bits)), ("right", 0)];
        string pool = Bench.File("pairs.csv", "id,side," + string.Join(',', Enumerable.Range(0, 10).Select(c => "b" + c)) + "\n"
            + string.Concat(people.Select((person, i) => $"{i},{person.Side},{string.Join(',', Enumerable.Range(0, 10).Select(c => (person.Bits >> c) & 1))}\n")));
        string quotas = Bench.File("pairs-quotas.csv", "feature,value,min,max\nside,left,1,1\nside,right,1,1\n" + string.Concat(Enumerable.Range(0, 10).Select(c => $"b{c},0,1,1\nb{c},1,1,1\n")));
        (int code, JsonObject answer) = Bench.Json("draw", "lottery", "--pool", pool, "--quotas", quotas, "--size", "2", "--objective", "legacy", "--out", Bench["pairs"]);
        Assert.Equal((5, "legacy-found-no-panel"), (code, (string)answer["outcome"]!));
        Assert.Contains("another objective", (string)answer["message"]!, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Bench["pairs"]));
    }
}
