using System.Text.Json.Nodes;

namespace Polyphony.Tests.Cli;

public sealed class FindingWaysOut : IDisposable
{
    private readonly DrawBench town = new();

    public void Dispose() => town.Dispose();

    private Workbench Bench => town.Bench;

    [Theory]
    [InlineData("check")]
    [InlineData("lottery")]
    public void Quotas_that_cannot_be_met_come_with_ranked_ways_and_the_chance_of_each(string verb)
    {
        // Three old women are asked for; the pool has two, of 12 people.
        Bench.File("quotas.csv", DrawBench.Quotas + "gender*age,woman*old,3,4\n");
        Bench.File("quotas.csv", DrawBench.Quotas.Replace("woman,2,2", "woman,2,4", StringComparison.Ordinal).Replace("man,2,2", "man,0,2", StringComparison.Ordinal) + "gender*age,woman*old,3,4\n");
        string[] standing = Bench.Standing();
        string[] line = ["draw", verb, "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "4", "--household", "street", .. verb == "lottery" ? (string[])["--out", Bench["out"]] : []];
        (int code, JsonObject answer) = Bench.Json(line);
        Assert.Equal((3, "infeasible"), (code, (string)answer["outcome"]!));
        Assert.Equal(standing, Bench.Standing());
        JsonNode conflict = answer["conflict"]!;
        Assert.True((bool)conflict["smallest"]!);
        Assert.Equal(["minimum gender*age woman*old 3"], conflict["limits"]!.AsArray().Select(limit => $"{limit!["kind"]} {limit["feature"]} {limit["value"]} {limit["bound"]}"));
        JsonNode cheapest = answer["relaxations"]![0]!;
        Assert.Equal("woman*old 3 4 2 4", string.Join(' ', ((string[])["value", "min", "max", "newMin", "newMax"]).Select(name => cheapest["changes"]![0]![name]!.ToString())));
        Assert.Equal(1 + (2.0 / 3), (double)cheapest["cost"]!, 3);
        Assert.InRange((double)cheapest["chance"]!, 0.01, 0.5);
        double[] costs = [.. answer["relaxations"]!.AsArray().Select(way => (double)way!["cost"]!)];
        Assert.Equal(costs.Order(), costs);
        Assert.Equal(["one-more False", "one-fewer False", "without-households False"], answer["options"]!.AsArray().Take(3).Select(option => $"{option!["kind"]} {(bool?)option["possible"]}"));
        (code, string said, string _) = Bench.Run(line);
        Assert.Equal(3, code);
        Assert.Contains("at least 3 with gender*age, woman*old", said, StringComparison.Ordinal);
        Assert.Contains("gender*age, woman*old: 3 to 4 becomes 2 to 4", said, StringComparison.Ordinal);
        Assert.Contains("without the household rule: does not help", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_size_no_household_rule_and_merged_values_are_tried()
    {
        // Six seats for values whose maximums sum to five.
        Bench.File("quotas.csv", "feature,value,min,max\ngender,woman,0,2\ngender,man,0,3\nage,young,0,6\nage,old,0,6\n");
        (int code, JsonObject answer) = Bench.Json("draw", "check", "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "6");
        Assert.Equal(3, code);
        JsonNode fewer = answer["options"]!.AsArray().Single(option => (string)option!["kind"]! == "one-fewer")!;
        Assert.True((bool)fewer["possible"]!);
        Assert.Equal(2.0 / 6, (double)fewer["chance"]!, 3);

        // Of one flat two people are needed.
        Bench.File("home.csv", "id,age,street\na,young,A\nb,young,A\nc,old,\n");
        Bench.File("quotas.csv", "feature,value,min,max\nage,young,2,2\nage,old,0,1\n");
        (code, answer) = Bench.Json("draw", "check", "--pool", Bench["home.csv"], "--quotas", Bench["quotas.csv"], "--size", "2", "--household", "street");
        Assert.Equal(3, code);
        Assert.Equal("without-households True", answer["options"]!.AsArray().Select(option => $"{option!["kind"]} {(bool?)option["possible"]}").Single(option => option.StartsWith("without", StringComparison.Ordinal)));

        // Three values of which one has nobody: taken together with another it can be met.
        Bench.File("three.csv", "id,age\na,young\nb,middle\nc,middle\nd,middle\n");
        Bench.File("quotas.csv", "feature,value,min,max\nage,young,1,1\nage,middle,1,1\nage,old,1,1\n");
        (code, answer) = Bench.Json("draw", "check", "--pool", Bench["three.csv"], "--quotas", Bench["quotas.csv"], "--size", "3");
        Assert.Equal(3, code);
        Assert.Contains("age middle old", answer["options"]!.AsArray().Where(option => (string)option!["kind"]! == "merge").Select(option => $"{option!["feature"]} {option["first"]} {option["second"]}"));
    }

    [Fact]
    public void What_the_flex_bounds_forbid_is_called_impossible()
    {
        Bench.File("quotas.csv", "feature,value,min,max,min_flex,max_flex\ngender,woman,7,9,7,12\ngender,man,0,12,0,12\n");
        (int code, JsonObject answer) = Bench.Json("draw", "check", "--pool", town.Pool, "--quotas", Bench["quotas.csv"], "--size", "9");
        Assert.Equal((3, "impossible"), (code, (string)answer["outcome"]!));
        Assert.Empty(answer["relaxations"]!.AsArray());
    }
}
