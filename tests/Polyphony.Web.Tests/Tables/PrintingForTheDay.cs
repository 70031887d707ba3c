using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Tables;

public sealed class PrintingForTheDay(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_withdrew_stands_on_no_list_and_has_no_badge()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "printed");
        foreach (string page in (string[])["lists", "badges"])
        {
            Assert.Contains("Zoé Été", (await day.Organiser.OpenAsync($"{day.Base}/tables/{page}")).Text, StringComparison.Ordinal);
        }

        await LeaveAsync(day, 7);
        foreach (string page in (string[])["lists", "badges"])
        {
            string text = (await day.Organiser.OpenAsync($"{day.Base}/tables/{page}")).Text;
            Assert.DoesNotContain("Zoé Été", text, StringComparison.Ordinal);
            Assert.Contains("Person 8 ", text, StringComparison.Ordinal);
        }

        string[] seats = (await (await day.Organiser.GetAsync(day.Base + "/tables/plan.csv")).Content.ReadAsStringAsync(Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + ((DialogueOfTheDay.People - 1) * DialogueOfTheDay.Rounds), seats.Length);
        Assert.DoesNotContain(seats, seat => seat.EndsWith(",7", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_anybody_who_comes_the_page_of_badges_says_so()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "badgeless");
        Assert.DoesNotContain("Nobody has said yes so far", (await day.Organiser.OpenAsync(day.Base + "/tables/badges")).Text, StringComparison.Ordinal);
        await LeaveAsync(day, [.. Enumerable.Range(1, DialogueOfTheDay.People)]);
        Page empty = await day.Organiser.OpenAsync(day.Base + "/tables/badges");
        Assert.Contains("Nobody has said yes so far", empty.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{day.Base}/participants\"", empty.Html, StringComparison.Ordinal);
    }

    private Task<int> LeaveAsync(DialogueOfTheDay day, params int[] numbers) => server.WithDbAsync(db => db.Participants
        .Where(person => person.DialogueId == day.Dialogue.Id && numbers.Contains(person.Number)).ExecuteUpdateAsync(set => set.SetProperty(person => person.Status, ParticipantStatus.Withdrew), Stop));
}
