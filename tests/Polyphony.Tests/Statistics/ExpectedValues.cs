using System.Text.Json.Nodes;

namespace Polyphony.Tests.Statistics;

/// <summary>Values computed by another program, and how many digits of them are given.</summary>
internal static class ExpectedValues
{
    private static readonly JsonNode File = JsonNode.Parse(System.IO.File.ReadAllText(Repository.PathOf("tests", "vectors", "statistics", "expected-values.json")))!;

    public static JsonNode Of(string name) => File[name]!;

    public static IEnumerable<JsonNode> Each(string name) => File[name]!.AsArray().Select(node => node!);

    public static int[] Whole(JsonNode? array) => [.. array!.AsArray().Select(value => (int)value!)];

    public static decimal[] Decimals(JsonNode? array) => [.. array!.AsArray().Select(value => (decimal)value!)];

    public static int[][] Table(JsonNode? rows) => [.. rows!.AsArray().Select(Whole)];

    /// <summary>Compares to the digits that stand in the file.</summary>
    public static void Matches(JsonNode? expected, double? actual)
    {
        string text = expected!.ToJsonString();
        double value = (double)expected;
        string mantissa = text.Split('e', 'E')[0];
        int decimals = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa.Length - mantissa.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        int exponent = text.Contains('e', StringComparison.OrdinalIgnoreCase) ? int.Parse(text.Split('e', 'E')[1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        // A whole number or one with a single digit is exact.
        double unit = decimals <= 1 ? 1e-9 : Math.Pow(10, exponent - decimals);
        Assert.NotNull(actual);
        Assert.True(Math.Abs(value - actual.Value) <= 0.5000001 * unit, $"{text} expected, {actual:R} found");
    }
}
