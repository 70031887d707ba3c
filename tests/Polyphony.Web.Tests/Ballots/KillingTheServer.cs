using Microsoft.EntityFrameworkCore;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Ballots;

/// <summary>The real server is killed (SIGKILL) again and again while people vote. The full run: <c>bench kills --count 100</c>.</summary>
public sealed class KillingTheServer
{
    [Fact]
    public async Task Twenty_kills_lose_double_and_change_nothing()
    {
        (KillReport report, Findings findings) = await RunAsync(20, "");

        Assert.Equal(20, report.Kills);
        Assert.True(report.Acknowledged.Count > 1_000, $"only {report.Acknowledged.Count} ballots: that is no load");
        Assert.True(report.Contradictions.Count == 0, string.Join('\n', report.Contradictions.Distinct().Take(5)));
        Assert.Equal(new Findings(0, 0, 0, "ok"), findings);
    }

    [Fact]
    public async Task A_server_that_acknowledges_before_the_commit_is_found()
    {
        (_, Findings findings) = await RunAsync(4, "acknowledge-early");

        Assert.True(findings.Lost > 0, findings.ToString());
    }

    [Fact]
    public async Task A_server_without_idempotency_is_found()
    {
        (KillReport report, Findings findings) = await RunAsync(4, "no-idempotency");

        Assert.True(findings.Doubled > 0, findings.ToString());
        Assert.NotEmpty(report.Contradictions);
    }

    [Fact]
    public async Task What_is_changed_taken_away_or_stuffed_in_is_found()
    {
        (_, Findings before) = await RunAsync(1, "", async (fixture, told, db) =>
        {
            Task<Findings> CheckAsync() => BallotAudit.CheckAsync(fixture, told, db, TestContext.Current.CancellationToken);

            await db.Ballots.Take(1).ExecuteUpdateAsync(set => set.SetProperty(ballot => ballot.Answers, "9;9,9;9"));
            Assert.Equal(new Findings(0, 0, 1, "ok"), await CheckAsync());
            await db.Ballots.Where(ballot => ballot.Answers != "9;9,9;9").Take(3).ExecuteDeleteAsync();
            Assert.Equal(new Findings(3, 0, 1, "ok"), await CheckAsync());
            await db.BallotReceipts.Take(2).ExecuteDeleteAsync();
            Assert.Equal(new Findings(5, 0, 1, "ok"), await CheckAsync());
            db.Ballots.Add(new Ballot { Key = Guid.CreateVersion7().ToByteArray(), SessionId = fixture.Sessions[0].Id, Locator = Guid.CreateVersion7().ToByteArray(), Answers = "0;0,3;0" });
            await db.SaveChangesAsync();
            Assert.Equal(new Findings(5, 1, 1, "ok"), await CheckAsync());
        });
        Assert.True(before.AreNone, before.ToString());
    }

    private static async Task<(KillReport Report, Findings Findings)> RunAsync(int kills, string fault, Func<VotingFixture, IReadOnlyList<Acknowledged>, Db, Task>? after = null)
    {
        string data = Directory.CreateTempSubdirectory("polyphony-kill-").FullName;
        (string? name, string database) = TestServer.OnPostgres ? await TestServer.CreatePostgresAsync() : (null, Path.Combine(data, "polyphony.db"));
        try
        {
            return await KillsVerb.RunAsync(data, database, kills, seed: 20_261_124, fault, TestContext.Current.SendDiagnosticMessage, after);
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
}
