using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>Hostile text in every field of a dialogue, from the first administrator's name to the note on a result; then every page is opened in the browser:
/// no script runs, nothing is reported by the content security policy, and texts stand there as they were typed.</summary>
public sealed partial class TypingHostileText(Chromium chromium) : IAsyncDisposable
{
    private const string Password = "alder willow heron otter";
    private const string Email = "mallory@hostile.example";
    private const string Slug = "hostile";
    private const string Desk = "/organise/" + Slug;
    private const int Places = 24;
    private const int PagesOfAKind = 4;

    private static readonly int Texts = HostileTexts.All.Count;
    private static readonly string[] Languages = ["en", "fr"];

    private readonly HashSet<string> opened = [];
    private Visitor scribe = null!;
    private OwnServer? server;
    private Onlooker victim = null!;

    [Fact]
    public async Task No_script_runs_and_text_stays_text()
    {
        server = await OwnServer.StartAsync();
        scribe = new Visitor(server.Address);
        victim = await chromium.SeatAsync(server.Address, "en");
        await victim.Page.AddInitScriptAsync("window.__xss = 0");
        await OpenTheHouseAsync();
        await InviteTheTeamAsync();
        await BringThePoolAsync();
        await DrawAsync();
        List<string> links = await InviteAsync();
        string session = await WriteTheAgendaAsync();
        await MeetAsync(links, session);
        await PublishAsync();
        await ReadEverythingAsync(links, session);
        await MistypeAsync(session);
        await RewriteTheMandateAsync(links[0], session);
        await TakeFilesAwayAsync();
        victim.WasContent();
    }

