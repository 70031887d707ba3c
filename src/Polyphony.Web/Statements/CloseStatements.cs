using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Statements;

/// <summary>Opens and closes the vote on statements. Closing gives everybody a random mark: after it no link leads to a vote any more.</summary>
internal static class CloseStatements
{
    /// <summary>With fewer statements there is nothing to compare.</summary>
    public const int FewestStatements = 2;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/statements/open", OpenAsync).TakesForm();
        organiser.MapPost("/statements/close", CloseAsync).TakesForm();
    }

    private static async Task<IResult> OpenAsync(DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/statements";
        StatementVote? vote = await db.StatementVotes.SingleOrDefaultAsync(v => v.DialogueId == scope.DialogueId, cancellationToken);
        int accepted = await db.Statements.CountAsync(statement => statement.DialogueId == scope.DialogueId && statement.State == StatementState.Accepted, cancellationToken);
        if (vote is not { State: BallotState.Draft } || accepted < FewestStatements)
        {
            return Results.Redirect(page + "?problem=cannot-open");
        }

        vote.Languages = await StatementLanguages.ApartAsync(db, scope.DialogueId, cancellationToken);
        (vote.State, vote.OpenedAt, vote.Version) = (BallotState.Open, clock.GetUtcNow(), Guid.CreateVersion7(clock.GetUtcNow()));
        db.Journal.Add(new JournalEntry { At = clock.GetUtcNow(), DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "statements.opened", Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"statements\":{accepted}}}") });
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(page + "?notice=opened");
    }

    private static async Task<IResult> CloseAsync(DialogueScope scope, Db db, LiveLandscapes live, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/statements";
        DateTimeOffset now = clock.GetUtcNow();
        Guid version = Guid.CreateVersion7(now);
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            // This update takes the lock that every vote shares: none can be acknowledged after it.
            int closed = await db.StatementVotes.Where(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Open)
                .ExecuteUpdateAsync(set => set.SetProperty(vote => vote.State, BallotState.Closed).SetProperty(vote => vote.ClosedAt, now).SetProperty(vote => vote.Version, version), cancellationToken);
            if (closed == 0)
            {
                return Results.Redirect(page + "?problem=cannot-close");
            }

            int people = await CutAsync(db, scope.DialogueId, cancellationToken);
            db.Journal.Add(new JournalEntry { At = now, DialogueId = scope.DialogueId, StaffId = scope.Staff.Id, Code = "statements.closed", Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"people\":{people}}}") });
            await db.SaveChangesAsync(cancellationToken);

            // In the same transaction: a vote that is closed has what everybody may see of it, whatever happens in between.
            await FixAsync(scope, db, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        live.Forget(scope.DialogueId);

        // The gate takes its time with many sites, in which others could not write; the sums no longer change.
        await FixStatementSums.FixAsync(db, scope, cancellationToken);

        if (db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        }

        return Results.Redirect(page + "?notice=closed");
    }

    /// <summary>Fixes what everybody may see of the landscape: once, because a second mask over the same votes could be subtracted from the first.</summary>
    private static async Task FixAsync(DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        int people = await db.Participants.CountAsync(person => person.DialogueId == scope.DialogueId && person.Status == ParticipantStatus.Confirmed, cancellationToken);
        StatementRoute route = await StatementRoute.ReadAsync(db, scope.DialogueId, cancellationToken);
        if (await WholeVote.ClosedAsync(db, scope.DialogueId, cancellationToken) is { } vote
            && await Task.Run(() => Landscape.Of(vote) is { } all ? all.Release(OpinionSlate.Of(all, vote.Vote.SlateRule, vote.Vote.SlateSize, route), people) : null, cancellationToken) is { } released)
        {
            string json = JsonSerializer.Serialize(released, PublishedResults.Json);
            await db.StatementVotes.Where(v => v.DialogueId == scope.DialogueId).ExecuteUpdateAsync(set => set.SetProperty(v => v.LandscapeJson, json), cancellationToken);
        }
    }

    /// <summary>Writes votes and authors anew under random marks, in shuffled order.</summary>
    /// <returns>The number of people who voted.</returns>
    private static async Task<int> CutAsync(Db db, DialogueId dialogue, CancellationToken cancellationToken)
    {
        StatementBallot[] ballots = await db.StatementBallots.AsNoTracking().Where(ballot => ballot.DialogueId == dialogue).ToArrayAsync(cancellationToken);
        Dictionary<BallotBatch.Bytes, byte[]> marks = [];
        byte[] New(byte[] old) => marks.TryGetValue(new(old), out byte[]? given) ? given : marks[new(old)] = RandomNumberGenerator.GetBytes(16);
        await db.StatementBallots.Where(ballot => ballot.DialogueId == dialogue).ExecuteDeleteAsync(cancellationToken);
        RandomNumberGenerator.Shuffle(ballots.AsSpan());
        db.StatementBallots.AddRange(ballots.Select(ballot => new StatementBallot { DialogueId = dialogue, Voter = New(ballot.Voter), StatementId = ballot.StatementId, Choice = ballot.Choice }));
        int people = marks.Count;
        foreach (Statement written in await db.Statements.Where(statement => statement.DialogueId == dialogue && statement.Author != null).ToListAsync(cancellationToken))
        {
            written.Author = New(written.Author!);
        }

        return people;
    }
}
