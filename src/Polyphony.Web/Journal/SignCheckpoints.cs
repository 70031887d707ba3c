using Microsoft.EntityFrameworkCore;
using Polyphony.Storage;

namespace Polyphony.Web.Journal;

/// <summary>Signs the journal every few seconds, so that little of it can be taken away unnoticed.</summary>
internal sealed partial class SignCheckpoints(IServiceScopeFactory scopes, LogKeeper keeper, TimeProvider clock, ILogger<SignCheckpoints> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SignAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await SignAsync(CancellationToken.None);
        }
    }

    private async Task SignAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            if (await db.Journal.AnyAsync(cancellationToken))
            {
                await keeper.CheckpointAsync(db, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or System.Data.Common.DbException or InvalidDataException)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal could not be signed now; it is tried again.")]
    private partial void LogFailed(Exception failure);
}
