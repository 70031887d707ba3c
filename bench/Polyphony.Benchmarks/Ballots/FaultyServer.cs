using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Connections;
using Polyphony.Web.Hosting;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>The server with a store that is wrong on purpose, to see the kill run find it. It exists only in this program.</summary>
internal static class FaultyServer
{
    public const string Verb = "faulty-server";

    public static string Program => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Polyphony.Benchmarks", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\')), "Polyphony.Benchmarks.dll"));

    /// <param name="fault"><c>acknowledge-early</c> or <c>no-idempotency</c>.</param>
    /// <param name="arguments">The server's own.</param>
    public static async Task<int> RunAsync(string fault, string[] arguments)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder(arguments);
        builder.Services.AddSingleton<OpenBallotStore>(provider =>
        {
            DatabaseAddress address = provider.GetRequiredService<DatabaseAddress>();
            return () => fault switch
            {
                "acknowledge-early" => new EarlyAcknowledgement(BallotStores.Open(address)),
                "no-idempotency" => new NoIdempotency(BallotStores.Open(address)),
                _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "acknowledge-early or no-idempotency"),
            };
        });
        await using WebApplication app = PolyphonyServer.Build(builder);
        await PolyphonyServer.PrepareAsync(app, CancellationToken.None);
        await app.RunAsync();
        return 0;
    }
}
