using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Rooms;

/// <summary>Asks once more before a ballot is closed: closing is final.</summary>
internal static class ConfirmClosing
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapGet("/room/close/{session}", ShowAsync);

    private static async Task<IResult> ShowAsync(SessionId session, DialogueScope scope, RoomDesk desk, Db db, CancellationToken cancellationToken)
    {
        DayClock day = await desk.ClockAsync(scope, cancellationToken);
        SessionSlot? slot = day.Slots.FirstOrDefault(found => found.Session.Id == session);
        if (slot is null)
        {
            return Results.NotFound();
        }

        if (slot.Ballot != BallotState.Open)
        {
            return Results.Redirect($"/organise/{scope.Segment}/room?notice=cannot-close");
        }

        Presence presence = Presence.Of(await desk.PeopleAsync(scope.SiteId, cancellationToken));
        BallotsIn ballots = (await ShowRoom.BallotsAsync(db, day, scope.SiteId, cancellationToken))[session];
        return new RazorComponentResult<ConfirmClosingPage>(new { Scope = scope, Slot = slot, Presence = presence, Ballots = ballots });
    }
}
