using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Polyphony.Dialogues;
using Polyphony.Storage.Connections;

namespace Polyphony.Storage.Ballots;

/// <summary>Ballots on SQLite: one connection of its own, prepared commands, one transaction a batch, <c>synchronous=FULL</c>.</summary>
public sealed class SqliteBallotStore : IBallotStore
{
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly SqliteStatement holder;
    private readonly SqliteStatement turn;
    private readonly SqliteStatement siteBallot;
    private readonly SqliteStatement receipt;
    private readonly SqliteStatement participation;
    private readonly SqliteStatement located;
    private readonly SqliteStatement insertBallot;
    private readonly SqliteStatement changeBallot;
    private readonly SqliteStatement insertParticipation;
    private readonly SqliteStatement insertReceipt;
    private readonly SqliteStatement[] reading;

    public SqliteBallotStore(DatabaseAddress.Sqlite address)
    {
        ArgumentNullException.ThrowIfNull(address);
        connection = new SqliteConnection($"Data Source={address.Path};Pooling=False");
        connection.Open();
        SqlitePragmas.Apply(connection);
        Tune(connection);
        begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        commit = new SqliteStatement(connection, "COMMIT");
        rollback = new SqliteStatement(connection, "ROLLBACK");
        holder = new SqliteStatement(connection, """
            SELECT c."DialogueId", p."SiteId", c."ParticipantId", m."Values" FROM "Credentials" c
            JOIN "Participants" p ON p."Id" = c."ParticipantId" JOIN "PoolMembers" m ON m."Id" = p."PoolMemberId"
            WHERE c."Hash" = ?1 AND c."RevokedAt" IS NULL AND p."Status" = 2
            """);
        turn = new SqliteStatement(connection, """
            SELECT t."DialogueId", p."SiteId", t."ParticipantId", m."Values", t."SessionId" FROM "TabletTurns" t
            JOIN "Participants" p ON p."Id" = t."ParticipantId" JOIN "PoolMembers" m ON m."Id" = p."PoolMemberId"
            WHERE t."CodeHash" = ?1 AND t."UsedAt" IS NULL AND p."Status" = 2
            """);
        siteBallot = new SqliteStatement(connection, """SELECT "State" FROM "SiteBallots" WHERE "SessionId" = ?1 AND "SiteId" = ?2 AND "DialogueId" = ?3""");
        receipt = new SqliteStatement(connection, """SELECT "BodyHash", "Receipt" FROM "BallotReceipts" WHERE "Key" = ?1""");
        participation = new SqliteStatement(connection, """SELECT "Channel" FROM "Participations" WHERE "SessionId" = ?1 AND "ParticipantId" = ?2""");
        located = new SqliteStatement(connection, """SELECT 1 FROM "Ballots" WHERE "Locator" = ?1""");
        insertBallot = new SqliteStatement(connection, """INSERT INTO "Ballots" ("Key", "SessionId", "Locator", "Strata", "Answers", "Pair", "SiteId") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)""");
        changeBallot = new SqliteStatement(connection, """UPDATE "Ballots" SET "Answers" = ?1 WHERE "Locator" = ?2""");
        insertParticipation = new SqliteStatement(connection, """INSERT INTO "Participations" ("SessionId", "ParticipantId", "Channel") VALUES (?1, ?2, ?3)""");
        insertReceipt = new SqliteStatement(connection, """INSERT INTO "BallotReceipts" ("Key", "SessionId", "BodyHash", "Receipt", "SiteId") VALUES (?1, ?2, ?3, ?4, ?5)""");
        reading = [holder, turn, siteBallot, receipt, participation, located];
    }

