using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Draws;

/// <summary>The work behind <see cref="ComputeLottery"/>.</summary>
public sealed class LotteryJob(Db db, DrawDesk desk, TimeProvider clock) : IJobKind
{
    public string Name => ComputeLottery.Kind;

    public Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken) => RunAsync(
        LotteryId.TryParse(job.Subject, out LotteryId parsed) ? parsed : throw new InvalidOperationException(job.Subject), job.Id, progress, cancellationToken);

    /// <summary>Computes one lottery as a job, or as a part of one.</summary>
    public async Task<string> RunAsync(LotteryId id, JobId job, JobProgress progress, CancellationToken cancellationToken)
    {
        Lottery lottery = await db.Lotteries.SingleAsync(l => l.Id == id, CancellationToken.None);
        if (lottery.State != LotteryState.Computing)
        {
            // A server that died after the result was saved and before the job was closed starts the job again: what is there, and perhaps frozen, stays.
            return lottery.EndCode;
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await ComputeAsync(lottery, progress, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A server that goes down stops its jobs too; they go on when it is back, unless a person wanted the end.
            if (await db.Jobs.AnyAsync(stopped => stopped.Id == job && stopped.StopRequested, CancellationToken.None))
            {
                await EndAsync(lottery, "stopped");
            }

            throw;
        }
        catch
        {
            // Whatever broke it: an attempt that is computed for ever would lock pool and quotas.
            db.ChangeTracker.Clear();
            await EndAsync(await db.Lotteries.SingleAsync(l => l.Id == id, CancellationToken.None), "unexpected");
            throw;
        }
    }

    private async Task<string> ComputeAsync(Lottery lottery, JobProgress progress, CancellationToken cancellationToken)
    {
        if (await desk.PoolOfAsync(lottery, cancellationToken) is not { } pool)
        {
            return await EndAsync(lottery, "no-replacement");
        }

        long started = clock.GetTimestamp();
        using CancellationTokenSource enough = lottery.SecondsAllowed is { } seconds ? new(TimeSpan.FromSeconds(seconds), clock) : new();
        LotteryRequest request = new(pool.Left?.Rest ?? pool.Pool, Objectives.Of(lottery.Objective), lottery.PanelCount);
        CancellationToken limit = enough.Token;
        switch (await Task.Run(() => FairLottery.Compute(request, new Reporter(progress), limit, cancellationToken), cancellationToken))
        {
            case LotteryOutcome.Computed computed:
                TimeSpan elapsed = clock.GetElapsedTime(started);
                progress.Report(0.95, "reasons");
                PanelDiagnosis? diagnosis = await DiagnoseAsync(computed.Exact, cancellationToken);
                lottery.State = LotteryState.Computed;
                lottery.ComputedAt = clock.GetUtcNow();

                // Replacements too are drawn as whole panels, with everybody who stays.
                lottery.Panels = DrawDesk.Pack(pool.Left is { } left ? [.. computed.Lottery.Panels.Select(left.Whole)] : computed.Lottery.Panels);
                lottery.Certificate = DrawFolder.Pack(computed.Exact, computed.Lottery.Panels.Count);
                lottery.ResultJson = JsonSerializer.Serialize(LotteryResult.Of(computed, elapsed, diagnosis));
                db.Journal.Add(desk.Entry(Word(lottery) + ".computed", lottery, DrawDesk.ComputedFacts(lottery)));
                await db.SaveChangesAsync(cancellationToken);
                return "";
            case LotteryOutcome.NoPanel when lottery.Kind == LotteryKind.Replacement:
                return await EndAsync(lottery, "no-replacement");
            case LotteryOutcome.NoPanel:
                return await EndAsync(lottery, "no-panel");
            case LotteryOutcome.Refused { Code: "digits-exhausted" }:
                return await EndAsync(lottery, "digits-exhausted");
            case LotteryOutcome.Refused { Code: "undecided" }:
                return await EndAsync(lottery, "undecided");
            case LotteryOutcome.Refused { Code: "legacy-found-no-panel" }:
                return await EndAsync(lottery, "legacy-found-no-panel");
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>What decides about chances. Where the limit ended the search it is over soon too: without a diagnosis there is still the lottery.</summary>
    private async Task<PanelDiagnosis?> DiagnoseAsync(ExactLottery exact, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(exact.EndedByLimit ? TimeSpan.FromSeconds(5) : Timeout.InfiniteTimeSpan, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        CancellationToken stop = either.Token;
        try
        {
            return await Task.Run(() => PanelDiagnosis.Of(exact, stop), cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Ends a lottery whose turn never came.</summary>
    public async Task EndIfWaitingAsync(LotteryId id, string code)
    {
        if (await db.Lotteries.SingleAsync(l => l.Id == id, CancellationToken.None) is { State: LotteryState.Computing } waiting)
        {
            waiting.State = LotteryState.Ended;
            waiting.EndCode = code;
            db.Journal.Add(desk.Entry("lottery.ended", waiting, DrawDesk.EndFacts(waiting)));
            await db.SaveChangesAsync(CancellationToken.None);
        }
    }

    /// <summary>How the log calls such an attempt.</summary>
    private static string Word(Lottery lottery) => lottery.Kind == LotteryKind.Replacement ? "replacement" : "lottery";

    private async Task<string> EndAsync(Lottery lottery, string code)
    {
        lottery.State = LotteryState.Ended;
        lottery.EndCode = code;
        db.Journal.Add(desk.Entry(Word(lottery) + ".ended", lottery, DrawDesk.EndFacts(lottery)));
        await db.SaveChangesAsync(CancellationToken.None);
        return code;
    }

    private sealed class Reporter(JobProgress progress) : IProgress<LotteryProgress>
    {
        public void Report(LotteryProgress value) => progress.Report(value.Share, value.Step, value.Gap is { } gap && double.IsFinite(gap) ? gap : null, value.Bound);
    }
}
