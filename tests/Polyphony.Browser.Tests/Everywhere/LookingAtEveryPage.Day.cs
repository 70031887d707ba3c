using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;
using Polyphony.Web.Votes;

namespace Polyphony.Browser.Tests.Everywhere;

/// <summary>The day: its agenda and tables, arrivals, an open ballot by phone, on the tablet and on paper, and what is published.</summary>
public sealed partial class LookingAtEveryPage
{
    // Questions of the ballot, and options of each.
    private static readonly int[] Options = [3, 4, 5];

    private async Task<string> PrepareTheDayAsync(string link)
    {
        await organiser.VisitAsync(Rooms("/agenda/sessions/new"));
        await organiser.BeRefusedAsync(Desk + "/agenda/sessions/new", "/sessions/new", ("title.en", ""), ("minutes", "long"), ("round", "x"));
        await organiser.EachAsync(async person =>
        {
            await person.OpenAsync(Desk + "/agenda");
            await person.Page.Locator("main details summary").Last.ClickAsync();
            await person.UploadAsync("/agenda/import", "agenda.json", "{ \"sessions\": [ { } ] }"u8.ToArray(), good: false);
            await person.LookAsync();
        });
        Assert.EndsWith("/agenda", (await scribe.UploadAsync(Desk + "/agenda", Desk + "/agenda/import", "file", "agenda.json", SmallTown.Agenda())).Path, StringComparison.Ordinal);
        string agenda = (await scribe.OpenAsync(Desk + "/agenda")).Html;
        string session = SessionLink().Match(agenda).Groups[1].Value;
        string sessionPage = "/agenda/sessions/" + session;
        await organiser.VisitAsync(Rooms("/agenda", sessionPage, sessionPage + "/questions/new", "/agenda/questions/" + QuestionLink().Match(agenda).Groups[1].Value));
        await organiser.BeRefusedAsync(Desk + sessionPage + "/questions/new", "/questions/new", ("text.en", ""), ("options.en", "one"), ("maxChoices", "all"));
        await SubmitAsync(scribe, Desk + "/tables", Desk + "/tables/plan", Desk + "/tables", ("tables", "2"), ("rounds", "2"));
        await JobEndsAsync(Desk + "/tables");
        await organiser.VisitAsync(Rooms("/tables", "/tables/rules", "/tables/versions", "/tables/lists", "/tables/badges", "/check-in", "/room", ""));
        await organiser.PictureAsync("badges", Onlooker.Phone);
        await anybody.VisitAsync(link + "/day", $"{link}/vote/{session}");

        await organiser.BeRefusedAsync(Desk + "/check-in", "/check-in", ("code", "XXXX-XXXX"));
        (int Number, string Id)[] people = [.. Arrival().Matches((await scribe.OpenAsync(Desk + "/check-in")).Html)
            .Select(person => (int.Parse(person.Groups[1].Value, CultureInfo.InvariantCulture), person.Groups[2].Value)).OrderBy(person => person.Item1)];
        Assert.Equal(SmallTown.Places, people.Length);
        // Everybody at once, by the box above the boxes, and back again.
        await organiser.InTurnAsync(async (person, _) =>
        {
            await person.OpenAsync(Desk + "/participants");
            await person.Page.Locator("#several input[type=checkbox]").CheckAsync();
            await person.SendAsync("/participants/several", null, ("do", "Arrived"));
            await person.SendAsync("/several/do");
            await person.LookAsync();
            await person.SendAsync("/several/undo");
            await person.LookAsync();
        });
        foreach ((int place, (_, string id)) in people.Index())
        {
            // Badges lie in the order of the numbers: those who vote on the tablet below are here.
            await SubmitAsync(scribe, Desk + "/check-in", $"{Desk}/check-in/{id}/attendance", "done=", ("attendance", place == people.Length - 2 ? "late" : place == people.Length - 1 ? "absent" : "present"));
        }

        await organiser.VisitAsync(Rooms($"/check-in?done=absent&person={people[^1].Number}", "/check-in?q=nobody", "/room/seats", "/room/seats?from=1&table=1&then=close", "/room/seats?from=1&table=9&then=close"));
        await organiser.PictureAsync("check-in", Onlooker.Phone);
        await ReplaceTheAbsentAsync(people[^1].Id);
        await SubmitAsync(helper, Console, Console + "/help", Console);
        await facilitator.VisitAsync(Console);
        await organiser.VisitAsync(Rooms("/room"));
        return session;
    }

