namespace Polyphony.Statistics.Opinion.Voting;

/// <summary>What the moderators decided about a statement.</summary>
public enum Moderation
{
    /// <summary>Nobody looked at it yet: it counts.</summary>
    Unmoderated,

    /// <summary>It counts.</summary>
    Accepted,

    /// <summary>Its votes stay, but no map and no list knows it.</summary>
    Rejected,
}

/// <summary>A sentence that people agree or disagree with, or pass.</summary>
/// <param name="Id">Its name in files; each once.</param>
/// <param name="Moderation">What the moderators decided.</param>
/// <param name="IsMeta">Whether it asks who people are and not what they think: votes on it shape no groups, and it stands in no list.</param>
/// <param name="IsSeed">Whether the organiser wrote it, to begin with.</param>
public sealed record Statement(string Id, Moderation Moderation = Moderation.Accepted, bool IsMeta = false, bool IsSeed = false)
{
    /// <summary>Whether its votes shape the map and it may stand in lists.</summary>
    public bool Counts => Moderation != Moderation.Rejected && !IsMeta;
}
