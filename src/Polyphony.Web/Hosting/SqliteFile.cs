using Microsoft.Data.Sqlite;

namespace Polyphony.Web.Hosting;

/// <summary>Looks into an SQLite file that is not in use, without changing it.</summary>
internal static class SqliteFile
{
    /// <summary>Whether the file is whole and its references hold.</summary>
    /// <returns>Null when it is, else the first thing that SQLite says.</returns>
    public static string? Examine(string path)
    {
        try
        {
            using SqliteConnection connection = OpenToRead(path);
            return First(connection, "PRAGMA integrity_check") is { } said && said != "ok"
                ? said
                : First(connection, "PRAGMA foreign_key_check") is { } table ? "foreign key: " + table : null;
        }
        catch (SqliteException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>The migrations that were applied to a file; none when it is no database of ours.</summary>
    public static IReadOnlyList<string> Migrations(string path)
    {
        try
        {
            using SqliteConnection connection = OpenToRead(path);
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT MigrationId FROM __EFMigrationsHistory ORDER BY MigrationId";
            using SqliteDataReader reader = command.ExecuteReader();
            List<string> found = [];
            while (reader.Read())
            {
                found.Add(reader.GetString(0));
            }

            return found;
        }
        catch (SqliteException)
        {
            return [];
        }
    }

    /// <summary>Brings what stands in the write-ahead log into the file itself.</summary>
    /// <returns>Whether nobody else uses the file, so that all of it could be brought.</returns>
    public static bool TryGather(string path)
    {
        try
        {
            using SqliteConnection connection = new($"Data Source={path};Pooling=False;Mode=ReadWrite;Default Timeout=1");
            connection.Open();
            return First(connection, "PRAGMA wal_checkpoint(TRUNCATE)") is "0" or null && First(connection, "PRAGMA journal_mode=DELETE") == "delete";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static SqliteConnection OpenToRead(string path)
    {
        SqliteConnection connection = new($"Data Source={path};Pooling=False;Mode=ReadOnly");
        connection.Open();
        return connection;
    }

    private static string? First(SqliteConnection connection, string question)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = question;
        return command.ExecuteScalar()?.ToString();
    }
}
