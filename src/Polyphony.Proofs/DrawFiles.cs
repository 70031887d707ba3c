using System.Text.Json.Nodes;

namespace Polyphony.Proofs;

/// <summary>A source of randomness as it is named before it exists.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one exactly.</param>
/// <param name="OutOf">For a number lottery, how many numbers there are; otherwise 0.</param>
/// <param name="At">When its value will be known; later than the freeze. Not written where the draw states no times, see <see cref="FrozenDraw.FrozenAt"/>.</param>
public sealed record DeclaredSource(DrawSourceKind Kind, string Name, int OutOf, DateTimeOffset At);

/// <summary>A quota as the manifest states it.</summary>
/// <param name="Criterion">The criterion, or two joined by <c>*</c>.</param>
/// <param name="Value">The value, or two joined by <c>*</c>.</param>
/// <param name="Min">Least number of people.</param>
/// <param name="Max">Greatest number of people.</param>
public sealed record DeclaredQuota(string Criterion, string Value, int Min, int Max);

/// <summary>What is frozen before a draw, whatever its kind.</summary>
/// <param name="Attempt">1, 2, 3 … within the dialogue.</param>
/// <param name="Dialogue">The dialogue's name in its address, or any name of the draw.</param>
/// <param name="FrozenAt">When it was frozen; null: the files state no times at all, because nobody witnesses them (offline).</param>
/// <param name="Sources">The randomness that will decide, one source or more.</param>
/// <param name="Log">The public key of the log that holds the freeze; null when there is no log.</param>
public sealed record FrozenDraw(int Attempt, string Dialogue, DateTimeOffset? FrozenAt, IReadOnlyList<DeclaredSource> Sources, LogKey? Log)
{
    /// <summary>The name of this draw among several from the same sources, such as a site's code; null when it is the only one.</summary>
    public string? Label { get; init; }
}

/// <summary>An entry of the log with the proof that it is there.</summary>
/// <param name="Entry">The entry, see <see cref="LogEntry.ToJson"/>.</param>
/// <param name="Index">Its place.</param>
/// <param name="Proof">Its audit path in the tree of the checkpoint.</param>
public sealed record ProvenEntry(JsonObject Entry, long Index, IReadOnlyList<byte[]> Proof);

/// <summary>The files of a draw that anybody may read, in the form that docs/draw-specification.md fixes. The server and the offline tool write them here, and only here.</summary>
public static class DrawFiles
{
    /// <summary>The name of an index draw whose manifest has no label.</summary>
    public const string SoleLabel = "panel";

    /// <summary>The kind of a draw of replacements.</summary>
    public const string Replacement = "replacement";

    /// <summary>The version of the form.</summary>
    public const int Format = 2;

    /// <summary>What is published before a panel is drawn.</summary>
    /// <param name="draw">The freeze.</param>
    /// <param name="kind"><c>panel</c>, or another kind of draw from numbered panels.</param>
    /// <param name="objective">What the lottery made as large as possible.</param>
    /// <param name="algorithm">The program that computed the panels, with its version.</param>
    /// <param name="tickets">Tickets of the pool, ascending.</param>
    /// <param name="poolRoot">Merkle root over the people's leaves in the same order.</param>
    /// <param name="size">People on a panel.</param>
    /// <param name="quotas">The quotas.</param>
    /// <param name="panels">The numbered panels as tickets.</param>
    /// <returns>The manifest; its canonical form is what is published and hashed.</returns>
    public static JsonObject PanelManifest(
        FrozenDraw draw, string kind, string objective, string algorithm, IReadOnlyList<string> tickets, byte[] poolRoot, int size, IEnumerable<DeclaredQuota> quotas, IEnumerable<IEnumerable<string>> panels)
    {
        JsonObject manifest = Frozen(draw, kind);
        manifest["algorithm"] = algorithm;
        manifest["objective"] = objective;
        manifest["panels"] = new JsonArray([.. panels.Select(panel => (JsonNode)Pd1.PanelHash(panel))]);
        manifest["pool"] = new JsonObject { ["root"] = Convert.ToHexStringLower(poolRoot), ["size"] = tickets.Count };
        manifest["quotas"] = new JsonArray([
            .. quotas.Select(quota => (JsonNode)new JsonObject { ["criterion"] = quota.Criterion, ["max"] = quota.Max, ["min"] = quota.Min, ["value"] = quota.Value }),
        ]);
        manifest["size"] = size;
        manifest["tickets"] = Texts(tickets);
        return manifest;
    }

