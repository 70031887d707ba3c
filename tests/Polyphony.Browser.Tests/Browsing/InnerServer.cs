using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polyphony.Web.Accounts;
using Polyphony.Web.Hosting;

namespace Polyphony.Browser.Tests.Browsing;

/// <summary>The real server inside the test's own process, over an empty folder.</summary>
internal sealed class InnerServer : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-browser-").FullName;
    private readonly WebApplication app;

    private InnerServer(Action<WebApplication>? map)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder("--urls", "http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Polyphony:Data"] = directory, ["Polyphony:Database"] = "" });
        builder.Logging.ClearProviders();
        app = PolyphonyServer.Build(builder);
        map?.Invoke(app);
    }

    public Uri Address { get; private set; } = new("http://localhost");

    /// <summary>The path of the link that makes the first administrator.</summary>
    public string FirstAdministrator { get; private set; } = "";

    /// <summary>Starts it.</summary>
    /// <param name="map">What a test puts behind the server's gate.</param>
    public static async Task<InnerServer> StartAsync(Action<WebApplication>? map = null)
    {
        InnerServer server = new(map);
        await PolyphonyServer.PrepareAsync(server.app, CancellationToken.None);
        await server.app.StartAsync();
        server.Address = new Uri(server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await using AsyncServiceScope scope = server.app.Services.CreateAsyncScope();
        server.FirstAdministrator = (await scope.ServiceProvider.GetRequiredService<Invitations>().FirstAdministratorAsync(CancellationToken.None))!;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}
