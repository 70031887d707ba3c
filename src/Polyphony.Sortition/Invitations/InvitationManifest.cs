using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Sortition.Invitations;

/// <summary>The published form of a plan, and back; docs/draw-specification.md, "Invitations".</summary>
public static class InvitationManifest
{
    /// <summary>The manifest of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sources">The randomness, named; values are not written.</param>
    /// <returns>The object whose canonical bytes are the manifest.</returns>
    public static JsonObject Of(InvitationPlan plan, IReadOnlyList<DrawSource> sources)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sources);
        JsonObject manifest = new()
        {
            ["alg"] = "PD1",
            ["cells"] = new JsonArray([.. plan.Cells.Select(Cell)]),
            ["criteria"] = Texts(plan.Criteria),
            ["format"] = 1,
            ["kind"] = "invitation",
            ["letters"] = plan.Letters,
            ["sources"] = new JsonArray([.. sources.Select(source => (JsonNode)new JsonObject { ["kind"] = Kind(source.Kind), ["name"] = source.Name, ["outOf"] = source.OutOf })]),
        };
        if (plan.Register is { } register)
        {
            manifest["register"] = new JsonObject
            {
                ["excluded"] = register.Excluded,
                ["excludedHash"] = register.ExcludedHash,
                ["household"] = Texts(register.Household),
                ["id"] = register.Id,
                ["place"] = register.Place,
                ["root"] = register.Root,
                ["rows"] = register.Rows,
                ["saltHash"] = register.SaltHash,
            };
        }

        if (plan.Places is { } places)
        {
            manifest["places"] = new JsonObject
            {
                ["all"] = new JsonArray([.. places.All.Select((place, i) => (JsonNode)new JsonObject
                {
                    ["letters"] = places.Method == PlaceMethod.Given ? places.Letters[i] : 0,
                    ["name"] = place.Name,
                    ["population"] = place.Population,
                    ["stratum"] = place.Stratum,
                })]),
                ["count"] = places.Count,
                ["method"] = Method(places.Method),
            };
        }

        return manifest;
    }

    /// <summary>Reads a manifest back.</summary>
    /// <param name="manifest">The object.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="FormatException">It is no manifest of an invitation.</exception>
    public static InvitationPlan Read(JsonObject manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        try
        {
            if ((string?)manifest["kind"] != "invitation" || (string?)manifest["alg"] != "PD1" || (long?)manifest["format"] != 1)
            {
                throw new FormatException("This is no manifest of an invitation in format 1.");
            }

            JsonObject? register = manifest["register"]?.AsObject();
            JsonObject? places = manifest["places"]?.AsObject();
            return new InvitationPlan(
                Number(manifest["letters"]),
                Strings(manifest["criteria"]),
                [.. manifest["cells"]!.AsArray().Select(cell => new InvitationCell((string)cell!["place"]!, Strings(cell["values"]), Number(cell["rows"]), Number(cell["free"]), checked((int)Number(cell["factor"]))))],
                register is null ? null : new RegisterCommitment(
                    (string)register["root"]!, Number(register["rows"]), Number(register["excluded"]), (string)register["excludedHash"]!, (string)register["saltHash"]!,
                    (string)register["id"]!, Strings(register["household"]), (string)register["place"]!),
                places is null ? null : new PlacePlan(
                    (string)places["method"]! switch { "pps" => PlaceMethod.Proportional, "lottery" => PlaceMethod.Lottery, "given" => PlaceMethod.Given, _ => throw new FormatException("An unknown way to draw places.") },
                    checked((int)Number(places["count"])),
                    [.. places["all"]!.AsArray().Select(place => new Place((string)place!["name"]!, Population(place["population"], (string)places["method"]!), (string)place["stratum"]!))],
                    (string)places["method"]! == "given" ? [.. places["all"]!.AsArray().Select(place => Number(place!["letters"]))] : []));
        }
        catch (Exception broken) when (broken is InvalidOperationException or NullReferenceException or ArgumentNullException or OverflowException)
        {
            throw new FormatException("The manifest lacks a member or has one of another type.", broken);
        }
    }

    /// <summary>How a kind of source is written.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns><c>dice</c>, <c>lottery</c> or <c>beacon</c>.</returns>
    public static string Kind(DrawSourceKind kind) => kind switch
    {
        DrawSourceKind.Dice => "dice",
        DrawSourceKind.NumberLottery => "lottery",
        _ => "beacon",
    };

    internal static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    internal static IReadOnlyList<string> Strings(JsonNode? node) => [.. node!.AsArray().Select(text => (string)text!)];

    // A number that was parsed and one that was just made are not of one type. Nothing here is below nothing.
    internal static long Number(JsonNode? node) => long.Parse(node!.ToJsonString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);

    private static long Population(JsonNode? node, string method) => Number(node) is var people && (people > 0 || method == "given") ? people : throw new FormatException("A place without people cannot be drawn.");

    private static string Method(PlaceMethod method) => method switch
    {
        PlaceMethod.Proportional => "pps",
        PlaceMethod.Lottery => "lottery",
        _ => "given",
    };

    private static JsonNode Cell(InvitationCell cell) => new JsonObject
    {
        ["factor"] = cell.Factor,
        ["free"] = cell.Free,
        ["place"] = cell.Place,
        ["rows"] = cell.Rows,
        ["values"] = Texts(cell.Values),
    };
}
