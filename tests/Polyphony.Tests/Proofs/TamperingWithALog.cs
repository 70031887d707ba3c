using System.Text;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

/// <summary>Goal G17 of the reliability page: whatever is done to a log, a verifier with a checkpoint kept elsewhere sees it.</summary>
public sealed class TamperingWithALog
{
    private static readonly LogSigner Signer = new("example.org/log", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly KeptEntry[] Log = [.. Make(60, 1)];
    private static readonly string Note = new Checkpoint(Signer.Key.Name, Log.Length, MerkleTree.Root([.. Log.Select(entry => entry.Hash)])).Sign(Signer);

    [Fact]
    public void A_whole_log_is_intact_and_may_grow()
    {
        Assert.Equal(new LogFinding.Intact(60, 60), LogAudit.Examine(Log, Note, Signer.Key));
        Assert.Equal(new LogFinding.Intact(75, 60), LogAudit.Examine([.. Log, .. Make(75, 2).Skip(60)], Note, Signer.Key));
        Assert.Equal(new LogFinding.Unanchored(60), LogAudit.Examine(Log, null, Signer.Key));
    }

    [Fact]
    public void Ten_thousand_edits_are_all_found()
    {
        Random chance = new(17);
        Dictionary<string, int> found = [];
        for (int number = 0; number < 10_000; number++)
        {
            (string edit, List<KeptEntry> changed) = Edit(chance);
            LogFinding finding = LogAudit.Examine(changed, Note, Signer.Key);
            Assert.True(finding is not LogFinding.Intact, $"{edit} number {number} was not found");
            found[edit] = found.GetValueOrDefault(edit) + 1;
        }

        Assert.True(found.Count == 9 && found.Values.All(count => count > 800), string.Join(", ", found));
    }

    [Fact]
    public void Ten_thousand_changed_checkpoints_and_proofs_are_all_refused()
    {
        Random chance = new(18);
        byte[][] leaves = [.. Log.Select(entry => entry.Hash)];
        byte[] root = MerkleTree.Root(leaves);
        for (int number = 0; number < 10_000; number++)
        {
            byte[] note = Encoding.UTF8.GetBytes(Note);
            note[chance.Next(note.Length)] ^= (byte)(1 << chance.Next(8));
            Assert.IsType<LogFinding.Unsigned>(LogAudit.Examine(Log, Encoding.UTF8.GetString(note), Signer.Key));
            int index = chance.Next(60);
            byte[][] path = [.. MerkleTree.InclusionProof(leaves, index).Select(hash => (byte[])hash.Clone())];
            path[chance.Next(path.Length)][chance.Next(32)] ^= (byte)(1 << chance.Next(8));
            Assert.False(MerkleTree.Verify(leaves[index], index, 60, path, root));
            int first = chance.Next(1, 60);
            byte[][] bridge = [.. MerkleTree.ConsistencyProof(leaves, first).Select(hash => (byte[])hash.Clone())];
            bridge[chance.Next(bridge.Length)][chance.Next(32)] ^= (byte)(1 << chance.Next(8));
            Assert.False(MerkleTree.VerifyConsistency(first, 60, bridge, MerkleTree.Root(leaves.AsSpan(0, first)), root));
        }
    }

    [Fact]
    public void A_log_signed_anew_by_another_key_is_not_the_log()
    {
        KeptEntry[] other = [.. Make(60, 3)];
        LogSigner stranger = new(Signer.Key.Name, new byte[32]);
        string note = new Checkpoint(Signer.Key.Name, 60, MerkleTree.Root([.. other.Select(entry => entry.Hash)])).Sign(stranger);
        Assert.IsType<LogFinding.Unsigned>(LogAudit.Examine(other, note, Signer.Key));
        Assert.IsType<LogFinding.Rewritten>(LogAudit.Examine(other, Note, Signer.Key));
    }

    [Fact]
    public void An_actor_is_hidden_and_cannot_be_followed()
    {
        Assert.NotEqual(LogEntry.Commit("odile", new byte[16]), LogEntry.Commit("odile", [.. Enumerable.Repeat((byte)1, 16)]));
        Assert.NotNull(Log[1].Entry.Actor);
        Assert.All(Log, kept => Assert.DoesNotContain("odile", Encoding.UTF8.GetString(CanonicalJson.Serialize(kept.Entry.ToJson())), StringComparison.Ordinal));
    }

    private static IEnumerable<KeptEntry> Make(int count, int seed)
    {
        Random chance = new(1);
        Random own = new(seed);
        for (int index = 0; index < count; index++)
        {
            byte[] salt = new byte[16];
            (seed == 2 ? chance : own).NextBytes(salt);
            LogEntry entry = new(DateTimeOffset.UnixEpoch.AddSeconds(index), index % 3 == 0 ? "lottery.frozen" : "pool.imported", index % 2 == 0 ? "d" : null, index % 5 == 0 ? null : LogEntry.Commit("odile", salt), $"{{\"n\":{index}}}", salt);
            yield return new KeptEntry(index, entry, entry.Hash());
        }
    }

    private static (string, List<KeptEntry>) Edit(Random chance)
    {
        List<KeptEntry> log = [.. Log];
        int at = chance.Next(log.Count);
        KeptEntry kept = log[at];
        switch (chance.Next(9))
        {
            case 0:
                log[at] = kept with { Entry = Bend(kept.Entry, chance) };
                return ("content", log);
            case 1:
                log[at] = Rehash(kept with { Entry = Bend(kept.Entry, chance) });
                return ("content and hash", log);
            case 2:
                byte[] hash = [.. kept.Hash];
                hash[chance.Next(32)] ^= (byte)(1 << chance.Next(8));
                log[at] = kept with { Hash = hash };
                return ("hash", log);
            case 3:
                log.RemoveAt(at);
                return ("removal", log);
            case 4:
                log.RemoveAt(at);
                return ("removal with new numbers", Number(log));
            case 5:
                log.Insert(at, Rehash(kept with { Entry = kept.Entry with { Facts = "{\"n\":-1}" } }));
                return ("insertion", Number(log));
            case 6:
                int other = (at + 1 + chance.Next(log.Count - 1)) % log.Count;
                (log[at], log[other]) = (log[other], log[at]);
                return ("exchange", Number(log));
            case 7:
                return ("cut", log[..at]);
            default:
                // Yesterday's log, on which other things happened today.
                return ("roll-back", [.. log[..at], .. Number([.. log[..at], .. Make(60, 4 + chance.Next(1_000)).Skip(at)]).Skip(at)]);
        }
    }

    private static List<KeptEntry> Number(List<KeptEntry> log) => [.. log.Select((kept, index) => kept with { Index = index })];

    private static KeptEntry Rehash(KeptEntry kept) => kept with { Hash = kept.Entry.Hash() };

    private static LogEntry Bend(LogEntry entry, Random chance) => chance.Next(6) switch
    {
        0 => entry with { At = entry.At.AddSeconds(chance.Next(1, 100_000)) },
        1 => entry with { Code = entry.Code + "x" },
        2 => entry with { Dialogue = entry.Dialogue is null ? "d" : null },
        3 => entry with { Actor = LogEntry.Commit("somebody else", entry.Salt) },
        4 => entry with { Facts = "{\"n\":1000}" },
        _ => entry with { Salt = [.. entry.Salt.Select((value, i) => i == 0 ? (byte)(value ^ 1) : value)] },
    };
}
