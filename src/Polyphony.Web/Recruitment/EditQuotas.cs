using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Recruitment;

/// <summary>Quotas as a table: in the pool, minimum, maximum, and what would make them possible.</summary>
internal static class EditQuotas
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/quotas", (DialogueScope scope, PoolDesk desk, HttpRequest request, CancellationToken cancellationToken) =>
            PageAsync(scope, desk, request.Query["problem"].ToString() is { Length: > 0 } problem ? problem : request.Query["notice"].ToString(), [], cancellationToken));
        reader.MapGet("/quotas/quotas.csv", ExportAsync);
        organiser.MapPost("/quotas/save", SaveAsync).TakesForm();
        organiser.MapPost("/quotas/criteria", AddAsync).TakesForm();
        organiser.MapPost("/quotas/criteria/{criterion}/delete", DeleteAsync).TakesForm();
    }

    public static async Task<IResult> PageAsync(DialogueScope scope, PoolDesk desk, string notice, IReadOnlyList<SheetProblem> problems, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? typed = null)
    {
        int size = scope.Planned;
        PoolState state = await desk.StateAsync(scope.SiteId, size, cancellationToken);
        return new RazorComponentResult<QuotasPage>(new
        {
            Model = new QuotasModel(
                scope, await desk.CriteriaAsync(scope.SiteId, cancellationToken), state, await desk.AdviceAsync(scope.SiteId, state, cancellationToken),
                await desk.BeforeAsync(scope, state, cancellationToken) is not null,
                await desk.LockedAsync(scope.SiteId, cancellationToken), notice, problems, typed ?? new Dictionary<string, string>()),
        })
        {
            StatusCode = UploadedSheet.StatusOf(notice, problems),
        };
    }

    public static Criterion NewCriterion(Site site, int position, QuotaCriterion read, DateTimeOffset now)
    {
        CriterionId id = new(Guid.CreateVersion7(now));
        return new Criterion
        {
            Id = id,
            DialogueId = site.DialogueId,
            SiteId = site.Id,
            Position = position,
            Name = read.Name,
            Values =
            [
                .. read.Values.Select((value, index) => new CriterionValue
                {
                    Id = Guid.CreateVersion7(now),
                    CriterionId = id,
                    Position = index,
                    Name = value.Name,
                    Min = value.Min,
                    Max = value.Max,
                    MinFlex = value.MinFlex,
                    MaxFlex = value.MaxFlex,
                    Target = value.Target,
                }),
            ],
        };
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Segment}/quotas";

    private static async Task<IResult> ExportAsync(DialogueScope scope, PoolDesk desk, CancellationToken cancellationToken)
    {
        static string Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";
        List<IReadOnlyList<string>> rows = [["feature", "value", "min", "max", "min_flex", "max_flex", "target"]];
        foreach (Criterion criterion in await desk.CriteriaAsync(scope.SiteId, cancellationToken))
        {
            rows.AddRange(criterion.Values.Select(value => (IReadOnlyList<string>)[
                criterion.Name, value.Name, Number(value.Min), Number(value.Max),
                value.MaxFlex is null && value.MinFlex is null ? "" : Number(value.MinFlex ?? value.Min), value.MaxFlex is null && value.MinFlex is null ? "" : Number(value.MaxFlex ?? value.Max), Number(value.Target)]));
        }

        return Results.File(CsvWriter.Write(rows), "text/csv", scope.Dialogue.Slug + "-quotas.csv");
    }

    /// <summary>Saves the whole table or nothing: what is typed goes through the same reader as a file.</summary>
    private static async Task<IResult> SaveAsync(HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        List<(Criterion Criterion, CriterionValue Value)> cells = [.. criteria.SelectMany(criterion => criterion.Values.Select(value => (criterion, value)))];
        string Typed(string field, CriterionValue value) => form[$"{field}.{value.Id:N}"].ToString().Trim();
        Sheet table = new("", ["feature", "value", "min", "max", "min_flex", "max_flex", "target"],
        [
            .. cells.Index().Select(cell => new SheetRow(cell.Index + 1, [
                cell.Item.Criterion.Name, cell.Item.Value.Name, Typed("min", cell.Item.Value), Typed("max", cell.Item.Value),
                Typed("minFlex", cell.Item.Value), Typed("maxFlex", cell.Item.Value), Typed("target", cell.Item.Value)])),
        ]);
        QuotaReading reading = QuotaSheet.Read(table);
        if (reading.Problems.Count > 0)
        {
            return await PageAsync(scope, desk, "", reading.Problems, cancellationToken, form.ToDictionary(field => field.Key, field => field.Value.ToString()));
        }

        foreach (((_, CriterionValue value), QuotaValue read) in cells.Zip(reading.Criteria.SelectMany(criterion => criterion.Values)))
        {
            (value.Min, value.Max, value.MinFlex, value.MaxFlex, value.Target) = (read.Min, read.Max, read.MinFlex, read.MaxFlex, read.Target);
        }

        await desk.ChangedAsync(scope, "quotas.edited", "{}", cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=saved");
    }

    private static async Task<IResult> AddAsync(HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        if (await db.PoolMembers.AnyAsync(member => member.SiteId == scope.SiteId, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=pool-there");
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string name = CellText.Clean(form["name"].ToString());
        string[] values = [.. form["values"].ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(CellText.Clean).DistinctBy(CellText.Key)];
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        if (name.Length is 0 or > 200 || values.Length is < 2 or > 500 || values.Any(value => value.Length > 200) || criteria.Any(criterion => CellText.Key(criterion.Name) == CellText.Key(name)))
        {
            return Results.Redirect(Base(scope) + "?problem=criterion");
        }

        string size = scope.Planned.ToString(CultureInfo.InvariantCulture);
        Sheet table = new("", ["feature", "value", "min", "max"], [
            .. PoolDesk.AsSheet(criteria).SelectMany(criterion => criterion.Values.Select(value => (Criterion: criterion.Name, Value: value.Name))).Concat(values.Select(value => (Criterion: name, Value: value)))
                .Select((cell, i) => new SheetRow(i + 1, [cell.Criterion, cell.Value, "0", size])),
        ]);
        QuotaReading reading = PoolDesk.ReadQuotas(table);
        if (reading.Problems.Count > 0)
        {
            return Results.Redirect(Base(scope) + "?problem=criterion");
        }

        db.Criteria.Add(NewCriterion(scope.Site!, criteria.Count == 0 ? 0 : criteria[^1].Position + 1, reading.Criteria[^1], clock.GetUtcNow()));
        await desk.ChangedAsync(scope, "quotas.criterion-added", "{}", cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=added");
    }

    private static async Task<IResult> DeleteAsync(CriterionId criterion, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Base(scope) + "?problem=" + locked);
        }

        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        if (criteria.SingleOrDefault(c => c.Id == criterion) is not { } found)
        {
            return Results.NotFound();
        }

        if (await db.PoolMembers.AnyAsync(member => member.SiteId == scope.SiteId, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=pool-there");
        }

        db.CriterionValues.RemoveRange(found.Values);
        db.Criteria.Remove(found);
        foreach ((int index, Criterion other) in criteria.Where(c => c.Id != criterion).Index())
        {
            other.Position = index;
        }

        await desk.ChangedAsync(scope, "quotas.criterion-removed", "{}", cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=removed");
    }
}

/// <summary>What the page of quotas shows.</summary>
/// <param name="Advice">What to do about quotas that cannot be met; null where they can, or nothing is decided.</param>
/// <param name="CanUndo">Whether the last thing that was done was taking a suggestion.</param>
/// <param name="Locked">Why nothing can be changed, or null.</param>
/// <param name="Notice">A notice or problem code from the address.</param>
/// <param name="Problems">What is wrong with a file or with the typed table.</param>
/// <param name="Typed">What was typed when it could not be saved.</param>
public sealed record QuotasModel(
    DialogueScope Scope, IReadOnlyList<Criterion> Criteria, PoolState State, Relaxations? Advice, bool CanUndo, string? Locked, string Notice, IReadOnlyList<SheetProblem> Problems, IReadOnlyDictionary<string, string> Typed)
{
    public bool MayEdit => Scope.IsOrganiser && Locked is null;

    public QuotaChange? Suggestion(int criterion, int value) =>
        (State.Feasibility as QuotaFeasibility.Infeasible)?.Changes.FirstOrDefault(change => change.Criterion == criterion && change.Value == value);

    public string Cell(string field, CriterionValue value, IFormattable? saved) =>
        Typed.TryGetValue($"{field}.{value.Id:N}", out string? typed) ? typed : saved?.ToString(null, CultureInfo.InvariantCulture) ?? "";
}
