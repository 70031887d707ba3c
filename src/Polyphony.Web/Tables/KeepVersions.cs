using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tables;

/// <summary>The versions of the plan: keeps the draft as one, opens one as the draft, and puts one in force. What is in force counts on the day.</summary>
internal static class KeepVersions
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/tables/versions", ShowAsync);
        organiser.MapPost("/tables/keep", (HttpRequest request, DialogueScope scope, PlannerReader planner, DraftDesk drafts, SeatingDesk desk, CancellationToken cancellationToken) =>
            KeepAsync(request, false, scope, planner, drafts, desk, cancellationToken)).TakesForm();
        organiser.MapPost("/tables/in-force", (HttpRequest request, DialogueScope scope, PlannerReader planner, DraftDesk drafts, SeatingDesk desk, CancellationToken cancellationToken) =>
            KeepAsync(request, true, scope, planner, drafts, desk, cancellationToken)).TakesForm();
        organiser.MapPost("/tables/open", OpenAsync).TakesForm();
    }

    private static async Task<IResult> ShowAsync(DialogueScope scope, Db db, DraftDesk drafts, SeatingDesk desk, CancellationToken cancellationToken)
    {
        List<SeatingPlanVersion> versions = await db.SeatingPlans.AsNoTracking().Where(plan => plan.SiteId == scope.SiteId).OrderByDescending(plan => plan.Version).ToListAsync(cancellationToken);
        Guid[] makers = [.. versions.Select(version => version.CreatedBy).OfType<Guid>().Distinct()];
        Dictionary<Guid, string> names = scope.IsOrganiser
            ? await db.Users.Where(member => makers.Contains(member.Id)).ToDictionaryAsync(member => member.Id, member => member.DisplayName, cancellationToken) : [];
        OpenDraft? draft = await drafts.OpenAsync(scope.SiteId, await desk.EverybodyAsync(scope.SiteId, cancellationToken), cancellationToken);
        return new RazorComponentResult<VersionsPage>(new { Scope = scope, Versions = versions.Select(VersionRow.Of).ToArray(), Staff = names, Draft = draft });
    }

    /// <summary>Keeps the draft as a version. In force it replaces the one that the page named: another one that came into force meanwhile is shown first.</summary>
    private static async Task<IResult> KeepAsync(
        HttpRequest request, bool inForce, DialogueScope scope, PlannerReader planner, DraftDesk drafts, SeatingDesk desk, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        PlannerModel model = await planner.ReadAsync(PlannerSight.Of(field => form[field]), "", cancellationToken);
        string page = model.Base + model.Sight.Query();
        if (model.Draft is not { } draft || model.IsPlanning)
        {
            return Results.Redirect(page);
        }

        if (form["seen"] != draft.Seen || (inForce && PlannerSight.Whole(form["over"]) != draft.InForce))
        {
            return Results.Redirect(page + "&notice=changed");
        }

        if (draft.Steps > 0)
        {
            try
            {
                await drafts.KeepAsync(draft, [.. model.People.Values], scope.Staff.Id, inForce, cancellationToken);
            }
            catch (DbUpdateException)
            {
                // Two at once: the version number is unique, so that one of them sees the other's version first.
                return Results.Redirect(page + "&notice=changed");
            }
        }
        else if (inForce)
        {
            await desk.PutInForceAsync(scope.SiteId, draft.Base.Version, scope.Staff.Id, cancellationToken);
            await drafts.BeginAsync(draft.Row, draft.Base.Version, opened: false, cancellationToken);
        }

        return Results.Redirect(page + (inForce ? "&notice=in-force" : "&notice=kept"));
    }

    /// <summary>Opens a version as the draft; what was changed before is kept as a version of its own.</summary>
    private static async Task<IResult> OpenAsync(HttpRequest request, DialogueScope scope, PlannerReader planner, DraftDesk drafts, Db db, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        PlannerModel model = await planner.ReadAsync(PlannerSight.Of(field => form[field]), "", cancellationToken);
        if (model.Draft is not { } draft || model.IsPlanning || PlannerSight.Whole(form["version"]) is not { } version
            || !await db.SeatingPlans.AnyAsync(plan => plan.SiteId == scope.SiteId && plan.Version == version, cancellationToken))
        {
            return Results.Redirect(model.Base + "/versions");
        }

        bool kept = draft.Steps > 0;
        if (kept)
        {
            await drafts.KeepAsync(draft, [.. model.People.Values], scope.Staff.Id, inForce: false, cancellationToken);
        }

        await drafts.BeginAsync(draft.Row, version, opened: version != draft.InForce, cancellationToken);
        return Results.Redirect(model.Base + model.Sight.Query() + (kept ? "&notice=opened-kept" : "&notice=opened"));
    }
}

/// <summary>A version as the list shows it. Old versions may lack measures: they are then not shown, never guessed.</summary>
public sealed record VersionRow(int Version, DateTimeOffset At, string Reason, int? BasedOn, Guid? By, bool IsInForce, int Tables, int Rounds, int? Pairs, int? Ceiling, int? Repeats, int? Violations)
{
    public static VersionRow Of(SeatingPlanVersion version)
    {
        using JsonDocument measures = JsonDocument.Parse(version.MeasuresJson);
        return new(
            version.Version, version.CreatedAt, version.ReasonCode, version.BasedOn, version.CreatedBy, version.IsCurrent, version.Tables, version.Rounds,
            Number("DistinctPairs"), Number("Ceiling"), Number("Repeats"), Number("Violations"));

        int? Number(string name) => measures.RootElement.TryGetProperty(name, out JsonElement value) && value.TryGetInt32(out int number) ? number : null;
    }
}
