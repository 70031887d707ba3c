using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>What a run of kills did and saw.</summary>
/// <param name="Kills">How often the server was killed.</param>
/// <param name="Acknowledged">What clients were told was stored.</param>
/// <param name="Attempts">Requests sent, repeats included.</param>
/// <param name="Contradictions">Repeats that were answered with another receipt than the first time, and answers that nobody expects.</param>
/// <param name="SlowestStart">The longest from a start of the process to "ready".</param>
internal sealed record KillReport(int Kills, IReadOnlyList<Acknowledged> Acknowledged, int Attempts, IReadOnlyList<string> Contradictions, TimeSpan SlowestStart);

/// <summary>Voters who never give up, and a server that is killed again and again at moments that a seed chooses.</summary>
internal sealed class KillRun(VotingFixture fixture, ServerProcess server, ulong seed)
{
    private const int Clients = 32;

    private readonly ConcurrentQueue<string> contradictions = new();
    private volatile TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int attempts;
    private int acknowledged;

    public async Task<KillReport> RunAsync(int kills, Action<string> say, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = new();
        TimeSpan slowest = await server.StartAsync("/health/ready", cancellationToken);
        up.SetResult();
        Task<List<Acknowledged>>[] voters = [.. Enumerable.Range(0, Clients).Select(client => VoteAsync(client, enough.Token, cancellationToken))];
        Dice dice = new(seed);
        for (int kill = 1; kill <= kills; kill++)
        {
            await LoadAsync(60 + dice.Below(200), cancellationToken);
            await Task.Delay(dice.Below(500), cancellationToken);
            TaskCompletionSource again = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await server.KillAsync();
            up = again;
            TimeSpan start = await server.StartAsync("/health/ready", cancellationToken);
            slowest = start > slowest ? start : slowest;
            again.SetResult();
            say($"kill {kill}: ready again after {start.TotalMilliseconds:F0} ms, {attempts} attempts so far");
        }

        await Task.Delay(200, cancellationToken);
        await enough.CancelAsync();
        List<Acknowledged>[] told = await Task.WhenAll(voters);
        return new(kills, [.. told.SelectMany(list => list)], attempts, [.. contradictions], slowest);
    }

    /// <summary>Waits until ballots were acknowledged since the server is up: on a slow machine, a server that is killed by the clock alone is killed before anybody has voted.</summary>
    private async Task LoadAsync(int ballots, CancellationToken cancellationToken)
    {
        int before = Volatile.Read(ref acknowledged);
        for (long since = Stopwatch.GetTimestamp(); Volatile.Read(ref acknowledged) - before < ballots;)
        {
            if (Stopwatch.GetElapsedTime(since) > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"Fewer than {ballots} ballots were acknowledged within a minute.");
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>One client votes for people that no other client votes for, one ballot after the other, each repeated until it is acknowledged.</summary>
    private async Task<List<Acknowledged>> VoteAsync(int client, CancellationToken enough, CancellationToken cancellationToken)
    {
        Dice dice = new(seed + 1 + (ulong)client);
        List<Acknowledged> told = [];
        using HttpClient http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = server.Address };
        while (!enough.IsCancellationRequested)
        {
            int person = client + (Clients * dice.Below(fixture.Codes.Count / Clients));
            int session = dice.Below(fixture.Sessions.Count);
            (int a, int b, int c) = (dice.Below(4), dice.Below(3), dice.Below(5));
            string key = dice.Key();
            string body = fixture.Sessions[session].Body(a, b, c);

            // One in ten loses patience at once, as a phone that leaves the wifi does, and asks again with the same key.
            int patience = dice.Below(10) == 0 ? 1 + dice.Below(5) : 5_000;
            string receipt = await InsistAsync(http, person, session, key, body, patience, cancellationToken);
            told.Add(new(person, session, key, OpenSession.Written(a, b, c), receipt));
            if (dice.Below(20) == 0 && await InsistAsync(http, person, session, key, body, 5_000, cancellationToken) is { } again && again != receipt)
            {
                contradictions.Enqueue($"{receipt} became {again}");
            }
        }

        return told;
    }

    private async Task<string> InsistAsync(HttpClient http, int person, int session, string key, string body, int patience, CancellationToken cancellationToken)
    {
        long since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(3))
        {
            Interlocked.Increment(ref attempts);
            using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{fixture.Sessions[session].Id}/ballot") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Authorization", "Bearer " + fixture.Codes[person]);
            request.Headers.Add("Idempotency-Key", key);
            using CancellationTokenSource impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            impatience.CancelAfter(patience);
            try
            {
                using HttpResponseMessage answer = await http.SendAsync(request, impatience.Token);
                string text = await answer.Content.ReadAsStringAsync(impatience.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Interlocked.Increment(ref acknowledged);
                    return JsonDocument.Parse(text).RootElement.GetProperty("receipt").GetString()!;
                }

                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    contradictions.Enqueue($"{(int)answer.StatusCode} {text}");
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Nobody knows whether it was stored: only the repeat tells.
            }

            patience = 5_000;
            await Task.Delay(15, cancellationToken);

            // Thirty-two voters knocking at a closed door would only slow the start they wait for.
            await up.Task.WaitAsync(cancellationToken);
        }

        throw new TimeoutException("A ballot was not acknowledged within three minutes.");
    }
}
