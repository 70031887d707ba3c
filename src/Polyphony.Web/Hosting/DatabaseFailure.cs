using System.Data.Common;

namespace Polyphony.Web.Hosting;

/// <summary>Tells a database that does not answer or is damaged from mistakes of the program.</summary>
internal static class DatabaseFailure
{
    /// <summary>What the database or its driver said, or null: something else failed. The Npgsql provider wraps what may pass by itself.</summary>
    public static string? Why(Exception failure) => failure switch
    {
        DbException database => database.Message,
        InvalidOperationException { InnerException: DbException database } => database.Message,
        _ => null,
    };
}
