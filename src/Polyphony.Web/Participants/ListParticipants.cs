using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Sites;

namespace Polyphony.Web.Participants;

/// <summary>The organiser's list of who was drawn, who has answered what, and what they need. Auditors see numbers, not names.</summary>
internal static class ListParticipants
{
    /// <summary>People on a page of the list.</summary>
    public const int PageSize = 100;

    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/participants", ShowAsync);

    /// <summary>Everybody who was drawn at the sites that the address is about.</summary>
    public static IQueryable<Participant> Everybody(DialogueScope scope, Db db)
    {
        bool everywhere = scope.IsEverywhere;
        SiteId at = scope.SiteId;
        return db.Participants.Where(participant => participant.DialogueId == scope.DialogueId && (everywhere || participant.SiteId == at));
    }

    /// <summary>So many of those whom a part of the list holds on all its pages, by number.</summary>
    /// <param name="from">Given how many there are, how many to pass over.</param>
    /// <returns>Them, and how many there are.</returns>
    public static async Task<(IQueryable<Participant> People, int Found)> CutAsync(
        ListPart part, Func<int, int> from, int most, DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IQueryable<Participant> people = part.Show is { } show ? Everybody(scope, db).In(show, scope, now) : Everybody(scope, db);
        if (part.Text.Length == 0)
        {
            int all = await people.CountAsync(cancellationToken);
            return (people.OrderBy(p => p.Number).Skip(from(all)).Take(most), all);
        }

        // Searched here and not in the database: both databases then find the same, with or without accents and capitals. Whoever sees no names finds nobody by name.
        bool named = scope.IsOrganiser;
        Dictionary<SiteId, string> codes = scope.Sites.ToDictionary(site => site.Id, site => site.Code);
        CompareInfo compare = CultureInfo.InvariantCulture.CompareInfo;
        List<ParticipantId> hits =
        [
            .. (await (
                from participant in people
                join person in db.People on participant.PersonId equals person.Id
                orderby participant.Number
                select new { participant.Id, participant.Number, participant.SiteId, Name = named ? person.Name : "" }).ToListAsync(cancellationToken))
                .Where(row => row.Number.ToString(CultureInfo.InvariantCulture) == part.Text
                    || compare.IndexOf(row.Name, part.Text, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0
                    || (scope.IsEverywhere && string.Equals(codes[row.SiteId], part.Text, StringComparison.OrdinalIgnoreCase)))
                .Select(row => row.Id),
        ];
        ParticipantId[] taken = [.. hits.Skip(from(hits.Count)).Take(most)];
        return (Everybody(scope, db).Where(participant => taken.Contains(participant.Id)), hits.Count);
    }

    /// <summary>The rows of some people by number; names are for organisers.</summary>
    public static async Task<IReadOnlyList<ParticipantRow>> RowsAsync(IQueryable<Participant> people, DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await (
            from participant in people
            join person in db.People on participant.PersonId equals person.Id
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            orderby participant.Number
            select new { participant, person, member.Values }).AsNoTracking().ToListAsync(cancellationToken);
        List<ParticipantId> replaced = [.. rows.Where(row => row.participant.Replaces is not null).Select(row => row.participant.Replaces!.Value)];
        Dictionary<ParticipantId, int> numbers = replaced.Count == 0 ? [] : await db.Participants.Where(p => p.DialogueId == scope.DialogueId && replaced.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Number, cancellationToken);
        return
        [
            .. rows.Select(row => new ParticipantRow(
                row.participant,
                scope.IsOrganiser ? row.person : null,
                row.Values,
                row.participant.Replaces is { } before ? numbers.GetValueOrDefault(before) : null,
                AnswerInvitation.IsTooLate(row.participant, scope.ZoneAt(row.participant.SiteId), now))),
        ];
    }

    private static async Task<RazorComponentResult<ParticipantsPage>> ShowAsync(DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        SiteId at = scope.SiteId;
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<Criterion> criteria = scope.IsEverywhere
            ? await CommonCriteria.ReadAsync(db, scope.DialogueId, cancellationToken)
            : await db.Criteria.AsNoTracking().Include(criterion => criterion.Values).Where(criterion => criterion.SiteId == at).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        IReadOnlyDictionary<ContactStatus, int> counts = await CountAsync(scope, db, now, cancellationToken);
        ListPart part = ListPart.Read(request.Query);
        (IQueryable<Participant> people, int found) = await CutAsync(part, all => (OnPage(part.Page, all) - 1) * PageSize, PageSize, scope, db, now, cancellationToken);
        part = part with { Page = OnPage(part.Page, found) };
        IReadOnlyList<ParticipantRow> rows = await RowsAsync(people, scope, db, now, cancellationToken);
        IQueryable<Participant> everybody = Everybody(scope, db);
        return new(new
        {
            Model = new ParticipantsModel(scope, criteria, part, rows, found, counts, request.Query["notice"].ToString())
            {
                Codes = scope.IsEverywhere ? scope.Sites.ToDictionary(site => site.Id, site => site.Code) : null,
                FreePlaces = await everybody.CountAsync(
                    p => p.Status != ParticipantStatus.Selected && p.Status != ParticipantStatus.Confirmed && !everybody.Any(other => other.Replaces == p.Id), cancellationToken),
                CanRemind = await everybody.AnyAsync(p => p.Status == ParticipantStatus.Selected && p.InvitedAt != null, cancellationToken),
            },
        });
    }

    /// <summary>A page that there is: people may have left a part of the list since its last page was shown.</summary>
    private static int OnPage(int asked, int people) => Math.Clamp(asked, 1, ParticipantsModel.PagesOf(people));

    private static async Task<IReadOnlyDictionary<ContactStatus, int>> CountAsync(DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken) =>
        (await Everybody(scope, db)
            .GroupBy(p => new { p.SiteId, p.Status, p.AnswerBy, Invited = p.InvitedAt != null, Reminded = p.RemindedAt != null })
            .Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken))
        .GroupBy(
            group => ContactStates.Of(group.Key.Status, group.Key.Invited, group.Key.Reminded, AnswerInvitation.IsTooLate(group.Key.Status, group.Key.AnswerBy, scope.ZoneAt(group.Key.SiteId), now)),
            group => group.Count)
        .ToDictionary(state => state.Key, state => state.Sum());
}

