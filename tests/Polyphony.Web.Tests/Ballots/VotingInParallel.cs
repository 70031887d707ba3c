using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Connections;
using Polyphony.Web.Tests.Server;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Tests.Ballots;

/// <summary>One personal link, 64 requests at the same moment.</summary>
public sealed class VotingInParallel(TestServer server)
{
    private const int Requests = 64;

    [Fact]
    public async Task The_same_request_is_stored_once_and_gets_one_receipt()
    {
        VotingFixture fixture = await SeedAsync();
        for (int person = 0; person < fixture.Codes.Count; person++)
        {
            (HttpStatusCode Status, string Receipt)[] answers = await CastAsync(server.Address, fixture, person, _ => "the-same-key-for-all-of-them", _ => 2);

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
            Assert.Single(answers.Select(answer => answer.Receipt).Distinct());
        }

        Assert.Equal(new Stored(fixture.Codes.Count, fixture.Codes.Count, fixture.Codes.Count), await CountAsync(fixture));
    }

    [Fact]
    public async Task Different_keys_still_make_one_ballot_and_one_participation()
    {
        VotingFixture fixture = await SeedAsync();
        for (int person = 0; person < fixture.Codes.Count; person++)
        {
            (HttpStatusCode Status, string Receipt)[] answers = await CastAsync(server.Address, fixture, person, i => $"a-key-of-its-own-{i:D4}", i => i % 4);

            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
            Assert.Equal(Requests, answers.Select(answer => answer.Receipt).Distinct().Count());
        }

        Assert.Equal(new Stored(fixture.Codes.Count, fixture.Codes.Count, fixture.Codes.Count * Requests), await CountAsync(fixture));
        Assert.All(await server.WithDbAsync(db => db.Ballots.Where(ballot => ballot.SessionId == fixture.Sessions[0].Id).Select(ballot => ballot.Answers).ToListAsync()),
            answers => Assert.Contains(answers, Enumerable.Range(0, 4).Select(i => OpenSession.Written(i, 1, 3))));
    }

    [Fact]
    public async Task Whoever_leaves_early_spoils_the_paper_for_nobody_else()
    {
        VotingFixture fixture = await SeedAsync();
        BallotPapers papers = server.Services.GetRequiredService<BallotPapers>();
        await Record.ExceptionAsync(() => papers.GetAsync(fixture.Sessions[0].Id, new CancellationToken(canceled: true)));

        Assert.NotNull(await papers.GetAsync(fixture.Sessions[0].Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_key_for_different_answers_is_refused_but_for_the_first()
    {
        VotingFixture fixture = await SeedAsync();
        (HttpStatusCode Status, string Receipt)[] answers = await CastAsync(server.Address, fixture, 0, _ => "the-same-key-for-all-of-them", i => i % 4);

        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Receipt).Distinct());
        Assert.Equal(Requests / 4, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal(Requests * 3 / 4, answers.Count(answer => answer.Status == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(new Stored(1, 1, 1), await CountAsync(fixture));
    }

    [Fact]
    public async Task A_store_that_checks_and_then_inserts_is_found()
    {
        string directory = Directory.CreateTempSubdirectory("polyphony-naive-").FullName;
        (string? name, string database) = TestServer.OnPostgres ? await TestServer.CreatePostgresAsync() : (null, Path.Combine(directory, "polyphony.db"));
        DatabaseAddress address = DatabaseAddress.Parse(database, directory);
        await using (WebApplication naive = await TestServer.StartAsync(directory, database, builder => builder.Services.AddSingleton<OpenBallotStore>(() => new CheckThenInsert(address))))
        {
            VotingFixture fixture = await VotingFixture.AddAsync(() => VotingFixture.Open(address), 4, 1, TestContext.Current.CancellationToken);
            await using Db db = VotingFixture.Open(address);
            await db.Database.ExecuteSqlRawAsync("DROP INDEX \"IX_Ballots_Locator\"", TestContext.Current.CancellationToken);
            for (int person = 0; person < fixture.Codes.Count; person++)
            {
                await CastAsync(new Uri(naive.Urls.First()), fixture, person, i => $"a-key-of-its-own-{i:D4}", _ => 2);
            }

            Assert.True(await db.Ballots.CountAsync(TestContext.Current.CancellationToken) > fixture.Codes.Count);
            await naive.StopAsync(TestContext.Current.CancellationToken);
        }

        if (name is not null)
        {
            await TestServer.DropPostgresAsync(name);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private Task<VotingFixture> SeedAsync() => VotingFixture.AddAsync(
        () => server.Services.CreateScope().ServiceProvider.GetRequiredService<Db>(), people: 12, sessions: 1, CancellationToken.None);

    private static async Task<(HttpStatusCode Status, string Receipt)[]> CastAsync(Uri address, VotingFixture fixture, int person, Func<int, string> key, Func<int, int> answer)
    {
        using HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = Requests }) { BaseAddress = address };
        TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<(HttpStatusCode, string)>[] casting = [.. Enumerable.Range(0, Requests).Select(async i =>
        {
            using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{fixture.Sessions[0].Id}/ballot")
            {
                Content = new StringContent(fixture.Sessions[0].Body(answer(i), 1, 3), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Authorization", "Bearer " + fixture.Codes[person]);
            request.Headers.Add("Idempotency-Key", key(i));
            await start.Task;
            using HttpResponseMessage response = await client.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            return (response.StatusCode, response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement.GetProperty("receipt").GetString()! : "");
        })];
        start.SetResult();
        return await Task.WhenAll(casting);
    }

    private Task<Stored> CountAsync(VotingFixture fixture) => server.WithDbAsync(async db =>
    {
        SessionId session = fixture.Sessions[0].Id;
        return new Stored(
            await db.Ballots.CountAsync(ballot => ballot.SessionId == session),
            await db.Participations.CountAsync(participation => participation.SessionId == session),
            await db.BallotReceipts.CountAsync(receipt => receipt.SessionId == session));
    });

    private sealed record Stored(int Ballots, int Participations, int Receipts);

    /// <summary>The mistake that everybody makes first: look whether it is there, then write.</summary>
    private sealed class CheckThenInsert(DatabaseAddress address) : IBallotStore
    {
        public async Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
        {
            bool[] isThere = new bool[submissions.Count];
            await using Db db = VotingFixture.Open(address);
            for (int i = 0; i < submissions.Count; i++)
            {
                byte[] locator = submissions[i].Locator;
                isThere[i] = await db.Ballots.AnyAsync(ballot => ballot.Locator == locator, cancellationToken);
            }

            db.Ballots.AddRange(submissions.Where((_, i) => !isThere[i]).Select(submission =>
                new Ballot { Key = Guid.CreateVersion7().ToByteArray(), SessionId = submission.SessionId, Locator = submission.Locator, Answers = submission.Answers }));
            await db.SaveChangesAsync(cancellationToken);
            return [.. submissions.Select(_ => new BallotResult(BallotVerdict.Stored, Receipts.Create()))];
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
