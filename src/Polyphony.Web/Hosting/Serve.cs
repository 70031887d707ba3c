using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Polyphony.Web.Accounts;

namespace Polyphony.Web.Hosting;

/// <summary>What the program does without a verb: serves, and says where.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder(args);
        if (!ListeningAddresses.AreStated(builder.Configuration))
        {
            builder.WebHost.UseUrls(PolyphonyServer.DefaultAddress);
        }

        IReadOnlyList<StartProblem> problems = StartProblems.Find(builder.Configuration, builder.Environment.ContentRootPath);
        if (problems.Count > 0)
        {
            return terminal.Refuse(problems);
        }

        await using WebApplication app = PolyphonyServer.Build(builder);
        await PolyphonyServer.PrepareAsync(app, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            return terminal.Refuse("hosting.start.in-use", ("value", string.Join(' ', ListeningAddresses.Of(builder.Configuration))));
        }
        catch (SocketException failure)
        {
            return terminal.Refuse("hosting.start.no-address", ("value", string.Join(' ', ListeningAddresses.Of(builder.Configuration))), ("why", failure.Message));
        }
        catch (InvalidOperationException) when (ListeningAddresses.NeedCertificate(builder.Configuration))
        {
            return terminal.Refuse("hosting.start.no-certificate");
        }

        await AnnounceAsync(app, terminal, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary>Says where the server is and, while nobody administers it, the one-time link that makes the first administrator.</summary>
    public static async Task AnnounceAsync(WebApplication app, Terminal terminal, CancellationToken cancellationToken)
    {
        PublicAddress address = app.Services.GetRequiredService<PublicAddress>();
        terminal.Say("hosting.start.address", ("link", address.Root));
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<Invitations>().FirstAdministratorAsync(cancellationToken) is { } path)
        {
            terminal.Say("hosting.start.first-administrator");
            terminal.Show(address.Of(path));
        }
    }
}