    public async ValueTask DisposeAsync()
    {
        scribe?.Dispose();
        if (victim is not null)
        {
            await victim.DisposeAsync();
        }

        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    private async Task OpenTheHouseAsync()
    {
        await SendAsync(server!.FirstAdministrator, server.FirstAdministrator, "/organise", ("displayName", HostileTexts.At(0)), ("email", Email), ("password", Password));
        await SendAsync("/organise/new", "/organise/new", Desk, Mandate(0));
        await SendAsync(Desk, Desk + "/publish", Desk);
        await victim.OpenAsync("/account/sign-in");
        await victim.SendAsync("/account/sign-in", null, ("email", Email), ("password", Password));
    }

    /// <summary>The mandate with the texts of a turn: over as many turns as there are texts, each field gets each of them in one of two languages.</summary>
    private static (string, string)[] Mandate(int turn, string version = "")
    {
        string today = Iso(Today);
        string[] fields = ["title", "question", "frame", "commissioner", "addressee", "promise"];
        return
        [
            ("slug", Slug), ("languages", "en,fr"), ("version", version), ("startsOn", today), ("endsOn", today), ("answerBy", Iso(Today.AddDays(9))), ("country", "FR"), ("timeZone", "Europe/Paris"),
            ("planned", Places.ToString(CultureInfo.InvariantCulture)), ("decisionRule", "NoThreshold"), ("contactEmail", Email),
            .. fields.Index().SelectMany(field => Languages.Index().Select(language => ($"{field.Item}.{language.Item}", HostileTexts.At((2 * turn) + language.Index + (5 * field.Index))))),
            .. ((string[])["siteName", "siteAddress", "contactName", "contactPhone"]).Index().Select(field => (field.Item, Short(HostileTexts.At((2 * turn) + (7 * field.Index))))),
        ];
    }

    /// <summary>A telephone number is at most 50 characters long.</summary>
    private static string Short(string text) => text.Length > 50 ? text[..50] : text;

    private async Task InviteTheTeamAsync()
    {
        for (int i = 0; i < Texts / 2; i++)
        {
            string name = HostileTexts.At(i) + " " + HostileTexts.At(i + (Texts / 2));
            Page team = await scribe.SubmitAsync(Desk + "/team", Desk + "/team/invite", ("displayName", name), ("email", $"m{i}@hostile.example"), ("role", "Auditor"));
            string invitation = AcceptLink().Match(team.Html).Value;
            if (i % 5 == 0)
            {
                await OpenAsync(invitation);
            }

            using Visitor member = new(server!.Address);
            Page made = await member.SubmitAsync(invitation, invitation, ("displayName", name), ("password", Password));
            Assert.Equal("/organise", made.Path);
        }

        await ShowsAsync(Desk + "/team");
        await ShowsAsync("/administer");
    }

    private async Task BringThePoolAsync()
    {
        // One criterion for each text, each with two texts for values; all quotas wide open.
        IEnumerable<string[]> quotas = Enumerable.Range(0, Texts).SelectMany(c => Enumerable.Range(1, 2).Select(v => (string[])[HostileTexts.At(c), HostileTexts.At(c + v), "0", "24"]));
        await UploadAsync("/quotas", "<img src=x onerror=window.__xss=1>.csv", HostileTexts.Csv([["feature", "value", "min", "max"], .. quotas]));
        await ShowsAsync(Desk + "/quotas");
        string[] header = ["id", "name", "address", .. HostileTexts.All];
        await UploadAsync("/pool", "\"><svg onload=window.__xss=1>.csv", HostileTexts.Csv([header, .. Enumerable.Range(0, 2 * Texts).Select(i =>
            (string[])[$"{i} {HostileTexts.At(i)}", HostileTexts.At(i), HostileTexts.At(i + 1), .. Enumerable.Range(0, Texts).Select(c => HostileTexts.At(c + 1 + (i % 2)))])]));
        await ShowsAsync(Desk + "/pool");

        // And one by one, through the page.
        await OpenAsync(Desk + "/pool/people/new");
        (string, string)[] choices = [.. Enumerable.Range(0, Texts).Select(c => ($"value-{c}", "0"))];
        await victim.SendAsync("/people/new", null, [("id", HostileTexts.At(5)), ("name", HostileTexts.At(12)), ("address", HostileTexts.At(3)), .. choices]);
        Assert.Contains("notice=added", victim.Page.Url, StringComparison.Ordinal);
    }

    private async Task UploadAsync(string room, string file, byte[] content)
    {
        await OpenAsync(Desk + room);
        await victim.UploadAsync(room + "/upload", file, content);
        await CheckAsync();
        await victim.SendAsync("/confirm");
        Assert.Contains("notice=imported", victim.Page.Url, StringComparison.Ordinal);
    }

    private async Task DrawAsync()
    {
        await SendAsync(Desk + "/draw", Desk + "/draw/compute", Desk + "/draw");
        await OpenAsync(Desk + "/draw");
        await victim.JobEndsAsync();
        await FreezeAsync("/draw", "/draw/freeze", 0);
        await SendAsync(Desk + "/draw", Desk + "/draw/ceremony", Desk + "/draw", Values());
    }

    /// <summary>Ten sources, the most that a draw takes, each named with a text.</summary>
    private async Task FreezeAsync(string page, string action, int first)
    {
        DateTime at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime.AddSeconds(2);
        await SendAsync(Desk + page, Desk + action, Desk, [.. Enumerable.Range(first, 10).SelectMany(i => ((string, string)[])[
            ("kind", "beacon"), ("name", HostileTexts.At(i)), ("outOf", ""), ("at", at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture))])]);
        await OpenAsync(Desk + page);
        await Task.Delay(TimeSpan.FromSeconds(2.2));
    }

