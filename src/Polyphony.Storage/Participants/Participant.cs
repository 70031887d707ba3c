using Polyphony.Dialogues;

namespace Polyphony.Storage.Participants;

/// <summary>Somebody who was drawn, by number; the name is in the vault.</summary>
public sealed class Participant
{
    public ParticipantId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public SiteId SiteId { get; set; }

    public PoolMemberId PoolMemberId { get; set; }

    public PersonId PersonId { get; set; }

    /// <summary>The participant code in the dialogue: 1, 2, 3 …</summary>
    public int Number { get; set; }

    public ParticipantStatus Status { get; set; }

    public Attendance Attendance { get; set; }

    public LotteryId LotteryId { get; set; }

    /// <summary>The participant in whose place this one was drawn.</summary>
    public ParticipantId? Replaces { get; set; }

    public DateTimeOffset SelectedAt { get; set; }

    public DateTimeOffset? InvitedAt { get; set; }

    public DateTimeOffset? RemindedAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>Last local day at the site to answer.</summary>
    [NotPersonal]
    public DateOnly? AnswerBy { get; set; }

    public DateTimeOffset? CheckedInAt { get; set; }

    /// <summary>Short code on the badge: finds the person at check-in and at the shared tablet; never opens a ballot by itself.</summary>
    [Personal(PersonalCategory.Credential, Retention.Recruitment)]
    public string BadgeCode { get; set; } = "";

    /// <summary>Votes on a shared tablet or on paper.</summary>
    public bool WithoutPhone { get; set; }
}

/// <summary>That a person consented to which text, in which language, and when it was withdrawn.</summary>
public sealed class Consent
{
    public Guid Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public ParticipantId ParticipantId { get; set; }

    /// <summary>SHA-256 of the text that was shown.</summary>
    [NotPersonal]
    public byte[] TextHash { get; set; } = [];

    [NotPersonal]
    public string Language { get; set; } = "";

    /// <summary>The text itself where it was the organisers', who may change it later; empty where it was the server's.</summary>
    [NotPersonal]
    public string Words { get; set; } = "";

    public DateTimeOffset GivenAt { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }
}
