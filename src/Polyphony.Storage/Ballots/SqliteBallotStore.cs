using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Polyphony.Dialogues;
using Polyphony.Storage.Connections;

namespace Polyphony.Storage.Ballots;

/// <summary>Ballots on SQLite: one connection of its own, prepared commands, one transaction a batch, <c>synchronous=FULL</c>.</summary>
public sealed class SqliteBallotStore : IBallotStore
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand rollback;
    private readonly SqliteCommand holder;
    private readonly SqliteCommand turn;
    private readonly SqliteCommand session;
    private readonly SqliteCommand receipt;
    private readonly SqliteCommand participation;
    private readonly SqliteCommand located;
    private readonly SqliteCommand insertBallot;
    private readonly SqliteCommand changeBallot;
    private readonly SqliteCommand insertParticipation;
    private readonly SqliteCommand insertReceipt;

    public SqliteBallotStore(DatabaseAddress.Sqlite address)
    {
        ArgumentNullException.ThrowIfNull(address);
        connection = new SqliteConnection($"Data Source={address.Path};Pooling=False");
        connection.Open();
        SqlitePragmas.Apply(connection);
        begin = Prepare("BEGIN IMMEDIATE");
        commit = Prepare("COMMIT");
        rollback = Prepare("ROLLBACK");
        holder = Prepare("""
            SELECT c."DialogueId", c."ParticipantId", m."Values" FROM "Credentials" c
            JOIN "Participants" p ON p."Id" = c."ParticipantId" JOIN "PoolMembers" m ON m."Id" = p."PoolMemberId"
            WHERE c."Hash" = $hash AND c."RevokedAt" IS NULL AND p."Status" = 2
            """, "$hash");
        turn = Prepare("""
            SELECT t."DialogueId", t."ParticipantId", m."Values" FROM "TabletTurns" t
            JOIN "Participants" p ON p."Id" = t."ParticipantId" JOIN "PoolMembers" m ON m."Id" = p."PoolMemberId"
            WHERE t."CodeHash" = $hash AND t."SessionId" = $session AND t."UsedAt" IS NULL AND p."Status" = 2
            """, "$hash", "$session");
        session = Prepare("""SELECT "BallotState" FROM "Sessions" WHERE "Id" = $session AND "DialogueId" = $dialogue""", "$session", "$dialogue");
        receipt = Prepare("""SELECT "BodyHash", "Receipt" FROM "BallotReceipts" WHERE "Key" = $key""", "$key");
        participation = Prepare("""SELECT "Channel" FROM "Participations" WHERE "SessionId" = $session AND "ParticipantId" = $participant""", "$session", "$participant");
        located = Prepare("""SELECT 1 FROM "Ballots" WHERE "Locator" = $locator""", "$locator");
        insertBallot = Prepare("""INSERT INTO "Ballots" ("Key", "SessionId", "Locator", "Strata", "Answers") VALUES ($key, $session, $locator, $strata, $answers)""", "$key", "$session", "$locator", "$strata", "$answers");
        changeBallot = Prepare("""UPDATE "Ballots" SET "Answers" = $answers WHERE "Locator" = $locator""", "$answers", "$locator");
        insertParticipation = Prepare("""INSERT INTO "Participations" ("SessionId", "ParticipantId", "Channel") VALUES ($session, $participant, $channel)""", "$session", "$participant", "$channel");
        insertReceipt = Prepare("""INSERT INTO "BallotReceipts" ("Key", "SessionId", "BodyHash", "Receipt") VALUES ($key, $session, $body, $receipt)""", "$key", "$session", "$body", "$receipt");
    }

    public Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        cancellationToken.ThrowIfCancellationRequested();
        begin.ExecuteNonQuery();
        try
        {
            BallotBatch batch = new();
            BallotResult[] results = new BallotResult[submissions.Count];
            for (int i = 0; i < submissions.Count; i++)
            {
                Load(batch, submissions[i]);
                results[i] = batch.Decide(submissions[i]);
            }

            Write(batch);
            commit.ExecuteNonQuery();
            return Task.FromResult(results);
        }
        catch
        {
            rollback.ExecuteNonQuery();
            throw;
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private void Load(BallotBatch batch, BallotSubmission submission)
    {
        SqliteCommand who = submission.Channel == BallotChannel.Tablet ? turn : holder;
        who.Parameters[0].Value = submission.CredentialHash;
        if (who.Parameters.Count > 1)
        {
            who.Parameters[1].Value = submission.SessionId.Value;
        }

        using (SqliteDataReader row = who.ExecuteReader())
        {
            if (!row.Read())
            {
                return;
            }

            batch.Know(submission.CredentialHash, new BallotBatch.Holder(new(row.GetGuid(0)), new(row.GetGuid(1)), row.GetString(2)));
        }

        session.Parameters[0].Value = submission.SessionId.Value;
        session.Parameters[1].Value = submission.DialogueId.Value;
        if (session.ExecuteScalar() is long state)
        {
            batch.Know(submission.SessionId, (BallotState)state);
        }

        receipt.Parameters[0].Value = submission.ReceiptKey;
        using (SqliteDataReader row = receipt.ExecuteReader())
        {
            if (row.Read())
            {
                batch.KnowReceipt(submission.ReceiptKey, (byte[])row[0], row.GetString(1));
            }
        }

        participation.Parameters[0].Value = submission.SessionId.Value;
        participation.Parameters[1].Value = batch.HolderOf(submission)!.ParticipantId.Value;
        if (participation.ExecuteScalar() is long channel)
        {
            batch.Know(submission.SessionId, batch.HolderOf(submission)!.ParticipantId, (BallotChannel)channel);
            located.Parameters[0].Value = submission.Locator;
            if (located.ExecuteScalar() is not null)
            {
                batch.KnowBallot(submission.Locator);
            }
        }
    }

    private void Write(BallotBatch batch)
    {
        foreach ((BallotBatch.Bytes locator, (SessionId sessionId, string answers, string strata)) in batch.NewBallots)
        {
            Run(insertBallot, RandomNumberGenerator.GetBytes(16), sessionId.Value, locator.Value, strata, answers);
        }

        foreach ((BallotBatch.Bytes locator, string answers) in batch.ChangedBallots)
        {
            Run(changeBallot, answers, locator.Value);
        }

        foreach ((SessionId sessionId, ParticipantId participant, BallotChannel channel) in batch.NewParticipations)
        {
            Run(insertParticipation, sessionId.Value, participant.Value, (int)channel);
        }

        foreach ((byte[] key, SessionId sessionId, byte[] body, string code) in batch.NewReceipts)
        {
            Run(insertReceipt, key, sessionId.Value, body, code);
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }
}
