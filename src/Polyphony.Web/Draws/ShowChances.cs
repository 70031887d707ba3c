using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Draws;

/// <summary>Everybody's chance and why it is what it is. Organisers see people; auditors see groups without names.</summary>
internal static class ShowChances
{
    public const int PageSize = 50;

    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/draw/chances", ShowAsync);

    private static async Task<RazorComponentResult<ChancesPage>> ShowAsync(DialogueScope scope, Db db, DrawDesk desk, PoolDesk pools, HttpRequest request, CancellationToken cancellationToken)
    {
        Lottery? lottery = await desk.NewestAsync(scope.SiteId, LotteryKind.Panel, cancellationToken);
        LotteryResult? result = lottery is { State: LotteryState.Computed or LotteryState.Frozen or LotteryState.Drawn } ? DrawDesk.Result(lottery) : null;
        List<PoolMember> members = result is null ? [] : await db.PoolMembers.AsNoTracking().Where(member => member.SiteId == scope.SiteId).ToListAsync(cancellationToken);
        if (result is null || members.Count != result.Counts.Count)
        {
            return new(new { Model = new ChancesModel(scope, null, null, [], [], [], 0, "", 1, false) });
        }

        members.Sort((a, b) => a.Ticket.AsSpan().SequenceCompareTo(b.Ticket));
        List<Criterion> criteria = await pools.CriteriaAsync(scope.SiteId, cancellationToken);
        string text = CellText.Clean(request.Query["q"].ToString());
        bool greatestFirst = request.Query["first"] == "greatest";
        int page = int.TryParse(request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Clamp(number, 1, 100_000) : 1;
        return new(new
        {
            Model = new ChancesModel(scope, lottery, result, criteria, Groups(result), scope.IsOrganiser ? await PeopleAsync(scope, db, members, result, text, greatestFirst, cancellationToken) : [], members.Count, text, page, greatestFirst)
            {
                Bearers = Bearers(criteria, members),
            },
        });
    }

    /// <summary>People for whom the same rules bind, the least likely first.</summary>
    private static IReadOnlyList<ChanceGroup> Groups(LotteryResult result) => result.Reasons is null
        ? []
        :
        [
            .. Enumerable.Range(0, result.Counts.Count).GroupBy(person => Why(result, person))
                .Select(group => new ChanceGroup(group.Key, group.Count(), group.Min(person => result.Counts[person]), group.Max(person => result.Counts[person])))
                .OrderBy(group => group.Least).ThenByDescending(group => group.People),
        ];

    /// <summary>Why somebody has the chance that they have. The lists of rules are those of the result itself, so that people with one reason are equal here.</summary>
    private static ChanceReason Why(LotteryResult result, int person) => result.Uncoverable.Contains(person)
        ? new(true, result.Diagnosis?.KeepingOut(person) ?? [])
        : new(false, result.Reasons is { } reasons ? reasons.Sets[reasons.SetOf[person]] : []);

    private static async Task<IReadOnlyList<ChanceRow>> PeopleAsync(DialogueScope scope, Db db, List<PoolMember> members, LotteryResult result, string text, bool greatestFirst, CancellationToken cancellationToken)
    {
        Dictionary<PersonId, string> names = await db.People.Where(person => person.DialogueId == scope.DialogueId).ToDictionaryAsync(person => person.Id, person => person.Name, cancellationToken);
        CompareInfo compare = CultureInfo.InvariantCulture.CompareInfo;
        IEnumerable<ChanceRow> rows = members.Select((member, place) => new ChanceRow(
                member.ExternalId, names.GetValueOrDefault(member.PersonId, ""), member.Values, result.Counts[place], Why(result, place)))
            .Where(row => text.Length == 0 || new[] { row.Name, row.ExternalId }.Any(words => compare.IndexOf(words, text, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0));
        return [.. (greatestFirst ? rows.OrderByDescending(row => row.Count) : rows.OrderBy(row => row.Count)).ThenBy(row => row.ExternalId, StringComparer.Ordinal)];
    }

    /// <summary>For each criterion and value how many of the pool bear it.</summary>
    private static int[][] Bearers(List<Criterion> criteria, List<PoolMember> members)
    {
        int[][] bearers = [.. criteria.Select(criterion => new int[criterion.Values.Count])];
        foreach (PoolMember member in members)
        {
            for (int c = 0; c < bearers.Length; c++)
            {
                bearers[c][member.Values[c]]++;
            }
        }

        return bearers;
    }
}

/// <summary>Why somebody has the chance that they have.</summary>
/// <param name="Outside">Whether no panel can contain them.</param>
/// <param name="Rules">The rules that bind for them, or leave no place for them; none where none was found.</param>
public sealed record ChanceReason(bool Outside, IReadOnlyList<PanelLimit> Rules);

/// <summary>People of one kind of reason.</summary>
/// <param name="Why">The reason.</param>
/// <param name="Least">On how many panels the least likely of them is.</param>
/// <param name="Greatest">On how many the most likely is.</param>
public sealed record ChanceGroup(ChanceReason Why, int People, int Least, int Greatest);

public sealed record ChanceRow(string ExternalId, string Name, IReadOnlyList<int> Values, int Count, ChanceReason Why);

/// <summary>What the page of chances shows; without a lottery there is nothing to show.</summary>
public sealed record ChancesModel(
    DialogueScope Scope, Lottery? Lottery, LotteryResult? Result, IReadOnlyList<Criterion> Criteria, IReadOnlyList<ChanceGroup> Groups, IReadOnlyList<ChanceRow> Found, int People, string Text, int Page, bool GreatestFirst)
{
    public IReadOnlyList<IReadOnlyList<int>> Bearers { get; init; } = [];

    public int Pages => Math.Max(1, (Found.Count + ShowChances.PageSize - 1) / ShowChances.PageSize);

    public IEnumerable<ChanceRow> Rows => Found.Skip((Math.Min(Page, Pages) - 1) * ShowChances.PageSize).Take(ShowChances.PageSize);
}
