using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Ballots;

namespace Polyphony.Benchmarks.Ballots;

/// <summary>A ballot that a client sent, and the receipt it was given.</summary>
/// <param name="Person">Index into the fixture's codes.</param>
/// <param name="Session">Index into the fixture's sessions.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="Written">The answers as the store must write them.</param>
/// <param name="Receipt">The first receipt.</param>
internal sealed record Acknowledged(int Person, int Session, string Key, string Written, string Receipt);

/// <summary>What does not agree between what was acknowledged and what is stored.</summary>
/// <param name="Lost">Acknowledged, but not there.</param>
/// <param name="Doubled">There more than once, or there without anybody having sent it.</param>
/// <param name="Changed">There, but with other answers or another receipt.</param>
/// <param name="Integrity">What the database says of itself; "ok" when it says nothing.</param>
internal sealed record Findings(int Lost, int Doubled, int Changed, string Integrity)
{
    public bool AreNone => Lost == 0 && Doubled == 0 && Changed == 0 && Integrity == "ok";
}

/// <summary>Compares what clients were told with what the database holds. Knows the stored form on its own, not by the server's code.</summary>
internal static class BallotAudit
{
    public static async Task<Findings> CheckAsync(VotingFixture fixture, IReadOnlyList<Acknowledged> acknowledged, Db db, CancellationToken cancellationToken)
    {
        SessionId[] sessions = [.. fixture.Sessions.Select(session => session.Id)];
        List<Ballot> ballots = await db.Ballots.AsNoTracking().Where(ballot => sessions.Contains(ballot.SessionId)).ToListAsync(cancellationToken);
        List<BallotReceipt> receipts = await db.BallotReceipts.AsNoTracking().Where(receipt => sessions.Contains(receipt.SessionId)).ToListAsync(cancellationToken);
        List<Participation> participations = await db.Participations.AsNoTracking().Where(participation => sessions.Contains(participation.SessionId)).ToListAsync(cancellationToken);
        ILookup<string, Ballot> ballotsByLocator = ballots.ToLookup(ballot => Convert.ToHexString(ballot.Locator ?? []), StringComparer.Ordinal);
        ILookup<string, BallotReceipt> receiptsByKey = receipts.ToLookup(receipt => Convert.ToHexString(receipt.Key), StringComparer.Ordinal);

        int lost = 0, doubled = 0, changed = 0;
        foreach (Acknowledged told in acknowledged)
        {
            (byte[] key, byte[] body) = StoredReceipt(fixture, told);
            BallotReceipt[] found = [.. receiptsByKey[Convert.ToHexString(key)]];
            lost += found.Length == 0 ? 1 : 0;
            doubled += Math.Max(0, found.Length - 1);
            changed += found.Any(receipt => receipt.Receipt != told.Receipt || !receipt.BodyHash.AsSpan().SequenceEqual(body)) ? 1 : 0;
        }

        // The clients send one ballot of a person after the other: the last one told is the one that counts.
        Acknowledged[] last = [.. acknowledged.GroupBy(told => (told.Person, told.Session)).Select(group => group.Last())];
        foreach (Acknowledged told in last)
        {
            Ballot[] found = [.. ballotsByLocator[Convert.ToHexString(Locator(fixture, told))]];
            lost += found.Length == 0 ? 1 : 0;
            doubled += Math.Max(0, found.Length - 1);
            changed += found.Any(ballot => ballot.Answers != told.Written) ? 1 : 0;
        }

        // Every request was repeated until it was acknowledged: whatever else is there was sent by nobody.
        HashSet<string> known = [.. last.Select(told => Convert.ToHexString(Locator(fixture, told)))];
        doubled += ballots.Count(ballot => !known.Contains(Convert.ToHexString(ballot.Locator ?? [])));
        doubled += Math.Max(0, receipts.Count - acknowledged.Count);
        doubled += Math.Max(0, participations.Count - last.Length);
        lost += Math.Max(0, last.Length - participations.Count);
        return new(lost, doubled, changed, await IntegrityAsync(db, cancellationToken));
    }

    private static byte[] Locator(VotingFixture fixture, Acknowledged told) =>
        HMACSHA256.HashData(Code(fixture, told), (byte[])[.. "ballot"u8, .. fixture.Sessions[told.Session].Id.Value.ToByteArray()]);

    private static (byte[] Key, byte[] Body) StoredReceipt(VotingFixture fixture, Acknowledged told) => (
        SHA256.HashData((byte[])[.. SHA256.HashData(Code(fixture, told)), .. fixture.Sessions[told.Session].Id.Value.ToByteArray(), .. Encoding.UTF8.GetBytes(told.Key)]),
        HMACSHA256.HashData(Code(fixture, told), Encoding.UTF8.GetBytes(told.Written)));

    private static byte[] Code(VotingFixture fixture, Acknowledged told) => Encoding.UTF8.GetBytes(fixture.Codes[told.Person]);

    private static async Task<string> IntegrityAsync(Db db, CancellationToken cancellationToken) => db.Database.IsSqlite()
        ? (await db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check()").ToListAsync(cancellationToken))[0]
        : "ok";
}
