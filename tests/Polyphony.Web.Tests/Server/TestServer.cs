using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polyphony.Storage;
using Polyphony.Web.Hosting;

[assembly: AssemblyFixture(typeof(Polyphony.Web.Tests.Server.TestServer))]

namespace Polyphony.Web.Tests.Server;

/// <summary>The real server on a free port, over a real database of its own: SQLite, or PostgreSQL when
/// <c>POLYPHONY_TEST_DATABASE=postgres</c>. <c>./test</c> runs the whole suite once for each.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-test-").FullName;
    private WebApplication? app;
    private string? postgresName;
    private string database = "";

    public static bool OnPostgres => Environment.GetEnvironmentVariable("POLYPHONY_TEST_DATABASE") == "postgres";

    public static string PostgresServer => Environment.GetEnvironmentVariable("POLYPHONY_TEST_POSTGRES")
        ?? throw new InvalidOperationException("POLYPHONY_TEST_POSTGRES is not set: run the tests with ./test, which starts a PostgreSQL server for them.");

    /// <summary>What a test puts between the server's gate and its endpoints.</summary>
    public Action<WebApplication>? Map { get; init; }

    /// <summary>What a test sets otherwise.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    /// <summary>Whether tries of secrets are limited as they are in earnest. All tests come from one address, and the faster they are the sooner they would be refused.</summary>
    public bool LimitsGuessing { get; init; }

    public Uri Address { get; private set; } = new("http://localhost");

    public string DataDirectory => directory;

    public IServiceProvider Services => app!.Services;

    public async ValueTask InitializeAsync()
    {
        database = Path.Combine(directory, "polyphony.db");
        if (OnPostgres)
        {
            (postgresName, database) = await CreatePostgresAsync();
        }

        await BeginAsync(0);
    }

    /// <summary>Stops the server and starts it again at the same address, over the same database. Only for a server of a test's own.</summary>
    public async Task RestartAsync()
    {
        await app!.StopAsync();
        await app.DisposeAsync();
        await BeginAsync(Address.Port);
    }

    private async Task BeginAsync(int port)
    {
        app = await StartAsync(
            directory, database,
            builder =>
            {
                builder.Configuration["urls"] = $"http://127.0.0.1:{port}";
                if (!LimitsGuessing)
                {
                    builder.Services.AddSingleton(new GuessingPace(100_000, 10_000));
                }

                Configure?.Invoke(builder);
            },
            Map);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    /// <summary>Starts one more server; tests that need settings of their own call it.</summary>
    public static async Task<WebApplication> StartAsync(string directory, string database, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder("--urls", "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Polyphony:Data"] = directory,
            ["Polyphony:Database"] = database,
        });
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        WebApplication app = PolyphonyServer.Build(builder);
        map?.Invoke(app);
        await PolyphonyServer.PrepareAsync(app, CancellationToken.None);
        await app.StartAsync();
        return app;
    }

    /// <summary>Makes an empty PostgreSQL database of its own.</summary>
    /// <returns>Its name and its address as <c>postgres://…</c>.</returns>
    public static async Task<(string Name, string Address)> CreatePostgresAsync()
    {
        string name = "t" + Guid.CreateVersion7().ToString("N");
        await using NpgsqlConnection connection = new(PostgresConnectionString("postgres"));
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        UriBuilder address = new(PostgresServer) { Path = "/" + name };
        return (name, address.Uri.AbsoluteUri);
    }

    public static async Task DropPostgresAsync(string name)
    {
        NpgsqlConnection.ClearAllPools();
        await using NpgsqlConnection connection = new(PostgresConnectionString("postgres"));
        await connection.OpenAsync();
        await using NpgsqlCommand command = new($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Does something with a database context of the server's own.</summary>
    public async Task<T> WithDbAsync<T>(Func<Db, Task<T>> work)
    {
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<Db>());
    }

    /// <summary>A hash of every table but those excepted.</summary>
    public Task<string> FingerprintAsync(params string[] except) => WithDbAsync(async db =>
    {
        StringBuilder fingerprint = new();
        await db.Database.OpenConnectionAsync();
        foreach (string table in db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct().Except(except).Order(StringComparer.Ordinal))
        {
            await using DbCommand command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using DbDataReader reader = await command.ExecuteReaderAsync();
            List<string> rows = [];
            while (await reader.ReadAsync())
            {
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
            }

            rows.Sort(StringComparer.Ordinal);
            fingerprint.Append(CultureInfo.InvariantCulture, $"{table} {rows.Count} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))}\n");
        }

        return fingerprint.ToString();
    });

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (postgresName is not null)
        {
            await DropPostgresAsync(postgresName);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private static string PostgresConnectionString(string name) =>
        ((Storage.Connections.DatabaseAddress.Postgres)Storage.Connections.DatabaseAddress.Parse(new UriBuilder(PostgresServer) { Path = "/" + name }.Uri.AbsoluteUri, "/")).ConnectionString;
}
