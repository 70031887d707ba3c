using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Hosting;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>A small dialogue is carried through all its states by forms; in each state the pages that show it are looked at: accessible in English and in French,
/// at the width of a desk and of a phone, and nothing sticks out, mirrored neither. At the end the table of doors says whether a page was left out.</summary>
public sealed partial class LookingAtEveryPage(Chromium chromium) : IAsyncDisposable
{
    private const string Password = "alder willow heron otter";
    private const string Organiser = "ines@everywhere.example";
    private const string Facilitator = "farid@everywhere.example";
    private const string Slug = "everywhere";
    private const string Desk = "/organise/" + Slug;
    private const string Console = "/facilitate/" + Slug + "/1";
    private const string NoOne = "AAAAAAAAAAAAAAAAAAAAAA";

    private readonly List<Readers> everybody = [];
    private readonly List<Visitor> visitors = [];
    private InnerServer server = null!;

    // Who does what is to be seen, by the same forms without a browser.
    private Visitor scribe = null!;
    private Visitor helper = null!;

    private Readers anybody = null!;
    private Readers organiser = null!;
    private Readers facilitator = null!;

    [Fact]
    public async Task It_is_accessible_and_fits_in_every_language()
    {
        server = await InnerServer.StartAsync(FailOnDemand);
        anybody = await SeatAsync();
        organiser = await SeatAsync();
        facilitator = await SeatAsync();
        scribe = Arrive();
        helper = Arrive();
        await FailAsync();
        await OpenTheHouseAsync();
        await BeginAsync();
        await InviteTheTeamAsync();
        await BringThePoolAsync();
        await DrawAsync();
        List<string> links = await InviteAsync();
        string session = await PrepareTheDayAsync(links[0]);
        await VoteAsync(links[0], session);
        await CountAsync(session);
        await SayAsync(links[0]);
        await PublishAsync();
        await MeetElsewhereAsync();
        string[] problems = [.. everybody.SelectMany(readers => readers.Problems), .. PagesOfTheMatrix.Read().Missing(everybody.SelectMany(readers => readers.Looks))];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Readers readers in everybody)
        {
            await readers.DisposeAsync();
        }