    private static (string, string)[] Values() => [.. Enumerable.Range(0, 10).Select(_ => ("value", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))))];

    private async Task<List<string>> InviteAsync()
    {
        List<string> links = await LettersAsync();
        Assert.Equal(Places, links.Count);
        using Visitor absent = new(server!.Address);
        await absent.SubmitAsync(links[^1], links[^1] + "/decline");
        await FreezeAsync("/participants/replace", "/participants/replace/freeze", 10);
        await SendAsync(Desk + "/participants/replace", Desk + "/participants/replace/draw", "notice=replaced", Values());
        links = [.. links[..^1], .. await LettersAsync()];
        foreach ((int i, string link) in links.Index())
        {
            using Visitor citizen = new(server.Address);
            Page accepted = await citizen.SubmitAsync(link, link + "/accept", [("consent", "yes"), .. Needs(4 * i)]);
            Assert.Equal((HttpStatusCode.OK, link), (accepted.Status, accepted.Path));
        }

        await ShowsAsync(Desk + "/participants");
        return links;
    }

    private static (string, string)[] Needs(int first) =>
        [.. ((string[])["access", "diet", "languageNeeds", "other"]).Index().Select(need => (need.Item, HostileTexts.At(first + need.Index)))];

    private async Task<List<string>> LettersAsync()
    {
        await OpenAsync(Desk + "/participants");
        await victim.SendAsync("/participants/invite", null, ("answerBy", Iso(Today.AddDays(5))));
        await CheckAsync();
        string[] links = await victim.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('article.letter a.personal-link')].map((a) => new URL(a.href).pathname)");
        return [.. links];
    }

    /// <summary>A session for each text, by file, and one more by the pages.</summary>
    private async Task<string> WriteTheAgendaAsync()
    {
        static object Text(int i) => new { en = HostileTexts.At(i), fr = HostileTexts.At(i + 1) };
        byte[] file = JsonSerializer.SerializeToUtf8Bytes(new
        {
            sessions = Enumerable.Range(0, Texts).Select(i => new
            {
                title = Text(i),
                introduction = Text(i + 3),
                start = "09:00",
                minutes = 30,
                round = 1,
                questions = new[] { new { kind = "single", text = Text(i + 7), hint = Text(i + 11), options = Enumerable.Range(i, 8).Select(Text) } },
            }),
        });
        Assert.EndsWith("/agenda", (await scribe.UploadAsync(Desk + "/agenda", Desk + "/agenda/import", "file", "agenda.json", file)).Path, StringComparison.Ordinal);
        await OpenAsync(Desk + "/agenda/sessions/new");
        await victim.SendAsync("/sessions/new", null, [.. Languages.SelectMany(language => ((string, string)[])[
            ("title." + language, HostileTexts.At(4)), ("introduction." + language, HostileTexts.At(13))])]);
        await victim.LeaveAsync(() => victim.Page.Locator("a[href$='/questions/new']").Last.ClickAsync());
        await victim.SendAsync("/questions/new", null, [.. Languages.SelectMany(language => ((string, string)[])[
            ("text." + language, HostileTexts.At(14)), ("hint." + language, HostileTexts.At(3)), ("options." + language, string.Join('\n', HostileTexts.All.Take(20)))])]);
        await ShowsAsync(Desk + "/agenda");
        return await victim.Page.EvaluateAsync<string>("() => [...document.querySelectorAll('main section[id^=s]')].at(-1).id.slice(1)");
    }

    private async Task MeetAsync(List<string> links, string session)
    {
        await SendAsync(Desk + "/tables", Desk + "/tables/plan", Desk + "/tables", ("tables", "3"), ("rounds", "2"));
        await OpenAsync(Desk + "/tables");
        await victim.JobEndsAsync();
        Page list = await scribe.OpenAsync(Desk + "/check-in");
        foreach (string action in Arrival().Matches(list.Html).Select(match => match.Value).Distinct())
        {
            await SendAsync(Desk + "/check-in", $"{Desk}{action}", "done=present", ("attendance", "present"));
        }

        await SendAsync(Desk + "/room", $"{Desk}/sessions/{session}/open", Desk + "/room");
        await OpenAsync(links[0] + "/day");
        await OpenAsync($"{links[0]}/vote/{session}");
        await ShowsAsync($"{links[0]}/vote/{session}", HostileTexts.All.Take(20));
        await victim.Page.Locator(".choice input[value='0']").CheckAsync();
        await victim.LeaveAsync(() => victim.Page.Locator("button[value=next]").ClickAsync());
        await CheckAsync();
        await victim.LeaveAsync(() => victim.Page.Locator("button[value=cast]").ClickAsync());
        await CheckAsync();
        foreach (string link in links.Skip(1))
        {
            using Visitor citizen = new(server!.Address);
            string ballot = $"{link}/vote/{session}";
            Page cast = await citizen.SubmitAsync(ballot, ballot, ("key", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))), ("step", "1"), ("go", "cast"), ("a0", "1"));
            Assert.Contains("class=\"receipt\"", cast.Html, StringComparison.Ordinal);
        }

        await OpenAsync("/d/" + Slug + "/results/en");
        await OpenAsync($"{Desk}/room/close/{session}");
        await SendAsync($"{Desk}/room/close/{session}", $"{Desk}/sessions/{session}/close", Desk + "/room");

        // The sessions that were not voted on would keep the result back.
        Page agenda = await scribe.OpenAsync(Desk + "/agenda");
        foreach (string other in SessionLink().Matches(agenda.Html).Select(match => match.Groups[1].Value).Distinct().Where(other => other != session))
        {
            await SendAsync(Desk + "/agenda", $"{Desk}/agenda/sessions/{other}/delete", Desk + "/agenda");
        }
    }

    private async Task PublishAsync()
    {
        await SendAsync(Desk + "/results", Desk + "/results/publish", "notice=published");
        for (int i = 0; i < Texts; i += 2)
        {
            await SendAsync(Desk + "/results", Desk + "/results/take-back", "notice=taken-back", ("note.en", HostileTexts.At(i)), ("note.fr", HostileTexts.At(i + 1)));
            await SendAsync(Desk + "/results", Desk + "/results/publish", "notice=published", ("note.en", HostileTexts.At(i + 1)), ("note.fr", HostileTexts.At(i)));
        }

        await ShowsAsync($"/d/{Slug}/results/en");
    }

    /// <summary>Follows every link from the organiser's, the citizen's and the public's first page; of pages of a kind the first few.</summary>
    private async Task ReadEverythingAsync(List<string> links, string session)
    {
        Queue<string> ahead = new(["/", "/organise", links[0], $"{links[0]}/vote/{session}", Desk + "/preview", $"/facilitate/{Slug}/1", $"{Desk}/room/seats"]);
        Dictionary<string, int> kinds = [];
        HashSet<string> known = [.. ahead];
        while (ahead.TryDequeue(out string? path))
        {
            await OpenAsync(path);
            foreach (string link in await victim.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a[href]')].filter((a) => a.origin === location.origin).map((a) => a.pathname + a.search)"))
            {
                string kind = Identifier().Replace(link, "*");
                if (!File().IsMatch(link) && !link.StartsWith("/language/", StringComparison.Ordinal) && known.Add(link) && (kinds[kind] = kinds.GetValueOrDefault(kind) + 1) <= PagesOfAKind)
                {
                    ahead.Enqueue(link);
                }
            }
        }

        Assert.True(opened.Count > 40, $"only {opened.Count} pages were opened");
    }

    /// <summary>What a page says back of what was wrong, and what an address carries.</summary>
    private async Task MistypeAsync(string session)
    {
        foreach (string text in HostileTexts.All)
        {
            string coded = Uri.EscapeDataString(text);
            await OpenAsync($"{Desk}/pool?q={coded}&by=0&notice={coded}&problem={coded}");
            await OpenAsync($"{Desk}/check-in?q={coded}&problem={coded}&show={coded}&done={coded}&person={coded}");
            await victim.Page.GotoAsync("/d/" + coded);
            await CheckAsync();
        }

        foreach (string text in HostileTexts.All.Where((_, i) => i % 4 == 0))
        {
            await victim.Page.GotoAsync($"{Desk}/room/close/{Uri.EscapeDataString(text)}");
            await CheckAsync();
            await RefusedAsync(Desk + "/check-in", "/check-in", ("code", text));
            await RefusedAsync($"{Desk}/agenda/sessions/{session}", "/sessions/" + session, ("title.en", text), ("title.fr", ""), ("start", "12:00"), ("minutes", text), ("round", text));
            await RefusedAsync(Desk + "/mandate", "/mandate", ("title.en", text), ("languages", "en,fr," + text), ("timeZone", text), ("country", text), ("planned", text), ("contactName", text));
        }

        await RefusedFileAsync("/agenda", "agenda/import", JsonSerializer.SerializeToUtf8Bytes(new { sessions = new[] { new { title = new { en = HostileTexts.At(0) }, start = HostileTexts.At(5) } } }));
    }

    private async Task RefusedAsync(string page, string action, params (string, string)[] fields)
    {
        await victim.OpenAsync(page);
        foreach ((string name, string value) in fields)
        {
            await victim.Page.Locator($"form[action$='{action}'] [name='{name}']").First.FillAsync(value);
        }

        await victim.LeaveAsync(() => victim.Page.Locator($"form[action$='{action}'] button").First.ClickAsync(), good: false);
        await CheckAsync();
    }

    private async Task RefusedFileAsync(string page, string action, byte[] content)
    {
        await victim.OpenAsync(Desk + page);
        await victim.Page.Locator("main details summary").Last.ClickAsync();
        await victim.Page.Locator($"form[action$='{action}'] input[type=file]").SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "x.json", MimeType = "application/json", Buffer = content });
        await victim.LeaveAsync(() => victim.Page.Locator($"form[action$='{action}'] button").ClickAsync(), good: false);
        await CheckAsync();
    }

    private async Task RewriteTheMandateAsync(string link, string session)
    {
        for (int turn = 1; turn <= Texts / 2; turn++)
        {
            Page mandate = await scribe.OpenAsync(Desk + "/mandate");
            await SendAsync(Desk + "/mandate", Desk + "/mandate", Desk, Mandate(turn, Version().Match(mandate.Html).Groups[1].Value));
            foreach (string page in (string[])["/", "/d/" + Slug, $"/d/{Slug}/draw", $"/d/{Slug}/results/fr", "/organise", Desk, Desk + "/mandate", link, $"{link}/vote/{session}"])
            {
                await OpenAsync(page);
            }
        }
    }

    private async Task TakeFilesAwayAsync()
    {
        foreach (string path in (string[])[Desk + "/pool/pool.csv", Desk + "/quotas/quotas.csv", Desk + "/tables/plan.csv", $"/d/{Slug}/results.csv"])
        {
            HttpResponseMessage file = await scribe.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, file.StatusCode));
            string csv = await file.Content.ReadAsStringAsync();
            Assert.True(!Formula().IsMatch(csv), $"{path}: {Formula().Match(csv).Value}");
        }
    }

    private async Task OpenAsync(string path)
    {
        await victim.OpenAsync(path);
        opened.Add(path);
        await CheckAsync();
    }

    /// <summary>No script has run; dialogs and reports of the content security policy are noted as they come.</summary>
    private async Task CheckAsync()
    {
        if (await victim.Page.EvaluateAsync<int>("() => window.__xss ?? 0") != 0)
        {
            victim.Note("a script ran");
        }
    }

    /// <summary>Opens a page on which all texts must stand as they were typed. What was wrong up to here is said here: markup that came through would only confuse what follows.</summary>
    private async Task ShowsAsync(string path, IEnumerable<string>? texts = null)
    {
        await OpenAsync(path);
        string shown = Plain(await victim.Page.EvaluateAsync<string>("() => document.body.textContent"));
        foreach (string text in texts ?? HostileTexts.All)
        {
            if (!shown.Contains(Plain(text), StringComparison.Ordinal))
            {
                victim.Note("does not show " + text);
            }
        }

        victim.WasContent();
    }

    /// <summary>A text without what pages may leave out: characters that cannot be seen, and how wide a space is.</summary>
    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format)));

    private async Task SendAsync(string page, string action, string leadsTo, params (string, string)[] fields)
    {
        Page answer = await scribe.SubmitAsync(page, action, fields);
        Assert.True(answer.Status == HttpStatusCode.OK && answer.Path.Contains(leadsTo, StringComparison.Ordinal) && !answer.Path.Contains("problem=", StringComparison.Ordinal), $"{action}: {(int)answer.Status} {answer.Path}");
    }

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private static DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("/account/accept/[A-Za-z0-9_-]{22}")]
    private static partial Regex AcceptLink();

    [GeneratedRegex("/check-in/[0-9a-f]{32}/attendance")]
    private static partial Regex Arrival();

    [GeneratedRegex("/agenda/sessions/([0-9a-f]{32})\"")]
    private static partial Regex SessionLink();

    [GeneratedRegex("name=\"version\" value=\"([0-9a-f]*)\"")]
    private static partial Regex Version();

    [GeneratedRegex("[0-9a-f]{32}|[0-9a-f-]{36}|[0-9]+")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\.(csv|json|ics)($|\?)")]
    private static partial Regex File();

    [GeneratedRegex("(^|,)\"?[=+@\t\r-][^\"\n]{0,40}", RegexOptions.Multiline)]
    private static partial Regex Formula();
}
