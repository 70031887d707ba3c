using Microsoft.Playwright;
using Polyphony.Browser.Tests.Browsing;

namespace Polyphony.Browser.Tests;

/// <summary>The pictures of the README.</summary>
public sealed class PicturesOfARehearsal(Chromium chromium, RehearsedServer server)
{
    /// <summary><c>tools/screenshots</c> runs it.</summary>
    [Fact(Explicit = true)]
    public async Task Pictures_for_the_readme()
    {
        await server.ReadyAsync();
        string images = Path.Combine(Environment.GetEnvironmentVariable("POLYPHONY_IMAGES") ?? ".", "rehearsal-");
        await using Onlooker organiser = await chromium.SeatAsync(server.Address, "en");
        await server.SignInAsync(organiser, server.Links.OrganiserEmail);
        await using Onlooker citizen = await chromium.SeatAsync(server.Address, "en");
        await PictureAsync(organiser, "/organise/{slug}/draw", Onlooker.Desk, 900, images + "organiser.png");
        await PictureAsync(citizen, "/language/en?back={citizen}", Onlooker.Phone, 800, images + "citizen.png");
        await PictureAsync(citizen, "/d/{slug}/results", Onlooker.Desk, 1400, images + "results.png");
        Assert.True(File.Exists(images + "results.png"));
    }

    private async Task PictureAsync(Onlooker person, string path, int width, int height, string file)
    {
        await person.Page.SetViewportSizeAsync(width, height);
        await person.OpenAsync(server.Path(path));
        await person.Page.ScreenshotAsync(new PageScreenshotOptions { Path = file });
    }
}
