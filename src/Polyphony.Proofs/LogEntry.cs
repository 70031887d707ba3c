using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polyphony.Proofs;

/// <summary>A fact in the log, without personal data. Its leaf hides all of it until the salt is published.</summary>
/// <param name="At">When; whole seconds.</param>
/// <param name="Code">What, such as <c>lottery.frozen</c>.</param>
/// <param name="Dialogue">The dialogue's identifier; null for the installation itself.</param>
/// <param name="Actor">Who, as a commitment of <see cref="Commit"/>; null for the server and for citizens.</param>
/// <param name="Facts">A flat JSON object in canonical form: counts, numbers, hashes.</param>
/// <param name="Salt">16 random bytes: whoever guesses a fact cannot tell from the leaf's hash that they are right.</param>
public sealed record LogEntry(DateTimeOffset At, string Code, string? Dialogue, string? Actor, string Facts, byte[] Salt)
{
    /// <summary>Commits to who acted without naming them: nobody without the second salt can tell two entries of one person.</summary>
    /// <param name="who">The person's identifier.</param>
    /// <param name="salt">16 random bytes of this entry alone, which are never published.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Commit(string who, byte[] salt) => Convert.ToHexStringLower(SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(who)]));

    /// <summary>Writes facts in their canonical form.</summary>
    /// <param name="facts">A JSON object.</param>
    /// <returns>The canonical text.</returns>
    /// <exception cref="ArgumentException">It is no JSON object of texts, whole numbers, and objects and lists of them.</exception>
    public static string Canonical(string facts)
    {
        try
        {
            return JsonNode.Parse(facts) is JsonObject read ? Encoding.UTF8.GetString(CanonicalJson.Serialize(read)) : throw new ArgumentException("Facts are a JSON object.", nameof(facts));
        }
        catch (JsonException malformed)
        {
            throw new ArgumentException("Facts are a JSON object.", nameof(facts), malformed);
        }
    }

    /// <summary>How a time is written: <c>2026-05-09T08:00:00Z</c>.</summary>
    /// <param name="time">Any time.</param>
    /// <returns>UTC to the second, cut off.</returns>
    public static string Instant(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The entry as JSON.</summary>
    /// <returns>An object whose canonical form is the leaf's data.</returns>
    public JsonObject ToJson() => new()
    {
        ["actor"] = Actor,
        ["at"] = Instant(At),
        ["code"] = Code,
        ["dialogue"] = Dialogue,
        ["facts"] = JsonNode.Parse(Facts),
        ["salt"] = Convert.ToHexStringLower(Salt),
    };

    /// <summary>The leaf's hash in the log.</summary>
    /// <returns>32 bytes.</returns>
    public byte[] Hash() => MerkleTree.LeafHash(CanonicalJson.Serialize(ToJson()));
}

/// <summary>An entry as it is kept: its place, the hash that was written with it, and its content.</summary>
/// <param name="Index">From 0, without gaps.</param>
/// <param name="Entry">What it says.</param>
/// <param name="Hash">What was written as its leaf's hash.</param>
public sealed record KeptEntry(long Index, LogEntry Entry, byte[] Hash);

/// <summary>What the examination of a whole log found.</summary>
public abstract record LogFinding
{
    private LogFinding()
    {
    }

    /// <summary>Every entry has the hash that was written with it, and the log continues the checkpoint.</summary>
    /// <param name="Size">Number of entries.</param>
    /// <param name="Saved">Size of the checkpoint.</param>
    public sealed record Intact(long Size, long Saved) : LogFinding;

    /// <summary>Every entry has its hash, but there was no checkpoint: entries missing at the end, and a log made anew, go unnoticed.</summary>
    /// <param name="Size">Number of entries.</param>
    public sealed record Unanchored(long Size) : LogFinding;

    /// <summary>An entry does not stand where it belongs: one was removed, added or moved.</summary>
    /// <param name="Index">The first wrong place.</param>
    public sealed record Gap(long Index) : LogFinding;

    /// <summary>An entry is not what was written.</summary>
    /// <param name="Index">The first such entry.</param>
    public sealed record Changed(long Index) : LogFinding;

    /// <summary>The log does not begin with what the checkpoint covers: it was cut off, rolled back or rewritten.</summary>
    /// <param name="Size">Number of entries.</param>
    /// <param name="Saved">Size of the checkpoint.</param>
    public sealed record Rewritten(long Size, long Saved) : LogFinding;

    /// <summary>The checkpoint was not signed by the log's key, so nothing can be compared with it.</summary>
    public sealed record Unsigned : LogFinding;
}

/// <summary>Examines a whole log.</summary>
public static class LogAudit
{
    /// <summary>Computes every leaf and the root of the checkpoint again.</summary>
    /// <param name="entries">All entries, in the order of their index.</param>
    /// <param name="note">A signed checkpoint that was kept elsewhere; null when there is none.</param>
    /// <param name="key">The log's public key.</param>
    /// <returns>The first thing that is wrong, or <see cref="LogFinding.Intact"/>.</returns>
    public static LogFinding Examine(IReadOnlyList<KeptEntry> entries, string? note, LogKey key)
    {
        ArgumentNullException.ThrowIfNull(entries);
        for (int place = 0; place < entries.Count; place++)
        {
            if (entries[place].Index != place)
            {
                return new LogFinding.Gap(place);
            }

            if (!IsWhole(entries[place]))
            {
                return new LogFinding.Changed(place);
            }
        }

        if (note is null)
        {
            return new LogFinding.Unanchored(entries.Count);
        }

        if (Checkpoint.Open(note, key) is not { } saved)
        {
            return new LogFinding.Unsigned();
        }

        return saved.Size <= entries.Count && MerkleTree.Root([.. entries.Take((int)saved.Size).Select(entry => entry.Hash)]).AsSpan().SequenceEqual(saved.Root)
            ? new LogFinding.Intact(entries.Count, saved.Size)
            : new LogFinding.Rewritten(entries.Count, saved.Size);
    }

    private static bool IsWhole(KeptEntry kept)
    {
        try
        {
            // What is kept must be the one canonical form too: nothing may be added that the hash does not see.
            return kept.Entry.At.UtcTicks % TimeSpan.TicksPerSecond == 0 && LogEntry.Canonical(kept.Entry.Facts) == kept.Entry.Facts && kept.Entry.Hash().AsSpan().SequenceEqual(kept.Hash);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
