using System.Security.Cryptography;
using System.Text.Json;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>The agenda, the day with its ballots, and the result.</summary>
public sealed partial class TypingHostileText
{
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

        await ShareTheTabletAsync(session);
        await OpenAsync("/d/" + Slug + "/results/en");
        await OpenAsync($"{Desk}/room/close/{session}");
        await SendAsync($"{Desk}/room/close/{session}", $"{Desk}/sessions/{session}/close", Desk + "/room");

        await CountPaperAsync(session);

        // The sessions that were not voted on would keep the result back.
        Page agenda = await scribe.OpenAsync(Desk + "/agenda");
        foreach (string other in SessionLink().Matches(agenda.Html).Select(match => match.Groups[1].Value).Distinct().Where(other => other != session))
        {
            await SendAsync(Desk + "/agenda", $"{Desk}/agenda/sessions/{other}/delete", Desk + "/agenda");
        }
    }

    /// <summary>The tablet: what is typed in place of a badge, whose badge it is, and the screens of a turn. The tablet shows the dialogue’s title above and whom to ask below.</summary>
    private async Task ShareTheTabletAsync(string session)
    {
        string page = $"/facilitate/{Slug}/1/tablet/{session}";
        foreach (string text in HostileTexts.Bundles)
        {
            await OpenAsync(page);
            await victim.BeRefusedAsync("/tablet/" + session, null, ("code", text));
            await CheckAsync();
        }

        await OpenAsync(Desk + "/tables/badges");
        string[] badges = await victim.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('article.badge .quiet')].map((line) => line.textContent.split(' · ')[1])");
        string names = "";
        foreach (string badge in badges)
        {
            await OpenAsync(page);
            await victim.SendAsync("/tablet/" + session, null, ("code", badge));
            await CheckAsync();
            names += await victim.Page.EvaluateAsync<string>("() => document.querySelector('main').textContent");
        }

        Assert.True(HostileTexts.All.Count(text => Plain(names).Contains(Plain(text), StringComparison.Ordinal)) >= badges.Length / 2, "names do not stand on the tablet as they were typed");
        await victim.SendAsync("/tablet/" + session, "yes");
        await ShowsAsync(new Uri(victim.Page.Url).AbsolutePath, HostileTexts.All.Take(20));
        await victim.Page.Locator(".choice input[value='0']").CheckAsync();
        await victim.LeaveAsync(() => victim.Page.Locator("button[value=next]").ClickAsync());
        await CheckAsync();
        await victim.LeaveAsync(() => victim.Page.Locator("button[value=stop]").ClickAsync());
        await CheckAsync();
        await OpenAsync(page);
        await victim.SendAsync("/tablet/" + session, null, ("code", badges[0]));
        await victim.SendAsync("/tablet/" + session, "yes");
        string turn = new Uri(victim.Page.Url).AbsolutePath;
        for (int mandate = 0; mandate < (Bundles + 1) / 2; mandate++)
        {
            await RewriteAsync(Mandate(mandate, await VersionAsync()));
            await OpenAsync(turn);
            await OpenAsync(turn + "/end");
        }
    }

    /// <summary>No paper was cast at a table, which two people enter; then one of them enters it anew again and again and says why.</summary>
    private async Task CountPaperAsync(string session)
    {
        string overview = $"{Desk}/sessions/{session}/paper";
        Task EnterAsync(string entry, string replaces, string note) => SendAsync(
            overview + (replaces == "yes" ? "/1?again=1" : "/1"), overview + "/1", "notice=entered", [("entry", entry), ("replaces", replaces), ("note", note), ("ballots", "0"), ("q0none", "0"), .. Enumerable.Range(0, 20).Select(option => ($"q0o{option}", "0"))]);
        await EnterAsync("1", "", "");
        await EnterAsync("2", "", "");
        foreach (string text in HostileTexts.Bundles)
        {
            await EnterAsync("1", "yes", text);
            await RefusedAsync(overview + "/1?again=1", "/paper/1", ("note", text), ("ballots", text), ("q0o0", text));
        }

        await ShowsAsync(overview);
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

    /// <summary>A new mandate each turn, and a letter under it: the first person's link is issued anew. The telephone number holds one text and no bundle: its turns go on where it is shown.</summary>
    private async Task RewriteTheMandateAsync(string link, string session)
    {
        for (int turn = 1; turn <= Texts / 2; turn++)
        {
            await RewriteAsync(Mandate(turn, await VersionAsync()));
            if (turn > (Bundles + 1) / 2)
            {
                await OpenAsync(link);
                await OpenAsync("/d/" + Slug);
                continue;
            }

            link = await WriteAgainAsync();
            foreach (string page in (string[])[
                "/", "/d/" + Slug, $"/d/{Slug}/draw", $"/d/{Slug}/results/fr", "/organise", Desk, Desk + "/mandate", link, $"{link}/vote/{session}", $"/facilitate/{Slug}/1"])
            {
                await OpenAsync(page);
            }
        }

        // What would be another line of a mail's head, and another part of its body.
        await RewriteAsync([.. Mandate(0, await VersionAsync()).Where(field => !field.Item1.StartsWith("title.", StringComparison.Ordinal)), ("title.en", Broken), ("title.fr", Broken)]);
        await WriteAgainAsync();
    }

    private Task RewriteAsync((string, string)[] mandate) => SendAsync(Desk + "/mandate", Desk + "/mandate", Desk, mandate);

    private async Task<string> VersionAsync() => Version().Match((await scribe.OpenAsync(Desk + "/mandate")).Html).Groups[1].Value;

    private async Task<string> WriteAgainAsync()
    {
        await OpenAsync(Desk + "/participants");
        await victim.SendAsync("/reissue");
        await CheckAsync();
        return new Uri((await victim.Page.Locator("article.letter a.personal-link").First.GetAttributeAsync("href"))!).AbsolutePath;
    }
}
