using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Publication;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Publication;

/// <summary>Two organisers take the same results back; the test holds the release until both have come in and wait.</summary>
public sealed class TakingBackAtOnce(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_taken_back_once_and_the_journal_says_so_once()
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "taken-back-twice");
        await dialogue.AddSessionAsync(BallotState.Closed);
        await dialogue.PublishAsync();
        DialogueId id = await server.WithDbAsync(db => db.Dialogues.Where(d => d.Slug == dialogue.Slug).Select(d => d.Id).SingleAsync(Stop));
        Page[] answers = await server.WithDbAsync(async db =>
        {
            Task<Page>[] waiting;
            await using (var held = await db.Database.BeginTransactionAsync(Stop))
            {
                await db.Releases.Where(release => release.DialogueId == id).ExecuteUpdateAsync(set => set.SetProperty(release => release.TakenBackAt, (DateTimeOffset?)null), Stop);
                waiting = [dialogue.TakeBackAsync("A table was counted twice."), dialogue.TakeBackAsync("One table too many.")];
                await Task.Delay(TimeSpan.FromMilliseconds(700), Stop);
                Assert.All(waiting, task => Assert.False(task.IsCompleted));
                await held.CommitAsync(Stop);
            }

            return await Task.WhenAll(waiting);
        });
        Assert.Single(answers, page => page.Path.EndsWith("?notice=taken-back", StringComparison.Ordinal));
        Assert.Single(answers, page => page.Path.EndsWith("?notice=nothing-out", StringComparison.Ordinal));
        Assert.Equal(1, await server.WithDbAsync(db => db.Journal.CountAsync(entry => entry.DialogueId == id && entry.Code == "results.taken-back", Stop)));
        Release release = await server.WithDbAsync(db => db.Releases.AsNoTracking().SingleAsync(release => release.DialogueId == id, Stop));
        Assert.NotNull(release.TakenBackAt);
        Assert.Single(release.Note.Exactly("en")!.Split('\n'));
    }
}
