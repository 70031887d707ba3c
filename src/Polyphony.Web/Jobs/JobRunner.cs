using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Jobs;

namespace Polyphony.Web.Jobs;

/// <summary>A kind of long work, registered by its feature.</summary>
public interface IJobKind
{
    /// <summary>The name that jobs of this kind carry, such as <c>lottery</c>.</summary>
    string Name { get; }

    /// <summary>Does the work; throws <see cref="OperationCanceledException"/> when it was stopped.</summary>
    /// <returns>Empty when done, else the code of why it could not be done.</returns>
    Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken);
}

/// <summary>What a running job says of itself; saved at most twice a second.</summary>
public sealed class JobProgress(Action<JobReport> report)
{
    /// <param name="share">0 to 1.</param>
    /// <param name="step">Code of what is being done.</param>
    /// <param name="gap">How far from the best it may be, relative, where that is known.</param>
    /// <param name="bound">What nothing can be better than, where that is known.</param>
    /// <param name="parts">How far each part has come, as a JSON object by the parts' names; empty where there is one.</param>
    public void Report(double share, string step, double? gap = null, double? bound = null, string parts = "") => report(new(share, step, gap, bound, parts));
}

/// <summary>The last word of a running job.</summary>
public sealed record JobReport(double Share, string Step, double? Gap, double? Bound, string Parts);

/// <summary>Puts jobs in the queue and stops them; pages use this.</summary>
public sealed class JobQueue(Db db, JobSignals signals, TimeProvider clock)
{
    /// <param name="site">The site that it is for; null when it is for all.</param>
    public async Task<Job> StartAsync(DialogueId dialogue, SiteId? site, string kind, string subject, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Job job = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = dialogue, SiteId = site, Kind = kind, Subject = subject, CreatedAt = now };
        db.Jobs.Add(job);
        await db.SaveChangesAsync(cancellationToken);
        signals.Wake();
        return job;
    }

    /// <summary>The newest job of a kind at a site of a dialogue, or with no site for all of them; or null.</summary>
    public Task<Job?> NewestAsync(DialogueId dialogue, SiteId? site, string kind, CancellationToken cancellationToken) => db.Jobs.AsNoTracking()
        .Where(job => job.DialogueId == dialogue && job.SiteId == site && job.Kind == kind).OrderByDescending(job => job.CreatedAt).FirstOrDefaultAsync(cancellationToken);

    public async Task StopAsync(DialogueId dialogue, JobId id, CancellationToken cancellationToken)
    {
        await db.Jobs.Where(job => job.Id == id && job.DialogueId == dialogue && job.State <= JobState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.StopRequested, true), cancellationToken);
        signals.Stop(id);
    }
}

/// <summary>Wakes the runner and carries stops to it.</summary>
public sealed class JobSignals
{
    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private (JobId Id, CancellationTokenSource Source)? running;

    public void Wake() => wakes.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => wakes.Reader.ReadAsync(cancellationToken);

    public void Running(JobId id, CancellationTokenSource source) => running = (id, source);

    public void Stop(JobId id)
    {
        if (running is { } now && now.Id == id)
        {
            now.Source.Cancel();
        }
    }
}

/// <summary>Runs jobs one after the other in the background; a job that a dead process left behind is run again from its start.</summary>
public sealed partial class JobRunner(IServiceScopeFactory scopes, JobSignals signals, TimeProvider clock, ILogger<JobRunner> logger) : BackgroundService
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RequeueAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunNextAsync(stoppingToken))
                {
                }

                await signals.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The runner outlives any one job; the failure is logged and the next job gets its turn.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogRunnerFailed(logger, failure);
                await Task.Delay(TimeSpan.FromSeconds(5), clock, stoppingToken);
            }
        }
    }

    private async Task RequeueAsync(CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Db>().Jobs.Where(job => job.State == JobState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.State, JobState.Waiting).SetProperty(job => job.Progress, 0.0), cancellationToken);
    }

    private async Task<bool> RunNextAsync(CancellationToken stoppingToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        Job? job = await db.Jobs.Where(waiting => waiting.State == JobState.Waiting).OrderBy(waiting => waiting.CreatedAt).FirstOrDefaultAsync(stoppingToken);
        if (job is null)
        {
            return false;
        }

        job.StartedAt = clock.GetUtcNow();
        job.State = JobState.Running;
        await db.SaveChangesAsync(stoppingToken);

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        signals.Running(job.Id, stop);
        if (job.StopRequested || await db.Jobs.AnyAsync(stopped => stopped.Id == job.Id && stopped.StopRequested, stoppingToken))
        {
            // Stopped in the queue, or while it was being started: its kind still has to end what waits for it.
            await stop.CancelAsync();
        }

        using CancellationTokenSource reported = new();
        JobReport latest = new(0, "", null, null, "");
        Task reporting = ReportAsync(job.Id, () => latest, reported.Token);
        try
        {
            IJobKind kind = scope.ServiceProvider.GetServices<IJobKind>().Single(candidate => candidate.Name == job.Kind);
            string error = await kind.RunAsync(job, new JobProgress(report => latest = report), stop.Token);
            job.State = error.Length == 0 ? JobState.Done : JobState.Failed;
            job.ErrorCode = error;
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            job.State = JobState.Stopped;
        }
#pragma warning disable CA1031 // A job that breaks must be shown as failed, whatever broke it.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogJobFailed(logger, job.Kind, job.Id, failure);
            job.State = JobState.Failed;
            job.ErrorCode = "unexpected";
            db.ChangeTracker.Clear();
            db.Attach(job).State = EntityState.Modified;
        }
        finally
        {
            await reported.CancelAsync();
            await reporting;
        }

        job.Progress = job.State == JobState.Done ? 1 : latest.Share;
        (job.StepCode, job.Gap, job.Bound, job.PartsJson) = (latest.Step, latest.Gap, latest.Bound, latest.Parts);
        job.FinishedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(CancellationToken.None);
        return true;
    }

    private async Task ReportAsync(JobId id, Func<JobReport> latest, CancellationToken cancellationToken)
    {
        JobReport? saved = null;
        try
        {
            while (true)
            {
                await Task.Delay(ReportEvery, clock, cancellationToken);
                JobReport report = latest();
                if (report == saved)
                {
                    continue;
                }

                saved = report;
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<Db>().Jobs.Where(job => job.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(job => job.Progress, report.Share).SetProperty(job => job.StepCode, report.Step)
                        .SetProperty(job => job.Gap, report.Gap).SetProperty(job => job.Bound, report.Bound).SetProperty(job => job.PartsJson, report.Parts), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended; its last state is saved with it.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Kind} {Id} failed")]
    private static partial void LogJobFailed(ILogger logger, string kind, JobId id, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The job runner failed and goes on in five seconds")]
    private static partial void LogRunnerFailed(ILogger logger, Exception failure);
}
