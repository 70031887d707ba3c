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
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/participants", ShowAsync);

    /// <summary>Everybody who was drawn at the sites that the address is about, by number; names are for organisers.</summary>
    public static async Task<IReadOnlyList<ParticipantRow>> RowsAsync(DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        bool everywhere = scope.IsEverywhere;
        SiteId at = scope.SiteId;
        var rows = await (
            from participant in db.Participants
            where participant.DialogueId == scope.DialogueId && (everywhere || participant.SiteId == at)
            join person in db.People on participant.PersonId equals person.Id
            join member in db.PoolMembers on participant.PoolMemberId equals member.Id
            orderby participant.Number
            select new { participant, person, member.Values }).AsNoTracking().ToListAsync(cancellationToken);
        Dictionary<ParticipantId, int> numbers = rows.ToDictionary(row => row.participant.Id, row => row.participant.Number);
        return
        [
            .. rows.Select(row => new ParticipantRow(
                row.participant,
                scope.IsOrganiser ? row.person : null,
                row.Values,
                row.participant.Replaces is { } replaced ? numbers.GetValueOrDefault(replaced) : null,
                AnswerInvitation.IsTooLate(row.participant, scope.ZoneAt(row.participant.SiteId), now))),
        ];
    }

    /// <summary>The part of the list that somebody wants to see; null for all.</summary>
    public static ContactStatus? ReadShow(string? text) => Enum.TryParse(text, out ContactStatus show) && Enum.IsDefined(show) ? show : null;

    private static async Task<RazorComponentResult<ParticipantsPage>> ShowAsync(DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        SiteId at = scope.SiteId;
        IReadOnlyList<Criterion> criteria = scope.IsEverywhere
            ? await CommonCriteria.ReadAsync(db, scope.DialogueId, cancellationToken)
            : await db.Criteria.AsNoTracking().Include(criterion => criterion.Values).Where(criterion => criterion.SiteId == at).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        return new(new
        {
            Model = new ParticipantsModel(scope, criteria, await RowsAsync(scope, db, clock.GetUtcNow(), cancellationToken), request.Query["notice"].ToString())
            {
                Codes = scope.IsEverywhere ? scope.Sites.ToDictionary(site => site.Id, site => site.Code) : null,
                Show = ReadShow(request.Query["show"]),
            },
        });
    }
}

/// <summary>How far the conversation with somebody who was drawn has come.</summary>
public enum ContactStatus
{
    /// <summary>Drawn, and nobody has written yet.</summary>
    NotInvited = 1,

    /// <summary>Has a letter or a mail and some days left.</summary>
    Invited = 2,

    /// <summary>Was written to again.</summary>
    Reminded = 3,

    /// <summary>Said yes.</summary>
    Accepted = 4,

    /// <summary>Said no.</summary>
    Declined = 5,

    /// <summary>The day to answer has passed, or was let go for that.</summary>
    NoAnswer = 6,

    /// <summary>Said yes, and cannot come after all.</summary>
    Withdrew = 7,
}

public sealed record ParticipantRow(Participant Participant, Person? Person, IReadOnlyList<int> Values, int? ReplacesNumber, bool Overdue)
{
    public ContactStatus Contact => Participant switch
    {
        { Status: ParticipantStatus.Confirmed } => ContactStatus.Accepted,
        { Status: ParticipantStatus.Declined } => ContactStatus.Declined,
        { Status: ParticipantStatus.Withdrew } => ContactStatus.Withdrew,
        { Status: ParticipantStatus.NotAnswered } => ContactStatus.NoAnswer,
        { InvitedAt: null } => ContactStatus.NotInvited,
        _ when Overdue => ContactStatus.NoAnswer,
        { RemindedAt: not null } => ContactStatus.Reminded,
        _ => ContactStatus.Invited,
    };
}

public sealed record ParticipantsModel(DialogueScope Scope, IReadOnlyList<Criterion> Criteria, IReadOnlyList<ParticipantRow> Rows, string Notice)
{
    /// <summary>The codes of the sites where people of all of them are listed; null at one site.</summary>
    public IReadOnlyDictionary<SiteId, string>? Codes { get; init; }

    /// <summary>Whom the list shows; null for all.</summary>
    public ContactStatus? Show { get; init; }

    public IEnumerable<ParticipantRow> Shown => Rows.Where(row => Show is null || row.Contact == Show);

    public int Count(ContactStatus contact) => Rows.Count(row => row.Contact == contact);

    public int Count(ParticipantStatus status) => Rows.Count(row => row.Participant.Status == status);

    /// <summary>People still counted for the panel.</summary>
    public int Coming => Count(ParticipantStatus.Selected) + Count(ParticipantStatus.Confirmed);

    /// <summary>Places that nobody holds and nobody was drawn for.</summary>
    public int FreePlaces
    {
        get
        {
            HashSet<ParticipantId> replaced = [.. Rows.Where(row => row.Participant.Replaces is not null).Select(row => row.Participant.Replaces!.Value)];
            return Rows.Count(row => row.Participant.Status is not (ParticipantStatus.Selected or ParticipantStatus.Confirmed) && !replaced.Contains(row.Participant.Id));
        }
    }

    public bool CanInvite => Rows.Any(row => row.Participant is { Status: ParticipantStatus.Selected, InvitedAt: null });
}
