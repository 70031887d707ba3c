using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Mandates;

/// <summary>Begins a dialogue as a draft; whoever makes it becomes its organiser.</summary>
internal static class CreateDialogue
{
    public static void Map(RouteGroupBuilder staff)
    {
        staff.MapGet("/organise/new", ShowAsync);
        staff.MapPost("/organise/new", CreateAsync).TakesForm();
    }

    /// <summary>Everybody on the staff but those who were invited into a dialogue as facilitator or auditor and organise none.</summary>
    public static async Task<bool> IsAllowedAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        Guid me = scope.Staff.Id;
        List<DialogueRole> roles = await db.RoleAssignments.Where(role => role.StaffId == me).Select(role => role.Role).Distinct().ToListAsync(cancellationToken);
        return scope.IsAdministrator || roles.Count == 0 || roles.Contains(DialogueRole.Organiser);
    }

    private static async Task<IResult> ShowAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        await IsAllowedAsync(scope, db, cancellationToken) ? Page(scope, null, []) : Results.NotFound();

    private static async Task<IResult> CreateAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!await IsAllowedAsync(scope, db, cancellationToken))
        {
            return Results.NotFound();
        }

        MandateForm form = MandateForm.From(await request.ReadFormAsync(cancellationToken));
        List<FieldProblem> problems = [.. form.Check()];
        string slug = form["slug"].Trim().ToLowerInvariant();
        if (slug.Length == 0 && form.Languages.Count > 0)
        {
            slug = Slug.Propose(form.In("title", form.Languages[0]));
        }

        if (!Slug.IsValid(slug))
        {
            problems.Add(new("slug", "not-a-slug"));
        }
        else if (await db.Dialogues.AnyAsync(other => other.Slug == slug, cancellationToken))
        {
            problems.Add(new("slug", "slug-taken", ("value", slug)));
        }

        if (problems.Count > 0)
        {
            return Page(scope, form, problems);
        }

        DateTimeOffset now = clock.GetUtcNow();
        Dialogue dialogue = new() { Id = new(Guid.CreateVersion7(now)), Slug = slug, CreatedAt = now, Version = Guid.CreateVersion7(now) };
        form.ApplyTo(dialogue);
        Site site = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = dialogue.Id };
        form.ApplyTo(site);
        dialogue.Sites.Add(site);
        db.Dialogues.Add(dialogue);
        db.RoleAssignments.Add(new RoleAssignment { Id = Guid.CreateVersion7(now), DialogueId = dialogue.Id, StaffId = scope.Staff.Id, Role = DialogueRole.Organiser });
        db.Journal.Add(new JournalEntry { At = now, DialogueId = dialogue.Id, StaffId = scope.Staff.Id, Code = "dialogue.created" });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"/organise/{dialogue.Slug}");
    }

    private static RazorComponentResult<MandatePage> Page(DialogueScope scope, MandateForm? form, IReadOnlyList<FieldProblem> problems) => new(new
    {
        Scope = scope,
        Form = form,
        Problems = problems,
    })
    {
        StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
    };
}
