using Polyphony.Storage;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Hosting;

/// <summary>Whether the process lives, and whether it can serve.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).ForAudience(Audience.Public).ExcludeFromDescription();
        app.MapGet("/health/ready", async (Db db, IEnumerable<IReadiness> checks, CancellationToken cancellationToken) =>
        {
            if (!await db.Database.CanConnectAsync(cancellationToken))
            {
                return Results.Text("database", statusCode: StatusCodes.Status503ServiceUnavailable);
            }

            string[] failing = [.. checks.Where(check => !check.IsReady).Select(check => check.Name)];
            return failing.Length == 0
                ? Results.Text("ready")
                : Results.Text(string.Join(' ', failing), statusCode: StatusCodes.Status503ServiceUnavailable);
        }).ForAudience(Audience.Public).ExcludeFromDescription();
    }
}

/// <summary>A part of the server that can be unable to serve, such as the ballot writer.</summary>
public interface IReadiness
{
    string Name { get; }

    bool IsReady { get; }
}
