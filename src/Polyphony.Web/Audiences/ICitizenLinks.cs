using Polyphony.Dialogues;

namespace Polyphony.Web.Audiences;

/// <summary>The personal links of citizens. Only a hash of a code is stored: a link is known when it is issued, and never again.</summary>
public interface ICitizenLinks
{
    /// <summary>The participant whose valid code this is, or null.</summary>
    Task<ParticipantId?> FindAsync(string code, CancellationToken cancellationToken);

    /// <summary>Makes a new code for a participant, which ends the one before.</summary>
    /// <returns>The code, to be printed or mailed now; it counts once the caller has saved.</returns>
    Task<string> IssueAsync(DialogueId dialogue, ParticipantId participant, CancellationToken cancellationToken);
}
