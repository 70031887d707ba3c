using Microsoft.EntityFrameworkCore;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>The real server is killed (SIGKILL) while it computes a lottery, and started again over the same database.</summary>
public sealed class KillingAComputation
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_begins_again_and_what_was_stopped_or_frozen_stays_so()
    {
        string data = Directory.CreateTempSubdirectory("polyphony-kill-lottery-").FullName;
        (string? name, string database) = TestServer.OnPostgres ? await TestServer.CreatePostgresAsync() : (null, Path.Combine(data, "polyphony.db"));
        DatabaseAddress address = DatabaseAddress.Parse(database, data);
        try
        {
            DialogueId dialogue;
            Lottery computed;
            await using (Db db = VotingFixture.Open(address))
            {
                await Migrator.MigrateAsync(db, TimeProvider.System, Stop);
                dialogue = await SeedAsync(db);
                computed = Add(db, dialogue, 1, LotteryState.Computing, JobState.Waiting, false, DateTimeOffset.UnixEpoch.AddYears(50));
                await db.SaveChangesAsync(Stop);
            }

            await using ServerProcess server = new(data, database);
            await server.StartAsync("/health/live", Stop);
            await UntilAsync(address, db => db.Jobs.AnyAsync(job => job.State == JobState.Running && job.StepCode != "", Stop));
            await server.KillAsync();
            Lottery stopped;
            Lottery frozen;
            await using (Db db = VotingFixture.Open(address))
            {
                // Killed at work, not after it.
                Assert.Equal(LotteryState.Computing, (await db.Lotteries.SingleAsync(Stop)).State);
                Assert.Equal(JobState.Running, (await db.Jobs.SingleAsync(Stop)).State);

                // Somebody had asked for the end; and a server that died between saving a lottery and closing its job, after which the lottery was frozen.
                stopped = Add(db, dialogue, 2, LotteryState.Computing, JobState.Running, true, DateTimeOffset.UnixEpoch);
                frozen = Add(db, dialogue, 3, LotteryState.Frozen, JobState.Running, false, DateTimeOffset.UnixEpoch.AddDays(1));
                frozen.ManifestJson = "{}";
                await db.SaveChangesAsync(Stop);
            }

            await server.StartAsync("/health/live", Stop);
            await UntilAsync(address, db => db.Jobs.AllAsync(job => job.State > JobState.Running, Stop));
            await server.KillAsync();
            await using (Db db = VotingFixture.Open(address))
            {
                Lottery again = await db.Lotteries.SingleAsync(lottery => lottery.Id == computed.Id, Stop);
                Assert.Equal((LotteryState.Computed, 100), (again.State, DrawDesk.PanelsOf(again)));
                Assert.Equal(LotteryState.Ended, (await db.Lotteries.SingleAsync(lottery => lottery.Id == stopped.Id, Stop)).State);
                Assert.Equal("stopped", (await db.Lotteries.SingleAsync(lottery => lottery.Id == stopped.Id, Stop)).EndCode);
                Assert.Equal((LotteryState.Frozen, "{}"), await db.Lotteries.Where(lottery => lottery.Id == frozen.Id).Select(lottery => new ValueTuple<LotteryState, string>(lottery.State, lottery.ManifestJson)).SingleAsync(Stop));
                Assert.Equal([JobState.Stopped, JobState.Done, JobState.Done], await db.Jobs.OrderBy(job => job.CreatedAt).Select(job => job.State).ToArrayAsync(Stop));
                Assert.Equal(["lottery.ended", "lottery.computed"], await db.Journal.Where(entry => entry.DialogueId == dialogue).OrderBy(entry => entry.Id).Select(entry => entry.Code).ToArrayAsync(Stop));
            }
        }
        finally
        {
            if (name is not null)
            {
                await TestServer.DropPostgresAsync(name);
            }

            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<DialogueId> SeedAsync(Db db)
    {
        Dialogue dialogue = new() { Id = new(Guid.CreateVersion7()), Slug = "killed", Languages = ["en"], CreatedAt = DateTimeOffset.UnixEpoch };
        db.Dialogues.Add(dialogue);
        DrawTown.FillHard(db, dialogue.Id);
        await db.SaveChangesAsync(Stop);
        return dialogue.Id;
    }

    private static Lottery Add(Db db, DialogueId dialogue, int attempt, LotteryState state, JobState job, bool isStopped, DateTimeOffset at)
    {
        Lottery lottery = new()
        {
            Id = new(Guid.CreateVersion7()),
            DialogueId = dialogue,
            Attempt = attempt,
            Kind = LotteryKind.Panel,
            State = state,
            Objective = "leximin",
            PanelSize = DrawTown.HardSize,
            PanelCount = 100,
            SecondsAllowed = 2,
            CreatedAt = at,
        };
        db.Lotteries.Add(lottery);
        db.Jobs.Add(new Job { Id = new(Guid.CreateVersion7()), DialogueId = dialogue, Kind = ComputeLottery.Kind, Subject = lottery.Id.ToString(), State = job, StopRequested = isStopped, CreatedAt = at });
        return lottery;
    }

    private static async Task UntilAsync(DatabaseAddress address, Func<Db, Task<bool>> so)
    {
        for (int i = 0; i < 3_000; i++)
        {
            await using Db db = VotingFixture.Open(address);
            if (await so(db))
            {
                return;
            }

            await Task.Delay(20, Stop);
        }

        throw new TimeoutException("The server did not come so far.");
    }
}
