using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>A criterion with its values and quotas as a sheet gives them.</summary>
public sealed record QuotaCriterion(string Name, IReadOnlyList<QuotaValue> Values);

/// <summary>A value's quota.</summary>
/// <param name="Name">The value.</param>
/// <param name="Min">The least number of people on the panel.</param>
/// <param name="Max">The greatest.</param>
/// <param name="MinFlex">How far the minimum may be lowered when quotas cannot be met.</param>
/// <param name="MaxFlex">How far the maximum may be raised.</param>
/// <param name="Target">Share in the population, 0 to 1.</param>
public sealed record QuotaValue(string Name, int Min, int Max, int? MinFlex, int? MaxFlex, double? Target);

/// <summary>What a quota sheet gave: criteria, or all problems; notes never stop an import.</summary>
public sealed record QuotaReading(IReadOnlyList<QuotaCriterion> Criteria, IReadOnlyList<SheetProblem> Problems, IReadOnlyList<string> IgnoredColumns);

/// <summary>Reads quotas with the headers that the field's tools use.</summary>
/// <remarks>Headers, in any order and case: <c>feature,value</c>, <c>category,name</c> or <c>category,feature</c>; then <c>min,max</c>,
/// optionally <c>min_flex,max_flex</c> and <c>target</c>.</remarks>
public static class QuotaSheet
{
    private const int LongestName = 200;
    private const int MostValues = 500;

    public static QuotaReading Read(Sheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        List<SheetProblem> problems = [];
        int category = sheet.Find("category");
        int feature = sheet.Find("feature");
        int criterionColumn = category >= 0 ? category : feature;
        int valueColumn = category >= 0 ? (sheet.Find("name") >= 0 ? sheet.Find("name") : feature) : sheet.Find("value");
        int min = sheet.Find("min");
        int max = sheet.Find("max");
        int minFlex = sheet.Find("min_flex");
        int maxFlex = sheet.Find("max_flex");
        int target = sheet.Find("target");
        Missing(criterionColumn, "feature");
        Missing(valueColumn, category >= 0 ? "name" : "value");
        Missing(min, "min");
        Missing(max, "max");
        if (minFlex >= 0 != maxFlex >= 0)
        {
            problems.Add(new SheetProblem("header-needs-partner", sheet.File, 1, minFlex >= 0 ? "min_flex" : "max_flex", Expected: "min_flex, max_flex"));
        }

        if (problems.Count > 0)
        {
            return new([], problems, []);
        }

        if (sheet.Rows.Count == 0)
        {
            return new([], [new SheetProblem("no-rows", sheet.File)], []);
        }

        // One number above 1 says that the whole column is in per cent: then 1 is one per cent, not everybody.
        bool inPercent = target >= 0 && sheet.Rows.Any(row => Number(row) > 1);
        Dictionary<string, (string Name, List<QuotaValue> Values)> criteria = new(StringComparer.Ordinal);
        Dictionary<(string, string), int> seen = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string criterion = row[criterionColumn];
            string value = row[valueColumn];
            if (criterion.Length == 0)
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[criterionColumn]));
            }

            if (value.Length == 0)
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[valueColumn]));
            }

            foreach (int column in (int[])[criterionColumn, valueColumn])
            {
                if (row[column].Length > LongestName)
                {
                    problems.Add(new SheetProblem("cell-too-long", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), "200"));
                }
            }

            int? least = Whole(row, min, required: true);
            int? most = Whole(row, max, required: true);
            int? leastFlex = Whole(row, minFlex, required: false);
            int? mostFlex = Whole(row, maxFlex, required: false);
            double? share = Share(row);
            if (least > most)
            {
                problems.Add(new SheetProblem("min-above-max", sheet.File, row.Number, "min", row[min], row[max]));
            }

            if (leastFlex > least)
            {
                problems.Add(new SheetProblem("flex-inside", sheet.File, row.Number, "min_flex", row[minFlex], row[min]));
            }

            if (mostFlex < most)
            {
                problems.Add(new SheetProblem("flex-inside", sheet.File, row.Number, "max_flex", row[maxFlex], row[max]));
            }

            if (criterion.Length == 0 || value.Length == 0)
            {
                continue;
            }

            (string, string) key = (CellText.Key(criterion), CellText.Key(value));
            if (!seen.TryAdd(key, row.Number))
            {
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[valueColumn], value, seen[key].ToString(CultureInfo.InvariantCulture)));
                continue;
            }

            if (!criteria.TryGetValue(key.Item1, out (string Name, List<QuotaValue> Values) entry))
            {
                criteria[key.Item1] = entry = (criterion, []);
            }

            entry.Values.Add(new QuotaValue(value, least ?? 0, most ?? 0, leastFlex, mostFlex, share));
        }

        foreach ((string name, List<QuotaValue> values) in criteria.Values.Where(entry => entry.Values.Count > MostValues))
        {
            problems.Add(new SheetProblem("too-many-values", sheet.File, null, name, values.Count.ToString(CultureInfo.InvariantCulture), "500"));
        }

        HashSet<int> used = [criterionColumn, valueColumn, min, max, minFlex, maxFlex, target];
        return new(
            [.. criteria.Values.Select(entry => new QuotaCriterion(entry.Name, entry.Values))],
            problems,
            [.. sheet.Headers.Where((_, index) => !used.Contains(index))]);

        void Missing(int column, string header)
        {
            if (column < 0)
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, header, Expected: "feature,value,min,max · category,name,min,max · category,feature,min,max"));
            }
        }

        int? Whole(SheetRow row, int column, bool required)
        {
            string text = row[column];
            if (text.Length == 0 && !required)
            {
                return null;
            }

            // Spreadsheets write 12 as 12.0 when a column was formatted.
            string digits = text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
            if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 1_000_000)
            {
                return number;
            }

            problems.Add(new SheetProblem(text.Length == 0 ? "empty" : "not-a-whole-number", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(text), "0, 1, 2 …"));
            return null;
        }

        double? Share(SheetRow row)
        {
            string text = Written(row);
            if (text.Length == 0)
            {
                return null;
            }

            double? share = text.EndsWith('%') ? Parse(text[..^1]) / 100 : inPercent ? Number(row) / 100 : Number(row);
            if (share is >= 0 and <= 1)
            {
                return share;
            }

            problems.Add(new SheetProblem("not-a-share", sheet.File, row.Number, "target", SheetProblem.Shorten(row[target]), "0.27, 27 %"));
            return null;
        }

        string Written(SheetRow row) => string.Concat(row[target].Where(c => !char.IsWhiteSpace(c)));

        double? Number(SheetRow row) => Parse(Written(row));

        static double? Parse(string digits) =>
            double.TryParse(digits.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
    }
}
