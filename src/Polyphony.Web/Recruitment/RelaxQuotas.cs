using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Recruitment;

/// <summary>Takes what is suggested for quotas that cannot be met, and takes it back.</summary>
internal static class RelaxQuotas
{
    /// <summary>The journal's word for a suggestion that was taken; its facts hold what stood there before.</summary>
    public const string Applied = "quotas.suggestion-applied";

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/quotas/apply", ApplyAsync).TakesForm();
        organiser.MapPost("/quotas/undo", UndoAsync).TakesForm();
    }

    private static string Page(DialogueScope scope) => $"/organise/{scope.Segment}/quotas";

    /// <summary>Applies the suggested change of one value, with <c>value=all</c> the cheapest changes, with <c>value=alternative-2</c> the third set, or with <c>value=OneMore</c> or <c>OneFewer</c> the size.</summary>
    private static async Task<IResult> ApplyAsync(HttpRequest request, DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Page(scope) + "?problem=" + locked);
        }

        string which = (await request.ReadFormAsync(cancellationToken))["value"].ToString();
        PoolState state = await desk.StateAsync(scope.SiteId, scope.Planned, cancellationToken);
        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        IReadOnlyList<QuotaChange> cheapest = (state.Feasibility as QuotaFeasibility.Infeasible)?.Changes ?? [];
        JsonArray before = [];
        if (which is nameof(OptionKind.OneMore) or nameof(OptionKind.OneFewer))
        {
            Relaxations? advice = await desk.AdviceAsync(scope.SiteId, state, cancellationToken);
            if (scope.Site is { } known && advice?.Options.Any(option => option.Kind.ToString() == which && option.Possible == true) == true)
            {
                Site site = await db.Sites.SingleAsync(s => s.Id == known.Id, cancellationToken);
                before.Add(site.PlannedParticipants);
                site.PlannedParticipants += which == nameof(OptionKind.OneMore) ? 1 : -1;
            }
        }
        else
        {
            IReadOnlyList<QuotaChange> changes = which.StartsWith("alternative-", StringComparison.Ordinal)
                ? int.TryParse(which.AsSpan("alternative-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && await desk.AdviceAsync(scope.SiteId, state, cancellationToken) is { } advice && index < advice.Ranked.Count
                    ? advice.Ranked[index].Changes
                    : []
                : [.. cheapest.Where(change => which == "all" || which == criteria[change.Criterion].Values[change.Value].Id.ToString("N"))];
            foreach (QuotaChange change in changes)
            {
                CriterionValue value = criteria[change.Criterion].Values[change.Value];
                before.Add(new JsonArray(change.Criterion, change.Value, value.Min, value.Max, value.MinFlex, value.MaxFlex));
                (value.Min, value.Max) = (change.Min, change.Max);
                (value.MinFlex, value.MaxFlex) = (value.MinFlex is { } low ? Math.Min(low, value.Min) : null, value.MaxFlex is { } high ? Math.Max(high, value.Max) : null);
            }
        }

        if (before.Count == 0)
        {
            return Results.Redirect(Page(scope) + "?problem=nothing-to-apply");
        }

        // The journal is flat: what stood there before is one text in it.
        await desk.ChangedAsync(scope, Applied, new JsonObject { ["changes"] = before.Count, ["before"] = before.ToJsonString() }.ToJsonString(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Page(scope) + "?notice=applied");
    }

    /// <summary>Restores what stood there before the suggestion, as long as it is the last thing that was done.</summary>
    private static async Task<IResult> UndoAsync(DialogueScope scope, Db db, PoolDesk desk, CancellationToken cancellationToken)
    {
        if (await desk.LockedAsync(scope.SiteId, cancellationToken) is { } locked)
        {
            return Results.Redirect(Page(scope) + "?problem=" + locked);
        }

        PoolState state = await desk.StateAsync(scope.SiteId, scope.Planned, cancellationToken);
        if (scope.Site is not { } known || await desk.BeforeAsync(scope, state, cancellationToken) is not { } facts)
        {
            return Results.Redirect(Page(scope) + "?problem=nothing-to-undo");
        }

        List<Criterion> criteria = await desk.CriteriaAsync(scope.SiteId, cancellationToken);
        foreach (JsonNode? was in JsonNode.Parse((string)JsonNode.Parse(facts)!["before"]!)!.AsArray())
        {
            if (was is JsonArray cell)
            {
                CriterionValue value = criteria[(int)cell[0]!].Values[(int)cell[1]!];
                (value.Min, value.Max, value.MinFlex, value.MaxFlex) = ((int)cell[2]!, (int)cell[3]!, (int?)cell[4], (int?)cell[5]);
            }
            else
            {
                (await db.Sites.SingleAsync(site => site.Id == known.Id, cancellationToken)).PlannedParticipants = (int)was!;
            }
        }

        await desk.ChangedAsync(scope, "quotas.suggestion-undone", "{}", cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Page(scope) + "?notice=undone");
    }
}
