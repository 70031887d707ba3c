using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tables;

/// <summary>Table lists and badges to print, and the plan as a file. Names are for organisers only.</summary>
internal static class PrintTables
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        organiser.MapGet("/tables/lists", ListsAsync);
        organiser.MapGet("/tables/badges", BadgesAsync);
        reader.MapGet("/tables/plan.csv", CsvAsync);
    }

    private static async Task<IResult> ListsAsync(DialogueScope scope, SeatingDesk desk, Db db, CancellationToken cancellationToken)
    {
        SeatingPlanVersion? plan = await desk.CurrentAsync(scope.SiteId, cancellationToken);
        return plan is null
            ? Results.Redirect($"/organise/{scope.Segment}/tables")
            : new RazorComponentResult<TableListsPage>(new { Scope = scope, Plan = plan, People = await BadgeHoldersAsync(scope, db, cancellationToken) });
    }

    /// <summary>Badges of everybody who comes, or of those whose numbers the address names.</summary>
    private static async Task<IResult> BadgesAsync(HttpRequest request, DialogueScope scope, SeatingDesk desk, Db db, CancellationToken cancellationToken)
    {
        SeatingPlanVersion? plan = await desk.CurrentAsync(scope.SiteId, cancellationToken);
        HashSet<string> only = [.. request.Query["only"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries)];
        return new RazorComponentResult<BadgesPage>(new
        {
            Scope = scope,
            Plan = plan,
            People = (await BadgeHoldersAsync(scope, db, cancellationToken)).Values
                .Where(holder => holder.IsComing && (only.Count == 0 || only.Contains(holder.Number.ToString(CultureInfo.InvariantCulture))))
                .OrderBy(holder => holder.Number).ToList(),
        });
    }

    private static async Task<IResult> CsvAsync(DialogueScope scope, SeatingDesk desk, Db db, CancellationToken cancellationToken)
    {
        SeatingPlanVersion? plan = await desk.CurrentAsync(scope.SiteId, cancellationToken);
        if (plan is null)
        {
            return Results.NotFound();
        }

        IReadOnlyDictionary<ParticipantId, BadgeHolder> people = await BadgeHoldersAsync(scope, db, cancellationToken);
        StringBuilder csv = new("round,table,seat,id\n");
        foreach (Seat seat in plan.Seats.Where(seat => people[seat.ParticipantId].IsComing).OrderBy(seat => seat.Round).ThenBy(seat => seat.Table).ThenBy(seat => seat.Number))
        {
            csv.Append(CultureInfo.InvariantCulture, $"{seat.Round},{seat.Table},{seat.Number},{people[seat.ParticipantId].Number}\n");
        }

        return Results.File(Encoding.UTF8.GetBytes(csv.ToString()), "text/csv; charset=utf-8", scope.Dialogue.Slug + "-plan.csv");
    }

    private static async Task<IReadOnlyDictionary<ParticipantId, BadgeHolder>> BadgeHoldersAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) => await (
        from participant in db.Participants
        where participant.SiteId == scope.SiteId
        join person in db.People on participant.PersonId equals person.Id
        orderby participant.Number
        select new BadgeHolder(participant.Id, participant.Number, person.Name, participant.BadgeCode, participant.Status))
        .ToDictionaryAsync(holder => holder.Id, cancellationToken);
}

/// <summary>What is printed on a badge: never the voting link.</summary>
public sealed record BadgeHolder(ParticipantId Id, int Number, string Name, string BadgeCode, ParticipantStatus Status)
{
    public bool IsComing => Status == ParticipantStatus.Confirmed;
}