    /// <summary>Somebody is drawn on the day, says yes on the telephone and has a seat.</summary>
    private async Task ReplaceTheAbsentAsync(string absent)
    {
        string replace = Desk + "/participants/replace";
        await SubmitAsync(scribe, Desk + "/check-in", $"{Desk}/check-in/{absent}/release", replace);
        await JobEndsAsync(replace);
        await organiser.VisitAsync(replace);
        await SubmitAsync(scribe, replace, replace + "/freeze", replace, ("soon", "beacon"));
        await organiser.VisitAsync(replace, Desk + "/check-in?problem=place-gone");
        await SubmitAsync(scribe, replace, replace + "/cancel", replace);
        await organiser.VisitAsync(replace, Desk + "/check-in");
        await SubmitAsync(scribe, replace, replace + "/compute", replace);
        await JobEndsAsync(replace);
        await SubmitAsync(scribe, replace, replace + "/freeze", replace, ("soon", "dice"));
        await UntilAsync(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), Zone).DateTime.AddSeconds(5));
        await SubmitAsync(scribe, replace, replace + "/draw", "/check-in", ("value", "404"));
        await organiser.VisitAsync(Desk + "/check-in");
        await organiser.PictureAsync("drawn", Onlooker.Phone);
        string list = (await scribe.OpenAsync(Desk + "/check-in")).Html;
        string door = Regex.Match(list, "id=\"drawn\".*?action=\"([^\"]+/attendance)\"", RegexOptions.Singleline).Groups[1].Value;
        string words = Regex.Match(list, "id=\"drawn\".*?name=\"consent\" value=\"([^\"]+)\"", RegexOptions.Singleline).Groups[1].Value;
        string seated = (await SubmitAsync(scribe, Desk + "/check-in", door, "seated=yes", ("attendance", "late"), ("consent", words))).Path;
        await organiser.VisitAsync(seated);
    }

    private async Task VoteAsync(string link, string session)
    {
        await SubmitAsync(scribe, Desk + "/room", $"{Desk}/sessions/{session}/open", Desk + "/room");
        await organiser.VisitAsync(Rooms("/room", "/agenda", "/results", "/room/close/" + session));
        await organiser.PictureAsync("room-open", Onlooker.Phone);
        await anybody.VisitAsync(link + "/day");
        await anybody.VisitAsync($"{link}/vote/{session}");
        await anybody.EachAsync(person => AnswerAsync(person, "ballot"));
        await anybody.VisitAsync(link + "/day", $"{link}/vote/{session}", $"/d/{Slug}/results/en");

        await facilitator.VisitAsync(Console, $"{Console}/tablet/{session}", $"{Console}/sessions/{session}/paper");
        await facilitator.PictureAsync("console", 820);
        await facilitator.BeRefusedAsync($"{Console}/tablet/{session}", "/tablet/" + session, ("code", "XXXX-XXXX"));

        // One person's ballot on the tablet in each of the three: it can be cast once.
        MatchCollection badges = Badge().Matches((await scribe.OpenAsync(Desk + "/tables/badges")).Html);
        await facilitator.InTurnAsync(async (person, number) =>
        {
            await person.OpenAsync($"{Console}/tablet/{session}");
            await person.SendAsync("/tablet/" + session, null, ("code", badges[number + 4].Value));
            await person.LookAsync();
            await person.PictureAsync("turn-confirm-" + number, 820);
            await person.SendAsync("/tablet/" + session, "yes");
            await person.LookAsync();
            string turn = new Uri(person.Page.Url).AbsolutePath;
            await AnswerAsync(person, "tablet");
            await person.LeaveAsync(() => person.Page.Locator("main a[href*='/end']").ClickAsync());
            await person.LookAsync();
            await person.OpenAsync(turn, 410);
            await person.LookAsync();
        });

        await organiser.VisitAsync(Rooms($"/sessions/{session}/paper", $"/sessions/{session}/paper/ballots?language=fr&for=everybody", $"/sessions/{session}/paper/sheets?language=fr", $"/sessions/{session}/paper/1"));
        await organiser.InTurnAsync((person, _) => person.OpenAsync($"{Desk}/sessions/{session}/paper/ballots?language=fr"));
        await organiser.PictureAsync("paper-ballots", Onlooker.Phone);
        await organiser.PrintAsync("paper-ballots");
        await organiser.InTurnAsync((person, _) => person.OpenAsync($"{Desk}/sessions/{session}/paper/sheets?language=fr"));
        await organiser.PictureAsync("paper-sheets", Onlooker.Phone);
        await organiser.PrintAsync("paper-sheets");
        await SubmitAsync(scribe, $"{Desk}/room/close/{session}", $"{Desk}/sessions/{session}/close", Desk + "/room");
        await anybody.VisitAsync(link + "/day", $"{link}/vote/{session}");
        await facilitator.VisitAsync(Console);
        await organiser.VisitAsync(Rooms("/room", "/agenda/sessions/" + session));
    }

    /// <summary>Answers a ballot that lies open, from the refusal of an empty answer to the receipt; every screen is looked at.</summary>
    private static async Task AnswerAsync(Onlooker person, string picture)
    {
        await person.LeaveAsync(() => person.Page.Locator("button[value=next]").ClickAsync(), good: false);
        await person.LookAsync();
        foreach ((int question, int options) in Options.Index())
        {
            await person.Page.Locator($".choice input[value='{options - 1}']").CheckAsync();
            await person.PictureAsync($"{picture}-{question}-{await person.Page.GetAttributeAsync("html", "dir")}-{await person.Page.GetAttributeAsync("html", "lang")}", picture == "tablet" ? 820 : Onlooker.Phone);
            await person.LeaveAsync(() => person.Page.Locator("button[value=next]").ClickAsync());
            await person.LookAsync();
        }

        await person.PictureAsync($"{picture}-review-{await person.Page.GetAttributeAsync("html", "dir")}-{await person.Page.GetAttributeAsync("html", "lang")}", picture == "tablet" ? 820 : Onlooker.Phone);
        await person.LeaveAsync(() => person.Page.Locator("button[value=cast]").ClickAsync());
        Assert.NotEmpty(await person.Page.InnerTextAsync(".receipt"));
        await person.LookAsync();
    }

    /// <summary>Counts of paper: none at the first table and one entry astray, none at the second.</summary>
    private async Task CountAsync(string session)
    {
        string paper = $"/sessions/{session}/paper";
        await organiser.VisitAsync(Rooms(paper, paper + "/1"));
        await organiser.BeRefusedAsync(Desk + paper + "/1", paper + "/1", ("ballots", "7"), (EnterPaper.CountField(0, 0), "3"), (EnterPaper.CountField(1, 1), "many"));
        await organiser.PictureAsync("paper-entry", Onlooker.Phone);
        await facilitator.VisitAsync(Console + paper);
        await SubmitAsync(helper, Console + paper, Console + paper, Console + paper, [("entry", "1"), .. Counts(0)]);
        await facilitator.VisitAsync(Console + paper);
        await SubmitAsync(scribe, $"{Desk}{paper}/1", $"{Desk}{paper}/1", Desk + paper, [("entry", "2"), ("note", "One paper lay on the floor."), .. Counts(1)]);
        await organiser.VisitAsync(Rooms(paper, paper + "/1", paper + "/1?again=2", "/results"));
        await organiser.PictureAsync("paper-differs", Onlooker.Phone);
        await SubmitAsync(scribe, $"{Desk}{paper}/1?again=2", $"{Desk}{paper}/1", Desk + paper, [("entry", "2"), ("replaces", "yes"), ("note", "It was an empty sheet."), .. Counts(0)]);
        await organiser.VisitAsync(Rooms(paper));
    }

    private static (string, string)[] Counts(int ballots) =>
    [
        ("ballots", $"{ballots}"),
        .. Options.Index().SelectMany(question => Enumerable.Range(0, question.Item).Select(option => (EnterPaper.CountField(question.Index, option), "0")).Append((EnterPaper.CountField(question.Index, null), $"{ballots}"))),
    ];

    private async Task PublishAsync()
    {
        string[] results = [$"/d/{Slug}/results/en", $"/d/{Slug}/results/fr", $"/d/{Slug}/results/qps-plocm"];
        await organiser.VisitAsync(Rooms("/results", "/results?notice=paper"));
        await SubmitAsync(scribe, Desk + "/results", Desk + "/results/publish", "notice=published", await WithoutPaperAsync());
        await organiser.VisitAsync(Rooms("/results?notice=published", ""));
        await anybody.VisitAsync(["/d/" + Slug, .. results]);
        await SubmitAsync(scribe, Desk + "/results", Desk + "/results/take-back", "notice=taken-back", ("note.en", "A table was counted twice."), ("note.fr", "Une table a été comptée deux fois."));
        await organiser.VisitAsync(Rooms("/results?notice=taken-back"));
        await anybody.VisitAsync(results);
        await SubmitAsync(scribe, Desk + "/results", Desk + "/results/publish", "notice=published", [("note.en", "The table is counted once."), ("note.fr", "La table est comptée une fois."), .. await WithoutPaperAsync()]);
        await organiser.VisitAsync(Rooms("/results", "/participants"));
        await anybody.VisitAsync([.. results, $"/d/{Slug}/insights/en"]);
        await anybody.PictureAsync("results", Onlooker.Phone);
    }

    /// <summary>The organiser's word that no paper lies at the tables of which the page asks.</summary>
    private async Task<(string, string)[]> WithoutPaperAsync() =>
        [.. NoPaper().Matches((await scribe.OpenAsync(Desk + "/results")).Html).Select(table => ("noPaper", WebUtility.HtmlDecode(table.Groups[1].Value)))];

    [GeneratedRegex("name=\"noPaper\" value=\"([^\"]*)\"")]
    private static partial Regex NoPaper();

    [GeneratedRegex("(?<=· )[A-Z0-9-]+(?=</p>)")]
    private static partial Regex Badge();
}
