using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage.Tables;
using Polyphony.Web.Tables;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Tables;

/// <summary>24 people at 4 tables for 3 rounds; in round 1 table 1 holds 1, 5, 9, 13, 17, 21 and table 2 holds 2, 6 and so on.</summary>
public sealed class ChangingTheDraft(TestServer server)
{
    [Fact]
    public async Task A_person_moved_by_the_form_sits_at_the_other_table_and_the_plan_in_force_stays()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "form");
        Page page = await DoAsync(day, "move", ("person", "1"), ("to", "2"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(["5", "9", "13", "17", "21"], People(page, 1));
        Assert.Equal(["2", "6", "10", "14", "18", "22", "1"], People(page, 2));
        Assert.Contains("Draft: 1 change since version 1", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await day.PlanAsync()).Seats.Single(seat => seat.Round == 1 && seat.Number == 1).Table);

        // Nothing is lost on reload.
        Assert.Equal(People(page, 2), People(await day.Organiser.OpenAsync(day.Base + "/tables"), 2));
    }

    [Fact]
    public async Task Two_people_are_exchanged_and_keep_each_others_seats()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "swap");
        Page page = await DoAsync(day, "move", ("round", "2"), ("person", "1"), ("to", $"{await TableAsync(day, 2, 2)}/2"));
        Assert.Contains("round=2", page.Path, StringComparison.Ordinal);
        Assert.Contains("1", People(page, await TableAsync(day, 2, 2)));
        Assert.Contains("2", People(page, await TableAsync(day, 2, 1)));
        Assert.All(Enumerable.Range(1, 4), table => Assert.Equal(6, People(page, table).Length));
    }

    [Fact]
    public async Task Steps_are_undone_and_done_again_and_a_new_step_forgets_what_was_undone()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "steps");
        string[] first = People(await day.Organiser.OpenAsync(day.Base + "/tables"), 1);
        string[] second = People(await DoAsync(day, "move", ("person", "1"), ("to", "2")), 1);
        string[] third = People(await DoAsync(day, "move", ("person", "5"), ("to", "2")), 1);
        Assert.Equal(second, People(await DoAsync(day, "undo"), 1));
        Assert.Equal(first, People(await DoAsync(day, "undo"), 1));
        Assert.Equal(first, People(await DoAsync(day, "undo"), 1));
        Assert.Equal(second, People(await DoAsync(day, "redo"), 1));
        Assert.Equal(third, People(await DoAsync(day, "redo"), 1));
        await DoAsync(day, "undo");
        string[] other = People(await DoAsync(day, "move", ("person", "9"), ("to", "3")), 1);
        Assert.Equal(other, People(await DoAsync(day, "redo"), 1));
    }

    [Fact]
    public async Task Somebody_pinned_is_moved_by_nobody_until_freed()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "pins");
        Assert.Contains("stays here", (await DoAsync(day, "pin", ("person", "1"), ("pin", "round"))).Html, StringComparison.Ordinal);
        Assert.Contains("stays at their table", (await DoAsync(day, "move", ("person", "1"), ("to", "2"))).Text, StringComparison.Ordinal);
        Page other = await DoAsync(day, "move", ("person", "2"), ("to", "1/1"));
        Assert.Contains("stays at their table", other.Text, StringComparison.Ordinal);
        Assert.Contains("1", People(other, 1));
        await DoAsync(day, "pin", ("person", "1"), ("pin", "free"));
        Assert.Contains("1", People(await DoAsync(day, "move", ("person", "1"), ("to", "2")), 2));
    }

    [Fact]
    public async Task Improving_leaves_the_pinned_where_they_are_and_can_be_undone()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "improve");
        await DoAsync(day, "pin", ("person", "1"), ("pin", "all"));
        Page page = await DoAsync(day, "improve", ("from", "1"));
        for (int wait = 0; wait < 300 && page.Html.Contains("data-running", StringComparison.Ordinal); wait++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            page = await day.Organiser.OpenAsync(day.Base + "/tables");
        }

        Assert.Contains("Draft: 2 changes", page.Text, StringComparison.Ordinal);
        Assert.Contains("1", People(page, 1));
        SeatingStep[] steps = await server.WithDbAsync(db => db.SeatingSteps.Where(step => step.SiteId == day.Dialogue.Sites[0].Id).OrderBy(step => step.Number).ToArrayAsync(TestContext.Current.CancellationToken));
        DraftState before = DraftState.Read(steps[0].StateJson);
        DraftState after = DraftState.Read(steps[1].StateJson);
        Assert.All(Enumerable.Range(0, 3), round => Assert.Equal(before.TableOf(round, 1), after.TableOf(round, 1)));
        Assert.All(Enumerable.Range(0, 3), round => Assert.Equal(Enumerable.Range(1, 24), after.Rounds[round].SelectMany(table => table).Order()));
        Assert.True(Pairs(after) > Pairs(before), $"{Pairs(before)} -> {Pairs(after)}");
        Assert.Equal(before.Rounds[0][1].Select(number => $"{number}"), People(await DoAsync(day, "undo"), 2));
    }

    [Fact]
    public async Task A_draft_put_in_force_counts_on_the_day_and_every_version_stays()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "force");
        await DoAsync(day, "move", ("person", "1"), ("to", "2"));
        Page page = await DoAsync(day, "in-force", ("over", "1"));
        Assert.Contains("This plan is in force now", page.Text, StringComparison.Ordinal);
        SeatingPlanVersion plan = await day.PlanAsync();
        Assert.Equal((2, 1, "edited"), (plan.Version, plan.BasedOn, plan.ReasonCode));
        Assert.NotNull(plan.CreatedBy);
        Assert.Equal(2, plan.Seats.Single(seat => seat.Round == 1 && seat.ParticipantId == Person(day, 1).Result).Table);
        Page versions = await day.Organiser.OpenAsync(day.Base + "/tables/versions");
        Assert.Contains("changed by hand, from version 1", versions.Text, StringComparison.Ordinal);
        Assert.Contains("Odile", versions.Text, StringComparison.Ordinal);

        // Opened again, the first version is a draft; what counts does not change before somebody says so.
        await day.Organiser.SubmitAsync(day.Base + "/tables/versions", day.Base + "/tables/open", ("version", "1"));
        Assert.Equal(2, (await day.PlanAsync()).Version);
        await DoAsync(day, "in-force", ("over", "2"));
        Assert.Equal(1, (await day.PlanAsync()).Version);
    }

    [Fact]
    public async Task Opening_another_version_keeps_what_was_changed()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "kept");
        string[] changed = People(await DoAsync(day, "move", ("person", "1"), ("to", "2")), 2);
        await day.Organiser.SubmitAsync(day.Base + "/tables/versions", day.Base + "/tables/open", ("version", "1"));
        Assert.Equal(6, People(await day.Organiser.OpenAsync(day.Base + "/tables"), 2).Length);
        await day.Organiser.SubmitAsync(day.Base + "/tables/versions", day.Base + "/tables/open", ("version", "2"));
        Assert.Equal(changed, People(await day.Organiser.OpenAsync(day.Base + "/tables"), 2));
        Assert.Equal(1, (await day.PlanAsync()).Version);
    }

    [Fact]
    public async Task The_repair_of_the_day_is_of_the_plan_in_force_and_a_draft_says_that_it_does_not_know_it()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "repair");
        await DoAsync(day, "move", ("person", "1"), ("to", "2"));
        await day.MarkAsync(9, "absent");
        Page preview = await day.Organiser.OpenAsync(day.Base + "/room/seats?from=1");
        string version = Regex.Match(preview.Html, "name=\"version\" value=\"(\\d+)\"").Groups[1].Value;
        await day.Organiser.SubmitAsync(day.Base + "/room/seats?from=1", day.Base + "/room/seats", ("from", "1"), ("version", version));
        SeatingPlanVersion repaired = await day.PlanAsync();
        Assert.Equal(("repaired", 1), (repaired.ReasonCode, repaired.BasedOn));
        Assert.Equal(1, repaired.Seats.Single(seat => seat.Round == 1 && seat.ParticipantId == Person(day, 1).Result).Table);
        Page page = await day.Organiser.OpenAsync(day.Base + "/tables");
        Assert.Contains("In force is version 2: the draft does not know what changed there", page.Text, StringComparison.Ordinal);
        Assert.Contains("Somebody else changed the plan meanwhile", (await DoAsync(day, "in-force", ("over", "1"))).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await day.PlanAsync()).Version);
        await DoAsync(day, "undo");
        Assert.Contains("Version 2, in force", (await day.Organiser.OpenAsync(day.Base + "/tables")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_to_a_draft_that_somebody_changed_meanwhile_is_refused()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "two");
        string seen = Seen(await day.Organiser.OpenAsync(day.Base + "/tables"));
        await DoAsync(day, "move", ("person", "1"), ("to", "2"));
        Page late = await day.Organiser.SubmitAsync(day.Base + "/tables", day.Base + "/tables/move", ("seen", seen), ("person", "5"), ("to", "2"));
        Assert.Contains("Somebody else changed the plan meanwhile", late.Text, StringComparison.Ordinal);
        Assert.Contains("5", People(late, 1));
    }

    [Theory]
    [InlineData("1", "9")]
    [InlineData("1", "2/5")]
    [InlineData("1", "")]
    [InlineData("1", "2/x")]
    [InlineData("99", "2")]
    [InlineData("25", "2")]
    public async Task What_is_not_there_moves_nobody(string person, string to)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "nowhere");
        Page page = await DoAsync(day, "move", ("person", person), ("to", to));
        Assert.Contains("Nobody was moved", page.Text, StringComparison.Ordinal);
        Assert.Contains("Version 1, in force", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_gets_the_changed_parts_with_measures_and_named_violations()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "parts");
        string seen = Seen(await day.Organiser.OpenAsync(day.Base + "/tables"));
        using HttpRequestMessage request = new(HttpMethod.Post, day.Base + "/tables/move")
        {
            Content = new FormUrlEncodedContent([.. await day.Organiser.TokenAsync(day.Base + "/tables"), new("seen", seen), new("round", "1"), new("person", "1"), new("to", "2")]),
        };
        request.Headers.Accept.ParseAdd(ChangeDraft.PartType);
        using HttpResponseMessage response = await day.Organiser.SendAsync(request);
        Page parts = new("", response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, parts.Status);
        Assert.Equal(["planner-said", "planner-bar", "table-1", "table-2", "planner-person", "planner-balance"], Regex.Matches(parts.Html, "<(?:p|div|section)[^>]* id=\"(planner-said|planner-bar|planner-person|planner-balance|table-\\d+)\"|<p id=\"(planner-said)\"").Select(match => match.Groups[1].Value + match.Groups[2].Value));
        Assert.DoesNotContain("<html", parts.Html, StringComparison.Ordinal);
        Assert.Contains("Zoé Été", (await day.Organiser.OpenAsync(day.Base + "/tables?names=yes")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_reach_the_plan_and_what_is_wrong_with_them_is_said_at_once()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "choices");
        string page = day.Base + "/tables/rules";
        Page wrong = await day.Organiser.SubmitAsync(page, page, ("tables", "4"), ("rounds", "3"), ("together", "1\n2 99"), ("fixed", "1 9"), ("hosts", "x"), ("then", "plan"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Contains("a line needs two people", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("Nobody has the number “x”", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("“1 9”", wrong.Text, StringComparison.Ordinal);
        Page impossible = await day.Organiser.SubmitAsync(page, page, ("tables", "4"), ("rounds", "3"), ("together", "1 2"), ("apart", "2 1"), ("then", "plan"));
        Assert.Contains("to sit together with somebody and apart", impossible.Text, StringComparison.Ordinal);

        Page done = await day.Organiser.SubmitAsync(
            page, page, ("tables", "4 4 3"), ("rounds", "3"), ("value", "Harmonic"), ("mode.0", "Ignore"), ("together", "1 2"), ("apart", "3 4"), ("fixed", "5 2\n6 1 3"), ("hosts", "7"), ("then", "plan"));
        for (int wait = 0; wait < 300 && done.Html.Contains("data-running", StringComparison.Ordinal); wait++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            done = await day.Organiser.OpenAsync(day.Base + "/tables");
        }

        // A second plan is a version that nobody put in force yet.
        Assert.Contains("Version 2. In force is version 1", done.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await day.PlanAsync()).Version);
        SeatingPlanVersion plan = await server.WithDbAsync(db => db.SeatingPlans.Include(known => known.Seats).SingleAsync(known => known.DialogueId == day.Dialogue.Id && known.Version == 2, TestContext.Current.CancellationToken));
        Dictionary<int, int> Round(int round) => plan.Seats.Where(seat => seat.Round == round).ToDictionary(seat => Number(day, seat.ParticipantId), seat => seat.Table);
        Assert.Equal([4, 4, 3], Enumerable.Range(1, 3).Select(round => Round(round).Values.Distinct().Count()));
        Assert.All(Enumerable.Range(1, 3), round => Assert.Equal(Round(round)[1], Round(round)[2]));
        Assert.All(Enumerable.Range(1, 3), round => Assert.NotEqual(Round(round)[3], Round(round)[4]));
        Assert.All(Enumerable.Range(1, 3), round => Assert.Equal(2, Round(round)[5]));
        Assert.Equal(1, Round(3)[6]);
        Assert.Single(Enumerable.Range(1, 3).Select(round => Round(round)[7]).Distinct());
        Assert.Equal(Polyphony.Seating.MeetingValue.Harmonic, SeatingChoices.Of(plan).Value);
    }

    /// <summary>Submits a form of the planner as its page has it.</summary>
    private static async Task<Page> DoAsync(DialogueOfTheDay day, string verb, params (string Name, string Value)[] fields) =>
        await day.Organiser.SubmitAsync(day.Base + "/tables", $"{day.Base}/tables/{verb}", [("seen", Seen(await day.Organiser.OpenAsync(day.Base + "/tables"))), .. fields]);

    private static string Seen(Page page) => Regex.Match(page.Html, "name=\"seen\" value=\"([^\"]+)\"").Groups[1].Value;

    /// <summary>The numbers at a table of the page, in the order of the ring.</summary>
    private static string[] People(Page page, int table)
    {
        string section = Regex.Match(page.Html, $"<section id=\"table-{table}\".*?</section>", RegexOptions.Singleline).Value;
        return [.. Regex.Matches(section, "<a class=\"seat\"[^>]* data-person=\"(\\d+)\"").Select(match => match.Groups[1].Value)];
    }

    private static int Pairs(DraftState state) => state.Rounds.SelectMany(round => round).SelectMany(table => table.SelectMany(a => table.Where(b => b > a).Select(b => (a, b)))).Distinct().Count();

    private static async Task<int> TableAsync(DialogueOfTheDay day, int round, int number)
    {
        Dialogues.ParticipantId person = await Person(day, number);
        return (await day.PlanAsync()).Seats.Single(seat => seat.Round == round && seat.ParticipantId == person).Table;
    }

    private static async Task<Dialogues.ParticipantId> Person(DialogueOfTheDay day, int number) => (await day.PersonAsync(number)).Id;

    private int Number(DialogueOfTheDay day, Dialogues.ParticipantId id) =>
        server.WithDbAsync(db => db.Participants.Where(person => person.DialogueId == day.Dialogue.Id && person.Id == id).Select(person => person.Number).SingleAsync(TestContext.Current.CancellationToken)).Result;
}
