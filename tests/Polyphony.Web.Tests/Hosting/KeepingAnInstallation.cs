using System.Globalization;
using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>What <c>restore</c> must not do, and what <c>doctor</c> must see, beside a copy that is damaged.</summary>
public sealed class KeepingAnInstallation
{
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Keys_in_use_are_kept()
    {
        using Sandbox box = new();
        string copy = await CopyAsync(box, ("key-1.xml", "<old/>"));
        Key(box, "key-2.xml", "<in-use/>");
        File.Delete(Path.Combine(box.Data, "keys", "key-1.xml"));
        Assert.Equal(0, await box.RunAsync("restore", copy));
        Assert.Equal(["key-2.xml"], Directory.GetFiles(Path.Combine(box.Data, "keys")).Select(Path.GetFileName));
        Assert.Equal("<in-use/>", File.ReadAllText(Path.Combine(box.Data, "keys", "key-2.xml")));
    }

    [Fact]
    public async Task Nothing_in_the_file_of_keys_leads_out_of_their_directory()
    {
        using Sandbox box = new();
        string copy = await CopyAsync(box, ("key-1.xml", "<good/>"));
        File.Delete(Path.Combine(box.Data, "keys", "key-1.xml"));
        using (ZipArchive zip = await ZipFile.OpenAsync(copy + ".keys.zip", ZipArchiveMode.Update, TestContext.Current.CancellationToken))
        {
            foreach (string name in (string[])["../key-out.xml", "key-deep/key-in.xml", "../../key-far.xml", "other.txt", "notes.xml"])
            {
                await using StreamWriter writer = new(await zip.CreateEntry(name).OpenAsync(TestContext.Current.CancellationToken));
                await writer.WriteAsync("<evil/>");
            }
        }

        Assert.Equal(0, await box.RunAsync("restore", copy));
        Assert.Equal(["key-1.xml"], Directory.GetFileSystemEntries(Path.Combine(box.Data, "keys")).Select(Path.GetFileName));
        Assert.DoesNotContain(Directory.GetFiles(box.Root, "*", SearchOption.AllDirectories), path => Path.GetFileName(path) is "key-out.xml" or "key-far.xml" or "key-in.xml");
    }

    [Fact]
    public async Task A_database_is_not_restored_from_itself()
    {
        using Sandbox box = new();
        await box.RunAsync("migrate");
        Assert.Equal(1, await box.RunAsync("restore", box.Database));
        Assert.True(File.Exists(box.Database));
        Assert.Empty(Directory.GetFiles(box.Data, "*.before-*"));
    }

    [Fact]
    public async Task What_was_restored_starts()
    {
        using Sandbox box = new();
        string copy = await CopyAsync(box, ("key-1.xml", "<key/>"));
        Assert.Equal(0, await box.RunAsync("restore", copy));

        // First of all, as the server does: before anything else has opened the file for writing.
        Assert.Equal(0, await box.RunAsync("migrate"));
        Assert.Contains("up to date", box.Said, StringComparison.Ordinal);
        Assert.Equal("wal", Execute(box.Database, "PRAGMA journal_mode"));
    }

    [Fact]
    public async Task A_copy_is_read_from_end_to_end_before_it_takes_the_place_of_anything()
    {
        using Sandbox box = new();
        string copy = await CopyAsync(box, ("key-1.xml", "<key/>"));

        // One table is spoilt; what the copy says of its version can still be read.
        long page = long.Parse(Execute(copy, "PRAGMA page_size")!, CultureInfo.InvariantCulture);
        long root = long.Parse(Execute(copy, "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = 'People'")!, CultureInfo.InvariantCulture);
        byte[] bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
        Array.Fill(bytes, (byte)0xAB, (int)((root - 1) * page), (int)page);
        await File.WriteAllBytesAsync(copy, bytes, TestContext.Current.CancellationToken);
        Assert.Equal(1, await box.RunAsync("restore", copy));
        Assert.Contains("damaged", box.Refused, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(box.Data, "*.before-*"));
    }

    [Fact]
    public async Task Doctor_says_what_is_missing_and_what_is_not_yet_there()
    {
        using Sandbox box = new();
        Assert.Equal(0, await box.RunAsync("doctor"));
        AssertSays(box, "look", "There is no database");
        AssertSays(box, "look", "There is no key ring");
        await box.RunAsync("migrate");
        Key(box, "key-1.xml", "<key/>");
        Assert.Equal(0, await box.RunAsync("doctor"));
        AssertSays(box, "well", "The database fits this version");
        AssertSays(box, "well", "The key ring is there and private");
        Assert.Equal(0, await box.RunAsync("doctor", "--Polyphony:PublicUrl=https://dialogue.example.org"));
        AssertSays(box, "look", "Polyphony__KeyCertificate");
        Execute(box.Database, "DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT max(MigrationId) FROM __EFMigrationsHistory)");
        Assert.Equal(0, await box.RunAsync("doctor"));
        AssertSays(box, "look", "migration is missing");
        Execute(box.Database, "INSERT INTO __EFMigrationsHistory VALUES('29990101000000_Future','99')");
        Assert.Equal(1, await box.RunAsync("doctor"));
        AssertSays(box, "BAD", "29990101000000_Future");
    }

    [Fact]
    public async Task Doctor_sees_keys_and_data_that_others_can_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Directories have no mode there.");
        using Sandbox box = new();
        await box.RunAsync("migrate");
        Key(box, "key-1.xml", "<key/>");
        Assert.Equal(0, await box.RunAsync("doctor"));
#pragma warning disable CA1416 // Skipped above.
        File.SetUnixFileMode(Path.Combine(box.Data, "keys"), Everybody);
        Assert.Equal(1, await box.RunAsync("doctor"));
        AssertSays(box, "BAD", "chmod 700");
        File.SetUnixFileMode(Path.Combine(box.Data, "keys"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(box.Data, Everybody);
        Assert.Equal(0, await box.RunAsync("doctor"));
        AssertSays(box, "look", box.Data);
#pragma warning restore CA1416
    }

    private static void AssertSays(Sandbox box, string grade, string word) => Assert.Contains(
        box.Said.Split('\n'), line => line.Trim().StartsWith(grade, StringComparison.Ordinal) && line.Contains(word, StringComparison.Ordinal));

    private static async Task<string> CopyAsync(Sandbox box, (string Name, string Text) key)
    {
        await box.RunAsync("migrate");
        Key(box, key.Name, key.Text);
        string copy = box.File("copy.db");
        Assert.Equal(0, await box.RunAsync("backup", copy));
        return copy;
    }

    private static void Key(Sandbox box, string name, string text) => File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(box.Data, "keys")).FullName, name), text);

    private static string? Execute(string path, string command)
    {
        using SqliteConnection connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand sql = connection.CreateCommand();
        sql.CommandText = command;
        return Convert.ToString(sql.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
