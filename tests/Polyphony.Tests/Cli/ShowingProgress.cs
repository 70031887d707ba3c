using System.Globalization;
using System.Text.RegularExpressions;
using Polyphony.Cli.Frame;

namespace Polyphony.Tests.Cli;

/// <summary>The bar on a terminal: how far long work is, on standard error, and nowhere else.</summary>
public sealed partial class ShowingProgress : IDisposable
{
    private readonly DrawBench town = new();

    public void Dispose() => town.Dispose();

    [Fact]
    public void A_bar_moves_as_the_work_reports_and_the_answer_stays_clean()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Shell shell = new(output, error, json: false, terminal: true);
        Assert.Equal(7, shell.WithProgress("Starting", progress =>
        {
            foreach (double share in (double[])[0.3, 0.6, 0.97])
            {
                progress.Report(new(share, "Mixing [panels]"));
                Thread.Sleep(250);
            }

            return 7;
        }));
        Assert.Equal("", output.ToString());
        int[] shown = Shown(error.ToString());
        Assert.True(shown.Where(percent => percent is > 0 and < 100).Distinct().Count() >= 2, error.ToString());
        Assert.Contains("Mixing [panels]", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Where_nobody_looks_there_is_none(bool json, bool terminal)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        new Shell(output, error, json, terminal).WithProgress("Starting", progress => progress.Report(new(0.5, "Half")));
        Assert.Equal(("", ""), (output.ToString(), error.ToString()));
    }

    [Fact]
    public void An_invitation_tells_how_far_it_is()
    {
        town.Bench.File("register.csv", "id,age\n" + string.Concat(Enumerable.Range(1, 300_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{(i % 3 == 0 ? "old" : "young")}\n"))));
        (string output, string error) = OnTerminal("invite", "--register", town.Bench["register.csv"], "--strata", "age", "--count", "200000", "--randomness", new string('a', 64), "--out", town.Bench["out"]);
        Assert.Contains(Shown(error), percent => percent is > 0 and < 100);
        Assert.DoesNotContain("%", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_that_computes_says_what_it_is_doing()
    {
        string[] pool = ["--pool", town.Pool, "--quotas", town.Bench["quotas.csv"]];
        Assert.Contains("Looking", OnTerminal(["draw", "check", .. pool, "--size", "4"]).Error, StringComparison.Ordinal);
        string[] panel = town.Draw();
        Assert.Contains("Verifying", OnTerminal(["draw", "verify", town.Bench["lottery"], "--deep", .. pool]).Error, StringComparison.Ordinal);
        town.Status(panel);
        Assert.Contains("alternates", OnTerminal(town.Replace("drawn", "second", "--alternates", "2")).Error, StringComparison.Ordinal);
    }

    private static (string Output, string Error) OnTerminal(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.Equal(0, Tool.Run(arguments, output, error, terminal: true, TestContext.Current.CancellationToken));
        return (output.ToString(), error.ToString());
    }

    /// <summary>The per cents that were shown, in their order.</summary>
    private static int[] Shown(string text) => [.. Percent().Matches(text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(\d+)\s?%")]
    private static partial Regex Percent();
}
