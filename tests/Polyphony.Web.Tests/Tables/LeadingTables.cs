using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Tables;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Tables;

public sealed partial class LeadingTables(TestServer server)
{
    [Fact]
    public async Task People_sit_where_the_facilitator_speaks_their_language_and_the_planner_says_how_facilitators_are_shared()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "spoken");
        foreach (int table in Enumerable.Range(1, DialogueOfTheDay.Tables))
        {
            (await day.FacilitatorAsync(table)).Dispose();
        }

        await SpeakAsync(day, table => table <= 2 ? ["fr"] : ["en"]);
        Page done = await PlanAsync(day, ("languages", "1"));
        Assert.Contains("Version 2. In force is version 1", done.Text, StringComparison.Ordinal);
        Assert.Contains("Every rule holds", done.Text, StringComparison.Ordinal);
        Assert.Contains("How facilitators are shared", done.Text, StringComparison.Ordinal);

        // Odd people speak French, even ones English: twelve at two tables each.
        SeatingPlanVersion plan = await server.WithDbAsync(db => db.SeatingPlans.Include(known => known.Seats).SingleAsync(known => known.DialogueId == day.Dialogue.Id && known.Version == 2, TestContext.Current.CancellationToken));
        Dictionary<ParticipantId, int> numbers = await server.WithDbAsync(db => db.Participants.Where(person => person.DialogueId == day.Dialogue.Id)
            .ToDictionaryAsync(person => person.Id, person => person.Number, TestContext.Current.CancellationToken));
        Assert.All(plan.Seats, seat => Assert.Equal(numbers[seat.ParticipantId] % 2 == 1, seat.Table <= 2));

        // Where pairs meet as rarely as can be, three of twelve people sit at one table in all three rounds: one facilitator sees them each time.
        (int, int)[] led = [.. plan.Seats.GroupBy(seat => seat.Table).OrderBy(table => table.Key).Select(table => (table.Select(seat => seat.ParticipantId).Distinct().Count(), table.Count() - table.Select(seat => seat.ParticipantId).Distinct().Count()))];
        Assert.Equal(led, ExposurePattern().Matches(done.Html).Select(row => (int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture))));
        Assert.Equal(2 * (12 + 12 - 3), led.Sum(table => table.Item1));
    }

    [Fact]
    public async Task A_language_that_no_facilitator_speaks_is_said_before_planning()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "unspoken");
        foreach (int table in Enumerable.Range(1, DialogueOfTheDay.Tables))
        {
            (await day.FacilitatorAsync(table)).Dispose();
        }

        await SpeakAsync(day, _ => ["en"]);
        Page refused = await PlanAsync(day, ("languages", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);

        // So is one that nobody at the tables understands; who cannot come any more says nothing about a table.
        await SpeakAsync(day, _ => ["de"]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PlanAsync(day, ("languages", "1"))).Status);
        await LockAsync(day, DateTimeOffset.MaxValue);
        Assert.Contains("Every rule holds", (await PlanAsync(day, ("languages", "1"))).Text, StringComparison.Ordinal);
        await LockAsync(day, null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PlanAsync(day, ("languages", "1"))).Status);

        // Where it is not known what they speak, nothing is asked of a table.
        await SpeakAsync(day, _ => []);
        Assert.Contains("Every rule holds", (await PlanAsync(day, ("languages", "1"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_team_says_who_speaks_what()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "team");
        await SpeakAsync(day, _ => []);
        string page = day.Base + "/team";
        foreach (string[] spoken in (string[][])[["fr", "xx"], ["en", "fr"]])
        {
            Page team = await day.Organiser.SubmitAsync(page, page + "/invite", [("email", day.Slug + "@example.org"), ("role", "Facilitator"), ("table", "3"), .. spoken.Select(language => ("languages", language))]);
            Assert.Equal(HttpStatusCode.OK, team.Status);
            RoleAssignment role = await server.WithDbAsync(db => db.RoleAssignments.AsNoTracking().SingleAsync(known => known.DialogueId == day.Dialogue.Id && known.Table == 3, TestContext.Current.CancellationToken));
            Assert.Equal(spoken.Where(language => language != "xx"), role.Languages);
            Assert.Contains("Français", team.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>Odd people speak French, the dialogue's second language; facilitators what is said of their table.</summary>
    private Task<int> SpeakAsync(DialogueOfTheDay day, Func<int, List<string>> languages) => server.WithDbAsync(async db =>
    {
        Dialogue dialogue = await db.Dialogues.SingleAsync(known => known.Id == day.Dialogue.Id, TestContext.Current.CancellationToken);
        dialogue.Languages = ["en", "fr"];
        foreach (RoleAssignment role in await db.RoleAssignments.Where(known => known.DialogueId == day.Dialogue.Id && known.Table != null).ToListAsync(TestContext.Current.CancellationToken))
        {
            role.Languages = languages(role.Table!.Value);
        }

        HashSet<PersonId> odd = [.. await db.Participants.Where(known => known.DialogueId == day.Dialogue.Id && known.Number % 2 == 1).Select(known => known.PersonId).ToListAsync(TestContext.Current.CancellationToken)];
        foreach (Person person in await db.People.Where(known => known.DialogueId == day.Dialogue.Id).ToListAsync(TestContext.Current.CancellationToken))
        {
            person.Language = odd.Contains(person.Id) ? "fr" : "en";
        }

        return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    });

    private Task<int> LockAsync(DialogueOfTheDay day, DateTimeOffset? until) => server.WithDbAsync(db => db.Users
        .Where(staff => db.RoleAssignments.Any(role => role.DialogueId == day.Dialogue.Id && role.Table != null && role.StaffId == staff.Id))
        .ExecuteUpdateAsync(set => set.SetProperty(staff => staff.LockoutEnd, until), TestContext.Current.CancellationToken));

    private static async Task<Page> PlanAsync(DialogueOfTheDay day, params (string Name, string Value)[] more)
    {
        string page = day.Base + "/tables/rules";
        Page done = await day.Organiser.SubmitAsync(page, page, [("tables", "4"), ("rounds", "3"), ("mode.0", "Ignore"), ("then", "plan"), .. more]);
        for (int wait = 0; wait < 300 && done.Html.Contains("data-running", StringComparison.Ordinal); wait++)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            done = await day.Organiser.OpenAsync(day.Base + "/tables");
        }

        return done;
    }

    [GeneratedRegex("""<th scope="row"><bdi>[^<]*</bdi></th><td class="n">(\d+)</td><td class="n">(\d+)</td></tr>""")]
    private static partial Regex ExposurePattern();
}
