namespace Polyphony.Sheets;

/// <summary>Parts a table of many sites by its column <c>site</c>; rows keep their numbers in the file.</summary>
public static class SitedSheet
{
    /// <summary>The header that says to which site a row belongs.</summary>
    public const string Header = "site";

    /// <summary>Parts a sheet.</summary>
    /// <param name="sheet">The table.</param>
    /// <param name="codes">Codes of the sites that there are.</param>
    /// <returns>A sheet for each site that the file names, in the order in which it does; or everything that is wrong with the column.</returns>
    public static (IReadOnlyList<(string Code, Sheet Sheet)> Parts, IReadOnlyList<SheetProblem> Problems) Part(Sheet sheet, IReadOnlyCollection<string> codes)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(codes);
        int column = sheet.Find(Header);
        if (column < 0)
        {
            return ([], [new SheetProblem("column-missing", sheet.File, 1, Header, Expected: string.Join(", ", sheet.Headers.Take(30)))]);
        }

        if (sheet.Rows.Count == 0)
        {
            return ([], [new SheetProblem("no-rows", sheet.File)]);
        }

        List<SheetProblem> problems = [];
        Dictionary<string, List<SheetRow>> rows = new(StringComparer.Ordinal);
        foreach (SheetRow row in sheet.Rows)
        {
            string code = SiteSheet.Code(row[column]);
            if (!codes.Contains(code))
            {
                problems.Add(new SheetProblem(code.Length == 0 ? "empty" : "unknown-site", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), string.Join(", ", codes.Take(20)) + (codes.Count > 20 ? " …" : "")));
                continue;
            }

            if (!rows.TryGetValue(code, out List<SheetRow>? own))
            {
                rows[code] = own = [];
            }

            own.Add(row with { Cells = Without(row.Cells, column) });
        }

        IReadOnlyList<string> headers = Without(sheet.Headers, column);
        return ([.. rows.Select(pair => (pair.Key, new Sheet(sheet.File, headers, pair.Value)))], problems);
    }

    private static List<string> Without(IReadOnlyList<string> cells, int column) => [.. cells.Where((_, index) => index != column)];
}
