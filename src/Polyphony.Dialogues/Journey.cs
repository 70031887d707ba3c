namespace Polyphony.Dialogues;

/// <summary>The six stops of a dialogue's journey, in their order.</summary>
public enum JourneyStop
{
    /// <summary>The question, who asks and who answers.</summary>
    Mandate = 0,

    /// <summary>Pool, quotas, lottery and ceremony.</summary>
    Draw = 1,

    /// <summary>Confirmations, agenda, tables.</summary>
    Prepare = 2,

    /// <summary>The day: check-in, tables, ballots.</summary>
    Deliberate = 3,

    /// <summary>Results published.</summary>
    Conclude = 4,

    /// <summary>Answers of the addressee.</summary>
    Respond = 5,
}

/// <summary>The facts from which the phase of a dialogue is derived; never set by hand.</summary>
/// <param name="PublishedAt">When the dialogue's public page was published.</param>
/// <param name="DrawnAt">When its panel was drawn.</param>
/// <param name="Selected">People drawn and still invited or confirmed.</param>
/// <param name="Confirmed">People who said yes.</param>
/// <param name="Seated">Whether a seating plan exists.</param>
/// <param name="FirstBallotOpenedAt">When the first ballot opened.</param>
/// <param name="Sessions">Number of sessions with questions.</param>
/// <param name="ClosedSessions">Number of those closed.</param>
/// <param name="ReleasedAt">When results were last published and not taken back.</param>
/// <param name="StartsOn">First day of the dialogue at its site.</param>
/// <param name="AnswerBy">Day by which the addressee answers.</param>
public sealed record JourneyFacts(
    DateTimeOffset? PublishedAt,
    DateTimeOffset? DrawnAt,
    int Selected,
    int Confirmed,
    bool Seated,
    DateTimeOffset? FirstBallotOpenedAt,
    int Sessions,
    int ClosedSessions,
    DateTimeOffset? ReleasedAt,
    DateOnly? StartsOn,
    DateOnly? AnswerBy);

/// <summary>Where a dialogue stands on its journey.</summary>
public static class Journey
{
    /// <summary>The stop at which a dialogue is now.</summary>
    /// <param name="facts">What has happened.</param>
    /// <returns>The first stop whose work is not done; <see cref="JourneyStop.Respond"/> once results are out.</returns>
    public static JourneyStop Now(JourneyFacts facts) => facts switch
    {
        { ReleasedAt: not null } => JourneyStop.Respond,
        { Sessions: > 0 } when facts.ClosedSessions == facts.Sessions => JourneyStop.Conclude,
        { FirstBallotOpenedAt: not null } => JourneyStop.Deliberate,
        { DrawnAt: not null } => JourneyStop.Prepare,
        { PublishedAt: not null } => JourneyStop.Draw,
        _ => JourneyStop.Mandate,
    };
}
