using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Polyphony.Proofs;

/// <summary>A record read strictly: canonical bytes, and every member that the specification asks for, of its type.</summary>
internal sealed partial class PublishedDraw
{
    private PublishedDraw()
    {
    }

    public required byte[] ManifestBytes { get; init; }

    public required string ManifestHash { get; init; }

    public required JsonObject Record { get; init; }

    /// <summary>Hash of the record without what the log says of it.</summary>
    public string RecordHash
    {
        get
        {
            JsonObject bare = (JsonObject)Record.DeepClone();
            bare.Remove("log");
            return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(bare)));
        }
    }

    public required string StatedHash { get; init; }

    /// <summary>When it was frozen; null: the files state no times, then neither do <see cref="DrawnAt"/> and the sources.</summary>
    public required string? FrozenAt { get; init; }

    public required string? DrawnAt { get; init; }

    public required string How { get; init; }

    public required string Seed { get; init; }

    public required long Attempt { get; init; }

    public required IReadOnlyList<NamedSource> Sources { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Values { get; init; }

    public required IReadOnlyList<string> Selected { get; init; }

    public bool HasPanels => PanelHashes.Count > 0;

    public long Chosen { get; private init; }

    public IReadOnlyList<string> PanelHashes { get; private init; } = [];

    public List<string> Tickets { get; private init; } = [];

    public long PoolSize { get; private init; }

    public byte[] PoolRoot { get; private init; } = [];

    public long Size { get; private init; }

    /// <summary>The manifest hash of the draw before; null: this is no draw of replacements.</summary>
    public string? Before { get; private init; }

    public IReadOnlyList<string> Leaving { get; private init; } = [];

    public IReadOnlyList<string> Staying { get; private init; } = [];

    public string? LogKey { get; private init; }

    /// <summary>The name by which several draws from the same sources are told apart; null when there is none.</summary>
    public string? Label { get; private init; }

    public (string Checkpoint, ProvenEntry Frozen, ProvenEntry Drawn)? Log { get; private init; }

    /// <summary>Who sits on the panel after the draw.</summary>
    public HashSet<string> Seated => [.. Selected, .. HasPanels ? [] : Staying];

    public byte[] Key => Pd1.Key(Convert.FromHexString(ManifestHash), Seed);

    public IReadOnlyList<DrawSource> WithValues =>
        [.. Sources.Zip(Values, (source, values) => new DrawSource(source.Kind, source.Name, (int)Math.Min(source.OutOf, int.MaxValue), values))];

    public static PublishedDraw? Read(byte[] file)
    {
        try
        {
            return Canonical(file) is { } record ? Take(record) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static (string Manifest, long Index, string Ticket, byte[] Leaf, IReadOnlyList<byte[]> Proof)? ReadPerson(byte[] file)
    {
        try
        {
            if (Canonical(file) is not { } read || Whole(read["format"]) != DrawFiles.Format || read["leaf"] is not JsonObject leaf || leaf.Count != 3 || leaf["strata"] is not JsonObject strata)
            {
                return null;
            }

            Hash(leaf["nonce"]);
            foreach ((string _, JsonNode? value) in strata)
            {
                Must(Text(value) is not null);
            }

            return (Hash(read["manifest"]), Number(read["index"]), Ticket(leaf["ticket"]), CanonicalJson.Serialize(leaf), Proof(read["proof"]));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A whole number from 0 on, or null.</summary>
    public static long? Whole(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && long.TryParse(value.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The object of a file whose bytes are its canonical form; anything else would allow changes that no hash sees.</summary>
    public static JsonObject? Canonical(byte[] file)
    {
        try
        {
            return JsonNode.Parse(file, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject read && CanonicalJson.Serialize(read).AsSpan().SequenceEqual(file) ? read : null;
        }
        catch (Exception malformed) when (malformed is JsonException or ArgumentException or InvalidOperationException)
        {
            // Not JSON; a number or a text that has no canonical form.
            return null;
        }
    }

    private static PublishedDraw Take(JsonObject record)
    {
        JsonObject manifest = Object(record["manifest"]);
        Must(Whole(record["format"]) == DrawFiles.Format && Whole(manifest["format"]) == DrawFiles.Format && Text(manifest["alg"]) == "PD1");
        Must(Text(manifest["dialogue"]) is not null && Text(manifest["kind"]) is not null);
        bool hasPanels = manifest.ContainsKey("panels");
        string how = Text(record["how"]) ?? "";
        Must(hasPanels ? how is "dice" or "index" : how == "order");
        bool replaces = !hasPanels || Text(manifest["kind"]) == DrawFiles.Replacement;

        // Times are stated all or none, and what a log holds states them.
        bool timed = manifest.ContainsKey("frozenAt");
        Must(record.ContainsKey("drawnAt") == timed && (timed || !manifest.ContainsKey("log")));
        byte[] bytes = CanonicalJson.Serialize(manifest);
        JsonObject pool = hasPanels ? Object(manifest["pool"]) : [];
        if (hasPanels)
        {
            Must(Text(manifest["objective"]) is not null && Text(manifest["algorithm"]) is not null && manifest["panels"] is JsonArray { Count: > 0 } && Number(manifest["size"]) > 0);
            foreach (JsonObject quota in Many(manifest["quotas"], Object))
            {
                Must(Text(quota["criterion"]) is not null && Text(quota["value"]) is not null && Number(quota["min"]) <= Number(quota["max"]));
            }
        }
        return new PublishedDraw
        {
            ManifestBytes = bytes,
            ManifestHash = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Record = record,
            StatedHash = Hash(record["manifestHash"]),
            FrozenAt = timed ? Time(manifest["frozenAt"]) : null,
            DrawnAt = timed ? Time(record["drawnAt"]) : null,
            How = how,
            Seed = Text(record["seed"]) ?? throw new FormatException(),
            Attempt = Number(manifest["attempt"]),
            Sources = manifest["sources"] is JsonArray { Count: > 0 } sources ? Many(sources, source => Source(source, timed)) : throw new FormatException(),
            Values = Many(record["values"], values => Many(values, value => Text(value) ?? throw new FormatException())),
            Selected = Many(record["selected"], Ticket),
            Chosen = hasPanels ? Number(record["chosen"]) : 0,
            PanelHashes = hasPanels ? Many(manifest["panels"], Hash) : [],
            Tickets = hasPanels ? [.. Many(manifest["tickets"], Ticket)] : [],
            PoolSize = hasPanels ? Number(pool["size"]) : 0,
            PoolRoot = hasPanels ? Convert.FromHexString(Hash(pool["root"])) : [],
            Size = hasPanels ? Number(manifest["size"]) : 0,
            Before = replaces ? Hash(manifest["panel"]) : null,
            Leaving = replaces ? Many(manifest["out"], Ticket) : [],
            Staying = replaces ? Many(manifest["staying"], Ticket) : [],
            Label = manifest.ContainsKey("label") ? Text(manifest["label"]) is { } label && LabelForm().IsMatch(label) ? label : throw new FormatException() : null,
            LogKey = manifest.ContainsKey("log") ? Text(manifest["log"]) ?? throw new FormatException() : null,
            Log = record.ContainsKey("log") ? TakeLog(Object(record["log"])) : null,
        };
    }

    private static (string Checkpoint, ProvenEntry Frozen, ProvenEntry Drawn) TakeLog(JsonObject log) => (Text(log["checkpoint"]) ?? throw new FormatException(), Entry(log["frozen"]), Entry(log["drawn"]));

    private static ProvenEntry Entry(JsonNode? node) => new(Object(Object(node)["entry"]), Number(node!["index"]), Proof(node["proof"]));

    private static NamedSource Source(JsonNode? node, bool timed)
    {
        JsonObject source = Object(node);
        Must(source.ContainsKey("at") == timed);
        return new(
            DrawFiles.Kind(Text(source["kind"])) ?? throw new FormatException(), Text(source["name"]) ?? throw new FormatException(), Number(source["outOf"]),
            timed ? Time(source["at"]) : null);
    }

    private static JsonObject Object(JsonNode? node) => node as JsonObject ?? throw new FormatException();

    private static List<T> Many<T>(JsonNode? node, Func<JsonNode?, T> read) => node is JsonArray items ? [.. items.Select(read)] : throw new FormatException();

    private static List<byte[]> Proof(JsonNode? node) => Many(node, hash => Convert.FromHexString(Hash(hash)));

    private static long Number(JsonNode? node) => Whole(node) ?? throw new FormatException();

    public static string Hash(JsonNode? node) => Text(node) is { Length: 64 } text && IsLowerHex(text) ? text : throw new FormatException();

    private static string Ticket(JsonNode? node) => Text(node) is { Length: 32 } text && IsLowerHex(text) ? text : throw new FormatException();

    private static bool IsLowerHex(string text) => text.All(char.IsAsciiHexDigitLower);

    private static string Time(JsonNode? node) => Text(node) is { } text && Instant().IsMatch(text) ? text : throw new FormatException();

    private static void Must(bool holds)
    {
        if (!holds)
        {
            throw new FormatException();
        }
    }

    /// <summary>A source as the manifest names it; a class, because lists of values made of several are compiled while the program runs.</summary>
    public sealed record NamedSource(DrawSourceKind Kind, string Name, long OutOf, string? At);

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\z")]
    private static partial Regex Instant();

    [GeneratedRegex(@"\A[!-~]{1,40}\z")]
    private static partial Regex LabelForm();
}
