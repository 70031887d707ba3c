using System.Security.Cryptography;
using System.Text;
using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Participants;

/// <summary>The words to which a person says yes, on their page, by telephone or at the door: always in that person's language.</summary>
internal static class Consents
{
    /// <summary>The language in which the dialogue speaks to a person.</summary>
    /// <param name="dialogue">The dialogue.</param>
    /// <param name="wanted">What the pool says of the person; may be empty or a language that the dialogue does not have.</param>
    public static string LanguageOf(Dialogue dialogue, string wanted) => dialogue.Languages.Contains(wanted) ? wanted : dialogue.FallbackLanguage;

    /// <summary>Names the words of a language: a form carries it, so that what is written down is what was on the screen.</summary>
    public static string NameOf(PageTexts texts) => Convert.ToHexStringLower(Hash(texts));

    public static Consent Given(DialogueId dialogue, ParticipantId participant, PageTexts texts, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DialogueId = dialogue,
        ParticipantId = participant,
        TextHash = Hash(texts),
        Language = texts.Language,
        GivenAt = now,
    };

    private static byte[] Hash(PageTexts texts) => SHA256.HashData(Encoding.UTF8.GetBytes(
        texts["participants.invitation.asked.what"] + texts["participants.invitation.data"] + texts["participants.invitation.consent"]));
}
