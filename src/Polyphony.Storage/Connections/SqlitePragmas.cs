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
    private const string WriteAhead = "PRAGMA journal_mode=WAL; ";
    private const string Commands = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; PRAGMA secure_delete=ON;";

    public static void Apply(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();

        // EF looks whether the file exists by a connection that may not write; a copy that was just restored is not yet in this mode, and would be refused there.
        command.CommandText = connection.ConnectionString.Contains("Mode=ReadOnly", StringComparison.OrdinalIgnoreCase) ? Commands : WriteAhead + Commands;
        command.ExecuteNonQuery();
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply((SqliteConnection)connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply((SqliteConnection)connection);
        return Task.CompletedTask;
    }
}
