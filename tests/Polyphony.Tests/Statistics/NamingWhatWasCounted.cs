using System.Reflection;
using Polyphony.Statistics.Change;

namespace Polyphony.Tests.Statistics;

public sealed class NamingWhatWasCounted
{
    private static readonly string[] Counts = ["People", "Pairs", "Answers", "Changed", "Rankings", "Views"];

    /// <summary>Never a p-value without counts: whoever holds one holds the number it rests on.</summary>
    [Fact]
    public void Whatever_bears_a_p_value_bears_a_count()
    {
        Type[] tests = [.. typeof(McNemar).Assembly.GetExportedTypes().Where(type => type.GetProperties().Any(IsPValue))];
        Assert.True(tests.Length >= 8, string.Join(", ", tests.Select(type => type.Name)));
        Assert.All(tests, type => Assert.Contains(type.GetProperties(), property => Counts.Contains(property.Name) && (property.PropertyType == typeof(int) || property.PropertyType == typeof(long))));
    }

    private static bool IsPValue(PropertyInfo property) =>
        (property.Name.EndsWith("PValue", StringComparison.Ordinal) || property.Name is "PUp" or "PDown") && (property.PropertyType == typeof(double) || property.PropertyType == typeof(double?));
}
