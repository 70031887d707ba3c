using Microsoft.Playwright;
using Polyphony.Browser.Tests.Browsing;

namespace Polyphony.Browser.Tests;

/// <summary>One journey per audience through a rehearsed dialogue, in both languages; every page on the way is looked at on a desk and on a phone.</summary>
public sealed class VisitingARehearsal(Chromium chromium, RehearsedServer server)
{
    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task The_public_reads_from_the_question_to_the_result(string language)
    {
        await using Onlooker reader = await ArriveAsync(language);
        await reader.VisitAsync("/");
        await reader.FollowAsync(server.Path("/d/{slug}"));
        await reader.LookAsync();
        Assert.Equal(language, await reader.Page.GetAttributeAsync("html", "lang"));
        await reader.FollowAsync(server.Path("/d/{slug}/draw"));
        await reader.LookAsync();
        await LoadsAsync(reader, "main a[href$='manifest.json']", "application/json");
        await LoadsAsync(reader, "main a[href$='record.json']", "application/json");
        await reader.FollowAsync(server.Path("/d/{slug}"));
        await reader.FollowAsync(server.Path("/d/{slug}/results"));
        await reader.LookAsync();
        await reader.VisitAsync(server.Path("/d/{slug}/insights/" + language));
        await reader.VisitAsync(server.Path("/d/{slug}/results/" + language));
        Assert.Equal(language, await reader.Page.GetAttributeAsync("html", "lang"));
        await LoadsAsync(reader, "main a[href$='results.csv']", "text/csv");
        await LoadsAsync(reader, "main a[href$='results.json']", "application/json");
        reader.WasContent();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task A_citizen_reads_the_invitation_the_day_and_a_closed_ballot(string language)
    {
        await using Onlooker citizen = await ArriveAsync(language);
        await citizen.VisitAsync(server.Links.CitizenPath);
        await citizen.FollowAsync(server.Links.CitizenPath + "/day");
        await citizen.LookAsync();
        await using (Onlooker organiser = await ArriveAsync(language))
        {
            await server.SignInAsync(organiser, server.Links.OrganiserEmail);
            await citizen.VisitAsync($"{server.Links.CitizenPath}/vote/{await server.FirstSessionAsync(organiser)}");
        }

        Assert.Equal(0, await citizen.Page.Locator(".choice").CountAsync());
        await citizen.OpenAsync(server.Links.CitizenPath);
        Assert.Equal(0, await citizen.Page.Locator("form[action$='/needs']").CountAsync());
        await citizen.LookAsync();
        citizen.WasContent();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task A_facilitator_signs_in_and_finds_their_table(string language)
    {
        await using Onlooker facilitator = await ArriveAsync(language);
        await facilitator.VisitAsync("/account/sign-in");
        await server.SignInAsync(facilitator, server.Links.FacilitatorEmail);
        await facilitator.LookAsync();
        await facilitator.FollowAsync(server.Path("/facilitate/{slug}/1"));
        await facilitator.LookAsync();
        await facilitator.VisitAsync("/account");
        facilitator.WasContent();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task An_organiser_opens_every_room(string language)
    {
        await using Onlooker organiser = await ArriveAsync(language);
        await server.SignInAsync(organiser, server.Links.OrganiserEmail);
        await organiser.FollowAsync(server.Path("/organise/{slug}"));
        await organiser.LookAsync();
        string[] rooms = await organiser.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('nav.rooms a')].map((a) => a.getAttribute('href'))");
        Assert.True(rooms.Length >= 11, string.Join(' ', rooms));
        foreach (string room in rooms)
        {
            await organiser.FollowAsync(room);
            await organiser.LookAsync();
            Assert.Equal(1, await organiser.Page.Locator("nav.rooms a[aria-current=page]").CountAsync());
        }

        if (language == "en")
        {
            await MoveByKeyboardAsync(organiser);
            await DragByMouseAsync(organiser);
            await CloseATableAsync(organiser);
        }

        foreach (string page in (string[])["/preview", "/tables/rules", "/tables/versions", "/tables/lists", "/tables/badges", "/room/seats?from=1&table=1&then=close", "/participants/replace", "/agenda/sessions/new"])
        {
            await organiser.VisitAsync(server.Path("/organise/{slug}" + page));
        }

        organiser.WasContent();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task An_auditor_reads_everything_but_names(string language)
    {
        string email = $"auditor-{language}@belmarais.example";
        await using Onlooker organiser = await ArriveAsync(language);
        await server.SignInAsync(organiser, server.Links.OrganiserEmail);
        await organiser.OpenAsync(server.Path("/organise/{slug}/team"));
        await organiser.SendAsync("/team/invite", null, ("displayName", "Odile Weber"), ("email", email), ("role", "Auditor"));
        await organiser.LookAsync();
        string invitation = new Uri(await organiser.Page.InnerTextAsync("a.personal-link")).AbsolutePath;

        await using Onlooker auditor = await ArriveAsync(language, onlyMeasures: true);
        await auditor.VisitAsync(invitation);
        await auditor.SendAsync(invitation, null, ("displayName", "Odile Weber"), ("password", server.Links.Password));
        await auditor.FollowAsync(server.Path("/organise/{slug}"));
        await auditor.LookAsync();
        foreach (string room in (string[])["mandate", "quotas", "pool", "draw", "participants", "agenda", "tables", "room", "statements", "results", "insights", "landscape"])
        {
            await auditor.VisitAsync(server.Path($"/organise/{{slug}}/{room}"));
            Assert.DoesNotContain("Dubois", await auditor.Page.InnerTextAsync("main"), StringComparison.Ordinal);
            Assert.Equal((room, 0), (room, await auditor.Page.Locator("main form[method=post] button").CountAsync()));
        }

        auditor.WasContent();
        organiser.WasContent();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task An_administrator_invites_deactivates_and_lets_in_again(string language)
    {
        string email = $"paul-{language}@belmarais.example";
        await using Onlooker administrator = await ArriveAsync(language);
        await server.SignInAsync(administrator, server.Links.OrganiserEmail);
        await administrator.LookAsync();
        await administrator.FollowAsync("/administer");
        await administrator.LookAsync();
        await administrator.SendAsync("/administer/invite", null, ("displayName", "Paul Lemoine"), ("email", email));
        await administrator.LookAsync();
        string invitation = new Uri(await administrator.Page.InnerTextAsync("a.personal-link")).AbsolutePath;
        await using Onlooker guest = await ArriveAsync(language, onlyMeasures: true);
        await guest.OpenAsync(invitation);
        await guest.SendAsync(invitation, null, ("displayName", "Paul Lemoine"), ("password", server.Links.Password));

        await administrator.OpenAsync("/administer");
        string account = (await administrator.Page.Locator($"tr:has-text('{email}') form[action$='/deactivate']").GetAttributeAsync("action"))!;
        await administrator.SendAsync(account);
        await administrator.LookAsync();
        await guest.OpenAsync("/organise");
        Assert.Contains("/account/sign-in", guest.Page.Url, StringComparison.Ordinal);
        await administrator.SendAsync(account.Replace("deactivate", "reactivate", StringComparison.Ordinal));
        await administrator.LookAsync();
        await server.SignInAsync(guest, email);

        // Whoever organises the dialogue alone stays: the page says why, and what helps.
        await using Onlooker second = await ArriveAsync(language, onlyMeasures: true);
        await administrator.OpenAsync("/administer");
        await administrator.SendAsync("/administer/invite", null, ("displayName", "Zoé Girard"), ("email", "zoe-" + email), ("administrator", "yes"));
        invitation = new Uri(await administrator.Page.InnerTextAsync("a.personal-link")).AbsolutePath;
        await second.OpenAsync(invitation);
        await second.SendAsync(invitation, null, ("displayName", "Zoé Girard"), ("password", server.Links.Password));
        await second.OpenAsync("/administer");
        string needed = (await second.Page.Locator($"tr:has-text('{server.Links.OrganiserEmail}') form[action$='/deactivate']").GetAttributeAsync("action"))!;
        await second.BeRefusedAsync(needed);
        await second.LookAsync();
        Assert.Equal(1, await second.Page.Locator(".notice.error li").CountAsync());
        await administrator.OpenAsync("/organise");
        await administrator.VisitAsync("/organise/new");
        await administrator.VisitAsync("/account/forgotten");
        administrator.WasContent();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task A_camera_that_does_not_open_is_told(string language)
    {
        await using Onlooker organiser = await ArriveAsync(language);

        // No browser here reads codes, and none has a camera: whoever asks for one is refused.
        await organiser.Page.AddInitScriptAsync("globalThis.BarcodeDetector = class { async detect() { return []; } }");
        await server.SignInAsync(organiser, server.Links.OrganiserEmail);
        await organiser.OpenAsync(server.Path("/organise/{slug}/check-in"));
        await organiser.Page.Locator("poly-scan button").ClickAsync();
        await organiser.Page.Locator("poly-scan [role=alert]").WaitForAsync();
        await organiser.LookAsync();
        await organiser.Page.Locator("poly-scan button").ClickAsync();
        await organiser.Page.Locator("poly-scan [role=alert]").WaitForAsync();
        Assert.Equal(1, await organiser.Page.Locator("poly-scan [role=alert]").CountAsync());
        organiser.WasContent();
    }

    /// <summary>Takes the first person of the first table up, exchanges them with the one at the second table, and undoes it: no page is loaded on the way.</summary>
    private async Task MoveByKeyboardAsync(Onlooker organiser)
    {
        await organiser.OpenAsync(server.Path("/organise/{slug}/tables"));
        string person = (await organiser.Page.Locator("#table-1 a.seat").First.GetAttributeAsync("data-person"))!;
        await organiser.Page.EvaluateAsync("() => { document.documentElement.dataset.same = 'page' }");
        await organiser.Page.Locator("#table-1 a.seat").First.FocusAsync();
        await organiser.Page.Keyboard.PressAsync("Enter");
        await organiser.Page.Keyboard.PressAsync("ArrowDown");
        await organiser.Page.Keyboard.PressAsync("Enter");
        await organiser.Page.Locator($"#table-2 a.seat[data-person='{person}']").WaitForAsync();
        await organiser.LookAsync();
        await organiser.Page.Keyboard.PressAsync("Control+z");
        await organiser.Page.Locator($"#table-1 a.seat[data-person='{person}']").WaitForAsync();
        Assert.Equal("page", await organiser.Page.GetAttributeAsync("html", "data-same"));
    }

    /// <summary>Drags somebody onto somebody else, then onto a table, then to where no table is, and undoes the first two: no page is loaded on the way.</summary>
    private async Task DragByMouseAsync(Onlooker organiser)
    {
        IPage page = organiser.Page;
        await organiser.OpenAsync(server.Path("/organise/{slug}/tables"));
        string person = (await page.Locator("#table-1 a.seat").First.GetAttributeAsync("data-person"))!;
        string other = (await page.Locator("#table-2 a.seat").Last.GetAttributeAsync("data-person"))!;
        await page.EvaluateAsync("() => { document.documentElement.dataset.same = 'page' }");
        await DragAsync(Seat(1, person), Seat(2, other));
        await Seat(2, person).WaitForAsync();
        await Seat(1, other).WaitForAsync();
        Assert.Contains(person, await page.EvaluateAsync<string>("() => document.activeElement.dataset.person"), StringComparison.Ordinal);
        await page.Locator("#table-3 svg").First.ScrollIntoViewIfNeededAsync();
        await DragAsync(Seat(2, person), page.Locator("#table-3 svg").First);
        await Seat(3, person).WaitForAsync();
        await organiser.LookAsync();

        await DragAsync(Seat(3, person), page.Locator("h1"));
        Assert.Equal(0, await page.Locator(".planner-ghost, .over, .lifted, poly-planner.dragging").CountAsync());
        await page.Keyboard.PressAsync("Control+z");
        await Seat(2, person).WaitForAsync();
        await page.Keyboard.PressAsync("Control+z");
        await Seat(1, person).WaitForAsync();
        await Seat(2, other).WaitForAsync();
        Assert.Equal("page", await page.GetAttributeAsync("html", "data-same"));

        ILocator Seat(int table, string who) => page.Locator($"#table-{table} a.seat[data-person='{who}']");

        async Task DragAsync(ILocator from, ILocator to)
        {
            await from.ScrollIntoViewIfNeededAsync();
            await page.Mouse.MoveAsync(await MiddleAsync(from, x: true), await MiddleAsync(from, x: false));
            await page.Mouse.DownAsync();
            await page.Mouse.MoveAsync(await MiddleAsync(to, x: true), await MiddleAsync(to, x: false), new MouseMoveOptions { Steps = 5 });
            Assert.Equal(1, await page.Locator(".planner-ghost").CountAsync());
            await page.Mouse.UpAsync();
        }

        static async Task<float> MiddleAsync(ILocator element, bool x)
        {
            LocatorBoundingBoxResult box = (await element.BoundingBoxAsync())!;
            return x ? box.X + (box.Width / 2) : box.Y + (box.Height / 2);
        }
    }

    /// <summary>Closes a table on the day: who would move is shown first, then it is done and taken back.</summary>
    private async Task CloseATableAsync(Onlooker organiser)
    {
        IPage page = organiser.Page;
        await organiser.OpenAsync(server.Path("/organise/{slug}/room/seats?from=1"));
        await organiser.LookAsync();
        await page.SelectOptionAsync("#f-table", "2");
        await page.SelectOptionAsync("#f-then", "close");
        await organiser.LeaveAsync(() => page.Locator("form[method=get]:has(#f-then) button").ClickAsync());
        Assert.Contains("Table 2 closes from round 1 on.", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await organiser.LookAsync();
        await organiser.SendAsync("/room/seats");
        Assert.Contains("done=", page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#f-table option[value='2']").CountAsync());
        await organiser.SendAsync("/room/seats/undo");
        Assert.Contains("notice=undone", page.Url, StringComparison.Ordinal);
    }

    private async Task<Onlooker> ArriveAsync(string language, bool onlyMeasures = false)
    {
        await server.ReadyAsync();
        return await chromium.SeatAsync(server.Address, language, onlyMeasures);
    }

    private async Task LoadsAsync(Onlooker reader, string link, string type)
    {
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpResponseMessage file = await client.GetAsync(new Uri((await reader.Page.Locator(link).First.GetAttributeAsync("href"))!, UriKind.Relative));
        Assert.Equal((System.Net.HttpStatusCode.OK, type), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
        Assert.NotEmpty(await file.Content.ReadAsByteArrayAsync());
    }
}
