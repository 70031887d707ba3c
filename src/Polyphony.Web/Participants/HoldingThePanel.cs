using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Polyphony.Dialogues;
using Polyphony.Storage;

namespace Polyphony.Web.Participants;

/// <summary>Keeps who holds a place at a site as it is until a transaction ends: whoever looks at that and then changes it does both within.</summary>
internal static class HoldingThePanel
{
    /// <summary>Waits until nobody else holds the panel of the site.</summary>
    /// <returns>A transaction that the caller commits; what was looked at before it may have changed.</returns>
    public static Task<IDbContextTransaction> BeginAsync(Db db, SiteId site, CancellationToken cancellationToken) => BeginAsync(db, [site], cancellationToken);

    /// <summary>Waits until nobody else holds the panel of one of the sites.</summary>
    public static async Task<IDbContextTransaction> BeginAsync(Db db, IEnumerable<SiteId> sites, CancellationToken cancellationToken)
    {
        IDbContextTransaction held = await db.Database.BeginTransactionAsync(cancellationToken);

        // SQLite has one writer, from the beginning of its transaction. A lock of the row of the site could wait in a circle with the lock of the journal, which others take first.
        if (!db.Database.IsSqlite())
        {
            // In one order everywhere, so that nobody waits for somebody who waits.
            foreach (long key in sites.Select(site => BitConverter.ToInt64(site.Value.ToByteArray(), 8)).Distinct().Order())
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({key})", cancellationToken);
            }
        }

        return held;
    }
}
