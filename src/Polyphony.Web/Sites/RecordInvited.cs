using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Sites;

/// <summary>Takes from a file how many were invited of each value: counts, and nobody's data. With many sites the file has a column <c>site</c>, unless one was chosen.</summary>
internal static class RecordInvited
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/representation/invited", UploadAsync).TakesFile();

    private static async Task<IResult> UploadAsync(IFormFile? file, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_, _, Sheet? sheet, IReadOnlyList<SheetProblem> unreadable) = await UploadedSheet.ReadAsync(file, cancellationToken);
        if (sheet is null)
        {
            return await ShowRepresentation.PageAsync(scope, db, "", "", unreadable, cancellationToken);
        }

        bool everywhere = scope is { HasManySites: true, ChosenSite: null };
        (IReadOnlyList<(string Code, Sheet Sheet)> parts, IReadOnlyList<SheetProblem> wrong) = everywhere
            ? SitedSheet.Part(sheet, [.. scope.Sites.Select(site => site.Code)])
            : ([(scope.Site!.Code, sheet)], []);
        ILookup<SiteId, Criterion> criteria = (await db.Criteria.Include(criterion => criterion.Values.OrderBy(value => value.Position)).Where(criterion => criterion.DialogueId == scope.DialogueId)
            .OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken)).ToLookup(criterion => criterion.SiteId);
        List<SheetProblem> problems = [.. wrong];
        foreach ((string code, Sheet part) in parts)
        {
            Site site = scope.Sites.First(s => s.Code == code);
            Criterion[] own = [.. criteria[site.Id]];
            InvitedReading reading = InvitedSheet.Read(part, PoolDesk.AsSheet(own));
            problems.AddRange(reading.Problems);
            foreach ((int c, IReadOnlyList<int>? counts) in reading.Counts.Index().Where(pair => pair.Item is not null))
            {
                foreach ((int v, CriterionValue value) in own[c].Values.Index())
                {
                    value.Invited = counts![v];
                }
            }
        }

        if (problems.Count > 0)
        {
            db.ChangeTracker.Clear();
            return await ShowRepresentation.PageAsync(scope, db, "", "", [.. problems.Take(SheetProblem.MostListed)], cancellationToken);
        }

        db.Journal.Add(new JournalEntry
        {
            At = clock.GetUtcNow(),
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "invited.recorded",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"sites\":{parts.Count}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"/organise/{scope.Segment}/representation?recorded=yes");
    }
}
