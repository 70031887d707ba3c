using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Rooms;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Facilitation;

/// <summary>A table asks the organisers for help, and says when it needs none any more.</summary>
internal static class AskForHelp
{
    public static void Map(RouteGroupBuilder facilitator)
    {
        facilitator.MapPost("/help", AskAsync).TakesForm();
        facilitator.MapPost("/help/back", TakeBackAsync).TakesForm();
    }

    private static async Task<IResult> AskAsync(int table, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Asked once is asked: a second tap makes no second request.
        if (!await db.HelpRequests.AnyAsync(asked => asked.DialogueId == scope.DialogueId && asked.Table == table && asked.DoneAt == null, cancellationToken))
        {
            db.HelpRequests.Add(new HelpRequest { Id = Guid.CreateVersion7(), DialogueId = scope.DialogueId, Table = table, AskedAt = clock.GetUtcNow() });
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect($"/facilitate/{scope.Dialogue.Slug}/{table}");
    }

    private static async Task<IResult> TakeBackAsync(int table, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await db.HelpRequests.Where(asked => asked.DialogueId == scope.DialogueId && asked.Table == table && asked.DoneAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(asked => asked.DoneAt, now), cancellationToken);
        return Results.Redirect($"/facilitate/{scope.Dialogue.Slug}/{table}");
    }
}