public sealed record ParticipantRow(Participant Participant, Person? Person, IReadOnlyList<int> Values, int? ReplacesNumber, bool Overdue)
{
    public ContactStatus Contact => ContactStates.Of(Participant.Status, Participant.InvitedAt is not null, Participant.RemindedAt is not null, Overdue);
}

/// <param name="Rows">Those on this page.</param>
/// <param name="Found">How many the part of the list holds on all its pages.</param>
/// <param name="Counts">How many of all are in which state.</param>
public sealed record ParticipantsModel(
    DialogueScope Scope, IReadOnlyList<Criterion> Criteria, ListPart Part, IReadOnlyList<ParticipantRow> Rows, int Found, IReadOnlyDictionary<ContactStatus, int> Counts, string Notice)
{
    /// <summary>The codes of the sites where people of all of them are listed; null at one site.</summary>
    public IReadOnlyDictionary<SiteId, string>? Codes { get; init; }

    /// <summary>Places that nobody holds and nobody was drawn for.</summary>
    public int FreePlaces { get; init; }

    /// <summary>Somebody was written to and has not answered.</summary>
    public bool CanRemind { get; init; }

    public int Everybody => Counts.Values.Sum();

    public int Pages => PagesOf(Found);

    public static int PagesOf(int people) => Math.Max(1, (people + ListParticipants.PageSize - 1) / ListParticipants.PageSize);

    /// <summary>The server searches, not the page: there are more people than it holds, or an address asked for it.</summary>
    public bool IsLong => Everybody > ListParticipants.PageSize || Part.Text.Length > 0;

    public int Count(ContactStatus contact) => Counts.GetValueOrDefault(contact);

    public bool CanInvite => Count(ContactStatus.NotInvited) > 0;
}
