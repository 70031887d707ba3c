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

/// <summary>Somebody who was drawn in another's place on the day itself: to be called at once.</summary>
/// <param name="InPlaceOf">The number of the person replaced.</param>
/// <param name="SeatsOf">The number of the person whose seats go with the place: not the one replaced where that one never had any; null where nobody has.</param>
/// <param name="Email">May be empty.</param>
/// <param name="ListId">The id in the list of the pool, where a telephone number may stand.</param>
/// <param name="HasLink">Whether a personal link was issued.</param>
public sealed record Newcomer(ParticipantId Id, int InPlaceOf, int? SeatsOf, string Email, string ListId, bool HasLink);

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

    /// <summary>Whether a session is held today and somebody was received or missed.</summary>
    public async Task<bool> HasBegunAsync(DialogueScope scope, CancellationToken cancellationToken)
    {
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), scope.Zone).DateTime);
        return await db.Sessions.AnyAsync(session => session.DialogueId == scope.DialogueId && session.Date == today, cancellationToken)
            && await db.Participants.AnyAsync(participant => participant.SiteId == scope.SiteId && participant.Attendance != Attendance.Expected, cancellationToken);
    }

    /// <summary>Everybody who was drawn today in somebody's place and has not left again.</summary>
    /// <param name="plan">The plan that counts.</param>
    /// <param name="round">The round from which they would sit.</param>
    public async Task<IReadOnlyDictionary<ParticipantId, Newcomer>> NewcomersAsync(DialogueScope scope, SeatingPlanVersion? plan, int round, CancellationToken cancellationToken)
    {
        DateTime midnight = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), scope.Zone).Date;
        DateTimeOffset today = new DateTimeOffset(midnight, scope.Zone.GetUtcOffset(midnight)).ToUniversalTime();
        List<Newcomer> newcomers = await (
            from participant in db.Participants
            where participant.SiteId == scope.SiteId && participant.SelectedAt >= today && (participant.Status == ParticipantStatus.Confirmed || participant.Status == ParticipantStatus.Selected)
            join replaced in db.Participants on participant.Replaces equals replaced.Id
            join person in db.People on participant.PersonId equals person.Id
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            select new Newcomer(participant.Id, replaced.Number, null, person.Email, member.ExternalId, participant.InvitedAt != null)).ToListAsync(cancellationToken);
        IReadOnlyList<Seatable> everybody = newcomers.Count == 0 || plan is null ? [] : await seating.EverybodyAsync(scope.SiteId, cancellationToken);
        HashSet<ParticipantId> sitting = plan is null ? [] : [.. plan.Seats.Where(seat => seat.Round >= round).Select(seat => seat.ParticipantId)];
        return newcomers.ToDictionary(newcomer => newcomer.Id, newcomer => everybody.Count == 0 ? newcomer : newcomer with { SeatsOf = SeatingDesk.SeatsOfPlace(everybody, newcomer.Id, sitting.Contains)?.Number });
    }

    /// <summary>How many places nobody holds or was drawn for.</summary>
    public Task<int> FreePlacesAsync(SiteId site, CancellationToken cancellationToken) => db.Participants.CountAsync(
        participant => participant.SiteId == site && participant.Status != ParticipantStatus.Confirmed && participant.Status != ParticipantStatus.Selected
            && !db.Participants.Any(other => other.Replaces == participant.Id), cancellationToken);

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
