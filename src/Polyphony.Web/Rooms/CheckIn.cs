using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Participants;
using Polyphony.Web.Tables;

namespace Polyphony.Web.Rooms;

/// <summary>Marks who has come, by the badge's code or from the list. Several helpers do so at the same time: marking twice changes nothing.</summary>
internal static class CheckIn
{
    private const int MaxCode = 200;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/check-in", ShowAsync);
        organiser.MapPost("/check-in", ByCodeAsync).TakesForm();
        organiser.MapPost("/check-in/{participant}/attendance", MarkAsync).TakesForm();
    }

    /// <summary>A code as it is stored, from what was scanned or typed: without spaces and hyphens, in capitals.</summary>
    public static string Normalise(string typed) => string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static async Task<RazorComponentResult<CheckInPage>> ShowAsync(DialogueScope scope, RoomDesk desk, Texts.PageTexts texts, HttpRequest request, CancellationToken cancellationToken) =>
        await PageAsync(scope, desk, texts, request.Query, request.Query["problem"].ToString(), "", cancellationToken);

    private static async Task<IResult> ByCodeAsync(
        HttpRequest request, DialogueScope scope, Db db, RoomDesk desk, Texts.PageTexts texts, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string typed = form["code"].ToString().Trim();
        if (typed.Contains("/c/", StringComparison.Ordinal))
        {
            // The personal link opens ballots: it is neither looked up nor shown again.
            return await RefuseAsync("voting-link", "");
        }

        string code = Normalise(typed);
        Participant? found = code.Length is 0 or > MaxCode ? null
            : await db.Participants.AsNoTracking().SingleOrDefaultAsync(p => p.SiteId == scope.SiteId && p.BadgeCode == code, cancellationToken);
        if (found is null)
        {
            return await RefuseAsync(code.Length == 0 ? "no-code" : "unknown-code", typed.Length > MaxCode ? "" : typed);
        }

        if (found.Status != ParticipantStatus.Confirmed)
        {
            return await RefuseAsync(found.Status == ParticipantStatus.Selected ? "no-answer-yet" : "not-expected", typed);
        }

        await WriteAsync(db, scope, found, Attendance.Present, clock.GetUtcNow(), cancellationToken);
        return Done(scope, found, Attendance.Present, "");

        async Task<IResult> RefuseAsync(string problem, string shown)
        {
            RazorComponentResult<CheckInPage> page = await PageAsync(scope, desk, texts, request.Query, problem, shown, cancellationToken);
            page.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return page;
        }
    }

    private static async Task<IResult> MarkAsync(
        ParticipantId participant, HttpRequest request, DialogueScope scope, Db db, RoomDesk desk, SeatingDesk seating, SeatingRepairs repairs, Texts.TextCatalogue catalogue, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string consent = form["consent"].ToString();

        // A yes takes a place: it is looked whether that is still free, and written down, in one.
        await using var held = consent.Length == 0 ? null : await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        Participant? found = await db.Participants.AsNoTracking().SingleOrDefaultAsync(p => p.Id == participant && p.SiteId == scope.SiteId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        if (Read(form["attendance"]) is not { } wanted)
        {
            return Results.BadRequest();
        }

        DateTimeOffset now = clock.GetUtcNow();
        bool seated = false;
        if (found.Status == ParticipantStatus.Selected && wanted is Attendance.Present or Attendance.Late && consent.Length > 0)
        {
            string language = await db.People.Where(person => person.Id == found.PersonId).Select(person => person.Language).SingleAsync(cancellationToken);
            ConsentWords words = Consents.For(scope.Dialogue, catalogue.In(Consents.LanguageOf(scope.Dialogue, language)));
            if (consent != words.Name)
            {
                return Results.Redirect($"/organise/{scope.Segment}/check-in?problem=read-again");
            }

            // Drawn at noon, at the door or on the telephone: the yes is written down with the arrival.
            await db.Participants.Where(p => p.Id == participant)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Confirmed).SetProperty(p => p.AnsweredAt, now), cancellationToken);
            db.Consents.Add(Consents.Given(scope.DialogueId, participant, words, now));
            db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "participant.answer-recorded" });
        }
        else if (found.Status != ParticipantStatus.Confirmed)
        {
            return Results.Redirect($"/organise/{scope.Segment}/check-in?problem=" + (found.Status == ParticipantStatus.Selected ? "no-answer-yet" : "not-expected"));
        }

        await WriteAsync(db, scope, found, wanted, now, cancellationToken);
        if (held is not null)
        {
            await held.CommitAsync(cancellationToken);
            seated = found.Status == ParticipantStatus.Selected && await SeatAsync(participant, scope, db, desk, seating, repairs, now, cancellationToken);
        }

        return Done(scope, found, wanted, form["show"].ToString(), seated);
    }

    /// <summary>Gives somebody who has just said yes seats from the round that runs or comes next on, where nobody else has to move for it.</summary>
    private static async Task<bool> SeatAsync(
        ParticipantId participant, DialogueScope scope, Db db, RoomDesk desk, SeatingDesk seating, SeatingRepairs repairs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await desk.PlanAsync(scope.SiteId, cancellationToken) is not { } plan)
        {
            return false;
        }

        int from = (await desk.ClockAsync(scope, cancellationToken)).CurrentRound(plan.Rounds);
        if (await repairs.JoinAsync(scope.SiteId, plan, from, participant, cancellationToken) is not { Changes.Count: > 0 } joined)
        {
            return false;
        }

        try
        {
            await ReseatPeople.SaveAsync(joined, plan, from, scope, db, seating, now, cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Another helper changed the plan in this moment: then the list says that there is no seat yet, and where to find one.
            return false;
        }
    }

    private static async Task WriteAsync(Db db, DialogueScope scope, Participant found, Attendance wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? arrived = wanted == Attendance.Present ? now : null;
        int changed = await db.Participants.Where(p => p.Id == found.Id && p.Attendance != wanted)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Attendance, wanted).SetProperty(p => p.CheckedInAt, arrived), cancellationToken);
        if (changed > 0)
        {
            db.Journal.Add(Entry(scope, wanted, now));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Marks somebody within a change of several; the caller saves.</summary>
    public static void Mark(Db db, DialogueScope scope, Participant person, Attendance wanted, DateTimeOffset now)
    {
        person.Attendance = wanted;
        person.CheckedInAt = wanted == Attendance.Present ? now : null;
        db.Journal.Add(Entry(scope, wanted, now));
    }

    private static JournalEntry Entry(DialogueScope scope, Attendance wanted, DateTimeOffset now) =>
        new() { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "attendance.marked", Facts = $"{{\"attendance\":\"{Write(wanted)}\"}}" };

    private static IResult Done(DialogueScope scope, Participant found, Attendance wanted, string show, bool seated = false) => Results.Redirect(string.Create(
        CultureInfo.InvariantCulture,
        $"/organise/{scope.Segment}/check-in?done={Write(wanted)}&person={found.Number}&was={Write(found.Attendance)}{(Read(show) is null ? "" : "&show=" + show)}{(seated ? "&seated=yes" : "")}"));

    public static string Write(Attendance attendance) => attendance switch
    {
        Attendance.Present => "present",
        Attendance.Late => "late",
        Attendance.Absent => "absent",
        _ => "expected",
    };

    public static Attendance? Read(string? text) => text switch
    {
        "present" => Attendance.Present,
        "late" => Attendance.Late,
        "absent" => Attendance.Absent,
        "expected" => Attendance.Expected,
        _ => null,
    };

    private static async Task<RazorComponentResult<CheckInPage>> PageAsync(
        DialogueScope scope, RoomDesk desk, Texts.PageTexts texts, IQueryCollection query, string problem, string typed, CancellationToken cancellationToken)
    {
        IReadOnlyList<Expected> people = await desk.PeopleAsync(scope.SiteId, cancellationToken);
        DayClock day = await desk.ClockAsync(scope, cancellationToken);
        SeatingPlanVersion? plan = await desk.PlanAsync(scope.SiteId, cancellationToken);
        int round = plan is null ? 1 : day.CurrentRound(plan.Rounds);
        Dictionary<ParticipantId, int> tables = plan is null ? [] : plan.Seats.Where(seat => seat.Round == round).ToDictionary(seat => seat.ParticipantId, seat => seat.Table);
        string wanted = query["q"].ToString().Trim();
        Attendance? show = Read(query["show"]);
        IEnumerable<Expected> shown = people.Where(person => (show is null || (person.Attendance == show && person.Status == ParticipantStatus.Confirmed)) && Matches(person, wanted, texts));
        Expected? marked = int.TryParse(query["person"], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? people.FirstOrDefault(person => person.Number == number) : null;
        Attendance? done = Read(query["done"]);
        IReadOnlyDictionary<ParticipantId, Newcomer> newcomers = await desk.NewcomersAsync(scope, plan, round, cancellationToken);
        return new(new
        {
            Model = new CheckInModel(
                scope, Presence.Of(people), [.. shown.OrderBy(person => person.Name, StringComparer.Create(texts.Culture, ignoreCase: true))], tables, plan is not null, round,
                marked is not null && done == marked.Attendance ? marked : null, Read(query["was"]) ?? Attendance.Expected, show, wanted, problem, typed)
            {
                Newcomers = newcomers,
                ToBeAsked = [.. people.Where(person => person.Status == ParticipantStatus.Selected && newcomers.ContainsKey(person.Id))],
                FreePlaces = await desk.HasBegunAsync(scope, cancellationToken) ? await desk.FreePlacesAsync(scope.SiteId, cancellationToken) : 0,
                Seated = query["seated"] == "yes",
            },
        });
    }

    private static bool Matches(Expected person, string wanted, Texts.PageTexts texts) =>
        wanted.Length == 0
        || person.Number.ToString(CultureInfo.InvariantCulture) == wanted
        || texts.Culture.CompareInfo.IndexOf(person.Name, wanted, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0;
}

public sealed record CheckInModel(
    DialogueScope Scope,
    Presence Presence,
    IReadOnlyList<Expected> People,
    IReadOnlyDictionary<ParticipantId, int> Tables,
    bool HasPlan,
    int Round,
    Expected? Marked,
    Attendance Was,
    Attendance? Show,
    string Wanted,
    string Problem,
    string Typed)
{
    /// <summary>Those who were drawn today.</summary>
    public required IReadOnlyDictionary<ParticipantId, Newcomer> Newcomers { get; init; }

    /// <summary>Those of them who have not answered.</summary>
    public required IReadOnlyList<Expected> ToBeAsked { get; init; }

    /// <summary>Places that were given up and for which nobody was drawn, once the day has begun.</summary>
    public required int FreePlaces { get; init; }

    /// <summary>Whether the person who was marked has just been given a seat.</summary>
    public required bool Seated { get; init; }

    public int? TableOf(Expected person) => Tables.TryGetValue(person.Id, out int table) ? table : null;
}
