using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Recruitment;

/// <summary>The pool: a figure by any criterion and, for organisers, the list of people.</summary>
internal static class ShowPool
{
    public const int PageSize = 50;

    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/pool", (DialogueScope scope, Db db, PoolDesk desk, HttpRequest request, CancellationToken cancellationToken) =>
        {
            string Query(string name) => request.Query[name].ToString();
            int page = int.TryParse(Query("page"), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Clamp(number, 1, 100_000) : 1;
            int? by = int.TryParse(Query("by"), NumberStyles.None, CultureInfo.InvariantCulture, out int criterion) ? criterion : null;
            return PageAsync(scope, db, desk, new PoolQuery(CellText.Clean(Query("q")), page, by), Query("problem") is { Length: > 0 } problem ? problem : Query("notice"), [], cancellationToken);
        });
        organiser.MapGet("/pool/pool.csv", ExportAsync);
        organiser.MapPost("/pool/clear", ClearAsync).TakesForm();
    }

    public static async Task<IResult> PageAsync(DialogueScope scope, Db db, PoolDesk desk, PoolQuery query, string notice, IReadOnlyList<SheetProblem> problems, CancellationToken cancellationToken)
    {
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        PoolState state = await desk.StateAsync(scope.SiteId, scope.Planned, cancellationToken);
        IReadOnlyList<PoolRow> rows = [];
        int found = 0;
        if (scope.IsOrganiser)
        {
            var people =
                from member in db.PoolMembers.AsNoTracking()
                where member.SiteId == scope.SiteId
                join person in db.People.AsNoTracking() on member.PersonId equals person.Id
                select new { member, person };
            found = state.People;
            if (query.Text.Length > 0)
            {
                // Searched here and not in the database: both databases then find the same, with or without accents and capitals.
                CompareInfo compare = CultureInfo.InvariantCulture.CompareInfo;
                List<PoolMemberId> hits =
                [
                    .. (await people.Select(row => new { row.member.Id, row.member.ExternalId, row.person.Name, row.person.Email }).ToListAsync(cancellationToken))
                        .Where(row => new[] { row.Name, row.Email, row.ExternalId }.Any(text => compare.IndexOf(text, query.Text, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0))
                        .OrderBy(row => row.ExternalId, StringComparer.Ordinal).Select(row => row.Id),
                ];
                found = hits.Count;
                PoolMemberId[] shown = [.. hits.Skip((query.Page - 1) * PageSize).Take(PageSize)];
                people = people.Where(row => shown.Contains(row.member.Id));
            }

            int skip = query.Text.Length > 0 ? 0 : (query.Page - 1) * PageSize;
            rows = [.. (await people.OrderBy(row => row.member.ExternalId).Skip(skip).Take(PageSize).ToListAsync(cancellationToken)).Select(row => new PoolRow(row.member, row.person))];
        }

        return new RazorComponentResult<PoolPage>(new
        {
            Model = new PoolModel(
                scope, criteria, state, rows, found, query, await desk.LockedAsync(scope.SiteId, cancellationToken), notice, problems,
                await db.StagedUploads.Where(upload => upload.DialogueId == scope.DialogueId && upload.SiteId == scope.SiteId && upload.Kind == UploadKind.Pool).OrderByDescending(upload => upload.CreatedAt).Select(upload => (Guid?)upload.Id).FirstOrDefaultAsync(cancellationToken)),
        })
        {
            StatusCode = UploadedSheet.StatusOf(notice, problems),
        };
    }

    private static async Task<IResult> ExportAsync(DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        var people = await (
            from member in db.PoolMembers.AsNoTracking()
            where member.SiteId == scope.SiteId
            join person in db.People.AsNoTracking() on member.PersonId equals person.Id
            orderby member.ExternalId
            select new { member, person }).ToListAsync(cancellationToken);
        return Results.File(
            CsvWriter.Write(
            [
                ["id", "name", "email", "language", "address", .. criteria.Select(criterion => criterion.Name)],
                .. people.Select(row => (IReadOnlyList<string>)[
                    row.member.ExternalId, row.person.Name, row.person.Email, row.person.Language, row.person.PostalAddress.Replace('\n', ' '),
                    .. criteria.Select((criterion, c) => criterion.Values[row.member.Values[c]].Name)]),
            ]),
            "text/csv",
            scope.Dialogue.Slug + "-pool.csv");
    }

    private static async Task<IResult> ClearAsync(HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/pool";
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(page + "?problem=" + locked);
        }

        int people = await db.PoolMembers.CountAsync(member => member.SiteId == scope.SiteId, cancellationToken);
        if ((await request.ReadFormAsync(cancellationToken))["sure"] != people.ToString(CultureInfo.InvariantCulture))
        {
            return Results.Redirect(page + "?problem=not-sure");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.PoolMembers.Where(member => member.SiteId == scope.SiteId).ExecuteDeleteAsync(cancellationToken);
        await db.People.Where(person => person.DialogueId == scope.DialogueId && !db.PoolMembers.Any(member => member.PersonId == person.Id)).ExecuteDeleteAsync(cancellationToken);
        await desk.ChangedAsync(scope, "pool.cleared", string.Create(CultureInfo.InvariantCulture, $"{{\"people\":{people}}}"), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(page + "?notice=cleared");
    }
}

/// <summary>What is looked for in the pool: text, page from 1, criterion of the figure.</summary>
public sealed record PoolQuery(string Text, int Page, int? By);

public sealed record PoolRow(PoolMember Member, Person Person);

/// <summary>What the page of the pool shows.</summary>
public sealed record PoolModel(
    DialogueScope Scope, IReadOnlyList<Criterion> Criteria, PoolState State, IReadOnlyList<PoolRow> Rows, int Found, PoolQuery Query, string? Locked, string Notice,
    IReadOnlyList<SheetProblem> Problems, Guid? Staged)
{
    public bool MayEdit => Scope.IsOrganiser && Locked is null;

    public int Pages => Math.Max(1, (Found + ShowPool.PageSize - 1) / ShowPool.PageSize);

    public int By => Query.By is { } by && by < Criteria.Count ? by : 0;
}
