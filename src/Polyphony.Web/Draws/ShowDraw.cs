using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Draws;

/// <summary>The draw as organisers run it and as everybody can check it.</summary>
internal static class ShowDraw
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapStaffReader().MapGet("/draw", OrganiseAsync);
        RouteGroupBuilder open = app.MapPublicDialogue();
        open.MapGet("/draw", PublicAsync);
        VerifyDraw.Map(app);
    }

    private static async Task<IResult> OrganiseAsync(DialogueScope scope, Db db, PoolDesk pools, JobQueue jobs, HttpRequest request, CancellationToken cancellationToken)
    {
        if (scope is { HasManySites: true, ChosenSite: null })
        {
            return new RazorComponentResult<SitesDrawPage>(new
            {
                Model = await SitesDraw.ReadAsync(db, scope, isPublic: false, LotteryKind.Panel, await ComputeLottery.JobAsync(scope, jobs, cancellationToken), request.Query["problem"].ToString(), request.Query["at"].ToString(), cancellationToken),
            });
        }

        List<Lottery> attempts = await AttemptsAsync(scope, db, cancellationToken);
        Lottery? newest = attempts.FirstOrDefault(lottery => lottery.Kind == LotteryKind.Panel);
        LotteryResult? result = newest is null ? null : DrawDesk.Result(newest);
        int pool = await db.PoolMembers.CountAsync(member => member.SiteId == scope.SiteId, cancellationToken);
        return new RazorComponentResult<DrawPage>(new
        {
            Model = new DrawModel(
                scope, pool, newest, result, attempts, scope.HasManySites ? null : await ComputeLottery.JobAsync(scope, jobs, cancellationToken),
                await PanelMirror.ReadAsync(db, newest, cancellationToken), request.Query["problem"].ToString())
            {
                By = Chosen(request),
                Test = attempts.FirstOrDefault(lottery => lottery.Kind == LotteryKind.Test),
                Criteria = newest is { State: LotteryState.Computed } && result?.Diagnosis is not null ? await pools.CriteriaAsync(scope.SiteId, cancellationToken) : [],
            },
        });
    }

    private static async Task<IResult> PublicAsync(DialogueScope scope, Db db, HttpRequest request, CancellationToken cancellationToken)
    {
        if (scope is { HasManySites: true, ChosenSite: null })
        {
            return new RazorComponentResult<PublicSitesDrawPage>(new { Model = await SitesDraw.ReadAsync(db, scope, isPublic: true, LotteryKind.Panel, null, "", "", cancellationToken) });
        }

        List<Lottery> attempts = await AttemptsAsync(scope, db, cancellationToken);
        Lottery? newest = attempts.FirstOrDefault(lottery => lottery.Kind == LotteryKind.Panel && lottery.State is LotteryState.Frozen or LotteryState.Drawn);
        return new RazorComponentResult<PublicDrawPage>(new
        {
            Model = new DrawModel(scope, newest is null ? 0 : DrawDesk.Result(newest)!.Counts.Count, newest, newest is null ? null : DrawDesk.Result(newest), attempts, null, await PanelMirror.ReadAsync(db, newest, cancellationToken), "")
            {
                By = Chosen(request),
            },
        });
    }

    /// <summary>The criterion by which the panel is shown.</summary>
    private static int Chosen(HttpRequest request) => int.TryParse(request.Query["by"], NumberStyles.None, CultureInfo.InvariantCulture, out int by) ? by : 0;

    private static Task<List<Lottery>> AttemptsAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) => db.Lotteries.AsNoTracking()
        .Where(lottery => lottery.SiteId == scope.SiteId).OrderByDescending(lottery => lottery.Attempt).ToListAsync(cancellationToken);
}

public sealed record DrawModel(
    DialogueScope Scope, int Pool, Lottery? Newest, LotteryResult? Result, IReadOnlyList<Lottery> Attempts, Job? Job, IReadOnlyList<PanelMirror> Panel, string Problem)
{
    /// <summary>The criteria that a diagnosis names; empty where none is shown.</summary>
    public IReadOnlyList<Criterion> Criteria { get; init; } = [];

    /// <summary>The criterion by which the panel is shown.</summary>
    public int By { get; init; }

    /// <summary>The newest test run.</summary>
    public Lottery? Test { get; init; }

    public int Size => Newest?.PanelSize ?? Scope.Planned;

    public IReadOnlyList<DeclaredSource> Sources => Newest is null ? [] : DrawDesk.SourcesOf(Newest);

    public string ManifestHash => Newest is { ManifestJson.Length: > 0 } ? Convert.ToHexStringLower(DrawDesk.ManifestHash(Newest)) : "";

    public bool IsBusy => Job is { State: JobState.Waiting or JobState.Running };
}
