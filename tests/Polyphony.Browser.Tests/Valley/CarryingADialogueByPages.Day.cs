using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Polyphony.Browser.Tests.Browsing;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Browser.Tests.Valley;

/// <summary>The day itself: arrivals, the change at noon, and both votes by phone and on the tablet.</summary>
public sealed partial class CarryingADialogueByPages
{
    /// <summary>The morning's vote with two people late, the change at noon, the afternoon's vote.</summary>
    private async Task<(Ballots Morning, Ballots Afternoon)> SpendTheDayAsync(List<Citizen> citizens)
    {
        // Nobody without a phone is among the absent, the late and the one who leaves.
        List<Citizen> absent = citizens[3..8];
        List<Citizen> late = citizens[8..10];
        Citizen leaver = citizens[10];
        List<Citizen> onTime = [.. citizens[..3], .. citizens[10..]];
        await ReadBadgesAsync(citizens);
        await ReceiveAsync(onTime, late, absent);

        Ballots morning = new(3, 5);
        await OpenBallotAsync(0);
        List<Citizen> voters = [.. onTime.Where(citizen => citizen.HasPhone)];
        await VoteInBrowserAsync(voters[..InTheBrowser], 0, morning);
        await VoteByFormAsync(voters[InTheBrowser..], 0, morning);
        await MarkAsync(late[0], "present");
        await VoteByFormAsync([late[0]], 0, morning);
        await VoteOnTheTabletAsync(citizens[..InTheBrowser], morning);
        await organiser.OpenAsync(Desk + "/room");
        await organiser.PictureAsync("room-open", Onlooker.Desk);
        await CloseBallotAsync();

        await MarkAsync(late[1], "present");
        Citizen newcomer = await ReplaceAtNoonAsync(leaver);

        Ballots afternoon = new(4);
        await OpenBallotAsync(1);
        voters = [.. onTime.Where(citizen => citizen.HasPhone && citizen != leaver), .. late, newcomer];
        await VoteInBrowserAsync(voters[..InTheBrowser], 1, afternoon);
        await VoteByFormAsync(voters[InTheBrowser..], 1, afternoon);
        await VoteOnTheTabletAsync(citizens[..InTheBrowser], afternoon);
        await CloseBallotAsync();
        Assert.Equal((30, 31), (morning.Number, afternoon.Number));
        return (morning, afternoon);
    }

    /// <summary>Badges lie in the order of the numbers, as letters did.</summary>
    private async Task ReadBadgesAsync(List<Citizen> citizens)
    {
        await organiser.OpenAsync(Desk + "/tables/badges");
        IReadOnlyList<ILocator> badges = await organiser.Page.Locator("article.badge").AllAsync();
        Assert.Equal(citizens.Count, badges.Count);
        foreach ((ILocator badge, Citizen citizen) in badges.Zip(citizens))
        {
            Assert.Equal(citizen.Name, await badge.Locator(".name").InnerTextAsync());
            string[] line = (await badge.Locator(".quiet").InnerTextAsync()).Split(" · ");
            (citizen.Number, citizen.Badge) = (int.Parse(line[0], CultureInfo.InvariantCulture), line[1]);
        }
    }

    private async Task ReceiveAsync(List<Citizen> onTime, List<Citizen> late, List<Citizen> absent)
    {
        await organiser.OpenAsync(Desk);
        await organiser.FollowAsync(Desk + "/check-in");
        await organiser.LookAsync();
        foreach (Citizen citizen in onTime[..InTheBrowser])
        {
            await organiser.SendAsync("/check-in", null, ("code", citizen.Badge));
            Assert.Contains("done=present", organiser.Page.Url, StringComparison.Ordinal);
        }

        await organiser.LookAsync();
        await organiser.PictureAsync("check-in", Onlooker.Phone);
        foreach (Citizen citizen in onTime[InTheBrowser..(2 * InTheBrowser)])
        {
            await MarkAsync(citizen, "present");
        }

        await MarkByFormAsync(onTime[(2 * InTheBrowser)..]);

        foreach (Citizen citizen in late)
        {
            await MarkAsync(citizen, "late");
        }

        foreach (Citizen citizen in absent)
        {
            await MarkAsync(citizen, "absent");
        }

        await organiser.FollowAsync(Desk + "/room/seats");
        await organiser.LookAsync();
        await organiser.SendAsync("/room/seats");
        await organiser.LookAsync();
    }

    private async Task MarkAsync(Citizen citizen, string attendance)
    {
        await organiser.OpenAsync(Desk + "/check-in");
        ILocator row = organiser.Page.Locator($"#arrivals li:has(.number:text-is('{citizen.Number}'))");
        await organiser.LeaveAsync(() => row.Locator($"button[value={attendance}]").ClickAsync());
        Assert.Contains($"done={attendance}&person={citizen.Number}&", organiser.Page.Url, StringComparison.Ordinal);
    }

