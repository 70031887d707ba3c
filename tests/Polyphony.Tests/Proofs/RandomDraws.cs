using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

/// <summary>A draw of the batch that all verifiers are given.</summary>
/// <param name="Evidence">Its files.</param>
/// <param name="IsTampered">Whether a file was changed after it was made.</param>
/// <param name="HasLog">Whether a log holds it: only then is every byte of the record bound.</param>
internal sealed record RandomDraw(DrawEvidence Evidence, bool IsTampered, bool HasLog)
{
    /// <summary>One line of the batch.</summary>
    public string ToLine() => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        ["record"] = Convert.ToBase64String(Evidence.Record),
        ["manifest"] = Base64(Evidence.Manifest),
        ["panels"] = Base64(Evidence.Panels),
        ["person"] = Base64(Evidence.Person),
        ["hash"] = Evidence.KnownManifestHash,
        ["key"] = Evidence.KnownLogKey,
    });

    /// <summary>A letter a check: passed, failed, not performed.</summary>
    public string Letters() => string.Concat(DrawVerifier.Verify(Evidence).Select(check => check.State switch { CheckState.Passed => 'P', CheckState.Failed => 'F', _ => 'N' }));

    private static string? Base64(byte[]? bytes) => bytes is null ? null : Convert.ToBase64String(bytes);
}

