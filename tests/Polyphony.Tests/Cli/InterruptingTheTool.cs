using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Tests.Sortition;

namespace Polyphony.Tests.Cli;

/// <summary>Ctrl-C as people press it: a signal to the tool's own process while it works.</summary>
public sealed class InterruptingTheTool : IDisposable
{
    /// <summary>A second is promised; a machine that does much else at the same time needs several. Without the signal the lottery takes minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Workbench bench = new();
    private Process? started;

    public void Dispose()
    {
        if (started is { HasExited: false })
        {
            started.Kill();
            started.WaitForExit();
        }

        started?.Dispose();
        bench.Dispose();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_lottery_that_is_being_computed_stops_at_once_and_leaves_nothing(string signal)
    {
        bench.Write("pool.csv", "quotas.csv", Pools.Tight(300, 10, 30, 5));
        string[] before = bench.Standing();
        Process tool = Start("draw", "lottery", "--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"], "--size", "30", "--out", bench["out"], "--json");

        // In two seconds of its own it has read its files and is deep in integer programmes.
        await UntilAsync(tool, () => tool.TotalProcessorTime > TimeSpan.FromSeconds(2));
        (int code, string output) = await SignalAsync(tool, signal);
        Assert.Equal(130, code);
        Assert.Equal("interrupted", (string)Assert.IsType<JsonObject>(JsonNode.Parse(output))["outcome"]!);
        Assert.Equal(before, bench.Standing());
    }

    [Fact]
    public async Task What_was_half_written_is_taken_away()
    {
        bench.File("register.csv", "id,age\n" + string.Concat(Enumerable.Range(1, 400_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{(i % 3 == 0 ? "old" : "young")}\n"))));
        Process tool = Start("invite", "--register", bench["register.csv"], "--strata", "age", "--count", "390000", "--randomness", new string('a', 64), "--out", bench["out"]);
        await UntilAsync(tool, () => bench.Standing().Any(path => path.EndsWith("letters.csv", StringComparison.Ordinal)));
        (int code, string output) = await SignalAsync(tool, "INT");
        Assert.Equal((130, ""), (code, output));
        Assert.Equal(["register.csv"], bench.Standing());
    }

    /// <summary>Whoever runs tests in the background has signals ignored, and every process begun there too: the tool gets them as from a terminal.</summary>
    private Process Start(params string[] arguments) =>
        started = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT,TERM", Path.Combine(AppContext.BaseDirectory, "polyphony"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task UntilAsync(Process tool, Func<bool> there)
    {
        while (!there())
        {
            Assert.False(tool.HasExited, "It came to its own end: nothing was tried.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
            tool.Refresh();
        }
    }

    private static async Task<(int Code, string Output)> SignalAsync(Process tool, string signal)
    {
        using CancellationTokenSource patience = new(Patience);
        using Process kill = Process.Start("kill", ["-" + signal, tool.Id.ToString(CultureInfo.InvariantCulture)]);
        string output = await tool.StandardOutput.ReadToEndAsync(patience.Token);
        await tool.WaitForExitAsync(patience.Token);
        return (tool.ExitCode, output);
    }
}