    /// <summary>A second helper at the door, with a list of their own.</summary>
    private async Task MarkByFormAsync(IEnumerable<Citizen> citizens)
    {
        using Visitor helper = new(server.Address);
        await helper.SubmitAsync("/account/sign-in", "/account/sign-in", ("email", "nolwenn@vallee.example"), ("password", Password));
        string page = Desk + "/check-in";
        foreach (Citizen citizen in citizens)
        {
            Page marked = await helper.SubmitAsync(page, page, ("code", citizen.Badge));
            Assert.Contains($"done=present&person={citizen.Number}&", marked.Path, StringComparison.Ordinal);
        }
    }

    /// <summary>Somebody leaves at noon and somebody else is drawn, called and seated in a minute: each page that has to be read, each field and each key costs some of it, so they are counted.</summary>
    private async Task<Citizen> ReplaceAtNoonAsync(Citizen leaver)
    {
        await organiser.OpenAsync(Desk + "/check-in");
        List<string> pages = [];
        void Count(object? sender, IResponse answer)
        {
            if (answer.Request.IsNavigationRequest && answer.Frame == organiser.Page.MainFrame && answer.Status is < 300 or >= 400)
            {
                pages.Add(new Uri(answer.Url).AbsolutePath[Desk.Length..]);
            }
        }

        organiser.Page.Response += Count;
        ILocator row = organiser.Page.Locator($"#arrivals li:has(.number:text-is('{leaver.Number}'))");
        await organiser.LeaveAsync(() => row.Locator("button[value=absent]").ClickAsync());
        await organiser.LookAsync();
        await organiser.LeaveAsync(() => organiser.Page.Locator(".notice form[action$='/release'] button").ClickAsync());
        await organiser.LookAsync();
        await organiser.PictureAsync("noon-source", Onlooker.Phone);

        // No field is filled in to name the source, and the next page waits for three digits: what is typed goes into the field by itself.
        await organiser.LeaveAsync(() => organiser.Page.Locator("button[value=dice]").ClickAsync());
        await Task.Delay(TimeSpan.FromSeconds(4.2));
        await organiser.Page.Keyboard.TypeAsync("307");
        await organiser.LookAsync();
        await organiser.PictureAsync("noon-dice", Onlooker.Phone);
        await organiser.LeaveAsync(() => organiser.Page.Keyboard.PressAsync("Enter"));
        await organiser.LookAsync();
        await organiser.PictureAsync("noon-drawn", Onlooker.Phone);
        ILocator card = organiser.Page.Locator("#drawn article");
        string name = await card.Locator("h3 bdi").InnerTextAsync();
        await organiser.LeaveAsync(() => card.Locator("button[value=present]").ClickAsync());
        await organiser.LookAsync();
        await organiser.PictureAsync("noon-seated", Onlooker.Phone);
        Assert.Equal(["/check-in", "/participants/replace", "/participants/replace", "/check-in", "/check-in"], pages);
        organiser.Page.Response -= Count;

        // The seats of the one who left, and nobody else has moved.
        ILocator seated = organiser.Page.Locator(".notice");
        int table = int.Parse(Regex.Match(await seated.Locator(".table-call").InnerTextAsync(), "[0-9]+").Value, CultureInfo.InvariantCulture);
        Assert.Contains($"in place of no. {leaver.Number} and seated from round 3 on, first at table {table}", await seated.InnerTextAsync(), StringComparison.Ordinal);
        int number = int.Parse(Regex.Match(organiser.Page.Url, "person=([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        await organiser.LeaveAsync(() => seated.Locator("form[action*='/reissue'] button").ClickAsync());
        Citizen newcomer = new(name, new Uri((await organiser.Page.Locator("article.letter a.personal-link").GetAttributeAsync("href"))!).AbsolutePath) { Number = number };
        Onlooker person = await SeatAsync("fr");
        await person.VisitAsync(newcomer.Link + "/day");
        return newcomer;
    }

    private async Task OpenBallotAsync(int session)
    {
        await organiser.OpenAsync(Desk + "/room");
        await organiser.LookAsync();
        await organiser.LeaveAsync(() => organiser.Page.Locator(".day-strip li").Nth(session).Locator("form[action$='/open'] button").ClickAsync());
    }

    private async Task CloseBallotAsync()
    {
        await organiser.OpenAsync(Desk + "/room");
        await organiser.LeaveAsync(() => organiser.Page.Locator("a.button[href*='/room/close/']").ClickAsync());
        await organiser.LookAsync();
        await organiser.SendAsync("/close");
        await organiser.LookAsync();
    }

    /// <summary>Votes one question a screen; the first of them changes their mind after the receipt.</summary>
    private async Task VoteInBrowserAsync(List<Citizen> citizens, int session, Ballots ballots)
    {
        foreach ((int index, Citizen citizen) in citizens.Index())
        {
            Onlooker person = await SeatAsync(index == 0 ? "en" : "fr");
            await person.VisitAsync(citizen.Link + "/day");
            if (index == 0)
            {
                await TakeTheBallotAsync(person);
                await AnswerAsync(person, [.. Enumerable.Repeat<int[]>([0], ballots.Questions)], look: true);
                await person.PictureAsync($"receipt-{session}", Onlooker.Phone);
                await person.OpenAsync(citizen.Link + "/day");
            }

            int[][] answers = ballots.Next();
            await TakeTheBallotAsync(person);
            await AnswerAsync(person, answers, look: false);
            ballots.Count(answers);
            await person.VisitAsync(citizen.Link + "/day");
            await person.PictureAsync($"day-{session}-{index}", Onlooker.Phone);
        }
    }

    private static Task TakeTheBallotAsync(Onlooker person) => person.LeaveAsync(() => person.Page.Locator("#day .notice a.button").First.ClickAsync());

    /// <summary>People without a phone vote one after the other on the tablet of the first table, wherever they sit.</summary>
    private async Task VoteOnTheTabletAsync(List<Citizen> citizens, Ballots ballots)
    {
        await tablet.OpenAsync($"/facilitate/{Slug}/1");
        await tablet.LookAsync();
        await tablet.PictureAsync("console", Onlooker.Desk);
        foreach ((int index, Citizen citizen) in citizens.Index())
        {
            await tablet.LeaveAsync(() => tablet.Page.Locator("a[href*='/tablet/']").ClickAsync());
            string give = new Uri(tablet.Page.Url).AbsolutePath;
            await tablet.SendAsync(give, null, ("code", citizen.Badge));
            Assert.Contains(citizen.Name, await tablet.Page.InnerTextAsync("main"), StringComparison.Ordinal);
            await tablet.LookAsync();
            await tablet.SendAsync(give, "yes");
            int[][] answers = ballots.Next();
            await AnswerAsync(tablet, answers, look: index == 0);
            ballots.Count(answers);
            await tablet.LeaveAsync(() => tablet.Page.Locator("main a[href*='/end']").ClickAsync());
            await tablet.LookAsync();
            await tablet.LeaveAsync(() => tablet.Page.Locator("main a[href^='/facilitate/']").ClickAsync());
        }
    }

    private static async Task AnswerAsync(Onlooker person, int[][] answers, bool look)
    {
        foreach (int[] answer in answers)
        {
            if (look)
            {
                await person.LookAsync();
            }

            foreach (int option in answer)
            {
                await person.Page.Locator($".choice input[value='{option}']").CheckAsync();
            }

            if (answer.Length == 0)
            {
                await person.Page.Locator(".choice input[value='none']").CheckAsync();
            }

            if (look)
            {
                await person.PictureAsync("ballot", Onlooker.Phone);
            }

            await person.LeaveAsync(() => person.Page.Locator("button[value=next]").ClickAsync());
        }

        if (look)
        {
            await person.LookAsync();
        }

        await person.LeaveAsync(() => person.Page.Locator("button[value=cast]").ClickAsync());
        Assert.NotEmpty(await person.Page.InnerTextAsync(".receipt"));
        if (look)
        {
            await person.LookAsync();
        }
    }

    private async Task VoteByFormAsync(List<Citizen> citizens, int session, Ballots ballots)
    {
        foreach (Citizen citizen in citizens)
        {
            int[][] answers = ballots.Next();
            using Visitor visitor = new(server.Address);
            Page day = await visitor.OpenAsync(citizen.Link + "/day");
            string ballot = Regex.Match(day.Html, $"{citizen.Link}/vote/[0-9a-f]+").Value;
            Assert.True(ballot.Length > 0, $"no ballot of session {session} on the day of {citizen.Number}");
            Page cast = await visitor.SubmitAsync(ballot, ballot, [
                ("key", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))), ("step", ballots.Questions.ToString(CultureInfo.InvariantCulture)), ("go", "cast"),
                .. answers.Index().Select(answer => ($"a{answer.Index}", answer.Item.Length == 0 ? "none" : string.Join(',', answer.Item))),
            ]);
            Assert.Contains("class=\"receipt\"", cast.Html, StringComparison.Ordinal);
            ballots.Count(answers);
        }
    }
}
