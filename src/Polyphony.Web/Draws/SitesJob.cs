using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Draws;

/// <summary>How far one site's lottery has come while the job of all sites is at it.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Step">Code of what is being done.</param>
/// <param name="Gap">How far from the best it may be, relative; null while nothing is proven.</param>
/// <param name="Bound">What no lottery can be better than; null while that is not known.</param>
public sealed record SitePart(double Share, string Step, double? Gap, double? Bound);

/// <summary>Computes the lotteries of many sites as one job, as many at once as there are cores. A site whose quotas cannot be met ends alone; the others go on.</summary>
/// <remarks>Each lottery is saved as soon as it is there: a server that was killed goes on with those that are missing.</remarks>
public sealed partial class SitesJob(Db db, IServiceScopeFactory scopes, ILogger<SitesJob> logger) : IJobKind
{
    public const string Kind = "lotteries";

    public string Name => Kind;

    /// <summary>The attempts that a job is about, which follow one another: <c>first-last</c>.</summary>
    public static string SubjectOf(IReadOnlyList<Lottery> attempts) =>
        string.Create(CultureInfo.InvariantCulture, $"{attempts.Min(lottery => lottery.Attempt)}-{attempts.Max(lottery => lottery.Attempt)}");

    public static IReadOnlyDictionary<string, SitePart> Parts(Job? job) => job is { PartsJson.Length: > 0 }
        ? JsonSerializer.Deserialize<Dictionary<string, SitePart>>(job.PartsJson)!
        : new Dictionary<string, SitePart>();

    public async Task<string> RunAsync(Job job, JobProgress progress, CancellationToken cancellationToken)
    {
        int[] attempts = [.. job.Subject.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        int first = attempts[0];
        int last = attempts[1];
        var rows = await (
            from lottery in db.Lotteries
            where lottery.DialogueId == job.DialogueId && lottery.Kind == LotteryKind.Panel && lottery.Attempt >= first && lottery.Attempt <= last
            join site in db.Sites on lottery.SiteId equals site.Id
            orderby site.Position
            select new { lottery.Id, lottery.State, site.Code }).ToListAsync(CancellationToken.None);
        ConcurrentDictionary<string, SitePart> parts = new(rows.Where(row => row.State != LotteryState.Computing).Select(row => KeyValuePair.Create(row.Code, new SitePart(1, "", null, null))));
        Report();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Parallel.ForEachAsync(
                rows.Where(row => row.State == LotteryState.Computing), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
                async (row, stop) =>
                {
                    await OneAsync(row.Id, job.Id, new JobProgress(report =>
                    {
                        parts[row.Code] = new(report.Share, report.Step, report.Gap, report.Bound);
                        Report();
                    }), stop);
                    parts[row.Code] = new(1, "", null, null);
                    Report();
                });
        }
        catch (OperationCanceledException)
        {
            // Those that were computing have ended themselves; those that waited would lock their pools for ever.
            if (await db.Jobs.AnyAsync(stopped => stopped.Id == job.Id && stopped.StopRequested, CancellationToken.None))
            {
                foreach (LotteryId id in rows.Select(row => row.Id))
                {
                    await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                    await Work(scope).EndIfWaitingAsync(id, "stopped");
                }
            }

            throw;
        }

        return "";

        void Report() => progress.Report(parts.Values.Sum(part => part.Share) / Math.Max(1, rows.Count), "", parts: JsonSerializer.Serialize(parts));
    }

    private async Task OneAsync(LotteryId id, JobId job, JobProgress progress, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        try
        {
            await Work(scope).RunAsync(id, job, progress, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever broke one site's lottery is shown there; the other sites go on.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogSiteFailed(logger, id, failure);
        }
    }

    private static LotteryJob Work(AsyncServiceScope scope) => new(
        scope.ServiceProvider.GetRequiredService<Db>(), scope.ServiceProvider.GetRequiredService<DrawDesk>(), scope.ServiceProvider.GetRequiredService<TimeProvider>());

    [LoggerMessage(Level = LogLevel.Error, Message = "Lottery {Id} of one of many sites failed")]
    private static partial void LogSiteFailed(ILogger logger, LotteryId id, Exception failure);
}
