using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Polyphony.Storage.Ballots;

/// <summary>The one writer of ballots: takes as many as wait, writes them in one transaction, and only then answers each.</summary>
/// <remarks>Group commit: one fdatasync carries many ballots. The queue is bounded; a full one is told to the caller, who answers 503.
/// After an error of the disk the writer is not ready and says so; nothing is retried silently.</remarks>
public sealed partial class BallotWriter(OpenBallotStore open, TimeProvider clock, ILogger<BallotWriter> logger) : BackgroundService
{
    public const int QueueLength = 8_192;
    private const int MostInOneBatch = 512;

    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private long beat = clock.GetTimestamp();
    private volatile bool broken;

    /// <summary>Whether the writer lives and the disk took its last batch.</summary>
    public bool IsReady => !broken && (queue.Reader.Count == 0 || clock.GetElapsedTime(Volatile.Read(ref beat)) < TimeSpan.FromSeconds(2));

    /// <summary>Hands a ballot to the writer.</summary>
    /// <returns>The result once it is durable; null when the queue is full.</returns>
    public Task<BallotResult>? Write(BallotSubmission submission)
    {
        Pending pending = new(submission);
        return queue.Writer.TryWrite(pending) ? pending.Done.Task : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        List<Pending> taken = new(MostInOneBatch);
        IBallotStore? store = null;
        try
        {
            // On shutdown the queue is drained: whoever was let in gets an answer.
            while (await queue.Reader.WaitToReadAsync(stoppingToken))
            {
                while (taken.Count < MostInOneBatch && queue.Reader.TryRead(out Pending? pending))
                {
                    taken.Add(pending);
                }

                Volatile.Write(ref beat, clock.GetTimestamp());
                try
                {
                    store ??= open();
                    BallotResult[] results = await store.SaveAsync([.. taken.Select(pending => pending.Submission)], CancellationToken.None);
                    for (int i = 0; i < results.Length; i++)
                    {
                        taken[i].Done.SetResult(results[i]);
                    }

                    broken = false;
                }
#pragma warning disable CA1031 // Whatever broke, every waiting citizen must learn that nothing was stored.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    broken = true;
                    LogBroken(logger, taken.Count, failure);
                    taken.ForEach(pending => pending.Done.SetException(new BallotStoreException(failure)));
                    if (store is not null)
                    {
                        await store.DisposeAsync();
                        store = null;
                    }
                }

                taken.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out Pending? left))
            {
                left.Done.SetException(new BallotStoreException(null));
            }
        }
        finally
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} ballots could not be written")]
    private static partial void LogBroken(ILogger logger, int count, Exception failure);

    private sealed class Pending(BallotSubmission submission)
    {
        public BallotSubmission Submission { get; } = submission;

        public TaskCompletionSource<BallotResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A ballot could not be stored; the person must try again with the same key.</summary>
public sealed class BallotStoreException(Exception? inner) : Exception("The ballot was not stored.", inner);
