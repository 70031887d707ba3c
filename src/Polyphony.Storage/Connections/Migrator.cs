using Microsoft.EntityFrameworkCore;

namespace Polyphony.Storage.Connections;

/// <summary>Brings a database to the model of this program.</summary>
public static class Migrator
{
    /// <summary>How long another process may hold the migration lock of an SQLite file before it counts as dead.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);

    /// <summary>Applies the migrations that miss.</summary>
    /// <returns>Names of those applied now.</returns>
    /// <remarks>A process killed inside a migration of an SQLite file leaves EF Core's lock row behind, and the next start would wait
    /// for ever; after <see cref="LockPatience"/> the row is cleared and the migration tried again. PostgreSQL's lock ends with its session.</remarks>
    public static async Task<IReadOnlyList<string>> MigrateAsync(Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        string[] missing = [.. await db.Database.GetPendingMigrationsAsync(cancellationToken)];
        if (missing.Length == 0)
        {
            return [];
        }

        if (!db.Database.IsSqlite())
        {
            await db.Database.MigrateAsync(cancellationToken);
            return missing;
        }

        using CancellationTokenSource patience = new(LockPatience, clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await db.Database.MigrateAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await db.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }

        return missing;
    }
}
