using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Tables;

/// <summary>The table planner: tables as rings of people, measures, and the forms that change them.</summary>
internal static class ShowTables
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/tables", ShowAsync);

    private static async Task<RazorComponentResult<TablesPage>> ShowAsync(
        DialogueScope scope, SeatingDesk desk, JobQueue jobs, Db db, HttpRequest request, CancellationToken cancellationToken)
    {
        SeatingPlanVersion? plan = await desk.CurrentAsync(scope.DialogueId, cancellationToken);
        Job? job = await jobs.NewestAsync(scope.DialogueId, PlanTables.Kind, cancellationToken);
        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values)
            .Where(criterion => criterion.DialogueId == scope.DialogueId).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        IReadOnlyList<Seatable> people = await desk.EverybodyAsync(scope.DialogueId, cancellationToken);
        int round = plan is null ? 1 : Math.Clamp(int.TryParse(request.Query["round"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? asked : 1, 1, plan.Rounds);
        int by = criteria.Count == 0 ? 0 : Math.Clamp(int.TryParse(request.Query["by"], NumberStyles.None, CultureInfo.InvariantCulture, out int criterionAsked) ? criterionAsked : 0, 0, criteria.Count - 1);
        return new(new
        {
            Model = new TablesModel(
                scope, plan, plan is null ? null : SeatingDesk.Measures(plan), job, criteria, people.ToDictionary(person => person.Id), round, by,
                await db.Participants.CountAsync(p => p.DialogueId == scope.DialogueId && p.Status == ParticipantStatus.Confirmed, cancellationToken),
                request.Query["problem"].ToString(),
                int.TryParse(request.Query["moves"], NumberStyles.None, CultureInfo.InvariantCulture, out int moves) ? moves : null,
                plan is not null && await db.SeatingPlans.AnyAsync(old => old.DialogueId == scope.DialogueId && old.Version < plan.Version, cancellationToken)),
        });
    }
}

public sealed record TablesModel(
    DialogueScope Scope,
    SeatingPlanVersion? Plan,
    SeatingMeasures? Measures,
    Job? Job,
    IReadOnlyList<Criterion> Criteria,
    IReadOnlyDictionary<ParticipantId, Seatable> People,
    int Round,
    int By,
    int Confirmed,
    string Problem,
    int? Moves,
    bool CanUndo)
{
    public bool IsPlanning => Job is { State: JobState.Waiting or JobState.Running };

    /// <summary>The people at each table of the round that is shown.</summary>
    public IEnumerable<(int Table, IReadOnlyList<Seatable> People)> Tables => Plan is null ? [] : Enumerable.Range(1, Plan.Tables)
        .Select(table => (table, (IReadOnlyList<Seatable>)[.. Plan.Seats.Where(seat => seat.Round == Round && seat.Table == table).OrderBy(seat => seat.Number).Select(seat => People[seat.ParticipantId])]));
}
