using System.Security.Cryptography;
using System.Text;
using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Web.Mandates;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Participants;

/// <summary>The words to which a person says yes, on their page, by telephone or at the door: always in that person's language, where they are written in it.</summary>
internal static class Consents
{
    /// <summary>The language in which the dialogue speaks to a person.</summary>
    /// <param name="dialogue">The dialogue.</param>
    /// <param name="wanted">What the pool says of the person; may be empty or a language that the dialogue does not have.</param>
    public static string LanguageOf(Dialogue dialogue, string wanted) => dialogue.Languages.Contains(wanted) ? wanted : dialogue.FallbackLanguage;

    /// <summary>Whether people can be asked in a language: in the server's words, or in the organisers'.</summary>
    public static bool HasWords(Dialogue dialogue, string language) =>
        TextCatalogue.HasTexts(language) || (dialogue.ConsentText.Exactly(language) is not null && dialogue.ConsentSentence.Exactly(language) is not null);

    /// <summary>The words for a reader: the organisers' in a language in which the server has none, else the server's.</summary>
    public static ConsentWords For(Dialogue dialogue, PageTexts texts)
    {
        string shown = texts.Shown(dialogue);
        return !TextCatalogue.HasTexts(shown) && HasWords(dialogue, shown)
            ? new(shown, [dialogue.ConsentText.Exactly(shown)!], dialogue.ConsentSentence.Exactly(shown)!, true)
            : new(texts.Language, [texts["participants.invitation.asked.what"], texts["participants.invitation.data"]], texts["participants.invitation.consent"], false);
    }

    public static Consent Given(DialogueId dialogue, ParticipantId participant, ConsentWords words, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DialogueId = dialogue,
        ParticipantId = participant,
        TextHash = words.Hash,
        Language = words.Language,
        Words = words.IsOwn ? string.Join("\n\n", words.Paragraphs.Append(words.Sentence)) : "",
        GivenAt = now,
    };
}

/// <summary>What a person reads, and the sentence to which they say yes.</summary>
/// <param name="IsOwn">Written by the organisers.</param>
public sealed record ConsentWords(string Language, IReadOnlyList<string> Paragraphs, string Sentence, bool IsOwn)
{
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Paragraphs) + Sentence));

    /// <summary>Names the words: a form carries it, so that what is written down is what was on the screen.</summary>
    public string Name => Convert.ToHexStringLower(Hash);

    /// <summary>The language tag of the words.</summary>
    public string Tag => TextCatalogue.Pseudo.Contains(Language) ? TextCatalogue.Fallback : Language;

    public string Direction => Language == "qps-plocm" || DialogueLanguages.IsRightToLeft(Tag) ? "rtl" : "ltr";
}
