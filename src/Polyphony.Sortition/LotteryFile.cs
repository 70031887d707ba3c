using System.Globalization;
using System.Text.Json;
using Polyphony.Proofs;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>What a lottery was computed from.</summary>
/// <param name="PoolHash">SHA-256 of the pool file, lower-case hexadecimal.</param>
/// <param name="QuotasHash">SHA-256 of the quota file.</param>
/// <param name="People">People in the pool file.</param>
/// <param name="Size">People on the panel.</param>
/// <param name="Household">Columns that make a household.</param>
/// <param name="Id">Column of the id as it was asked for; null: the rule.</param>
/// <param name="Objective">What the lottery is fair by.</param>
/// <param name="Gamma">For GOLDILOCKS the weight of small chances against great ones; otherwise 1.</param>
/// <param name="Seed">Lower-case hexadecimal.</param>
/// <param name="Must">Ids that are on every panel.</param>
/// <param name="Out">Ids that are on none: those who must not be drawn, or were drawn already, with their households.</param>
public sealed record LotteryInputs(
    string PoolHash, string QuotasHash, int People, int Size, IReadOnlyList<string> Household, string? Id, LotteryObjective Objective, double Gamma, string Seed, IReadOnlyList<string> Must, IReadOnlyList<string> Out)
{
    /// <summary>The quotas as the manifest states them.</summary>
    public required IReadOnlyList<DeclaredQuota> Quotas { get; init; }

    /// <summary>For replacements the draw before; null: a first draw.</summary>
    public ReplacedDraw? Replaces { get; init; }
}

/// <summary>The draw whose panel is completed.</summary>
/// <param name="Manifest">The hash of its manifest.</param>
/// <param name="Attempt">Its number among the draws of this panel, from 1.</param>
public sealed record ReplacedDraw(string Manifest, int Attempt);

/// <summary>lottery.json: the optimal lottery over types with its proof. It is written alike on every run: no time, no machine.</summary>
/// <param name="Inputs">What it was computed from.</param>
/// <param name="Panels">How many numbered panels there are.</param>
/// <param name="EndedByLimit">Whether the search ended before the gap was as small as promised.</param>
/// <param name="Gap">How far the lottery may be from the optimum, relative; infinite where nothing is proven.</param>
/// <param name="Levels">The different chances, ascending.</param>
/// <param name="Uncoverable">Types that no panel can contain. Somebody else may be on none of the mixed panels only where the search ended early.</param>
/// <param name="Weights">Of the mixed panels, summing to <see cref="ExactLottery.TotalWeight"/>.</param>
/// <param name="Mixed">For each mixed panel how many people of which type; types without people are left out.</param>
/// <param name="Proof">What bounds every lottery.</param>
public sealed record LotteryFile(LotteryInputs Inputs, int Panels, bool EndedByLimit, double Gap, IReadOnlyList<double> Levels, IReadOnlyList<int> Uncoverable, IReadOnlyList<long> Weights, IReadOnlyList<IReadOnlyDictionary<int, int>> Mixed, LotteryProof Proof)
{
    /// <summary>The name of the file.</summary>
    public const string Name = "lottery.json";

    private const int Format = 1;

    /// <summary>The file of a lottery.</summary>
    /// <param name="inputs">What it was computed from.</param>
    /// <param name="exact">The lottery.</param>
    /// <param name="panels">How many numbered panels there are.</param>
    /// <returns>The file.</returns>
    public static LotteryFile Of(LotteryInputs inputs, ExactLottery exact, int panels)
    {
        ArgumentNullException.ThrowIfNull(exact);
        return new(
            inputs, panels, exact.EndedByLimit, exact.Gap, LevelsOf(exact), exact.Uncoverable, exact.Weights,
            [.. exact.Panels.Select(panel => SparsePanel.Seats(panel).ToDictionary(seats => seats.Type, seats => seats.People))], exact.Proof);
    }

    /// <summary>The different chances that a lottery gives, ascending; what differs by less than 1e-5 counts as one.</summary>
    /// <param name="exact">The lottery.</param>
    /// <returns>At least one chance.</returns>
    public static IReadOnlyList<double> LevelsOf(ExactLottery exact)
    {
        ArgumentNullException.ThrowIfNull(exact);
        HashSet<int> without = [.. exact.Uncoverable];
        List<double> levels = [];
        foreach (double chance in exact.Chances().Where((_, t) => !without.Contains(t)).Order())
        {
            if (levels.Count == 0 || chance > levels[^1] * (1 + 1e-5))
            {
                levels.Add(chance);
            }
        }

        return levels;
    }

