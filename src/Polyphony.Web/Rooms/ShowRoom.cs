using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Rooms;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Rooms;

/// <summary>The control room: where the day stands, what is due, which ballot is open, who is at which table and who needs help.</summary>
internal static class ShowRoom
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/room", ShowAsync);

    private static async Task<RazorComponentResult<ControlRoomPage>> ShowAsync(
        DialogueScope scope, RoomDesk desk, PaperDesk paper, Db db, HttpRequest request, CancellationToken cancellationToken)
    {
        DayClock day = await desk.ClockAsync(scope, cancellationToken);
        IReadOnlyList<Expected> people = await desk.PeopleAsync(scope.SiteId, cancellationToken);
        SeatingPlanVersion? plan = await desk.PlanAsync(scope.SiteId, cancellationToken);
        IReadOnlyDictionary<SessionId, BallotsIn> ballots = await BallotsAsync(db, day, scope.SiteId, cancellationToken);
        List<HelpRequest> help = [.. (await db.HelpRequests.AsNoTracking().Where(asked => asked.DialogueId == scope.DialogueId && asked.DoneAt == null)
            .OrderBy(asked => asked.AskedAt).ToListAsync(cancellationToken)).Where(asked => !scope.HasManySites || scope.Site!.HoldsTable(asked.Table))];
        return new(new { Model = new ControlRoomModel(scope, day, Presence.Of(people), people, plan, ballots, await paper.ToMendAsync(scope.DialogueId, scope.AtSites, cancellationToken), await paper.UnenteredAsync(scope.DialogueId, scope.AtSites, cancellationToken), help, request.Query["notice"].ToString()) });
    }

    /// <summary>The number of ballots of each session at a site: in steps while it is open, exact once its counts are fixed.</summary>
    public static async Task<IReadOnlyDictionary<SessionId, BallotsIn>> BallotsAsync(Db db, DayClock day, SiteId site, CancellationToken cancellationToken)
    {
        SessionId[] begun = [.. day.Slots.Where(slot => slot.Ballot != BallotState.Draft).Select(slot => slot.Session.Id)];
        Dictionary<SessionId, int> counts = await db.Ballots.Where(ballot => begun.Contains(ballot.SessionId) && ballot.SiteId == site).GroupBy(ballot => ballot.SessionId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return day.Slots.Where(slot => begun.Contains(slot.Session.Id)).ToDictionary(
            slot => slot.Session.Id,
            slot =>
            {
                int count = counts.GetValueOrDefault(slot.Session.Id);
                return slot.Ballot == BallotState.Closed ? new BallotsIn(count, true) : new BallotsIn(DisclosureGate.LiveBallots(count), false);
            });
    }
}

/// <summary>How many ballots are in; not exact while a ballot is open, so that no single late vote can be seen coming in.</summary>
public sealed record BallotsIn(int Number, bool IsExact);

/// <summary>A table of the round that is shown.</summary>
public sealed record TableNow(int Table, IReadOnlyList<Expected> People, HelpRequest? Help)
{
    public int Here => People.Count(person => person.Attendance == Attendance.Present);
}

/// <summary>Something that is due, as a code with what it is about.</summary>
/// <param name="Subject">A number, or the title of a session in its languages.</param>
public sealed record Due(string Code, object Subject, string Target);

public sealed record ControlRoomModel(
    DialogueScope Scope,
    DayClock Day,
    Presence Presence,
    IReadOnlyList<Expected> People,
    SeatingPlanVersion? Plan,
    IReadOnlyDictionary<SessionId, BallotsIn> Ballots,
    IReadOnlySet<SessionId> PaperToMend,
    IReadOnlyList<UnenteredPaper> Unentered,
    IReadOnlyList<HelpRequest> Help,
    string Notice)
{
    public int Round => Plan is null ? 1 : Day.CurrentRound(Plan.Rounds);

    /// <summary>The tables of the current round with those who are to sit there.</summary>
    public IReadOnlyList<TableNow> Tables
    {
        get
        {
            if (Plan is null)
            {
                return [];
            }

            Dictionary<ParticipantId, Expected> known = People.Where(person => person.Status == ParticipantStatus.Confirmed).ToDictionary(person => person.Id);
            return
            [
                .. Plan.TableNumbers.Select(table => new TableNow(
                    table,
                    [
                        .. Plan.Seats.Where(seat => seat.Round == Round && seat.Table == table && known.ContainsKey(seat.ParticipantId))
                            .OrderBy(seat => seat.Number).Select(seat => known[seat.ParticipantId]),
                    ],
                    Help.FirstOrDefault(asked => asked.Table == table))),
            ];
        }
    }

    /// <summary>People who are to sit in the rounds ahead and do not, and people who sit there and will not come.</summary>
    public int SeatsToMend
    {
        get
        {
            if (Plan is null || Day.NextRound(Plan.Rounds) is not { } next)
            {
                return 0;
            }

            HashSet<ParticipantId> coming = [.. People.Where(person => person is { Status: ParticipantStatus.Confirmed, Attendance: not Attendance.Absent }).Select(person => person.Id)];
            HashSet<ParticipantId> seated = [.. Plan.Seats.Where(seat => seat.Round == next).Select(seat => seat.ParticipantId)];
            return coming.Except(seated).Count() + seated.Except(coming).Count();
        }
    }

    /// <summary>What needs the organiser now, three things at most.</summary>
    public IReadOnlyList<Due> Dues()
    {
        string room = $"/organise/{Scope.Segment}/room";
        IEnumerable<Due> help = Help.Where(asked => asked.TakenAt is null)
            .Select(asked => new Due("help", asked.Table, "#help"));
        IEnumerable<Due> ballots = Day.Slots.Where(slot => slot is { Place: SlotPlace.Now, HasBallot: true }).SelectMany(slot => (Due[])(slot.Ballot switch
        {
            BallotState.Open when slot.End <= Day.Now => [new Due("close", slot.Session.Title, $"{room}/close/{slot.Session.Id}")],
            BallotState.Draft => [new Due("open", slot.Session.Title, "#s-" + slot.Session.Id)],
            _ => [],
        }));
        IEnumerable<Due> paper = Day.Slots.Where(slot => PaperToMend.Contains(slot.Session.Id))
            .Select(slot => new Due("paper", slot.Session.Title, $"/organise/{Scope.Segment}/sessions/{slot.Session.Id}/paper"));
        IEnumerable<Due> unentered = Unentered.Select(missing => new Due("unentered", missing.Session.Title, $"/organise/{Scope.Segment}/sessions/{missing.Session.Id}/paper"));
        IEnumerable<Due> seats = SeatsToMend > 0 ? [new Due("seats", "", room + "/seats")] : [];
        IEnumerable<Due> arrivals = Presence.Missing > Presence.Absent ? [new Due("arrivals", "", $"/organise/{Scope.Segment}/check-in")] : [];
        return [.. help.Concat(ballots).Concat(seats).Concat(arrivals).Concat(paper).Concat(unentered).Take(3)];
    }
}
