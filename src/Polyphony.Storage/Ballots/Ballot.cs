using Polyphony.Dialogues;

namespace Polyphony.Storage.Ballots;

/// <summary>The key of a personal link. Only its hash is here; the code itself is on the person's letter.</summary>
public sealed class Credential
{
    /// <summary>SHA-256 of the link code.</summary>
    [Personal(PersonalCategory.Credential, Retention.Recruitment)]
    public byte[] Hash { get; set; } = [];

    public DialogueId DialogueId { get; set; }

    public ParticipantId ParticipantId { get; set; }

    public DateTimeOffset IssuedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>By which way a person took part in a session's ballot.</summary>
public enum BallotChannel
{
    Phone = 1,
    Tablet = 2,
    Paper = 3,
}

/// <summary>That a person took part in a session's ballot; not when, and not what was answered.</summary>
public sealed class Participation
{
    public SessionId SessionId { get; set; }

    public ParticipantId ParticipantId { get; set; }

    public BallotChannel Channel { get; set; }
}

/// <summary>Answers to one session. Until closing it can be found by the holder of the link code, and only by them; after it, by nobody.</summary>
public sealed class Ballot
{
    /// <summary>128 random bits: neither time nor sequence.</summary>
    [NotPersonal]
    public byte[] Key { get; set; } = [];

    public SessionId SessionId { get; set; }

    /// <summary>The site where it was cast: each closes its own ballots.</summary>
    public SiteId SiteId { get; set; }

    /// <summary>HMAC-SHA256 of the session under the link code; erased at closing.</summary>
    [Personal(PersonalCategory.Credential, Retention.UntilClosing)]
    public byte[]? Locator { get; set; }

    /// <summary>HMAC-SHA256 of the pairing under the link code, where the same questions are asked twice: joins the two ballots of one person, and
    /// is erased when the second asking closes. Null for a vote, and for a ballot cast on a shared tablet.</summary>
    [Personal(PersonalCategory.Credential, Retention.UntilClosing)]
    public byte[]? Pair { get; set; }

    /// <summary>Positions of the person's values, for the counts by single criterion; erased at closing.</summary>
    [Personal(PersonalCategory.Criterion, Retention.UntilClosing)]
    public string? Strata { get; set; }

    /// <summary>The answers as the ballot paper writes them.</summary>
    [NotPersonal]
    public string Answers { get; set; } = "";
}

/// <summary>What was answered to a request with an idempotency key: the same request gets the same answer again.</summary>
public sealed class BallotReceipt
{
    /// <summary>SHA-256 of credential and idempotency key.</summary>
    [Personal(PersonalCategory.Credential, Retention.Recruitment)]
    public byte[] Key { get; set; } = [];

    public SessionId SessionId { get; set; }

    public SiteId SiteId { get; set; }

    /// <summary>HMAC of the body under the link code: tells a repeat from a misuse, and nothing about the answers to those who lack the code.</summary>
    [Personal(PersonalCategory.Credential, Retention.UntilClosing)]
    public byte[] BodyHash { get; set; } = [];

    /// <summary>The code that the citizen keeps.</summary>
    [NotPersonal]
    public string Receipt { get; set; } = "";
}

/// <summary>The counts of a session at one site as they were fixed when the site closed it. What the dialogue counts is their sum.</summary>
[NotPersonal]
public sealed class SessionCount
{
    public SessionId SessionId { get; set; }

    public SiteId SiteId { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>Counts of links and tablets, overall and by single criterion, as <c>Polyphony.Statistics</c> serialises them.</summary>
    public string CountsJson { get; set; } = "";

    public DateTimeOffset ClosedAt { get; set; }
}

/// <summary>Where the answers of the same people went between two askings at one site, as it was fixed when the second one closed there.</summary>
[NotPersonal]
public sealed class PairCount
{
    /// <summary>The second asking.</summary>
    public SessionId SessionId { get; set; }

    public SiteId SiteId { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>For each question how many went from which answer to which, as <c>Polyphony.Statistics</c> serialises it.</summary>
    public string FlowsJson { get; set; } = "";

    public DateTimeOffset ClosedAt { get; set; }
}

/// <summary>One of the two entries of a table's paper ballots.</summary>
[NotPersonal]
public sealed class PaperTally
{
    public SessionId SessionId { get; set; }

    public int Table { get; set; }

    /// <summary>1 or 2: entered twice, by two people.</summary>
    public int Entry { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>The site of the table: its paper is counted there.</summary>
    public SiteId SiteId { get; set; }

    /// <summary>Number of paper ballots.</summary>
    public int Ballots { get; set; }

    /// <summary>For each question the counts of its options and last "no answer": <c>3,0,2,1;…</c>.</summary>
    public string Counts { get; set; } = "";

    public Guid EnteredBy { get; set; }

    public DateTimeOffset EnteredAt { get; set; }

    /// <summary>Why an entry was changed after both agreed; stays visible.</summary>
    public string Note { get; set; } = "";
}

/// <summary>Leave to vote once on a shared tablet, given by the facilitator after the badge was read.</summary>
public sealed class TabletTurn
{
    /// <summary>SHA-256 of the turn's code.</summary>
    [Personal(PersonalCategory.Credential, Retention.UntilClosing)]
    public byte[] CodeHash { get; set; } = [];

    public DialogueId DialogueId { get; set; }

    public SessionId SessionId { get; set; }

    public ParticipantId ParticipantId { get; set; }

    public int Table { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }
}
