using System.Diagnostics;
using System.Globalization;
using Polyphony.Web.Accounts;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Rehearsal;

/// <summary>The verb <c>rehearse</c>: a whole one-day dialogue played by synthetic people through the same doors that real people use.</summary>
internal static class Rehearse
{
    private const string Live = "live";

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        string? pace = args is [.., "--pace"] ? "" : new ConfigurationBuilder().AddCommandLine(args).Build()["pace"];
        if (pace is not (null or Live))
        {
            terminal.Refuse("rehearsal.pace", ("value", pace));
            return Verbs.Misunderstood;
        }

        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder(args);
        string data = Path.Combine(Path.GetFullPath(builder.Configuration["Polyphony:Data"] is { Length: > 0 } set ? set : "data", builder.Environment.ContentRootPath), "rehearsal");

        // What an installation around it has set is not for synthetic people: neither its database and keys, nor its address, to which they would post, nor its mail server.
        string[] apart = ["Database", "Keys", "KeyCertificate", "KeyCertificatePassword", "PublicUrl", "Smtp:Host", "Smtp:User", "Smtp:Password", "Smtp:From"];
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(apart.Select(option => KeyValuePair.Create("Polyphony:" + option, (string?)""))) { ["Polyphony:Data"] = data });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (!ListeningAddresses.AreStated(builder.Configuration))
        {
            builder.WebHost.UseUrls(PolyphonyServer.DefaultAddress);
        }

        IReadOnlyList<StartProblem> problems = StartProblems.Find(builder.Configuration, builder.Environment.ContentRootPath, isRehearsal: true);
        if (problems.Count > 0)
        {
            return terminal.Refuse(problems);
        }

        // Only what an earlier rehearsal left: the directory is its own.
        Directory.Delete(data, recursive: true);
        await using WebApplication app = PolyphonyServer.Build(builder);
        await PolyphonyServer.PrepareAsync(app, cancellationToken);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException)
        {
            return terminal.Refuse("hosting.start.in-use", ("value", string.Join(' ', ListeningAddresses.Of(builder.Configuration))));
        }

        try
        {
            return await PlayAsync(app, pace == Live, terminal, cancellationToken);
        }
        finally
        {
            // Whoever interrupts it leaves no work behind that still writes.
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<int> PlayAsync(WebApplication app, bool live, Terminal terminal, CancellationToken cancellationToken)
    {
        Uri address = new(app.Services.GetRequiredService<PublicAddress>().Root.ToString());
        string first;
        await using (AsyncServiceScope scope = app.Services.CreateAsyncScope())
        {
            // The same one-time link that a new server prints.
            first = await scope.ServiceProvider.GetRequiredService<Invitations>().FirstAdministratorAsync(cancellationToken) ?? throw new InvalidOperationException("A new server has no administrator.");
        }

        terminal.Say("rehearsal.starts", ("link", address));
        Stopwatch watch = Stopwatch.StartNew();
        RehearsalStage stage = new(address, first, live, step => terminal.Say("rehearsal.step." + step.Code, [("time", watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(5)), .. step.Values]));
        RehearsalLinks links;
        try
        {
            links = await stage.PlayAsync(cancellationToken);
        }
        catch (RehearsalException failure)
        {
            return terminal.Refuse("rehearsal.failed", ("step", failure.Message));
        }

        terminal.Say("rehearsal.done", ("seconds", watch.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)));
        PublicAddress pages = app.Services.GetRequiredService<PublicAddress>();
        terminal.Say("rehearsal.link.public", ("link", pages.Of("/d/" + links.Slug)));
        terminal.Say("rehearsal.link.results", ("link", pages.Of($"/d/{links.Slug}/results")));
        terminal.Say("rehearsal.link.insights", ("link", pages.Of($"/d/{links.Slug}/insights")));
        terminal.Say("rehearsal.link.draw", ("link", pages.Of($"/d/{links.Slug}/draw")));
        terminal.Say("rehearsal.link.organiser", ("link", pages.Of("/account/sign-in")), ("email", links.OrganiserEmail), ("password", links.Password));
        terminal.Say("rehearsal.link.facilitator", ("link", pages.Of("/account/sign-in")), ("email", links.FacilitatorEmail));
        terminal.Say("rehearsal.link.citizen", ("link", pages.Of(links.CitizenPath)));
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