    /// <summary>What is published before replacements are drawn by order.</summary>
    /// <param name="draw">The freeze.</param>
    /// <param name="before">Hash of the manifest of the draw before.</param>
    /// <param name="staying">Tickets of those who stay.</param>
    /// <param name="leaving">Tickets of those who are out.</param>
    /// <returns>The manifest.</returns>
    public static JsonObject ReplacementManifest(FrozenDraw draw, byte[] before, IEnumerable<string> staying, IEnumerable<string> leaving)
    {
        JsonObject manifest = Frozen(draw, Replacement);
        Replaces(manifest, before, staying, leaving);
        return manifest;
    }

    /// <summary>Makes the manifest of a draw of numbered panels, of the kind <see cref="Replacement"/>, one of replacements: whole panels, on which everybody sits who stays and nobody who is out.</summary>
    /// <param name="manifest">From <see cref="PanelManifest"/>; is changed.</param>
    /// <param name="before">Hash of the manifest of the draw before: of the panel, or of the replacements drawn last.</param>
    /// <param name="staying">Tickets of those who stay.</param>
    /// <param name="leaving">Tickets of those who are out: were drawn and do not stay, or left the pool.</param>
    public static void Replaces(JsonObject manifest, byte[] before, IEnumerable<string> staying, IEnumerable<string> leaving)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        manifest["out"] = Texts(leaving.Order(StringComparer.Ordinal));
        manifest["panel"] = Convert.ToHexStringLower(before);
        manifest["staying"] = Texts(staying.Order(StringComparer.Ordinal));
    }

    /// <summary>How the columns of the pool are read, so that the draw can be proven and replacements drawn from the same pool.</summary>
    /// <param name="household">Columns that make a household; none: there is no household rule.</param>
    /// <param name="id">Column of the id; null: a column <c>id</c>, else the number of the data row.</param>
    /// <returns>The member <c>inputs</c> of a manifest.</returns>
    public static JsonObject Inputs(IReadOnlyList<string> household, string? id)
    {
        JsonObject inputs = new() { ["household"] = Texts(household) };
        if (id is not null)
        {
            inputs["id"] = id;
        }

        return inputs;
    }

    /// <summary>The record of a draw as it stands before the log has it.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="drawnAt">When it was drawn; null exactly where the manifest states no times.</param>
    /// <param name="how"><c>dice</c>, <c>index</c> or <c>order</c>.</param>
    /// <param name="sources">The sources with their values, in the manifest's order.</param>
    /// <param name="chosen">Number of the panel; null for an order draw.</param>
    /// <param name="selected">Tickets: of the chosen panel ascending, or in the order drawn.</param>
    /// <returns>The record without <c>log</c>; the hash of its canonical form goes into the log.</returns>
    public static JsonObject Record(JsonObject manifest, DateTimeOffset? drawnAt, string how, IReadOnlyList<DrawSource> sources, int? chosen, IEnumerable<string> selected)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        JsonObject record = new()
        {
            ["format"] = Format,
            ["how"] = how,
            ["manifest"] = manifest.DeepClone(),
            ["manifestHash"] = Convert.ToHexStringLower(Pd1.ManifestHash(CanonicalJson.Serialize(manifest))),
            ["seed"] = DrawSource.Seed(sources),
            ["selected"] = Texts(selected),
            ["values"] = new JsonArray([.. sources.Select(source => (JsonNode)Texts(source.Values))]),
        };
        if (drawnAt is { } time)
        {
            record["drawnAt"] = LogEntry.Instant(time);
        }

        if (chosen is { } number)
        {
            record["chosen"] = number;
        }

        return record;
    }

    /// <summary>The facts of the log entry that freezes a manifest.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="manifestHash">32 bytes.</param>
    /// <returns>Facts for <see cref="LogEntry.Facts"/>.</returns>
    public static string FreezeFacts(int attempt, byte[] manifestHash) => Facts(attempt, "manifest", manifestHash);

    /// <summary>The facts of the log entry that records a draw.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="record">The record without <c>log</c>.</param>
    /// <returns>Facts for <see cref="LogEntry.Facts"/>.</returns>
    public static string DrawFacts(int attempt, JsonObject record) => Facts(attempt, "record", Pd1.ManifestHash(CanonicalJson.Serialize(record)));

    /// <summary>Adds to a record what the log says of it.</summary>
    /// <param name="record">The record without <c>log</c>.</param>
    /// <param name="checkpoint">A signed checkpoint that covers both entries.</param>
    /// <param name="frozen">The entry of the freeze.</param>
    /// <param name="drawn">The entry of the draw.</param>
    /// <returns>The record as it is published.</returns>
    public static JsonObject WithLog(JsonObject record, string checkpoint, ProvenEntry frozen, ProvenEntry drawn)
    {
        JsonObject whole = (JsonObject)record.DeepClone();
        whole["log"] = new JsonObject { ["checkpoint"] = checkpoint, ["drawn"] = Proven(drawn), ["frozen"] = Proven(frozen) };
        return whole;
    }

    /// <summary>The panels with their tickets, published after the draw.</summary>
    /// <param name="manifestHash">32 bytes.</param>
    /// <param name="panels">The numbered panels as tickets.</param>
    /// <returns>The file.</returns>
    public static JsonObject Panels(byte[] manifestHash, IEnumerable<IEnumerable<string>> panels) => new()
    {
        ["format"] = Format,
        ["manifest"] = Convert.ToHexStringLower(manifestHash),
        ["panels"] = new JsonArray([.. panels.Select(panel => (JsonNode)Texts(panel.Order(StringComparer.Ordinal)))]),
    };

    /// <summary>The proof of one person: what was recorded of them, and that it is in the pool's root.</summary>
    /// <param name="leaf">The person's leaf before hashing: nonce, strata, ticket.</param>
    /// <param name="index">Place of the ticket in the pool.</param>
    /// <param name="proof">The audit path.</param>
    /// <param name="manifestHash">32 bytes.</param>
    /// <returns>The file, which is for that person only.</returns>
    public static JsonObject PersonProof(JsonObject leaf, int index, IReadOnlyList<byte[]> proof, byte[] manifestHash) => new()
    {
        ["format"] = Format,
        ["index"] = index,
        ["leaf"] = leaf,
        ["manifest"] = Convert.ToHexStringLower(manifestHash),
        ["proof"] = Hashes(proof),
    };

    /// <summary>What is committed of a person: RFC 8785 of nonce, strata and ticket.</summary>
    /// <param name="ticket">The ticket, 128 random bits.</param>
    /// <param name="nonce">256 random bits.</param>
    /// <param name="strata">Value by criterion.</param>
    /// <returns>The leaf before hashing.</returns>
    public static JsonObject PersonLeaf(byte[] ticket, byte[] nonce, IEnumerable<KeyValuePair<string, string>> strata) => new()
    {
        ["nonce"] = Convert.ToHexStringLower(nonce),
        ["strata"] = new JsonObject(strata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["ticket"] = Convert.ToHexStringLower(ticket),
    };

    /// <summary>How a kind of source is written.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns><c>dice</c>, <c>lottery</c> or <c>beacon</c>.</returns>
    public static string KindName(DrawSourceKind kind) => kind switch { DrawSourceKind.Dice => "dice", DrawSourceKind.NumberLottery => "lottery", _ => "beacon" };

    /// <summary>Reads a kind of source.</summary>
    /// <param name="name">As <see cref="KindName"/> writes it.</param>
    /// <returns>Null when there is no such kind.</returns>
    public static DrawSourceKind? Kind(string? name) => name switch { "dice" => DrawSourceKind.Dice, "lottery" => DrawSourceKind.NumberLottery, "beacon" => DrawSourceKind.Beacon, _ => null };

    private static JsonObject Frozen(FrozenDraw draw, string kind)
    {
        JsonObject manifest = new()
        {
            ["alg"] = "PD1",
            ["attempt"] = draw.Attempt,
            ["dialogue"] = draw.Dialogue,
            ["format"] = Format,
            ["kind"] = kind,
            ["sources"] = new JsonArray([.. draw.Sources.Select(source => (JsonNode)Source(source, draw.FrozenAt is not null))]),
        };
        if (draw.FrozenAt is { } time)
        {
            manifest["frozenAt"] = LogEntry.Instant(time);
        }

        if (draw.Log is { } key)
        {
            manifest["log"] = key.ToString();
        }

        if (draw.Label is { } label)
        {
            manifest["label"] = label;
        }

        return manifest;
    }

    private static JsonObject Source(DeclaredSource source, bool timed)
    {
        JsonObject written = new() { ["kind"] = KindName(source.Kind), ["name"] = source.Name, ["outOf"] = source.OutOf };
        if (timed)
        {
            written["at"] = LogEntry.Instant(source.At);
        }

        return written;
    }

    private static string Facts(int attempt, string name, byte[] hash) =>
        System.Text.Encoding.UTF8.GetString(CanonicalJson.Serialize(new JsonObject { ["attempt"] = attempt, [name] = Convert.ToHexStringLower(hash) }));

    private static JsonObject Proven(ProvenEntry entry) => new() { ["entry"] = entry.Entry.DeepClone(), ["index"] = entry.Index, ["proof"] = Hashes(entry.Proof) };

    private static JsonArray Hashes(IEnumerable<byte[]> hashes) => Texts(hashes.Select(Convert.ToHexStringLower));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
