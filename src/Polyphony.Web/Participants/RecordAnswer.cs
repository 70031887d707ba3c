using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Participants;

/// <summary>The organiser writes down what a person said by telephone or letter, or lets somebody go who did not answer.
/// Before a yes the page shows the words to read out, in the language of the person.</summary>
internal static class RecordAnswer
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/participants/{participant}/answer", ShowAsync);
        organiser.MapPost("/participants/{participant}/answer", SaveAsync).TakesForm();
    }

    private static async Task<IResult> ShowAsync(ParticipantId participant, DialogueScope scope, Db db, TextCatalogue catalogue, HttpRequest request, CancellationToken cancellationToken)
    {
        Participant? one = await db.Participants.AsNoTracking().SingleOrDefaultAsync(p => p.Id == participant && p.DialogueId == scope.DialogueId, cancellationToken);
        if (one is null)
        {
            return Results.NotFound();
        }

        Person person = await db.People.AsNoTracking().SingleAsync(p => p.Id == one.PersonId, cancellationToken);
        string language = Consents.LanguageOf(scope.Dialogue, person.Language);
        return new RazorComponentResult<RecordAnswerPage>(new
        {
            Model = new YesModel(scope, one, person, Consents.For(scope.Dialogue, catalogue.In(language)), ListPart.Read(request.Query), request.Query["problem"] == "read-again"),
        });
    }

    private static async Task<IResult> SaveAsync(
        ParticipantId participant, HttpRequest request, DialogueScope scope, Db db, TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (await db.Participants.Where(p => p.Id == participant && p.DialogueId == scope.DialogueId).Select(p => (SiteId?)p.SiteId).SingleOrDefaultAsync(cancellationToken) is not { } site)
        {
            return Results.NotFound();
        }

        ListPart part = ListPart.Read(request.Query);
        await using var held = await HoldingThePanel.BeginAsync(db, site, cancellationToken);
        Participant one = await db.Participants.SingleAsync(p => p.Id == participant, cancellationToken);
        bool mayReturn = await ReturningToPlace.HinderedByAsync(db, one, cancellationToken) is null;
        ParticipantStatus? next = (one.Status, form["answer"].ToString()) switch
        {
            (ParticipantStatus.Selected, "confirmed") => ParticipantStatus.Confirmed,
            (ParticipantStatus.Declined or ParticipantStatus.NotAnswered, "confirmed") when mayReturn => ParticipantStatus.Confirmed,
            (ParticipantStatus.Selected, "declined") => ParticipantStatus.Declined,
            (ParticipantStatus.Selected, "not-answered") => ParticipantStatus.NotAnswered,
            (ParticipantStatus.Confirmed, "withdrew") => ParticipantStatus.Withdrew,
            (ParticipantStatus.Withdrew, "confirmed") when mayReturn => ParticipantStatus.Confirmed,
            _ => null,
        };
        if (next is null)
        {
            return Results.Redirect(part.After($"/organise/{scope.Segment}/participants", "notice=not-possible"));
        }

        Person person = await db.People.AsNoTracking().SingleAsync(p => p.Id == one.PersonId, cancellationToken);
        ConsentWords words = Consents.For(scope.Dialogue, catalogue.In(Consents.LanguageOf(scope.Dialogue, person.Language)));
        if (next == ParticipantStatus.Confirmed && form["consent"] != words.Name)
        {
            return Results.Redirect(part.After($"/organise/{scope.Segment}/participants/{participant}/answer", "problem=read-again"));
        }

        one.Status = next.Value;
        one.AnsweredAt = clock.GetUtcNow();
        if (next == ParticipantStatus.Confirmed && !await db.Consents.AnyAsync(consent => consent.ParticipantId == one.Id && consent.WithdrawnAt == null, cancellationToken))
        {
            db.Consents.Add(Consents.Given(scope.DialogueId, one.Id, words, clock.GetUtcNow()));
        }

        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "participant.answer-recorded" });
        await db.SaveChangesAsync(cancellationToken);
        await held.CommitAsync(cancellationToken);
        return Results.Redirect(part.After($"/organise/{scope.Segment}/participants"));
    }
}

/// <summary>The page before a yes is written down.</summary>
/// <param name="Words">The words to read out: in the person's language, or the dialogue's first.</param>
/// <param name="Part">The part of the list to go back to.</param>
/// <param name="ReadAgain">Other words than these were read out, or none.</param>
public sealed record YesModel(DialogueScope Scope, Participant Participant, Person Person, ConsentWords Words, ListPart Part, bool ReadAgain);
