using System.Globalization;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Tables;

/// <summary>Lets the planner improve the draft from a round on: people with a pin stay, and so does everybody in the rounds before.</summary>
internal static class ImproveTables
{
    public const string Kind = "seating-improve";

    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/tables/improve", StartAsync).TakesForm();

    private static async Task<IResult> StartAsync(HttpRequest request, PlannerReader reader, DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        PlannerModel model = await reader.ReadAsync(PlannerSight.Of(field => form[field]), "", cancellationToken);
        string page = model.Base + model.Sight.Query();
        if (model.Draft is null || model.IsPlanning)
        {
            return Results.Redirect(page);
        }

        if (form["seen"] != model.Draft.Seen)
        {
            return Results.Redirect(page + "&notice=changed");
        }

        int from = Math.Clamp(PlannerSight.Whole(form["from"]) ?? 1, 1, model.State.Rounds.Length);
        await jobs.StartAsync(scope.DialogueId, scope.SiteId, Kind, string.Create(CultureInfo.InvariantCulture, $"{model.Draft.Seen} {from} {scope.Staff.Id:N}"), cancellationToken);
        return Results.Redirect(page);
    }
}

/// <summary>The work behind <see cref="ImproveTables"/>; it ends in a step of the draft, which can be undone.</summary>
public sealed class ImprovementJob(SeatingDesk desk, DraftDesk drafts) : IJobKind
{
    public string Name => ImproveTables.Kind;

    public async Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken)
    {
        string[] subject = job.Subject.Split(' ');
        SiteId site = job.SiteId ?? throw new InvalidOperationException("Tables are planned at a site.");
        IReadOnlyList<Seatable> everybody = await desk.EverybodyAsync(site, cancellationToken);
        if (await drafts.OpenAsync(site, everybody, cancellationToken) is not { } draft || draft.Seen != subject[0])
        {
            return "seating.changed-meanwhile";
        }

        // Only those who sit somewhere: shares at the tables are theirs.
        HashSet<int> seated = [.. draft.State.Rounds.SelectMany(round => round).SelectMany(table => table)];
        IReadOnlyList<Seatable> people = [.. everybody.Where(person => seated.Contains(person.Number))];
        (SeatingProblem problem, SeatingPlan plan) = draft.Measured(people, await desk.CriteriaAsync(site, cancellationToken), await desk.FacilitatorsAsync(site, cancellationToken));
        ulong seed = (ulong)BitConverter.ToInt64(job.Id.Value.ToByteArray(), 8);
        PlannedSeats improved = SeatingPlanner.Improve(
            problem, plan, int.Parse(subject[1], CultureInfo.InvariantCulture) - 1, seed, SeatingPlanner.DefaultExchanges(problem), new SeatingJob.Reporter(progress), CancellationToken.None, cancellationToken);
        if (improved.Plan.SameSeats(plan))
        {
            return "seating.nothing-better";
        }

        return await drafts.AddAsync(draft, draft.State with { Rounds = DraftState.RoundsOf(improved.Plan, people) }, "improved", Guid.ParseExact(subject[2], "N"), cancellationToken)
            ? "" : "seating.changed-meanwhile";
    }
}
