using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Rooms;

/// <summary>An organiser goes to a table that asked for help, and says when it is done.</summary>
internal static class AnswerHelp
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/room/help/{request:guid}/take", TakeAsync).TakesForm();
        organiser.MapPost("/room/help/{request:guid}/done", DoneAsync).TakesForm();
    }

    private static async Task<IResult> TakeAsync(Guid request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Guid staff = scope.Staff.Id;
        if (!await db.HelpRequests.AnyAsync(asked => asked.Id == request && asked.DialogueId == scope.DialogueId, cancellationToken))
        {
            return Results.NotFound();
        }

        // Whoever comes first goes; a second tap changes nothing.
        await db.HelpRequests.Where(asked => asked.Id == request && asked.TakenAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(asked => asked.TakenAt, now).SetProperty(asked => asked.TakenBy, staff), cancellationToken);
        return Results.Redirect($"/organise/{scope.Segment}/room");
    }

    private static async Task<IResult> DoneAsync(Guid request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (!await db.HelpRequests.AnyAsync(asked => asked.Id == request && asked.DialogueId == scope.DialogueId, cancellationToken))
        {
            return Results.NotFound();
        }

        await db.HelpRequests.Where(asked => asked.Id == request && asked.DoneAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(asked => asked.DoneAt, now), cancellationToken);
        return Results.Redirect($"/organise/{scope.Segment}/room");
    }
}
