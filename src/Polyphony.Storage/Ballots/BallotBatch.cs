using System.Security.Cryptography;
using Polyphony.Dialogues;

namespace Polyphony.Storage.Ballots;

/// <summary>A ballot on its way to the store: hashes and answers, no code and no name.</summary>
/// <param name="DialogueId">The dialogue of the session that was asked for.</param>
/// <param name="SessionId">The session.</param>
/// <param name="CredentialHash">SHA-256 of the link code (phone), or of the turn's code (tablet).</param>
/// <param name="Locator">HMAC-SHA256 of the session under the code.</param>
/// <param name="ReceiptKey">SHA-256 of credential and idempotency key.</param>
/// <param name="BodyHash">HMAC-SHA256 of the answers under the code.</param>
/// <param name="Answers">The written answers, already checked.</param>
/// <param name="Channel">Phone or tablet.</param>
/// <param name="Pair">HMAC-SHA256 of the pairing under the code, where the same questions are asked twice of the holder of a link; else null.</param>
public sealed record BallotSubmission(
    DialogueId DialogueId, SessionId SessionId, byte[] CredentialHash, byte[] Locator, byte[] ReceiptKey, byte[] BodyHash, string Answers, BallotChannel Channel,
    byte[]? Pair = null);

/// <summary>What became of a ballot.</summary>
public enum BallotVerdict
{
    /// <summary>Stored durably.</summary>
    Stored = 1,

    /// <summary>The same request was stored before: the same receipt again.</summary>
    Repeated = 2,

    /// <summary>The idempotency key was used for other answers.</summary>
    KeyReused = 3,

    /// <summary>The link is not or no longer valid.</summary>
    NoCredential = 4,

    /// <summary>The session's ballot is not open at the person's site.</summary>
    NotOpen = 5,

    /// <summary>This person votes by another way in this session: tablet, paper or phone.</summary>
    OtherChannel = 6,
}

/// <summary>A verdict and, when stored, the receipt.</summary>
public sealed record BallotResult(BallotVerdict Verdict, string Receipt);

/// <summary>Decides a batch of ballots from what was loaded, and gathers what is to be written: the one place of the rules, for both databases.</summary>
public sealed class BallotBatch(int size)
{
    /// <summary>What is known of a credential: the person and their site, the positions of their values, and the only session for which it is good (a tablet's turn).</summary>
    public sealed record Holder(DialogueId DialogueId, SiteId SiteId, ParticipantId ParticipantId, string Strata, SessionId? Only);

    private readonly Dictionary<Bytes, Holder> holders = new(size);
    private readonly Dictionary<(SessionId, SiteId), BallotState> ballots = [];
    private readonly Dictionary<Bytes, (byte[] BodyHash, string Receipt)> receipts = new(size);
    private readonly Dictionary<(SessionId, ParticipantId), BallotChannel> participations = [];
    private readonly HashSet<Bytes> located = [];

    public Dictionary<Bytes, (SessionId Session, SiteId Site, string Answers, string Strata, byte[]? Pair)> NewBallots { get; } = new(size);

    public Dictionary<Bytes, string> ChangedBallots { get; } = [];

    public List<(SessionId Session, ParticipantId Participant, BallotChannel Channel)> NewParticipations { get; } = new(size);

    public List<(byte[] Key, SessionId Session, SiteId Site, byte[] BodyHash, string Receipt)> NewReceipts { get; } = new(size);

    public bool HasChanges => NewReceipts.Count > 0;

    public void Know(byte[] credentialHash, Holder holder) => holders[new(credentialHash)] = holder;

    /// <summary>Whether the state of the session's ballot at the site was read in this transaction.</summary>
    public bool Knows(SessionId session, SiteId site) => ballots.ContainsKey((session, site));

    public void Know(SessionId session, SiteId site, BallotState state) => ballots[(session, site)] = state;

    public void KnowReceipt(byte[] key, byte[] bodyHash, string receipt) => receipts[new(key)] = (bodyHash, receipt);

    public void Know(SessionId session, ParticipantId participant, BallotChannel channel) => participations[(session, participant)] = channel;

    public void KnowBallot(byte[] locator) => located.Add(new(locator));

    /// <summary>The participant of a credential, once known.</summary>
    public Holder? HolderOf(BallotSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        return holders.GetValueOrDefault(new(submission.CredentialHash));
    }

    /// <summary>Decides one ballot; later ones of the same batch see what this one did.</summary>
    public BallotResult Decide(BallotSubmission submission)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (HolderOf(submission) is not { } holder || holder.DialogueId != submission.DialogueId
            || (holder.Only is { } only && only != submission.SessionId))
        {
            return new(BallotVerdict.NoCredential, "");
        }

        if (receipts.TryGetValue(new(submission.ReceiptKey), out (byte[] BodyHash, string Receipt) before))
        {
            // Closing erases the hash of the answers: who repeats a request after it still gets the receipt.
            return before.BodyHash.Length == 0 || CryptographicOperations.FixedTimeEquals(before.BodyHash, submission.BodyHash)
                ? new(BallotVerdict.Repeated, before.Receipt)
                : new(BallotVerdict.KeyReused, "");
        }

        if (ballots.GetValueOrDefault((submission.SessionId, holder.SiteId)) != BallotState.Open)
        {
            return new(BallotVerdict.NotOpen, "");
        }

        (SessionId, ParticipantId) key = (submission.SessionId, holder.ParticipantId);
        bool took = participations.TryGetValue(key, out BallotChannel channel);
        if (took && channel != submission.Channel)
        {
            return new(BallotVerdict.OtherChannel, "");
        }

        Bytes locator = new(submission.Locator);
        bool isLocated = located.Contains(locator) || NewBallots.ContainsKey(locator);
        if (took && !isLocated)
        {
            // The link was reissued after voting: the first ballot cannot be found by the new code, and a second one must not be.
            return new(BallotVerdict.OtherChannel, "");
        }

        if (NewBallots.ContainsKey(locator))
        {
            NewBallots[locator] = (submission.SessionId, holder.SiteId, submission.Answers, holder.Strata, submission.Pair);
        }
        else if (isLocated)
        {
            ChangedBallots[locator] = submission.Answers;
        }
        else
        {
            NewBallots[locator] = (submission.SessionId, holder.SiteId, submission.Answers, holder.Strata, submission.Pair);
        }

        if (!took)
        {
            participations[key] = submission.Channel;
            NewParticipations.Add((submission.SessionId, holder.ParticipantId, submission.Channel));
        }

        string receipt = Receipts.Create();
        receipts[new(submission.ReceiptKey)] = (submission.BodyHash, receipt);
        NewReceipts.Add((submission.ReceiptKey, submission.SessionId, holder.SiteId, submission.BodyHash, receipt));
        return new(BallotVerdict.Stored, receipt);
    }

    /// <summary>Bytes that compare by content.</summary>
    public readonly record struct Bytes(byte[] Value)
    {
        public bool Equals(Bytes other) => Value.AsSpan().SequenceEqual(other.Value);

        // The bytes are hashes or random: their first four are as good as any digest of them.
        public override int GetHashCode() => BitConverter.ToInt32(Value, 0);
    }
}

/// <summary>Receipt codes: eight characters without look-alikes.</summary>
public static class Receipts
{
    private const string Letters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

    public static string Create() => string.Create(9, 0, static (code, _) =>
    {
        RandomNumberGenerator.GetItems<char>(Letters, code);
        code[4] = '-';
    });
}
