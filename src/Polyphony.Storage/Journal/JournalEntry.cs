using System.Globalization;
using Polyphony.Dialogues;
using Polyphony.Proofs;

namespace Polyphony.Storage.Journal;

/// <summary>A fact of the tamper-evident journal, without personal data: an entry of an append-only log (docs/adr/0010-tamper-evident-journal.md).</summary>
/// <remarks>Add one to <see cref="Db.Journal"/> with what happened; saving gives it its place, its salts and its hash.</remarks>
[NotPersonal]
public sealed class JournalEntry
{
    private static long unplaced;

    /// <summary>The place in the log, from 0, without gaps; until it is saved some negative number, because two new entries may not share one.</summary>
    public long Id { get; set; } = Interlocked.Decrement(ref unplaced);

    /// <summary>To the second.</summary>
    public DateTimeOffset At { get; set; }

    public DialogueId? DialogueId { get; set; }

    /// <summary>The member of staff who acted, by identifier; null for the server and for citizens.</summary>
    public Guid? StaffId { get; set; }

    /// <summary>A stable code such as <c>pool.imported</c>.</summary>
    public string Code { get; set; } = "";

    /// <summary>Facts as a flat JSON object: counts, versions, hashes.</summary>
    public string Facts { get; set; } = "{}";

    /// <summary>128 random bits that hide the entry behind its hash until they are published with it.</summary>
    public byte[] Salt { get; set; } = [];

    /// <summary>128 random bits that hide who acted, and are never published.</summary>
    public byte[] ActorSalt { get; set; } = [];

    /// <summary>The hash of the leaf, as it was when the entry was written.</summary>
    public byte[] Hash { get; set; } = [];

    /// <summary>The entry as the log holds it.</summary>
    public LogEntry ToLogEntry() => new(At, Code, DialogueId?.ToString(), StaffId is { } staff ? LogEntry.Commit(staff.ToString("D", CultureInfo.InvariantCulture), ActorSalt) : null, Facts, Salt);

    public KeptEntry ToKept() => new(Id, ToLogEntry(), Hash);
}
