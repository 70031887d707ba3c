using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Tables;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Facilitation;

public sealed partial class RunningATable(TestServer server)
{
    [Fact]
    public async Task A_facilitator_comes_from_the_first_page_to_the_own_table_and_no_other()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "console");
        using DialogueOfTheDay other = await DialogueOfTheDay.MakeAsync(server, "elsewhere");
        using Visitor facilitator = await day.FacilitatorAsync(2);
        Assert.Contains($"href=\"/facilitate/{day.Slug}/2\"", (await facilitator.OpenAsync("/organise")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await facilitator.OpenAsync($"/facilitate/{day.Slug}/2")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await facilitator.OpenAsync($"/facilitate/{day.Slug}/3")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await facilitator.OpenAsync($"/facilitate/{other.Slug}/2")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await facilitator.OpenAsync(day.Base + "/room")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync($"/facilitate/{day.Slug}/0")).Status);
        Assert.Equal(HttpStatusCode.OK, (await day.Organiser.OpenAsync($"/facilitate/{day.Slug}/3")).Status);
        Assert.Contains($"href=\"/facilitate/{day.Slug}/3\"", (await day.Organiser.OpenAsync(day.Base + "/room")).Html, StringComparison.Ordinal);
        using Visitor anybody = new(server.Address);
        Assert.StartsWith("/account/sign-in", (await anybody.OpenAsync($"/facilitate/{day.Slug}/2")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sits_here_and_who_has_come_is_shown()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "arrivals");
        using Visitor facilitator = await day.FacilitatorAsync(3);

        // In the first round 3, 7, 11, 15, 19 and 23 sit at table 3.
        await day.MarkAsync(3, "present");
        await day.MarkAsync(7, "late");
        await day.MarkAsync(11, "absent");
        Page console = await facilitator.OpenAsync($"/facilitate/{day.Slug}/3");
        Assert.Contains("At this table in round 1", console.Text, StringComparison.Ordinal);
        Assert.Contains("1 of 6 here", console.Text, StringComparison.Ordinal);
        Assert.Contains("3 Person 3 here", console.Text, StringComparison.Ordinal);
        Assert.Contains("7 Zoé Été on the way", console.Text, StringComparison.Ordinal);
        Assert.Contains("11 Person 11 absent", console.Text, StringComparison.Ordinal);
        Assert.Contains("15 Person 15 not seen yet", console.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Person 4 ", console.Text, StringComparison.Ordinal);
        Assert.Contains("No session at the moment.", console.Text, StringComparison.Ordinal);
        Assert.Contains("Session 1", console.Text, StringComparison.Ordinal);

        await day.BallotAsync(1, "open");
        await day.BallotAsync(1, "close");
        await day.BallotAsync(2, "open");
        console = await facilitator.OpenAsync($"/facilitate/{day.Slug}/3");
        Assert.Contains("At this table in round 2", console.Text, StringComparison.Ordinal);
        Assert.Contains("Why?", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_there_is_a_plan_or_an_agenda_the_console_says_so()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "bare");
        using Visitor facilitator = await day.FacilitatorAsync(Tables + 1);
        Assert.Contains("The seating plan has no such table.", (await facilitator.OpenAsync($"/facilitate/{day.Slug}/{Tables + 1}")).Text, StringComparison.Ordinal);
        await server.WithDbAsync(async db =>
        {
            await db.SeatingPlans.Where(plan => plan.DialogueId == day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(plan => plan.IsCurrent, false), TestContext.Current.CancellationToken);
            return await db.Sessions.Where(session => session.DialogueId == day.Dialogue.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        });
        Page console = await facilitator.OpenAsync($"/facilitate/{day.Slug}/{Tables + 1}");
        Assert.Equal(HttpStatusCode.OK, console.Status);
        Assert.Contains("The agenda has no session yet.", console.Text, StringComparison.Ordinal);
        Assert.Contains("The tables are not planned yet.", console.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_asked_seen_taken_and_done()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "call");
        using Visitor facilitator = await day.FacilitatorAsync(2);
        string table = $"/facilitate/{day.Slug}/2";
        Page console = await facilitator.SubmitAsync(table, table + "/help");
        Assert.Contains("You have asked for help.", console.Text, StringComparison.Ordinal);
        await facilitator.SubmitAsync(table, table + "/help");
        Guid asked = (await server.WithDbAsync(db => db.HelpRequests.AsNoTracking().SingleAsync(help => help.DialogueId == day.Dialogue.Id, TestContext.Current.CancellationToken))).Id;
        Assert.Contains("Table 2 asks for help", (await day.Organiser.OpenAsync(day.Base + "/room")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("asked for help", (await day.Organiser.OpenAsync($"/facilitate/{day.Slug}/1")).Text, StringComparison.Ordinal);

        await day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/room/help/{asked}/take");
        Assert.Contains("Somebody is on the way to you.", (await facilitator.OpenAsync(table)).Text, StringComparison.Ordinal);
        await day.Organiser.SubmitAsync(day.Base + "/room", $"{day.Base}/room/help/{asked}/done");
        console = await facilitator.OpenAsync(table);
        Assert.Contains("Your last call for help is settled.", console.Text, StringComparison.Ordinal);

        console = await facilitator.SubmitAsync(table, table + "/help");
        Assert.Contains("You have asked for help.", console.Text, StringComparison.Ordinal);
        console = await facilitator.SubmitAsync(table, table + "/help/back");
        Assert.DoesNotContain("You have asked for help.", console.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("asks for help", (await day.Organiser.OpenAsync(day.Base + "/room")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_ballots_is_shown_only_once_the_vote_is_closed_and_never_whose()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "secret");
        using Visitor facilitator = await day.FacilitatorAsync(3);
        string table = $"/facilitate/{day.Slug}/3";
        SessionId session = await day.BallotAsync(1, "open");
        string before = Still(await facilitator.OpenAsync(table));
        ParticipantId[] voters = [(await day.PersonAsync(3)).Id, (await day.PersonAsync(7)).Id, (await day.PersonAsync(4)).Id];
        await server.WithDbAsync(db =>
        {
            db.Participations.AddRange(voters.Select(voter => new Participation { SessionId = session, ParticipantId = voter, Channel = BallotChannel.Phone }));
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        // Not a letter of the console changes by a vote.
        Assert.Equal(before, Still(await facilitator.OpenAsync(table)));
        await day.BallotAsync(1, "close");
        Page console = await facilitator.OpenAsync(table);
        Assert.Contains("2 ballots in, 6 seats", console.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("voted", console.Text.Replace("Who voted, and what, is never shown.", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private const int Tables = DialogueOfTheDay.Tables;

    /// <summary>A page without what differs from one look to the next: tokens, nonces, the clock.</summary>
    private static string Still(Page page) => Changing().Replace(page.Html, "");

    [GeneratedRegex("""value="[^"]{60,}"|nonce="[^"]+"|\d\d:\d\d|\d+ minutes? left""")]
    private static partial Regex Changing();
}