/// <summary>Makes draws of every kind from a seed, whole ones and tampered ones: the same seed gives the same files in every test project.</summary>
internal static class RandomDraws
{
    private static readonly LogSigner Signer = new("example.org/log", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly LogSigner Stranger = new("example.org/log", [.. Enumerable.Range(101, 32).Select(i => (byte)i)]);
    private static readonly string[] Labels = ["FR", "CH-ZH", "panel", "S-076"];
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    public static IEnumerable<RandomDraw> Make(int count, int seed)
    {
        Random chance = new(seed);
        for (int number = 0; number < count; number++)
        {
            RandomDraw draw = Make(chance);
            yield return chance.Next(10) < 7 ? Tamper(draw, chance) : draw;
        }
    }

    public static RandomDraw Make(Random chance)
    {
        int people = chance.Next(4, 15);
        byte[][] rawTickets = [.. Enumerable.Range(0, people).Select(_ => Bytes(chance, 16)).OrderBy(Convert.ToHexStringLower, StringComparer.Ordinal)];
        string[] tickets = [.. rawTickets.Select(Convert.ToHexStringLower)];
        bool hasLog = chance.Next(5) > 0;
        FrozenDraw frozen = new(chance.Next(1, 5), chance.Next(4) == 0 ? "québec-\u00e9\ud83d\ude00" : "mobility", Start.AddSeconds(chance.Next(100_000)), [], hasLog ? Signer.Key : null);
        bool order = chance.Next(5) == 0;
        bool dice = !order && chance.Next(60) == 0;
        frozen = frozen with { Label = !order && !dice && chance.Next(3) == 0 ? Labels[chance.Next(Labels.Length)] : null };
        DrawSource[] values = dice ? [new(DrawSourceKind.Dice, "three dice", 0, [.. Digits(chance, 3)])] : Sources(chance);
        frozen = frozen with { Sources = [.. values.Select(source => new DeclaredSource(source.Kind, source.Name, source.OutOf, frozen.FrozenAt.AddSeconds(chance.Next(1, 5_000))))] };
        DateTimeOffset drawnAt = frozen.Sources.Max(source => source.At).AddSeconds(chance.Next(0, 500));
        return order ? OrderDraw(chance, frozen, values, drawnAt, tickets) : PanelDraw(chance, frozen, values, drawnAt, rawTickets, tickets, dice);
    }

    private static RandomDraw PanelDraw(Random chance, FrozenDraw frozen, DrawSource[] values, DateTimeOffset drawnAt, byte[][] rawTickets, string[] tickets, bool dice)
    {
        int size = chance.Next(1, Math.Min(5, tickets.Length + 1));
        string[][] panels = [.. Enumerable.Range(0, dice ? 1_000 : chance.Next(1, 13)).Select(_ => tickets.OrderBy(_ => chance.Next()).Take(size).Order(StringComparer.Ordinal).ToArray())];
        JsonObject[] leaves = [.. rawTickets.Select(ticket => DrawFiles.PersonLeaf(ticket, Bytes(chance, 32), [new("gender", chance.Next(2) == 0 ? "woman" : "man"), new("âge \"x\"\\", "16\u201329\t")]))];
        byte[][] hashes = [.. leaves.Select(leaf => MerkleTree.LeafHash(CanonicalJson.Serialize(leaf)))];
        JsonObject manifest = DrawFiles.PanelManifest(frozen, "panel", "leximin", "Polyphony.Sortition 1.0", tickets, MerkleTree.Root(hashes), size, [new("gender", "woman", 0, size), new("age*gender", "16-29*man", 0, 2)], panels);
        byte[] bytes = CanonicalJson.Serialize(manifest);
        byte[] hash = Pd1.ManifestHash(bytes);
        int chosen = dice ? Pd1.DiceIndex([.. values[0].Values.Select(value => value[0] - '0')]) : (int)Pd1.Index(Pd1.Key(hash, DrawSource.Seed(values)), frozen.Label ?? DrawFiles.SoleLabel, (ulong)panels.Length).Index;
        JsonObject record = DrawFiles.Record(manifest, drawnAt, dice ? "dice" : "index", values, chosen, panels[chosen]);
        int person = chance.Next(tickets.Length);
        return new(
            new DrawEvidence(Log(chance, frozen, drawnAt, hash, record))
            {
                Manifest = chance.Next(3) > 0 ? bytes : null,
                Panels = chance.Next(3) > 0 ? CanonicalJson.Serialize(DrawFiles.Panels(hash, panels)) : null,
                Person = chance.Next(3) > 0 ? CanonicalJson.Serialize(DrawFiles.PersonProof(leaves[person], person, MerkleTree.InclusionProof(hashes, person), hash)) : null,
                KnownManifestHash = chance.Next(2) == 0 ? Convert.ToHexString(hash) : null,
                KnownLogKey = chance.Next(2) == 0 && frozen.Log is not null ? Signer.Key.ToString() : null,
            },
            false,
            frozen.Log is not null);
    }

    private static RandomDraw OrderDraw(Random chance, FrozenDraw frozen, DrawSource[] values, DateTimeOffset drawnAt, string[] tickets)
    {
        string[] shuffled = [.. tickets.OrderBy(_ => chance.Next())];
        JsonObject manifest = DrawFiles.ReplacementManifest(frozen, Bytes(chance, 32), shuffled[..1], shuffled[1..2]);
        byte[] hash = Pd1.ManifestHash(CanonicalJson.Serialize(manifest));
        IEnumerable<string> selected = Pd1.Order(Pd1.Key(hash, DrawSource.Seed(values)), shuffled[2..]).Take(chance.Next(1, 4));
        JsonObject record = DrawFiles.Record(manifest, drawnAt, "order", values, null, selected);
        return new(new DrawEvidence(Log(chance, frozen, drawnAt, hash, record)) { Manifest = CanonicalJson.Serialize(manifest) }, false, frozen.Log is not null);
    }

    /// <summary>Puts the draw into a log among other entries.</summary>
    private static byte[] Log(Random chance, FrozenDraw frozen, DateTimeOffset drawnAt, byte[] hash, JsonObject record)
    {
        if (frozen.Log is null)
        {
            return CanonicalJson.Serialize(record);
        }

        int freeze = chance.Next(0, 12);
        int draw = freeze + chance.Next(1, 12);
        LogEntry[] entries = [.. Enumerable.Range(0, draw + chance.Next(1, 6)).Select(_ => new LogEntry(frozen.FrozenAt, "pool.imported", null, null, "{\"people\":4}", Bytes(chance, 16)))];
        entries[freeze] = new(frozen.FrozenAt, "lottery.frozen", "d", new string('a', 64), DrawFiles.FreezeFacts(frozen.Attempt, hash), Bytes(chance, 16));
        entries[draw] = new(drawnAt, "panel.drawn", "d", null, DrawFiles.DrawFacts(frozen.Attempt, record), Bytes(chance, 16));
        byte[][] hashes = [.. entries.Select(entry => entry.Hash())];
        string note = new Checkpoint(Signer.Key.Name, entries.Length, MerkleTree.Root(hashes)).Sign(Signer);
        return CanonicalJson.Serialize(DrawFiles.WithLog(
            record, note, new(entries[freeze].ToJson(), freeze, MerkleTree.InclusionProof(hashes, freeze)), new(entries[draw].ToJson(), draw, MerkleTree.InclusionProof(hashes, draw))));
    }

    /// <summary>Changes one file: a bit, a byte, a piece, or a value with everything that depends on it written anew as far as a forger without the key can.</summary>
    public static RandomDraw Tamper(RandomDraw draw, Random chance)
    {
        DrawEvidence evidence = draw.Evidence;
        int kind = chance.Next(8);
        DrawEvidence changed = kind switch
        {
            0 when evidence.Manifest is { } manifest => evidence with { Manifest = Bend(manifest, chance) },
            1 when evidence.Panels is { } panels => evidence with { Panels = Bend(panels, chance) },
            2 when evidence.Person is { } person => evidence with { Person = Bend(person, chance) },
            3 or 4 => evidence with { Record = Bend(evidence.Record, chance) },
            _ => evidence with { Record = Forge(evidence.Record, chance), Manifest = null, Panels = kind == 5 ? evidence.Panels : null, Person = null, KnownManifestHash = null },
        };
        bool differs = !changed.Record.AsSpan().SequenceEqual(evidence.Record) || !Same(changed.Panels, evidence.Panels) || !Same(changed.Person, evidence.Person) || !Same(changed.Manifest, evidence.Manifest);
        return draw with { Evidence = changed, IsTampered = differs };
    }

    private static bool Same(byte[]? a, byte[]? b) => a is null || (b is not null && a.AsSpan().SequenceEqual(b));

    private static byte[] Bend(byte[] file, Random chance)
    {
        int at = chance.Next(file.Length);
        switch (chance.Next(5))
        {
            case 0:
                return [.. file[..at], .. file[(at + 1)..]];
            case 1:
                return [.. file[..at], (byte)chance.Next(32, 127), .. file[at..]];
            case 2:
                return file[..at];
            case 3:
                byte[] digit = [.. file];
                digit[at] = (byte)"0123456789abcdef"[chance.Next(16)];
                return digit;
            default:
                byte[] flipped = [.. file];
                flipped[at] ^= (byte)(1 << chance.Next(8));
                return flipped;
        }
    }

    private static byte[] Forge(byte[] file, Random chance)
    {
        JsonObject record = (JsonObject)JsonNode.Parse(file)!;
        JsonObject manifest = (JsonObject)record["manifest"]!;
        JsonArray selected = (JsonArray)record["selected"]!;
        JsonObject? log = (JsonObject?)record["log"];
        switch (chance.Next(15))
        {
            case 0:
                record["chosen"] = chance.Next(12);
                break;
            case 1:
                selected[chance.Next(selected.Count)] = Convert.ToHexStringLower(Bytes(chance, 16));
                break;
            case 2:
                manifest["frozenAt"] = "2020-01-01T00:00:00Z";
                break;
            case 3:
                record["drawnAt"] = "2030-01-01T00:00:00Z";
                break;
            case 4:
                ((JsonArray)((JsonArray)record["values"]!)[0]!)[0] = "7";
                break;
            case 5:
                record["seed"] = (string)record["seed"]! + chance.Next(9).ToString(CultureInfo.InvariantCulture) + "./";
                break;
            case 6:
                manifest["size"] = chance.Next(-1, 4);
                break;
            case 7 when log is not null:
                log["checkpoint"] = new Checkpoint(Signer.Key.Name, 40, Bytes(chance, 32)).Sign(Stranger);
                break;
            case 8 when log is not null:
                record.Remove("log");
                break;
            case 9 when log is not null:
                ((JsonObject)log["frozen"]!)["index"] = chance.Next(30);
                break;
            case 10 when log is not null:
                // Signed by another key of the same name, root and all.
                log["checkpoint"] = Checkpoint.Read((string)log["checkpoint"]!)!.Sign(Stranger);
                break;
            case 11:
                manifest["attempt"] = 9;
                break;
            case 12:
                manifest["label"] = (string?)manifest["label"] == "FR" ? "DE" : "FR";
                break;
            case 13:
                ((JsonObject)((JsonArray)manifest["sources"]!)[0]!)["at"] = "2020-01-01T00:00:00Z";
                break;
            default:
                ((JsonObject)((JsonArray)manifest["sources"]!)[0]!)["name"] = "another";
                break;
        }

        record["manifestHash"] = Convert.ToHexStringLower(Pd1.ManifestHash(CanonicalJson.Serialize(manifest)));
        return CanonicalJson.Serialize(record);
    }

    private static DrawSource[] Sources(Random chance) => chance.Next(6) switch
    {
        0 => [new(DrawSourceKind.Dice, "forty dice", 0, [.. Digits(chance, chance.Next(39, 45))])],
        1 => [new(DrawSourceKind.NumberLottery, "big one", 10_000, [.. Numbers(chance, 14, 10_000)])],
        2 => [new(DrawSourceKind.Dice, "three", 0, [.. Digits(chance, 3)]), new(DrawSourceKind.NumberLottery, "weekly", 49, [.. Numbers(chance, 6, 49)]), new(DrawSourceKind.Beacon, "drand", 0, [Convert.ToHexString(Bytes(chance, 32))])],
        _ => [new(DrawSourceKind.Beacon, "drand quicknet", 0, [Convert.ToHexStringLower(Bytes(chance, 32))])],
    };

    private static IEnumerable<string> Digits(Random chance, int count) => Enumerable.Range(0, count).Select(_ => chance.Next(10).ToString(CultureInfo.InvariantCulture)).ToArray();

    private static IEnumerable<string> Numbers(Random chance, int count, int outOf)
    {
        HashSet<int> numbers = [];
        while (numbers.Count < count)
        {
            numbers.Add(chance.Next(1, outOf + 1));
        }

        return numbers.Select(number => number.ToString(CultureInfo.InvariantCulture));
    }

    private static byte[] Bytes(Random chance, int count)
    {
        byte[] bytes = new byte[count];
        chance.NextBytes(bytes);
        return bytes;
    }
}
