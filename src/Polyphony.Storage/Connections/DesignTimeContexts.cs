using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Polyphony.Storage.Connections;

/// <summary>Lets <c>dotnet ef</c> make migrations for SQLite without a database.</summary>
public sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteDb>
{
    public SqliteDb CreateDbContext(string[] args)
    {
        DbContextOptionsBuilder<SqliteDb> options = new();
        options.UseSqlite("Data Source=:memory:");
        return new(options.Options);
    }
}

/// <summary>Lets <c>dotnet ef</c> make migrations for PostgreSQL without a database.</summary>
public sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresDb>
{
    public PostgresDb CreateDbContext(string[] args)
    {
        DbContextOptionsBuilder<PostgresDb> options = new();
        options.UseNpgsql("Host=localhost;Database=design");
        return new(options.Options);
    }
}
