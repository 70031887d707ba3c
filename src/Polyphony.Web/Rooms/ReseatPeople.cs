using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
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
        DialogueScope scope, RoomDesk desk, SeatingRepairs repairs, HttpRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<Expected> people = await desk.PeopleAsync(scope.SiteId, cancellationToken);
        SeatingPlanVersion? plan = await desk.PlanAsync(scope.SiteId, cancellationToken);
        int? from = plan is null ? null
            : Round(request.Query["from"], plan) ?? (await desk.ClockAsync(scope, cancellationToken)).NextRound(plan.Rounds);
        RepairedSeating? repaired = plan is null || from is null ? null : await repairs.PrepareAsync(scope.SiteId, plan, from.Value, cancellationToken);
        return new(new
        {
            Model = new ReseatModel(
                scope, plan, from, repaired, people.ToDictionary(person => person.Id), request.Query["notice"].ToString(),
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
        if (form["version"] != plan.Version.ToString(CultureInfo.InvariantCulture))
        {
            return Results.Redirect(again);
        }

        RepairedSeating repaired = await repairs.PrepareAsync(scope.SiteId, plan, from, cancellationToken);
        if (repaired.Changes.Count > 0)
        {
            try
            {
                await seating.SaveAsync(scope.SiteId, repaired.Problem, repaired.People, repaired.Plan, SeatingChoices.Of(plan), new("repaired", plan.Seed, plan.Version, scope.Staff.Id, true), cancellationToken);
            }
            catch (DbUpdateException)
            {
                // Two helpers at once: the version number is unique, so that one of them sees the other's plan first.
                return Results.Redirect(again);
            }

            db.Journal.Add(new JournalEntry
            {
                At = clock.GetUtcNow(),
                DialogueId = scope.DialogueId,
                StaffId = scope.Staff.Id,
                Code = "seats.repaired",
                Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"fromRound\":{from},\"changes\":{repaired.Changes.Count}}}"),
            });
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"{page}?from={from}&done={repaired.Changes.Count}"));
    }

    /// <summary>Makes the version before count again, if the version to be undone still counts.</summary>
    private static async Task<IResult> UndoAsync(HttpRequest request, DialogueScope scope, Db db, CancellationToken cancellationToken)
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
            current.IsCurrent = false;
            current.ReasonCode = SeatingDesk.Undone;
            before.IsCurrent = true;
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect(page + "?notice=undone");
    }

    private static int? Round(string? text, SeatingPlanVersion plan) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int round) && round >= 1 && round <= plan.Rounds ? round : null;
}

public sealed record ReseatModel(
    DialogueScope Scope,
    SeatingPlanVersion? Plan,
    int? From,
    RepairedSeating? Repaired,
    IReadOnlyDictionary<ParticipantId, Expected> People,
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
