using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Draws;

/// <summary>Computes a fair lottery of numbered panels in the background. Every attempt is kept and shown.</summary>
internal static class ComputeLottery
{
    public const string Kind = "lottery";
    public const int Panels = 1_000;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/draw/compute", StartAsync).TakesForm();
        organiser.MapPost("/draw/stop", StopAsync).TakesForm();
    }

    private static async Task<IResult> StartAsync(DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/draw";
        int size = scope.Site?.PlannedParticipants ?? 0;
        if (size < 2)
        {
            return Results.Redirect(page + "?problem=no-size");
        }

        if (await desk.IsFrozenAsync(scope.DialogueId, cancellationToken))
        {
            return Results.Redirect(page + "?problem=frozen");
        }

        if (await db.PoolMembers.CountAsync(member => member.DialogueId == scope.DialogueId, cancellationToken) < size)
        {
            return Results.Redirect(page + "?problem=small-pool");
        }

        if (await jobs.NewestAsync(scope.DialogueId, Kind, cancellationToken) is { State: JobState.Waiting or JobState.Running })
        {
            return Results.Redirect(page);
        }

        DateTimeOffset now = clock.GetUtcNow();
        int attempts = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId).MaxAsync(lottery => (int?)lottery.Attempt, cancellationToken) ?? 0;
        Lottery attempt = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = scope.DialogueId,
            Attempt = attempts + 1,
            Kind = LotteryKind.Panel,
            State = LotteryState.Computing,
            Objective = "leximin",
            PanelSize = size,
            CreatedAt = now,
        };
        db.Lotteries.Add(attempt);

        // A lottery that is computed again was looked at and not taken: the log says so, whatever the reason.
        if (await desk.NewestAsync(scope.DialogueId, LotteryKind.Panel, cancellationToken) is { State: LotteryState.Computed } passedOver)
        {
            db.Journal.Add(desk.Entry("lottery.discarded", passedOver, DrawDesk.AttemptFacts(passedOver), scope.Staff.Id));
        }

        db.Journal.Add(desk.Entry("lottery.started", attempt, DrawDesk.AttemptFacts(attempt), scope.Staff.Id));
        await db.SaveChangesAsync(cancellationToken);
        await jobs.StartAsync(scope.DialogueId, Kind, attempt.Id.ToString(), cancellationToken);
        return Results.Redirect(page);
    }

    private static async Task<IResult> StopAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await jobs.NewestAsync(scope.DialogueId, Kind, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/draw");
    }
}

/// <summary>The work behind <see cref="ComputeLottery"/>.</summary>
public sealed class LotteryJob(Db db, DrawDesk desk, TimeProvider clock) : IJobKind
{
    public string Name => ComputeLottery.Kind;

    public async Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken)
    {
        LotteryId id = LotteryId.TryParse(job.Subject, out LotteryId parsed) ? parsed : throw new InvalidOperationException(job.Subject);
        Lottery lottery = await db.Lotteries.SingleAsync(l => l.Id == id, cancellationToken);
        DrawPool pool = await desk.PoolAsync(job.DialogueId, lottery.PanelSize, cancellationToken);
        long started = clock.GetTimestamp();
        try
        {
            LotteryOutcome outcome = await Task.Run(() => FairLottery.Compute(new LotteryRequest(pool.Pool, LotteryObjective.Leximin, ComputeLottery.Panels), new Reporter(progress), CancellationToken.None, cancellationToken), cancellationToken);
            if (outcome is not LotteryOutcome.Computed computed)
            {
                return await EndAsync(lottery, "no-panel");
            }

            TimeSpan elapsed = clock.GetElapsedTime(started);
            PanelDiagnosis? diagnosis = await Task.Run(() => PanelDiagnosis.Of(computed.Exact, cancellationToken), cancellationToken);
            lottery.State = LotteryState.Computed;
            lottery.ComputedAt = clock.GetUtcNow();
            lottery.Panels = DrawDesk.Pack(computed.Lottery.Panels);
            lottery.ResultJson = JsonSerializer.Serialize(new LotteryResult(
                computed.Lottery.Counts, computed.Lottery.Target, computed.Lottery.Bound, computed.Lottery.Uncoverable, computed.Lottery.Panels.Count, elapsed.TotalSeconds,
                diagnosis is null ? null : new(diagnosis, diagnosis.Forced.Sum(t => computed.Exact.Types.Types[t].People.Count))));
            db.Journal.Add(desk.Entry("lottery.computed", lottery, DrawDesk.ComputedFacts(lottery)));
            await db.SaveChangesAsync(cancellationToken);
            return "";
        }
        catch (OperationCanceledException)
        {
            await EndAsync(lottery, "stopped");
            throw;
        }
    }

    private async Task<string> EndAsync(Lottery lottery, string code)
    {
        lottery.State = LotteryState.Ended;
        lottery.EndCode = code;
        db.Journal.Add(desk.Entry("lottery.ended", lottery, DrawDesk.EndFacts(lottery)));
        await db.SaveChangesAsync(CancellationToken.None);
        return code;
    }

    private sealed class Reporter(JobProgress progress) : IProgress<LotteryProgress>
    {
        public void Report(LotteryProgress value) => progress.Report(value.Share, value.Step);
    }
}
