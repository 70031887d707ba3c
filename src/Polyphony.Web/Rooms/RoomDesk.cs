using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Tables;

namespace Polyphony.Web.Rooms;

/// <summary>Somebody who is to come, with the name for organisers.</summary>
/// <param name="Language">As the pool says; may be empty.</param>
public sealed record Expected(
    ParticipantId Id, int Number, string Name, string BadgeCode, ParticipantStatus Status, Attendance Attendance, DateTimeOffset? CheckedInAt, bool WithoutPhone, string Language);

/// <summary>Reads the people, the clock and the seats of the day.</summary>
public sealed class RoomDesk(Db db, SeatingDesk seating, TimeProvider clock)
{
    /// <summary>Everybody who was drawn and neither declined nor left, by number.</summary>
    public async Task<IReadOnlyList<Expected>> PeopleAsync(SiteId site, CancellationToken cancellationToken) => await (
        from participant in db.Participants
        where participant.SiteId == site && (participant.Status == ParticipantStatus.Confirmed || participant.Status == ParticipantStatus.Selected)
        join person in db.People on participant.PersonId equals person.Id
        orderby participant.Number
        select new Expected(
            participant.Id, participant.Number, person.Name, participant.BadgeCode, participant.Status, participant.Attendance, participant.CheckedInAt, participant.WithoutPhone, person.Language)).ToListAsync(cancellationToken);

    public async Task<DayClock> ClockAsync(DialogueScope scope, CancellationToken cancellationToken)
    {
        List<Session> sessions = await db.Sessions.AsNoTracking().Include(session => session.Questions).Where(session => session.DialogueId == scope.DialogueId).ToListAsync(cancellationToken);
        return DayClock.Of(sessions, scope.SiteId, scope.Zone, clock.GetUtcNow());
    }

    public Task<SeatingPlanVersion?> PlanAsync(SiteId site, CancellationToken cancellationToken) => seating.CurrentAsync(site, cancellationToken);
}

/// <summary>Who has come, in numbers.</summary>
public sealed record Presence(int Expected, int Here, int Late, int Absent)
{
    public int Missing => Expected - Here;

    public static Presence Of(IEnumerable<Expected> people)
    {
        Expected[] confirmed = [.. people.Where(person => person.Status == ParticipantStatus.Confirmed)];
        return new(
            confirmed.Length,
            confirmed.Count(person => person.Attendance == Attendance.Present),
            confirmed.Count(person => person.Attendance == Attendance.Late),
            confirmed.Count(person => person.Attendance == Attendance.Absent));
    }
}
