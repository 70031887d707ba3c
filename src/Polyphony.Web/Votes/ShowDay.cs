using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Votes;

/// <summary>A citizen's day: the agenda on the clock of the site, their table in each round, and the vote that is open now.</summary>
internal static class ShowDay
{
    public static void Map(RouteGroupBuilder citizen) => citizen.MapGet("/day", ShowAsync);

    private static async Task<RazorComponentResult<DayPage>> ShowAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        List<Session> sessions = await db.Sessions.AsNoTracking().Where(session => session.DialogueId == scope.DialogueId).OrderBy(session => session.Position).ToListAsync(cancellationToken);
        HashSet<SessionId> withBallot = [.. await db.Questions.Where(question => question.DialogueId == scope.DialogueId).Select(question => question.SessionId).Distinct().ToListAsync(cancellationToken)];
        ParticipantId me = scope.Participant.Id;
        List<SessionId> own = [.. sessions.Select(session => session.Id)];
        HashSet<SessionId> voted = [.. await db.Participations.Where(p => p.ParticipantId == me && own.Contains(p.SessionId)).Select(p => p.SessionId).ToListAsync(cancellationToken)];
        Dictionary<int, int> tables = await (
            from plan in db.SeatingPlans
            where plan.DialogueId == scope.DialogueId && plan.IsCurrent
            join seat in db.Seats on plan.Id equals seat.PlanId
            where seat.ParticipantId == me
            select new { seat.Round, seat.Table }).ToDictionaryAsync(seat => seat.Round, seat => seat.Table, cancellationToken);
        return new(new
        {
            Model = new DayModel(scope, [
                .. sessions.Select(session => new DaySession(session, session.BallotAt(scope.SiteId), withBallot.Contains(session.Id), voted.Contains(session.Id), session.Round is { } round && tables.TryGetValue(round, out int table) ? table : null)),
            ], await db.StatementVotes.AnyAsync(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Open, cancellationToken)),
        });
    }
}

/// <summary>A session as one citizen sees it, with its ballot at their site.</summary>
public sealed record DaySession(Session Session, BallotState Ballot, bool HasBallot, bool Voted, int? Table);

public sealed record DayModel(DialogueScope Scope, IReadOnlyList<DaySession> Sessions, bool HasStatements);
