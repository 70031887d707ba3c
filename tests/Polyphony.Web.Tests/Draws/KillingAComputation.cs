using Microsoft.EntityFrameworkCore;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Draws;
using Polyphony.Web.Participants;
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
            Site site;
            Lottery computed;
            await using (Db db = VotingFixture.Open(address))
            {
                await Migrator.MigrateAsync(db, TimeProvider.System, Stop);
                site = await SeedAsync(db);
                dialogue = site.DialogueId;
                computed = Add(db, site, 1, LotteryState.Computing, JobState.Waiting, false, DateTimeOffset.UnixEpoch.AddYears(50));
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
                stopped = Add(db, site, 2, LotteryState.Computing, JobState.Running, true, DateTimeOffset.UnixEpoch);
                frozen = Add(db, site, 3, LotteryState.Frozen, JobState.Running, false, DateTimeOffset.UnixEpoch.AddDays(1));
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

    [Fact]
    public async Task At_many_sites_what_was_computed_stays_and_the_rest_is_computed()
    {
        string data = Directory.CreateTempSubdirectory("polyphony-kill-sites-").FullName;
        (string? name, string database) = TestServer.OnPostgres ? await TestServer.CreatePostgresAsync() : (null, Path.Combine(data, "polyphony.db"));
        DatabaseAddress address = DatabaseAddress.Parse(database, data);
        try
        {
            await using (Db db = VotingFixture.Open(address))
            {
                await Migrator.MigrateAsync(db, TimeProvider.System, Stop);
                await SeedManyAsync(db, "many", isStopped: false);
            }

            await using ServerProcess server = new(data, database);
            await server.StartAsync("/health/live", Stop);
            await UntilAsync(address, db => db.Lotteries.AnyAsync(lottery => lottery.State == LotteryState.Computed, Stop));
            await server.KillAsync();
            Dictionary<LotteryId, DateTimeOffset?> before;
            await using (Db db = VotingFixture.Open(address))
            {
                // Killed at work: some are there, and others are not.
                Assert.Equal(JobState.Running, (await db.Jobs.SingleAsync(Stop)).State);
                before = await db.Lotteries.Where(lottery => lottery.State == LotteryState.Computed).ToDictionaryAsync(lottery => lottery.Id, lottery => lottery.ComputedAt, Stop);
                Assert.InRange(before.Count, 1, Sites - 1);

                // And one that somebody wanted to end.
                await SeedManyAsync(db, "stopped", isStopped: true);
            }

            await server.StartAsync("/health/live", Stop);
            await UntilAsync(address, db => db.Jobs.AllAsync(job => job.State > JobState.Running, Stop));
            await server.KillAsync();
            await using (Db db = VotingFixture.Open(address))
            {
                List<Lottery> all = await db.Lotteries.AsNoTracking().OrderBy(lottery => lottery.Attempt).ToListAsync(Stop);
                Assert.Equal(Sites, all.Count(lottery => lottery.State == LotteryState.Computed));
                Assert.Equal(Sites, all.Count(lottery => lottery is { State: LotteryState.Ended, EndCode: "stopped" }));
                Assert.All(before, pair => Assert.Equal(pair.Value, all.Single(lottery => lottery.Id == pair.Key).ComputedAt));
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

    [Fact]
    public async Task Alternates_are_chosen_again_and_the_list_is_kept()
    {
        string data = Directory.CreateTempSubdirectory("polyphony-kill-alternates-").FullName;
        (string? name, string database) = TestServer.OnPostgres ? await TestServer.CreatePostgresAsync() : (null, Path.Combine(data, "polyphony.db"));
        DatabaseAddress address = DatabaseAddress.Parse(database, data);
        try
        {
            await using (Db db = VotingFixture.Open(address))
            {
                await Migrator.MigrateAsync(db, TimeProvider.System, Stop);
                Site site = await SeedAsync(db);
                Lottery panel = Add(db, site, 1, LotteryState.Drawn, JobState.Done, false, DateTimeOffset.UnixEpoch);
                panel.ManifestJson = "{}";
                List<PoolMember> members = await db.PoolMembers.ToListAsync(Stop);
                foreach ((int number, PoolMember member) in members.Take(DrawTown.HardSize).Index())
                {
                    db.Participants.Add(new Participant { Id = new(Guid.CreateVersion7()), DialogueId = site.DialogueId, SiteId = site.Id, PoolMemberId = member.Id, PersonId = member.PersonId, Number = number + 1, LotteryId = panel.Id, Status = ParticipantStatus.Confirmed, BadgeCode = "B" + number });
                }

                AlternateList list = new() { Id = Guid.CreateVersion7(), DialogueId = site.DialogueId, SiteId = site.Id, WishJson = new AlternateWish(8, 20, null, []).ToJson() };
                db.AlternateLists.Add(list);
                db.Jobs.Add(new Job { Id = new(Guid.CreateVersion7()), DialogueId = site.DialogueId, SiteId = site.Id, Kind = ChooseAlternates.Kind, Subject = list.Id.ToString("N"), CreatedAt = DateTimeOffset.UnixEpoch.AddDays(1) });
                await db.SaveChangesAsync(Stop);
            }

            await using ServerProcess server = new(data, database);
            await server.StartAsync("/health/live", Stop);
            await UntilAsync(address, db => db.Jobs.AnyAsync(job => job.State == JobState.Running, Stop));
            await server.KillAsync();
            await using (Db db = VotingFixture.Open(address))
            {
                // Killed at work, not after it.
                Assert.Null((await db.AlternateLists.SingleAsync(Stop)).ComputedAt);
                Assert.Equal(JobState.Running, (await db.Jobs.SingleAsync(job => job.Kind == ChooseAlternates.Kind, Stop)).State);

                // That the work is done again is what counts here, not how long it takes: where nobody drops out it is short.
                (await db.AlternateLists.SingleAsync(Stop)).WishJson = new AlternateWish(8, 0, null, []).ToJson();
                await db.SaveChangesAsync(Stop);
            }

            await server.StartAsync("/health/live", Stop);
            await UntilAsync(address, db => db.Jobs.AllAsync(job => job.State > JobState.Running, Stop));
            await server.KillAsync();
            await using (Db db = VotingFixture.Open(address))
            {
                Assert.Equal(JobState.Done, (await db.Jobs.SingleAsync(job => job.Kind == ChooseAlternates.Kind, Stop)).State);
                AlternateList list = await db.AlternateLists.SingleAsync(Stop);
                Assert.NotNull(list.ComputedAt);
                Assert.Equal(8, System.Text.Json.JsonSerializer.Deserialize<AlternateResult>(list.ResultJson)!.Tickets.Count);
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

    private const int Sites = 5;

    private static async Task SeedManyAsync(Db db, string slug, bool isStopped)
    {
        Dialogue dialogue = new() { Id = new(Guid.CreateVersion7()), Slug = slug, Languages = ["en"], CreatedAt = DateTimeOffset.UnixEpoch };
        db.Dialogues.Add(dialogue);
        List<Lottery> lotteries = [];
        for (int position = 0; position < Sites; position++)
        {
            Site site = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, Code = "S" + position, Position = position };
            dialogue.Sites.Add(site);
            DrawTown.FillHard(db, site);
            lotteries.Add(new()
            {
                Id = new(Guid.CreateVersion7()),
                DialogueId = dialogue.Id,
                SiteId = site.Id,
                Attempt = position + 1,
                Kind = LotteryKind.Panel,
                State = LotteryState.Computing,
                Objective = "leximin",
                PanelSize = DrawTown.HardSize,
                PanelCount = 100,
                SecondsAllowed = 1,
            });
        }

        db.Lotteries.AddRange(lotteries);
        db.Jobs.Add(new Job { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id, Kind = SitesJob.Kind, Subject = SitesJob.SubjectOf(lotteries), State = JobState.Waiting, StopRequested = isStopped, CreatedAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync(Stop);
    }

    private static async Task<Site> SeedAsync(Db db)
    {
        Dialogue dialogue = new() { Id = new(Guid.CreateVersion7()), Slug = "killed", Languages = ["en"], CreatedAt = DateTimeOffset.UnixEpoch };
        Site site = new() { Id = new(Guid.CreateVersion7()), DialogueId = dialogue.Id };
        dialogue.Sites.Add(site);
        db.Dialogues.Add(dialogue);
        DrawTown.FillHard(db, site);
        await db.SaveChangesAsync(Stop);
        return site;
    }

    private static Lottery Add(Db db, Site site, int attempt, LotteryState state, JobState job, bool isStopped, DateTimeOffset at)
    {
        Lottery lottery = new()
        {
            Id = new(Guid.CreateVersion7()),
            DialogueId = site.DialogueId,
            SiteId = site.Id,
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
        db.Jobs.Add(new Job { Id = new(Guid.CreateVersion7()), DialogueId = site.DialogueId, SiteId = site.Id, Kind = ComputeLottery.Kind, Subject = lottery.Id.ToString(), State = job, StopRequested = isStopped, CreatedAt = at });
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
