using Polyphony.Dialogues;

namespace Polyphony.Storage.Journal;

/// <summary>A fact of the audit log, without personal data.</summary>
[NotPersonal]
public sealed class JournalEntry
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public DialogueId? DialogueId { get; set; }

    /// <summary>The member of staff who acted, by identifier; null for the server and for citizens.</summary>
    public Guid? StaffId { get; set; }

    /// <summary>A stable code such as <c>pool.imported</c>.</summary>
    public string Code { get; set; } = "";

    /// <summary>Facts as a flat JSON object: counts, versions, hashes.</summary>
    public string Facts { get; set; } = "{}";
}
