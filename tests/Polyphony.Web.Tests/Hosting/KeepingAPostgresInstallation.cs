using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;
using Polyphony.Storage.Connections;
using Polyphony.Web.Hosting;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>The verbs on a living PostgreSQL server, with its programs and without them.</summary>
public sealed class KeepingAPostgresInstallation : IAsyncLifetime
{
    private readonly Sandbox box = new();
    private readonly List<string> names = [];
    private string database = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(TestServer.OnPostgres, "The suite runs on SQLite.");
        database = await MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string name in names)
        {
            await TestServer.DropPostgresAsync(name);
        }

        box.Dispose();
    }

    [Fact]
    public async Task What_pg_dump_wrote_is_taken_back_by_the_command_that_restore_names()
    {
        Assert.Equal(0, await RunAsync("migrate"));
        Assert.Contains("Initial", box.Said, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("migrate"));
        Assert.Contains("up to date", box.Said, StringComparison.Ordinal);
        await ExecuteAsync(database, "CREATE TABLE mark(word text); INSERT INTO mark VALUES('before')");
        string copy = box.File("copy.dump");
        Assert.True(0 == await RunAsync("backup", copy), box.Refused);
        Assert.Contains("Backed up and checked: " + copy, box.Said, StringComparison.Ordinal);
        Assert.False(File.Exists(copy + ".partial"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        }

        Assert.Equal(1, await RunAsync("backup", copy));
        Assert.Contains("exists already", box.Refused, StringComparison.Ordinal);

        // The verb leaves it to PostgreSQL's own tool, and says how.
        Assert.Equal(1, await RunAsync("restore", copy));
        Assert.Contains("pg_restore --clean --if-exists --dbname=NAME " + copy, box.Refused, StringComparison.Ordinal);
        string other = await MakeAsync();
        Assert.Equal(0, await ProgramAsync("pg_restore", "--clean", "--if-exists", "--dbname=" + other, copy));
        Assert.Equal("before", await ExecuteAsync(other, "SELECT word FROM mark"));
        Assert.True(0 == await box.RunAsync("doctor", "--Polyphony:Database=" + other), box.Said);
    }

    [Fact]
    public async Task Without_pg_dump_backup_refuses_and_leaves_nothing_behind()
    {
        Assert.Equal(0, await RunAsync("migrate"));
        string copy = box.File("copy.dump");

        // A process of its own: all tests of this one share its path.
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        ProcessStartInfo start = new(dotnet, [typeof(Verbs).Assembly.Location, "backup", copy, "--Polyphony:Data=" + box.Data, "--Polyphony:Database=" + database]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = box.Root;
        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardOutput.ReadToEndAsync(Stop);
        string refused = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 1, await said + refused);
        Assert.Contains("pg_dump is not on this machine’s path", refused, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(box.Root, "copy.dump*"));
    }

    [Fact]
    public async Task Doctor_examines_a_server_and_compares_its_clock()
    {
        Assert.Equal(0, await RunAsync("doctor"));
        Assert.Contains("migrations are missing", box.Said.Replace("migration is missing", "migrations are missing", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("migrate"));
        Assert.True(0 == await RunAsync("doctor"), box.Said);
        NpgsqlConnectionStringBuilder parts = new(((DatabaseAddress.Postgres)DatabaseAddress.Parse(database, "/")).ConnectionString);
        Assert.Contains($"The database is whole and answers: {parts.Host}:{parts.Port}/{parts.Database}", box.Said, StringComparison.Ordinal);
        Assert.Contains("The database fits this version", box.Said, StringComparison.Ordinal);
        Assert.Contains("The journal has no entries yet", box.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("⟦", box.Said, StringComparison.Ordinal);

        using StringWriter said = new();
        Assert.Equal(1, await Doctor.RunAsync(Installation.Read(["--Polyphony:Data=" + box.Data, "--Polyphony:Database=" + database]), new FastClock(), new Terminal(said, TextWriter.Null), Stop));
        Assert.Contains("timedatectl", said.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] args) => box.RunAsync([.. args, "--Polyphony:Database=" + database]);

    private async Task<string> MakeAsync()
    {
        (string name, string address) = await TestServer.CreatePostgresAsync();
        names.Add(name);
        return address;
    }

    private static async Task<int> ProgramAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Stop);
        return process.ExitCode;
    }

    private static async Task<string?> ExecuteAsync(string address, string command)
    {
        await using NpgsqlConnection connection = new(((DatabaseAddress.Postgres)DatabaseAddress.Parse(address, "/")).ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
#pragma warning disable CA2100 // Written here.
        await using NpgsqlCommand sql = new(command, connection);
#pragma warning restore CA2100
        return await sql.ExecuteScalarAsync(Stop) as string;
    }

    /// <summary>Five minutes ahead of the server's, which no entry of the journal would contradict.</summary>
    private sealed class FastClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMinutes(5);
    }
}
