using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage.Draws;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>A test run with throw-away randomness on the large screen, then the real ceremony on it.</summary>
public sealed class RehearsingACeremony(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_marked_draws_nobody_and_never_becomes_the_panel()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "rehearsed");
        Assert.EndsWith("?problem=not-computed", (await town.Organiser.PostAsync(town.Draw + "/test")).Path, StringComparison.Ordinal);
        await town.ComputeAsync();
        string stage = town.Draw + "/stage";
        Assert.Contains("No lottery is frozen yet.", (await town.Organiser.OpenAsync(stage)).Text, StringComparison.Ordinal);
        Assert.Contains("No test run is prepared.", (await town.Organiser.OpenAsync(stage + "?run=test")).Text, StringComparison.Ordinal);

        // Prepared twice: the first one ends, so that one is held at a time.
        await town.Organiser.PostAsync(town.Draw + "/test");
        Page prepared = await town.Organiser.PostAsync(town.Draw + "/test");
        Assert.EndsWith("/draw/stage?run=test", prepared.Path, StringComparison.Ordinal);
        Assert.Contains("Test run: nobody is drawn", prepared.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"die\"", prepared.Html, StringComparison.Ordinal);
        string ceremony = town.Draw + "/ceremony";
        Assert.Contains("problem=source-not-yet", (await town.Organiser.PostAsync(ceremony, ("run", "test"), ("stage", "dark"), ("die", "1"), ("die", "8"), ("die", "7"))).Path, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        Page drawn = await town.Organiser.PostAsync(ceremony, ("run", "test"), ("stage", "dark"), ("die", "1"), ("die", "8"), ("die", "7"));
        Assert.DoesNotContain("problem", drawn.Path, StringComparison.Ordinal);
        Assert.Contains("In this test, panel 187 would be drawn", drawn.Text, StringComparison.Ordinal);
        Assert.Contains("Test run: nobody is drawn", drawn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Name-", drawn.Html, StringComparison.Ordinal);
        Assert.Contains("hemicycle", drawn.Html, StringComparison.Ordinal);

        // Nothing that asks for the panel finds it.
        Lottery test = await town.NewestAsync(LotteryKind.Test);
        Assert.Equal((LotteryState.Drawn, 187, 0), (test.State, test.ChosenPanel, test.Panels.Length));
        Assert.Equal(LotteryState.Computed, (await town.NewestAsync(LotteryKind.Panel)).State);
        Assert.False(await server.WithDbAsync(db => db.Participants.AnyAsync(participant => participant.DialogueId == town.Dialogue, Stop)));
        Assert.EndsWith("problem=not-frozen", (await town.Organiser.PostAsync(ceremony, ("die", "1"), ("die", "8"), ("die", "7"))).Path, StringComparison.Ordinal);
        using HttpClient anybody = new() { BaseAddress = server.Address };
        foreach (string file in (string[])["manifest.json", "record.json", "panels.json", "panels.csv"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await anybody.GetAsync($"/d/{town.Slug}/draw/{test.Attempt}/{file}", Stop)).StatusCode);
        }

        Assert.Equal(["lottery.started", "lottery.computed", "test.frozen", "test.ended", "test.frozen", "test.drawn"], (await town.CodesAsync()).Where(code => code.StartsWith("lottery.", StringComparison.Ordinal) || code.StartsWith("test.", StringComparison.Ordinal)));

        // The real ceremony on the same screen: its own panels, in its own order.
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        Assert.Contains("1,000 panels of 3 people each are frozen", (await town.Organiser.OpenAsync(stage)).Text, StringComparison.Ordinal);
        Page real = await town.Organiser.PostAsync(ceremony, ("stage", "plain"), ("die", "0"), ("die", "4"), ("die", "2"));
        Assert.Contains("042", real.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Test run", real.Text, StringComparison.Ordinal);
        Lottery panel = await town.NewestAsync(LotteryKind.Panel);
        Assert.Equal((LotteryState.Drawn, 42), (panel.State, panel.ChosenPanel));
        Assert.Equal(3, await server.WithDbAsync(db => db.Participants.CountAsync(participant => participant.DialogueId == town.Dialogue && participant.LotteryId == panel.Id, Stop)));

        // The public log and the history know the test as a test; the list to check from does not offer it.
        string open = await anybody.GetStringAsync($"/d/{town.Slug}/draw", Stop);
        Assert.Contains("Test run", open, StringComparison.Ordinal);
        Assert.Contains("class=\"population\"", open, StringComparison.Ordinal);
        Assert.DoesNotContain($"/draw/{test.Attempt}/", await anybody.GetStringAsync($"/d/{town.Slug}/draw/check", Stop), StringComparison.Ordinal);
        long place = await server.WithDbAsync(db => db.Journal.Where(entry => entry.DialogueId == town.Dialogue && entry.Code == "test.drawn").Select(entry => entry.Id).SingleAsync(Stop));
        Assert.Contains("test.drawn", await anybody.GetStringAsync($"/log/entries/{place}-{place}.json", Stop), StringComparison.Ordinal);
        byte[] record = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{panel.Attempt}/record.json", Stop);
        Assert.True(DrawVerifier.Holds(DrawVerifier.Verify(new DrawEvidence(record))));
    }

    [Fact]
    public async Task A_test_that_was_prepared_ends_when_the_pool_changes()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "changed");
        await town.ComputeAsync();
        await town.Organiser.PostAsync(town.Draw + "/test");
        Assert.EndsWith("?notice=cleared", (await town.Organiser.PostAsync($"/organise/{town.Slug}/pool/clear", ("sure", "8"))).Path, StringComparison.Ordinal);
        Lottery test = await town.NewestAsync(LotteryKind.Test);
        Assert.Equal((LotteryState.Ended, "pool-changed"), (test.State, test.EndCode));
        Assert.EndsWith("problem=not-frozen", (await town.Organiser.PostAsync(town.Draw + "/ceremony", ("run", "test"), ("value", "123"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_another_number_of_panels_it_asks_for_bits_instead_of_dice()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "beacon");
        await town.ComputeAsync(("panels", "2000"));
        Page prepared = await town.Organiser.PostAsync(town.Draw + "/test");
        Assert.DoesNotContain("name=\"die\"", prepared.Html, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        Assert.Contains("problem=values", (await town.Organiser.PostAsync(town.Draw + "/ceremony", ("run", "test"), ("stage", "plain"), ("value", "187"))).Path, StringComparison.Ordinal);
        Page drawn = await town.Organiser.PostAsync(town.Draw + "/ceremony", ("run", "test"), ("stage", "plain"), ("value", "9e1c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a596877665544"));
        Assert.Equal(LotteryState.Drawn, (await town.NewestAsync(LotteryKind.Test)).State);
        Assert.Contains(DrawDesk.Number((await town.NewestAsync(LotteryKind.Test)).ChosenPanel!.Value, 2_000), drawn.Text, StringComparison.Ordinal);
    }
}
