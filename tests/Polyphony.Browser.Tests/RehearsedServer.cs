using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Polyphony.Web.Accounts;
using Polyphony.Web.Hosting;
using Polyphony.Web.Rehearsal;

[assembly: AssemblyFixture(typeof(Polyphony.Browser.Tests.RehearsedServer))]

namespace Polyphony.Browser.Tests;

/// <summary>A server in which a whole dialogue was rehearsed, and a headless Chromium to look at it.</summary>
public sealed class RehearsedServer : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-browser-").FullName;
    private WebApplication? app;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Uri Address { get; private set; } = new("http://localhost");

    internal RehearsalLinks Links { get; private set; } = new("", "", "", "", "");

    public async ValueTask InitializeAsync()
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
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("POLYPHONY_TEST_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page of a given width, signed in or not.</summary>
    public async Task<IPage> PageAsync(int width, string language, bool organiser)
    {
        IBrowserContext context = await browser!.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 }, Locale = language, BaseURL = Address.ToString() });
        IPage page = await context.NewPageAsync();
        if (organiser)
        {
            await page.GotoAsync("/account/sign-in");
            await page.FillAsync("[name=email]", Links.OrganiserEmail);
            await page.FillAsync("[name=password]", Links.Password);
            await page.ClickAsync("main button");
            await page.WaitForURLAsync("**/organise");
        }

        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}
