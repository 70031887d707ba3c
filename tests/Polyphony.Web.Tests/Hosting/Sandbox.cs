using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>An installation in a directory of its own, and what the verbs say about it.</summary>
internal sealed class Sandbox : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public string Root { get; } = Directory.CreateTempSubdirectory("polyphony-verb-").FullName;

    public string Data => Path.Combine(Root, "data");

    public string Database => Path.Combine(Data, "polyphony.db");

    public string Said => output.ToString();

    public string Refused => error.ToString();

    public Task<int> RunAsync(params string[] args) => RunUntilAsync(args, TestContext.Current.CancellationToken);

    public Task<int> RunUntilAsync(string[] args, CancellationToken cancellationToken)
    {
        output.GetStringBuilder().Clear();
        error.GetStringBuilder().Clear();

        // Each verb is a process of its own, which leaves no connection behind.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        return Verbs.RunAsync([.. args, "--Polyphony:Data=" + Data], new Terminal(output, error), cancellationToken);
    }

    public string File(string name) => Path.Combine(Root, name);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Root, recursive: true);
    }
}
