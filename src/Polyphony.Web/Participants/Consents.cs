using System.Security.Cryptography;
using System.Text;
using Polyphony.Dialogues;
using Polyphony.Storage.Participants;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Participants;

/// <summary>Writes down to which words a person said yes: on their page, by telephone or at the door.</summary>
internal static class Consents
{
    public static Consent Given(DialogueId dialogue, ParticipantId participant, PageTexts texts, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DialogueId = dialogue,
        ParticipantId = participant,
        TextHash = SHA256.HashData(Encoding.UTF8.GetBytes(texts["participants.invitation.consent"] + texts["participants.invitation.data"])),
        Language = texts.Language,
        GivenAt = now,
    };
}
