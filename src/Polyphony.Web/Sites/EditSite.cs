using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;
using Polyphony.Web.Recruitment;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Sites;

/// <summary>Adds, corrects and removes a site. Code and number of people are fixed with the freeze; where it is may be corrected until the end.</summary>
internal static class EditSite
{
    /// <summary>More sites than any dialogue on one day ever had.</summary>
    public const int Most = 300;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/sites", AddAsync).TakesForm();
        organiser.MapGet("/sites/{site}", ShowAsync);
        organiser.MapPost("/sites/{site}", SaveAsync).TakesForm();
        organiser.MapPost("/sites/{site}/remove", RemoveAsync).TakesForm();
    }

    /// <summary>Gives the only site of a dialogue a code before it gets neighbours.</summary>
    public static void Name(Site only)
    {
        if (only.Code.Length == 0)
        {
            only.Code = only.Country.Length > 0 ? only.Country : "S1";
        }
    }

    public static string Page(DialogueScope scope) => $"/organise/{scope.Dialogue.Slug}/sites";

    private static async Task<IResult> AddAsync(HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ShowSites.LockedAsync(scope, desk, cancellationToken) is { } locked)
        {
            return Results.Redirect(Page(scope) + "?problem=" + locked);
        }

        if (scope.Sites.Count >= Most)
        {
            return Results.Redirect(Page(scope) + "?problem=too-many");
        }

        SiteForm form = SiteForm.Of(await request.ReadFormAsync(cancellationToken));
        List<Site> sites = await db.Sites.Where(site => site.DialogueId == scope.DialogueId).OrderBy(site => site.Position).ToListAsync(cancellationToken);
        if (sites.Count == 1)
        {
            Name(sites[0]);
        }

        IReadOnlyList<FieldProblem> problems = form.Check(sites, null, scope.Dialogue.PublishedAt is not null);
        if (problems.Count > 0)
        {
            return await ShowSites.PageAsync(scope, db, desk, "", [], form, problems, cancellationToken);
        }

        DateTimeOffset now = clock.GetUtcNow();
        Site added = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = scope.DialogueId, Position = sites.Count };
        form.ApplyTo(added, isLocked: false);
        db.Sites.Add(added);
        db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "site.added", Facts = $"{{\"site\":\"{added.Code}\"}}" });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Page(scope) + "?notice=added");
    }

    private static IResult ShowAsync(SiteId site, DialogueScope scope) => scope.Sites.FirstOrDefault(s => s.Id == site) is { } found ? Form(scope, found, SiteForm.Of(found), []) : Results.NotFound();

    private static async Task<IResult> SaveAsync(SiteId site, HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        List<Site> sites = await db.Sites.Where(s => s.DialogueId == scope.DialogueId).OrderBy(s => s.Position).ToListAsync(cancellationToken);
        if (sites.FirstOrDefault(s => s.Id == site) is not { } found)
        {
            return Results.NotFound();
        }

        SiteForm form = SiteForm.Of(await request.ReadFormAsync(cancellationToken));
        bool isLocked = await ShowSites.LockedAsync(scope, desk, cancellationToken) is not null;
        List<FieldProblem> problems = [.. form.Check(sites, found, scope.Dialogue.PublishedAt is not null)];
        if (isLocked && form.Code != found.Code)
        {
            problems.Add(new("code", "fixed-by-freeze"));
        }

        if (isLocked && form.People != found.PlannedParticipants)
        {
            problems.Add(new("planned", "fixed-by-freeze"));
        }

        if (problems.Count > 0)
        {
            return Form(scope, found, form, problems);
        }

        bool isOther = form.People != found.PlannedParticipants;
        form.ApplyTo(found, isLocked);
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "site.edited", Facts = $"{{\"site\":\"{found.Code}\"}}" });
        if (isOther)
        {
            await desk.PlacesChangedAsync(scope, found, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Page(scope) + "?notice=saved");
    }

    /// <summary>Only a site about which nothing else is known can be removed: neither people nor quotas nor lotteries vanish with it.</summary>
    private static async Task<IResult> RemoveAsync(SiteId site, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        List<Site> sites = await db.Sites.Where(s => s.DialogueId == scope.DialogueId).OrderBy(s => s.Position).ToListAsync(cancellationToken);
        if (sites.FirstOrDefault(s => s.Id == site) is not { } found)
        {
            return Results.NotFound();
        }

        if (await ShowSites.LockedAsync(scope, desk, cancellationToken) is { } locked)
        {
            return Results.Redirect(Page(scope) + "?problem=" + locked);
        }

        if (sites.Count == 1)
        {
            return Results.Redirect(Page(scope) + "?problem=only-one");
        }

        if (await db.PoolMembers.AnyAsync(member => member.SiteId == site, cancellationToken) || await db.Criteria.AnyAsync(criterion => criterion.SiteId == site, cancellationToken)
            || await db.Lotteries.AnyAsync(lottery => lottery.SiteId == site, cancellationToken))
        {
            return Results.Redirect(Page(scope) + "?problem=not-empty");
        }

        db.Sites.Remove(found);
        foreach ((int position, Site other) in sites.Where(s => s.Id != site).Index())
        {
            other.Position = position;
        }

        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "site.removed", Facts = $"{{\"site\":\"{found.Code}\"}}" });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Page(scope) + "?notice=removed");
    }

    private static RazorComponentResult<SitePage> Form(DialogueScope scope, Site site, SiteForm form, IReadOnlyList<FieldProblem> problems) =>
        new(new { Scope = scope, Site = site, Form = form, Problems = problems }) { StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
}

