using Polyphony.Benchmarks.Ballots;

namespace Polyphony.Benchmarks.Pages;

/// <summary>From the start of the process to the end of its first page: once with an empty database, then with one that is there. The server that was built
/// with this program, or a published one.</summary>
internal static class StartVerb
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        string data = Directory.CreateTempSubdirectory("polyphony-start-").FullName;
        await using ServerProcess server = new(data, await arguments.FreshDatabaseAsync(data, CancellationToken.None), arguments.Text("published", "") is { Length: > 0 } folder ? Path.GetFullPath(Path.Combine(folder, "Polyphony.Web.dll")) : null);
        TimeSpan first = await server.StartAsync("/", CancellationToken.None);
        await server.KillAsync();
        List<double> next = [];
        for (int i = 0; i < arguments.Number("count", 5); i++)
        {
            next.Add((await server.StartAsync("/", CancellationToken.None)).TotalMilliseconds);
            await server.KillAsync();
        }

        next.Sort();
        Console.WriteLine($"empty database: {first.TotalMilliseconds:F0} ms to the first page; then, {next.Count} times: median {next[next.Count / 2]:F0} ms, longest {next[^1]:F0} ms");
        Directory.Delete(data, recursive: true);
        return 0;
    }
}
