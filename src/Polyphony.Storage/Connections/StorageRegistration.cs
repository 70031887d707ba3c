using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Polyphony.Storage.Connections;

/// <summary>Wires the model to the database that was chosen.</summary>
public static class StorageRegistration
{
    /// <summary>Registers <see cref="Db"/> for the address.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, DatabaseAddress address)
    {
        services.AddSingleton(address);
        switch (address)
        {
            case DatabaseAddress.Sqlite sqlite:
                services.AddDbContextPool<Db, SqliteDb>(options => UseSqlite(options, sqlite));
                break;
            case DatabaseAddress.Postgres postgres:
                services.AddDbContextPool<Db, PostgresDb>(options => UsePostgres(options, postgres));
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        return services;
    }

    public static void UseSqlite(DbContextOptionsBuilder options, DatabaseAddress.Sqlite address) => options
        .UseSqlite($"Data Source={address.Path};Pooling=True", sqlite => sqlite.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
        .ReplaceService<IMigrationsSqlGenerator, OrderlessBallots>()
        .AddInterceptors(new SqlitePragmas());

    public static void UsePostgres(DbContextOptionsBuilder options, DatabaseAddress.Postgres address) => options
        .UseNpgsql(address.ConnectionString, postgres => postgres.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery));
}
