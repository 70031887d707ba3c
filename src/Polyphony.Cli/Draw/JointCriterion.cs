using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>Quotas on two criteria together, as a criterion of its own whose values are the pairs that have a quota; all other pairs are one free value.</summary>
internal sealed record JointCriterion(QuotaSet Quotas, int First, int Second, IReadOnlyDictionary<(string, string), int> Pairs)
{
    /// <summary>How the pairs without a quota are called.</summary>
    public const string Rest = "(any other)";

    /// <summary>The value of a person by the person's row in the pool.</summary>
    public int ValueOf(SheetRow row) => Pairs.TryGetValue((CellText.Key(row[First]), CellText.Key(row[Second])), out int value) ? value : Quotas.Quotas.Count - 1;

    /// <summary>Reads a criterion such as <c>age*gender</c>; null, with problems added, when it cannot be read.</summary>
    public static JointCriterion? Of(QuotaCriterion criterion, IReadOnlyList<QuotaCriterion> single, Sheet pool, Sheet quotas, int size, List<SheetProblem> problems)
    {
        int before = problems.Count;
        string[] parts = criterion.Name.Split('*', StringSplitOptions.TrimEntries);
        int[] columns = [.. parts.Select(pool.Find)];
        if (parts.Length != 2 || CellText.Key(parts[0]) == CellText.Key(parts[1]))
        {
            problems.Add(new SheetProblem("joint-parts", quotas.File, RowOf(criterion.Name, null), FirstHeader(), criterion.Name, "age*gender"));
            return null;
        }

        foreach (string part in parts.Where(part => pool.Find(part) < 0))
        {
            problems.Add(new SheetProblem("column-missing", pool.File, 1, part, Expected: string.Join(", ", pool.Headers.Take(30))));
        }

        if (problems.Count > before)
        {
            return null;
        }

        Dictionary<string, string>[] known = [.. parts.Select((part, i) => Known(part, columns[i]))];
        Dictionary<(string, string), int> pairs = [];
        foreach (QuotaValue value in criterion.Values)
        {
            string[] halves = value.Name.Split('*', StringSplitOptions.TrimEntries);
            if (halves.Length != 2)
            {
                problems.Add(new SheetProblem("joint-parts", quotas.File, RowOf(criterion.Name, value.Name), ValueHeader(), value.Name, "16-29*woman"));
                continue;
            }

            for (int i = 0; i < 2; i++)
            {
                if (!known[i].ContainsKey(CellText.Key(halves[i])))
                {
                    problems.Add(new SheetProblem("unknown-value", quotas.File, RowOf(criterion.Name, value.Name), ValueHeader(), SheetProblem.Shorten(halves[i]), string.Join(", ", known[i].Values.Take(20))));
                }
            }

            if (!pairs.TryAdd((CellText.Key(halves[0]), CellText.Key(halves[1])), pairs.Count))
            {
                problems.Add(new SheetProblem("value-twice", quotas.File, RowOf(criterion.Name, value.Name), ValueHeader(), value.Name, "an earlier one"));
            }
        }

        return problems.Count > before
            ? null
            : new JointCriterion(
                new QuotaSet(criterion.Name, [.. criterion.Values.Select(value => new Quota(value.Name, value.Min, value.Max, value.MinFlex, value.MaxFlex)), new Quota(Rest, 0, size)]),
                columns[0], columns[1], pairs);

        // The values of a part: those of its own quotas, or what stands in the pool when it has none.
        Dictionary<string, string> Known(string part, int column)
        {
            Dictionary<string, string> values = new(StringComparer.Ordinal);
            IEnumerable<string> names = single.FirstOrDefault(own => CellText.Key(own.Name) == CellText.Key(part)) is { } found
                ? found.Values.Select(value => value.Name)
                : pool.Rows.Select(row => row[column]).Where(text => text.Length > 0);
            foreach (string name in names)
            {
                values.TryAdd(CellText.Key(name), name);
            }

            return values;
        }

        string FirstHeader() => quotas.Headers[quotas.Find("category") >= 0 ? quotas.Find("category") : quotas.Find("feature")];

        string ValueHeader() => quotas.Headers[quotas.Find("category") < 0 ? quotas.Find("value") : quotas.Find("name") >= 0 ? quotas.Find("name") : quotas.Find("feature")];

        int? RowOf(string name, string? value) => quotas.Rows.FirstOrDefault(row =>
            CellText.Key(row[quotas.Find(FirstHeader())]) == CellText.Key(name) && (value is null || CellText.Key(row[quotas.Find(ValueHeader())]) == CellText.Key(value)))?.Number;
    }
}
