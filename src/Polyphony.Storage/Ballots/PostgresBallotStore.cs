using System.Security.Cryptography;
using Npgsql;
using Polyphony.Dialogues;
using Polyphony.Storage.Connections;

namespace Polyphony.Storage.Ballots;

/// <summary>Ballots on PostgreSQL: reads and writes in sets, one transaction a batch. The rows of sessions at their sites are locked for sharing, so that no
/// ballot is acknowledged after its site was closed, and none waits while another site is; unique keys are the last guard between several nodes.</summary>
public sealed class PostgresBallotStore(DatabaseAddress.Postgres address) : IBallotStore
{
    private readonly NpgsqlDataSource source = Open(address);

    public async Task<BallotResult[]> SaveAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await TryAsync(submissions, cancellationToken);
            }
            catch (PostgresException race) when (race.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected && attempt < 5)
            {
                // Another node wrote the same person's ballot between our reading and our writing: read again.
            }
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>The statements are always the same, so the server plans them once a connection: while the tables are still empty. Without the settings below it would
    /// read them from end to end for ever after.</summary>
    private static NpgsqlDataSource Open(DatabaseAddress.Postgres address)
    {
        const string Settings = "SET enable_seqscan = off; SET jit = off";
        NpgsqlDataSourceBuilder builder = new(new NpgsqlConnectionStringBuilder(address.ConnectionString) { MaxAutoPrepare = 16, AutoPrepareMinUsages = 2, NoResetOnClose = true }.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            connection => new NpgsqlCommand(Settings, connection).ExecuteNonQuery(),
            connection => new NpgsqlCommand(Settings, connection).ExecuteNonQueryAsync());
        return builder.Build();
    }

    private async Task<BallotResult[]> TryAsync(IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        BallotBatch batch = new(submissions.Count);
        await LoadAsync(connection, batch, submissions, cancellationToken);
        BallotResult[] results = [.. submissions.Select(batch.Decide)];
        if (batch.HasChanges)
        {
            await WriteAsync(connection, batch, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return results;
    }

    private static async Task LoadAsync(NpgsqlConnection connection, BallotBatch batch, IReadOnlyList<BallotSubmission> submissions, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch first = new(connection);
        first.BatchCommands.Add(Command("""
            SELECT c."Hash", c."DialogueId", p."SiteId", c."ParticipantId", m."Values", NULL::uuid FROM "Credentials" c
            JOIN "Participants" p ON p."Id" = c."ParticipantId" JOIN "PoolMembers" m ON m."Id" = p."PoolMemberId"
            WHERE c."Hash" = ANY($1) AND c."RevokedAt" IS NULL AND p."Status" = 2
            UNION ALL
            SELECT t."CodeHash", t."DialogueId", p."SiteId", t."ParticipantId", m."Values", t."SessionId" FROM "TabletTurns" t
            JOIN "Participants" p ON p."Id" = t."ParticipantId" JOIN "PoolMembers" m ON m."Id" = p."PoolMemberId"
            WHERE t."CodeHash" = ANY($2) AND t."UsedAt" IS NULL AND p."Status" = 2
            """,
            [Hashes(BallotChannel.Phone), Hashes(BallotChannel.Tablet)]));
        first.BatchCommands.Add(Command("""
            SELECT b."SessionId", b."SiteId", b."State" FROM "SiteBallots" b WHERE (b."SessionId", b."SiteId") IN (
                SELECT asked.session, p."SiteId" FROM unnest($1::bytea[], $2::uuid[]) AS asked(hash, session)
                JOIN (SELECT "Hash", "ParticipantId" FROM "Credentials" UNION ALL SELECT "CodeHash", "ParticipantId" FROM "TabletTurns") AS c ON c."Hash" = asked.hash
                JOIN "Participants" p ON p."Id" = c."ParticipantId")
            ORDER BY b."SessionId", b."SiteId" FOR SHARE OF b
            """,
            [submissions.Select(s => s.CredentialHash).ToArray(), submissions.Select(s => s.SessionId.Value).ToArray()]));
        first.BatchCommands.Add(Command("""SELECT "Key", "BodyHash", "Receipt" FROM "BallotReceipts" WHERE "Key" = ANY($1)""", [submissions.Select(s => s.ReceiptKey).ToArray()]));
        first.BatchCommands.Add(Command("""SELECT "Locator" FROM "Ballots" WHERE "Locator" = ANY($1)""", [submissions.Select(s => s.Locator).ToArray()]));
        first.BatchCommands.Add(Command("""
            SELECT p."SessionId", p."ParticipantId", p."Channel" FROM unnest($1::bytea[], $2::uuid[]) AS asked(hash, session)
            JOIN (SELECT "Hash", "ParticipantId" FROM "Credentials" UNION ALL SELECT "CodeHash", "ParticipantId" FROM "TabletTurns") AS c ON c."Hash" = asked.hash
            JOIN "Participations" p ON p."SessionId" = asked.session AND p."ParticipantId" = c."ParticipantId"
            """,
            [submissions.Select(s => s.CredentialHash).ToArray(), submissions.Select(s => s.SessionId.Value).ToArray()]));
        await using (NpgsqlDataReader rows = await first.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                batch.Know((byte[])rows[0], new BallotBatch.Holder(new(rows.GetGuid(1)), new(rows.GetGuid(2)), new(rows.GetGuid(3)), rows.GetString(4), rows.IsDBNull(5) ? null : new SessionId(rows.GetGuid(5))));
            }

            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                batch.Know(new SessionId(rows.GetGuid(0)), new SiteId(rows.GetGuid(1)), (BallotState)rows.GetInt32(2));
            }

            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                batch.KnowReceipt((byte[])rows[0], (byte[])rows[1], rows.GetString(2));
            }

            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                batch.KnowBallot((byte[])rows[0]);
            }

            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                batch.Know(new SessionId(rows.GetGuid(0)), new ParticipantId(rows.GetGuid(1)), (BallotChannel)rows.GetInt32(2));
            }
        }

        byte[][] Hashes(BallotChannel channel) => [.. submissions.Where(s => s.Channel == channel).Select(s => s.CredentialHash)];
    }

    private static async Task WriteAsync(NpgsqlConnection connection, BallotBatch batch, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch writes = new(connection);
        if (batch.NewBallots.Count > 0)
        {
            writes.BatchCommands.Add(Command("""
                INSERT INTO "Ballots" ("Key", "SessionId", "Locator", "Strata", "Answers", "Pair", "SiteId") SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::bytea[], $7::uuid[])
                """,
                [batch.NewBallots.Select(_ => RandomNumberGenerator.GetBytes(16)).ToArray(),
                batch.NewBallots.Values.Select(ballot => ballot.Session.Value).ToArray(),
                batch.NewBallots.Keys.Select(locator => locator.Value).ToArray(),
                batch.NewBallots.Values.Select(ballot => ballot.Strata).ToArray(),
                batch.NewBallots.Values.Select(ballot => ballot.Answers).ToArray(),
                batch.NewBallots.Values.Select(ballot => ballot.Pair).ToArray(),
                batch.NewBallots.Values.Select(ballot => ballot.Site.Value).ToArray()]));
        }

        if (batch.ChangedBallots.Count > 0)
        {
            writes.BatchCommands.Add(Command("""
                UPDATE "Ballots" SET "Answers" = changed.answers FROM unnest($1::bytea[], $2::text[]) AS changed(locator, answers) WHERE "Locator" = changed.locator
                """,
                [batch.ChangedBallots.Keys.Select(locator => locator.Value).ToArray(), batch.ChangedBallots.Values.ToArray()]));
        }

        if (batch.NewParticipations.Count > 0)
        {
            writes.BatchCommands.Add(Command("""
                INSERT INTO "Participations" ("SessionId", "ParticipantId", "Channel") SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[])
                """,
                [batch.NewParticipations.Select(p => p.Session.Value).ToArray(),
                batch.NewParticipations.Select(p => p.Participant.Value).ToArray(),
                batch.NewParticipations.Select(p => (int)p.Channel).ToArray()]));
        }

        writes.BatchCommands.Add(Command("""
            INSERT INTO "BallotReceipts" ("Key", "SessionId", "BodyHash", "Receipt", "SiteId") SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::text[], $5::uuid[])
            """,
            [batch.NewReceipts.Select(r => r.Key).ToArray(), batch.NewReceipts.Select(r => r.Session.Value).ToArray(),
            batch.NewReceipts.Select(r => r.BodyHash).ToArray(), batch.NewReceipts.Select(r => r.Receipt).ToArray(),
            batch.NewReceipts.Select(r => r.Site.Value).ToArray()]));
        await writes.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A command with its values; not <c>params</c>, which takes an array of arrays for all of them.</summary>
    private static NpgsqlBatchCommand Command(string sql, object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