    public Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        cancellationToken.ThrowIfCancellationRequested();
        begin.Run();
        try
        {
            BallotBatch batch = new(submissions.Count);
            BallotResult[] results = new BallotResult[submissions.Count];
            for (int i = 0; i < submissions.Count; i++)
            {
                Load(batch, submissions[i]);
                results[i] = batch.Decide(submissions[i]);
            }

            Write(batch);
            commit.Run();
            return Task.FromResult(results);
        }
        catch
        {
            foreach (SqliteStatement statement in reading)
            {
                statement.Reset();
            }

            // After an error of the disk SQLite has rolled back by itself.
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                rollback.Run();
            }

            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])[begin, commit, rollback, .. reading, insertBallot, changeBallot, insertParticipation, insertReceipt])
        {
            statement.Dispose();
        }

        return connection.DisposeAsync();
    }

    private void Load(BallotBatch batch, BallotSubmission submission)
    {
        bool isTurn = submission.Channel == BallotChannel.Tablet;
        SqliteStatement holding = (isTurn ? turn : holder).Bind(1, submission.CredentialHash);
        if (!holding.Step())
        {
            holding.Reset();
            return;
        }

        BallotBatch.Holder who = new(new(holding.Id(0)), new(holding.Id(1)), new(holding.Id(2)), holding.Text(3), isTurn ? new SessionId(holding.Id(4)) : null);
        holding.Reset();
        batch.Know(submission.CredentialHash, who);
        if (!batch.Knows(submission.SessionId, who.SiteId))
        {
            if (siteBallot.Bind(1, submission.SessionId.Value).Bind(2, who.SiteId.Value).Bind(3, submission.DialogueId.Value).Step())
            {
                batch.Know(submission.SessionId, who.SiteId, (BallotState)siteBallot.Number(0));
            }

            siteBallot.Reset();
        }

        if (receipt.Bind(1, submission.ReceiptKey).Step())
        {
            batch.KnowReceipt(submission.ReceiptKey, receipt.Blob(0), receipt.Text(1));
        }

        receipt.Reset();
        if (participation.Bind(1, submission.SessionId.Value).Bind(2, who.ParticipantId.Value).Step())
        {
            batch.Know(submission.SessionId, who.ParticipantId, (BallotChannel)participation.Number(0));
            if (located.Bind(1, submission.Locator).Step())
            {
                batch.KnowBallot(submission.Locator);
            }

            located.Reset();
        }

        participation.Reset();
    }

    private void Write(BallotBatch batch)
    {
        Span<byte> key = stackalloc byte[16];
        foreach ((BallotBatch.Bytes locator, (SessionId sessionId, SiteId site, string answers, string strata, byte[]? pair)) in batch.NewBallots)
        {
            RandomNumberGenerator.Fill(key);
            insertBallot.Bind(1, key).Bind(2, sessionId.Value).Bind(3, locator.Value).Bind(4, strata).Bind(5, answers).BindOrNull(6, pair).Bind(7, site.Value).Run();
        }

        foreach ((BallotBatch.Bytes locator, string answers) in batch.ChangedBallots)
        {
            changeBallot.Bind(1, answers).Bind(2, locator.Value).Run();
        }

        foreach ((SessionId sessionId, ParticipantId participant, BallotChannel channel) in batch.NewParticipations)
        {
            insertParticipation.Bind(1, sessionId.Value).Bind(2, participant.Value).Bind(3, (int)channel).Run();
        }

        foreach ((byte[] receiptKey, SessionId sessionId, SiteId site, byte[] body, string code) in batch.NewReceipts)
        {
            insertReceipt.Bind(1, receiptKey).Bind(2, sessionId.Value).Bind(3, body).Bind(4, code).Bind(5, site.Value).Run();
        }
    }

    /// <summary>Ballots lie in the order of random keys, so a batch touches pages all over the tables: they stay in memory, and are carried
    /// from the journal to the file once in 64 MiB and not once in 4. Neither changes what a commit promises.</summary>
    private static void Tune(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA cache_size=-131072; PRAGMA wal_autocheckpoint=16384;";
        command.ExecuteNonQuery();
    }
}
