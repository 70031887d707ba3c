using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Polyphony.Browser.Tests.Browsing.Chromium))]

namespace Polyphony.Browser.Tests.Browsing;

/// <summary>One headless Chromium for all journeys.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private readonly Examined examined = new();
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("POLYPHONY_TEST_CHROMIUM") ?? Find(),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>The same one that <c>./test</c> takes.</summary>
    private static string Find()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return ((string[])["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]).SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("There is no Chromium on the path: install the package chromium-headless-shell, or name one in POLYPHONY_TEST_CHROMIUM.");
    }

    /// <summary>Seats a person at a browser of their own: nobody's cookies but theirs.</summary>
    /// <remarks>Who reads French has set the system to dark: so every page is examined in both colours without being examined twice as often.</remarks>
    internal async Task<Onlooker> SeatAsync(Uri address, string language, bool onlyMeasures = false)
    {
        IBrowserContext context = await browser!.NewContextAsync(new BrowserNewContextOptions { Locale = language, BaseURL = address.ToString(), ReducedMotion = ReducedMotion.Reduce, ColorScheme = language.StartsWith("fr", StringComparison.Ordinal) ? ColorScheme.Dark : ColorScheme.Light, ViewportSize = new ViewportSize { Width = Onlooker.Desk, Height = onlyMeasures ? Onlooker.Slit : Onlooker.Tall } });
        context.SetDefaultTimeout(20_000);
        return await Onlooker.SitDownAsync(await context.NewPageAsync(), examined, onlyMeasures);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
