using System.Diagnostics;
using System.Text.Json.Nodes;
using Polyphony.Sortition;
using Polyphony.Tests.Sortition;

namespace Polyphony.Tests.Cli;

/// <summary>A limit of time ends every verb of the draw, which then says so and how far it came.</summary>
public sealed class EndingByTheLimit : IDisposable
{
    private readonly Workbench bench = new();

    private string[] Files => ["--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"]];

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_check_that_is_not_decided_in_time_says_so()
    {
        bench.Write("pool.csv", "quotas.csv", Pools.Tight(400, 15, 40, 5));
        long started = Stopwatch.GetTimestamp();
        (int code, JsonObject answer) = bench.Json(["draw", "check", .. Files, "--size", "40", "--time-limit", "1"]);
        Assert.Equal((5, "undecided"), (code, (string)answer["outcome"]!));

        // Without a limit it looks for a minute of work and more.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 40);
    }

    [Fact]
    public void A_pool_whose_time_is_over_is_open_with_what_is_known()
    {
        SortitionPool pool = Pools.City(120, 20, 5);
        using CancellationTokenSource over = new();
        over.Cancel();
        PoolOutlook.Open ended = Assert.IsType<PoolOutlook.Open>(PoolOutlook.Of(pool, null, over.Token, TestContext.Current.CancellationToken));
        PoolOutlook.Open whole = Assert.IsType<PoolOutlook.Open>(PoolOutlook.Of(pool, null, CancellationToken.None, TestContext.Current.CancellationToken));
        Assert.True(ended is { EndedByLimit: true, Diagnosis: null, Uncoverable: [], Undecided.Count: > 0 });
        Assert.True(whole is { EndedByLimit: false, Diagnosis: not null, Undecided: [] });
        Assert.True(ended.LeastChanceAtMost >= whole.LeastChanceAtMost);
        Assert.IsType<PoolOutlook.Closed>(PoolOutlook.Of(Pools.Of(2, [[(2, 2), (1, 1)]], "0", "0", "1"), null, over.Token, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Alternates_are_those_found_in_time()
    {
        SortitionPool pool = Pools.City(600, 80, 5);
        bench.Write("pool.csv", "quotas.csv", pool);
        Assert.Equal(0, bench.Run(["draw", "lottery", .. Files, "--size", "80", "--objective", "legacy", "--panels", "10", "--out", bench["lottery"]]).Code);
        (int code, JsonObject drawn) = bench.Json("draw", "pick", "--lottery", bench["lottery"], "--randomness", DrawBench.Beacon, "--out", bench["drawn"]);
        Assert.Equal(0, code);
        string status = bench.File("status.csv", "id,status\n" + string.Concat(DrawBench.Texts(drawn["selected"]).Select(id => id + ",confirmed\n")));
        (code, JsonObject answer) = bench.Json(["draw", "replace", "--record", bench["drawn"], .. Files, "--status", status, "--alternates", "200", "--dropout", "0.4", "--time-limit", "1", "--out", bench["second"]]);
        Assert.Equal((5, "ended-by-limit"), (code, (string)answer["outcome"]!));
        Assert.True(DrawBench.Texts(answer["alternates"]).Length < 200);
        Assert.True(File.Exists(Path.Combine(bench["second"], "alternates.csv")));
    }
}
