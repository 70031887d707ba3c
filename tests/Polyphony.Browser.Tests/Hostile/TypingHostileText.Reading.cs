using System.Net;
using System.Text.Json;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>Every page, what pages say back, and the files that are taken away.</summary>
public sealed partial class TypingHostileText
{
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
        await OpenAsync($"{Desk}/agenda/sessions/{session}");
        foreach (string text in HostileTexts.Bundles)
        {
            string coded = Uri.EscapeDataString(text);
            await OpenAsync($"{Desk}/pool?q={coded}&by=0&notice={coded}&problem={coded}");
            await OpenAsync($"{Desk}/check-in?q={coded}&problem={coded}&show={coded}&done={coded}&person={coded}");
            await OpenAsync($"{Desk}/draw/chances?q={coded}&first={coded}");
            await victim.Page.GotoAsync("/d/" + coded);
            await CheckAsync();
        }

        foreach (string text in HostileTexts.Bundles)
        {
            await victim.Page.GotoAsync($"{Desk}/room/close/{Uri.EscapeDataString(text)}");
            await CheckAsync();
            await RefusedAsync(Desk + "/check-in", "/check-in", ("code", text));
            await RefusedAsync(Desk + "/agenda/sessions/new", "/sessions/new", ("title.en", text), ("title.fr", ""), ("start", "12:00"), ("minutes", text), ("round", text));
            await RefusedAsync(Desk + "/mandate", "/mandate", ("title.en", text), ("languages", "en,fr," + text), ("timeZone", text), ("country", text), ("planned", text), ("contactName", text));
            await RefusedAsync(
                Desk + "/tables/rules", "/rules",
                [.. ((string[])["tables", "rounds", "seats", "together", "apart", "fixed", "hosts", "accessible", "access", "languages", "interpreters"]).Select(field => (field, text))]);
        }

        await CheckTheDrawAsync();

        await RefusedFileAsync("/agenda", "agenda/import", JsonSerializer.SerializeToUtf8Bytes(new { sessions = new[] { new { title = new { en = HostileTexts.At(0) }, start = HostileTexts.At(5) } } }));
    }

    /// <summary>A draw full of texts on the page that checks it, and texts in the fields there: what they are compared with and looked for in.</summary>
    private async Task CheckTheDrawAsync()
    {
        await OpenAsync($"/d/{Slug}/draw/check");
        await victim.Page.Locator("[data-files]").First.ClickAsync();
        await victim.Page.Locator("[data-checks] li").First.WaitForAsync();
        await victim.Page.Locator("main details summary").First.ClickAsync();
        foreach (string text in HostileTexts.Bundles)
        {
            foreach (string field in (string[])["hash", "key", "ticket"])
            {
                await victim.Page.FillAsync($"input[name={field}]", text);
            }

            await victim.Page.EvaluateAsync("() => { document.querySelector('[data-checks]').replaceChildren() }");
            await victim.Page.Locator("[data-check]").ClickAsync();
            await victim.Page.Locator("[data-checks] li").First.WaitForAsync();
            await CheckAsync();
        }
    }

    /// <summary>The doors of an account: what an address carries, and what is said back of what was typed.</summary>
    private async Task KnockAsync()
    {
        foreach (string text in HostileTexts.Bundles)
        {
            string coded = Uri.EscapeDataString(text);
            string reset = $"/account/reset/{Guid.Empty}";
            await OpenAsync("/account/sign-in?return=" + coded);
            await victim.BeRefusedAsync("/account/sign-in", null, ("email", text), ("password", text));
            await CheckAsync();
            await OpenAsync("/account/forgotten");
            await victim.BeRefusedAsync("/account/forgotten", null, ("email", text));
            await CheckAsync();
            await OpenAsync($"{reset}?token={coded}");
            await victim.BeRefusedAsync(reset, null, ("password", text + " and much longer"));
            await CheckAsync();
            Assert.Equal(text.ReplaceLineEndings(""), (await victim.Page.InputValueAsync("input[name=token]")).ReplaceLineEndings(""));
        }

        // Right, and yet nobody is sent where the address says.
        foreach (string back in (string[])["javascript:window.__xss=1", "//x.example/", "/\\x.example/", "data:text/html,<script>alert('__xss')</script>"])
        {
            await OpenAsync("/account/sign-in?return=" + Uri.EscapeDataString(back));
            await victim.SendAsync("/account/sign-in", null, ("email", Email), ("password", Password));
            await CheckAsync();
            Assert.EndsWith("/organise", victim.Page.Url, StringComparison.Ordinal);
        }

        await OpenAsync("/account/forgotten");
        await victim.SendAsync("/account/forgotten", null, ("email", Email));
        victim.WasContent();
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

    private async Task TakeFilesAwayAsync()
    {
        foreach (string path in (string[])[Desk + "/pool/pool.csv", Desk + "/quotas/quotas.csv", Desk + "/tables/plan.csv", Desk + "/statements/comments.csv", $"/d/{Slug}/results.csv"])
        {
            HttpResponseMessage file = await scribe.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, file.StatusCode));
            string csv = await file.Content.ReadAsStringAsync();
            Assert.True(!Formula().IsMatch(csv), $"{path}: {Formula().Match(csv).Value}");
        }
    }
}
