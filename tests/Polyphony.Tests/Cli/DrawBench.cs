using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Cli.Draw;
using Polyphony.Sortition;

namespace Polyphony.Tests.Cli;

/// <summary>A pool of twelve in pairs of equal people, of whom two share a flat, and panels of four: two women and two men, one to three of each age.</summary>
internal sealed class DrawBench : IDisposable
{
    public const string Quotas = "feature,value,min,max\ngender,woman,2,2\ngender,man,2,2\nage,young,1,3\nage,old,1,3\n";
    public const string Beacon = "drand quicknet round 1000: 9e1c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a596877665544";
    public const string Later = "drand quicknet round 2000: 00c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a59687766554433";
    public const string Last = "drand quicknet round 3000: 11c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a59687766554433";

    public DrawBench()
    {
        Bench = new();
        Bench.File("pool.csv", "id,gender,age,street\n" + string.Concat(Enumerable.Range(1, 12).Select(i => $"{Name(i)},{(i % 2 == 0 ? "man" : "woman")},{(i % 3 == 0 ? "old" : "young")},{(i is 1 or 2 ? "Rue A 1" : "")}\n")));
        Bench.File("quotas.csv", Quotas);
    }

    public Workbench Bench { get; }

    public string Pool => Bench["pool.csv"];

    /// <summary>Computes and picks: the panel as ids.</summary>
    public string[] Draw(string lottery = "lottery", string drawn = "drawn", string randomness = Beacon)
    {
        Assert.Equal(0, Bench.Run("draw", "lottery", "--pool", Pool, "--quotas", Bench["quotas.csv"], "--size", "4", "--household", "street", "--panels", "20", "--out", Bench[lottery]).Code);
        return Pick(lottery, drawn, randomness);
    }

    public string[] Pick(string lottery, string drawn, string randomness)
    {
        (int code, JsonObject answer) = Bench.Json("draw", "pick", "--lottery", Bench[lottery], "--randomness", randomness, "--out", Bench[drawn]);
        Assert.Equal(0, code);
        return Texts(answer["selected"]);
    }

    /// <summary>A file of statuses: everybody stays but those named.</summary>
    public string Status(IEnumerable<string> panel, params string[] leaving) =>
        Bench.File("status.csv", "id,status\n" + string.Concat(panel.Select(id => $"{id},{(leaving.Contains(id) ? "withdrawn" : "confirmed")}\n")));

    /// <summary>The arguments of a replacement.</summary>
    public string[] Replace(string from, string to, params string[] more) =>
        ["draw", "replace", "--record", Bench[from], "--pool", Pool, "--quotas", Bench["quotas.csv"], "--status", Bench["status.csv"], "--panels", "20", "--out", Bench[to], .. more];

    public (int Code, JsonObject Answer) Verify(string directory, bool deep = false) =>
        deep ? Bench.Json("draw", "verify", Bench[directory], "--deep", "--pool", Pool, "--quotas", Bench["quotas.csv"]) : Bench.Json("draw", "verify", Bench[directory]);

    /// <summary>Codes of failed checks.</summary>
    public static string[] Failed(JsonObject answer) => [.. answer["checks"]!.AsArray().Where(check => (string)check!["state"]! == "failed").Select(check => (string)check!["code"]!)];

    public static string State(JsonObject answer, string code) => (string)answer["checks"]!.AsArray().Single(check => (string)check!["code"]! == code)!["state"]!;

    public void AssertHolds(string directory, params string[] notPerformed)
    {
        (int code, JsonObject answer) = Verify(directory, deep: true);
        Assert.True(code == 0, answer.ToJsonString());
        Assert.Equal(notPerformed.Order(StringComparer.Ordinal), answer["checks"]!.AsArray().Where(check => (string)check!["state"]! == "not performed").Select(check => (string)check!["code"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>The pool as the draw sees it.</summary>
    public DrawInput Input() => Assert.IsType<DrawInputReading.Read>(DrawInput.From(Pool, Bench["quotas.csv"], 4, ["street"], null)).Input;

    /// <summary>The numbered panels of a directory as ids.</summary>
    public string[][] Panels(string directory) => [.. Bench.Table(directory + "/panels.csv").Rows.GroupBy(row => row[0]).Select(panel => panel.Select(row => row[1]).ToArray())];

    public static string Name(int number) => "p" + number.ToString("00", CultureInfo.InvariantCulture);

    public static string[] Texts(JsonNode? list) => [.. list!.AsArray().Select(text => (string)text!)];

    public void Replace(string file, Func<string, string> change)
    {
        string before = File.ReadAllText(Bench[file]);
        string after = change(before);
        Assert.NotEqual(before, after);
        Bench.File(file, after);
    }

    public void Dispose() => Bench.Dispose();
}
