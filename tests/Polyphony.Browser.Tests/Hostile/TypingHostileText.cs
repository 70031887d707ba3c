using System.Globalization;
using System.Net;
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
    private static readonly int Bundles = HostileTexts.Bundles.Count;
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
        victim = await chromium.SeatAsync(server.Address, "en", onlyMeasures: true);
        await victim.Page.AddInitScriptAsync("window.__xss = 0");
        await OpenTheHouseAsync();
        await InviteTheTeamAsync();
        await BringThePoolAsync();
        await DrawAsync();
        List<string> links = await InviteAsync();
        string session = await WriteTheAgendaAsync();
        await MeetAsync(links, session);
        await DiscussAsync(links);
        await PublishAsync();
        await ReadEverythingAsync(links, session);
        await MistypeAsync(session);
        await RewriteTheMandateAsync(links[0], session);
        await TakeFilesAwayAsync();
        await KnockAsync();
        await ReadTheMailAsync();
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
