using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Recruitment;

/// <summary>Takes quotas from a file: everything is shown before anything counts.</summary>
internal static class ImportQuotas
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/quotas/upload", UploadAsync).TakesFile();
        organiser.MapGet("/quotas/uploads/{upload:guid}", PreviewAsync);
        organiser.MapPost("/quotas/uploads/{upload:guid}/confirm", ConfirmAsync).TakesForm();
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Segment}/quotas";

    private static async Task<IResult> UploadAsync(IFormFile? file, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        (string name, byte[] content, Sheet? sheet, IReadOnlyList<SheetProblem> problems) = await UploadedSheet.ReadAsync(file, cancellationToken);
        if ((sheet ?? UploadedSheet.Ragged(name, content)) is { } table)
        {
            problems = [.. problems, .. PoolDesk.ReadQuotas(table).Problems];
        }

        if (sheet is null || problems.Count > 0)
        {
            return await EditQuotas.PageAsync(scope, desk, "", problems, cancellationToken);
        }

        StagedUpload staged = await UploadedSheet.StageAsync(db, scope, scope.SiteId, UploadKind.Quotas, name, content, "", clock, cancellationToken);
        return Results.Redirect($"{Base(scope)}/uploads/{staged.Id}");
    }

    private static async Task<IResult> PreviewAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await UploadedSheet.FindAsync(db, scope, scope.SiteId, UploadKind.Quotas, upload, clock, cancellationToken) is not { } found)
        {
            return await EditQuotas.PageAsync(scope, desk, UploadedSheet.Gone, [], cancellationToken);
        }

        QuotaReading reading = PoolDesk.ReadQuotas(found.Sheet);
        return new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<QuotaPreviewPage>(new
        {
            Scope = scope,
            Upload = found.Upload,
            Reading = reading,
            HasOthers = await db.Criteria.AnyAsync(criterion => criterion.SiteId == scope.SiteId, cancellationToken),
            Clash = await ClashAsync(scope.SiteId, db, desk, reading, cancellationToken),
        });
    }

    private static async Task<IResult> ConfirmAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        if (await UploadedSheet.FindAsync(db, scope, scope.SiteId, UploadKind.Quotas, upload, clock, cancellationToken) is not { } found)
        {
            return await EditQuotas.PageAsync(scope, desk, UploadedSheet.Gone, [], cancellationToken);
        }

        QuotaReading reading = PoolDesk.ReadQuotas(found.Sheet);
        if (reading.Problems.Count > 0 || await ClashAsync(scope.SiteId, db, desk, reading, cancellationToken))
        {
            return Results.Redirect($"{Base(scope)}/uploads/{upload}");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ApplyAsync(scope.Site!, db, desk, reading, clock.GetUtcNow(), cancellationToken);
        db.StagedUploads.Remove(found.Upload);
        await desk.ChangedAsync(scope, "quotas.imported", string.Create(CultureInfo.InvariantCulture, $"{{\"criteria\":{reading.Criteria.Count},\"values\":{reading.Criteria.Sum(c => c.Values.Count)}}}"), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=imported");
    }

    /// <summary>Whether people are in the pool whose values these quotas do not know.</summary>
    public static async Task<bool> ClashAsync(SiteId site, Db db, PoolDesk desk, QuotaReading reading, CancellationToken cancellationToken)
    {
        if (!await db.PoolMembers.AnyAsync(member => member.SiteId == site, cancellationToken))
        {
            return false;
        }

        static HashSet<string> Names(IEnumerable<QuotaCriterion> criteria) => [.. criteria.SelectMany(criterion => criterion.Values.Select(value => CellText.Key(criterion.Name) + "\n" + JointQuota.KeyOf(value.Name)))];
        return !Names(PoolDesk.AsSheet(await desk.CriteriaAsync(site, cancellationToken))).SetEquals(Names(reading.Criteria));
    }

    /// <summary>Puts quotas in the place of a site's; the caller saves.</summary>
    public static async Task ApplyAsync(Site site, Db db, PoolDesk desk, QuotaReading reading, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Criterion> before = await desk.CriteriaAsync(site.Id, cancellationToken);
        if (await db.PoolMembers.AnyAsync(member => member.SiteId == site.Id, cancellationToken))
        {
            // Same criteria and values: only the numbers change, so that what is saved of each person stays true.
            foreach (Criterion criterion in before)
            {
                QuotaCriterion read = reading.Criteria.Single(c => CellText.Key(c.Name) == CellText.Key(criterion.Name));
                foreach (CriterionValue value in criterion.Values)
                {
                    Fill(value, read.Values.Single(v => JointQuota.KeyOf(v.Name) == JointQuota.KeyOf(value.Name)));
                }
            }
        }
        else
        {
            db.CriterionValues.RemoveRange(before.SelectMany(criterion => criterion.Values));
            db.Criteria.RemoveRange(before);
            await db.SaveChangesAsync(cancellationToken);
            db.Criteria.AddRange(reading.Criteria.Select((criterion, position) => EditQuotas.NewCriterion(site, position, criterion, now)));
        }
    }

    private static void Fill(CriterionValue value, QuotaValue read)
    {
        (value.Min, value.Max, value.MinFlex, value.MaxFlex, value.Target) = (read.Min, read.Max, read.MinFlex, read.MaxFlex, read.Target);
    }
}
