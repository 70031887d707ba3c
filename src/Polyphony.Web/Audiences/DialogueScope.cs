using Polyphony.Dialogues;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;

namespace Polyphony.Web.Audiences;

/// <summary>The dialogue of this request and what the visitor is in it; filled by <see cref="AudienceGate"/>, read by the slices.</summary>
/// <remarks>Slices find everything by <see cref="DialogueId"/> and the identifier in the route together: an identifier of
/// another dialogue is not found.</remarks>
public sealed class DialogueScope
{
    private Dialogue? dialogue;
    private Participant? participant;
    private StaffMember? staff;
    private TabletTurn? turn;

    /// <summary>The dialogue in the route, with its sites.</summary>
    public Dialogue Dialogue => dialogue ?? throw new InvalidOperationException("The route of this endpoint names no dialogue.");

    public DialogueId DialogueId => Dialogue.Id;

    public bool HasDialogue => dialogue is not null;

    /// <summary>The site; a dialogue of this version has one.</summary>
    public Site? Site => Dialogue.Sites.Count > 0 ? Dialogue.Sites[0] : null;

    /// <summary>The time zone of the site; UTC until one is set.</summary>
    public TimeZoneInfo Zone => Site is { TimeZone.Length: > 0 } site && TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The citizen whose link was used.</summary>
    public Participant Participant => participant ?? throw new InvalidOperationException("This endpoint is not a citizen's.");

    /// <summary>The turn on a shared tablet by which the visitor came.</summary>
    public TabletTurn Turn => turn ?? throw new InvalidOperationException("This endpoint is not a shared tablet's.");

    /// <summary>The code of the citizen's link, or of the turn on a tablet, as it stands in the route.</summary>
    public string Code { get; private set; } = "";

    /// <summary>Who is signed in.</summary>
    public StaffMember Staff => staff ?? throw new InvalidOperationException("This endpoint is not for signed-in people.");

    public StaffMember? StaffOrNull => staff;

    public bool IsOrganiser { get; private set; }

    public bool IsAuditor { get; private set; }

    public bool IsAdministrator => staff is { IsAdministrator: true };

    /// <summary>Tables that the visitor facilitates in this dialogue.</summary>
    public IReadOnlyList<int> Tables { get; private set; } = [];

    public void Enter(Dialogue entered) => dialogue = entered;

    public void SignIn(StaffMember member) => staff = member;

    public void Hold(IReadOnlyCollection<RoleAssignment> roles)
    {
        IsOrganiser = roles.Any(role => role.Role == DialogueRole.Organiser);
        IsAuditor = roles.Any(role => role.Role == DialogueRole.Auditor);
        Tables = [.. roles.Where(role => role is { Role: DialogueRole.Facilitator, Table: not null }).Select(role => role.Table!.Value).Order()];
    }

    public void ComeByLink(Participant citizen, string code)
    {
        participant = citizen;
        Code = code;
    }

    public void ComeByTurn(TabletTurn given, string code)
    {
        turn = given;
        Code = code;
    }
}
