using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Polyphony.Proofs;

namespace Polyphony.Storage.Journal;

/// <summary>Gives new entries of the journal their place in the log, in the transaction that saves them.</summary>
internal static class JournalSequence
{
    /// <summary>One at a time: whoever holds this lock of PostgreSQL appends until their transaction ends. SQLite has one writer anyway.</summary>
    private const long PostgresLock = 0x506F_6C79_4C6F_67;

    /// <summary>Completes the entries that are about to be saved.</summary>
    /// <returns>A transaction that the caller commits; null when nothing is to be journalled, or when the caller has one already.</returns>
    public static async Task<IDbContextTransaction?> AppendAsync(Db db, CancellationToken cancellationToken)
    {
        JournalEntry[] added = [.. db.ChangeTracker.Entries<JournalEntry>().Where(entry => entry.State == EntityState.Added).Select(entry => entry.Entity)];
        if (added.Length == 0)
        {
            return null;
        }

        IDbContextTransaction? own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        try
        {
            if (!db.Database.IsSqlite())
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({PostgresLock})", cancellationToken);
            }

            long next = (await db.Journal.MaxAsync(entry => (long?)entry.Id, cancellationToken) ?? -1) + 1;
            foreach (JournalEntry entry in added)
            {
                // The change tracker lets no key change under it.
                db.Entry(entry).State = EntityState.Detached;
                entry.Id = next++;
                entry.At = new DateTimeOffset(entry.At.UtcTicks - (entry.At.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
                entry.Facts = LogEntry.Canonical(entry.Facts);
                entry.Salt = RandomNumberGenerator.GetBytes(16);
                entry.ActorSalt = RandomNumberGenerator.GetBytes(16);
                entry.Hash = entry.ToLogEntry().Hash();
                db.Journal.Add(entry);
            }

            return own;
        }
        catch
        {
            if (own is not null)
            {
                await own.DisposeAsync();
            }

            throw;
        }
    }
}