        visitors.ForEach(visitor => visitor.Dispose());
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>What cannot be brought about by a link: any failure, named in the address.</summary>
    private static void FailOnDemand(WebApplication app) => app.Use((context, next) =>
    {
        if (!int.TryParse(context.Request.Query["fail"], NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            return next(context);
        }

        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = status is 429 or 503 ? "7" : default;
        return status == 500 ? throw new InvalidOperationException("A test asked for it.") : Task.CompletedTask;
    });

    private async Task FailAsync()
    {
        // They differ in their words, and some name a time to wait or a reference.
        foreach (int status in FailurePages.Worded.Except([500, 503]))
        {
            await anybody.EachAsync(async person =>
            {
                await person.OpenAsync($"/?fail={status}", status);
                await person.FitsAsync(Onlooker.Phone);
                await person.FitsAsync(Onlooker.Desk);
            });
        }

        await anybody.VisitAsync("/?fail=500", 500);
        await anybody.VisitAsync("/?fail=503", 503);

        foreach (string path in (string[])["/nowhere", "/c/" + NoOne, "/t/" + NoOne, "/account/accept/" + NoOne, "/d/nowhere"])
        {
            await anybody.VisitAsync(path, 404);
        }
    }

    private async Task OpenTheHouseAsync()
    {
        await anybody.VisitAsync("/", server.FirstAdministrator);
        await anybody.BeRefusedAsync(server.FirstAdministrator, server.FirstAdministrator, ("displayName", ""), ("email", "ines"), ("password", "short"));
        await SubmitAsync(scribe, server.FirstAdministrator, server.FirstAdministrator, "/organise", ("displayName", "Inès Wolfeschlegelsteinhausenbergerdorff"), ("email", Organiser), ("password", Password));
        await anybody.VisitAsync("/account/sign-in", "/account/forgotten");
        await anybody.BeRefusedAsync("/account/sign-in", "/account/sign-in", ("email", "nobody@everywhere.example"), ("password", "not this one"));
        await anybody.SendAsync("/account/forgotten", "/account/forgotten", null, ("email", "nobody@everywhere.example"));
        await organiser.SignInAsync(Organiser, Password);
        await organiser.VisitAsync("/organise", "/account", "/organise/new", "/administer");
        await organiser.BeRefusedAsync("/account", "/account/password", ("current", "not this one"), ("password", "short"));
        await organiser.BeRefusedAsync("/administer", "/administer/invite", ("email", Organiser));
        await organiser.BeRefusedAsync("/organise/new", "/organise/new");
        string invitation = "";
        await organiser.InTurnAsync(async (person, number) =>
        {
            await person.OpenAsync("/administer");
            await person.SendAsync("/administer/invite", null, ("displayName", "Odile Weber"), ("email", $"odile{number}@everywhere.example"));
            await person.LookAsync();
            invitation = new Uri(await person.Page.InnerTextAsync("a.personal-link")).AbsolutePath;
        });
        await anybody.VisitAsync(invitation);
        string reset = "";
        await organiser.InTurnAsync(async (person, _) =>
        {
            await person.OpenAsync("/administer");
            await person.SendAsync("/reset");
            await person.LookAsync();
            reset = new Uri(await person.Page.InnerTextAsync("a.personal-link")).PathAndQuery;
        });
        await anybody.VisitAsync(reset);
        string page = reset.Split('?')[0];
        await anybody.BeRefusedAsync(reset, page, ("password", "short"));
        await anybody.BeRefusedAsync(page + "?token=worn-out", page, ("password", Password));
    }

    /// <summary>A dialogue of which nothing is there but its mandate: every room says what it waits for.</summary>
    private async Task BeginAsync()
    {
        Dictionary<string, string> mandate = JsonSerializer.Deserialize<Dictionary<string, string>>(RehearsalStage.Material("mandate.json"))!;
        mandate["slug"] = Slug;
        mandate["planned"] = SmallTown.Places.ToString(CultureInfo.InvariantCulture);
        mandate["startsOn"] = mandate["endsOn"] = Iso(Today);
        mandate["answerBy"] = Iso(Today.AddDays(90));
        await SubmitAsync(scribe, "/organise/new", "/organise/new", Desk, [.. mandate.Select(field => (field.Key, field.Value))]);
        await organiser.VisitAsync(Rooms("", "/mandate", "/preview", "/team", "/quotas", "/pool", "/draw", "/participants", "/participants/replace", "/agenda", "/tables", "/check-in", "/room", "/results"));
        await organiser.BeRefusedAsync(Desk + "/mandate", Desk + "/mandate", ("title.en", ""), ("planned", "many"), ("contactEmail", "nobody"));
        await SubmitAsync(scribe, Desk, Desk + "/publish", Desk);
        await anybody.VisitAsync("/", "/d/" + Slug, $"/d/{Slug}/draw", $"/d/{Slug}/results/en", $"/d/{Slug}/results/fr", $"/d/{Slug}/results/qps-plocm");
    }

    private async Task InviteTheTeamAsync()
    {
        await organiser.BeRefusedAsync(Desk + "/team", "/team/invite", ("email", "nobody"), ("role", "Facilitator"), ("table", "no"));
        await organiser.InTurnAsync(async (person, number) =>
        {
            await person.OpenAsync(Desk + "/team");
            await person.SendAsync("/team/invite", null, ("displayName", "Farid"), ("email", number == 0 ? Facilitator : $"farid{number}@everywhere.example"), ("role", "Facilitator"), ("table", "1"));
            await person.LookAsync();
            if (number == 0)
            {
                string invitation = new Uri(await person.Page.InnerTextAsync("a.personal-link")).AbsolutePath;
                await SubmitAsync(helper, invitation, invitation, "/organise", ("displayName", "Farid"), ("password", Password));
            }
        });
        await facilitator.SignInAsync(Facilitator, Password);
        await facilitator.VisitAsync("/organise", Console);
        await facilitator.VisitAsync(Desk, 403);
    }

    private async Task<Readers> SeatAsync()
    {
        Readers readers = await Readers.SeatAsync(chromium, server.Address);
        everybody.Add(readers);
        return readers;
    }

    private Visitor Arrive()
    {
        Visitor visitor = new(server.Address);
        visitors.Add(visitor);
        return visitor;
    }

    private static string[] Rooms(params string[] pages) => [.. pages.Select(page => Desk + page)];

    private static async Task<Page> SubmitAsync(Visitor visitor, string page, string action, string leadsTo, params (string, string)[] fields)
    {
        Page answer = await visitor.SubmitAsync(page, action, fields);
        Assert.True(answer.Status == HttpStatusCode.OK && answer.Path.Contains(leadsTo, StringComparison.Ordinal) && !answer.Path.Contains("problem=", StringComparison.Ordinal), $"{action}: {(int)answer.Status} {answer.Path}");
        return answer;
    }

    /// <summary>Names a source whose value will be known in two seconds.</summary>
    private async Task<DateTime> FreezeAsync(string page)
    {
        DateTime at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime.AddSeconds(2);
        await SubmitAsync(scribe, Desk + page, Desk + page + "/freeze", Desk + page, ("kind", "beacon"), ("name", "drand quicknet, the round after the freeze"), ("outOf", ""), ("at", at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)));
        return at;
    }

    private static (string, string) Beacon() => ("value", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    private async Task JobEndsAsync(string page)
    {
        while ((await scribe.OpenAsync(page)).Html.Contains("data-running", StringComparison.Ordinal))
        {
            await Task.Delay(100);
        }
    }

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private static DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex("/c/([A-Za-z0-9_-]{22})\"")]
    private static partial Regex PersonalLink();

    [GeneratedRegex("class=\"number\">([0-9]+)</span>.*?/check-in/([0-9a-f]{32})/attendance", RegexOptions.Singleline)]
    private static partial Regex Arrival();

    [GeneratedRegex("/organise/[a-z]+/participants/[0-9a-f]{32}/answer(?=\")")]
    private static partial Regex AnswerLink();

    [GeneratedRegex("/agenda/sessions/([0-9a-f]{32})\"")]
    private static partial Regex SessionLink();

    [GeneratedRegex("/agenda/questions/([0-9a-f]{32})\"")]
    private static partial Regex QuestionLink();

    [GeneratedRegex("/pool/people/([0-9a-f-]{32,36})\"")]
    private static partial Regex MemberLink();
}
