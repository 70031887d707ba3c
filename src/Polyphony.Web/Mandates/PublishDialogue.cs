using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Mandates;

/// <summary>Makes the public page of a dialogue visible to everybody, or takes it back.</summary>
internal static class PublishDialogue
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/publish", PublishAsync).TakesForm();
        organiser.MapPost("/unpublish", UnpublishAsync).TakesForm();
    }

    /// <summary>What a dialogue lacks to have a public page, named as in the form.</summary>
    public static IReadOnlyList<string> Missing(Dialogue dialogue)
    {
        List<string> missing =
        [
            .. from pair in new (string Field, LocalizedText Text)[]
               {
                   ("title", dialogue.Title), ("question", dialogue.Question), ("commissioner", dialogue.Commissioner), ("addressee", dialogue.Addressee), ("promise", dialogue.Promise),
               }
               from language in pair.Text.MissingIn(dialogue.Languages)
               select pair.Field + "." + language,
        ];
        if (dialogue.StartsOn is null)
        {
            missing.Add("startsOn");
        }

        if (dialogue.AnswerBy is null)
        {
            missing.Add("answerBy");
        }

        if (dialogue.ContactName.Length == 0)
        {
            missing.Add("contactName");
        }

        if (dialogue.ContactEmail.Length == 0 && dialogue.ContactPhone.Length == 0)
        {
            missing.Add("contactEmail");
        }

        if (dialogue.Sites.Count == 0 || dialogue.Sites.Any(site => site.Name.Length == 0))
        {
            missing.Add("siteName");
        }

        if (dialogue.Sites.Count == 0 || dialogue.Sites.Any(site => site.TimeZone.Length == 0))
        {
            missing.Add("timeZone");
        }

        return missing;
    }

    private static async Task<IResult> PublishAsync(DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Missing(scope.Dialogue).Count > 0)
        {
            return Results.Redirect($"/organise/{scope.Segment}?incomplete=1");
        }

        return await SetAsync(scope, db, clock.GetUtcNow(), clock.GetUtcNow(), "dialogue.published", cancellationToken);
    }

    private static Task<IResult> UnpublishAsync(DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken) =>
        SetAsync(scope, db, null, clock.GetUtcNow(), "dialogue.unpublished", cancellationToken);

    private static async Task<IResult> SetAsync(DialogueScope scope, Db db, DateTimeOffset? published, DateTimeOffset now, string code, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Dialogues.Where(dialogue => dialogue.Id == scope.DialogueId)
            .ExecuteUpdateAsync(set => set.SetProperty(dialogue => dialogue.PublishedAt, published), cancellationToken);
        db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = code });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect($"/organise/{scope.Segment}");
    }
}
