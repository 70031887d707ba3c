using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Mandates;

/// <summary>The organiser's first page of a dialogue: what needs somebody now, then the state.</summary>
internal static class DialogueOverview
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("", ShowAsync);

    private static async Task<RazorComponentResult<DialogueOverviewPage>> ShowAsync(DialogueScope scope, JourneyReader journey, Db db, CancellationToken cancellationToken)
    {
        JourneyFacts facts = await journey.ReadAsync(scope.Dialogue, cancellationToken);
        DialogueId id = scope.DialogueId;
        Lottery? lottery = await db.Lotteries.AsNoTracking().Where(l => l.DialogueId == id && l.Kind == LotteryKind.Panel)
            .OrderByDescending(l => l.Attempt).FirstOrDefaultAsync(cancellationToken);
        OverviewNumbers numbers = new(
            await db.PoolMembers.CountAsync(member => member.DialogueId == id, cancellationToken),
            await db.Criteria.CountAsync(criterion => criterion.DialogueId == id, cancellationToken),
            lottery?.State,
            facts.Selected - facts.Confirmed,
            facts.Confirmed,
            await db.Participants.CountAsync(p => p.DialogueId == id && p.Status != ParticipantStatus.Selected && p.Status != ParticipantStatus.Confirmed, cancellationToken),
            facts.Sessions,
            facts.ClosedSessions,
            facts.Seated,
            facts.ReleasedAt,
            facts.ReleasedAt is { } released && (await db.Sessions.AsNoTracking().Where(session => session.DialogueId == id && session.Questions.Any()).ToListAsync(cancellationToken))
                .Exists(session => session.BallotOver(scope.Sites) == BallotState.Closed && session.Ballots.Max(ballot => ballot.ClosedAt) > released));
        return new(new { Scope = scope, Facts = facts, Numbers = numbers, Missing = PublishDialogue.Missing(scope.Dialogue) });
    }
}

/// <summary>Counts on the overview.</summary>
/// <param name="ClosedSince">Whether a vote has closed since the results were published.</param>
public sealed record OverviewNumbers(
    int Pool, int Criteria, LotteryState? Lottery, int Waiting, int Confirmed, int Out, int Sessions, int Closed, bool Seated, DateTimeOffset? ReleasedAt, bool ClosedSince)
{
    /// <summary>Codes of what needs the organiser now, at most three, the most pressing first.</summary>
    public IReadOnlyList<string> Needs(JourneyFacts facts, int planned, int missing)
    {
        List<string> needs = [];
        if (facts.PublishedAt is null)
        {
            needs.Add(missing > 0 ? "complete-mandate" : "publish");
        }

        if (Pool == 0)
        {
            needs.Add(Criteria == 0 ? "upload-quotas" : "upload-pool");
        }
        else if (facts.DrawnAt is null)
        {
            needs.Add(Lottery switch
            {
                LotteryState.Frozen => "hold-ceremony",
                LotteryState.Computed => "freeze-lottery",
                LotteryState.Computing => "wait-for-lottery",
                _ => "compute-lottery",
            });
        }
        else if (facts.Selected < planned)
        {
            needs.Add("draw-replacements");
        }
        else if (Waiting > 0 && facts.FirstBallotOpenedAt is null)
        {
            needs.Add("await-answers");
        }

        if (facts.DrawnAt is not null && Sessions == 0)
        {
            needs.Add("write-agenda");
        }

        if (facts.DrawnAt is not null && !Seated)
        {
            needs.Add("plan-tables");
        }

        if (Sessions > 0 && Closed < Sessions && Seated)
        {
            needs.Add("run-ballots");
        }

        if (Sessions > 0 && Closed == Sessions && ReleasedAt is null)
        {
            needs.Add("publish-results");
        }

        if (ClosedSince)
        {
            needs.Add("add-results");
        }

        return [.. needs.Take(3)];
    }
}
