using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;
using Polyphony.Web.Jobs;
using Polyphony.Web.Participants;

namespace Polyphony.Web.Rooms;

/// <summary>On the day, gives the place of somebody who does not come to somebody else: begins the draw for it in the same step. Until it is frozen the place can be kept.</summary>
internal static class PassPlaceOn
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/check-in/{participant}/release", ReleaseAsync).TakesForm();
        organiser.MapPost("/check-in/{participant}/keep", KeepAsync).TakesForm();
    }

    /// <summary>Gives up the place of somebody absent, or of somebody just drawn who says no or cannot be reached.</summary>
    private static async Task<IResult> ReleaseAsync(
        ParticipantId participant, HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, JobSignals signals, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        await using var held = await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        Participant? found = await db.Participants.SingleOrDefaultAsync(p => p.Id == participant && p.SiteId == scope.SiteId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        (ParticipantStatus Status, string Code)? next = (found, form["answer"].ToString()) switch
        {
            ({ Status: ParticipantStatus.Confirmed, Attendance: Attendance.Absent }, _) => (ParticipantStatus.Withdrew, "participant.place-given-up"),
            ({ Status: ParticipantStatus.Selected }, "declined") => (ParticipantStatus.Declined, "participant.answer-recorded"),
            ({ Status: ParticipantStatus.Selected }, "not-answered") => (ParticipantStatus.NotAnswered, "participant.answer-recorded"),
            _ => null,
        };
        if (next is { } becomes)
        {
            DateTimeOffset now = clock.GetUtcNow();
            found.Status = becomes.Status;
            found.AnsweredAt = now;
            db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = becomes.Code });
            await db.SaveChangesAsync(cancellationToken);

            // Where another draw is under way its page says how to go on.
            await ReplaceByLottery.BeginAsync(scope, db, desk, jobs, now, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await held.CommitAsync(cancellationToken);
            await ReplaceByLottery.AwaitAsync(scope, jobs, signals, clock, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/participants/replace");
    }

    /// <summary>Takes back that a place was given up, with the consent of before: while nothing is frozen for it, and not where the person withdrew.</summary>
    private static async Task<IResult> KeepAsync(ParticipantId participant, DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var held = await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        Participant? found = await db.Participants.SingleOrDefaultAsync(p => p.Id == participant && p.SiteId == scope.SiteId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        bool withdrew = await db.Consents.AnyAsync(consent => consent.ParticipantId == participant && consent.WithdrawnAt != null, cancellationToken)
            && !await db.Consents.AnyAsync(consent => consent.ParticipantId == participant && consent.WithdrawnAt == null, cancellationToken);
        if (withdrew || found is not { Status: ParticipantStatus.Withdrew, Attendance: Attendance.Absent } || await ReturningToPlace.HinderedByAsync(db, found, cancellationToken) is not null)
        {
            return Results.Redirect($"/organise/{scope.Segment}/check-in?problem=place-gone");
        }

        DateTimeOffset now = clock.GetUtcNow();
        found.Status = ParticipantStatus.Confirmed;
        found.AnsweredAt = now;
        db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "participant.place-kept" });
        Lottery? pending = await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken);
        if (pending is { State: LotteryState.Computed })
        {
            ReplaceParticipants.CallOff(pending, scope, db, desk);
        }

        await db.SaveChangesAsync(cancellationToken);
        await held.CommitAsync(cancellationToken);
        if (pending is { State: LotteryState.Computing } && await jobs.NewestAsync(scope.DialogueId, scope.SiteId, ReplaceByLottery.Kind, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"/organise/{scope.Segment}/check-in?done=absent&person={found.Number}&was=absent"));
    }
}
