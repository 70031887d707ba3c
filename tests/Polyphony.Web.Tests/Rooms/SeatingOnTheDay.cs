using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Tables;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Rooms;

public sealed class SeatingOnTheDay(TestServer server)
{
    [Fact]
    public async Task Absent_people_leave_and_everybody_else_sits_once_in_each_round()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "absent");
        SeatingPlanVersion before = await day.PlanAsync();
        foreach (int number in (int[])[1, 5, 9, 13])
        {
            await day.MarkAsync(number, "absent");
        }

        Page room = await day.Organiser.OpenAsync(day.Base + "/room");
        Assert.Contains("4 seats are not right", room.Text, StringComparison.Ordinal);
        await ApplyAsync(day, 2);
        SeatingPlanVersion after = await day.PlanAsync();
        Assert.Equal(Places(before, 1), Places(after, 1));
        await AssertEverybodySitsAsync(day, after, from: 2, [1, 5, 9, 13]);

        // As few moves as possible: the tables are large enough, so nobody who is here changes tables.
        Dictionary<ParticipantId, int> old = Places(before, 2);
        Assert.All(Places(after, 2), place => Assert.Equal(old[place.Key], place.Value));
    }

    [Fact]
    public async Task A_late_person_gets_a_seat_again()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "late");
        await day.MarkAsync(1, "absent");
        await ApplyAsync(day, 1);
        Page arrived = await day.MarkAsync(1, "present");
        Assert.Contains("There is no seat for this person from round 1 on", arrived.Text, StringComparison.Ordinal);
        await ApplyAsync(day, 2);
        SeatingPlanVersion after = await day.PlanAsync();
        ParticipantId late = (await day.PersonAsync(1)).Id;
        Assert.DoesNotContain(after.Seats, seat => seat.Round == 1 && seat.ParticipantId == late);
        await AssertEverybodySitsAsync(day, after, from: 2, []);
    }

    [Fact]
    public async Task A_replacement_takes_the_seats_of_the_person_replaced_and_nobody_moves()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "replaced");
        Participant leaving = await day.PersonAsync(6);
        SeatingPlanVersion before = await day.PlanAsync();
        await day.MarkAsync(6, "absent");
        await day.Organiser.SubmitAsync(day.Base + "/check-in", $"{day.Base}/check-in/{leaving.Id}/release");
        await server.WithDbAsync(db => db.Participants.Where(p => p.DialogueId == day.Dialogue.Id && p.Number == 25)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Replaces, leaving.Id), TestContext.Current.CancellationToken));
        await day.SayYesAtTheDoorAsync(25);
        await ApplyAsync(day, 2);
        SeatingPlanVersion after = await day.PlanAsync();
        ParticipantId arriving = (await day.PersonAsync(25)).Id;
        for (int round = 2; round <= DialogueOfTheDay.Rounds; round++)
        {
            Assert.Equal(
                Places(before, round).Select(place => place.Key == leaving.Id ? KeyValuePair.Create(arriving, place.Value) : place).OrderBy(place => place.Key.Value),
                Places(after, round).OrderBy(place => place.Key.Value));
        }
    }

    [Fact]
    public async Task What_was_applied_can_be_undone()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "undo");
        SeatingPlanVersion before = await day.PlanAsync();
        await day.MarkAsync(2, "absent");
        await ApplyAsync(day, 1);
        SeatingPlanVersion applied = await day.PlanAsync();
        Page page = await day.Organiser.SubmitAsync(day.Base + "/room/seats", day.Base + "/room/seats/undo", ("version", applied.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(before.Version, (await day.PlanAsync()).Version);

        // An undo passes over what was undone before.
        await ApplyAsync(day, 1);
        SeatingPlanVersion second = await day.PlanAsync();
        Assert.Equal(3, second.Version);
        await day.Organiser.SubmitAsync(day.Base + "/room/seats", day.Base + "/room/seats/undo", ("version", "3"));
        Assert.Equal(before.Version, (await day.PlanAsync()).Version);
    }

    [Fact]
    public async Task A_plan_that_changed_meanwhile_is_shown_again_instead_of_overwritten()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "meanwhile");
        await day.MarkAsync(2, "absent");
        Page page = await day.Organiser.SubmitAsync(day.Base + "/room/seats?from=1", day.Base + "/room/seats", ("from", "1"), ("version", "7"));
        Assert.Contains("Somebody else changed the plan meanwhile", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await day.PlanAsync()).Version);
    }

    private static async Task ApplyAsync(DialogueOfTheDay day, int from)
    {
        string address = $"{day.Base}/room/seats?from={from}";
        Page preview = await day.Organiser.OpenAsync(address);
        string version = Regex.Match(preview.Html, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
        Page done = await day.Organiser.SubmitAsync(address, day.Base + "/room/seats", ("from", from.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("version", version));
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Contains("Nothing needs to change", done.Text, StringComparison.Ordinal);
    }

    private static Dictionary<ParticipantId, int> Places(SeatingPlanVersion plan, int round) =>
        plan.Seats.Where(seat => seat.Round == round).ToDictionary(seat => seat.ParticipantId, seat => seat.Table);

    private async Task AssertEverybodySitsAsync(DialogueOfTheDay day, SeatingPlanVersion plan, int from, int[] absent)
    {
        ParticipantId[] coming = await server.WithDbAsync(db => db.Participants
            .Where(p => p.DialogueId == day.Dialogue.Id && p.Status == ParticipantStatus.Confirmed && !absent.Contains(p.Number)).Select(p => p.Id).ToArrayAsync(TestContext.Current.CancellationToken));
        for (int round = from; round <= plan.Rounds; round++)
        {
            Assert.Equal(
                coming.OrderBy(id => id.Value),
                plan.Seats.Where(seat => seat.Round == round).Select(seat => seat.ParticipantId).OrderBy(id => id.Value));
        }
    }
}
