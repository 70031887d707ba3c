using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Statistics.Representation;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Sites;

/// <summary>How near those at each stage are to the population: invited, in the pool, drawn, come; by criterion, over all sites and at each.</summary>
internal static class ShowRepresentation
{
    public static void Map(RouteGroupBuilder reader)
    {
        reader.MapGet("/representation", (DialogueScope scope, Db db, HttpRequest request, CancellationToken cancellationToken) => PageAsync(scope, db, request.Query["by"].ToString(), request.Query["recorded"].ToString(), [], cancellationToken));
        reader.MapGet("/representation/representation.csv", ExportAsync);
    }

    public static async Task<IResult> PageAsync(DialogueScope scope, Db db, string by, string notice, IReadOnlyList<SheetProblem> problems, CancellationToken cancellationToken)
    {
        (ImmutableArray<FunnelOfCriterion> criteria, QuotaBounds quotas) = await ReadAsync(scope, db, cancellationToken);
        int chosen = int.TryParse(by, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < criteria.Length ? number : 0;
        return new RazorComponentResult<RepresentationPage>(new { Model = new RepresentationModel(scope, criteria, quotas, chosen, notice, problems) })
        {
            StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    /// <summary>The criteria of all sites, or of the one that was chosen, with what is known of each stage. A stage that has not come yet is not recorded; it is not zero.</summary>
    public static async Task<(ImmutableArray<FunnelOfCriterion> Criteria, QuotaBounds Quotas)> ReadAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values.OrderBy(value => value.Position)).Where(criterion => criterion.DialogueId == scope.DialogueId)
            .OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        ILookup<SiteId, List<int>> pool = (await db.PoolMembers.AsNoTracking().Where(member => member.DialogueId == scope.DialogueId).Select(member => new { member.SiteId, member.Values }).ToListAsync(cancellationToken))
            .ToLookup(member => member.SiteId, member => member.Values);
        var drawn = (await (
            from participant in db.Participants.AsNoTracking()
            where participant.DialogueId == scope.DialogueId
            join member in db.PoolMembers.AsNoTracking() on participant.PoolMemberId equals member.Id
            select new { participant.SiteId, participant.Status, participant.Attendance, participant.Replaces, member.Values }).ToListAsync(cancellationToken)).ToLookup(person => person.SiteId);
        List<FunnelCriterion> read = [];
        QuotaBounds quotas = new([]);
        foreach (Site site in scope.Sites.Where(site => scope.ChosenSite is null || site.Id == scope.ChosenSite.Id))
        {
            // Drawn: the panel as the lot made it, without those who stepped in later.
            List<int>[] selected = [.. drawn[site.Id].Where(person => person.Replaces is null).Select(person => person.Values)];
            List<int>[] attended = [.. drawn[site.Id].Where(person => person.Attendance == Attendance.Present).Select(person => person.Values)];
            foreach ((int c, Criterion criterion) in criteria.Where(criterion => criterion.SiteId == site.Id).Index())
            {
                string code = site.Code.Length > 0 ? site.Code : "–";
                criterion.Values.ForEach(value => quotas.Bounds[(code, criterion.Name, value.Name)] = (value.Min, value.Max));
                read.Add(new FunnelCriterion(code, criterion.Name, [
                    .. criterion.Values.Select((value, v) => new FunnelValue(value.Name, value.Target, [
                        value.Invited, Bearers(pool[site.Id], c, v), Bearers(selected, c, v), Bearers(attended, c, v)])),
                ]));
            }
        }

        return (read.Count == 0 ? [] : Funnel.Of(read), quotas);
    }

    private static int? Bearers(IEnumerable<List<int>> people, int criterion, int value)
    {
        (int all, int bearers) = people.Aggregate((All: 0, Bearers: 0), (sum, values) => (sum.All + 1, sum.Bearers + (values[criterion] == value ? 1 : 0)));
        return all == 0 ? null : bearers;
    }

    private static async Task<IResult> ExportAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        static string Number(double? number) => number?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";
        List<IReadOnlyList<string>> rows = [["criterion", "site", "stage", "value", "people", "share", "target", "deviation", "total_variation", "chi_squared", "degrees", "p", "cohen_w", "min", "max", "quota_miss"]];
        (ImmutableArray<FunnelOfCriterion> criteria, QuotaBounds quotas) = await ReadAsync(scope, db, cancellationToken);
        foreach (FunnelOfCriterion criterion in criteria)
        {
            foreach (FunnelLine line in criterion.BySite.Prepend(criterion.Overall))
            {
                foreach ((int stage, Representativeness? known) in line.Stages.Index())
                {
                    rows.AddRange((known?.Values ?? []).Select(value => (IReadOnlyList<string>)[
                        criterion.Overall.Criterion, line.Site ?? "", ((FunnelStage)stage).ToString().ToLowerInvariant(), value.Value, value.Count.ToString(CultureInfo.InvariantCulture), Number(value.Share), Number(value.Target),
                        Number(value.Deviation), Number(known!.TotalVariation), Number(known.ChiSquared), known.Degrees.ToString(CultureInfo.InvariantCulture), Number(known.PValue), Number(known.CohenW),
                        .. quotas.Of(line, (FunnelStage)stage, value) is { } quota ? (string[])[Number(quota.Min), Number(quota.Max), Number(quota.Miss)] : ["", "", ""]]));
                }
            }
        }

        return Results.File(CsvWriter.Write(rows), "text/csv", scope.Dialogue.Slug + "-representation.csv");
    }
}

/// <summary>Which quota a value has at a site.</summary>
public sealed record QuotaBounds(Dictionary<(string Site, string Criterion, string Value), (int Min, int Max)> Bounds)
{
    /// <summary>Whether a quota is met by those who were drawn, or who came: it asks nothing of who was invited or answered, nor of several sites together.</summary>
    public QuotaCheck? Of(FunnelLine line, FunnelStage stage, ValueShare value) =>
        stage is FunnelStage.Selected or FunnelStage.Attended && line.Site is { } site && Bounds.TryGetValue((site, line.Criterion, value.Value), out (int Min, int Max) quota)
            ? new QuotaCheck(value.Value, value.Count, quota.Min, quota.Max) : null;
}

/// <summary>What the page of representation shows.</summary>
/// <param name="By">The criterion that is shown in detail.</param>
public sealed record RepresentationModel(DialogueScope Scope, ImmutableArray<FunnelOfCriterion> Criteria, QuotaBounds Quotas, int By, string Notice, IReadOnlyList<SheetProblem> Problems)
{
    public FunnelOfCriterion Shown => Criteria[By];

    /// <summary>The one site of the page; null over several.</summary>
    public FunnelLine? AtOneSite => Shown.BySite.Length == 1 ? Shown.BySite[0] : null;

    /// <summary>Whether somebody wrote down how many were invited, anywhere.</summary>
    public bool HasInvited => Criteria.Any(criterion => criterion.BySite.Any(line => line.Stages[(int)FunnelStage.Invited] is not null));
}
