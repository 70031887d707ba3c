using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Pools;

namespace Polyphony.Web.Sites;

/// <summary>The criteria by which people of several sites may be counted together.</summary>
internal static class CommonCriteria
{
    /// <summary>The criteria of a dialogue, with their values in order.</summary>
    /// <returns>Those of its only site; of many sites those of the first, where all sites have the same criteria with the same values in the same order. Otherwise none:
    /// a value's place means something else at each site, and what is counted by it would be mixed wrongly.</returns>
    public static async Task<IReadOnlyList<Criterion>> ReadAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        List<Criterion> all = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values.OrderBy(value => value.Position)).Where(criterion => criterion.DialogueId == dialogue)
            .OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        int sites = await db.Sites.CountAsync(site => site.DialogueId == dialogue, cancellationToken);
        Criterion[][] bySite = [.. all.GroupBy(criterion => criterion.SiteId).Select(group => group.ToArray())];
        return bySite.Length == 0 || bySite.Length < sites || bySite.Any(criteria => Names(criteria) != Names(bySite[0])) ? [] : bySite[0];
    }

    private static string Names(IEnumerable<Criterion> criteria) => string.Join('\u001e', criteria.Select(criterion => string.Join('\u001f', criterion.Values.Select(value => value.Name).Prepend(criterion.Name))));
}
