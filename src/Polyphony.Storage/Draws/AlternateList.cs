using Polyphony.Dialogues;

namespace Polyphony.Storage.Draws;

/// <summary>Whom to ask to keep the days free in case others drop out: advice, which seats nobody. The newest one of a site that has a result is shown.</summary>
/// <remarks>People are named by their tickets, which mean nothing once the pool is erased.</remarks>
[NotPersonal]
public sealed class AlternateList
{
    /// <summary>The subject of the job that computes it.</summary>
    public Guid Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public SiteId SiteId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>How many are wanted, and how many in a hundred are expected to drop out.</summary>
    public string WishJson { get; set; } = "";

    /// <summary>Null until it is computed.</summary>
    public DateTimeOffset? ComputedAt { get; set; }

    /// <summary>A hash of panel, pool and quotas as they were when it was computed: another one now means that it may no longer be the best.</summary>
    public byte[] Basis { get; set; } = [];

    /// <summary>Tickets in order, and the expected damage; empty until it is computed.</summary>
    public string ResultJson { get; set; } = "";
}
