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

    /// <summary>The dialogue's sites by their position; one at least, but for rows that were made without.</summary>
    public IReadOnlyList<Site> Sites => Dialogue.Sites;

    public bool HasManySites => Dialogue.Sites.Count > 1;

    /// <summary>The site that the route names after the dialogue, the table's or the citizen's own; null where a dialogue of many sites is meant as a whole.</summary>
    public Site? ChosenSite { get; private set; }

    /// <summary>The chosen site, or the first: the only one of most dialogues. What may only be done at one site says so, see <see cref="OneSiteMetadata"/>.</summary>
    public Site? Site => ChosenSite ?? (Dialogue.Sites.Count > 0 ? Dialogue.Sites[0] : null);

    public SiteId SiteId => Site?.Id ?? throw new InvalidOperationException("This dialogue has no site.");

    /// <summary>The sites that the address is about: the chosen one, or all of them where it names none.</summary>
    public IReadOnlyList<Site> AtSites => ChosenSite is { } site ? [site] : Sites;

    /// <summary>A dialogue of many sites is meant as a whole.</summary>
    public bool IsEverywhere => HasManySites && ChosenSite is null;

    /// <summary>People who are to come: at the chosen site, or at all together.</summary>
    public int Planned => IsEverywhere ? Dialogue.Sites.Sum(site => site.PlannedParticipants) : Site?.PlannedParticipants ?? 0;

    /// <summary>The dialogue as it stands in an organiser's addresses: with the site behind it where one was chosen among several, <c>world-views@FR</c>.</summary>
    public string Segment => HasManySites && ChosenSite is { } site ? SegmentOf(site) : Dialogue.Slug;

    /// <summary>The time zone of the site; UTC until one is set, and where a dialogue of many sites is meant as a whole.</summary>
    public TimeZoneInfo Zone => IsEverywhere ? TimeZoneInfo.Utc : ZoneOf(Site);

    public TimeZoneInfo ZoneAt(SiteId site) => ZoneOf(Dialogue.Sites.Find(s => s.Id == site));

    private static TimeZoneInfo ZoneOf(Site? site) =>
        site is { TimeZone.Length: > 0 } && TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The citizen whose link was used.</summary>
    public Participant Participant => participant ?? throw new InvalidOperationException("This endpoint is not a citizen's.");

    /// <summary>The language of the citizen whose link was used, as the pool says it; empty where nobody came by a link.</summary>
    public string CitizenLanguage { get; private set; } = "";

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

    /// <summary>The dialogue with one of its sites in addresses.</summary>
    public string SegmentOf(Site site) => HasManySites ? Dialogue.Slug + SiteMark + site.Code : Dialogue.Slug;

    /// <summary>What stands between a dialogue and a site in addresses; no name of a dialogue holds it.</summary>
    public const char SiteMark = '@';

    public void Enter(Dialogue entered)
    {
        entered.Sites.Sort((a, b) => a.Position.CompareTo(b.Position));
        dialogue = entered;
    }

    public void Choose(Site site) => ChosenSite = site;

    public void SignIn(StaffMember member) => staff = member;

    public void Hold(IReadOnlyCollection<RoleAssignment> roles)
    {
        IsOrganiser = roles.Any(role => role.Role == DialogueRole.Organiser);
        IsAuditor = roles.Any(role => role.Role == DialogueRole.Auditor);
        Tables = [.. roles.Where(role => role is { Role: DialogueRole.Facilitator, Table: not null }).Select(role => role.Table!.Value).Order()];
    }

    public void ComeByLink(Participant citizen, string code, string language)
    {
        CitizenLanguage = language;
        participant = citizen;
        Code = code;
    }

    public void ComeByTurn(TabletTurn given, string code)
    {
        turn = given;
        Code = code;
    }
}
