using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>One of many sites on the page of all: how far its lottery is.</summary>
/// <param name="Pool">People in its pool.</param>
/// <param name="Attempt">Number of its newest attempt; 0: none.</param>
/// <param name="State">Null: nothing was computed yet.</param>
/// <param name="ManifestHash">Hexadecimal; empty before the freeze.</param>
/// <param name="Result">What was computed; null where there is nothing.</param>
/// <param name="Part">How far the running job is with it; null while its turn has not come, or no job runs.</param>
public sealed record SiteDraw(Site Site, int Pool, int Attempt, LotteryState? State, string EndCode, string Objective, int Size, int Panels, int? Chosen, string ManifestHash, LotteryResult? Result, SitePart? Part);

/// <summary>The draw of a dialogue of many sites: one job, one freeze, one ceremony.</summary>
/// <param name="FrozenAt">The one moment of the freeze; null before.</param>
/// <param name="Sources">The one set of sources.</param>
public sealed record SitesDraw(
    DialogueScope Scope, IReadOnlyList<SiteDraw> Sites, Job? Job, IReadOnlyList<DeclaredSource> Sources, DateTimeOffset? FrozenAt, DateTimeOffset? DrawnAt, string Problem, Site? At)
{
    public bool IsBusy => Job is { State: JobState.Waiting or JobState.Running };

    public bool IsDrawn => Sites.All(site => site.State == LotteryState.Drawn);

    public bool IsFrozen => Sites.All(site => site.State == LotteryState.Frozen);

    public bool IsComputed => Sites.All(site => site.State == LotteryState.Computed);

    /// <summary>Sites whose newest lottery is there.</summary>
    public int Done => Sites.Count(site => site.State is LotteryState.Computed or LotteryState.Frozen or LotteryState.Drawn);

    /// <summary>The file that stands for the manifests of all sites.</summary>
    public byte[] List => SiteManifests.List(Sites.Select(site => (site.Site.Code, site.ManifestHash)));

    /// <summary>Its hash; empty before the freeze.</summary>
    public string ListHash => Sites.All(site => site.ManifestHash.Length > 0) ? SiteManifests.Hash(List) : "";

    /// <param name="isPublic">Only what is frozen or drawn, and neither job nor reasons.</param>
    /// <param name="kind">Panels, or the test of a ceremony.</param>
    public static async Task<SitesDraw> ReadAsync(Db db, DialogueScope scope, bool isPublic, LotteryKind kind, Job? job, string problem, string at, CancellationToken cancellationToken)
    {
        // Panels and manifests of many sites are megabytes: only what is shown is read.
        int[] newest = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId && lottery.Kind == kind && (!isPublic || lottery.State == LotteryState.Frozen || lottery.State == LotteryState.Drawn))
            .GroupBy(lottery => lottery.SiteId).Select(group => group.Max(lottery => lottery.Attempt)).ToArrayAsync(cancellationToken);
        var lotteries = await db.Lotteries.AsNoTracking().Where(lottery => lottery.DialogueId == scope.DialogueId && newest.Contains(lottery.Attempt))
            .Select(lottery => new
            {
                lottery.SiteId,
                lottery.Attempt,
                lottery.State,
                lottery.EndCode,
                lottery.Objective,
                lottery.PanelSize,
                lottery.PanelCount,
                lottery.ChosenPanel,
                lottery.ResultJson,
                lottery.FrozenAt,
                lottery.DrawnAt,
            }).ToDictionaryAsync(lottery => lottery.SiteId, cancellationToken);
        Dictionary<SiteId, int> pools = await db.PoolMembers.Where(member => member.DialogueId == scope.DialogueId).GroupBy(member => member.SiteId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        string frozen = kind == LotteryKind.Test ? "test.frozen" : "lottery.frozen";
        Dictionary<int, string> hashes = (await db.Journal.Where(entry => entry.DialogueId == scope.DialogueId && entry.Code == frozen).Select(entry => entry.Facts).ToListAsync(cancellationToken))
            .Select(facts => JsonNode.Parse(facts)!).ToDictionary(facts => (int)facts["attempt"]!, facts => (string)facts["manifest"]!);
        IReadOnlyDictionary<string, SitePart> parts = job is { State: JobState.Running } ? SitesJob.Parts(job) : new Dictionary<string, SitePart>();
        int? oneFrozen = lotteries.Values.FirstOrDefault(lottery => lottery.State is LotteryState.Frozen or LotteryState.Drawn)?.Attempt;
        IReadOnlyList<DeclaredSource> sources = oneFrozen is null ? []
            : DrawDesk.SourcesOf(new Lottery { ManifestJson = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId && lottery.Attempt == oneFrozen).Select(lottery => lottery.ManifestJson).SingleAsync(cancellationToken) });
        return new(
            scope,
            [
                .. scope.Sites.Select(site =>
                {
                    var lottery = lotteries.GetValueOrDefault(site.Id);
                    return lottery is null
                        ? new SiteDraw(site, pools.GetValueOrDefault(site.Id), 0, null, "", "", site.PlannedParticipants, 0, null, "", null, null)
                        : new SiteDraw(
                            site, pools.GetValueOrDefault(site.Id), lottery.Attempt, lottery.State, lottery.EndCode, lottery.Objective, lottery.PanelSize, lottery.PanelCount, lottery.ChosenPanel,
                            hashes.GetValueOrDefault(lottery.Attempt, ""), lottery.ResultJson.Length == 0 ? null : JsonSerializer.Deserialize<LotteryResult>(lottery.ResultJson),
                            lottery.State == LotteryState.Computing ? parts.GetValueOrDefault(site.Code) : null);
                }),
            ],
            job, sources, lotteries.Values.Max(lottery => lottery.FrozenAt), lotteries.Values.Max(lottery => lottery.DrawnAt), problem, scope.Sites.FirstOrDefault(site => site.Code.Length > 0 && site.Code == at));
    }
}
