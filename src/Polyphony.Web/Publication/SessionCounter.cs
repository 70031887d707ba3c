using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Publication;

/// <summary>The counts of closed sessions: those fixed at closing and those of paper ballots that both entries agree on.</summary>
public sealed class SessionCounter(Db db)
{
    /// <summary>Counts of one dialogue's closed sessions, or why they cannot be published.</summary>
    /// <returns>Sessions in the order of the agenda with their counts; and refusals: <c>open</c>, <c>paper</c>, <c>none</c>.</returns>
    /// <remarks>Paper ballots that do not agree stop the publication: no result leaves somebody's ballot out.</remarks>
    public async Task<(IReadOnlyList<(Session Session, SessionCounts Counts)> Sessions, IReadOnlyList<Refusal> Refusals)> CountAsync(DialogueId dialogue, CancellationToken cancellationToken)
    {
        List<Session> sessions = await db.Sessions.AsNoTracking().Include(session => session.Questions.OrderBy(question => question.Position)).ThenInclude(question => question.Options.OrderBy(option => option.Position))
            .Where(session => session.DialogueId == dialogue && session.Questions.Any()).OrderBy(session => session.Position).AsSplitQuery().ToListAsync(cancellationToken);
        Dictionary<SessionId, SessionCount> fixedCounts = await db.SessionCounts.AsNoTracking().Where(count => count.DialogueId == dialogue).ToDictionaryAsync(count => count.SessionId, cancellationToken);
        List<PaperTally> paper = await db.PaperTallies.AsNoTracking().Where(tally => tally.DialogueId == dialogue).ToListAsync(cancellationToken);
        List<(Session, SessionCounts)> counted = [];
        List<Refusal> refusals = [];
        foreach (Session session in sessions)
        {
            if (session.BallotState == BallotState.Open)
            {
                refusals.Add(new Refusal(session, "open", []));
            }
            else if (session.BallotState == BallotState.Closed)
            {
                IReadOnlyList<PaperTable> tables = PaperTable.Of([.. paper.Where(tally => tally.SessionId == session.Id)]);
                if (tables.Any(table => table.IsToMend))
                {
                    refusals.Add(new Refusal(session, "paper", [.. tables.Where(table => table.IsToMend).Select(table => table.Table)]));
                    continue;
                }

                SessionCounts counts = JsonSerializer.Deserialize<SessionCounts>(fixedCounts[session.Id].CountsJson) ?? throw new JsonException("Counts are empty.");
                counted.Add((session, tables.Select(table => table.First!).Aggregate(counts, AddPaper)));
            }
        }

        if (counted.Count == 0 && refusals.Count == 0)
        {
            refusals.Add(new Refusal(null, "none", []));
        }

        return (counted, refusals);
    }

    /// <summary>Paper ballots count overall; which group their people belong to is not written on them.</summary>
    private static SessionCounts AddPaper(SessionCounts counts, PaperTally tally)
    {
        IReadOnlyList<IReadOnlyList<int>> read = PaperCounts.Read(tally.Counts);
        ImmutableArray<QuestionTally> overall =
        [
            .. counts.Overall.Select((question, q) => question.Plus(question with { Ballots = tally.Ballots, Counts = [.. read[q].SkipLast(1)], NoAnswer = read[q][^1] })),
        ];
        return counts with { Ballots = counts.Ballots + tally.Ballots, Overall = overall };
    }
}

/// <summary>Why results cannot be published yet.</summary>
/// <param name="Tables">Tables whose paper ballots were entered once only, or twice with different counts.</param>
public sealed record Refusal(Session? Session, string Code, IReadOnlyList<int> Tables);
