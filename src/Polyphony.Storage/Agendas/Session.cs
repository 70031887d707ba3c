using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;

namespace Polyphony.Storage.Agendas;

/// <summary>A part of the agenda with a theme and, when it has questions, a ballot.</summary>
[NotPersonal]
public sealed class Session
{
    public SessionId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public int Position { get; set; }

    /// <summary>A vote, or one of two askings of the same questions.</summary>
    public SessionKind Kind { get; set; }

    /// <summary>Of a second asking: the session that asked first. Questions belong together by their positions.</summary>
    public SessionId? BeforeId { get; set; }

    public LocalizedText Title { get; set; } = LocalizedText.Empty;

    public LocalizedText Introduction { get; set; } = LocalizedText.Empty;

    /// <summary>Local date and time at the site: a future meeting is a wall clock and a zone.</summary>
    public DateOnly Date { get; set; }

    public TimeOnly Start { get; set; }

    public int Minutes { get; set; }

    /// <summary>The round of the seating plan in which people sit; null for plenary.</summary>
    public int? Round { get; set; }

    public List<Question> Questions { get; set; } = [];

    /// <summary>The ballot at each site that has opened or closed it: every site has its own clock.</summary>
    public List<SiteBallot> Ballots { get; set; } = [];

    /// <summary>Nobody was asked at any site: the questions may still change.</summary>
    public bool IsDraft => Ballots.Count == 0;

    /// <summary>How far the ballot has come at a site.</summary>
    public BallotState BallotAt(SiteId site) => Ballots.Find(ballot => ballot.SiteId == site)?.State ?? BallotState.Draft;

    /// <summary>How far it has come at several sites together: closed once it is closed at every one of them, and open as soon as one of them has begun.</summary>
    public BallotState BallotOver(IReadOnlyCollection<Site> sites) =>
        sites.All(site => BallotAt(site.Id) == BallotState.Draft) ? BallotState.Draft
        : sites.All(site => BallotAt(site.Id) == BallotState.Closed) ? BallotState.Closed
        : BallotState.Open;

    /// <summary>The session under which the two askings of one questionnaire are joined; null for a vote.</summary>
    public SessionId? Pairing => Kind switch { SessionKind.Before => Id, SessionKind.After => BeforeId, _ => null };
}

/// <summary>The ballot of a session at one site, from the moment it is opened there.</summary>
[NotPersonal]
public sealed class SiteBallot
{
    public SessionId SessionId { get; set; }

    public SiteId SiteId { get; set; }

    public DialogueId DialogueId { get; set; }

    public BallotState State { get; set; }

    /// <summary>Null where the site left the vote out.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>A question of a session's ballot.</summary>
[NotPersonal]
public sealed class Question
{
    public QuestionId Id { get; set; }

    public SessionId SessionId { get; set; }

    public DialogueId DialogueId { get; set; }

    public int Position { get; set; }

    public QuestionKind Kind { get; set; }

    public LocalizedText Text { get; set; } = LocalizedText.Empty;

    public LocalizedText Hint { get; set; } = LocalizedText.Empty;

    /// <summary>How many options may be chosen: 1 but for multiple choice.</summary>
    public int MaxChoices { get; set; } = 1;

    /// <summary>Answers in order; five for a scale. "Don't know / no answer" is always offered and is not among them.</summary>
    public List<Option> Options { get; set; } = [];
}

/// <summary>An answer option.</summary>
[NotPersonal]
public sealed class Option
{
    public OptionId Id { get; set; }

    public QuestionId QuestionId { get; set; }

    public int Position { get; set; }

    public LocalizedText Text { get; set; } = LocalizedText.Empty;
}
