using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Sites;

/// <summary>All sites with what each has so far; also where somebody lands who must say which site is meant.</summary>
internal static class ShowSites
{
    public static void Map(RouteGroupBuilder reader)
    {
        reader.MapGet("/sites", (DialogueScope scope, Db db, PoolDesk desk, HttpRequest request, CancellationToken cancellationToken) => PageAsync(
            scope, db, desk, request.Query["problem"].ToString() is { Length: > 0 } problem ? problem : request.Query["notice"].ToString(), [], SiteForm.Empty, [], cancellationToken, request.Query["to"].ToString()));
        reader.MapGet("/sites/sites.csv", Export);
    }

    /// <summary>Why sites can be neither added nor taken away: <c>frozen</c>, <c>computing</c>, or null.</summary>
    public static async Task<string?> LockedAsync(DialogueScope scope, PoolDesk desk, CancellationToken cancellationToken)
    {
        foreach (Site site in scope.Sites)
        {
            if (await desk.LockedAsync(site.Id, cancellationToken) is { } locked)
            {
                return locked;
            }
        }

        return null;
    }

    public static async Task<IResult> PageAsync(
        DialogueScope scope, Db db, PoolDesk desk, string notice, IReadOnlyList<SheetProblem> fileProblems, SiteForm form, IReadOnlyList<FieldProblem> problems, CancellationToken cancellationToken, string to = "")
    {
        Dictionary<SiteId, int> people = await db.PoolMembers.Where(member => member.DialogueId == scope.DialogueId).GroupBy(member => member.SiteId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        Dictionary<SiteId, int> criteria = await db.Criteria.Where(criterion => criterion.DialogueId == scope.DialogueId).GroupBy(criterion => criterion.SiteId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return new RazorComponentResult<SitesPage>(new
        {
            Model = new SitesModel(
                scope, [.. scope.Sites.Select(site => new SiteRow(site, criteria.GetValueOrDefault(site.Id), people.GetValueOrDefault(site.Id)))],
                await LockedAsync(scope, desk, cancellationToken), notice, fileProblems, form, problems,
                await db.StagedUploads.Where(upload => upload.DialogueId == scope.DialogueId && upload.SiteId == null && upload.Kind != UploadKind.Statements).OrderBy(upload => upload.CreatedAt).ToListAsync(cancellationToken),
                IsRoom(to) ? to : ""),
        })
        {
            StatusCode = notice == UploadedSheet.Gone ? StatusCodes.Status404NotFound : fileProblems.Count + problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    /// <summary>Only the way on within the dialogue, never to another server.</summary>
    private static bool IsRoom(string to) => to.Length is > 0 and < 100 && to.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '.');

    private static IResult Export(DialogueScope scope) => Results.File(
        CsvWriter.Write(
        [
            ["code", "name", "country", "time_zone", "planned", "address"],
            .. scope.Sites.Select(site => (IReadOnlyList<string>)[site.Code, site.Name, site.Country, site.TimeZone, site.PlannedParticipants.ToString(CultureInfo.InvariantCulture), site.Address]),
        ]),
        "text/csv", scope.Dialogue.Slug + "-sites.csv");
}

/// <summary>A site with how many criteria have quotas there and how many people are in its pool.</summary>
public sealed record SiteRow(Site Site, int Criteria, int People);

/// <summary>What the page of sites shows.</summary>
/// <param name="Locked">Why sites can be neither added nor taken away, or null.</param>
/// <param name="FileProblems">What is wrong with a file.</param>
/// <param name="Form">A new site as typed.</param>
/// <param name="Staged">Files about all sites that wait to be confirmed.</param>
/// <param name="To">Where a site is to be chosen for; empty when for nothing in particular.</param>
public sealed record SitesModel(
    DialogueScope Scope, IReadOnlyList<SiteRow> Rows, string? Locked, string Notice, IReadOnlyList<SheetProblem> FileProblems, SiteForm Form, IReadOnlyList<FieldProblem> Problems, IReadOnlyList<StagedUpload> Staged, string To)
{
    public bool MayEdit => Scope.IsOrganiser && Locked is null;
}
