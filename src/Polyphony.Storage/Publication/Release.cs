using Polyphony.Dialogues;

namespace Polyphony.Storage.Publication;

/// <summary>A published version of the results, behind the disclosure gate.</summary>
[NotPersonal]
public sealed class Release
{
    public ReleaseId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public int Version { get; set; }

    public DateTimeOffset PublishedAt { get; set; }

    public DateTimeOffset? TakenBackAt { get; set; }

    /// <summary>What was corrected against the version before, or why this one was taken back; stays visible.</summary>
    public LocalizedText Note { get; set; } = LocalizedText.Empty;

    /// <summary>The released tables as published JSON.</summary>
    public string ResultsJson { get; set; } = "";
}
