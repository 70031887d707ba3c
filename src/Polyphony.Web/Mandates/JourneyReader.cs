using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Mandates;

namespace Polyphony.Web.Mandates;

/// <summary>Reads the facts from which a dialogue's phase is derived.</summary>
public sealed class JourneyReader(Db db)
{
    public async Task<JourneyFacts> ReadAsync(Dialogue dialogue, CancellationToken cancellationToken)
    {
        DateTimeOffset? drawn = await db.Lotteries.Where(lottery => lottery.DialogueId == dialogue.Id && lottery.Kind == LotteryKind.Panel)
            .MaxAsync(lottery => lottery.DrawnAt, cancellationToken);
        var participants = await db.Participants.Where(participant => participant.DialogueId == dialogue.Id)
            .GroupBy(participant => participant.Status).Select(group => new { Status = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        List<Session> sessions = await db.Sessions.AsNoTracking().Where(session => session.DialogueId == dialogue.Id && session.Questions.Any())
            .ToListAsync(cancellationToken);
        return new JourneyFacts(
            dialogue.PublishedAt,
            drawn,
            participants.Where(p => p.Status is ParticipantStatus.Selected or ParticipantStatus.Confirmed).Sum(p => p.Count),
            participants.Where(p => p.Status == ParticipantStatus.Confirmed).Sum(p => p.Count),
            await db.SeatingPlans.AnyAsync(plan => plan.DialogueId == dialogue.Id, cancellationToken),
            sessions.SelectMany(session => session.Ballots).Min(ballot => ballot.OpenedAt),
            sessions.Count,
            sessions.Count(session => session.BallotOver(dialogue.Sites) == BallotState.Closed),
            await db.Releases.Where(release => release.DialogueId == dialogue.Id && release.TakenBackAt == null).MaxAsync(release => (DateTimeOffset?)release.PublishedAt, cancellationToken),
            dialogue.StartsOn,
            dialogue.AnswerBy);
    }
}
