using System.Globalization;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Web.Journal;

namespace Polyphony.Web.Hosting;

/// <summary>The verb <c>restore FILE</c>: examines a copy first, then puts it in the place of the database; what was there is kept aside.</summary>
internal static class Restore
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        if (args is not [[not '-', ..] file, .. string[] options])
        {
            terminal.Refuse("hosting.file-missing", ("value", "restore"));
            return Verbs.Misunderstood;
        }

        Installation installation = Installation.Read(options);
        if (installation.Problems.Count > 0)
        {
            return terminal.Refuse(installation.Problems);
        }

        file = Path.GetFullPath(file);
        if (installation.Database is not DatabaseAddress.Sqlite database)
        {
            return terminal.Refuse("hosting.restore.postgres", ("value", file));
        }

        if (Refusal(file, database, terminal) is { } code)
        {
            return code;
        }

        using FileStream? exclusive = RunningServer.TryExclude(installation.Data);
        if (exclusive is null || (File.Exists(database.Path) && !SqliteFile.TryGather(database.Path)))
        {
            return terminal.Refuse("hosting.restore.running");
        }

        string incoming = database.Path + ".incoming";
        File.Delete(incoming);
        await using (FileStream source = File.OpenRead(file))
        await using (FileStream target = PrivateFiles.Create(incoming))
        {
            await source.CopyToAsync(target, cancellationToken);
            target.Flush(flushToDisk: true);
        }

        if (File.Exists(database.Path))
        {
            string aside = database.Path + TimeProvider.System.GetUtcNow().ToString("'.before-'yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
            File.Move(database.Path, aside, overwrite: false);
            terminal.Say("hosting.restore.aside", ("value", aside));
        }

        File.Move(incoming, database.Path, overwrite: false);
        terminal.Say("hosting.restore.done", ("value", database.Path));
        TakeKeys(file + BackUp.KeysSuffix, installation.Data, terminal);
        terminal.Say("hosting.restore.erased");
        return 0;
    }

    private static int? Refusal(string file, DatabaseAddress.Sqlite database, Terminal terminal)
    {
        if (!File.Exists(file))
        {
            return terminal.Refuse("hosting.restore.no-file", ("value", file));
        }

        if (file == database.Path)
        {
            return terminal.Refuse("hosting.restore.itself", ("value", file));
        }

        if (SqliteFile.Examine(file) is { } damage)
        {
            return terminal.Refuse("hosting.restore.damaged", ("value", file), ("why", damage));
        }

        IReadOnlyList<string> applied = SqliteFile.Migrations(file);
        if (applied.Count == 0)
        {
            return terminal.Refuse("hosting.restore.foreign", ("value", file));
        }

        using Db db = Installation.Open(database);
        return applied.Except(db.Database.GetMigrations()).FirstOrDefault() is { } unknown
            ? terminal.Refuse("hosting.restore.newer", ("value", file), ("migration", unknown))
            : null;
    }

    /// <summary>Keys are taken only into an empty key ring: existing ones may protect what is in use.</summary>
    private static void TakeKeys(string file, DataDirectory data, Terminal terminal)
    {
        if (Directory.EnumerateFiles(data.Keys, "*.xml").Any())
        {
            terminal.Say("hosting.restore.keys-kept", ("value", data.Keys));
            return;
        }

        if (!File.Exists(file))
        {
            terminal.Say("hosting.restore.keys-missing", ("value", file));
            return;
        }

        using ZipArchive zip = ZipFile.OpenRead(file);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            // Only plain names of key files: no entry may lead out of the directory.
            if (entry.FullName == entry.Name && ((entry.Name.StartsWith("key-", StringComparison.Ordinal) && entry.Name.EndsWith(".xml", StringComparison.Ordinal)) || (entry.Name == LogKeeper.KeyFile && !File.Exists(Path.Combine(data.Keys, entry.Name)))) && entry.Length < 64 * 1024)
            {
                using Stream source = entry.Open();
                using FileStream target = PrivateFiles.Create(Path.Combine(data.Keys, entry.Name));
                source.CopyTo(target);
            }
        }

        terminal.Say("hosting.restore.keys", ("value", data.Keys));
    }
}
