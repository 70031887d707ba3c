using System.Globalization;
using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Tables;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Tables;

/// <summary>Plans who sits with whom, as a job with progress.</summary>
internal static class PlanTables
{
    public const string Kind = "seating";

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/tables/plan", PlanAsync).TakesForm();
        organiser.MapPost("/tables/stop", StopAsync).TakesForm();
    }

    /// <summary>Plans with the numbers of tables and rounds of the short form, and what was chosen otherwise.</summary>
    private static async Task<IResult> PlanAsync(
        HttpRequest request, DialogueScope scope, SeatingDesk desk, DraftDesk drafts, JobQueue jobs, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        string page = $"/organise/{scope.Segment}/tables";
        if (!int.TryParse(form["tables"], NumberStyles.None, CultureInfo.InvariantCulture, out int tables)
            || !int.TryParse(form["rounds"], NumberStyles.None, CultureInfo.InvariantCulture, out int rounds)
            || tables is < 1 or > SeatingChoices.MostTables || rounds is < 1 or > SeatingChoices.MostRounds)
        {
            return Results.Redirect(page + "?notice=numbers");
        }

        SeatingChoices rules = await drafts.RulesAsync(scope.SiteId, cancellationToken) with { Tables = [tables], Rounds = rounds, Seats = [] };
        return await StartAsync(scope, rules, desk, drafts, jobs, cancellationToken) is { } refused ? Results.Redirect($"{page}?notice={refused}") : Results.Redirect(page);
    }

    /// <summary>Saves the choices and puts the planning in the queue.</summary>
    /// <returns>Why it cannot be planned, or null when it will be.</returns>
    public static async Task<string?> StartAsync(DialogueScope scope, SeatingChoices rules, SeatingDesk desk, DraftDesk drafts, JobQueue jobs, CancellationToken cancellationToken)
    {
        IReadOnlyList<Seatable> people = await desk.PeopleAsync(scope.SiteId, cancellationToken);
        if (scope.HasManySites && rules.Tables.Max() >= Site.TableNumbers)
        {
            return "numbers";
        }

        if (people.Count < 2 * rules.Tables.Max())
        {
            return "too-few";
        }

        await drafts.SaveRulesAsync(scope.SiteId, rules, cancellationToken);
        await jobs.StartAsync(scope.DialogueId, scope.SiteId, Kind, scope.Staff.Id.ToString("N"), cancellationToken);
        return null;
    }

    private static async Task<IResult> StopAsync(DialogueScope scope, PlannerReader reader, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await reader.NewestJobAsync(cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/tables");
    }
}

/// <summary>The work behind <see cref="PlanTables"/>. The first plan comes into force at once; a later one is a version that somebody has yet to put in force.</summary>
public sealed class SeatingJob(SeatingDesk desk, DraftDesk drafts) : IJobKind
{
    public string Name => PlanTables.Kind;

    public async Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken)
    {
        Guid? by = Guid.TryParseExact(job.Subject, "N", out Guid staff) ? staff : null;
        SiteId site = job.SiteId ?? throw new InvalidOperationException("Tables are planned at a site.");
        IReadOnlyList<Seatable> everybody = await desk.EverybodyAsync(site, cancellationToken);
        IReadOnlyList<Seatable> people = [.. everybody.Where(person => person.IsComing)];
        SeatingChoices rules = await drafts.RulesAsync(site, cancellationToken);
        if (await desk.ProblemAsync(site, people, rules, cancellationToken) is not { } problem)
        {
            return SeatingRefusalCodes.SeatsAndPeople;
        }

        if (problem.Refusals() is [var refusal, ..])
        {
            return refusal.Code;
        }

        // The seed is the job's own identifier: the same plan can be made again from what is saved.
        long seed = BitConverter.ToInt64(job.Id.Value.ToByteArray(), 8);
        PlannedSeats planned = SeatingPlanner.Plan(
            problem, (ulong)seed, SeatingPlanner.DefaultExchanges(problem), new Reporter(progress), CancellationToken.None, cancellationToken);
        OpenDraft? draft = await drafts.OpenAsync(site, everybody, cancellationToken);
        if (draft is { Steps: > 0 } && by is { } owner)
        {
            // What was changed by hand is kept as a version before another one is opened.
            await drafts.KeepAsync(draft, everybody, owner, inForce: false, cancellationToken);
        }

        bool first = draft is null;
        SeatingPlanVersion saved = await desk.SaveAsync(site, problem, people, planned.Plan, rules, new("planned", seed, null, by, first), cancellationToken);
        await drafts.BeginAsync(await drafts.RowAsync(site, cancellationToken), saved.Version, opened: !first, cancellationToken);
        return "";
    }

    internal sealed class Reporter(JobProgress progress) : IProgress<SeatingProgress>
    {
        public void Report(SeatingProgress value) => progress.Report(value.Share, "seating");
    }
}
