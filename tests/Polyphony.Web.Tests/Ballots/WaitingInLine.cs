using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Connections;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Ballots;

/// <summary>The disk stands still, or breaks: nobody is told "stored", and nobody is kept waiting for ever.</summary>
public sealed class WaitingInLine : IAsyncLifetime
{
    private readonly Disk disk = new();
    private readonly TestServer server;

    public WaitingInLine() => server = new TestServer
    {
        Configure = builder => builder.Services.AddSingleton<OpenBallotStore>(provider => () => new SlowStore(BallotStores.Open(provider.GetRequiredService<DatabaseAddress>()), disk)),
    };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        disk.Turn(() => Task.CompletedTask);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_full_line_is_answered_at_once_with_503_and_when_to_come_back()
    {
        VotingFixture fixture = await SeedAsync();
        BallotWriter writer = server.Services.GetRequiredService<BallotWriter>();
        TaskCompletionSource still = new(TaskCreationOptions.RunContinuationsAsynchronously);
        disk.Turn(() => still.Task);
        BallotSubmission other = new(fixture.DialogueId, fixture.Sessions[0].Id, new byte[32], new byte[32], new byte[32], new byte[32], "0;0,3;0", BallotChannel.Phone);
        List<Task<BallotResult>> waiting = [];
        for (int full = 0; full < 50 && waiting.Count <= BallotWriter.QueueLength + 2_000;)
        {
            // The writer takes a batch away now and then before it stands still too.
            if (writer.Write(other) is { } task)
            {
                waiting.Add(task);
                full = 0;
            }
            else
            {
                full++;
                await Task.Delay(2, TestContext.Current.CancellationToken);
            }
        }

        Assert.InRange(waiting.Count, BallotWriter.QueueLength, BallotWriter.QueueLength + 2_000);
        await AssertRefusedAsync(fixture, "while-the-line-is-full");
        still.SetResult();
        Assert.All(await Task.WhenAll(waiting), result => Assert.Equal(BallotVerdict.NoCredential, result.Verdict));
        Assert.Equal(HttpStatusCode.OK, await CastAsync(fixture, "while-the-line-is-full"));
    }

    [Fact]
    public async Task A_disk_that_breaks_is_told_to_the_voter_and_to_whoever_watches()
    {
        VotingFixture fixture = await SeedAsync();
        disk.Turn(() => Task.FromException(new IOException("No space left on device")));
        await AssertRefusedAsync(fixture, "while-the-disk-is-full");
        using HttpClient watch = new() { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await watch.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
        disk.Turn(() => Task.CompletedTask);
        Assert.Equal(HttpStatusCode.OK, await CastAsync(fixture, "while-the-disk-is-full"));
        Assert.Equal(HttpStatusCode.OK, (await watch.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task AssertRefusedAsync(VotingFixture fixture, string key)
    {
        using HttpResponseMessage response = await SendAsync(fixture, key);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal(0, await server.WithDbAsync(db => db.Ballots.CountAsync(TestContext.Current.CancellationToken)));
    }

    private async Task<HttpStatusCode> CastAsync(VotingFixture fixture, string key)
    {
        using HttpResponseMessage response = await SendAsync(fixture, key);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(VotingFixture fixture, string key)
    {
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{fixture.Sessions[0].Id}/ballot")
        {
            Content = new StringContent(fixture.Sessions[0].Body(1, 1, 1), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Authorization", "Bearer " + fixture.Codes[0]);
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task<VotingFixture> SeedAsync() => VotingFixture.AddAsync(
        () => server.Services.CreateScope().ServiceProvider.GetRequiredService<Db>(), people: 2, sessions: 1, CancellationToken.None);

    private sealed class Disk
    {
        private volatile Func<Task> write = () => Task.CompletedTask;

        public void Turn(Func<Task> next) => write = next;

        public Task WriteAsync() => write();
    }

    private sealed class SlowStore(IBallotStore store, Disk disk) : IBallotStore
    {
        public async Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
        {
            await disk.WriteAsync();
            return await store.SaveAsync(submissions, cancellationToken);
        }

        public ValueTask DisposeAsync() => store.DisposeAsync();
    }
}
