using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

/// <summary>Draws of an organiser who holds all files and the key, and keeps every rule but one: a verifier that has forgotten that rule takes the draw.</summary>
internal static class BrokenRules
{
    private const string Beacon = "9e1c1a33c1f4bb8f9f14d6de3e42c1dc2ad5a5cb0f0e1d2c3b4a596877665544";

    private static readonly DateTimeOffset FrozenAt = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset KnownAt = FrozenAt.AddHours(1);
    private static readonly DateTimeOffset DrawnAt = FrozenAt.AddHours(2);
    private static readonly LogSigner Signer = new("example.org/log", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly string[] Tickets = [.. Enumerable.Range(0, 6).Select(i => new string((char)('a' + i), 32))];
    private static readonly DrawSource Drand = new(DrawSourceKind.Beacon, "drand", 0, [Beacon]);

    /// <summary>The rule in a few words, the checks that must fail, and the draw.</summary>
    public static IEnumerable<(string Rule, string Failed, DrawEvidence Draw)> All()
    {
        yield return ("none", "", new Draw().Make());
        yield return ("none, of replacements", "", new Draw { Replaces = true }.Make());
        yield return ("none, by three dice", "", new Draw { Dice = true }.Make());
        yield return ("none, of several from the same sources", "", new Draw { Label = "FR" }.Make());

        // Form.
        yield return ("a record is its canonical form", "form", Spaced(new Draw().Make()));
        yield return ("a minimum is at most the maximum", "form", new Draw { Manifest = m => m["quotas"]![0]!["min"] = 3 }.Make());
        yield return ("what a log holds states times", "form", new Draw { Manifest = Untimed, Record = r => r.Remove("drawnAt") }.Make());
        yield return ("replacements name who stays", "form", new Draw { Replaces = true, Manifest = m => m.Remove("staying") }.Make());

        // Tickets.
        yield return ("tickets ascend", "tickets", new Draw { Manifest = m => m["tickets"] = List(Tickets[1], Tickets[0], Tickets[2], Tickets[3], Tickets[4], Tickets[5]) }.Make());
        yield return ("as many tickets as people", "tickets", new Draw { HasPerson = false, Manifest = m => m["pool"]!["size"] = 7 }.Make());
        yield return ("those who are out ascend", "tickets", new Draw { Replaces = true, Manifest = m => m["out"] = List(Tickets[4], Tickets[3]) }.Make());
        yield return ("those who stay ascend", "tickets", new Draw { Replaces = true, Manifest = m => m["staying"] = List(Tickets[1], Tickets[0]) }.Make());
        yield return ("nobody is out who stays", "panels selected tickets", new Draw { Replaces = true, Manifest = m => m["out"] = List(Tickets[1], Tickets[3], Tickets[4]) }.Make());
        yield return ("not everybody stays", "tickets", new Draw { Replaces = true, Stay = 3 }.Make());

        // Times.
        yield return ("the randomness comes after the freeze", "times", new Draw { Manifest = m => m["sources"]![0]!["at"] = LogEntry.Instant(FrozenAt) }.Make());
        yield return ("the draw comes after the randomness", "times", new Draw { Manifest = m => m["sources"]![0]!["at"] = LogEntry.Instant(DrawnAt.AddSeconds(1)) }.Make());

        // Seed.
        yield return ("no values without a source", "seed", new Draw { Values = [[Beacon], ["1"]] }.Make());
        yield return ("the seed is written from the values", "seed", new Draw { Seed = Beacon + ".7./" }.Make());
        foreach ((string rule, DrawSource odd) in ((string, DrawSource)[])
        [
            ("a number of a lottery comes once", new(DrawSourceKind.NumberLottery, "six", 49, ["5", "5"])),
            ("a number of a lottery is at most the greatest", new(DrawSourceKind.NumberLottery, "six", 49, ["50"])),
            ("a number of a lottery is at least 1", new(DrawSourceKind.NumberLottery, "six", 49, ["0"])),
            ("there is a number of a lottery", new(DrawSourceKind.NumberLottery, "six", 49, [])),
            ("a lottery has at most 10,000 numbers", new(DrawSourceKind.NumberLottery, "six", 10_001, ["5"])),
            ("a die shows one digit", new(DrawSourceKind.Dice, "dice", 0, ["12"])),
            ("a die was thrown", new(DrawSourceKind.Dice, "dice", 0, [])),
            ("a beacon has 32 digits at least", new(DrawSourceKind.Beacon, "short", 0, ["ab"])),
            ("a beacon is hexadecimal", new(DrawSourceKind.Beacon, "odd", 0, [new string('g', 64)])),
            ("a beacon has one value", new(DrawSourceKind.Beacon, "two", 0, [Beacon, Beacon])),
        ])
        {
            yield return (rule, "seed", new Draw { Sources = [Drand with { Values = [new string('1', 64)] }, odd] }.Make());
        }

        // The number of the panel.
        yield return ("the number follows from the seed", "chance", new Draw { Chosen = right => (right + 1) % 5 }.Make());
        yield return ("an index draw says so", "chance", new Draw { Record = r => r["how"] = "dice" }.Make());
        yield return ("the name of one of several draws counts", "chance", new Draw { Label = "FR", DrawsAs = DrawFiles.SoleLabel }.Make());
        yield return ("there is enough randomness", "chance", new Draw { Sources = [new(DrawSourceKind.NumberLottery, "six", 49, ["1", "2", "3", "4", "5", "6"])] }.Make());
        yield return ("three dice are the number itself", "chance", new Draw { Dice = true, Chosen = right => right + 1 }.Make());
        yield return ("three dice say so", "chance", new Draw { Dice = true, Record = r => r["how"] = "index" }.Make());
        yield return ("the number is one of a panel", "chance selected", new Draw { Record = r => r["chosen"] = 5 }.Make());

        // The panel.
        yield return ("the people drawn are those of the panel", "selected", new Draw { Record = r => r["selected"] = List(Tickets[3], Tickets[4], Tickets[5]) }.Make());
        yield return ("every panel has the size", "panels selected", new Draw { Manifest = m => m["size"] = 2 }.Make());
        yield return ("everybody who stays is on every panel", "panels selected", new Draw { Replaces = true, Manifest = m => (m["staying"], m["out"]) = (List(Tickets[0], Tickets[3]), List(Tickets[4])), HasBefore = false }.Make());
        yield return ("nobody who is out is on a panel", "panels selected", new Draw { Replaces = true, Manifest = m => m["out"] = List(Tickets[2], Tickets[3], Tickets[4], Tickets[5]) }.Make());
        yield return ("panels have the hashes of the manifest", "panels", new Draw { Panels = p => p["panels"]![0] = List(Tickets[3], Tickets[4], Tickets[5]) }.Make());
        yield return ("the panels are of this manifest", "panels", new Draw { Panels = p => p["manifest"] = new string('0', 64) }.Make());
        yield return ("no panel is left out", "panels", new Draw { Panels = p => p["panels"]!.AsArray().RemoveAt(4) }.Make());

        yield return ("the tickets of a panel ascend", "panels", new Draw { Panels = p => p["panels"]![1] = new JsonArray([.. p["panels"]![1]!.AsArray().Reverse().Select(ticket => ticket!.DeepClone())]) }.Make());
        yield return ("nobody is on a panel twice", "panels", new Draw { Numbered = panels => panels[0][1] = panels[0][0] }.Make());
        yield return ("everybody on a panel is of the pool", "panels", new Draw { Numbered = panels => panels[0][2] = new string('f', 31) + "0" }.Make());
        yield return ("none, of panels with more members than asked for", "", new Draw { Panels = p => (p["a"], p["z"]) = (new JsonObject { ["panels"] = List(Tickets) }, List(Tickets)) }.Make());
        foreach ((string rule, string was, string becomes) in ((string, string, string)[])
        [
            ("has no blanks between panels", "],[", "], ["),
            ("has no blanks between tickets", "\",\"", "\", \""),
            ("has no blanks in a panel", "]]", " ]]"),
            ("has no blanks behind its panels", "]]}", "]] }"),
            ("ends with its end", "]]}", "]]},"),
            ("closes its panels", "]]}", "]}"),
            ("has nothing before a panel", "[[", "[,["),
            ("has nothing behind a panel", "]]", "],]"),
            ("has nothing behind a ticket", "]]", ",]]"),
            ("has its panels once", "\"panels\":", "\"panels\":[],\"panels\":"),
            ("has lists of tickets", "]]", "],{}]"),
            ("has whole tickets", "\"]]", "0\"]]"),
            ("has tickets of small digits", "fff\"", "ffF\""),
            ("is JSON", "[[", "{["),
        ])
        {
            yield return ("a file of panels " + rule, "panels", Replaced(new Draw().Make(), was, becomes));
        }

        // A person's proof.
        yield return ("the proof is of the ticket at its place", "person", new Draw { Leaf = leaf => leaf["ticket"] = new string('9', 32) }.Make());
        yield return ("a nonce has 64 digits", "person", new Draw { Leaf = leaf => leaf["nonce"] = new string('0', 62) }.Make());
        yield return ("a leaf has three members", "person", new Draw { Leaf = leaf => leaf["more"] = "" }.Make());
        yield return ("the proof leads to the root", "person", new Draw { Person = p => p["proof"]![0] = new string('0', 64) }.Make());
        yield return ("the proof is of this manifest", "person", new Draw { Person = p => p["manifest"] = new string('0', 64) }.Make());

        // The draw before.
        yield return ("replacements name the draw before", "before", new Draw { Replaces = true, Manifest = m => m["panel"] = new string('0', 64) }.Make());
        yield return ("only who was on the panel stays", "before", new Draw { Replaces = true, Strangers = true }.Make());
        yield return ("nobody of the panel is forgotten", "before", new Draw { Replaces = true, Manifest = m => m["out"] = List(Tickets[4]) }.Make());
        yield return ("the freeze comes after the draw before", "before", new Draw { Replaces = true, BeforeAt = FrozenAt }.Make());
        yield return ("the randomness is another one", "before", new Draw { Replaces = true, Sources = [Drand with { Values = [new string('2', 64)] }] }.Make());

        // The log.
        yield return ("the freeze stands before the draw", "log", new Draw { DrawnFirst = true }.Make());
        yield return ("the log is the one of the manifest", "log signature", new Draw { Manifest = m => m["log"] = new LogKey("example.org/other", Signer.Key.PublicKey).ToString() }.Make());
        yield return ("the root is written in one way", "log signature", new Draw { Note = LooseRoot }.Make());
        foreach ((string rule, Func<LogEntry, LogEntry> change) in ((string, Func<LogEntry, LogEntry>)[])
        [
            ("attempt", entry => entry with { Facts = entry.Facts.Replace("\"attempt\":1", "\"attempt\":2", StringComparison.Ordinal) }),
            ("time", entry => entry with { At = entry.At.AddSeconds(1) }),
            ("code", entry => entry with { Code = entry.Code + "s" }),
            ("hash", entry => entry with { Facts = entry.Facts[..^3] + (entry.Facts[^3] == '0' ? '1' : '0') + entry.Facts[^2..] }),
        ])
        {
            yield return ($"the freeze in the log has the {rule}", "log", new Draw { Freeze = change }.Make());
            yield return ($"the draw in the log has the {rule}", "log", new Draw { Drawn = change }.Make());
        }
    }

    private static void Untimed(JsonObject manifest)
    {
        manifest.Remove("frozenAt");
        ((JsonObject)manifest["sources"]![0]!).Remove("at");
    }

    private static DrawEvidence Spaced(DrawEvidence draw) => draw with { Record = [(byte)' ', .. draw.Record] };

    private static DrawEvidence Replaced(DrawEvidence draw, string old, string now)
    {
        string panels = Encoding.UTF8.GetString(draw.Panels!);
        int at = panels.LastIndexOf(old, StringComparison.Ordinal);
        return draw with { Panels = Encoding.UTF8.GetBytes(panels[..at] + now + panels[(at + old.Length)..]) };
    }

    /// <summary>Of the last digit of a root in base64 four bits count; here one of the two others is set, and all of it signed.</summary>
    private static string LooseRoot(string note)
    {
        const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        string[] lines = note.Split('\n');
        lines[2] = lines[2][..42] + digits[digits.IndexOf(lines[2][42], StringComparison.Ordinal) + 1] + "=";
        string text = string.Join('\n', lines[..3]) + "\n";
        return $"{text}\n\u2014 {Signer.Key.Name} {Convert.ToBase64String([.. Signer.Key.Id, .. Signer.Sign(Encoding.UTF8.GetBytes(text))])}\n";
    }

    private static JsonArray List(params string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>How a draw is made, and where it departs from the rules: everything that depends on what is changed is made to fit.</summary>
    private sealed class Draw
    {
        public bool Replaces { get; init; }

        public int Stay { get; init; } = 2;

        /// <summary>Of those who stay one was not on the panel.</summary>
        public bool Strangers { get; init; }

        public bool Dice { get; init; }

        public string? Label { get; init; }

        /// <summary>By which name the number is drawn.</summary>
        public string? DrawsAs { get; init; }

        public DrawSource[]? Sources { get; init; }

        public string[][]? Values { get; init; }

        public string? Seed { get; init; }

        public Func<int, int> Chosen { get; init; } = right => right;

        public bool HasPerson { get; init; } = true;

        public bool HasBefore { get; init; } = true;

        public DateTimeOffset BeforeAt { get; init; } = FrozenAt.AddDays(-2);

        public bool DrawnFirst { get; init; }

        /// <summary>Changes the panels before they are hashed.</summary>
        public Action<string[][]> Numbered { get; init; } = _ => { };

        public Action<JsonObject> Manifest { get; init; } = _ => { };

        public Action<JsonObject> Record { get; init; } = _ => { };

        public Action<JsonObject> Panels { get; init; } = _ => { };

        public Action<JsonObject> Person { get; init; } = _ => { };

        public Action<JsonObject> Leaf { get; init; } = _ => { };

        public Func<LogEntry, LogEntry> Freeze { get; init; } = entry => entry;

        public Func<LogEntry, LogEntry> Drawn { get; init; } = entry => entry;

        public Func<string, string> Note { get; init; } = note => note;

        public DrawEvidence Make()
        {
            DrawSource[] sources = Sources ?? (Dice ? [new(DrawSourceKind.Dice, "three dice", 0, ["0", "4", "2"])] : [Drand]);
            string seed = Seed ?? string.Concat((Values is null ? sources : sources[..1]).Select(source => string.Concat(source.Values.Select(value => value + ".")) + "/"));
            byte[]? before = Replaces ? Before() : null;
            string[][] panels = [.. Enumerable.Range(0, Dice ? 1_000 : 5).Select(Panel)];
            Numbered(panels);
            (byte[] root, JsonObject person) = People();
            DeclaredSource[] declared = [.. sources.Select(source => new DeclaredSource(source.Kind, source.Name, source.OutOf, KnownAt))];
            JsonObject manifest = DrawFiles.PanelManifest(
                new FrozenDraw(1, "town", FrozenAt, declared, Signer.Key) { Label = Label }, Replaces ? DrawFiles.Replacement : "panel", "leximin", "none", Tickets, root, 3, [new("age", "old", 0, 2)], panels);
            if (before is not null)
            {
                string hash = (string)JsonNode.Parse(before)!["manifestHash"]!;
                DrawFiles.Replaces(manifest, Convert.FromHexString(hash), Strangers ? [Tickets[0], Tickets[2]] : Tickets[..Stay], Strangers ? [Tickets[1], Tickets[3], Tickets[4]] : [.. Stay == 3 ? [] : new[] { Tickets[3] }, Tickets[4]]);
            }

            Manifest(manifest);
            byte[] bytes = CanonicalJson.Serialize(manifest);
            byte[] manifestHash = Pd1.ManifestHash(bytes);
            int right = Dice ? 42 : (int)Pd1.Index(Pd1.Key(manifestHash, seed), DrawsAs ?? Label ?? DrawFiles.SoleLabel, (ulong)panels.Length).Index;
            int chosen = Chosen(right);
            JsonObject record = DrawFiles.Record(manifest, DrawnAt, Dice ? "dice" : "index", [Drand], chosen, panels[chosen]);
            record["seed"] = seed;
            record["values"] = new JsonArray([.. (Values ?? [.. sources.Select(source => source.Values.ToArray())]).Select(values => (JsonNode)List(values))]);
            Record(record);
            JsonObject panelsFile = DrawFiles.Panels(manifestHash, panels);
            Panels(panelsFile);
            person["manifest"] = Convert.ToHexStringLower(manifestHash);
            Person(person);
            return new(Logged(manifest, manifestHash, record))
            {
                Manifest = bytes,
                Panels = CanonicalJson.Serialize(panelsFile),
                Person = HasPerson ? CanonicalJson.Serialize(person) : null,
                Before = HasBefore ? before : null,
            };
        }

        /// <summary>Those who stay with one of those who were not on the panel.</summary>
        private string[] Panel(int number) => Replaces
            ? [.. (Stay == 3 ? Tickets[..3] : [Tickets[0], Strangers ? Tickets[2] : Tickets[1], .. Strangers ? [Tickets[5]] : new[] { number % 2 == 0 ? Tickets[2] : Tickets[5] }]).Order(StringComparer.Ordinal)]
            : [.. Enumerable.Range(0, 6).Where(i => (i + number) % 2 == 0).Select(i => Tickets[i])];

        /// <summary>The draw of the panel: two of those who stay here, and two who do not.</summary>
        private byte[] Before()
        {
            string[] panel = Stay == 3 ? [.. Tickets[..3], Tickets[4]] : [Tickets[0], Tickets[1], Tickets[3], Tickets[4]];
            JsonObject manifest = DrawFiles.PanelManifest(
                new FrozenDraw(1, "town", FrozenAt.AddDays(-3), [new(DrawSourceKind.Beacon, "drand", 0, FrozenAt.AddDays(-3).AddSeconds(1))], null), "panel", "leximin", "none", Tickets, new byte[32], 4, [], [panel]);
            DrawSource[] sources = [new(DrawSourceKind.Beacon, "drand", 0, [new string('2', 64)])];
            DateTimeOffset at = BeforeAt == FrozenAt ? FrozenAt.AddSeconds(1) : BeforeAt;
            return CanonicalJson.Serialize(DrawFiles.Record(manifest, at, "index", sources, 0, panel));
        }

        /// <summary>The root over everybody, and the proof of the last one.</summary>
        private (byte[] Root, JsonObject Proof) People()
        {
            JsonObject[] leaves = [.. Tickets.Select((ticket, i) => DrawFiles.PersonLeaf(Convert.FromHexString(ticket), [.. Enumerable.Repeat((byte)i, 32)], [new("age", "old")]))];
            Leaf(leaves[5]);
            byte[][] hashes = [.. leaves.Select(leaf => MerkleTree.LeafHash(CanonicalJson.Serialize(leaf)))];
            return (MerkleTree.Root(hashes), DrawFiles.PersonProof(leaves[5], 5, MerkleTree.InclusionProof(hashes, 5), new byte[32]));
        }

        private byte[] Logged(JsonObject manifest, byte[] manifestHash, JsonObject record)
        {
            LogEntry freeze = Freeze(new(FrozenAt, "lottery.frozen", "d", null, DrawFiles.FreezeFacts(1, manifestHash), new byte[16]));
            LogEntry drawn = Drawn(new(DrawnAt, "panel.drawn", "d", null, DrawFiles.DrawFacts(1, record), new byte[16]));
            LogEntry[] entries = [.. Enumerable.Range(0, 7).Select(i => i == (DrawnFirst ? 4 : 2) ? freeze : i == (DrawnFirst ? 2 : 4) ? drawn : new LogEntry(FrozenAt, "pool.imported", null, null, $"{{\"people\":{i.ToString(CultureInfo.InvariantCulture)}}}", new byte[16]))];
            byte[][] hashes = [.. entries.Select(entry => entry.Hash())];
            ProvenEntry Proven(int index) => new(entries[index].ToJson(), index, MerkleTree.InclusionProof(hashes, index));
            string note = Note(new Checkpoint(Signer.Key.Name, entries.Length, MerkleTree.Root(hashes)).Sign(Signer));
            return CanonicalJson.Serialize(DrawFiles.WithLog(record, note, Proven(DrawnFirst ? 4 : 2), Proven(DrawnFirst ? 2 : 4)));
        }
    }
}
