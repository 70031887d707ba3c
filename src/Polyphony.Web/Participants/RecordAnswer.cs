using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Participants;

/// <summary>The organiser writes down what a person said by telephone or letter, or lets somebody go who did not answer.</summary>
internal static class RecordAnswer
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/participants/{participant}/answer", SaveAsync).TakesForm();

    private static async Task<IResult> SaveAsync(ParticipantId participant, HttpRequest request, DialogueScope scope, Db db, PageTexts texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        Participant? one = await db.Participants.SingleOrDefaultAsync(p => p.Id == participant && p.DialogueId == scope.DialogueId, cancellationToken);
        if (one is null)
        {
            return Results.NotFound();
        }

        bool replaced = await db.Participants.AnyAsync(other => other.Replaces == one.Id, cancellationToken);
        ParticipantStatus? next = (one.Status, form["answer"].ToString()) switch
        {
            (ParticipantStatus.Selected, "confirmed") => ParticipantStatus.Confirmed,
            (ParticipantStatus.Declined or ParticipantStatus.NotAnswered, "confirmed") when !replaced => ParticipantStatus.Confirmed,
            (ParticipantStatus.Selected, "declined") => ParticipantStatus.Declined,
            (ParticipantStatus.Selected, "not-answered") => ParticipantStatus.NotAnswered,
            (ParticipantStatus.Confirmed, "withdrew") => ParticipantStatus.Withdrew,
            (ParticipantStatus.Withdrew, "confirmed") when !replaced => ParticipantStatus.Confirmed,
            _ => null,
        };
        if (next is null)
        {
            return Results.Redirect($"/organise/{scope.Dialogue.Slug}/participants?notice=not-possible");
        }

        one.Status = next.Value;
        one.AnsweredAt = clock.GetUtcNow();
        if (next == ParticipantStatus.Confirmed && !await db.Consents.AnyAsync(consent => consent.ParticipantId == one.Id && consent.WithdrawnAt == null, cancellationToken))
        {
            db.Consents.Add(Consents.Given(scope.DialogueId, one.Id, texts, clock.GetUtcNow()));
        }

        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "participant.answer-recorded" });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/participants");
    }
}
