namespace Polyphony.Dialogues;

/// <summary>A role that a member of staff holds in one dialogue.</summary>
public enum DialogueRole
{
    /// <summary>Designs and runs the dialogue.</summary>
    Organiser = 1,

    /// <summary>Holds one table.</summary>
    Facilitator = 2,

    /// <summary>Reads everything but identities.</summary>
    Auditor = 3,
}

/// <summary>How an answer of the panel becomes its decision.</summary>
public enum DecisionRule
{
    /// <summary>The answers are shown as they are; nothing is decided by counting.</summary>
    NoThreshold = 0,

    /// <summary>More than half of those who answered.</summary>
    SimpleMajority = 1,

    /// <summary>At least two thirds of those who answered.</summary>
    TwoThirds = 2,

    /// <summary>At least four fifths of those who answered.</summary>
    FourFifths = 3,

    /// <summary>Nobody objects.</summary>
    Consent = 4,
}

/// <summary>What kind of answer a question takes; each also takes "don't know / no answer".</summary>
public enum QuestionKind
{
    /// <summary>Exactly one option.</summary>
    SingleChoice = 1,

    /// <summary>One or more options, up to a maximum.</summary>
    MultipleChoice = 2,

    /// <summary>One of five ordered steps.</summary>
    Scale5 = 3,
}

/// <summary>Where a selected person stands on the way to the day.</summary>
public enum ParticipantStatus
{
    /// <summary>Drawn and invited; has not answered.</summary>
    Selected = 1,

    /// <summary>Has consented and said yes.</summary>
    Confirmed = 2,

    /// <summary>Said no before the day.</summary>
    Declined = 3,

    /// <summary>Let the deadline pass and was let go by the organiser.</summary>
    NotAnswered = 4,

    /// <summary>Said yes and then could not come, or left for good.</summary>
    Withdrew = 5,
}

/// <summary>Whether a confirmed participant has come on the day.</summary>
public enum Attendance
{
    /// <summary>Not seen yet.</summary>
    Expected = 0,

    /// <summary>Checked in.</summary>
    Present = 1,

    /// <summary>Said to be on the way.</summary>
    Late = 2,

    /// <summary>Did not come, or left.</summary>
    Absent = 3,
}

/// <summary>How far a session's ballot has come.</summary>
public enum BallotState
{
    /// <summary>Not open yet; questions may be edited.</summary>
    Draft = 0,

    /// <summary>Citizens may answer and change their answers.</summary>
    Open = 1,

    /// <summary>Counts are fixed and the links to people are erased.</summary>
    Closed = 2,
}

/// <summary>How far a lottery has come.</summary>
public enum LotteryState
{
    /// <summary>Being computed by a job.</summary>
    Computing = 1,

    /// <summary>Computed; chances can be seen; not frozen.</summary>
    Computed = 2,

    /// <summary>Frozen: the manifest with the panels' hashes is published.</summary>
    Frozen = 3,

    /// <summary>Drawn by public randomness.</summary>
    Drawn = 4,

    /// <summary>Stopped or failed; kept in the history.</summary>
    Ended = 5,
}

/// <summary>Whether a lottery picks a whole panel or people in place of those who declined.</summary>
public enum LotteryKind
{
    /// <summary>A whole panel.</summary>
    Panel = 1,

    /// <summary>Replacements for people who are out.</summary>
    Replacement = 2,

    /// <summary>A rehearsal of the ceremony with throw-away randomness: never the panel.</summary>
    Test = 3,
}

/// <summary>How far a piece of long work has come.</summary>
public enum JobState
{
    /// <summary>Waiting for its turn.</summary>
    Waiting = 0,

    /// <summary>At work.</summary>
    Running = 1,

    /// <summary>Done.</summary>
    Done = 2,

    /// <summary>Stopped by a person.</summary>
    Stopped = 3,

    /// <summary>Could not be done; the code says why.</summary>
    Failed = 4,
}

/// <summary>What the ballot of a session is for.</summary>
public enum SessionKind
{
    /// <summary>A vote on what the session is about.</summary>
    Vote = 0,

    /// <summary>The first asking of questions that the same people are asked again later.</summary>
    Before = 1,

    /// <summary>The second asking of the questions of a session of the kind <see cref="Before"/>.</summary>
    After = 2,
}

/// <summary>Whether a statement may be seen and voted on.</summary>
public enum StatementState
{
    /// <summary>Written by a citizen; nobody has looked at it yet, and nobody else sees it.</summary>
    Waiting = 0,

    /// <summary>Shown to everybody.</summary>
    Accepted = 1,

    /// <summary>Not shown; its author is told why.</summary>
    Rejected = 2,
}

/// <summary>Why a statement is not shown.</summary>
public enum RejectionReason
{
    /// <summary>It says the same as another one.</summary>
    Duplicate = 1,

    /// <summary>It is about something else.</summary>
    OffTopic = 2,

    /// <summary>It says several things at once, so that one vote cannot answer it.</summary>
    SeveralThings = 3,

    /// <summary>It insults, or says something about a person.</summary>
    AboutPersons = 4,
}

/// <summary>How somebody votes on a statement.</summary>
public enum StatementChoice
{
    /// <summary>Against it.</summary>
    Disagree = -1,

    /// <summary>Neither, or not sure.</summary>
    Pass = 0,

    /// <summary>For it.</summary>
    Agree = 1,
}

/// <summary>By which rule a few statements are chosen that speak for many.</summary>
public enum SlateRule
{
    /// <summary>Method of Equal Shares; what budgets do not pay for comes in by Phragmén's rule.</summary>
    EqualShares = 0,

    /// <summary>Equal Shares, everybody's budget raised until it pays for all.</summary>
    EqualSharesRaised = 1,

    /// <summary>Equal Shares, then the statements with most support.</summary>
    EqualSharesMostSupport = 2,

    /// <summary>Equal Shares alone: the slate may stay shorter.</summary>
    EqualSharesOnly = 3,

    /// <summary>Phragmén's sequential rule.</summary>
    Phragmen = 4,

    /// <summary>Sequential proportional approval voting.</summary>
    ProportionalApproval = 5,
}
