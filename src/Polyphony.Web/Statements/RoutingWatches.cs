using System.Collections.Concurrent;
using Polyphony.Dialogues;
using Polyphony.Statistics.Routing;

namespace Polyphony.Web.Statements;

/// <summary>Compares what citizens are shown with what was meant for them, as long as the server runs. A platform once showed everything alike for sixteen months while it meant to weigh.</summary>
internal sealed class RoutingWatches
{
    private readonly ConcurrentDictionary<DialogueId, RoutingWatch> watches = new();

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
        RoutingWatch watch = watches.GetOrAdd(dialogue, _ => new RoutingWatch(1));
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

    public RoutingFinding? Look(DialogueId dialogue)
    {
        if (!watches.TryGetValue(dialogue, out RoutingWatch? watch))
        {
            return null;
        }

        lock (watch)
        {
            return watch.Look();
        }
    }
}
