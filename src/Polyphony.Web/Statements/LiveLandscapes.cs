using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Statements;

namespace Polyphony.Web.Statements;

/// <summary>Landscapes while the vote is open, drawn when an organiser or auditor looks.</summary>
/// <remarks>The votes are read anew only after ten more people: whoever looks again and again does not see whose votes come in. What becomes of statements meanwhile shows at once.</remarks>
internal sealed class LiveLandscapes(TimeProvider clock)
{
    private readonly ConcurrentDictionary<DialogueId, Seen> known = new();

    /// <summary>The landscape now; null while fewer than ten people have voted, or the vote is not open.</summary>
    public async Task<(Landscape Landscape, DateTimeOffset At)?> ReadAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        int people = DisclosureGate.LiveBallots(await db.StatementParticipations.CountAsync(took => took.DialogueId == dialogue, cancellationToken));
        if (people == 0)
        {
            return null;
        }

        Seen? last = known.TryGetValue(dialogue, out Seen? found) && found.People == people ? found : null;
        if (await WholeVote.SoFarAsync(db, dialogue, last?.Ballots, cancellationToken) is not { } vote)
        {
            return null;
        }

        string states = string.Join(' ', vote.Statements.Select(statement => $"{statement.Number}{statement.State}{statement.IsMeta}"));
        if (last is null || last.States != states)
        {
            if (await Task.Run(() => Landscape.Of(vote), cancellationToken) is not { } landscape)
            {
                return null;
            }

            known[dialogue] = last = new Seen(people, last?.At ?? clock.GetUtcNow(), vote.Ballots, states, landscape);
        }

        return (last.Landscape, last.At);
    }

    /// <summary>Keeps no mark that leads from a link to a vote once the vote is closed.</summary>
    public void Forget(DialogueId dialogue) => known.TryRemove(dialogue, out _);

    private sealed record Seen(int People, DateTimeOffset At, IReadOnlyList<StatementBallot> Ballots, string States, Landscape Landscape);
}
