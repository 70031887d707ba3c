using Microsoft.EntityFrameworkCore;
using Polyphony.Storage.Statements;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Statements;

/// <summary>What was shown of statements is compared with what was meant since the vote opened, not since the server started.</summary>
public sealed class RememberingTheWatch : IAsyncLifetime
{
    private readonly TestServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task It_goes_on_after_a_restart_and_raises_an_alarm_that_was_due_before_it()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "watch");
        string room = day.Base + "/statements";
        await day.Organiser.SubmitAsync(room, room + "/topic", ("topic.en", "Cars without drivers"), ("takes", "yes"));
        await day.Organiser.SubmitAsync(room, room + "/seed", ("lines.en", "Let them in.\nKeep them out."));
        await day.Organiser.SubmitAsync(room, room + "/open");
        string last = (await server.WithDbAsync(db => db.Statements.Where(s => s.DialogueId == day.Dialogue.Id).OrderByDescending(s => s.Number).Select(s => s.Id).FirstAsync(TestContext.Current.CancellationToken))).ToString();

        // Everybody comes to the same statement first, which chance alone would not do: half of them before the restart, half after it.
        for (int person = 1; person <= DialogueOfTheDay.People; person++)
        {
            if (person == (DialogueOfTheDay.People / 2) + 1)
            {
                Assert.Contains("12 views so far", (await day.Organiser.OpenAsync(room)).Text, StringComparison.Ordinal);
                await server.RestartAsync();
                Assert.Contains("12 views so far", (await day.Organiser.OpenAsync(room)).Text, StringComparison.Ordinal);
            }

            using Visitor citizen = new(server.Address);
            string page = $"/c/{await day.LinkAsync(person)}/statements";
            Assert.DoesNotContain("problem=", (await citizen.SubmitAsync(page, page, ("statement", last), ("choice", "Agree"))).Path, StringComparison.Ordinal);
        }

        await server.RestartAsync();
        Page found = await day.Organiser.OpenAsync(room);
        Assert.Contains("24 views so far", found.Text, StringComparison.Ordinal);
        Assert.Contains("Citizens are not shown what they should be", found.Text, StringComparison.Ordinal);
        List<RoutingSum> runs = await server.WithDbAsync(db => db.RoutingSums.AsNoTracking().Where(sum => sum.DialogueId == day.Dialogue.Id).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([12L, 12L], runs.Select(sum => sum.Shown.Sum()));
        Assert.All(runs, sum => Assert.InRange(12 - (sum.Intended.Sum() / 1e9), 0, 1e-6));
    }
}
