using Polyphony.Storage;
using Polyphony.Storage.Connections;

namespace Polyphony.Web.Hosting;

/// <summary>The verb <c>migrate</c>: brings the database to this version without serving.</summary>
internal static class Migrate
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = PolyphonyServer.CreateBuilder(args);
        IReadOnlyList<StartProblem> problems = StartProblems.Find(builder.Configuration, builder.Environment.ContentRootPath);
        if (problems.Count > 0)
        {
            return terminal.Refuse(problems);
        }

        await using WebApplication app = PolyphonyServer.Build(builder);
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        IReadOnlyList<string> applied = await Migrator.MigrateAsync(scope.ServiceProvider.GetRequiredService<Db>(), TimeProvider.System, cancellationToken);
        foreach (string migration in applied)
        {
            terminal.Say("hosting.migrate.applied", ("value", migration));
        }

        terminal.Say(applied.Count == 0 ? "hosting.migrate.none" : "hosting.migrate.done");
        return 0;
    }
}
