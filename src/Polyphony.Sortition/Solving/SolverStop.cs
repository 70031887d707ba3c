namespace Polyphony.Sortition.Solving;

/// <summary>Tells a native solver to stop, again and again until it has: what is told between the question and its beginning is forgotten.</summary>
internal sealed class SolverStop : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly Action stop;
    private readonly CancellationTokenRegistration[] told;
    private Timer? again;
    private bool over;

    /// <param name="stop">Tells the solver.</param>
    /// <param name="tokens">Any of them ends the search.</param>
    public SolverStop(Action stop, params ReadOnlySpan<CancellationToken> tokens)
    {
        this.stop = stop;
        told = new CancellationTokenRegistration[tokens.Length];
        for (int i = 0; i < told.Length; i++)
        {
            told[i] = tokens[i].Register(Begin);
        }
    }

    /// <summary>To be called before the solver is: afterwards nothing is told any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            over = true;
            again?.Dispose();
        }

        foreach (CancellationTokenRegistration registration in told)
        {
            registration.Dispose();
        }
    }

    private void Begin()
    {
        Tell();
        lock (gate)
        {
            again ??= over ? null : new Timer(_ => Tell(), null, Pause, Pause);
        }
    }

    private void Tell()
    {
        lock (gate)
        {
            if (!over)
            {
                stop();
            }
        }
    }
}
