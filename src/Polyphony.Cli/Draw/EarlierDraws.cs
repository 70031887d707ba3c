using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;

namespace Polyphony.Cli.Draw;

/// <summary>An earlier draw of the same panel, as its record says; the record's form was checked.</summary>
internal sealed record EarlierDraw(byte[] Bytes)
{
    private readonly JsonObject record = (JsonObject)JsonNode.Parse(Bytes)!;

    public JsonObject Manifest => (JsonObject)record["manifest"]!;

    public string ManifestHash => (string)record["manifestHash"]!;

    public int Attempt => (int)Manifest["attempt"]!;

    public bool IsReplacement => Manifest["panels"] is null || (string)Manifest["kind"]! == DrawFiles.Replacement;

    /// <summary>Tickets of those who sat on the panel after it.</summary>
    public IReadOnlyList<string> Seated => [.. Texts(record["selected"]), .. Manifest["panels"] is null ? Texts(Manifest["staying"]) : []];

    /// <summary>Tickets of those who were out before it.</summary>
    public IReadOnlyList<string> Out => IsReplacement ? Texts(Manifest["out"]) : [];

    public IReadOnlyList<DrawSource> Sources =>
    [
        .. Manifest["sources"]!.AsArray().Zip(record["values"]!.AsArray(), (source, values) =>
            new DrawSource(DrawFiles.Kind((string)source!["kind"]!)!.Value, (string)source["name"]!, (int)source["outOf"]!, Texts(values))),
    ];

    /// <summary>Reads a record; null when it has not the form of one.</summary>
    public static EarlierDraw? Of(byte[] bytes) => DrawVerifier.HasForm(bytes) ? new(bytes) : null;

    public static IReadOnlyList<string> Texts(JsonNode? list) => [.. list!.AsArray().Select(text => (string)text!)];
}

/// <summary>The draws of a panel so far, the last one first: the draw of the panel, and replacements since.</summary>
internal sealed partial record EarlierDraws(IReadOnlyList<EarlierDraw> Chain)
{
    public static readonly FileHelp BeforeFile = new("before.json", "the record of the draw before, byte for byte; before-2.json, before-3.json … those before it.");

    /// <summary>People on the panel.</summary>
    public int Size => Of("size") is { } size ? (int)size : 0;

    /// <summary>Tickets of everybody in the pool, ascending.</summary>
    public IReadOnlyList<string> Tickets => EarlierDraw.Texts(Of("tickets"));

    /// <summary>Columns that make a household; null where the record does not say.</summary>
    public IReadOnlyList<string>? Household => Of("inputs")?["household"] is JsonArray columns ? EarlierDraw.Texts(columns) : null;

    public string? Id => (string?)Of("inputs")?["id"];

    /// <summary>The quotas as the last draw of panels states them.</summary>
    public IReadOnlyList<DeclaredQuota> Quotas =>
        [.. Of("quotas")!.AsArray().Select(quota => new DeclaredQuota((string)quota!["criterion"]!, (string)quota["value"]!, (int)quota["min"]!, (int)quota["max"]!))];

    /// <summary>Reads a record with those before it; null with the problem added, when a file is missing.</summary>
    public static EarlierDraws? OfRecord(string directory, List<SheetProblem> problems) => Read(directory, [OfflineDraw.RecordName, .. Names(directory)], problems);

    /// <summary>Reads the records before a lottery; none: it is the first draw.</summary>
    public static EarlierDraws? OfLottery(string directory, List<SheetProblem> problems) => Read(directory, [.. Names(directory)], problems);

    /// <summary>Proves the chain: every record by itself, and that it goes on from the one before it.</summary>
    /// <param name="manifest">The manifest of the last one as it was published; null: not known.</param>
    /// <param name="panels">The numbered panels of the last one; null: not known.</param>
    public IReadOnlyList<IReadOnlyList<DrawCheck>> Verify(byte[]? manifest = null, byte[]? panels = null) =>
    [
        .. Chain.Index().Select(link => DrawVerifier.Verify(new DrawEvidence(link.Item.Bytes)
        {
            Manifest = link.Index == 0 ? manifest : null,
            Panels = link.Index == 0 ? panels : null,
            Before = link.Index + 1 < Chain.Count ? Chain[link.Index + 1].Bytes : null,
        })),
    ];

    /// <summary>Writes the chain beside what is drawn from it.</summary>
    public void Write(OutputFolder folder)
    {
        foreach ((int number, EarlierDraw draw) in Chain.Index())
        {
            folder.Write(NameOf(number), draw.Bytes);
        }
    }

    /// <summary>Adds a problem for each source that decided before, or that says itself that it is an earlier one: a later round of a beacon has a greater number.</summary>
    public void ProblemsOf(IEnumerable<DrawSource> sources, List<SheetProblem> problems)
    {
        foreach (DrawSource source in sources)
        {
            if (Chain.SelectMany(draw => draw.Sources).FirstOrDefault(old => IsEarlier(source, old)) is { } used)
            {
                problems.Add(new SheetProblem("source-earlier", "", Column: "--randomness", Value: SheetProblem.Shorten(source.Name), Expected: SheetProblem.Shorten(used.Name)));
            }
        }
    }

    private static bool IsEarlier(DrawSource source, DrawSource old)
    {
        if (source.Bits >= 20 && old.Bits >= 20 && DrawSource.Seed([source]) == DrawSource.Seed([old]))
        {
            return true;
        }

        // What has no name of its own is told apart by its values alone.
        if (source.Kind != old.Kind || source.Name is "dice" or "beacon" or "lottery")
        {
            return false;
        }

        Match now = Numbered().Match(source.Name);
        Match then = Numbered().Match(old.Name);
        return now.Success && then.Success && string.Equals(now.Groups[1].Value, then.Groups[1].Value, StringComparison.OrdinalIgnoreCase)
            ? decimal.Parse(now.Groups[2].Value, CultureInfo.InvariantCulture) <= decimal.Parse(then.Groups[2].Value, CultureInfo.InvariantCulture)
            : string.Equals(source.Name, old.Name, StringComparison.OrdinalIgnoreCase);
    }

    private static EarlierDraws? Read(string directory, IReadOnlyList<string> names, List<SheetProblem> problems)
    {
        List<EarlierDraw> chain = [];
        foreach (string name in names)
        {
            string path = Path.Combine(directory, name);
            if (InputTable.Bytes(path, problems) is not { } bytes)
            {
                return null;
            }

            if (EarlierDraw.Of(bytes) is not { } draw)
            {
                problems.Add(new SheetProblem("file-unreadable", path, Value: "This is not a record of a draw in the form of docs/draw-specification.md."));
                return null;
            }

            chain.Add(draw);
        }

        return new(chain);
    }

    private static IEnumerable<string> Names(string directory) => Enumerable.Range(0, int.MaxValue).Select(NameOf).TakeWhile(name => File.Exists(Path.Combine(directory, name)));

    private static string NameOf(int number) => number == 0 ? BeforeFile.Name : string.Create(CultureInfo.InvariantCulture, $"before-{number + 1}.json");

    private JsonNode? Of(string member) => Chain.Select(draw => draw.Manifest[member]).FirstOrDefault(found => found is not null);

    [GeneratedRegex(@"\A(.*?)([0-9]{1,20})\z")]
    private static partial Regex Numbered();
}
