using System.Globalization;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Sites;

/// <summary>Takes the quotas of many sites from one file with a column <c>site</c>; sites that it does not name keep theirs.</summary>
internal static class ImportSitedQuotas
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/sites/quotas/upload", UploadAsync).TakesFile();
        organiser.MapGet("/sites/quotas/uploads/{upload:guid}", PreviewAsync);
        organiser.MapPost("/sites/quotas/uploads/{upload:guid}/confirm", ConfirmAsync).TakesForm();
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
                problems = [.. problems, .. (await ReadAsync(scope, db, desk, ragged, cancellationToken)).Problems];
            }

            return await ShowSites.PageAsync(scope, db, desk, "", problems, SiteForm.Empty, [], cancellationToken);
        }

        StagedUpload staged = await UploadedSheet.StageAsync(db, scope, null, UploadKind.Quotas, name, content, "", clock, cancellationToken);
        return Results.Redirect($"{EditSite.Page(scope)}/quotas/uploads/{staged.Id}");
    }

    private static async Task<IResult> PreviewAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken) =>
        await UploadedSheet.FindAsync(db, scope, null, UploadKind.Quotas, upload, clock, cancellationToken) is { } found
            ? SitedPreview.Page(scope, "quotas", found.Upload, await ReadAsync(scope, db, desk, found.Sheet, cancellationToken), reading => reading.Criteria.Count, reading => reading.Criteria.Sum(criterion => criterion.Values.Count))
            : await ShowSites.PageAsync(scope, db, desk, UploadedSheet.Gone, [], SiteForm.Empty, [], cancellationToken);

    private static async Task<IResult> ConfirmAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ShowSites.LockedAsync(scope, desk, cancellationToken) is { } locked)
        {
            return Results.Redirect(EditSite.Page(scope) + "?problem=" + locked);
        }

        if (await UploadedSheet.FindAsync(db, scope, null, UploadKind.Quotas, upload, clock, cancellationToken) is not { } found)
        {
            return await ShowSites.PageAsync(scope, db, desk, UploadedSheet.Gone, [], SiteForm.Empty, [], cancellationToken);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        SitedReading<QuotaReading> reading = await ReadAsync(scope, db, desk, found.Sheet, cancellationToken);
        if (reading.ProblemCount > 0)
        {
            return Results.Redirect($"{EditSite.Page(scope)}/quotas/uploads/{upload}");
        }

        foreach ((Site site, QuotaReading quotas) in reading.Parts)
        {
            await ImportQuotas.ApplyAsync(site, db, desk, quotas, clock.GetUtcNow(), cancellationToken);
        }

        db.StagedUploads.Remove(found.Upload);
        await desk.ChangedAsync(scope, [.. reading.Parts.Select(part => part.Site.Id)], "quotas.imported", string.Create(CultureInfo.InvariantCulture, $"{{\"sites\":{reading.Parts.Count}}}"), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(EditSite.Page(scope) + "?notice=quotas-imported");
    }

    private static async Task<SitedReading<QuotaReading>> ReadAsync(DialogueScope scope, Db db, PoolDesk desk, Sheet sheet, CancellationToken cancellationToken)
    {
        (IReadOnlyList<(string Code, Sheet Sheet)> parts, IReadOnlyList<SheetProblem> wrong) = SitedSheet.Part(sheet, [.. scope.Sites.Select(site => site.Code)]);
        List<SheetProblem> problems = [.. wrong];
        List<(Site, QuotaReading)> read = [];
        foreach ((string code, Sheet part) in parts)
        {
            Site site = scope.Sites.First(s => s.Code == code);
            QuotaReading reading = PoolDesk.ReadQuotas(part);
            problems.AddRange(reading.Problems);
            if (reading.Problems.Count == 0 && await ImportQuotas.ClashAsync(site.Id, db, desk, reading, cancellationToken))
            {
                problems.Add(new SheetProblem("other-criteria", sheet.File, part.Rows[0].Number, SitedSheet.Header, code));
            }

            read.Add((site, reading));
        }

        return SitedReading.Of(read, problems, problems.Count);
    }
}
