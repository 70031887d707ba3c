using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Web.Hosting;
using Polyphony.Web.Journal;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>A server of its own whose journal is changed behind its back: <c>doctor</c> says so, and nothing is signed any more.</summary>
public sealed class DamagingTheJournal : IAsyncLifetime
{
    private readonly TestServer server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        await AppendAsync(12);
        Assert.Equal("200", await CheckpointAsync());
    }

    [Fact]
    public async Task An_untouched_journal_is_intact_and_may_grow()
    {
        Assert.Equal((Grade.Good, "journal"), await ExamineAsync());
        await AppendAsync(3);
        Assert.Equal((Grade.Good, "journal"), await ExamineAsync());
        Assert.Equal("200", await CheckpointAsync());
    }

    [Fact]
    public async Task A_changed_entry_is_found()
    {
        await ChangeAsync(db => db.Journal.Where(entry => entry.Id == 4).ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Facts, "{\"n\":400}"), Stop));
        Assert.Equal((Grade.Bad, "journal-changed"), await ExamineAsync());
    }

    [Fact]
    public async Task Somebody_else_as_the_actor_is_found()
    {
        await ChangeAsync(db => db.Journal.Where(entry => entry.Id == 4).ExecuteUpdateAsync(set => set.SetProperty(entry => entry.StaffId, Guid.CreateVersion7()), Stop));
        Assert.Equal((Grade.Bad, "journal-changed"), await ExamineAsync());
    }

    [Fact]
    public async Task A_missing_entry_is_found()
    {
        await ChangeAsync(db => db.Journal.Where(entry => entry.Id == 4).ExecuteDeleteAsync(Stop));
        Assert.Equal((Grade.Bad, "journal-gap"), await ExamineAsync());
    }

    [Fact]
    public async Task Entries_missing_at_the_end_are_found_and_not_signed_over()
    {
        await ChangeAsync(db => db.Journal.Where(entry => entry.Id >= 9).ExecuteDeleteAsync(Stop));
        Assert.Equal((Grade.Bad, "journal-rewritten"), await ExamineAsync());
        Assert.Equal("503", await CheckpointAsync());
        await AppendAsync(9);
        Assert.Equal((Grade.Bad, "journal-rewritten"), await ExamineAsync());
        Assert.Equal("503", await CheckpointAsync());
    }

    [Fact]
    public async Task An_entry_rewritten_with_its_hash_is_found_and_not_signed_over()
    {
        await ChangeAsync(async db =>
        {
            JournalEntry entry = await db.Journal.SingleAsync(e => e.Id == 4, Stop);
            entry.Facts = "{\"n\":400}";
            entry.Hash = entry.ToLogEntry().Hash();
            return await db.SaveChangesAsync(Stop);
        });
        Assert.Equal((Grade.Bad, "journal-rewritten"), await ExamineAsync());
        await AppendAsync(1);
        Assert.Equal("503", await CheckpointAsync());
    }

    [Fact]
    public async Task Without_the_saved_checkpoint_it_is_not_called_intact()
    {
        File.Delete(LogKeeper.CheckpointFile(Data));
        Assert.Equal((Grade.Look, "journal-unanchored"), await ExamineAsync());
    }

    [Fact]
    public async Task Without_the_key_it_is_not_called_intact()
    {
        File.Delete(Path.Combine(Data.Keys, LogKeeper.KeyFile));
        Assert.Equal((Grade.Bad, "journal-no-key"), await ExamineAsync());
    }

    [Fact]
    public async Task A_checkpoint_of_another_key_is_not_believed()
    {
        LogSigner stranger = new(server.Services.GetRequiredService<LogKeeper>().Key.Name, new byte[32]);
        byte[][] hashes = await server.WithDbAsync(db => LogKeeper.HashesAsync(db, Stop));
        await File.WriteAllTextAsync(LogKeeper.CheckpointFile(Data), new Checkpoint(stranger.Key.Name, hashes.Length, MerkleTree.Root(hashes)).Sign(stranger), Stop);
        Assert.Equal((Grade.Bad, "journal-unsigned"), await ExamineAsync());
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private DataDirectory Data => server.Services.GetRequiredService<DataDirectory>();

    private Task<int> AppendAsync(int count) => server.WithDbAsync(db =>
    {
        db.Journal.AddRange(Enumerable.Range(0, count).Select(number => new JournalEntry { At = TimeProvider.System.GetUtcNow(), StaffId = Guid.CreateVersion7(), Code = "test.entry", Facts = $"{{\"n\":{number}}}" }));
        return db.SaveChangesAsync(Stop);
    });

    private Task<int> ChangeAsync(Func<Db, Task<int>> change) => server.WithDbAsync(async db =>
    {
        int changed = await change(db);
        Assert.True(changed > 0);
        return changed;
    });

    private async Task<(Grade, string)> ExamineAsync()
    {
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        Finding finding = await ExamineJournal.RunAsync(scope.ServiceProvider.GetRequiredService<Db>(), Data, Stop);
        return (finding.Grade, finding.Code);
    }

    private async Task<string> CheckpointAsync()
    {
        using HttpClient anybody = new() { BaseAddress = server.Address };
        HttpStatusCode status = (await anybody.GetAsync("/log/checkpoint", Stop)).StatusCode;
        return ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
