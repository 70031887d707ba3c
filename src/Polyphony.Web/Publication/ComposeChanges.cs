using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Publication;

namespace Polyphony.Web.Publication;

/// <summary>Composes what is released of questions that were asked before and after: through the gate, and as it was first shown.</summary>
internal static class ComposeChanges
{
    public static async Task<IReadOnlyList<PublishedChange>> OfAsync(
        Db db, DialogueId dialogue, IReadOnlyList<(Session Session, SessionCounts Counts)> sessions, IReadOnlyList<Release> releases, int people, CancellationToken cancellationToken)
    {
        Dictionary<SessionId, PairedFlow[]> joined = (await db.PairCounts.AsNoTracking().Where(count => count.DialogueId == dialogue).ToListAsync(cancellationToken))
            .GroupBy(count => count.SessionId, count => JsonSerializer.Deserialize<PairedFlow[]>(count.FlowsJson) ?? throw new JsonException("Flows are empty."))
            .ToDictionary(sites => sites.Key, sites => sites.Aggregate((sum, site) => [.. sum.Zip(site, (one, other) => one.Plus(other))]));
        Dictionary<string, ReleasedFlow> seen = FlowsSeen(releases);
        List<PublishedChange> changes = [];
        foreach ((Session after, SessionCounts again) in sessions.Where(counted => joined.ContainsKey(counted.Session.Id)))
        {
            if (sessions.Where(counted => counted.Session.Id == after.BeforeId).Cast<(Session, SessionCounts)?>().FirstOrDefault() is not (Session before, SessionCounts first))
            {
                continue;
            }

            PairedFlow[] flows = joined[after.Id];
            ImmutableArray<ChangeVerdict> verdicts = QuestionnaireChange.Of(flows);
            changes.Add(new PublishedChange(before.Title, after.Title, [
                .. after.Questions.Select((question, q) => new PublishedFlow(question.Text, [.. question.Options.Select(option => option.Text)], flows[q].Before, flows[q].After,
                    flows[q].Counts.IsEmpty ? null
                    : seen.GetValueOrDefault(flows[q].After) ?? ReleasedFlow.Of(flows[q], first.Overall[q], again.Overall[q], verdicts[q], Math.Max(people, first.Ballots)))),
            ]));
        }

        return changes;
    }

    /// <summary>Flows as their first publication showed them, taken back or not: they are fixed at closing, and a second mask over the same people could be subtracted from the first.</summary>
    private static Dictionary<string, ReleasedFlow> FlowsSeen(IReadOnlyList<Release> releases)
    {
        Dictionary<string, ReleasedFlow> seen = [];
        foreach (ReleasedFlow flow in releases.OrderBy(release => release.Version).SelectMany(release => PublishedResults.Of(release.ResultsJson).Changes ?? []).SelectMany(change => change.Questions).Select(question => question.Flow).OfType<ReleasedFlow>())
        {
            seen.TryAdd(flow.After, flow);
        }

        return seen;
    }
}
