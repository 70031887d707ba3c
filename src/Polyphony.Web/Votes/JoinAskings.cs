using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Dialogues.Ballots;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;

namespace Polyphony.Web.Votes;

/// <summary>Joins two askings of the same questions: counts the ways from answer to answer while the marks are there, and erases the marks.</summary>
/// <remarks>See ADR 0021. Everything here runs in the transaction that closes the second asking, or in the one that gives it up.</remarks>
internal static class JoinAskings
{
    /// <summary>Counts where each answer of a site went, then rewrites its first ballots without marks.</summary>
    /// <param name="second">The ballots of the second asking at the site as they were cast.</param>
    public static async Task FixAsync(Db db, DialogueId dialogue, Session session, SiteId site, IReadOnlyList<Ballot> second, DateTimeOffset now, CancellationToken cancellationToken)
    {
        SessionId before = session.BeforeId!.Value;
        List<Ballot> first = await db.Ballots.AsNoTracking().Where(ballot => ballot.SessionId == before && ballot.SiteId == site).ToListAsync(cancellationToken);
        List<Question> asked = await QuestionsAsync(db, before, cancellationToken);
        List<Question> again = await QuestionsAsync(db, session.Id, cancellationToken);
        Dictionary<BallotBatch.Bytes, Ballot> marked = first.Where(ballot => ballot.Pair is not null).ToDictionary(ballot => new BallotBatch.Bytes(ballot.Pair!));
        var pairs = second.Where(ballot => ballot.Pair is not null && marked.ContainsKey(new(ballot.Pair)))
            .Select(ballot => (Before: BallotPaper.Read(marked[new(ballot.Pair!)].Answers), After: BallotPaper.Read(ballot.Answers))).ToList();
        PairedFlow[] flows =
        [
            .. asked.Zip(again).Select((questions, q) => PairedFlow.Of(
                questions.First.Id.ToString(), questions.Second.Id.ToString(), (AnswerForm)questions.Second.Kind, questions.Second.Options.Count, pairs.Select(pair => (pair.Before[q], pair.After[q])))),
        ];
        db.PairCounts.Add(new PairCount { SessionId = session.Id, SiteId = site, DialogueId = dialogue, FlowsJson = JsonSerializer.Serialize(flows), ClosedAt = now });
        await RewriteAsync(db, before, site, first, keepsMarks: false, cancellationToken);
    }

    /// <summary>Erases the marks of a first asking that nobody will be asked again.</summary>
    public static async Task GiveUpAsync(Db db, SessionId before, CancellationToken cancellationToken)
    {
        // Where the first asking is still open its ballots are left alone: somebody may yet change one.
        foreach (SiteId site in await db.SiteBallots.Where(ballot => ballot.SessionId == before && ballot.State == BallotState.Closed).Select(ballot => ballot.SiteId).ToListAsync(cancellationToken))
        {
            List<Ballot> ballots = await db.Ballots.AsNoTracking().Where(ballot => ballot.SessionId == before && ballot.SiteId == site).ToListAsync(cancellationToken);
            if (ballots.Exists(ballot => ballot.Pair is not null))
            {
                await RewriteAsync(db, before, site, ballots, keepsMarks: false, cancellationToken);
            }
        }
    }

    /// <summary>Writes the closed ballots of a site anew under new keys and in shuffled order: neither a row's place nor its transaction number joins it with anybody.</summary>
    public static async Task RewriteAsync(Db db, SessionId session, SiteId site, IReadOnlyList<Ballot> ballots, bool keepsMarks, CancellationToken cancellationToken)
    {
        await db.Ballots.Where(ballot => ballot.SessionId == session && ballot.SiteId == site).ExecuteDeleteAsync(cancellationToken);
        Ballot[] shuffled = [.. ballots];
        RandomNumberGenerator.Shuffle(shuffled.AsSpan());
        db.Ballots.AddRange(shuffled.Select(ballot => new Ballot { Key = RandomNumberGenerator.GetBytes(16), SessionId = session, SiteId = site, Answers = ballot.Answers, Pair = keepsMarks ? ballot.Pair : null }));
    }

    private static Task<List<Question>> QuestionsAsync(Db db, SessionId session, CancellationToken cancellationToken) =>
        db.Questions.AsNoTracking().Include(question => question.Options).Where(question => question.SessionId == session).OrderBy(question => question.Position).ToListAsync(cancellationToken);
}
