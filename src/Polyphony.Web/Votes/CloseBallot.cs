using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Dialogues.Ballots;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Sites;

namespace Polyphony.Web.Votes;

/// <summary>Opens and closes the ballot of a session. Closing fixes the counts and erases for ever what leads from a ballot to a person.</summary>
internal static class CloseBallot
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/sessions/{session}/open", OpenAsync).TakesForm();
        organiser.MapPost("/sessions/{session}/close", CloseAsync).TakesForm();
    }

    private static async Task<IResult> OpenAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        Session? found = await db.Sessions.Include(s => s.Questions).SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        if (found.BallotState != BallotState.Draft || found.Questions.Count == 0)
        {
            return Results.Redirect($"/organise/{scope.Segment}/room?notice=cannot-open");
        }

        if (found.BeforeId is { } before && !await db.Sessions.AnyAsync(s => s.Id == before && s.BallotState == BallotState.Closed, cancellationToken))
        {
            return Results.Redirect($"/organise/{scope.Dialogue.Slug}/room?notice=before-first");
        }

        found.BallotState = BallotState.Open;
        found.BallotOpenedAt = clock.GetUtcNow();
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "ballot.opened", Facts = $"{{\"session\":\"{session}\"}}" });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"/organise/{scope.Segment}/room");
    }

    private static async Task<IResult> CloseAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // This update takes the session's lock: no ballot can be acknowledged after it.
            int closed = await db.Sessions.Where(s => s.Id == session && s.BallotState == BallotState.Open)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.BallotState, BallotState.Closed).SetProperty(s => s.BallotClosedAt, now), cancellationToken);
            if (closed == 0)
            {
                return Results.Redirect($"/organise/{scope.Segment}/room?notice=cannot-close");
            }

            List<Ballot> ballots = await db.Ballots.AsNoTracking().Where(ballot => ballot.SessionId == session).ToListAsync(cancellationToken);
            SessionCounts counts = await CountAsync(db, scope.DialogueId, session, ballots, cancellationToken);
            db.SessionCounts.Add(new SessionCount { SessionId = session, DialogueId = scope.DialogueId, CountsJson = JsonSerializer.Serialize(counts), ClosedAt = now });

            if (found.Kind == SessionKind.After)
            {
                await JoinAskings.FixAsync(db, scope.DialogueId, found, ballots, now, cancellationToken);
            }

            await JoinAskings.RewriteAsync(db, session, ballots, keepsMarks: found.Kind == SessionKind.Before, cancellationToken);

            // A hash of the answers under the link code would let a holder of both test guesses; after closing no repeat needs it.
            await db.BallotReceipts.Where(receipt => receipt.SessionId == session).ExecuteUpdateAsync(set => set.SetProperty(receipt => receipt.BodyHash, Array.Empty<byte>()), cancellationToken);
            await db.TabletTurns.Where(turn => turn.SessionId == session).ExecuteDeleteAsync(cancellationToken);
            db.Journal.Add(new JournalEntry
            {
                At = now,
                DialogueId = scope.DialogueId,
                StaffId = scope.Staff.Id,
                Code = "ballot.closed",
                Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"session\":\"{session}\",\"ballots\":{ballots.Count}}}"),
            });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        if (db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/room");
    }

    private static async Task<SessionCounts> CountAsync(Db db, DialogueId dialogue, SessionId session, List<Ballot> ballots, CancellationToken cancellationToken)
    {
        List<Question> questions = await db.Questions.AsNoTracking().Include(question => question.Options)
            .Where(question => question.SessionId == session).OrderBy(question => question.Position).ToListAsync(cancellationToken);
        IReadOnlyList<Criterion> criteria = await CommonCriteria.ReadAsync(db, dialogue, cancellationToken);
        var read = ballots.ConvertAll(ballot => (
            Answers: BallotPaper.Read(ballot.Answers),
            Strata: (ballot.Strata ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(value => int.Parse(value, CultureInfo.InvariantCulture)).ToArray()));
        return new SessionCounts(
            session.ToString(),
            ballots.Count,
            [.. questions.Select((_, q) => Tally(questions, q, read.Select(ballot => ballot.Answers)))],
            [
                .. criteria.Select((criterion, c) => new CriterionCounts(criterion.Name, [
                    .. criterion.Values.OrderBy(value => value.Position).Select((value, v) =>
                    {
                        var group = read.Where(ballot => ballot.Strata.Length > c && ballot.Strata[c] == v).Select(ballot => ballot.Answers).ToList();
                        return new GroupCounts(value.Name, group.Count, [.. questions.Select((_, q) => Tally(questions, q, group))]);
                    }),
                ])),
            ]);
    }

    private static QuestionTally Tally(List<Question> questions, int q, IEnumerable<IReadOnlyList<IReadOnlyList<int>>> ballots) => QuestionTally.Of(
        questions[q].Id.ToString(), (AnswerForm)questions[q].Kind, questions[q].Options.Count, ballots.Select(ballot => (IReadOnlyCollection<int>)[.. ballot[q]]));
}
