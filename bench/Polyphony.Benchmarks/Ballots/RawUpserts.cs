using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using Polyphony.Storage.Connections;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>What the database alone can do: the three rows of a ballot, upserted in batches of 512 on one connection, no door, no reading, no rules.</summary>
internal static class RawUpserts
{
    private const int InOneBatch = 512;

    public static async Task<double> RunAsync(DatabaseAddress.Postgres address, int seconds)
    {
        await using NpgsqlConnection connection = new(address.ConnectionString);
        await connection.OpenAsync();
        await using (NpgsqlCommand copy = new("""
            CREATE TABLE raw_ballots (LIKE "Ballots" INCLUDING ALL); CREATE TABLE raw_participations (LIKE "Participations" INCLUDING ALL); CREATE TABLE raw_receipts (LIKE "BallotReceipts" INCLUDING ALL)
            """, connection))
        {
            await copy.ExecuteNonQueryAsync();
        }

        Guid session = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        long start = Stopwatch.GetTimestamp();
        int written = 0;
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds))
        {
            Guid[] sessions = [.. Enumerable.Repeat(session, InOneBatch)];
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using NpgsqlBatch batch = new(connection);
            batch.BatchCommands.Add(Command("""
                INSERT INTO raw_ballots ("Key", "SessionId", "Locator", "Strata", "Answers", "SiteId") SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::uuid[])
                ON CONFLICT ("Locator") DO UPDATE SET "Answers" = excluded."Answers"
                """, [Bytes(16), sessions, Bytes(32), Enumerable.Repeat("0,1,2", InOneBatch).ToArray(), Enumerable.Repeat("0;1,4;3", InOneBatch).ToArray(), sessions]));
            batch.BatchCommands.Add(Command("""
                INSERT INTO raw_participations ("SessionId", "ParticipantId", "Channel") SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[]) ON CONFLICT DO NOTHING
                """, [sessions, Bytes(16).Select(bytes => new Guid(bytes)).ToArray(), Enumerable.Repeat(1, InOneBatch).ToArray()]));
            batch.BatchCommands.Add(Command("""
                INSERT INTO raw_receipts ("Key", "SessionId", "BodyHash", "Receipt", "SiteId") SELECT * FROM unnest($1::bytea[], $2::uuid[], $3::bytea[], $4::text[], $5::uuid[]) ON CONFLICT DO NOTHING
                """, [Bytes(32), sessions, Bytes(32), Enumerable.Repeat("ABCD-EFGH", InOneBatch).ToArray(), sessions]));
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            written += InOneBatch;
        }

        return written / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static byte[][] Bytes(int length) => [.. Enumerable.Range(0, InOneBatch).Select(_ => RandomNumberGenerator.GetBytes(length))];

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
