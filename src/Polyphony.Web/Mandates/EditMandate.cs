using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Mandates;

/// <summary>Writes the mandate: question, commissioner, addressee, promise, dates, site, contact, in each language.</summary>
internal static class EditMandate
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/mandate", Show);
        organiser.MapPost("/mandate", SaveAsync).TakesForm();
    }

    private static IResult Show(DialogueScope scope) => Page(scope, MandateForm.From(scope.Dialogue), []);

    private static async Task<IResult> SaveAsync(HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        MandateForm form = MandateForm.From(await request.ReadFormAsync(cancellationToken));
        List<FieldProblem> problems = [.. form.Check()];
        Dialogue dialogue = await db.Dialogues.Include(d => d.Sites).SingleAsync(d => d.Id == scope.DialogueId, cancellationToken);
        if (form["version"] != dialogue.Version.ToString("N"))
        {
            problems.Add(new("version", "changed-meanwhile"));
        }

        if (dialogue.PublishedAt is not null)
        {
            string[] said = [.. problems.Select(problem => problem.Field)];
            problems.AddRange(PublishDialogue.Missing(form.Over(dialogue.Sites)).Except(said).Select(field => new FieldProblem(field, "published-needs")));
        }

        // The only site is part of the form; several have pages of their own.
        Site? only = dialogue.Sites.Count == 1 ? dialogue.Sites[0] : null;
        Site? resized = only is not null && form.People != only.PlannedParticipants ? only : null;
        if (resized is not null && await desk.LockedAsync(resized.Id, cancellationToken) is not null)
        {
            problems.Add(new("planned", "fixed-by-freeze"));
        }

        if (problems.Count > 0)
        {
            return Page(scope, form, problems);
        }

        form.ApplyTo(dialogue);
        if (only is not null)
        {
            form.ApplyTo(only);
        }

        if (resized is not null)
        {
            await desk.PlacesChangedAsync(scope, resized, cancellationToken);
        }

        dialogue.Version = Guid.CreateVersion7(clock.GetUtcNow());
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = dialogue.Id, StaffId = scope.Staff.Id, Code = "mandate.edited" });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Page(scope, form, [new("version", "changed-meanwhile")]);
        }

        return Results.Redirect($"/organise/{dialogue.Slug}/mandate?saved=1");
    }

    private static RazorComponentResult<MandatePage> Page(DialogueScope scope, MandateForm form, IReadOnlyList<FieldProblem> problems) => new(new
    {
        Scope = scope,
        Form = form,
        Problems = problems,
    })
    {
        StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
    };
}
