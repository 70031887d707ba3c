using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;
using Polyphony.Web.Tests.Votes;

namespace Polyphony.Web.Tests.Facilitation;

public sealed class SharingATablet(TestServer server)
{
    [Fact]
    public async Task A_turn_makes_one_ballot_and_leaves_nothing_on_the_screen()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "tablet");
        await day.MarkAsync(3, "present");
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor tablet = await day.FacilitatorAsync(3);
        string table = $"/facilitate/{day.Slug}/3";
        string door = $"{table}/tablet/{session}";
        Assert.Contains($"href=\"{door}\"", (await tablet.OpenAsync(table)).Html, StringComparison.Ordinal);
        Participant person = await day.PersonAsync(3);
        Booth booth = await new Booth(tablet).OpenAsync(door);
        await booth.SendAsync(null, ("code", $" {person.BadgeCode[..3]}-{person.BadgeCode[3..].ToLowerInvariant()} "));
        Assert.Contains("Is this person in front of you?", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Contains("No. 3 · Person 3", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(0, await TurnsAsync(session));

        await booth.SendAsync(null, ("confirmed", "yes"));
        string turn = booth.Screen.Path;
        Assert.StartsWith("/t/", turn, StringComparison.Ordinal);
        Assert.DoesNotContain("/facilitate/", booth.Screen.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/organise", booth.Screen.Html, StringComparison.Ordinal);
        await booth.PressAsync("next", "1");
        Assert.True(booth.Answer.Headers.CacheControl!.NoStore);
        Assert.Contains("cannot be changed once it is cast", booth.Screen.Text, StringComparison.Ordinal);
        Page review = booth.Screen;
        await booth.PressAsync("cast");
        Assert.Matches("[0-9A-Z]{4}-[0-9A-Z]{4}", booth.Screen.Text);
        Participation took = await server.WithDbAsync(db => db.Participations.AsNoTracking().SingleAsync(p => p.SessionId == session, TestContext.Current.CancellationToken));
        Assert.Equal((person.Id, BallotChannel.Tablet), (took.ParticipantId, took.Channel));
        Assert.Equal(1, await BallotsAsync(session));

        // Back, again, and a bookmark: nothing of the ballot is there.
        Page end = await tablet.OpenAsync(Regex.Match(booth.Screen.Html, $"href=\"({turn}/end[^\"]*)\"").Groups[1].Value);
        Assert.Contains("Please hand the tablet to the facilitator", end.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{table}\"", end.Html, StringComparison.Ordinal);
        foreach (Page back in (Page[])[await tablet.OpenAsync(turn), await booth.Remember(review).PressAsync("cast")])
        {
            Assert.Equal(HttpStatusCode.Gone, back.Status);
            Assert.Contains("Your ballot is in.", back.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Option", back.Text, StringComparison.Ordinal);
        }

        Assert.Equal(1, await BallotsAsync(session));

        // After closing nobody can tell the turn from one that never was.
        await day.BallotAsync(1, "close");
        Page gone = await tablet.OpenAsync(turn);
        Assert.Equal(HttpStatusCode.NotFound, gone.Status);
        Assert.Contains("no longer open on the tablet", gone.Text, StringComparison.Ordinal);
        Assert.Contains("1 ballot in, 6 seats", (await tablet.OpenAsync(table)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journal_knows_of_the_turn_and_not_of_the_person()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "journal");
        (SessionId session, Booth _) = await GiveAsync(day, 3);
        string facts = await server.WithDbAsync(db => db.Journal.Where(entry => entry.DialogueId == day.Dialogue.Id && entry.Code == "tablet.turn-given")
            .Select(entry => entry.Facts!).SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"{{\"session\":\"{session}\",\"table\":3}}", facts);
    }

    [Fact]
    public async Task A_turn_that_was_left_alone_is_over_and_a_new_one_ends_the_old()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "left");
        (SessionId session, Booth booth) = await GiveAsync(day, 3);
        string turn = booth.Screen.Path;
        await booth.PressAsync("next", "0");
        Assert.StartsWith("601;url=" + turn, booth.Answer.Headers.GetValues("Refresh").Single(), StringComparison.Ordinal);
        Page review = booth.Screen;
        await server.WithDbAsync(db => db.TabletTurns.Where(given => given.SessionId == session)
            .ExecuteUpdateAsync(set => set.SetProperty(given => given.ExpiresAt, TimeProvider.System.GetUtcNow().AddSeconds(-1)), TestContext.Current.CancellationToken));
        foreach (Page late in (Page[])[await booth.PressAsync("cast"), (await booth.OpenAsync(turn)).Screen])
        {
            Assert.Equal(HttpStatusCode.Gone, late.Status);
            Assert.Contains("The time is over. The answers were not stored.", late.Text, StringComparison.Ordinal);
        }

        await GiveAsync(day, 3, booth);
        Assert.Equal(1, await TurnsAsync(session));
        Assert.Equal(HttpStatusCode.NotFound, (await booth.Remember(review).PressAsync("cast")).Status);
        Assert.Equal(0, await BallotsAsync(session));
    }

    [Fact]
    public async Task Each_answer_gives_time_anew_and_stopping_takes_it_all()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "patience");
        (SessionId session, Booth booth) = await GiveAsync(day, 3);
        string turn = booth.Screen.Path;
        DateTimeOffset soon = TimeProvider.System.GetUtcNow().AddMinutes(1);
        await server.WithDbAsync(db => db.TabletTurns.Where(given => given.SessionId == session).ExecuteUpdateAsync(set => set.SetProperty(given => given.ExpiresAt, soon), TestContext.Current.CancellationToken));
        await booth.PressAsync("next", "0");
        Assert.True(await server.WithDbAsync(db => db.TabletTurns.Where(given => given.SessionId == session).Select(given => given.ExpiresAt).SingleAsync(TestContext.Current.CancellationToken)) > soon.AddMinutes(5));
        await booth.PressAsync("stop");
        Assert.Contains("Please hand the tablet to the facilitator", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await booth.OpenAsync(turn)).Screen.Status);
        Assert.Equal(0, await BallotsAsync(session));
    }

    [Fact]
    public async Task The_language_changes_for_this_screen_and_keeps_the_answers()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "langue");
        (SessionId _, Booth booth) = await GiveAsync(day, 3);
        await booth.PressAsync("next", "1");
        await booth.SendAsync(booth.Screen.Path.Split('?')[0] + "?lang=fr", ("go", "to-0"));
        Assert.Contains("Suivant", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(["1"], booth.Ticked);
        await booth.PressAsync("next", "1");
        Assert.Contains("Relisez vos réponses", booth.Screen.Text, StringComparison.Ordinal);
        Assert.False(booth.Answer.Headers.Contains("Set-Cookie"));
        await booth.PressAsync("cast");
        Assert.Contains("Effacer l’écran", booth.Screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_voted_by_phone_keeps_that_ballot_and_learns_so_on_casting()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "phone");
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor citizen = new(server.Address);
        string path = $"/c/{await day.LinkAsync(3)}/vote/{session}";
        Booth phone = await new Booth(citizen).OpenAsync(path);
        await phone.PressAsync("next", "0");
        await phone.PressAsync("cast");
        string kept = await AnswersAsync(session);

        (_, Booth booth) = await GiveAsync(day, 3);
        Assert.DoesNotContain("voted", booth.Screen.Text, StringComparison.Ordinal);
        await booth.PressAsync("next", "1");
        await booth.PressAsync("cast");
        Assert.Equal(HttpStatusCode.Conflict, booth.Screen.Status);
        Assert.Contains("A ballot of yours is in already", booth.Screen.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Option 2", booth.Screen.Text, StringComparison.Ordinal);
        Assert.Equal(kept, await AnswersAsync(session));
        await phone.OpenAsync(path);
        await phone.PressAsync("next", "1");
        await phone.PressAsync("cast");
        Assert.NotEqual(kept, await AnswersAsync(session));
    }

    [Fact]
    public async Task Whoever_voted_on_the_tablet_cannot_vote_by_phone_or_once_more()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "once");
        (SessionId session, Booth booth) = await GiveAsync(day, 3);
        await booth.PressAsync("next", "0");
        await booth.PressAsync("cast");
        string kept = await AnswersAsync(session);
        await GiveAsync(day, 3, booth);
        await booth.PressAsync("next", "1");
        await booth.PressAsync("cast");
        Assert.Equal(HttpStatusCode.Conflict, booth.Screen.Status);
        using Visitor citizen = new(server.Address);
        Booth phone = await new Booth(citizen).OpenAsync($"/c/{await day.LinkAsync(3)}/vote/{session}");
        await phone.PressAsync("next", "1");
        await phone.PressAsync("cast");
        Assert.Equal(HttpStatusCode.Conflict, phone.Screen.Status);
        Assert.Equal(kept, await AnswersAsync(session));
    }

    [Fact]
    public async Task Only_the_badge_of_somebody_who_is_here_opens_a_ballot()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "badges");
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "strangers");
        SessionId session = await day.BallotAsync(1, "open");
        await other.MarkAsync(4, "present");
        string link = await day.LinkAsync(3);
        using Visitor tablet = await day.FacilitatorAsync(3);
        string door = $"/facilitate/{day.Slug}/3/tablet/{session}";
        foreach ((string code, string sentence) in new[]
        {
            ("", "Type the code of the badge"),
            ("QQQQQQ", "This code is on no badge"),
            ((await other.PersonAsync(4)).BadgeCode, "This code is on no badge"),
            ((await day.PersonAsync(3)).BadgeCode, "This person is not checked in."),
            ((await day.PersonAsync(25)).BadgeCode, "This person is not checked in."),
            ("https://example.org/c/" + link, "This is the personal link for voting"),
            (link, "This is the personal link for voting"),
        })
        {
            foreach (string confirmed in (string[])["", "yes"])
            {
                Page page = await tablet.SubmitAsync(door, door, ("code", code), ("confirmed", confirmed));
                Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
                Assert.Contains(sentence, page.Text, StringComparison.Ordinal);
                Assert.DoesNotContain(link, page.Html, StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, await TurnsAsync(session));
        Assert.Equal(HttpStatusCode.NotFound, (await tablet.OpenAsync("/t/" + link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await tablet.OpenAsync($"/facilitate/{day.Slug}/3/tablet/{await other.BallotAsync(1, "open")}")).Status);
    }

    [Fact]
    public async Task A_ballot_that_is_not_open_gives_no_turn_and_an_open_turn_is_for_its_session_only()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "closed");
        (SessionId session, Booth booth) = await GiveAsync(day, 3);
        await booth.PressAsync("next", "0");
        Page review = booth.Screen;
        await day.BallotAsync(1, "close");
        Page late = await booth.Remember(review).PressAsync("cast");
        Assert.Equal(HttpStatusCode.NotFound, late.Status);
        Assert.Contains("no longer open on the tablet", late.Text, StringComparison.Ordinal);
        Assert.Equal(0, await BallotsAsync(session));

        SessionId next = (await day.SessionAsync(2)).Id;
        string door = $"/facilitate/{day.Slug}/3/tablet/{next}";
        Assert.Contains("This vote is not open.", (await day.Organiser.OpenAsync(door)).Text, StringComparison.Ordinal);
        Page refused = await day.Organiser.SubmitAsync($"/facilitate/{day.Slug}/3", door, ("code", (await day.PersonAsync(3)).BadgeCode), ("confirmed", "yes"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(0, await TurnsAsync(next));
    }

    [Fact]
    public async Task Somebody_of_another_table_may_vote_here_and_the_facilitator_is_told()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "guest");
        await day.MarkAsync(4, "present");
        SessionId session = await day.BallotAsync(1, "open");
        using Visitor tablet = await day.FacilitatorAsync(3);
        string door = $"/facilitate/{day.Slug}/3/tablet/{session}";
        Page page = await tablet.SubmitAsync(door, door, ("code", (await day.PersonAsync(4)).BadgeCode));
        Assert.Contains("this person sits at table 4", page.Text, StringComparison.Ordinal);
    }

    /// <summary>Gives somebody a turn at the organiser's own tablet, in the first session.</summary>
    private static async Task<(SessionId Session, Booth Booth)> GiveAsync(DialogueOfTheDay day, int number, Booth? booth = null)
    {
        await day.MarkAsync(number, "present");
        SessionId session = await day.BallotAsync(1, "open");
        booth = await (booth ?? new Booth(day.Organiser)).OpenAsync($"/facilitate/{day.Slug}/3/tablet/{session}");
        await booth.SendAsync(null, ("code", (await day.PersonAsync(number)).BadgeCode), ("confirmed", "yes"));
        Assert.StartsWith("/t/", booth.Screen.Path, StringComparison.Ordinal);
        return (session, booth);
    }

    private Task<int> TurnsAsync(SessionId session) => server.WithDbAsync(db => db.TabletTurns.CountAsync(turn => turn.SessionId == session, TestContext.Current.CancellationToken));

    private Task<int> BallotsAsync(SessionId session) => server.WithDbAsync(db => db.Ballots.CountAsync(ballot => ballot.SessionId == session, TestContext.Current.CancellationToken));

    private Task<string> AnswersAsync(SessionId session) => server.WithDbAsync(db => db.Ballots.Where(ballot => ballot.SessionId == session).Select(ballot => ballot.Answers).SingleAsync(TestContext.Current.CancellationToken));
}
