using Polyphony.Browser.Tests.Browsing;

namespace Polyphony.Browser.Tests;

/// <summary>All pages in an invented language that runs from right to left and takes four letters where English takes three: nothing may stick out of the screen.</summary>
public sealed class MirroringThePages(Chromium chromium, RehearsedServer server)
{
    private const string Mirrored = "qps-plocm";

    [Fact]
    public async Task Public_pages_and_a_citizens_pages_fit_when_mirrored()
    {
        await server.ReadyAsync();
        await using Onlooker reader = await chromium.SeatAsync(server.Address, "en");
        await reader.OpenAsync($"/language/{Mirrored}?back=/");
        foreach (string page in (string[])[
            "/", "/d/{slug}", "/d/{slug}/draw", "/d/{slug}/draw/check", $"/d/{{slug}}/results/{Mirrored}", "/account/sign-in", "/account/forgotten", "{citizen}", "{citizen}/day", "{citizen}/vote/" + await SessionAsync()])
        {
            await FitsAsync(reader, server.Path(page));
        }

        await reader.PictureAsync("mirrored-day", Onlooker.Phone);
        await reader.OpenAsync(server.Path("/d/{slug}/draw/check"));
        await reader.Page.Locator("[data-files]").First.ClickAsync();
        await reader.Page.Locator("[data-checks] li").First.WaitForAsync();
        await reader.FitsAsync(Onlooker.Phone);
        await reader.PictureAsync("mirrored-verify", Onlooker.Phone);
        reader.WasContent();
    }

    [Fact]
    public async Task Pages_of_the_staff_fit_when_mirrored()
    {
        await server.ReadyAsync();
        await using Onlooker organiser = await chromium.SeatAsync(server.Address, "en");
        await server.SignInAsync(organiser, server.Links.OrganiserEmail);
        await organiser.OpenAsync($"/language/{Mirrored}?back=/organise");
        foreach (string page in (string[])["/organise", "/organise/new", "/account", "/administer"])
        {
            await FitsAsync(organiser, page);
        }

        string session = await SessionAsync();
        foreach (string page in (string[])[
            "", "/mandate", "/preview", "/team", "/quotas", "/pool", "/draw", "/participants", "/participants/replace", "/agenda", "/agenda/sessions/new", "/agenda/sessions/" + session,
            "/tables", "/tables/rules", "/tables/versions", "/tables/lists", "/tables/badges", "/check-in", "/room", "/room/seats", "/results"])
        {
            await FitsAsync(organiser, server.Path("/organise/{slug}" + page));
        }

        await organiser.PictureAsync("mirrored-results", Onlooker.Desk);
        await organiser.OpenAsync(server.Path("/organise/{slug}"));
        await organiser.PictureAsync("mirrored-overview", Onlooker.Desk);
        organiser.WasContent();
    }

    [Fact]
    public async Task A_facilitators_console_fits_when_mirrored()
    {
        await server.ReadyAsync();
        await using Onlooker facilitator = await chromium.SeatAsync(server.Address, "en");
        await server.SignInAsync(facilitator, server.Links.FacilitatorEmail);
        await facilitator.OpenAsync($"/language/{Mirrored}?back=/organise");
        await FitsAsync(facilitator, server.Path("/facilitate/{slug}/1"));
        facilitator.WasContent();
    }

    private static async Task FitsAsync(Onlooker person, string path)
    {
        await person.OpenAsync(path);
        Assert.True(await person.Page.GetAttributeAsync("html", "dir") == "rtl", path + " is not mirrored");
        Assert.Contains("~]", await person.Page.InnerTextAsync("body"), StringComparison.Ordinal);
        await person.FitsAsync(Onlooker.Desk);
        await person.FitsAsync(Onlooker.Phone);
    }

    private async Task<string> SessionAsync()
    {
        await using Onlooker organiser = await chromium.SeatAsync(server.Address, "en");
        await server.SignInAsync(organiser, server.Links.OrganiserEmail);
        return await server.FirstSessionAsync(organiser);
    }
}
