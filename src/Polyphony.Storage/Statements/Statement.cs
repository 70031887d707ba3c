using Polyphony.Dialogues;

namespace Polyphony.Storage.Statements;

/// <summary>The vote on statements of a dialogue: one, with a topic, open for a time.</summary>
[NotPersonal]
public sealed class StatementVote
{
    public DialogueId DialogueId { get; set; }

    /// <summary>What the statements are about, as the citizens read it.</summary>
    public LocalizedText Topic { get; set; } = LocalizedText.Empty;

    public BallotState State { get; set; }

    /// <summary>Whether citizens may add statements of their own.</summary>
    public bool TakesStatements { get; set; } = true;

    /// <summary>By which rule the slate is chosen when the vote closes.</summary>
    public SlateRule SlateRule { get; set; }

    /// <summary>How many statements the slate has; fewer where there are not so many.</summary>
    public int SlateSize { get; set; } = UsualSlate;

    public const int UsualSlate = 5;

    public DateTimeOffset? OpenedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>What everybody may see of the landscape, fixed at closing as JSON; empty before.</summary>
    public string LandscapeJson { get; set; } = "";

    /// <summary>Languages that are counted apart, fixed at opening: those of enough people. None where nothing could be shown by language.</summary>
    public List<string> Languages { get; set; } = [];

    /// <summary>What staff may see of how sites and languages voted, fixed after closing as JSON; empty before, and an empty list where there is one of each.</summary>
    public string SumsJson { get; set; } = "";

    /// <summary>Changes with every edit: a form saves only over the version that it shows.</summary>
    public Guid Version { get; set; }
}

/// <summary>A sentence that people agree or disagree with.</summary>
/// <remarks>No time, and random identifiers: neither tells when a citizen wrote it. Numbers are given when it is accepted.</remarks>
public sealed class Statement
{
    public StatementId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>1, 2, 3 … among the accepted ones; 0 before.</summary>
    public int Number { get; set; }

    /// <summary>The words in each language. A citizen writes one of them, the organisers add the others.</summary>
    [NotPersonal]
    public LocalizedText Text { get; set; } = LocalizedText.Empty;

    /// <summary>The language in which it was written.</summary>
    [NotPersonal]
    public string Language { get; set; } = "";

    public StatementState State { get; set; }

    public RejectionReason? Reason { get; set; }

    /// <summary>Written by the organisers.</summary>
    public bool IsSeed { get; set; }

    /// <summary>About people and not about the topic: votes on it place nobody on the landscape.</summary>
    public bool IsMeta { get; set; }

    /// <summary>The voter's mark of whoever wrote it, as in <see cref="StatementBallot"/>; null for a seed.</summary>
    [Personal(PersonalCategory.Credential, Retention.UntilClosing)]
    public byte[]? Author { get; set; }
}

/// <summary>How somebody votes on a statement; the last vote takes the place of the one before.</summary>
/// <remarks>Until closing the voter's mark is an HMAC of the vote under the link code, of which the server keeps only a hash; at closing everybody gets a random one.
/// There is no time, and on SQLite no hidden row number.</remarks>
public sealed class StatementBallot
{
    public DialogueId DialogueId { get; set; }

    [Personal(PersonalCategory.Credential, Retention.UntilClosing)]
    public byte[] Voter { get; set; } = [];

    public StatementId StatementId { get; set; }

    public StatementChoice Choice { get; set; }
}

/// <summary>That a person voted on statements; not when, and not how: whoever gets a new link cannot vote a second time.</summary>
public sealed class StatementParticipation
{
    public DialogueId DialogueId { get; set; }

    public ParticipantId ParticipantId { get; set; }

    /// <summary>Under which language their votes are counted, as it was at the first one: one of <see cref="StatementVote.Languages"/>, or empty. Erased at closing.</summary>
    /// <remarks>Were it read anew each time, a vote that is changed after the person's language was corrected would be taken out of a sum in which it never was.</remarks>
    [Personal(PersonalCategory.Need, Retention.UntilClosing)]
    public string Language { get; set; } = "";
}

/// <summary>How often one run of a server showed each statement to citizens, and how often it should have on average; never to whom.</summary>
/// <remarks>Each run writes a row of its own, so that no server waits for another. Together they tell whether everybody is shown what was meant.</remarks>
[NotPersonal]
public sealed class RoutingSum
{
    public DialogueId DialogueId { get; set; }

    /// <summary>Random for each start of a server.</summary>
    public Guid Run { get; set; }

    /// <summary>By number of the statement, the first one's first.</summary>
    public long[] Shown { get; set; } = [];

    /// <summary>The same in billionths.</summary>
    public long[] Intended { get; set; } = [];
}

/// <summary>How many people of one site came to a statement, and while the vote is open how they voted on it; not who.</summary>
/// <remarks>A ballot carries no site, so that this is counted when it comes in, and nothing leads back to the ballot. How they voted is erased at closing, once it has passed the gate.</remarks>
[NotPersonal]
public sealed class StatementViews
{
    public DialogueId DialogueId { get; set; }

    public StatementId StatementId { get; set; }

    public SiteId SiteId { get; set; }

    public int Views { get; set; }

    public int Agrees { get; set; }

    public int Disagrees { get; set; }
}

/// <summary>How many people of one language came to a statement while the vote is open, and how they voted on it; not who, and not where.</summary>
/// <remarks>As <see cref="StatementViews"/>, and all of it is erased at closing. Languages that are not counted apart stand together under an empty one.</remarks>
[NotPersonal]
public sealed class StatementLanguageSum
{
    public DialogueId DialogueId { get; set; }

    public StatementId StatementId { get; set; }

    public string Language { get; set; } = "";

    public int Views { get; set; }

    public int Agrees { get; set; }

    public int Disagrees { get; set; }
}
