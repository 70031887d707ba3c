using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Pools;

namespace Polyphony.Web.Draws;

/// <summary>A value of a criterion: how many of the panel bear it, how many may, and its share in the population.</summary>
/// <param name="Target">Share in the population, 0 to 1; null where nobody wrote it down.</param>
public sealed record MirroredValue(string Name, int Count, int Min, int Max, double? Target);

/// <summary>A panel against the population by one criterion. Composition is counted, never who.</summary>
public sealed record PanelMirror(string Criterion, int People, IReadOnlyList<MirroredValue> Values)
{
    /// <summary>The widest share that the figure has to show.</summary>
    public double Most => Math.Min(1, 1.08 * Values.Max(value => Math.Max(Share(value), Math.Max(value.Target ?? 0, Math.Min(1, (double)value.Max / Math.Max(1, People))))));

    public double Share(MirroredValue value) => (double)value.Count / Math.Max(1, People);

    public IReadOnlyList<(string Value, int Count)> Counts => [.. Values.Select(value => (value.Name, value.Count))];

    /// <summary>One for each criterion; empty before the draw.</summary>
    public static async Task<IReadOnlyList<PanelMirror>> ReadAsync(Db db, Lottery? lottery, CancellationToken cancellationToken)
    {
        if (lottery is not { State: LotteryState.Drawn })
        {
            return [];
        }

        List<List<int>> members = lottery.Kind == LotteryKind.Test
            ? [.. OfTest(lottery, await db.PoolMembers.AsNoTracking().Where(member => member.SiteId == lottery.SiteId).ToListAsync(cancellationToken))]
            : await (
                from participant in db.Participants
                where participant.LotteryId == lottery.Id
                join member in db.PoolMembers on participant.PoolMemberId equals member.Id
                select member.Values).ToListAsync(cancellationToken);
        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
            .Where(criterion => criterion.SiteId == lottery.SiteId).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        return Of(criteria, members);
    }

    /// <summary>Those of several sites, each drawn from a lottery of its own; a site whose panel is not drawn is left out.</summary>
    /// <param name="attempts">The newest lottery of each site.</param>
    public static async Task<IReadOnlyDictionary<SiteId, IReadOnlyList<PanelMirror>>> ReadAllAsync(Db db, DialogueId dialogue, IReadOnlyCollection<int> attempts, CancellationToken cancellationToken)
    {
        List<Lottery> lotteries = await db.Lotteries.AsNoTracking().Where(lottery => lottery.DialogueId == dialogue && attempts.Contains(lottery.Attempt) && lottery.State == LotteryState.Drawn)
            .Select(lottery => new Lottery { Id = lottery.Id, SiteId = lottery.SiteId, Kind = lottery.Kind, RecordJson = lottery.Kind == LotteryKind.Test ? lottery.RecordJson : "" }).ToListAsync(cancellationToken);
        Dictionary<SiteId, IReadOnlyList<List<int>>> members;
        if (lotteries.Any(lottery => lottery.Kind == LotteryKind.Test))
        {
            ILookup<SiteId, PoolMember> pools = (await db.PoolMembers.AsNoTracking().Where(member => member.DialogueId == dialogue)
                .Select(member => new PoolMember { SiteId = member.SiteId, Ticket = member.Ticket, Values = member.Values }).ToListAsync(cancellationToken)).ToLookup(member => member.SiteId);
            members = lotteries.ToDictionary(lottery => lottery.SiteId, lottery => (IReadOnlyList<List<int>>)[.. OfTest(lottery, pools[lottery.SiteId])]);
        }
        else
        {
            LotteryId[] drawn = [.. lotteries.Select(lottery => lottery.Id)];
            members = (await (
                from participant in db.Participants
                where drawn.Contains(participant.LotteryId)
                join member in db.PoolMembers on participant.PoolMemberId equals member.Id
                select new { member.SiteId, member.Values }).ToListAsync(cancellationToken))
                .GroupBy(member => member.SiteId).ToDictionary(group => group.Key, group => (IReadOnlyList<List<int>>)[.. group.Select(member => member.Values)]);
        }

        ILookup<SiteId, Criterion> criteria = (await db.Criteria.AsNoTracking().Include(criterion => criterion.Values).Where(criterion => criterion.DialogueId == dialogue)
            .OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken)).ToLookup(criterion => criterion.SiteId);
        return members.ToDictionary(pair => pair.Key, pair => Of([.. criteria[pair.Key]], pair.Value));
    }

    private static IReadOnlyList<PanelMirror> Of(IReadOnlyList<Criterion> criteria, IReadOnlyList<List<int>> members) => members.Count == 0 ? [] :
    [
        .. criteria.Select((criterion, index) => new PanelMirror(criterion.Name, members.Count, [
            .. criterion.Values.OrderBy(value => value.Position)
                .Select((value, position) => new MirroredValue(value.Name, members.Count(values => values[index] == position), value.Min, value.Max, value.Target)),
        ])),
    ];

    /// <summary>A test draws nobody: its record says which tickets it came to.</summary>
    private static IEnumerable<List<int>> OfTest(Lottery test, IEnumerable<PoolMember> pool)
    {
        HashSet<string> selected = [.. DrawDesk.Selected(test)];
        return pool.Where(member => selected.Contains(Convert.ToHexStringLower(member.Ticket))).Select(member => member.Values);
    }
}
