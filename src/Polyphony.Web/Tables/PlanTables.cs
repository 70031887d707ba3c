using System.Globalization;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Tables;

/// <summary>Plans who sits with whom, as a job with progress.</summary>
internal static class PlanTables
{
    public const string Kind = "seating";

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/tables/plan", StartAsync).TakesForm();
        organiser.MapPost("/tables/stop", StopAsync).TakesForm();
    }

    private static async Task<IResult> StartAsync(
        HttpRequest request, DialogueScope scope, SeatingDesk desk, JobQueue jobs, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Dialogue.Slug}/tables";
        if (!int.TryParse(form["tables"], NumberStyles.None, CultureInfo.InvariantCulture, out int tables)
            || !int.TryParse(form["rounds"], NumberStyles.None, CultureInfo.InvariantCulture, out int rounds)
            || tables is < 1 or > 500 || rounds is < 1 or > 20)
        {
            return Results.Redirect(page + "?problem=numbers");
        }

        IReadOnlyList<Seatable> people = await desk.PeopleAsync(scope.DialogueId, cancellationToken);
        if (people.Count < 2 * tables)
        {
            return Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"{page}?problem=too-few&people={people.Count}"));
        }

        await jobs.StartAsync(scope.DialogueId, Kind, string.Create(CultureInfo.InvariantCulture, $"{tables}x{rounds}"), cancellationToken);
        return Results.Redirect(page);
    }

    private static async Task<IResult> StopAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await jobs.NewestAsync(scope.DialogueId, Kind, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/tables");
    }
}

/// <summary>The work behind <see cref="PlanTables"/>.</summary>
public sealed class SeatingJob(SeatingDesk desk) : IJobKind
{
    public string Name => PlanTables.Kind;

    public async Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken)
    {
        string[] size = job.Subject.Split('x');
        IReadOnlyList<Seatable> people = [.. (await desk.PeopleAsync(job.DialogueId, cancellationToken)).Where(person => person.Attendance != Attendance.Absent)];
        SeatingProblem problem = await desk.ProblemAsync(
            job.DialogueId, people, int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[1], CultureInfo.InvariantCulture), cancellationToken);
        if (problem.Refusals() is [var refusal, ..])
        {
            return refusal.Code;
        }

        // The seed is the job's own identifier: the same plan can be made again from what is saved.
        long seed = BitConverter.ToInt64(job.Id.Value.ToByteArray(), 8);
        PlannedSeats planned = SeatingPlanner.Plan(
            problem, (ulong)seed, SeatingPlanner.DefaultExchanges(problem), new Reporter(progress), CancellationToken.None, cancellationToken);
        await desk.SaveAsync(job.DialogueId, problem, people, planned.Plan, seed, "planned", cancellationToken);
        return "";
    }

    private sealed class Reporter(JobProgress progress) : IProgress<SeatingProgress>
    {
        public void Report(SeatingProgress value) => progress.Report(value.Share, "seating");
    }
}
