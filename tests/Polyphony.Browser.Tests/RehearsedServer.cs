using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;

[assembly: AssemblyFixture(typeof(Polyphony.Browser.Tests.RehearsedServer))]

namespace Polyphony.Browser.Tests;

/// <summary>A server in which a whole dialogue was rehearsed. It is played while other tests run: who needs it awaits <see cref="ReadyAsync"/>.</summary>
public sealed class RehearsedServer : IAsyncLifetime
{
    private readonly Lazy<Task> played;
    private InnerServer? server;

    public RehearsedServer() => played = new(PlayAsync);

    public Uri Address => server!.Address;

    internal RehearsalLinks Links { get; private set; } = new("", "", "", "", "");

    /// <summary>Waits until the rehearsal has been played; the first who asks starts it.</summary>
    public Task ReadyAsync() => played.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A page's path with the dialogue and the citizen of the rehearsal put in.</summary>
    public string Path(string pattern) => pattern.Replace("{slug}", Links.Slug, StringComparison.Ordinal).Replace("{citizen}", Links.CitizenPath, StringComparison.Ordinal);

    /// <summary>Signs a member of the rehearsal's staff in, through the page.</summary>
    internal async Task SignInAsync(Onlooker person, string email)
    {
        await person.OpenAsync("/account/sign-in");
        await person.SendAsync("/account/sign-in", null, ("email", email), ("password", Links.Password));
        Assert.EndsWith("/organise", person.Page.Url, StringComparison.Ordinal);
    }

    /// <summary>Reads from the control room which session comes first.</summary>
    internal async Task<string> FirstSessionAsync(Onlooker organiser)
    {
        await organiser.OpenAsync(Path("/organise/{slug}/room"));
        return (await organiser.Page.Locator(".day-strip li").First.GetAttributeAsync("id"))!["s-".Length..];
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task PlayAsync()
    {
        server = await InnerServer.StartAsync();
        Links = await new RehearsalStage(server.Address, server.FirstAdministrator, false, _ => { }).PlayAsync(CancellationToken.None);
    }
}
