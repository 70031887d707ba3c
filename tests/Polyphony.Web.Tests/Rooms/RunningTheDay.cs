using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Rooms;
using Polyphony.Web.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Rooms;

public sealed class RunningTheDay(TestServer server)
{
    [Fact]
    public async Task A_ballot_is_opened_and_closed_from_the_room()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "ballot");
        SessionId session = (await day.SessionAsync(1)).Id;
        Page room = await day.Organiser.OpenAsync(day.Base + "/room");
        Assert.Contains($"action=\"{day.Base}/sessions/{session}/open\"", room.Html, StringComparison.Ordinal);
        room = await day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/sessions/{session}/open");
        Assert.Equal(HttpStatusCode.OK, room.Status);
        Assert.Equal(BallotState.Open, (await day.SessionAsync(1)).BallotAt(day.Dialogue.Sites[0].Id));
        Assert.Contains($"href=\"{day.Base}/room/close/{session}\"", room.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("/close\"", room.Html, StringComparison.Ordinal);

        string ask = $"{day.Base}/room/close/{session}";
        Assert.Contains("Closing is final", (await day.Organiser.OpenAsync(ask)).Text, StringComparison.Ordinal);
        Assert.Equal(BallotState.Open, (await day.SessionAsync(1)).BallotAt(day.Dialogue.Sites[0].Id));
        room = await day.Organiser.SubmitAsync(ask, $"{day.Base}/sessions/{session}/close");
        Assert.Contains("Ballot closed", room.Text, StringComparison.Ordinal);
        Assert.Equal(BallotState.Closed, (await day.SessionAsync(1)).BallotAt(day.Dialogue.Sites[0].Id));
        Assert.Contains("This ballot is not open", (await day.Organiser.OpenAsync(ask)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_ballots_is_exact_only_after_closing()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "number");
        SessionId session = (await day.SessionAsync(1)).Id;
        await day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/sessions/{session}/open");
        await server.WithDbAsync(async db =>
        {
            for (int i = 0; i < 37; i++)
            {
                db.Ballots.Add(new Ballot { Key = RandomNumberGenerator.GetBytes(16), SessionId = session, SiteId = day.Dialogue.Sites[0].Id, Locator = RandomNumberGenerator.GetBytes(32), Strata = "0", Answers = "0" });
            }

            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        foreach (string path in (string[])["/room", "/room/close/" + session])
        {
            Page open = await day.Organiser.OpenAsync(day.Base + path);
            Assert.Contains("30 or more", open.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b37\b", System.Text.RegularExpressions.Regex.Replace(open.Text, @"\d\d:\d\d", ""));
        }

        await server.WithDbAsync(db => db.SiteBallots.Where(ballot => ballot.SessionId == session)
            .ExecuteUpdateAsync(set => set.SetProperty(ballot => ballot.State, BallotState.Closed), TestContext.Current.CancellationToken));
        Assert.Contains("37 ballots", (await day.Organiser.OpenAsync(day.Base + "/room")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_dialogues_session_cannot_be_closed_from_here()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "here");
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "there");
        SessionId session = (await other.SessionAsync(1)).Id;
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync($"{day.Base}/room/close/{session}")).Status);
    }

    [Fact]
    public async Task A_table_that_asks_for_help_is_seen_until_somebody_has_helped()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "help");
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "nohelp");
        Guid asked = Guid.CreateVersion7();
        await server.WithDbAsync(db =>
        {
            db.HelpRequests.Add(new HelpRequest { Id = asked, DialogueId = day.Dialogue.Id, Table = 2, AskedAt = TimeProvider.System.GetUtcNow() });
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        Assert.Contains("Table 2 asks for help", (await day.Organiser.OpenAsync(day.Base + "/room")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("asks for help", (await other.Organiser.OpenAsync(other.Base + "/room")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Organiser.SubmitAsync(other.Base + "/room", $"{other.Base}/room/help/{asked}/done")).Status);
        Page going = await day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/room/help/{asked}/take");
        Assert.Contains("somebody is on the way", going.Text, StringComparison.Ordinal);
        Page done = await day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/room/help/{asked}/done");
        Assert.DoesNotContain("asks for help", done.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_that_runs_late_is_shown_by_what_happened_and_not_by_the_timetable()
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        SiteId site = new(Guid.CreateVersion7());
        Session[] sessions = [.. Enumerable.Range(1, 4).Select(position => new Session
        {
            Position = position, Date = new(2027, 5, 29), Start = new(8 + position, 0), Minutes = 60, Round = position, Questions = [new Question()],
            Ballots = position switch { 1 => [new SiteBallot { SiteId = site, State = BallotState.Closed }], 2 => [new SiteBallot { SiteId = site, State = BallotState.Open }], _ => [] },
        })];

        // 12:30 in Paris: by the timetable the fourth would be on.
        DayClock day = DayClock.Of(sessions, site, zone, new DateTimeOffset(2027, 5, 29, 10, 30, 0, TimeSpan.Zero));
        Assert.Equal([SlotPlace.Past, SlotPlace.Now, SlotPlace.Next, SlotPlace.Later], day.Slots.Select(slot => slot.Place));
        Assert.Equal(2, day.CurrentRound(4));
        Assert.Equal(3, day.NextRound(4));
        Assert.Equal(new DateTime(2027, 5, 29, 12, 30, 0), day.Now);
    }
}
