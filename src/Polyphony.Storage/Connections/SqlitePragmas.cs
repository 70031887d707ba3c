using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Polyphony.Storage.Connections;

/// <summary>Settings that every connection to the file needs.</summary>
/// <remarks>
/// <c>synchronous=FULL</c>: with NORMAL, 63 % of simulated power losses took an acknowledged ballot (docs/adr/0006-ballots.md).
/// <c>secure_delete=ON</c>: without it, deleted names stay readable in the file.
/// </remarks>
public sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Commands = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; PRAGMA secure_delete=ON;";

    public static void Apply(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Commands;
        command.ExecuteNonQuery();
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply((SqliteConnection)connection);
        return Task.CompletedTask;
    }
}
