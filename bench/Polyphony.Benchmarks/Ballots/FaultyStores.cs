using System.Security.Cryptography;
using Polyphony.Storage.Ballots;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>Says "stored" at once and writes a little later: what the kill run must find as lost.</summary>
internal sealed class EarlyAcknowledgement(IBallotStore store) : IBallotStore
{
    private Task earlier = Task.CompletedTask;

    public Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        earlier = WriteAsync(earlier, submissions, cancellationToken);
        return Task.FromResult(submissions.Select(_ => new BallotResult(BallotVerdict.Stored, Receipts.Create())).ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await earlier;
        await store.DisposeAsync();
    }

    private async Task WriteAsync(Task before, IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        await before;
        await Task.Delay(30, cancellationToken);
        await store.SaveAsync(submissions, cancellationToken);
    }
}

/// <summary>Does not recognise a repeated request: what the kill run must find as doubled.</summary>
internal sealed class NoIdempotency(IBallotStore store) : IBallotStore
{
    public Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken) =>
        store.SaveAsync([.. submissions.Select(submission => submission with { ReceiptKey = RandomNumberGenerator.GetBytes(32) })], cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
