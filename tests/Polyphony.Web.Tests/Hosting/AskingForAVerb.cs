using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Tests.Hosting;

public sealed class AskingForAVerb
{
    [Fact]
    public async Task Help_names_every_verb()
    {
        using Sandbox box = new();
        Assert.Equal(0, await box.RunAsync("help"));
        Assert.All((string[])["migrate", "backup FILE", "restore FILE", "doctor", "rehearse", "help"], verb => Assert.Contains(verb, box.Said, StringComparison.Ordinal));
        Assert.DoesNotContain("⟦", box.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_verb_is_named_with_the_help()
    {
        using Sandbox box = new();
        Assert.Equal(2, await box.RunAsync("bakcup"));
        Assert.Contains("bakcup", box.Refused, StringComparison.Ordinal);
        Assert.Contains("backup FILE", box.Said, StringComparison.Ordinal);
        Assert.Equal(2, await box.RunAsync("backup"));
    }

    [Fact]
    public async Task Migrate_makes_the_database_and_a_second_time_does_nothing()
    {
        using Sandbox box = new();
        Assert.Equal(0, await box.RunAsync("migrate"));
        Assert.Contains("Initial", box.Said, StringComparison.Ordinal);
        Assert.Equal(0, await box.RunAsync("migrate"));
        Assert.Contains("up to date", box.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("Initial", box.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_start_prints_a_link_that_works()
    {
        using Sandbox box = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> serving = box.RunUntilAsync(["--urls", "http://127.0.0.1:0"], stop.Token);
        Match link = Match.Empty;
        for (int i = 0; i < 300 && !link.Success; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            link = Regex.Match(box.Said, @"http://localhost:\d+/account/accept/[\w-]{22}");
        }

        using HttpClient client = new();
        Assert.True((await client.GetAsync(link.Value, TestContext.Current.CancellationToken)).IsSuccessStatusCode);

        // While it serves, nothing may take its database away.
        using StringWriter refused = new();
        string copy = box.File("running.db");
        Assert.Equal(0, await Verbs.RunAsync(["backup", copy, "--Polyphony:Data=" + box.Data], new Terminal(TextWriter.Null, refused), TestContext.Current.CancellationToken));
        Assert.Equal(1, await Verbs.RunAsync(["restore", copy, "--Polyphony:Data=" + box.Data], new Terminal(TextWriter.Null, refused), TestContext.Current.CancellationToken));
        Assert.Contains("server is running", refused.ToString(), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Record.ExceptionAsync(() => serving);
    }

    [Fact]
    public async Task A_backup_can_be_restored_and_overwrites_nothing()
    {
        using Sandbox box = new();
        string copy = box.File("copy.db");
        await box.RunAsync("migrate");
        Directory.CreateDirectory(Path.Combine(box.Data, "keys"));
        File.WriteAllText(Path.Combine(box.Data, "keys", "key-1.xml"), "<key/>");
        Execute(box.Database, "CREATE TABLE Mark(Word TEXT); INSERT INTO Mark VALUES('before')");
        Assert.Equal(0, await box.RunAsync("backup", copy));
        Assert.True(File.Exists(copy + ".keys.zip"));
        Assert.False(File.Exists(copy + ".partial"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy + ".keys.zip"));
        }

        Assert.Equal(1, await box.RunAsync("backup", copy));
        Assert.Contains(copy + " exists already", box.Refused, StringComparison.Ordinal);
        Execute(box.Database, "UPDATE Mark SET Word='after'");
        File.Delete(Path.Combine(box.Data, "keys", "key-1.xml"));
        Assert.Equal(0, await box.RunAsync("restore", copy));
        Assert.Equal("before", Execute(box.Database, "SELECT Word FROM Mark"));
        Assert.True(File.Exists(Path.Combine(box.Data, "keys", "key-1.xml")));
        string aside = Assert.Single(Directory.GetFiles(box.Data, "polyphony.db.before-*"));
        Assert.Equal("after", Execute(aside, "SELECT Word FROM Mark"));
    }

    [Fact]
    public async Task A_copy_that_is_damaged_foreign_or_newer_changes_nothing()
    {
        using Sandbox box = new();
        await box.RunAsync("migrate");
        await box.RunAsync("backup", box.File("good.db"));
        SqliteConnection.ClearAllPools();
        byte[] database = File.ReadAllBytes(box.Database);

        byte[] damaged = File.ReadAllBytes(box.File("good.db"));
        Array.Fill(damaged, (byte)0xAB, 4096 * 3, 4096 * 4);
        File.WriteAllBytes(box.File("damaged.db"), damaged);
        File.WriteAllText(box.File("text.db"), "no database");
        Execute(box.File("foreign.db"), "CREATE TABLE Other(Id INTEGER)");
        File.Copy(box.File("good.db"), box.File("newer.db"));
        Execute(box.File("newer.db"), "INSERT INTO __EFMigrationsHistory VALUES('29990101000000_Future','99')");
        foreach (string file in (string[])["damaged.db", "text.db", "foreign.db", "newer.db", "missing.db"])
        {
            Assert.Equal(1, await box.RunAsync("restore", box.File(file)));
            Assert.Contains(file, box.Refused, StringComparison.Ordinal);
            SqliteConnection.ClearAllPools();
            Assert.Equal(database, File.ReadAllBytes(box.Database));
        }
    }

    [Fact]
    public async Task Doctor_finds_nothing_wrong_with_a_new_installation_and_much_with_an_ill_one()
    {
        using Sandbox box = new();
        await box.RunAsync("migrate");
        Assert.Equal(0, await box.RunAsync("doctor"));
        Assert.DoesNotContain("⟦", box.Said, StringComparison.Ordinal);

        Assert.Equal(1, await box.RunAsync("doctor", "--Polyphony:Smtp:Host=127.0.0.1", "--Polyphony:Smtp:Port=1", "--Polyphony:Smtp:From=a@b.example"));
        Assert.Contains("mail server 127.0.0.1:1 does not answer", box.Said, StringComparison.Ordinal);

        SqliteConnection.ClearAllPools();
        byte[] bytes = File.ReadAllBytes(box.Database);
        Array.Fill(bytes, (byte)0xAB, 4096 * 3, 4096 * 4);
        File.WriteAllBytes(box.Database, bytes);
        Assert.Equal(1, await box.RunAsync("doctor"));
        Assert.Contains("damaged", box.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doctor", 1)]
    [InlineData("migrate", 1)]
    [InlineData("--urls=http://localhost:0", 1)]
    public async Task A_database_that_does_not_answer_is_told_in_words(string verb, int code)
    {
        using Sandbox sandbox = new();
        Assert.Equal(code, await sandbox.RunAsync(verb, "--Polyphony:Database=postgres://nobody:secret@127.0.0.1:1/none"));
        Assert.Contains("does not answer", sandbox.Said + sandbox.Refused, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sandbox.Said + sandbox.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_looks_at_the_clock_also_where_no_database_answers()
    {
        using Sandbox sandbox = new();
        Assert.Equal(1, await sandbox.RunAsync("doctor", "--Polyphony:Database=postgres://nobody:secret@127.0.0.1:1/none"));
        Assert.Contains("The clock is plausible", sandbox.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("--urls=http://localhost:0")]
    public async Task A_damaged_file_is_told_in_words_and_kept(string verb)
    {
        using Sandbox sandbox = new();
        Directory.CreateDirectory(sandbox.Data);
        await File.WriteAllTextAsync(sandbox.Database, "This was a database once, and somebody opened it in an editor." + new string('.', 5000), TestContext.Current.CancellationToken);
        Assert.Equal(1, await sandbox.RunAsync(verb));
        Assert.Contains("doctor", sandbox.Refused, StringComparison.Ordinal);
        Assert.StartsWith("This was", await File.ReadAllTextAsync(sandbox.Database, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_knows_a_full_disk_an_old_library_and_a_wrong_clock()
    {
        DateTimeOffset now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(Grade.Bad, Doctor.Disk(100L << 20, 100L << 30, "/").Grade);
        Assert.Equal(Grade.Look, Doctor.Disk(5L << 30, 100L << 30, "/").Grade);
        Assert.Equal(Grade.Good, Doctor.Disk(50L << 30, 100L << 30, "/").Grade);
        Assert.Equal(Grade.Bad, Doctor.SqliteVersion("3.51.2").Grade);
        Assert.Equal(Grade.Good, Doctor.SqliteVersion("3.51.3").Grade);
        Assert.Equal(Grade.Good, Doctor.Clock(now, now.AddDays(-3), exact: false).Grade);
        Assert.Equal(Grade.Bad, Doctor.Clock(now, now.AddMinutes(5), exact: false).Grade);
        Assert.Equal(Grade.Bad, Doctor.Clock(now, now.AddMinutes(-5), exact: true).Grade);
        Assert.Equal(Grade.Bad, Doctor.Clock(now.AddYears(-5), null, exact: false).Grade);
    }

    private static string? Execute(string path, string command)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand sql = connection.CreateCommand();
        sql.CommandText = command;
        return sql.ExecuteScalar() as string;
    }
}
