using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Publication;

/// <summary>The counts of closed sessions: those fixed at closing and those of paper ballots that both entries agree on.</summary>
public sealed class SessionCounter(Db db)
{
    /// <summary>Counts of one dialogue's closed sessions, or why they cannot be published.</summary>
    /// <returns>Sessions that every site has closed, in the order of the agenda, with the sum of what the sites counted; and refusals: <c>open</c>, <c>sites</c>, <c>paper</c>, <c>none</c>.</returns>
    /// <remarks>Paper ballots that do not agree stop the publication: no result leaves somebody's ballot out. A site that has not closed stops it too: who saw the sum before and after would know what the last site said.</remarks>
    public async Task<(IReadOnlyList<(Session Session, SessionCounts Counts)> Sessions, IReadOnlyList<Refusal> Refusals)> CountAsync(DialogueId dialogue, CancellationToken cancellationToken)
    {
        List<Session> sessions = await db.Sessions.AsNoTracking().Include(session => session.Questions.OrderBy(question => question.Position)).ThenInclude(question => question.Options.OrderBy(option => option.Position))
            .Where(session => session.DialogueId == dialogue && session.Questions.Any()).OrderBy(session => session.Position).AsSplitQuery().ToListAsync(cancellationToken);
        List<Site> sites = await db.Sites.AsNoTracking().Where(site => site.DialogueId == dialogue).OrderBy(site => site.Position).ToListAsync(cancellationToken);
        Dictionary<(SessionId, SiteId), SessionCount> fixedCounts = await db.SessionCounts.AsNoTracking().Where(count => count.DialogueId == dialogue).ToDictionaryAsync(count => (count.SessionId, count.SiteId), cancellationToken);
        List<PaperTally> paper = await db.PaperTallies.AsNoTracking().Where(tally => tally.DialogueId == dialogue).ToListAsync(cancellationToken);
        List<(Session, SessionCounts)> counted = [];
        List<Refusal> refusals = [];
        foreach (Session session in sessions)
        {
            if (session.BallotOver(sites) == BallotState.Open)
            {
                refusals.Add(new Refusal(session, sites.Count == 1 ? "open" : "sites", [], [.. sites.Where(site => session.BallotAt(site.Id) != BallotState.Closed).Select(site => site.Code)]));
            }
            else if (session.BallotOver(sites) == BallotState.Closed)
            {
                List<PaperTally> written = paper.FindAll(tally => tally.SessionId == session.Id);
                IReadOnlyList<PaperTable> tables = PaperTable.Of(written);
                if (tables.Any(table => table.IsToMend))
                {
                    refusals.Add(new Refusal(session, "paper", [.. tables.Where(table => table.IsToMend).Select(table => table.Table)], []));
                    continue;
                }

                counted.Add((session, SessionCounts.Over([
                    .. sites.Select(site => (site.Code, PaperTable.Of(written.FindAll(tally => tally.SiteId == site.Id)).Select(table => table.First!).Aggregate(Fixed(fixedCounts[(session.Id, site.Id)]), AddPaper))),
                ])));
            }
        }

        if (counted.Count == 0 && refusals.Count == 0)
        {
            refusals.Add(new Refusal(null, "none", [], []));
        }

        return (counted, refusals);
    }

    private static SessionCounts Fixed(SessionCount count) => JsonSerializer.Deserialize<SessionCounts>(count.CountsJson) ?? throw new JsonException("Counts are empty.");

    /// <summary>Paper ballots count overall at their site; which group their people belong to is not written on them.</summary>
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
/// <param name="Sites">Codes of the sites that have not closed it.</param>
public sealed record Refusal(Session? Session, string Code, IReadOnlyList<int> Tables, IReadOnlyList<string> Sites);
