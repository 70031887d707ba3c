using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>From the first administrator’s name to what those need who come.</summary>
public sealed partial class TypingHostileText
{
    private async Task OpenTheHouseAsync()
    {
        await SendAsync(server!.FirstAdministrator, server.FirstAdministrator, "/organise", ("displayName", HostileTexts.At(0)), ("email", Email), ("password", Password));
        await SendAsync("/organise/new", "/organise/new", Desk, Mandate(0));
        await SendAsync(Desk, Desk + "/publish", Desk);
        await victim.OpenAsync("/account/sign-in");
        await victim.SendAsync("/account/sign-in", null, ("email", Email), ("password", Password));
    }

    /// <summary>The mandate with the texts of a turn: over half as many turns as there are bundles, each field gets each of them in one of two languages.</summary>
    private static (string, string)[] Mandate(int turn, string version = "")
    {
        string today = Iso(Today);
        string[] fields = ["title", "question", "frame", "commissioner", "addressee", "promise"];
        return
        [
            ("slug", Slug), ("languages", "en,fr"), ("version", version), ("startsOn", today), ("endsOn", today), ("answerBy", Iso(Today.AddDays(9))), ("country", "FR"), ("timeZone", "Europe/Paris"),
            ("planned", Places.ToString(CultureInfo.InvariantCulture)), ("decisionRule", "NoThreshold"), ("contactEmail", Email),
            .. fields.Index().SelectMany(field => Languages.Index().Select(language => ($"{field.Item}.{language.Item}", HostileTexts.BundleAt((2 * turn) + language.Index + (5 * field.Index))))),
            .. ((string[])["siteName", "siteAddress", "contactName"]).Index().Select(field => (field.Item, HostileTexts.BundleAt((2 * turn) + (7 * field.Index)))),
            ("contactPhone", Short(HostileTexts.At((2 * turn) + 21))),
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

        foreach ((int i, string text) in HostileTexts.Bundles.Index())
        {
            Page invited = await scribe.SubmitAsync("/administer", "/administer/invite", ("displayName", text), ("email", $"n{i}@hostile.example"));
            await OpenAsync(AcceptLink().Match(invited.Html).Value);
        }

        await ShowsAsync(Desk + "/team");
        await ShowsAsync("/administer");
    }

    private async Task BringThePoolAsync()
    {
        // Another site that cannot be added, and criteria typed in by hand, which those of the file replace.
        foreach ((int i, string text) in HostileTexts.Bundles.Index())
        {
            await RefusedAsync(Desk + "/sites", "/sites", ("code", text), ("name", text), ("country", text), ("timeZone", text), ("planned", text), ("address", text));
            await SendAsync(Desk + "/quotas", Desk + "/quotas/criteria", "notice=added", ("name", Starless(text)), ("values", HostileTexts.BundleAt(i + 1) + "\n" + HostileTexts.BundleAt(i + 2)));
        }

        await ShowsAsync(Desk + "/quotas");

        // One criterion for each text, each with two texts for values; all quotas wide open.
        IEnumerable<string[]> quotas = Enumerable.Range(0, Texts).SelectMany(c => Enumerable.Range(1, 2).Select(v => (string[])[Starless(HostileTexts.At(c)), HostileTexts.At(c + v), "0", "24"]));
        await UploadAsync("/quotas", "<img src=x onerror=window.__xss=1>.csv", HostileTexts.Csv([["feature", "value", "min", "max"], .. quotas]));
        await ShowsAsync(Desk + "/quotas");
        string[] header = ["id", "name", "email", "language", "address", .. HostileTexts.All.Select(Starless)];
        await UploadAsync("/pool", "\"><svg onload=window.__xss=1>.csv", HostileTexts.Csv([header, .. Enumerable.Range(0, 2 * Texts).Select(i =>
            (string[])[$"{i} {HostileTexts.At(i)}", HostileTexts.At(i), $"m{i}@hostile.example", i % 2 == 0 ? "en" : "fr", HostileTexts.At(i + 1), .. Enumerable.Range(0, Texts).Select(c => HostileTexts.At(c + 1 + (i % 2)))])]));
        await ShowsAsync(Desk + "/pool");

        // And one by one, through the page.
        await OpenAsync(Desk + "/pool/people/new");
        (string, string)[] choices = [.. Enumerable.Range(0, Texts).Select(c => ($"value-{c}", "0"))];
        await victim.SendAsync("/people/new", null, [("id", HostileTexts.At(5)), ("name", HostileTexts.At(12)), ("email", "onemore@hostile.example"), ("address", HostileTexts.At(3)), .. choices]);
        Assert.Contains("notice=added", victim.Page.Url, StringComparison.Ordinal);
    }

    /// <summary>A criterion with a star in its name is one on two others.</summary>
    private static string Starless(string text) => text.Replace("*", "", StringComparison.Ordinal);

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
        await AskInOwnWordsAsync(links[0]);
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

    /// <summary>The words of consent in a language in which the server has none; after it the dialogue has its two languages again.</summary>
    private async Task AskInOwnWordsAsync(string link)
    {
        for (int i = 0; i < Bundles; i++)
        {
            string asked = HostileTexts.BundleAt(i), sentence = HostileTexts.BundleAt(i + 1);
            await RewriteAsync(
            [
                .. Mandate(0, await VersionAsync()).Where(field => field.Item1 != "languages"), ("languages", "en,fr,de"),
                .. ((string[])["title", "question", "frame", "commissioner", "addressee", "promise"]).Select(field => (field + ".de", "Wort")),
                ("consentText.de", asked), ("consentSentence.de", sentence),
            ]);
            await OpenAsync(Desk + "/mandate");
            await ShowsAsync("/language/de?back=" + link, [asked, sentence]);
        }

        await OpenAsync("/language/en?back=" + link);
        await RewriteAsync(Mandate(0, await VersionAsync()));
    }

    private async Task<List<string>> LettersAsync()
    {
        await OpenAsync(Desk + "/participants");
        await victim.SendAsync("/participants/invite", null, ("answerBy", Iso(Today.AddDays(5))));
        await CheckAsync();
        string[] links = await victim.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('article.letter a.personal-link')].map((a) => new URL(a.href).pathname)");
        return [.. links];
    }
}
