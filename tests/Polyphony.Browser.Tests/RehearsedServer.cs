using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Accounts;
using Polyphony.Web.Hosting;
using Polyphony.Web.Rehearsal;

[assembly: AssemblyFixture(typeof(Polyphony.Browser.Tests.RehearsedServer))]

namespace Polyphony.Browser.Tests;

/// <summary>A server in which a whole dialogue was rehearsed. It is played while other tests run: who needs it awaits <see cref="ReadyAsync"/>.</summary>
public sealed class RehearsedServer : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-browser-").FullName;
    private readonly Lazy<Task> played;
    private WebApplication? app;

    public RehearsedServer() => played = new(PlayAsync);

    public Uri Address { get; private set; } = new("http://localhost");

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

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private async Task PlayAsync()
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder("--urls", "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Polyphony:Data"] = directory, ["Polyphony:Database"] = "" });
        builder.Logging.ClearProviders();
        app = PolyphonyServer.Build(builder);
        await PolyphonyServer.PrepareAsync(app, CancellationToken.None);
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        string first;
        await using (AsyncServiceScope scope = app.Services.CreateAsyncScope())
        {
            first = (await scope.ServiceProvider.GetRequiredService<Invitations>().FirstAdministratorAsync(CancellationToken.None))!;
        }

        Links = await new RehearsalStage(Address, first, false, _ => { }).PlayAsync(CancellationToken.None);
    }
}
