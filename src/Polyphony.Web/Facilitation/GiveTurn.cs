using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Rooms;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Facilitation;

/// <summary>Hands the tablet to somebody without a phone: the badge says who, the facilitator says that it is this person, and one turn is given.</summary>
internal static class GiveTurn
{
    private const int MaxCode = 200;

    public static void Map(RouteGroupBuilder facilitator)
    {
        facilitator.MapGet("/tablet/{session}", ShowAsync);
        facilitator.MapPost("/tablet/{session}", ByBadgeAsync).TakesForm().RequireRateLimiting(RateLimits.Guessing);
    }

    private static async Task<IResult> ShowAsync(int table, SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        await FindAsync(session, scope, db, cancellationToken) is { } found ? Page(new(scope, table, found, found.BallotAt(scope.SiteId) == BallotState.Open ? "" : "not-open", "", null)) : Results.NotFound();

    private static async Task<IResult> ByBadgeAsync(
        int table, SessionId session, HttpRequest request, DialogueScope scope, Db db, RoomDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, scope, db, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string typed = form["code"].ToString().Trim();
        GiveTurnModel model = new(scope, table, found, "", typed.Length > MaxCode ? "" : typed, null);
        if (found.BallotAt(scope.SiteId) != BallotState.Open)
        {
            return Page(model with { Problem = "not-open" });
        }

        if (typed.Contains("/c/", StringComparison.Ordinal) || LinkCode.HasForm(typed))
        {
            // The personal link opens ballots: it is neither looked up nor shown again.
            return Page(model with { Problem = "voting-link", Typed = "" });
        }

        string code = CheckIn.Normalise(model.Typed);
        Participant? person = code.Length == 0 ? null
            : await db.Participants.AsNoTracking().SingleOrDefaultAsync(p => p.SiteId == scope.SiteId && p.BadgeCode == code, cancellationToken);
        if (person is null)
        {
            return Page(model with { Problem = code.Length == 0 ? "no-code" : "unknown-code" });
        }

        if (person.Status != ParticipantStatus.Confirmed || person.Attendance != Attendance.Present)
        {
            return Page(model with { Problem = person.Status is ParticipantStatus.Confirmed or ParticipantStatus.Selected ? "not-here" : "not-expected" });
        }

        if (form["confirmed"] != "yes")
        {
            string name = await db.People.Where(p => p.Id == person.PersonId).Select(p => p.Name).SingleAsync(cancellationToken);
            SeatingPlanVersion? plan = await desk.PlanAsync(scope.SiteId, cancellationToken);
            int round = found.Round ?? (await desk.ClockAsync(scope, cancellationToken)).CurrentRound(plan?.Rounds ?? 1);
            int? seat = plan?.Seats.FirstOrDefault(taken => taken.Round == round && taken.ParticipantId == person.Id)?.Table;
            return Page(model with { Person = new(person.Number, name, seat) });
        }

        string turn = LinkCode.Create();
        DateTimeOffset now = clock.GetUtcNow();
        await db.TabletTurns.Where(earlier => earlier.SessionId == session && earlier.ParticipantId == person.Id && earlier.UsedAt == null).ExecuteDeleteAsync(cancellationToken);
        db.TabletTurns.Add(new TabletTurn
        {
            CodeHash = LinkCode.Hash(turn),
            DialogueId = scope.DialogueId,
            SessionId = session,
            ParticipantId = person.Id,
            Table = table,
            ExpiresAt = now + TakeTurn.Patience,
        });
        db.Journal.Add(new JournalEntry
        {
            At = now,
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "tablet.turn-given",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"session\":\"{session}\",\"table\":{table}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect("/t/" + turn);
    }

    private static Task<Session?> FindAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId && s.Questions.Any(), cancellationToken);

    private static RazorComponentResult<GiveTurnPage> Page(GiveTurnModel model) =>
        new(new { Model = model }) { StatusCode = model.Problem.Length > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
}

/// <summary>The person whose badge was read.</summary>
/// <param name="Seat">The table where they sit during this session.</param>
public sealed record BadgeHolder(int Number, string Name, int? Seat);

/// <summary>What the facilitator sees before the tablet is handed over.</summary>
/// <param name="Problem">Code of what is wrong, or empty.</param>
/// <param name="Person">Whose badge it is, to be confirmed; null while the badge is still to be read.</param>
public sealed record GiveTurnModel(DialogueScope Scope, int Table, Session Session, string Problem, string Typed, BadgeHolder? Person);
