using Polyphony.Dialogues;

namespace Polyphony.Storage.Mail;

/// <summary>A mail that waits to be sent by SMTP, or to be laid into the outbox folder.</summary>
public sealed class OutgoingMail
{
    public Guid Id { get; set; }

    public DialogueId? DialogueId { get; set; }

    [Personal(PersonalCategory.Contact, Retention.Delivery)]
    public string To { get; set; } = "";

    [NotPersonal]
    public string Subject { get; set; } = "";

    [Personal(PersonalCategory.Credential, Retention.Delivery)]
    public string Body { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public int Attempts { get; set; }

    [NotPersonal]
    public string LastErrorCode { get; set; } = "";
}
