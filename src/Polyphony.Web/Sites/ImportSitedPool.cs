using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Sites;

/// <summary>Adds people to the pools of many sites from one file with a column <c>site</c>. Columns are found by their headers, which are the names of the criteria.</summary>
internal static class ImportSitedPool
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/sites/pool/upload", UploadAsync).TakesFile();
        organiser.MapGet("/sites/pool/uploads/{upload:guid}", PreviewAsync);
        organiser.MapPost("/sites/pool/uploads/{upload:guid}/confirm", ConfirmAsync).TakesForm();
    }

    private static async Task<IResult> UploadAsync(IFormFile? file, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ShowSites.LockedAsync(scope, desk, cancellationToken) is { } locked)
        {
            return Results.Redirect(EditSite.Page(scope) + "?problem=" + locked);
        }

        (string name, byte[] content, Sheet? sheet, IReadOnlyList<SheetProblem> problems) = await UploadedSheet.ReadAsync(file, cancellationToken);
        if (sheet is null)
        {
            if (UploadedSheet.Ragged(name, content) is { } ragged)
            {
                problems = [.. problems, .. (await ReadAsync(scope, db, ragged, cancellationToken)).Problems];
            }

            return await ShowSites.PageAsync(scope, db, desk, "", problems, SiteForm.Empty, [], cancellationToken);
        }

        StagedUpload staged = await UploadedSheet.StageAsync(db, scope, null, UploadKind.Pool, name, content, "", clock, cancellationToken);
        return Results.Redirect($"{EditSite.Page(scope)}/pool/uploads/{staged.Id}");
    }

    private static async Task<IResult> PreviewAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken) =>
        await UploadedSheet.FindAsync(db, scope, null, UploadKind.Pool, upload, clock, cancellationToken) is { } found
            ? SitedPreview.Page(scope, "pool", found.Upload, await ReadAsync(scope, db, found.Sheet, cancellationToken), reading => reading.People.Count, null)
            : await ShowSites.PageAsync(scope, db, desk, UploadedSheet.Gone, [], SiteForm.Empty, [], cancellationToken);

    private static async Task<IResult> ConfirmAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ShowSites.LockedAsync(scope, desk, cancellationToken) is { } locked)
        {
            return Results.Redirect(EditSite.Page(scope) + "?problem=" + locked);
        }

        if (await UploadedSheet.FindAsync(db, scope, null, UploadKind.Pool, upload, clock, cancellationToken) is not { } found)
        {
            return await ShowSites.PageAsync(scope, db, desk, UploadedSheet.Gone, [], SiteForm.Empty, [], cancellationToken);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        SitedReading<PoolReading> reading = await ReadAsync(scope, db, found.Sheet, cancellationToken);
        if (reading.ProblemCount > 0)
        {
            return Results.Redirect($"{EditSite.Page(scope)}/pool/uploads/{upload}");
        }

        foreach ((Site site, PoolReading people) in reading.Parts)
        {
            foreach (PoolPerson person in people.People)
            {
                desk.AddPerson(site, person);
            }
        }

        int added = reading.Parts.Sum(part => part.Reading.People.Count);
        db.StagedUploads.Remove(found.Upload);
        await desk.ChangedAsync(scope, [.. reading.Parts.Select(part => part.Site.Id)], "pool.imported", string.Create(CultureInfo.InvariantCulture, $"{{\"people\":{added},\"sites\":{reading.Parts.Count}}}"), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(EditSite.Page(scope) + "?notice=pool-imported");
    }

    /// <summary>Reads each site's part by its own criteria, and against the people who are in its pool already.</summary>
    private static async Task<SitedReading<PoolReading>> ReadAsync(DialogueScope scope, Db db, Sheet sheet, CancellationToken cancellationToken)
    {
        (IReadOnlyList<(string Code, Sheet Sheet)> parts, IReadOnlyList<SheetProblem> wrong) = SitedSheet.Part(sheet, [.. scope.Sites.Select(site => site.Code)]);
        ILookup<SiteId, Criterion> criteria = (await db.Criteria.AsNoTracking().Include(criterion => criterion.Values).Where(criterion => criterion.DialogueId == scope.DialogueId)
            .OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken)).ToLookup(criterion => criterion.SiteId);
        ILookup<SiteId, string> there = (await db.PoolMembers.Where(member => member.DialogueId == scope.DialogueId).Select(member => new { member.SiteId, member.ExternalId }).ToListAsync(cancellationToken))
            .ToLookup(member => member.SiteId, member => CellText.Key(member.ExternalId));
        List<SheetProblem> problems = [.. wrong];
        int count = wrong.Count;
        List<(Site, PoolReading)> read = [];
        foreach ((string code, Sheet part) in parts)
        {
            Site site = scope.Sites.First(s => s.Code == code);
            IReadOnlyList<QuotaCriterion> known = PoolDesk.AsSheet(criteria[site.Id]);
            if (known.Count == 0)
            {
                problems.Add(new SheetProblem("no-quotas-there", sheet.File, part.Rows[0].Number, SitedSheet.Header, code));
                count++;
                continue;
            }

            PoolMapping mapping = PoolMapping.Suggest(part, known);
            PoolReading reading = PoolSheet.Read(part, mapping, known);
            problems.AddRange(reading.Problems);
            count += reading.ProblemCount;
            if (reading.ProblemCount == 0)
            {
                HashSet<string> own = [.. there[site.Id]];
                SheetProblem[] again = [.. reading.People.Where(person => own.Contains(CellText.Key(person.Id))).Select(person => new SheetProblem("id-in-pool", sheet.File, person.Row, mapping.Id, person.Id))];
                problems.AddRange(again);
                count += again.Length;
            }

            read.Add((site, reading));
        }

        return SitedReading.Of(read, problems, count);
    }
}
