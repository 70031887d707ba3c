using System.Diagnostics;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Web.Journal;

namespace Polyphony.Web.Hosting;

/// <summary>The verb <c>backup FILE</c>: a copy of the database that was checked, made while the server runs or not, and the key ring in a second file.</summary>
internal static class BackUp
{
    public const string KeysSuffix = ".keys.zip";

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        if (args is not [[not '-', ..] file, .. string[] options])
        {
            terminal.Refuse("hosting.file-missing", ("value", "backup"));
            return Verbs.Misunderstood;
        }

        Installation installation = Installation.Read(options);
        if (installation.Problems.Count > 0)
        {
            return terminal.Refuse(installation.Problems);
        }

        file = Path.GetFullPath(file);
        foreach (string target in (string[])[file, file + KeysSuffix])
        {
            if (File.Exists(target) || Directory.Exists(target))
            {
                return terminal.Refuse("hosting.backup.exists", ("value", target));
            }
        }

        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            return terminal.Refuse("hosting.backup.no-directory", ("value", Path.GetDirectoryName(file)));
        }

        string partial = file + ".partial";
        File.Delete(partial);
        try
        {
            int code = installation.Database switch
            {
                DatabaseAddress.Sqlite sqlite => CopySqlite(sqlite, partial, terminal),
                DatabaseAddress.Postgres postgres => await PostgresTools.DumpAsync(postgres, partial, terminal, cancellationToken),
                _ => throw new UnreachableException(),
            };
            if (code != 0)
            {
                return code;
            }

            // The keys first: a copy of the database under its final name is complete.
            int keys = ZipKeys(installation.Data, file + KeysSuffix);
            File.Move(partial, file, overwrite: false);
            terminal.Say("hosting.backup.done", ("value", file), ("size", Sizes.Word(new FileInfo(file).Length)));
            terminal.Say(keys > 0 ? "hosting.backup.keys" : "hosting.backup.no-keys", ("value", file + KeysSuffix));
            await using Db db = Installation.Open(installation.Database);

            // A database of an older version may not have the columns to ask for.
            if (!(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any() && await db.SiteBallots.AnyAsync(ballot => ballot.State == BallotState.Open, cancellationToken))
            {
                terminal.Say("hosting.backup.ballot-open");
            }

            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return terminal.Refuse("hosting.backup.not-written", ("value", file), ("why", failure.Message));
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static int CopySqlite(DatabaseAddress.Sqlite address, string target, Terminal terminal)
    {
        if (!File.Exists(address.Path))
        {
            return terminal.Refuse("hosting.backup.no-database", ("value", address.Path));
        }

        try
        {
            // The empty file is made first so that nobody else may ever read it; VACUUM INTO fills it from one snapshot, also while others write.
            PrivateFiles.Create(target).Dispose();
            using (SqliteConnection source = new($"Data Source={address.Path};Pooling=False;Mode=ReadWrite"))
            {
                source.Open();
                using SqliteCommand copy = source.CreateCommand();
                copy.CommandText = "VACUUM INTO $target";
                copy.Parameters.AddWithValue("$target", target);
                copy.ExecuteNonQuery();
            }

            PrivateFiles.MakeDurable(target);
        }
        catch (SqliteException failure)
        {
            return terminal.Refuse("hosting.backup.not-written", ("value", target), ("why", failure.Message));
        }

        return SqliteFile.Examine(target) is { } damage ? terminal.Refuse("hosting.backup.damaged", ("why", damage)) : 0;
    }

    private static int ZipKeys(DataDirectory data, string target)
    {
        string[] keys = Directory.Exists(data.Keys) ? [.. Directory.EnumerateFiles(data.Keys, "*.xml").Concat(Directory.EnumerateFiles(data.Keys, LogKeeper.KeyFile)).Order(StringComparer.Ordinal)] : [];
        if (keys.Length > 0)
        {
            using (FileStream stream = PrivateFiles.Create(target))
            using (ZipArchive zip = new(stream, ZipArchiveMode.Create))
            {
                foreach (string key in keys)
                {
                    zip.CreateEntryFromFile(key, Path.GetFileName(key));
                }
            }

            PrivateFiles.MakeDurable(target);
        }

        return keys.Length;
    }
}