/// <summary>A site as typed.</summary>
public sealed record SiteForm(string Code, string Name, string Country, string TimeZone, string Planned, string Address)
{
    public static SiteForm Empty { get; } = new("", "", "", "", "", "");

    /// <summary>The number as it would be kept; 0 when none is said.</summary>
    public int People => int.TryParse(Planned, NumberStyles.None, CultureInfo.InvariantCulture, out int people) ? people : 0;

    public static SiteForm Of(IFormCollection form)
    {
        string Typed(string field) => CellText.Clean(form[field].ToString());
        return new(SiteSheet.Code(form["code"].ToString()), Typed("name"), Typed("country").ToUpperInvariant(), Typed("timeZone"), Typed("planned"), Typed("address"));
    }

    public static SiteForm Of(Site site) => new(
        site.Code, site.Name, site.Country, site.TimeZone, site.PlannedParticipants > 0 ? site.PlannedParticipants.ToString(CultureInfo.InvariantCulture) : "", site.Address);

    /// <param name="sites">All sites of the dialogue.</param>
    /// <param name="own">The site that is edited; null for a new one.</param>
    /// <param name="isPublic">Whether citizens read it: then it says in which zone its hours are.</param>
    public IReadOnlyList<FieldProblem> Check(IReadOnlyList<Site> sites, Site? own, bool isPublic)
    {
        FieldProblems problems = new();
        if (!SiteSheet.IsCode(Code))
        {
            // The only site of a dialogue needs no code.
            if (own is null || sites.Count > 1 || Code.Length > 0)
            {
                problems.Add("code", Code.Length == 0 ? "required" : "not-a-code");
            }
        }
        else if (sites.Any(other => other != own && other.Code == Code))
        {
            problems.Add("code", "code-taken", ("value", Code));
        }

        problems.Required("name", Name, 200).NoLonger("address", Address, 500);
        if (Country.Length > 0 && !Countries.IsKnown(Country))
        {
            problems.Add("country", "unknown-country", ("value", Country));
        }

        if (isPublic && TimeZone.Length == 0)
        {
            problems.Add("timeZone", "published-needs");
        }
        else if (TimeZone.Length > 0 && !SiteSheet.IsZone(TimeZone))
        {
            problems.Add("timeZone", "unknown-time-zone", ("value", TimeZone));
        }

        if (Planned.Length > 0 && People is not (>= SiteSheet.LeastPlanned and <= SiteSheet.MostPlanned))
        {
            problems.Add("planned", "out-of-range", ("min", SiteSheet.LeastPlanned), ("max", SiteSheet.MostPlanned));
        }

        return problems.All;
    }

    public void ApplyTo(Site site, bool isLocked)
    {
        (site.Name, site.Country, site.TimeZone, site.Address) = (Name, Country, TimeZone, Address);
        if (!isLocked)
        {
            (site.Code, site.PlannedParticipants) = (Code, People);
        }
    }
}
