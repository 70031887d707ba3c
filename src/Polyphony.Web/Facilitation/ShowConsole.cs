using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Rooms;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Rooms;

namespace Polyphony.Web.Facilitation;

/// <summary>A facilitator's console: what is on now and next, who of the table has come, and the call for help.</summary>
/// <remarks>Of ballots it shows one number a session, and only once its ballot is closed: a number that grows would tell who votes.</remarks>
internal static class ShowConsole
{
    private static readonly TimeSpan HelpIsNews = TimeSpan.FromMinutes(10);

    public static void Map(RouteGroupBuilder facilitator) => facilitator.MapGet("", ShowAsync);

    private static async Task<RazorComponentResult<ConsolePage>> ShowAsync(
        int table, DialogueScope scope, RoomDesk desk, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        DayClock day = await desk.ClockAsync(scope, cancellationToken);
        SeatingPlanVersion? plan = await desk.PlanAsync(scope.SiteId, cancellationToken);
        int round = day.CurrentRound(plan?.Rounds ?? 1);
        ILookup<int, Seat> seats = (plan?.Seats ?? []).Where(seat => seat.Table == table).OrderBy(seat => seat.Number).ToLookup(seat => seat.Round);
        Dictionary<ParticipantId, Expected> known = (await desk.PeopleAsync(scope.SiteId, cancellationToken))
            .Where(person => person.Status == ParticipantStatus.Confirmed).ToDictionary(person => person.Id);
        HelpRequest? help = await db.HelpRequests.AsNoTracking().Where(asked => asked.DialogueId == scope.DialogueId && asked.Table == table)
            .OrderByDescending(asked => asked.AskedAt).FirstOrDefaultAsync(cancellationToken);
        List<TableBallots> closed = [];
        foreach (SessionSlot slot in day.Slots.Where(slot => slot.Ballot == BallotState.Closed))
        {
            ParticipantId[] sat = [.. seats[slot.Session.Round ?? round].Select(seat => seat.ParticipantId)];
            closed.Add(new(slot, await db.Participations.CountAsync(took => took.SessionId == slot.Session.Id && sat.Contains(took.ParticipantId), cancellationToken), sat.Length));
        }

        return new(new
        {
            Model = new ConsoleModel(
                scope, table, day, plan is not null, plan is not null && plan.TableNumbers.Contains(table), round,
                [.. seats[round].Where(seat => known.ContainsKey(seat.ParticipantId)).Select(seat => known[seat.ParticipantId])],
                help is { DoneAt: { } done } && clock.GetUtcNow() - done > HelpIsNews ? null : help,
                closed),
        });
    }
}

/// <summary>How many of those who sat at the table took part in a ballot that is closed.</summary>
public sealed record TableBallots(SessionSlot Slot, int Ballots, int Seated);

/// <summary>What a facilitator sees.</summary>
/// <param name="HasTable">The plan that counts has this table.</param>
/// <param name="Help">The table's last call for help, unless it was answered long ago.</param>
public sealed record ConsoleModel(
    DialogueScope Scope,
    int Table,
    DayClock Day,
    bool HasPlan,
    bool HasTable,
    int Round,
    IReadOnlyList<Expected> People,
    HelpRequest? Help,
    IReadOnlyList<TableBallots> Closed)
{
    public IEnumerable<SessionSlot> Now => Day.Slots.Where(slot => slot.Place == SlotPlace.Now);

    public SessionSlot? Next => Day.Slots.FirstOrDefault(slot => slot.Place == SlotPlace.Next);
}
