using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Polyphony.Storage;

namespace Polyphony.Web.Accounts;

/// <summary>Keeps who organises what as it is until a transaction ends: whoever looks whether somebody can be spared and then lets them go does both within.</summary>
internal static class HoldingRoles
{
    private const long Key = 0x726F6C6573;

    /// <summary>Waits until nobody else holds the roles.</summary>
    /// <returns>A transaction that the caller commits; what was looked at before it may have changed.</returns>
    public static async Task<IDbContextTransaction> BeginAsync(Db db, CancellationToken cancellationToken)
    {
        IDbContextTransaction held = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({Key})", cancellationToken);
        }

        return held;
    }
}
