using Polyphony.Dialogues;

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

    public BallotState BallotState { get; set; }

    public DateTimeOffset? BallotOpenedAt { get; set; }

    public DateTimeOffset? BallotClosedAt { get; set; }

    public List<Question> Questions { get; set; } = [];

    /// <summary>The session under which the two askings of one questionnaire are joined; null for a vote.</summary>
    public SessionId? Pairing => Kind switch { SessionKind.Before => Id, SessionKind.After => BeforeId, _ => null };
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
