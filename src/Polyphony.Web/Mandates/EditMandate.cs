using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
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

    private static async Task<IResult> SaveAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
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
            problems.AddRange(PublishDialogue.Missing(form.Languages, form.Text).Select(field => new FieldProblem(field, "published-needs")));
        }

        if (problems.Count > 0)
        {
            return Page(scope, form, problems);
        }

        form.ApplyTo(dialogue);
        if (dialogue.Sites is [var only])
        {
            form.ApplyTo(only);
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
