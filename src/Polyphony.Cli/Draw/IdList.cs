using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Draw;

/// <summary>A file of ids: people who must, must not or already do sit on the panel.</summary>
internal static class IdList
{
    public static readonly ColumnHelp Column = new("id", "or the name of --id: an id of the pool, one a row; a file with one column needs no header");

    /// <summary>Positions in the pool of the ids in a file, in the order of the file, each once; problems are added to the list.</summary>
    public static IReadOnlyList<int> Read(string path, string? idColumn, IReadOnlyList<string> ids, List<SheetProblem> problems)
    {
        if (InputTable.Read(path, problems) is not { } sheet)
        {
            return [];
        }

        int column = sheet.Find(idColumn ?? "id");
        if (column < 0)
        {
            column = sheet.Find("id");
        }

        bool headless = column < 0 && sheet.Headers.Count == 1;
        if (column < 0 && !headless)
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, idColumn ?? "id", Expected: string.Join(", ", sheet.Headers.Take(30))));
            return [];
        }

        column = Math.Max(0, column);
        Dictionary<string, int> known = ids.Index().ToDictionary(pair => CellText.Key(pair.Item), pair => pair.Index, StringComparer.Ordinal);
        List<int> found = [];
        IEnumerable<(int Row, string Text)> cells = sheet.Rows.Select(row => (row.Number, row[column]));
        foreach ((int row, string text) in headless ? cells.Prepend((1, sheet.Headers[0])) : cells)
        {
            if (!known.TryGetValue(CellText.Key(text), out int position))
            {
                problems.Add(new SheetProblem(text.Length == 0 ? "empty" : "id-unknown", sheet.File, row, sheet.Headers[column], SheetProblem.Shorten(text)));
            }
            else if (!found.Contains(position))
            {
                found.Add(position);
            }
        }

        return found;
    }
}
