using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Mandates;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Sites;

/// <summary>Takes sites from a file: a known code is corrected, an unknown one added; none is taken away.</summary>
internal static class ImportSites
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/sites/upload", UploadAsync).TakesFile();

    private static async Task<IResult> UploadAsync(IFormFile? file, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ShowSites.LockedAsync(scope, desk, cancellationToken) is { } locked)
        {
            return Results.Redirect(EditSite.Page(scope) + "?problem=" + locked);
        }

        (_, _, Sheet? sheet, IReadOnlyList<SheetProblem> problems) = await UploadedSheet.ReadAsync(file, cancellationToken);
        SiteReading? reading = sheet is null ? null : SiteSheet.Read(sheet, Countries.IsKnown);
        if (reading is not { Problems.Count: 0 })
        {
            return await ShowSites.PageAsync(scope, db, desk, "", reading?.Problems ?? problems, SiteForm.Empty, [], cancellationToken);
        }

        List<Site> sites = await db.Sites.Where(site => site.DialogueId == scope.DialogueId).OrderBy(site => site.Position).ToListAsync(cancellationToken);
        if (sites.Count + reading.Sites.Count > EditSite.Most)
        {
            return Results.Redirect(EditSite.Page(scope) + "?problem=too-many");
        }

        if (sites is [{ Code.Length: 0 } only])
        {
            if (await db.PoolMembers.AnyAsync(member => member.SiteId == only.Id, cancellationToken) || await db.Criteria.AnyAsync(criterion => criterion.SiteId == only.Id, cancellationToken))
            {
                EditSite.Name(only);
            }
            else
            {
                // The site with which every dialogue begins, untouched: it is the first of the file and no site more.
                only.Code = reading.Sites[0].Code;
            }
        }

        DateTimeOffset now = clock.GetUtcNow();
        List<Site> changed = [];
        foreach (SheetSite read in reading.Sites)
        {
            Site? site = sites.FirstOrDefault(known => known.Code == read.Code);
            if (site is null)
            {
                site = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = scope.DialogueId, Code = read.Code, Position = sites.Count };
                sites.Add(site);
                db.Sites.Add(site);
            }
            else if (site.PlannedParticipants != read.Planned)
            {
                changed.Add(site);
            }

            (site.Name, site.Country, site.TimeZone, site.PlannedParticipants, site.Address) = (read.Name, read.Country, read.TimeZone, read.Planned, read.Address);
        }

        db.Journal.Add(new JournalEntry
        {
            At = now,
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "sites.imported",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"sites\":{reading.Sites.Count}}}"),
        });
        if (changed.Count > 0)
        {
            await desk.ChangedAsync(scope, [.. changed.Select(site => site.Id)], "quotas.places", string.Create(CultureInfo.InvariantCulture, $"{{\"sites\":{changed.Count}}}"), cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(EditSite.Page(scope) + "?notice=imported");
    }
}
