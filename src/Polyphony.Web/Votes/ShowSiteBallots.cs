using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Rooms;

namespace Polyphony.Web.Votes;

/// <summary>The ballot of one session at every site: where it is on the clock, open, closed; and the doors to open or close it at all of them at once.</summary>
internal static class ShowSiteBallots
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/sessions/{session}/sites", ShowAsync);

    private static async Task<IResult> ShowAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId && s.Questions.Any(), cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        Dictionary<SiteId, int> cast = await db.Ballots.Where(ballot => ballot.SessionId == session).GroupBy(ballot => ballot.SiteId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return new Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<SiteBallotsPage>(new
        {
            Model = new SiteBallotsModel(scope, found, [.. scope.Sites.Select(site => RowOf(site, found, scope.ZoneAt(site.Id), cast.GetValueOrDefault(site.Id), clock.GetUtcNow()))], request.Query["notice"].ToString()),
        });
    }

    private static SiteBallotRow RowOf(Site site, Session session, TimeZoneInfo zone, int cast, DateTimeOffset now)
    {
        DateTime wall = session.Date.ToDateTime(session.Start);
        BallotState state = session.BallotAt(site.Id);
        SiteBallot? ballot = session.Ballots.Find(known => known.SiteId == site.Id);
        return new(
            site, state, new DateTimeOffset(wall, zone.GetUtcOffset(wall)), TimeZoneInfo.ConvertTime(now, zone),
            state switch
            {
                BallotState.Open => new BallotsIn(DisclosureGate.LiveBallots(cast), false),
                BallotState.Closed when ballot!.OpenedAt is not null => new BallotsIn(cast, true),
                _ => null,
            });
    }
}

/// <summary>The ballot of a session at one site.</summary>
/// <param name="Planned">When the session begins by the agenda, on the clock of the site.</param>
/// <param name="Now">What the clock of the site shows.</param>
/// <param name="Ballots">In steps of ten while open, exact once closed; null where nobody was asked.</param>
public sealed record SiteBallotRow(Site Site, BallotState State, DateTimeOffset Planned, DateTimeOffset Now, BallotsIn? Ballots)
{
    /// <summary>Closed without ever having been open.</summary>
    public bool IsLeftOut => State == BallotState.Closed && Ballots is null;
}

public sealed record SiteBallotsModel(DialogueScope Scope, Session Session, IReadOnlyList<SiteBallotRow> Rows, string Notice)
{
    public int In(BallotState state) => Rows.Count(row => row.State == state);
}
