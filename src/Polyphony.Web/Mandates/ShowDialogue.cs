using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Mandates;

/// <summary>The public page of a dialogue, its preview, and the list of what is public here.</summary>
internal static class ShowDialogue
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPublic().MapGet("/", ListAsync);
        app.MapPublicDialogue().MapGet("", (DialogueScope scope, JourneyReader journey, Db db, CancellationToken cancellationToken) => ShowAsync(scope, journey, db, false, cancellationToken));
        app.MapStaffReader().MapGet("/preview", (DialogueScope scope, JourneyReader journey, Db db, CancellationToken cancellationToken) => ShowAsync(scope, journey, db, true, cancellationToken));
        app.MapGet("/api/v1/dialogues/{dialogue}", Describe).ForAudience(Audience.Public).WithTags("Dialogues")
            .WithSummary("The published mandate of a dialogue.");
    }

    private static async Task<RazorComponentResult<HomePage>> ListAsync(Db db, CancellationToken cancellationToken)
    {
        List<Dialogue> published = await db.Dialogues.AsNoTracking().Include(dialogue => dialogue.Sites)
            .Where(dialogue => dialogue.PublishedAt != null).OrderByDescending(dialogue => dialogue.PublishedAt).Take(200).ToListAsync(cancellationToken);
        return new(new { Dialogues = published });
    }

    private static async Task<RazorComponentResult<DialoguePage>> ShowAsync(DialogueScope scope, JourneyReader journey, Db db, bool preview, CancellationToken cancellationToken)
    {
        JourneyFacts facts = await journey.ReadAsync(scope.Dialogue, cancellationToken);
        IReadOnlyList<PanelFigure> panel = await PanelFigure.ReadAsync(db, scope.DialogueId, cancellationToken);
        return new(new { Scope = scope, Facts = facts, Panel = panel, Preview = preview });
    }

    private static Ok<DialogueDescription> Describe(DialogueScope scope) => TypedResults.Ok(DialogueDescription.Of(scope.Dialogue));
}

/// <summary>The mandate of a dialogue as the JSON door gives it.</summary>
public sealed record DialogueDescription(
    string Slug,
    IReadOnlyList<string> Languages,
    LocalizedText Title,
    LocalizedText Question,
    LocalizedText Frame,
    LocalizedText Commissioner,
    LocalizedText Addressee,
    LocalizedText Promise,
    DateOnly? StartsOn,
    DateOnly? EndsOn,
    DateOnly? AnswerBy,
    string DecisionRule,
    IReadOnlyList<SiteDescription> Sites,
    DateTimeOffset? PublishedAt)
{
    public static DialogueDescription Of(Dialogue dialogue) => new(
        dialogue.Slug, dialogue.Languages, dialogue.Title, dialogue.Question, dialogue.Frame, dialogue.Commissioner, dialogue.Addressee, dialogue.Promise,
        dialogue.StartsOn, dialogue.EndsOn, dialogue.AnswerBy, dialogue.DecisionRule.ToString(),
        [.. dialogue.Sites.Select(site => new SiteDescription(site.Name, site.Country, site.TimeZone, site.PlannedParticipants))], dialogue.PublishedAt);
}

public sealed record SiteDescription(string Name, string Country, string TimeZone, int PlannedParticipants);
