using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Routing;
using Polyphony.Storage;
using Polyphony.Storage.Statements;

namespace Polyphony.Web.Statements;

/// <summary>Compares what citizens are shown with what was meant for them. A platform once showed everything alike for sixteen months while it meant to weigh.</summary>
/// <remarks>Sums are added up in memory and written every few seconds: a vote that wrote what was meant for every statement would wait for all others. A server that is killed loses both sums of the last seconds, which leaves the comparison fair.</remarks>
internal sealed partial class RoutingWatches(IServiceScopeFactory scopes, TimeProvider clock, ILogger<RoutingWatches> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    private readonly Guid run = Guid.CreateVersion7(clock.GetUtcNow());
    private readonly ConcurrentDictionary<DialogueId, RoutingWatch> watches = new();
    private readonly Dictionary<DialogueId, long> written = [];

    /// <summary>Notes that somebody came to a statement; once, however often they load the page.</summary>
    /// <param name="weights">What was meant for them, worked out anew.</param>
    public void Note(DialogueId dialogue, StatementRoute route, IReadOnlyList<long> weights, StatementId shown)
    {
        int at = route.Statements.Index().Where(pair => pair.Item.Id == shown).Select(pair => pair.Index).DefaultIfEmpty(-1).First();
        if (at < 0 || weights.Sum() == 0)
        {
            return;
        }

        // Numbers are given once and never change, so that the watch goes on when statements come or go.
        RoutingWatch watch = watches.GetOrAdd(dialogue, _ => new RoutingWatch(0));
        lock (watch)
        {
            watch.MakeRoom(route.Statements[^1].Number);
            long[] byNumber = new long[watch.Statements];
            foreach ((int index, long weight) in weights.Index())
            {
                byNumber[route.Statements[index].Number - 1] = weight;
            }

            watch.Note(byNumber, route.Statements[at].Number - 1);
        }
    }

    /// <summary>Looks at all views since the vote opened: of this run, of those before it, and of other servers as they last wrote.</summary>
    public async Task<RoutingFinding> LookAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        RoutingWatch all = new(0);
        foreach (RoutingSum sum in await db.RoutingSums.AsNoTracking().Where(sum => sum.DialogueId == dialogue && sum.Run != run).ToListAsync(cancellationToken))
        {
            all.Join(RoutingWatch.Of(sum.Shown, sum.Intended));
        }

        if (watches.TryGetValue(dialogue, out RoutingWatch? own))
        {
            lock (own)
            {
                all.Join(own);
            }
        }

        return all.Look();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Round, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; by now it takes no votes any more.
        }

        await WriteAsync(CancellationToken.None);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach ((DialogueId dialogue, RoutingWatch watch) in watches)
        {
            long views;
            long[] shown, intended;
            lock (watch)
            {
                (views, shown, intended) = (watch.Views, [.. watch.Shown], [.. watch.Intended]);
            }

            if (written.GetValueOrDefault(dialogue) == views)
            {
                continue;
            }

            try
            {
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                Db db = scope.ServiceProvider.GetRequiredService<Db>();
                RoutingSum? sum = await db.RoutingSums.SingleOrDefaultAsync(sum => sum.DialogueId == dialogue && sum.Run == run, cancellationToken);
                if (sum is null)
                {
                    db.RoutingSums.Add(sum = new RoutingSum { DialogueId = dialogue, Run = run });
                }

                (sum.Shown, sum.Intended) = (shown, intended);
                await db.SaveChangesAsync(cancellationToken);
                written[dialogue] = views;
            }
#pragma warning disable CA1031 // The sums stay in memory and the next round tries again.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogNotWritten(logger, dialogue, failure.GetType().Name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was shown of the statements of dialogue {Dialogue} was not written: {Failure}")]
    private static partial void LogNotWritten(ILogger logger, DialogueId dialogue, string failure);
}
