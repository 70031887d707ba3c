using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Seating;
using Polyphony.Storage;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tables;

/// <summary>Brings the plan in line with who is there, from a round on: absent people leave, late and replaced people get a seat, the rest stay.</summary>
internal static class RepairTables
{
    /// <summary>The reason of a version that was taken back: a later undo passes it over.</summary>
    public const string Undone = "undone";

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/tables/repair", RepairAsync).TakesForm();
        organiser.MapPost("/tables/move", MoveAsync).TakesForm();
        organiser.MapPost("/tables/undo", UndoAsync).TakesForm();
    }

    private static async Task<IResult> RepairAsync(HttpRequest request, DialogueScope scope, SeatingDesk desk, SeatingRepairs repairs, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Dialogue.Slug}/tables";
        SeatingPlanVersion? current = await desk.CurrentAsync(scope.DialogueId, cancellationToken);
        if (current is null || !TryRound(form["fromRound"], current, out int fromRound))
        {
            return Results.Redirect(page + "?problem=numbers");
        }

        RepairedSeating repaired = await repairs.PrepareAsync(scope.DialogueId, current, fromRound, cancellationToken);
        int moves = repaired.Changes.Count;
        if (moves > 0)
        {
            await desk.SaveAsync(scope.DialogueId, repaired.Problem, repaired.People, repaired.Plan, current.Seed, "repaired", cancellationToken);
        }

        return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"{page}?round={fromRound}&moves={moves}"));
    }

    /// <summary>Moves one person to another table of a round, or swaps two when the other table's person is named.</summary>
    private static async Task<IResult> MoveAsync(HttpRequest request, DialogueScope scope, SeatingDesk desk, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Dialogue.Slug}/tables";
        SeatingPlanVersion? current = await desk.CurrentAsync(scope.DialogueId, cancellationToken);
        IReadOnlyList<Seatable> everybody = await desk.EverybodyAsync(scope.DialogueId, cancellationToken);
        if (current is null || !TryRound(form["round"], current, out int round)
            || !int.TryParse(form["table"], NumberStyles.None, CultureInfo.InvariantCulture, out int table) || table < 1 || table > current.Tables
            || !int.TryParse(form["number"], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || everybody.FirstOrDefault(candidate => candidate.Number == number) is not { } person
            || current.Seats.FirstOrDefault(seat => seat.Round == round && seat.ParticipantId == person.Id) is not { } from)
        {
            return Results.Redirect(page + "?problem=move");
        }

        if (int.TryParse(form["swap"], NumberStyles.None, CultureInfo.InvariantCulture, out int swapNumber)
            && everybody.FirstOrDefault(candidate => candidate.Number == swapNumber) is { } other
            && current.Seats.FirstOrDefault(seat => seat.Round == round && seat.Table == table && seat.ParticipantId == other.Id) is { } to)
        {
            (from.ParticipantId, to.ParticipantId) = (to.ParticipantId, from.ParticipantId);
        }
        else
        {
            from.Number = current.Seats.Where(seat => seat.Round == round && seat.Table == table).Select(seat => seat.Number).DefaultIfEmpty(0).Max() + 1;
            from.Table = table;
        }

        SeatingProblem problem = await desk.ProblemAsync(scope.DialogueId, everybody, current.Tables, current.Rounds, cancellationToken);
        await desk.SaveAsync(scope.DialogueId, problem, everybody, SeatingDesk.Read(current, everybody), current.Seed, "moved", cancellationToken);
        return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"{page}?round={round}"));
    }

    /// <summary>Makes the version before the current one count again; the current one stays in the history.</summary>
    private static async Task<IResult> UndoAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        SeatingPlanVersion[] newest = await db.SeatingPlans.Where(plan => plan.DialogueId == scope.DialogueId && plan.ReasonCode != Undone)
            .OrderByDescending(plan => plan.Version).ToArrayAsync(cancellationToken);
        int at = Array.FindIndex(newest, plan => plan.IsCurrent);
        if (at >= 0 && at + 1 < newest.Length)
        {
            newest[at].IsCurrent = false;
            newest[at].ReasonCode = Undone;
            newest[at + 1].IsCurrent = true;
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/tables");
    }

    private static bool TryRound(string? text, SeatingPlanVersion plan, out int round) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out round) && round >= 1 && round <= plan.Rounds;
}