    /// <summary>The optimal lottery on a pool that was merged anew.</summary>
    /// <param name="types">The merged pool, without those who are on every panel or on none.</param>
    /// <returns>Null when it does not fit.</returns>
    public ExactLottery? On(PanelTypes types)
    {
        ArgumentNullException.ThrowIfNull(types);
        int n = types.Types.Count;
        if (Weights.Count != Mixed.Count || Weights.Count == 0 || Weights.Any(weight => weight is < 1 or > ExactLottery.TotalWeight) || Weights.Sum() != ExactLottery.TotalWeight || Mixed.Any(panel => panel.Keys.Any(t => t < 0 || t >= n))
            || Uncoverable.Any(t => t < 0 || t >= n || Mixed.Any(panel => panel.ContainsKey(t))))
        {
            return null;
        }

        SparsePanel[] panels = [.. Mixed.Select(mixed => new SparsePanel(n, [.. mixed.Keys.Order()], [.. mixed.OrderBy(pair => pair.Key).Select(pair => pair.Value)]))];
        return new(Inputs.Objective, types, panels, Weights, Uncoverable, Proof, Gap, EndedByLimit);
    }

    /// <summary>The bytes of the file.</summary>
    /// <returns>JSON, indented, ended by a line feed.</returns>
    public byte[] Write()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("version", Version);
            json.WriteStartObject("inputs");
            json.WriteString("pool", Inputs.PoolHash);
            json.WriteString("quotas", Inputs.QuotasHash);
            json.WriteNumber("people", Inputs.People);
            json.WriteNumber("size", Inputs.Size);
            Texts(json, "household", Inputs.Household);
            if (Inputs.Id is not null)
            {
                json.WriteString("id", Inputs.Id);
            }

