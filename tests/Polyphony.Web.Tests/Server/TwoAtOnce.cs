using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Journal;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Publication;

namespace Polyphony.Web.Tests.Server;

/// <summary>A button is pressed twice, or by two organisers, in the same moment: what it does is done once, and nobody meets a page that says that something broke.</summary>
public sealed class TwoAtOnce(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_panel_is_drawn_once()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "drawn-at-once");
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        Page[] answers = await WhileNobodyWritesAsync(() => town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7")), () => town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 8")));
        AssertOneWasLate(answers, "?problem=drawn", "what you sent last changed nothing");
        Assert.Equal(3, await server.WithDbAsync(db => db.Participants.CountAsync(person => person.DialogueId == town.Dialogue, Stop)));
        Assert.Single(await town.CodesAsync(), "panel.drawn");

        // What counts is what the journal and the record say.
        var lottery = await town.NewestAsync(LotteryKind.Panel);
        Assert.Equal(LotteryState.Drawn, lottery.State);
        Assert.Equal(lottery.ChosenPanel, (int?)System.Text.Json.Nodes.JsonNode.Parse(lottery.RecordJson)!["chosen"]);
        Assert.EndsWith("?problem=drawn", (await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 9"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_run_is_held_once()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "tested-at-once");
        await town.ComputeAsync();
        await town.Organiser.PostAsync(town.Draw + "/test");
        await Task.Delay(TimeSpan.FromSeconds(2.1), Stop);
        Func<Task<Page>> hold = () => town.Organiser.PostAsync(town.Draw + "/ceremony", ("run", "test"), ("stage", "dark"), ("value", "0 0 7"));
        AssertOneWasLate(await WhileNobodyWritesAsync(hold, hold), "&problem=drawn", "what you sent last changed nothing");
        Assert.Single(await town.CodesAsync(), "test.drawn");
    }

    [Fact]
    public async Task A_lottery_is_frozen_once()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "frozen-at-once");
        await town.ComputeAsync();
        AssertOneWasLate(
            await WhileNobodyWritesAsync(() => town.FreezeAsync(town.Draw, "dice", "three dice"), () => town.FreezeAsync(town.Draw, "dice", "three other dice")),
            "?problem=other", "Nothing was changed");
        Assert.Single(await town.CodesAsync(), "lottery.frozen");
        Assert.DoesNotContain("problem", (await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_published_once()
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "published-at-once");
        await dialogue.AddSessionAsync(BallotState.Closed);
        AssertOneWasLate(await WhileNobodyWritesAsync(() => dialogue.PublishAsync(), () => dialogue.PublishAsync()), "?notice=already", "public already");
        Assert.Equal(1, await server.WithDbAsync(db => db.Releases.CountAsync(release => db.Dialogues.Any(d => d.Id == release.DialogueId && d.Slug == dialogue.Slug), Stop)));
    }

    private static void AssertOneWasLate(Page[] answers, string end, string said)
    {
        Page late = Assert.Single(answers, page => page.Path.EndsWith(end, StringComparison.Ordinal));
        Assert.Contains(said, late.Text, StringComparison.Ordinal);
        Assert.All(answers, page => Assert.Equal(System.Net.HttpStatusCode.OK, page.Status));
    }

    /// <summary>Keeps the journal, and on SQLite the file, from being written until all requests have read what they decide by and wait to write.</summary>
    private Task<Page[]> WhileNobodyWritesAsync(params Func<Task<Page>>[] requests) => server.WithDbAsync(async db =>
    {
        Task<Page>[] waiting;
        await using (var held = await db.Database.BeginTransactionAsync(Stop))
        {
            db.Journal.Add(new JournalEntry { At = TimeProvider.System.GetUtcNow(), Code = "test.held" });
            await db.SaveChangesAsync(Stop);
            waiting = [.. requests.Select(request => request())];
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
            Assert.All(waiting, task => Assert.False(task.IsCompleted));
            await held.RollbackAsync(Stop);
        }

        return await Task.WhenAll(waiting);
    });
}
