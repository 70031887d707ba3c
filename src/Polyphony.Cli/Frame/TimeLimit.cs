using System.Diagnostics;

namespace Polyphony.Cli.Frame;

/// <summary>Says when a search has had its time.</summary>
/// <remarks>A thread of its own keeps the time: a timer waits for a free thread of the pool, and on a busy machine a search of seconds was over before its limit was told.</remarks>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly ManualResetEventSlim done = new();
    private readonly Thread? keeper;

    /// <param name="seconds">How long all of the verb may take; null for as long as it needs.</param>
    /// <param name="started">When the verb began, as <see cref="Stopwatch.GetTimestamp"/> says it.</param>
    public TimeLimit(double? seconds, long started)
    {
        if (seconds is { } allowed)
        {
            TimeSpan left = TimeSpan.FromSeconds(Math.Max(0.1, allowed - Stopwatch.GetElapsedTime(started).TotalSeconds));
            keeper = new Thread(() =>
            {
                if (!done.Wait(left))
                {
                    over.Cancel();
                }
            })
            { IsBackground = true };
            keeper.Start();
        }
    }

    public CancellationToken Token => over.Token;

    public void Dispose()
    {
        done.Set();
        keeper?.Join();
        done.Dispose();
        over.Dispose();
    }
}
