using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Recruitment;

/// <summary>Takes a pool from a file: upload, map the columns, see every problem, confirm; the import is one transaction.</summary>
internal static class ImportPool
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/pool/upload", UploadAsync).TakesFile();
        organiser.MapGet("/pool/uploads/{upload:guid}", PreviewAsync);
        organiser.MapPost("/pool/uploads/{upload:guid}/map", MapColumnsAsync).TakesForm();
        organiser.MapPost("/pool/uploads/{upload:guid}/confirm", ConfirmAsync).TakesForm();
        organiser.MapPost("/pool/uploads/{upload:guid}/discard", DiscardAsync).TakesForm();
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Segment}/pool";

    private static async Task<IResult> UploadAsync(IFormFile? file, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        if (criteria.Count == 0)
        {
            return Results.Redirect(Base(scope) + "?problem=quotas-first");
        }

        (string name, byte[] content, Sheet? sheet, IReadOnlyList<SheetProblem> problems) = await UploadedSheet.ReadAsync(file, cancellationToken);
        if (sheet is null)
        {
            if (UploadedSheet.Ragged(name, content) is { } ragged)
            {
                problems = [.. problems, .. (await ReadAsync(db, scope, ragged, PoolMapping.Suggest(ragged, PoolDesk.AsSheet(criteria)), criteria, cancellationToken)).Problems];
            }

            return await ShowPool.PageAsync(scope, db, desk, new PoolQuery("", 1, null), "", problems, cancellationToken);
        }

        PoolMapping mapping = PoolMapping.Suggest(sheet, PoolDesk.AsSheet(criteria));
        StagedUpload staged = await UploadedSheet.StageAsync(db, scope, scope.SiteId, UploadKind.Pool, name, content, JsonSerializer.Serialize(mapping), clock, cancellationToken);
        return Results.Redirect($"{Base(scope)}/uploads/{staged.Id}");
    }

    private static async Task<IResult> PreviewAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await UploadedSheet.FindAsync(db, scope, scope.SiteId, UploadKind.Pool, upload, clock, cancellationToken) is not { } found)
        {
            return await GoneAsync(scope, db, desk, cancellationToken);
        }

        PoolMapping mapping = Mapping(found.Upload);
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        PoolReading reading = await ReadAsync(db, scope, found.Sheet, mapping, criteria, cancellationToken);
        return new RazorComponentResult<PoolPreviewPage>(new { Model = new PoolPreviewModel(scope, found.Upload, found.Sheet, mapping, criteria, reading) })
        {
            StatusCode = reading.ProblemCount > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> MapColumnsAsync(Guid upload, HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await UploadedSheet.FindAsync(db, scope, scope.SiteId, UploadKind.Pool, upload, clock, cancellationToken) is not { } found)
        {
            return await GoneAsync(scope, db, desk, cancellationToken);
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        found.Upload.MappingJson = JsonSerializer.Serialize(new PoolMapping(
            form["id"].ToString(), form["name"].ToString(), form["contact"].ToString(), form["language"].ToString(),
            [.. form["household"].OfType<string>().Where(header => header.Length > 0)],
            [.. criteria.Select((_, index) => form[string.Create(CultureInfo.InvariantCulture, $"criterion-{index}")].ToString())]));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"{Base(scope)}/uploads/{upload}");
    }

    private static async Task<IResult> ConfirmAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        if (await UploadedSheet.FindAsync(db, scope, scope.SiteId, UploadKind.Pool, upload, clock, cancellationToken) is not { } found)
        {
            return await GoneAsync(scope, db, desk, cancellationToken);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        PoolReading reading = await ReadAsync(db, scope, found.Sheet, Mapping(found.Upload), await desk.CriteriaAsync(scope.SiteId, cancellationToken), cancellationToken);
        if (reading.ProblemCount > 0)
        {
            return Results.Redirect($"{Base(scope)}/uploads/{upload}");
        }

        foreach (PoolPerson person in reading.People)
        {
            desk.AddPerson(scope.Site!, person);
        }

        db.StagedUploads.Remove(found.Upload);
        await desk.ChangedAsync(scope, "pool.imported", string.Create(CultureInfo.InvariantCulture, $"{{\"people\":{reading.People.Count}}}"), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=imported");
    }

    private static async Task<IResult> DiscardAsync(Guid upload, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken) =>
        await db.StagedUploads.Where(staged => staged.Id == upload && staged.DialogueId == scope.DialogueId && staged.SiteId == scope.SiteId && staged.Kind == UploadKind.Pool).ExecuteDeleteAsync(cancellationToken) > 0
            ? Results.Redirect(Base(scope) + "?notice=discarded")
            : await GoneAsync(scope, db, desk, cancellationToken);

    private static Task<IResult> GoneAsync(DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken) =>
        ShowPool.PageAsync(scope, db, desk, new PoolQuery("", 1, null), UploadedSheet.Gone, [], cancellationToken);

    private static PoolMapping Mapping(StagedUpload upload) => JsonSerializer.Deserialize<PoolMapping>(upload.MappingJson) ?? throw new InvalidOperationException("A pool upload has a mapping.");

    /// <summary>Reads by the mapping, and against the people who are in the pool already.</summary>
    private static async Task<PoolReading> ReadAsync(Db db, DialogueScope scope, Sheet sheet, PoolMapping mapping, List<Criterion> criteria, CancellationToken cancellationToken)
    {
        PoolReading reading = PoolSheet.Read(sheet, mapping, PoolDesk.AsSheet(criteria));
        HashSet<string> there = [.. (await db.PoolMembers.Where(member => member.SiteId == scope.SiteId).Select(member => member.ExternalId).ToListAsync(cancellationToken)).Select(CellText.Key)];
        if (there.Count == 0 || reading.ProblemCount > 0)
        {
            return reading;
        }

        List<SheetProblem> known = [.. reading.People.Where(person => there.Contains(CellText.Key(person.Id))).Select(person => new SheetProblem("id-in-pool", sheet.File, person.Row, mapping.Id, person.Id))];
        return known.Count == 0 ? reading : new PoolReading([], [.. known.Take(SheetProblem.MostListed)], known.Count);
    }
}

/// <summary>What the page of a staged pool shows.</summary>
public sealed record PoolPreviewModel(DialogueScope Scope, StagedUpload Upload, Sheet Sheet, PoolMapping Mapping, IReadOnlyList<Criterion> Criteria, PoolReading Reading);
