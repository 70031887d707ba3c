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
    /// <summary>The check that must fail because the draw itself was wrong, with files that agree with each other; empty: it was right.</summary>
    public string WrongBy { get; init; } = "";

    /// <summary>One line of the batch.</summary>
    public string ToLine() => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        ["record"] = Convert.ToBase64String(Evidence.Record),
        ["manifest"] = Base64(Evidence.Manifest),
        ["panels"] = Base64(Evidence.Panels),
        ["person"] = Base64(Evidence.Person),
        ["before"] = Base64(Evidence.Before),
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
            yield return draw.WrongBy.Length == 0 && chance.Next(10) < 7 ? Tamper(draw, chance) : draw;
        }
    }

    /// <summary>A panel draw, or replacements after one: the last link of a chain of one to three.</summary>
    public static RandomDraw Make(Random chance)
    {
        byte[][] raw = [.. Enumerable.Range(0, chance.Next(4, 15)).Select(_ => Bytes(chance, 16)).OrderBy(Convert.ToHexStringLower, StringComparer.Ordinal)];
        string[] tickets = [.. raw.Select(Convert.ToHexStringLower)];
        bool dice = chance.Next(60) == 0;
        Link link = PanelDraw(chance, raw, tickets, null, dice);
        for (int links = chance.Next(5) - 2; links > 0; links--)
        {
            // Where nobody is left to step in the chain ends, and after a draw that was wrong.
            if (link.Draw.WrongBy.Length == 0 && tickets.Except(link.Seated).Except(link.Out).Any())
            {
                link = chance.Next(2) == 0 ? OrderDraw(chance, tickets, link) : PanelDraw(chance, raw, tickets, link, dice && chance.Next(2) == 0);
            }
        }

        return link.Draw;
    }

    /// <summary>A draw, and what the next one needs of it.</summary>
    private sealed record Link(RandomDraw Draw, byte[] Hash, string[] Seated, string[] Out, DateTimeOffset DrawnAt, DrawSource[] Values);

    /// <summary>What an organiser who controls all files could do wrong in a draw of replacements.</summary>
    private enum Wrong
    {
        None,
        SomebodyWhoStaysIsDropped,
        SomebodyWhoIsOutIsDrawn,
        AStrangerStays,
        SomebodyIsForgotten,
        SomebodyWhoWasOutMayComeBack,
        TheRandomnessIsTheOneBefore,
    }

    /// <summary>One of them in one draw out of four, where the draw allows it.</summary>
    private static Wrong Choose(Random chance, string[] tickets, Link before, string[] staying, string[] leaving) => (Wrong)(chance.Next(4) == 0 ? chance.Next(1, 7) : 0) switch
    {
        Wrong.SomebodyWhoStaysIsDropped or Wrong.AStrangerStays when staying.Length == 0 || tickets.Except(staying).Except(leaving).Count() <= before.Seated.Length - staying.Length => Wrong.None,
        Wrong.SomebodyWhoWasOutMayComeBack when before.Out.Length == 0 => Wrong.None,
        Wrong.TheRandomnessIsTheOneBefore when before.Values.All(source => source.Bits < 20) => Wrong.None,
        var wrong => wrong,
    };

    /// <summary>The lists of a manifest that is wrong.</summary>
    private static (string[] Staying, string[] Out) Lists(Wrong wrong, string[] tickets, Link before, string[] staying, string[] leaving) => wrong switch
    {
        Wrong.AStrangerStays => ([.. staying[1..], tickets.Except(before.Seated).Except(leaving).First()], [.. leaving, staying[0]]),
        Wrong.SomebodyIsForgotten => (staying, [.. leaving.Except([before.Seated.Except(staying).First()])]),
        Wrong.SomebodyWhoWasOutMayComeBack => (staying, [.. leaving.Except([before.Out[0]])]),
        _ => (staying, leaving),
    };

    private static string CheckFor(Wrong wrong) => wrong switch
    {
        Wrong.None => "",
        Wrong.SomebodyWhoStaysIsDropped or Wrong.SomebodyWhoIsOutIsDrawn => "selected",
        _ => "before",
    };

    /// <summary>Who stays and who is out after a draw: somebody leaves, and now and then somebody who was never drawn.</summary>
    private static (string[] Staying, string[] Out) Split(Random chance, string[] tickets, Link before)
    {
        string[] seated = [.. before.Seated.OrderBy(_ => chance.Next())];
        int leaving = chance.Next(1, 1 + Math.Min(seated.Length, tickets.Except(seated).Except(before.Out).Count()));
        string[] free = [.. tickets.Except(seated).Except(before.Out)];
        return (seated[leaving..], [.. before.Out, .. seated[..leaving], .. free.Length > leaving && chance.Next(4) == 0 ? free[..1] : []]);
    }

    private static (FrozenDraw Frozen, DrawSource[] Values, DateTimeOffset DrawnAt) Freeze(Random chance, Link? before, bool dice, bool mayHaveLabel, Wrong wrong)
    {
        bool hasLog = chance.Next(5) > 0;
        DateTimeOffset frozenAt = (before?.DrawnAt ?? Start).AddSeconds(chance.Next(100_000));
        DrawSource[] values = wrong == Wrong.TheRandomnessIsTheOneBefore ? before!.Values : dice ? [new(DrawSourceKind.Dice, "three dice", 0, [.. Digits(chance, 3)])] : Sources(chance);
        DeclaredSource[] sources = [.. values.Select(source => new DeclaredSource(source.Kind, source.Name, source.OutOf, frozenAt.AddSeconds(chance.Next(1, 5_000))))];
        bool timed = hasLog || chance.Next(2) == 0;
        FrozenDraw frozen = new(chance.Next(1, 5), chance.Next(4) == 0 ? "québec-\u00e9\ud83d\ude00" : "mobility", timed ? frozenAt : null, sources, hasLog ? Signer.Key : null)
        {
            Label = mayHaveLabel && !dice && chance.Next(3) == 0 ? Labels[chance.Next(Labels.Length)] : null,
        };
        return (frozen, values, sources.Max(source => source.At).AddSeconds(chance.Next(0, 500)));
    }

    private static Link PanelDraw(Random chance, byte[][] rawTickets, string[] tickets, Link? before, bool dice)
    {
        int size = before?.Seated.Length ?? chance.Next(1, Math.Min(5, tickets.Length + 1));
        (string[] staying, string[] leaving) = before is null ? ([], []) : Split(chance, tickets, before);
        Wrong wrong = before is null || dice ? Wrong.None : Choose(chance, tickets, before, staying, leaving);
        (FrozenDraw frozen, DrawSource[] values, DateTimeOffset drawnAt) = Freeze(chance, before, dice, mayHaveLabel: true, wrong);
        (staying, leaving) = before is null ? (staying, leaving) : Lists(wrong, tickets, before, staying, leaving);
        string[] free = [.. tickets.Except(staying).Except(leaving)];
        string[] certain = wrong == Wrong.SomebodyWhoStaysIsDropped ? staying[1..] : wrong == Wrong.SomebodyWhoIsOutIsDrawn ? [.. staying, leaving[0]] : staying;
        string[][] panels = [.. Enumerable.Range(0, dice ? 1_000 : chance.Next(1, 13)).Select(_ => certain.Concat(free.OrderBy(_ => chance.Next()).Take(size - certain.Length)).Order(StringComparer.Ordinal).ToArray())];
        JsonObject[] leaves = [.. rawTickets.Select(ticket => DrawFiles.PersonLeaf(ticket, Bytes(chance, 32), [new("gender", chance.Next(2) == 0 ? "woman" : "man"), new("âge \"x\"\\", "16\u201329\t")]))];
        byte[][] hashes = [.. leaves.Select(leaf => MerkleTree.LeafHash(CanonicalJson.Serialize(leaf)))];
        JsonObject manifest = DrawFiles.PanelManifest(
            frozen, before is null ? "panel" : DrawFiles.Replacement, "leximin", "Polyphony.Sortition 1.0", tickets, MerkleTree.Root(hashes), size, [new("gender", "woman", 0, size), new("age*gender", "16-29*man", 0, 2)], panels);
        if (before is not null)
        {
            DrawFiles.Replaces(manifest, before.Hash, staying, leaving);
        }

        byte[] bytes = CanonicalJson.Serialize(manifest);
        byte[] hash = Pd1.ManifestHash(bytes);
        int chosen = dice ? Pd1.DiceIndex([.. values[0].Values.Select(value => value[0] - '0')]) : (int)Pd1.Index(Pd1.Key(hash, DrawSource.Seed(values)), frozen.Label ?? DrawFiles.SoleLabel, (ulong)panels.Length).Index;
        JsonObject record = DrawFiles.Record(manifest, frozen.FrozenAt is null ? null : drawnAt, dice ? "dice" : "index", values, chosen, panels[chosen]);
        int person = chance.Next(tickets.Length);
        RandomDraw draw = new(
            new DrawEvidence(Log(chance, frozen, drawnAt, hash, record))
            {
                Manifest = chance.Next(3) > 0 ? bytes : null,
                Panels = chance.Next(3) > 0 ? CanonicalJson.Serialize(DrawFiles.Panels(hash, panels)) : null,
                Person = chance.Next(3) > 0 ? CanonicalJson.Serialize(DrawFiles.PersonProof(leaves[person], person, MerkleTree.InclusionProof(hashes, person), hash)) : null,
                Before = wrong != Wrong.None || chance.Next(3) > 0 ? before?.Draw.Evidence.Record : null,
                KnownManifestHash = chance.Next(2) == 0 ? Convert.ToHexString(hash) : null,
                KnownLogKey = chance.Next(2) == 0 && frozen.Log is not null ? Signer.Key.ToString() : null,
            },
            false,
            frozen.Log is not null)
        { WrongBy = CheckFor(wrong) };
        return new(draw, hash, panels[chosen], leaving, drawnAt, values);
    }

    private static Link OrderDraw(Random chance, string[] tickets, Link before)
    {
        (string[] staying, string[] leaving) = Split(chance, tickets, before);
        Wrong wrong = Choose(chance, tickets, before, staying, leaving);
        wrong = wrong == Wrong.SomebodyWhoStaysIsDropped ? Wrong.None : wrong;
        (FrozenDraw frozen, DrawSource[] values, DateTimeOffset drawnAt) = Freeze(chance, before, dice: false, mayHaveLabel: false, wrong);
        (staying, leaving) = Lists(wrong, tickets, before, staying, leaving);
        JsonObject manifest = DrawFiles.ReplacementManifest(frozen, before.Hash, staying, leaving);
        byte[] hash = Pd1.ManifestHash(CanonicalJson.Serialize(manifest));
        string[] selected = [.. Pd1.Order(Pd1.Key(hash, DrawSource.Seed(values)), tickets.Except(staying).Except(wrong == Wrong.SomebodyWhoIsOutIsDrawn ? [] : leaving)).Take(before.Seated.Length - staying.Length)];
        JsonObject record = DrawFiles.Record(manifest, frozen.FrozenAt is null ? null : drawnAt, "order", values, null, selected);
        RandomDraw draw = new(
            new DrawEvidence(Log(chance, frozen, drawnAt, hash, record)) { Manifest = CanonicalJson.Serialize(manifest), Before = wrong != Wrong.None || chance.Next(3) > 0 ? before.Draw.Evidence.Record : null }, false, frozen.Log is not null)
        {
            WrongBy = selected.Intersect(leaving).Any() || wrong != Wrong.SomebodyWhoIsOutIsDrawn ? CheckFor(wrong) : "",
        };
        return new(draw, hash, [.. staying, .. selected], leaving, drawnAt, values);
    }

    /// <summary>Puts the draw into a log among other entries.</summary>
    private static byte[] Log(Random chance, FrozenDraw frozen, DateTimeOffset drawnAt, byte[] hash, JsonObject record)
    {
        if (frozen.Log is null)
        {
            return CanonicalJson.Serialize(record);
        }

        DateTimeOffset frozenAt = frozen.FrozenAt!.Value;
        int freeze = chance.Next(0, 12);
        int draw = freeze + chance.Next(1, 12);
        LogEntry[] entries = [.. Enumerable.Range(0, draw + chance.Next(1, 6)).Select(_ => new LogEntry(frozenAt, "pool.imported", null, null, "{\"people\":4}", Bytes(chance, 16)))];
        entries[freeze] = new(frozenAt, "lottery.frozen", "d", new string('a', 64), DrawFiles.FreezeFacts(frozen.Attempt, hash), Bytes(chance, 16));
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
        int kind = chance.Next(9);
        DrawEvidence changed = kind switch
        {
            0 when evidence.Manifest is { } manifest => evidence with { Manifest = Bend(manifest, chance) },
            1 when evidence.Panels is { } panels => evidence with { Panels = Bend(panels, chance) },
            2 when evidence.Person is { } person => evidence with { Person = Bend(person, chance) },
            8 when evidence.Before is { } before => evidence with { Before = ForgeBefore(before, chance) },
            3 or 4 => evidence with { Record = Bend(evidence.Record, chance) },
            _ => evidence with { Record = Forge(evidence.Record, chance), Manifest = null, Panels = kind == 5 ? evidence.Panels : null, Person = null, KnownManifestHash = null },
        };
        bool differs = !changed.Record.AsSpan().SequenceEqual(evidence.Record) || !Same(changed.Panels, evidence.Panels) || !Same(changed.Person, evidence.Person) || !Same(changed.Manifest, evidence.Manifest)
            || !Same(changed.Before, evidence.Before);
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

    /// <summary>Another record before: another person on that panel, somebody more who was out, or the same randomness.</summary>
    private static byte[] ForgeBefore(byte[] file, Random chance)
    {
        JsonObject record = (JsonObject)JsonNode.Parse(file)!;
        JsonArray selected = (JsonArray)record["selected"]!;
        switch (chance.Next(3))
        {
            case 0:
                selected[chance.Next(selected.Count)] = Convert.ToHexStringLower(Bytes(chance, 16));
                break;
            case 1 when record.ContainsKey("chosen"):
                selected.RemoveAt(0);
                break;
            default:
                ((JsonObject)record["manifest"]!)["out"] = new JsonArray(Convert.ToHexStringLower(Bytes(chance, 16)));
                break;
        }

        return CanonicalJson.Serialize(record);
    }

    private static byte[] Forge(byte[] file, Random chance)
    {
        JsonObject record = (JsonObject)JsonNode.Parse(file)!;
        JsonObject manifest = (JsonObject)record["manifest"]!;
        JsonArray selected = (JsonArray)record["selected"]!;
        JsonObject? log = (JsonObject?)record["log"];
        switch (chance.Next(20))
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
            case 14:
                // Times half stated.
                record.Remove("drawnAt");
                break;
            case 15 when manifest["staying"] is JsonArray { Count: > 0 } staying:
                staying.RemoveAt(0);
                break;
            case 16 when manifest["out"] is JsonArray { Count: > 0 } gone:
                gone.RemoveAt(0);
                break;
            case 17 when manifest["out"] is JsonArray:
                // Somebody of those drawn is called out.
                manifest["out"] = new JsonArray((string)selected[0]!);
                break;
            case 18 when manifest["staying"] is JsonArray:
                manifest["kind"] = "panel";
                break;
            case 19 when manifest["panel"] is not null:
                manifest["panel"] = new string('0', 64);
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
