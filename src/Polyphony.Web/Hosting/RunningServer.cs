namespace Polyphony.Web.Hosting;

/// <summary>Shows other processes that a server uses this data directory: a shared lock while it runs, which ends with the process however it ends.</summary>
internal sealed class RunningServer(DataDirectory data) : IHostedService, IDisposable
{
    private FileStream? held;

    /// <summary>Takes the directory for oneself, as <c>restore</c> must.</summary>
    /// <returns>The lock, or null while a server runs.</returns>
    public static FileStream? TryExclude(DataDirectory data)
    {
        try
        {
            return new FileStream(LockFile(data), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        held = new FileStream(LockFile(data), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => held?.Dispose();

    private static string LockFile(DataDirectory data) => Path.Combine(data.Root, "server.lock");
}
