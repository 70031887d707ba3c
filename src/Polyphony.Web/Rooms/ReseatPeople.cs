using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Accounts;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Tables;

namespace Polyphony.Web.Rooms;

/// <summary>Puts the tables in order on the day: shows what would change from a round on, does it, and takes it back.</summary>
internal static class ReseatPeople
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/room/seats", ShowAsync);
        organiser.MapPost("/room/seats", ApplyAsync).TakesForm();
        organiser.MapPost("/room/seats/undo", UndoAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<ReseatPage>> ShowAsync(
        DialogueScope scope, Db db, RoomDesk desk, SeatingRepairs repairs, HttpRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<Expected> people = await desk.PeopleAsync(scope.SiteId, cancellationToken);
        SeatingPlanVersion? plan = await desk.PlanAsync(scope.SiteId, cancellationToken);
        int? from = plan is null ? null
            : Round(request.Query["from"], plan) ?? (await desk.ClockAsync(scope, cancellationToken)).NextRound(plan.Rounds);
        IReadOnlyList<OpenTable> tables = plan is null || from is null ? [] : await TableRemedy.TablesAsync(db, plan, from.Value, cancellationToken);
        TableRemedy? remedy = TableRemedy.Of(tables, PlannerSight.Whole(request.Query["table"]), request.Query["then"]);
        RepairedSeating? repaired = plan is null || from is null ? null : await repairs.PrepareAsync(scope.SiteId, plan, from.Value, remedy?.Closing, cancellationToken);
        string notice = request.Query["then"].Count > 0 && remedy is null ? "does-not-fit" : request.Query["notice"].ToString();
        return new(new
        {
            Model = new ReseatModel(
                scope, plan, from, repaired, people.ToDictionary(person => person.Id), tables, remedy, notice,
                int.TryParse(request.Query["done"], NumberStyles.None, CultureInfo.InvariantCulture, out int done) ? done : null),
        });
    }

    private static async Task<IResult> ApplyAsync(
        HttpRequest request, DialogueScope scope, Db db, RoomDesk desk, SeatingDesk seating, SeatingRepairs repairs, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Segment}/room/seats";
        if (await desk.PlanAsync(scope.SiteId, cancellationToken) is not { } plan || Round(form["from"], plan) is not { } from)
        {
            return Results.Redirect(page);
        }

        // What is applied is what was shown: a plan that somebody changed meanwhile is shown anew.
        string again = string.Create(CultureInfo.InvariantCulture, $"{page}?from={from}&notice=changed");
        TableRemedy? remedy = TableRemedy.Of(await TableRemedy.TablesAsync(db, plan, from, cancellationToken), PlannerSight.Whole(form["table"]), form["then"]);
        if (form["version"] != plan.Version.ToString(CultureInfo.InvariantCulture) || (form["then"].Count > 0 && remedy is null))
        {
            return Results.Redirect(again);
        }

        RepairedSeating repaired = await repairs.PrepareAsync(scope.SiteId, plan, from, remedy?.Closing, cancellationToken);
        if (repaired.Changes.Count > 0 || remedy is not null)
        {
            DateTimeOffset now = clock.GetUtcNow();
            RoleAssignment? given = remedy?.Leader is { } leader
                ? new() { Id = Guid.CreateVersion7(now), DialogueId = scope.DialogueId, StaffId = leader.Staff, Role = DialogueRole.Facilitator, Table = remedy.Table.Number, Languages = [.. leader.Languages] } : null;
            if (given is not null)
            {
                db.RoleAssignments.Add(given);
                Note(db, scope, now, "role.given", $"{{\"staff\":\"{given.StaffId}\",\"role\":\"{given.Role}\"}}");
            }

            try
            {
                await SaveAsync(repaired, plan, from, scope, db, seating, now, cancellationToken, remedy?.Closing, given?.Id);
            }
            catch (DbUpdateException)
            {
                // Two helpers at once: the version number is unique, so that one of them sees the other's plan first.
                return Results.Redirect(again);
            }
        }

        return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"{page}?from={from}{(repaired.Changes.Count == 0 && remedy is not null ? "&notice=led" : $"&done={repaired.Changes.Count}")}"));
    }

    /// <summary>Saves a repaired plan as the one that counts, which can be taken back, and with it what else is waiting to be saved.</summary>
    public static Task SaveAsync(
        RepairedSeating repaired, SeatingPlanVersion plan, int from, DialogueScope scope, Db db, SeatingDesk seating, DateTimeOffset now, CancellationToken cancellationToken, int? closing = null, Guid? given = null)
    {
        Note(db, scope, now, "seats.repaired", string.Create(
            CultureInfo.InvariantCulture, $"{{\"fromRound\":{from},\"changes\":{repaired.Changes.Count}{(closing is { } closed ? $",\"closed\":{closed}" : "")}}}"));
        return seating.SaveAsync(scope.SiteId, repaired.Problem, repaired.People, repaired.Plan, SeatingChoices.Of(plan), new("repaired", plan.Seed, plan.Version, scope.Staff.Id, true, given), cancellationToken);
    }

    /// <summary>Makes the version before count again, if the version to be undone still counts.</summary>
    private static async Task<IResult> UndoAsync(HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Segment}/room/seats";
        SeatingPlanVersion? current = await db.SeatingPlans.FirstOrDefaultAsync(plan => plan.SiteId == scope.SiteId && plan.IsCurrent, cancellationToken);
        if (current is null || form["version"] != current.Version.ToString(CultureInfo.InvariantCulture))
        {
            return Results.Redirect(page + "?notice=changed");
        }

        // The version that was repaired; versions that were only kept never counted.
        if (await db.SeatingPlans.Where(plan => plan.SiteId == scope.SiteId && plan.ReasonCode != SeatingDesk.Undone
            && (current.BasedOn == null ? plan.Version < current.Version : plan.Version == current.BasedOn))
            .OrderByDescending(plan => plan.Version).FirstOrDefaultAsync(cancellationToken) is { } before)
        {
            DateTimeOffset now = clock.GetUtcNow();
            current.IsCurrent = false;
            current.ReasonCode = SeatingDesk.Undone;
            before.IsCurrent = true;
            if (current.GivenRole is { } given && await db.RoleAssignments.FirstOrDefaultAsync(role => role.Id == given && role.DialogueId == scope.DialogueId, cancellationToken) is { } role)
            {
                db.RoleAssignments.Remove(role);
                Note(db, scope, now, "role.taken", $"{{\"staff\":\"{role.StaffId}\",\"role\":\"{role.Role}\"}}");
            }

            Note(db, scope, now, "seats.repair-undone", string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{current.Version},\"inForce\":{before.Version}}}"));
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect(page + "?notice=undone");
    }

    private static void Note(Db db, DialogueScope scope, DateTimeOffset at, string code, string facts) =>
        db.Journal.Add(new JournalEntry { At = at, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = code, Facts = facts });

    private static int? Round(string? text, SeatingPlanVersion plan) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int round) && round >= 1 && round <= plan.Rounds ? round : null;
}

public sealed record ReseatModel(
    DialogueScope Scope,
    SeatingPlanVersion? Plan,
    int? From,
    RepairedSeating? Repaired,
    IReadOnlyDictionary<ParticipantId, Expected> People,
    IReadOnlyList<OpenTable> Tables,
    TableRemedy? Remedy,
    string Notice,
    int? Done)
{
    /// <summary>People who keep a seat but at another table.</summary>
    public int Moved => Repaired?.Changes.Where(change => change is { Before: not null, After: not null }).Select(change => change.Person).Distinct().Count() ?? 0;

    public bool CanUndo => Plan is { ReasonCode: "repaired", Version: > 1 };

    /// <summary>Number and name of a person; only the number of one who left for good.</summary>
    public string Name(ParticipantId person) => People.TryGetValue(person, out Expected? known) ? known.Name : "";

    public int Number(ParticipantId person) => Repaired!.People.First(seatable => seatable.Id == person).Number;
}
