using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>How many were invited of each value.</summary>
/// <param name="Counts">For each criterion its values' people; null for a criterion of which the file says nothing.</param>
/// <param name="Problems">Everything that is wrong; then there are no counts.</param>
public sealed record InvitedReading(IReadOnlyList<IReadOnlyList<int>?> Counts, IReadOnlyList<SheetProblem> Problems);

/// <summary>Reads how many people were invited, by the values of the criteria. Counts only: nobody's data is needed.</summary>
/// <remarks>Either <c>feature,value,invited</c>, one value a row; or one stratum a row with a column for each criterion and <c>invited</c>, as <c>polyphony invite</c> writes its <c>strata.csv</c>:
/// each row counts for its value of every criterion that has a column.</remarks>
public static class InvitedSheet
{
    /// <summary>Reads a sheet.</summary>
    /// <param name="sheet">The table of one site.</param>
    /// <param name="criteria">The criteria of that site.</param>
    public static InvitedReading Read(Sheet sheet, IReadOnlyList<QuotaCriterion> criteria)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(criteria);
        int invited = sheet.Find("invited");
        int feature = sheet.Find("feature");
        int value = sheet.Find("value");
        bool isLong = feature >= 0 && value >= 0;
        int[] columns = [.. criteria.Select(criterion => isLong ? -1 : sheet.Find(criterion.Name))];
        List<SheetProblem> problems = [];
        if (invited < 0)
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, "invited", Expected: "feature,value,invited"));
        }

        if (!isLong && columns.All(column => column < 0))
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, "feature", Expected: string.Join(", ", criteria.Select(criterion => criterion.Name).Take(20))));
        }

        if (problems.Count == 0 && sheet.Rows.Count == 0)
        {
            problems.Add(new SheetProblem("no-rows", sheet.File));
        }

        if (problems.Count > 0)
        {
            return new([], problems);
        }

        int[]?[] counts = [.. criteria.Select((criterion, c) => isLong || columns[c] >= 0 ? new int[criterion.Values.Count] : null)];
        HashSet<int> named = [];
        foreach (SheetRow row in sheet.Rows)
        {
            if (!int.TryParse(row[invited], NumberStyles.None, CultureInfo.InvariantCulture, out int people))
            {
                Wrong(row[invited].Length == 0 ? "empty" : "not-a-whole-number", row, invited, "120");
            }

            if (isLong)
            {
                int criterion = Place(criteria.Select(known => known.Name), row[feature]);
                if (criterion < 0)
                {
                    Wrong("unknown-value", row, feature, string.Join(", ", criteria.Select(known => known.Name).Take(20)));
                    continue;
                }

                named.Add(criterion);
                Count(criterion, row, value, people);
                continue;
            }

            for (int c = 0; c < criteria.Count; c++)
            {
                if (columns[c] >= 0)
                {
                    named.Add(c);
                    Count(c, row, columns[c], people);
                }
            }
        }

        return problems.Count > 0 ? new([], problems) : new([.. counts.Select((own, c) => named.Contains(c) ? own : null)], []);

        void Count(int criterion, SheetRow row, int column, int people)
        {
            int place = Place(criteria[criterion].Values.Select(known => known.Name), row[column]);
            if (place < 0)
            {
                Wrong("unknown-value", row, column, string.Join(", ", criteria[criterion].Values.Select(known => known.Name).Take(20)));
            }
            else
            {
                counts[criterion]![place] += people;
            }
        }

        void Wrong(string code, SheetRow row, int column, string expected) => problems.Add(new SheetProblem(code, sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), expected));
    }

    private static int Place(IEnumerable<string> names, string written)
    {
        string key = CellText.Key(written);
        return names.Index().Where(name => CellText.Key(name.Item) == key).Select(name => name.Index).DefaultIfEmpty(-1).First();
    }
}
