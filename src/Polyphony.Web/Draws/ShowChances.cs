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

    private static async Task<RazorComponentResult<ChancesPage>> ShowAsync(DialogueScope scope, Db db, PoolDesk pools, HttpRequest request, CancellationToken cancellationToken)
    {
        // Without the panels and what proves them, which are most of a large lottery.
        Lottery? lottery = await db.Lotteries.Where(lottery => lottery.SiteId == scope.SiteId && lottery.Kind == LotteryKind.Panel).OrderByDescending(lottery => lottery.Attempt)
            .Select(lottery => new Lottery { State = lottery.State, Objective = lottery.Objective, PanelSize = lottery.PanelSize, ResultJson = lottery.ResultJson }).FirstOrDefaultAsync(cancellationToken);
        LotteryResult? result = lottery is { State: LotteryState.Computed or LotteryState.Frozen or LotteryState.Drawn } ? DrawDesk.Result(lottery) : null;
        List<Member> members = result is null
            ? []
            : await db.PoolMembers.Where(member => member.SiteId == scope.SiteId).Select(member => new Member(member.Ticket, member.ExternalId, member.PersonId, member.Values)).ToListAsync(cancellationToken);
        if (result is null || members.Count != result.Counts.Count)
        {
            return new(new { Model = new ChancesModel(scope, null, null, [], [], [], 0, "", 1, 1, false) });
        }

        members.Sort((a, b) => a.Ticket.AsSpan().SequenceCompareTo(b.Ticket));
        List<Criterion> criteria = await pools.CriteriaAsync(scope.SiteId, cancellationToken);
        string text = CellText.Clean(request.Query["q"].ToString());
        bool greatestFirst = request.Query["first"] == "greatest";
        int[] found = scope.IsOrganiser ? await FoundAsync(scope, db, members, result, text, greatestFirst, cancellationToken) : [];
        int pages = Math.Max(1, (found.Length + PageSize - 1) / PageSize);
        int page = int.TryParse(request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Clamp(number, 1, pages) : 1;
        return new(new
        {
            Model = new ChancesModel(
                scope, lottery, result, criteria, Groups(result), await RowsAsync(db, members, result, found.Skip((page - 1) * PageSize).Take(PageSize), cancellationToken), found.Length, text, page, pages, greatestFirst)
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

    /// <returns>The places of those whom the words asked for fit, in the order asked for. Everybody's name is read only where names are looked through.</returns>
    private static async Task<int[]> FoundAsync(DialogueScope scope, Db db, List<Member> members, LotteryResult result, string text, bool greatestFirst, CancellationToken cancellationToken)
    {
        IEnumerable<int> places = Enumerable.Range(0, members.Count);
        if (text.Length > 0)
        {
            Dictionary<PersonId, string> names = await db.People.Where(person => person.DialogueId == scope.DialogueId).ToDictionaryAsync(person => person.Id, person => person.Name, cancellationToken);
            CompareInfo compare = CultureInfo.InvariantCulture.CompareInfo;
            places = places.Where(place => Fits(names.GetValueOrDefault(members[place].PersonId, "")) || Fits(members[place].ExternalId));

            bool Fits(string words) => compare.IndexOf(words, text, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0;
        }

        return [.. (greatestFirst ? places.OrderByDescending(place => result.Counts[place]) : places.OrderBy(place => result.Counts[place])).ThenBy(place => members[place].ExternalId, StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<ChanceRow>> RowsAsync(Db db, List<Member> members, LotteryResult result, IEnumerable<int> places, CancellationToken cancellationToken)
    {
        int[] shown = [.. places];
        PersonId[] people = [.. shown.Select(place => members[place].PersonId)];
        Dictionary<PersonId, string> names = await db.People.Where(person => people.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, cancellationToken);
        return [.. shown.Select(place => new ChanceRow(members[place].ExternalId, names.GetValueOrDefault(members[place].PersonId, ""), result.Counts[place], Why(result, place)))];
    }

    /// <summary>For each criterion and value how many of the pool bear it.</summary>
    private static int[][] Bearers(List<Criterion> criteria, List<Member> members)
    {
        int[][] bearers = [.. criteria.Select(criterion => new int[criterion.Values.Count])];
        foreach (Member member in members)
        {
            for (int c = 0; c < bearers.Length; c++)
            {
                bearers[c][member.Values[c]]++;
            }
        }

        return bearers;
    }

    private sealed record Member(byte[] Ticket, string ExternalId, PersonId PersonId, IReadOnlyList<int> Values);
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

public sealed record ChanceRow(string ExternalId, string Name, int Count, ChanceReason Why);

/// <summary>What the page of chances shows; without a lottery there is nothing to show.</summary>
/// <param name="Rows">The people of this page.</param>
/// <param name="Found">How many there are on all pages.</param>
public sealed record ChancesModel(
    DialogueScope Scope, Lottery? Lottery, LotteryResult? Result, IReadOnlyList<Criterion> Criteria, IReadOnlyList<ChanceGroup> Groups, IReadOnlyList<ChanceRow> Rows, int Found, string Text, int Page, int Pages, bool GreatestFirst)
{
    public IReadOnlyList<IReadOnlyList<int>> Bearers { get; init; } = [];
}
