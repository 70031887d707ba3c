using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>Quotas on two criteria together, such as <c>age*gender</c> with the value <c>16-29*woman</c>: a criterion of its own that stands in no column of a pool, because it follows from two others.</summary>
/// <remarks>Its values are the pairs that have a quota; all other pairs are one free value, which a file need not name.</remarks>
public sealed class JointQuota
{
    /// <summary>The greatest number that a quota sheet takes: what a free value may have at most.</summary>
    public const int Free = 1_000_000;

    /// <summary>How the pairs without a quota are called, in English and in French.</summary>
    public static readonly IReadOnlyList<string> RestNames = ["(any other)", "(tout autre)"];

    private readonly Dictionary<(string, string), int> pairs;
    private readonly int rest;

    private JointQuota(string first, string second, Dictionary<(string, string), int> pairs, int rest) => (First, Second, this.pairs, this.rest) = (first, second, pairs, rest);

    /// <summary>The criterion whose value stands first.</summary>
    public string First { get; }

    /// <summary>The other one.</summary>
    public string Second { get; }

    /// <summary>Whether a criterion's name asks for two criteria.</summary>
    public static bool IsNamedSo(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains('*', StringComparison.Ordinal);
    }

    /// <summary>Whether a value is all pairs without a quota.</summary>
    public static bool IsRest(string value) => RestNames.Any(name => CellText.Key(name) == CellText.Key(value));

    /// <summary>A value in the form in which equal ones are equal; the free value is one, however it is called.</summary>
    public static string KeyOf(string value) => CellText.Key(IsRest(value) ? RestNames[0] : value);

    /// <summary>A criterion on two others; null for one that stands by itself.</summary>
    public static JointQuota? Of(QuotaCriterion criterion)
    {
        ArgumentNullException.ThrowIfNull(criterion);
        if (Halves(criterion.Name) is not [var first, var second])
        {
            return null;
        }

        Dictionary<(string, string), int> pairs = [];
        int rest = -1;
        foreach ((int position, QuotaValue value) in criterion.Values.Index())
        {
            if (IsRest(value.Name))
            {
                rest = position;
            }
            else if (Halves(value.Name) is not [var one, var other] || !pairs.TryAdd((CellText.Key(one), CellText.Key(other)), position))
            {
                return null;
            }
        }

        return rest < 0 ? null : new(first, second, pairs, rest);
    }

    /// <summary>The position of the value that follows from those of both criteria.</summary>
    public int ValueOf(string first, string second) => pairs.GetValueOrDefault((CellText.Key(first), CellText.Key(second)), rest);

    /// <summary>Adds the free value to a quota file's criteria on two others, and tells what is wrong with them.</summary>
    /// <param name="quotas">The file, for the rows of what is wrong.</param>
    /// <param name="criteria">What was read from it.</param>
    /// <param name="isJoint">Which of the criteria are on two others.</param>
    /// <param name="valuesOf">The values of a criterion that has no quotas of its own; null when they are not known.</param>
    /// <param name="restName">How the free value is to be called.</param>
    /// <param name="most">How many people may have it: all of the panel.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static IReadOnlyList<QuotaCriterion> Complete(
        Sheet quotas, IReadOnlyList<QuotaCriterion> criteria, Func<QuotaCriterion, bool> isJoint, Func<string, IEnumerable<string>?> valuesOf, string restName, int most, List<SheetProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        ArgumentNullException.ThrowIfNull(criteria);
        ArgumentNullException.ThrowIfNull(isJoint);
        ArgumentNullException.ThrowIfNull(valuesOf);
        ArgumentNullException.ThrowIfNull(problems);
        int category = quotas.Find("category");
        int criterionColumn = category >= 0 ? category : quotas.Find("feature");
        int valueColumn = category < 0 ? quotas.Find("value") : quotas.Find("name") >= 0 ? quotas.Find("name") : quotas.Find("feature");
        return [.. criteria.Select(criterion => isJoint(criterion) ? One(criterion) : criterion)];

        QuotaCriterion One(QuotaCriterion criterion)
        {
            if (Halves(criterion.Name) is not [var first, var second] || CellText.Key(first) == CellText.Key(second))
            {
                problems.Add(new SheetProblem("joint-parts", quotas.File, RowOf(criterion.Name, null), quotas.Headers[criterionColumn], criterion.Name, "age*gender"));
                return criterion;
            }

            Dictionary<string, string>?[] known = [Known(first), Known(second)];
            Dictionary<(string, string), string> seen = [];
            foreach (QuotaValue value in criterion.Values.Where(value => !IsRest(value.Name)))
            {
                int? row = RowOf(criterion.Name, value.Name);
                if (Halves(value.Name) is not { } halves)
                {
                    problems.Add(new SheetProblem("joint-parts", quotas.File, row, quotas.Headers[valueColumn], value.Name, "16-29*woman"));
                    continue;
                }

                foreach ((string half, Dictionary<string, string>? values) in halves.Zip(known))
                {
                    if (values is not null && !values.ContainsKey(CellText.Key(half)))
                    {
                        problems.Add(new SheetProblem("unknown-value", quotas.File, row, quotas.Headers[valueColumn], SheetProblem.Shorten(half), string.Join(", ", values.Values.Take(20))));
                    }
                }

                (string, string) pair = (CellText.Key(halves[0]), CellText.Key(halves[1]));
                if (!seen.TryAdd(pair, value.Name))
                {
                    problems.Add(new SheetProblem("value-twice", quotas.File, row, quotas.Headers[valueColumn], value.Name, RowOf(criterion.Name, seen[pair])?.ToString(CultureInfo.InvariantCulture)));
                }
            }

            return criterion.Values.Any(value => IsRest(value.Name)) ? criterion : criterion with { Values = [.. criterion.Values, new QuotaValue(restName, 0, most, null, null, null)] };
        }

        Dictionary<string, string>? Known(string part)
        {
            IEnumerable<string>? names = criteria.FirstOrDefault(own => CellText.Key(own.Name) == CellText.Key(part)) is { } found ? found.Values.Select(value => value.Name) : valuesOf(part);
            return names?.DistinctBy(CellText.Key).ToDictionary(CellText.Key, StringComparer.Ordinal);
        }

        int? RowOf(string name, string? value) => quotas.Rows.FirstOrDefault(row =>
            CellText.Key(row[criterionColumn]) == CellText.Key(name) && (value is null || CellText.Key(row[valueColumn]) == CellText.Key(value)))?.Number;
    }

    /// <summary>Both parts of a name joined by one star; null when it has not just two.</summary>
    private static string[]? Halves(string name) => name.Split('*', StringSplitOptions.TrimEntries) is [{ Length: > 0 }, { Length: > 0 }] halves ? halves : null;
}
