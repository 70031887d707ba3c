using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>A rehearsal has a password that everybody knows, and plays on whatever machine it is tried on.</summary>
public sealed class RehearsingApart
{
    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("https://*:0")]
    public async Task It_opens_to_no_other_machine(string url)
    {
        using Sandbox box = new();
        using CancellationTokenSource stop = Within(TimeSpan.FromMinutes(1));

        // Whoever runs a server behind a proxy has all of this in the environment.
        Assert.Equal(1, await box.RunUntilAsync(["rehearse", "--urls", url, "--Polyphony:TrustedProxies:0=10.0.0.2", "--Polyphony:PublicUrl=https://dialogue.example.org"], stop.Token));
        Assert.Contains(url + " would open the rehearsal to other machines", box.Refused, StringComparison.Ordinal);
        Assert.DoesNotContain("Polyphony__", box.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_takes_neither_address_nor_keys_nor_mail_server_of_an_installation()
    {
        using Sandbox box = new();
        using CancellationTokenSource stop = Within(TimeSpan.FromMinutes(1));
        string keys = box.File("keys");

        // A user without a password would keep a server from starting.
        Task<int> playing = box.RunUntilAsync(
            ["rehearse", "--urls=http://127.0.0.1:0", "--Polyphony:PublicUrl=https://dialogue.example.org", "--Polyphony:Keys=" + keys, "--Polyphony:Smtp:Host=mail.example.org", "--Polyphony:Smtp:User=poly"], stop.Token);
        while (!playing.IsCompleted && !box.Said.Contains("mandate", StringComparison.Ordinal))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await Record.ExceptionAsync(() => playing);
        Assert.Contains("A rehearsal begins at http://localhost:", box.Said, StringComparison.Ordinal);
        Assert.Contains("the mandate is published", box.Said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(keys));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(box.Data, "rehearsal", "keys"), "*.xml"));
        Assert.Equal("", box.Refused);
    }

    [Theory]
    [InlineData("“lively” is no pace", "--pace", "lively")]
    [InlineData("“slow” is no pace", "--pace=slow")]
    public async Task A_pace_that_it_does_not_know_is_no_pace(string said, params string[] pace)
    {
        using Sandbox box = new();
        using CancellationTokenSource stop = Within(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await box.RunUntilAsync(["rehearse", "--urls=http://127.0.0.1:0", .. pace], stop.Token));
        Assert.Contains(said, box.Refused, StringComparison.Ordinal);
        Assert.Contains("--pace live", box.Refused, StringComparison.Ordinal);
        Assert.False(Directory.Exists(box.Data));
    }

    [Fact]
    public async Task A_pace_that_is_not_said_is_no_pace()
    {
        using StringWriter refused = new();
        Assert.Equal(2, await Verbs.RunAsync(["rehearse", "--pace"], new Terminal(TextWriter.Null, refused), TestContext.Current.CancellationToken));
        Assert.Contains("“” is no pace", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_the_pace()
    {
        using Sandbox box = new();
        Assert.Equal(0, await box.RunAsync("help"));
        Assert.Contains("rehearse [--pace live]", box.Said, StringComparison.Ordinal);
    }

    private static CancellationTokenSource Within(TimeSpan time)
    {
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(time);
        return stop;
    }
}
