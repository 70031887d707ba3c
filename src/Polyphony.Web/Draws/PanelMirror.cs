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
            ? await OfTestAsync(db, lottery, cancellationToken)
            : await (
                from participant in db.Participants
                where participant.LotteryId == lottery.Id
                join member in db.PoolMembers on participant.PoolMemberId equals member.Id
                select member.Values).ToListAsync(cancellationToken);
        if (members.Count == 0)
        {
            return [];
        }

        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
            .Where(criterion => criterion.SiteId == lottery.SiteId).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        return
        [
            .. criteria.Select((criterion, index) => new PanelMirror(criterion.Name, members.Count, [
                .. criterion.Values.OrderBy(value => value.Position)
                    .Select((value, position) => new MirroredValue(value.Name, members.Count(values => values[index] == position), value.Min, value.Max, value.Target)),
            ])),
        ];
    }

    /// <summary>A test draws nobody: its record says which tickets it came to.</summary>
    private static async Task<List<List<int>>> OfTestAsync(Db db, Lottery test, CancellationToken cancellationToken)
    {
        HashSet<string> selected = [.. DrawDesk.Selected(test)];
        return [.. (await db.PoolMembers.Where(member => member.SiteId == test.SiteId).Select(member => new { member.Ticket, member.Values }).ToListAsync(cancellationToken))
            .Where(member => selected.Contains(Convert.ToHexStringLower(member.Ticket))).Select(member => member.Values)];
    }
}
