using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Participants;

/// <summary>Computes a lottery of whole panels on which everybody sits who stays and nobody who is out: those who could step in get chances as fair as what is left of the quotas allows.</summary>
internal static class ReplaceByLottery
{
    public const string Kind = "replacement";

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/participants/replace/compute", StartAsync).TakesForm();
        organiser.MapPost("/participants/replace/stop", StopAsync).TakesForm();
    }

    /// <summary>Who stays and who is out, as tickets: what a lottery was computed for, and what it must still be when it is frozen.</summary>
    public static string Conditions(IEnumerable<string> staying, IEnumerable<string> leaving) => new JsonObject
    {
        ["out"] = new JsonArray([.. leaving.Order(StringComparer.Ordinal).Select(ticket => (JsonNode)ticket)]),
        ["staying"] = new JsonArray([.. staying.Order(StringComparer.Ordinal).Select(ticket => (JsonNode)ticket)]),
    }.ToJsonString();

    private static async Task<IResult> StartAsync(DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, JobSignals signals, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/participants/replace";
        await using var held = await HoldingThePanel.BeginAsync(db, scope.SiteId, cancellationToken);
        Lottery? panel = await desk.NewestAsync(scope.SiteId, LotteryKind.Panel, cancellationToken);
        if (panel is not { State: LotteryState.Drawn } || await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken) is { State: LotteryState.Computing or LotteryState.Computed or LotteryState.Frozen })
        {
            return Results.Redirect(page + "?problem=not-now");
        }

        (IReadOnlyList<string> staying, IReadOnlyList<string> leaving) = await ReplaceParticipants.SplitAsync(scope.SiteId, db, cancellationToken);
        if (panel.PanelSize <= staying.Count)
        {
            return Results.Redirect(page + "?problem=nobody-out");
        }

        DateTimeOffset now = clock.GetUtcNow();
        int attempts = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId).MaxAsync(lottery => (int?)lottery.Attempt, cancellationToken) ?? 0;
        Lottery replacement = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = scope.DialogueId,
            SiteId = scope.SiteId,
            Attempt = attempts + 1,
            Kind = LotteryKind.Replacement,
            State = LotteryState.Computing,
            Objective = Objectives.NameOf(LotteryObjective.Leximin),
            PanelSize = panel.PanelSize,
            PanelCount = ComputeLottery.Panels,
            ConditionsJson = Conditions(staying, leaving),
            CreatedAt = now,
        };
        db.Lotteries.Add(replacement);
        db.Journal.Add(desk.Entry("replacement.started", replacement, DrawDesk.AttemptFacts(replacement), scope.Staff.Id, now));
        await jobs.StartAsync(scope.DialogueId, scope.SiteId, Kind, replacement.Id.ToString(), cancellationToken);
        await held.CommitAsync(cancellationToken);

        // Only now does the runner see the job.
        signals.Wake();
        return Results.Redirect(page);
    }

    private static async Task<IResult> StopAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await jobs.NewestAsync(scope.DialogueId, scope.SiteId, Kind, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/participants/replace");
    }
}

/// <summary>The work behind <see cref="ReplaceByLottery"/>: that of any lottery, in a line of its own so that each page shows its own progress.</summary>
public sealed class ReplacementJob(Db db, DrawDesk desk, TimeProvider clock) : IJobKind
{
    public string Name => ReplaceByLottery.Kind;

    public Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken) => new LotteryJob(db, desk, clock).RunAsync(job, progress, cancellationToken);
}
