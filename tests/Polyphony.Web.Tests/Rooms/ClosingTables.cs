using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Tables;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Rooms;

public sealed partial class ClosingTables(TestServer server)
{
    [Fact]
    public async Task The_people_of_a_closed_table_move_and_nobody_else_does()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "closed");
        SeatingPlanVersion before = await day.PlanAsync();
        Page preview = await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=2&table=3&then=close");
        Assert.Contains("Table 3 closes from round 2 on.", preview.Text, StringComparison.Ordinal);
        Assert.Contains("12 changes from round 2 on", preview.Text, StringComparison.Ordinal);
        Assert.Contains("10 people who are here change tables.", preview.Text, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await day.PlanAsync()).Version);

        await ApplyAsync(day, preview);
        SeatingPlanVersion after = await day.PlanAsync();
        Assert.Equal(Places(before, 1), Places(after, 1));
        for (int round = 2; round <= DialogueOfTheDay.Rounds; round++)
        {
            Dictionary<ParticipantId, int> was = Places(before, round);
            Dictionary<ParticipantId, int> becomes = Places(after, round);
            Assert.Equal(was.Keys.OrderBy(id => id.Value), becomes.Keys.OrderBy(id => id.Value));
            Assert.All(becomes, place => Assert.True(was[place.Key] == 3 ? place.Value != 3 : place.Value == was[place.Key]));
            Assert.All(becomes.Values.CountBy(table => table), table => Assert.InRange(table.Value, 7, 9));
        }

        Assert.Equal(["""{"changes":12,"closed":3,"fromRound":2}"""], await JournalAsync(day, "seats.repaired"));
        Assert.DoesNotContain("""<option value="3">Table 3""", (await day.Organiser.OpenAsync(day.Base + "/room/seats?from=2")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_table_stays_closed_and_is_taken_back_with_its_people()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "stays-closed");
        SeatingPlanVersion before = await day.PlanAsync();
        await day.MarkAsync(3, "absent");
        await ApplyAsync(day, await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=1&table=3&then=close"));
        SeatingPlanVersion closed = await day.PlanAsync();
        Assert.DoesNotContain(closed.Seats, seat => seat.Table == 3);
        Page back = await day.Organiser.SubmitAsync(day.Base + "/room/seats", day.Base + "/room/seats/undo", ("version", $"{closed.Version}"));
        Assert.Contains("The plan before counts again.", back.Text, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await day.PlanAsync()).Version);
        Assert.Equal(["""{"inForce":1,"version":2}"""], await JournalAsync(day, "seats.repair-undone"));

        await ApplyAsync(day, await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=1&table=3&then=close"));
        await day.MarkAsync(3, "present");
        await ApplyAsync(day, await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=1"));
        SeatingPlanVersion late = await day.PlanAsync();
        Assert.Contains((await day.PersonAsync(3)).Id, Places(late, 1).Keys);
        Assert.Equal(DialogueOfTheDay.People, Places(late, 1).Count);
        Assert.DoesNotContain(late.Seats, seat => seat.Table == 3);
    }

    [Fact]
    public async Task A_facilitator_leads_two_tables_and_nobody_moves_until_it_is_taken_back()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "leads-two");
        using Visitor fadila = await day.FacilitatorAsync(4);
        Assert.NotEqual(HttpStatusCode.OK, (await fadila.OpenAsync($"/facilitate/{day.Slug}/2")).Status);
        SeatingPlanVersion before = await day.PlanAsync();
        Page preview = await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=2&table=2&then=both.{await RoleAsync(day, 4)}");
        Assert.Contains("Fadila leads table 2 as well as table 4.", preview.Text, StringComparison.Ordinal);
        Assert.Contains("0 changes from round 2 on", preview.Text, StringComparison.Ordinal);

        Page done = await ApplyAsync(day, preview);
        Assert.Contains("The facilitator can open that table from now on.", done.Text, StringComparison.Ordinal);
        SeatingPlanVersion after = await day.PlanAsync();
        Assert.Equal(Places(before, 2), Places(after, 2));
        Assert.Equal(HttpStatusCode.OK, (await fadila.OpenAsync($"/facilitate/{day.Slug}/2")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fadila.OpenAsync($"/facilitate/{day.Slug}/4")).Status);

        await day.Organiser.SubmitAsync(day.Base + "/room/seats", day.Base + "/room/seats/undo", ("version", $"{after.Version}"));
        Assert.NotEqual(HttpStatusCode.OK, (await fadila.OpenAsync($"/facilitate/{day.Slug}/2")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fadila.OpenAsync($"/facilitate/{day.Slug}/4")).Status);
        Assert.Single(await JournalAsync(day, "role.given"));
        Assert.Single(await JournalAsync(day, "role.taken"));
    }

    [Fact]
    public async Task A_facilitator_comes_to_the_table_and_their_own_one_closes()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "comes");
        using Visitor fadila = await day.FacilitatorAsync(4);
        Page preview = await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=3&table=1&then=instead.{await RoleAsync(day, 4)}");
        Assert.Contains("Fadila leads table 1 instead of table 4, which closes from round 3 on.", preview.Text, StringComparison.Ordinal);
        SeatingPlanVersion before = await day.PlanAsync();
        await ApplyAsync(day, preview);
        SeatingPlanVersion after = await day.PlanAsync();
        Assert.Equal(Places(before, 2), Places(after, 2));
        Assert.All(Places(after, 3), place => Assert.True(Places(before, 3)[place.Key] is var was && was == 4 ? place.Value != 4 : place.Value == was));
        Assert.Equal(HttpStatusCode.OK, (await fadila.OpenAsync($"/facilitate/{day.Slug}/1")).Status);
    }

    [Fact]
    public async Task What_does_not_fit_the_tables_is_said_and_nothing_is_saved()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "no-fit");
        using Visitor fadila = await day.FacilitatorAsync(4);
        string own = await RoleAsync(day, 4);
        foreach (string query in (string[])["table=9&then=close", "table=4&then=both." + own, "table=4&then=instead." + own, "table=2&then=both.0", "table=&then=close"])
        {
            Page page = await day.Organiser.OpenAsync($"{day.Base}/room/seats?from=1&{query}");
            Assert.Contains("That does not fit the tables as they are now", page.Text, StringComparison.Ordinal);
        }

        Page kept = await day.Organiser.SubmitAsync(day.Base + "/room/seats?from=1&table=1&then=close", day.Base + "/room/seats", ("from", "1"), ("version", "1"), ("table", "9"), ("then", "close"));
        Assert.Contains("Somebody else changed the plan meanwhile", kept.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await day.PlanAsync()).Version);
    }

    private static async Task<Page> ApplyAsync(DialogueOfTheDay day, Page preview)
    {
        string form = FormPattern().Match(preview.Html[preview.Html.IndexOf("id=\"changes\"", StringComparison.Ordinal)..]).Value;
        Page done = await day.Organiser.SubmitAsync(preview.Path, day.Base + "/room/seats", [.. HiddenPattern().Matches(form).Select(field => (field.Groups[1].Value, field.Groups[2].Value))]);
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Contains("Nothing needs to change", done.Text, StringComparison.Ordinal);
        return done;
    }

    private static Dictionary<ParticipantId, int> Places(SeatingPlanVersion plan, int round) =>
        plan.Seats.Where(seat => seat.Round == round).OrderBy(seat => seat.ParticipantId.Value).ToDictionary(seat => seat.ParticipantId, seat => seat.Table);

    private Task<string[]> JournalAsync(DialogueOfTheDay day, string code) => server.WithDbAsync(db =>
        db.Journal.Where(entry => entry.DialogueId == day.Dialogue.Id && entry.Code == code).OrderBy(entry => entry.Id).Select(entry => entry.Facts).ToArrayAsync(TestContext.Current.CancellationToken));

    private async Task<string> RoleAsync(DialogueOfTheDay day, int table) => (await server.WithDbAsync(db =>
        db.RoleAssignments.Where(role => role.DialogueId == day.Dialogue.Id && role.Table == table).Select((RoleAssignment role) => role.Id).SingleAsync(TestContext.Current.CancellationToken))).ToString("N");

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex FormPattern();

    [GeneratedRegex("type=\"hidden\" name=\"(from|version|table|then)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenPattern();
}