            json.WriteStartArray("limits");
            foreach (DeclaredQuota quota in Inputs.Quotas)
            {
                json.WriteStartObject();
                json.WriteString("criterion", quota.Criterion);
                json.WriteString("value", quota.Value);
                json.WriteNumber("min", quota.Min);
                json.WriteNumber("max", quota.Max);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Texts(json, "must", Inputs.Must);
            Texts(json, "out", Inputs.Out);
            if (Inputs.Replaces is { } before)
            {
                json.WriteStartObject("replaces");
                json.WriteString("manifest", before.Manifest);
                json.WriteNumber("attempt", before.Attempt);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteString("objective", Inputs.Objective.ToString().ToLowerInvariant());
            json.WriteNumber("gamma", Inputs.Gamma);
            json.WriteString("seed", Inputs.Seed);
            json.WriteNumber("panels", Panels);
            json.WriteBoolean("endedByLimit", EndedByLimit);
            Number(json, "gap", Gap);
            Numbers(json, "levels", Levels);
            json.WriteStartArray("uncoverable");
            foreach (int t in Uncoverable)
            {
                json.WriteNumberValue(t);
            }

            json.WriteEndArray();
            json.WriteStartArray("weights");
            foreach (long weight in Weights)
            {
                json.WriteNumberValue(weight);
            }

            json.WriteEndArray();
            json.WriteStartArray("mixed");
            foreach (IReadOnlyDictionary<int, int> panel in Mixed)
            {
                json.WriteStartArray();
                foreach ((int t, int count) in panel.OrderBy(pair => pair.Key))
                {
                    json.WriteNumberValue(t);
                    json.WriteNumberValue(count);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartObject("proof");
            json.WriteStartArray("cuts");
            foreach (PanelCut cut in Proof.Cuts)
            {
                json.WriteStartObject();
                json.WriteNumber("bound", cut.Bound);
                json.WriteStartArray("weights");
                foreach (long weight in cut.Weights)
                {
                    json.WriteNumberValue(weight);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("levels");
            foreach (LevelStep step in Proof.Levels)
            {
                json.WriteStartObject();
                Number(json, "value", step.Value);
                json.WriteStartArray("settled");
                foreach (int t in step.Settled)
                {
                    json.WriteNumberValue(t);
                }

                json.WriteEndArray();
                Write(json, step.Proof);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (Proof.Sum is { } sum)
            {
                json.WriteStartObject("sum");
                Numbers(json, "weights", sum.Weights);
                Number(json, "point", sum.Point);
                Write(json, sum.Multipliers);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return [.. stream.ToArray(), (byte)'\n'];
    }

    /// <summary>Reads the file.</summary>
    /// <param name="content">Its bytes.</param>
    /// <returns>Null when it has another form.</returns>
    public static LotteryFile? Read(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetInt32() != Format)
            {
                return null;
            }

            JsonElement inputs = root.GetProperty("inputs");
            JsonElement proof = root.GetProperty("proof");
            return new(
                new(
                    inputs.GetProperty("pool").GetString()!, inputs.GetProperty("quotas").GetString()!, inputs.GetProperty("people").GetInt32(), inputs.GetProperty("size").GetInt32(),
                    Texts(inputs, "household"), inputs.TryGetProperty("id", out JsonElement id) ? id.GetString() : null,
                    Enum.Parse<LotteryObjective>(root.GetProperty("objective").GetString()!, ignoreCase: true), root.GetProperty("gamma").GetDouble(), root.GetProperty("seed").GetString()!,
                    Texts(inputs, "must"), Texts(inputs, "out"))
                {
                    Replaces = inputs.TryGetProperty("replaces", out JsonElement before) ? new(before.GetProperty("manifest").GetString()!, before.GetProperty("attempt").GetInt32()) : null,
                    Quotas =
                    [
                        .. inputs.GetProperty("limits").EnumerateArray().Select(quota => new DeclaredQuota(
                            quota.GetProperty("criterion").GetString()!, quota.GetProperty("value").GetString()!, quota.GetProperty("min").GetInt32(), quota.GetProperty("max").GetInt32())),
                    ],
                },
                root.GetProperty("panels").GetInt32(), root.GetProperty("endedByLimit").GetBoolean(), Number(root, "gap"), Numbers(root, "levels"),
                [.. root.GetProperty("uncoverable").EnumerateArray().Select(t => t.GetInt32())],
                [.. root.GetProperty("weights").EnumerateArray().Select(weight => weight.GetInt64())],
                [.. root.GetProperty("mixed").EnumerateArray().Select(Pairs)],
                new(
                    [.. proof.GetProperty("cuts").EnumerateArray().Select(cut => new PanelCut([.. cut.GetProperty("weights").EnumerateArray().Select(weight => weight.GetInt64())], cut.GetProperty("bound").GetInt64()))],
                    [.. proof.GetProperty("levels").EnumerateArray().Select(step => new LevelStep(Number(step, "value"), [.. step.GetProperty("settled").EnumerateArray().Select(t => t.GetInt32())], ReadMultipliers(step)))],
                    proof.TryGetProperty("sum", out JsonElement sum) ? new SumProof(Numbers(sum, "weights"), Number(sum, "point"), ReadMultipliers(sum)) : null));
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>The version of the program.</summary>
    public static string Version => typeof(LotteryFile).Assembly.GetName().Version!.ToString(3);

    private static Dictionary<int, int> Pairs(JsonElement panel)
    {
        int[] numbers = [.. panel.EnumerateArray().Select(number => number.GetInt32())];
        return Enumerable.Range(0, numbers.Length / 2).ToDictionary(i => numbers[2 * i], i => numbers[(2 * i) + 1]);
    }

    private static void Write(Utf8JsonWriter json, Multipliers multipliers)
    {
        json.WriteStartObject("multipliers");
        Number(json, "size", multipliers.Size);
        Numbers(json, "rows", multipliers.Rows);
        Numbers(json, "groups", multipliers.Groups);
        json.WriteStartObject("capacities");
        foreach ((int t, double value) in multipliers.Capacities.OrderBy(pair => pair.Key))
        {
            Number(json, t.ToString(CultureInfo.InvariantCulture), value);
        }

        json.WriteEndObject();
        Numbers(json, "cuts", multipliers.Cuts);
        json.WriteEndObject();
    }

    private static Multipliers ReadMultipliers(JsonElement parent)
    {
        JsonElement multipliers = parent.GetProperty("multipliers");
        return new(
            Number(multipliers, "size"), Numbers(multipliers, "rows"), Numbers(multipliers, "groups"),
            multipliers.GetProperty("capacities").EnumerateObject().ToDictionary(pair => int.Parse(pair.Name, CultureInfo.InvariantCulture), pair => pair.Value.GetDouble()), Numbers(multipliers, "cuts"));
    }

    // JSON has no infinity: an unproven gap is null.
    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static double Number(JsonElement parent, string name) => parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.PositiveInfinity;

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static IReadOnlyList<double> Numbers(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static IReadOnlyList<string> Texts(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];
}
