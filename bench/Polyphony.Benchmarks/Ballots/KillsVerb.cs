using Polyphony.Storage;
using Polyphony.Storage.Connections;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>The full run of kills, with a report on the console.</summary>
internal static class KillsVerb
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        string data = Directory.CreateTempSubdirectory("polyphony-kills-").FullName;
        string database = await arguments.FreshDatabaseAsync(data, CancellationToken.None);
        string fault = arguments.Text("fault", "");
        ulong seed = (ulong)arguments.Number("seed", 1);
        (KillReport report, Findings findings) = await RunAsync(data, database, arguments.Number("count", 100), seed, fault, Console.WriteLine);
        Console.WriteLine(
            $"{report.Kills} kills, {report.Acknowledged.Count} acknowledged of {report.Attempts} attempts: {findings.Lost} lost, {findings.Doubled} doubled, {findings.Changed} changed, "
            + $"{report.Contradictions.Count} contradictions, integrity {findings.Integrity}; slowest start {report.SlowestStart.TotalMilliseconds:F0} ms; seed {seed}");
        foreach (string contradiction in report.Contradictions.Take(5))
        {
            Console.WriteLine("contradiction: " + contradiction);
        }

        Directory.Delete(data, recursive: true);
        return findings.AreNone && report.Contradictions.Count == 0 ? 0 : 1;
    }

    /// <summary>Lays a fixture, kills, checks.</summary>
    /// <param name="data">A directory of its own.</param>
    /// <param name="database">An empty database.</param>
    /// <param name="kills">How often.</param>
    /// <param name="seed">Decides moments and answers.</param>
    /// <param name="fault">Empty for the real server, else a fault of <see cref="FaultyServer"/>.</param>
    /// <param name="say">Takes progress lines.</param>
    /// <param name="after">Done with the database after the check.</param>
    public static async Task<(KillReport Report, Findings Findings)> RunAsync(
        string data, string database, int kills, ulong seed, string fault, Action<string> say, Func<VotingFixture, IReadOnlyList<Acknowledged>, Db, Task>? after = null)
    {
        DatabaseAddress address = DatabaseAddress.Parse(database, data);
        VotingFixture fixture = await VotingFixture.SeedAsync(address, people: 3_200, sessions: 4, CancellationToken.None);
        await using ServerProcess server = fault.Length == 0 ? new(data, database) : new(data, database, FaultyServer.Program, FaultyServer.Verb, fault);
        KillReport report = await new KillRun(fixture, server, seed).RunAsync(kills, say, CancellationToken.None);
        await server.KillAsync();
        await using Db db = VotingFixture.Open(address);
        Findings findings = await BallotAudit.CheckAsync(fixture, report.Acknowledged, db, CancellationToken.None);
        if (after is not null)
        {
            await after(fixture, report.Acknowledged, db);
        }

        return (report, findings);
    }
}
