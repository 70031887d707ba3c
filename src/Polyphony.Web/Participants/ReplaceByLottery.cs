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

    /// <summary>Another draw of replacements is under way, or no panel is drawn.</summary>
    public const string NotNow = "not-now";

    private const string NobodyOut = "nobody-out";

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(4);

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
        if (await BeginAsync(scope, db, desk, jobs, clock.GetUtcNow(), cancellationToken) is { } problem)
        {
            return Results.Redirect($"{page}?problem={problem}");
        }

        await held.CommitAsync(cancellationToken);
        await AwaitAsync(scope, jobs, signals, clock, cancellationToken);
        return Results.Redirect(page);
    }

    /// <summary>Puts a lottery for the free places in line, in place of one that was computed before somebody else answered or left; the caller holds the panel, commits and then waits.</summary>
    /// <returns>Why not, or null.</returns>
    public static async Task<string?> BeginAsync(DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Lottery? panel = await desk.NewestAsync(scope.SiteId, LotteryKind.Panel, cancellationToken);
        Lottery? pending = await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, cancellationToken);
        if (panel is not { State: LotteryState.Drawn } || pending is { State: LotteryState.Computing or LotteryState.Frozen })
        {
            return NotNow;
        }

        (IReadOnlyList<string> staying, IReadOnlyList<string> leaving) = await ReplaceParticipants.SplitAsync(scope.SiteId, db, cancellationToken);
        string conditions = Conditions(staying, leaving);
        if (pending is { State: LotteryState.Computed })
        {
            if (pending.ConditionsJson == conditions)
            {
                return NotNow;
            }

            ReplaceParticipants.CallOff(pending, scope, db, desk);
        }

        if (panel.PanelSize <= staying.Count)
        {
            return NobodyOut;
        }

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
            ConditionsJson = conditions,
            CreatedAt = now,
        };
        db.Lotteries.Add(replacement);
        db.Journal.Add(desk.Entry("replacement.started", replacement, DrawDesk.AttemptFacts(replacement), scope.Staff.Id, now));
        await jobs.StartAsync(scope.DialogueId, scope.SiteId, Kind, replacement.Id.ToString(), cancellationToken);
        return null;
    }

    /// <summary>Wakes the runner, which sees the job only now that it is committed, and gives it a moment: for a few places it needs no more, and the next page is the one to go on with.</summary>
    public static async Task AwaitAsync(DialogueScope scope, JobQueue jobs, JobSignals signals, TimeProvider clock, CancellationToken cancellationToken)
    {
        signals.Wake();
        long began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < Moment && await jobs.NewestAsync(scope.DialogueId, scope.SiteId, Kind, cancellationToken) is { State: JobState.Waiting or JobState.Running })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, cancellationToken);
        }
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
