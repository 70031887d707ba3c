using Polyphony.Dialogues;

namespace Polyphony.Storage.Rooms;

/// <summary>A table asked for help; open until somebody of the organisers has dealt with it.</summary>
[NotPersonal]
public sealed class HelpRequest
{
    public Guid Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public int Table { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Somebody is on the way.</summary>
    public DateTimeOffset? TakenAt { get; set; }

    public Guid? TakenBy { get; set; }

    public DateTimeOffset? DoneAt { get; set; }
}
