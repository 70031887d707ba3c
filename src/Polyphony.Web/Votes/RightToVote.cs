using Polyphony.Dialogues;
using Polyphony.Storage.Participants;

namespace Polyphony.Web.Votes;

/// <summary>Who is offered a ballot by personal link: whoever said yes and holds a place, as the stores ask again when it is cast.</summary>
public static class RightToVote
{
    /// <summary>Why somebody has no ballot; null for whoever has one.</summary>
    public static string? Hindrance(this Participant participant) => participant.Status switch
    {
        ParticipantStatus.Confirmed => null,
        ParticipantStatus.Selected => "no-yes-yet",
        _ => "place-gone",
    };
}
