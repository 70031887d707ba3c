using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Draw;

/// <summary>Who of a panel stays and who is out: positions in the pool, ascending.</summary>
/// <param name="Staying">On the panel, and stay.</param>
/// <param name="Leaving">On the panel, and are out.</param>
/// <param name="Gone">Not on the panel, and cannot be drawn: they were out before, or have left the pool.</param>
internal sealed record PanelStatus(IReadOnlyList<int> Staying, IReadOnlyList<int> Leaving, IReadOnlyList<int> Gone);

/// <summary>Reads the statuses of a panel.</summary>
internal static class StatusSheet
{
    public static readonly FileHelp Help = new(
        "--status", "what became of the people drawn, CSV or XLSX: everybody on the panel, one a row. People of the pool who are not on the panel and can no longer come may stand there as out.",
        new("id", "as in the pool; a column of the name that --id had when the lottery was computed does as well"),
        new("status", "confirmed, selected (has not answered, keeps the place) or stays; withdrawn, declined or out"));

    private static readonly string[] Stay = ["confirmed", "selected", "stays"];
    private static readonly string[] Go = ["withdrawn", "declined", "out"];

    /// <summary>Reads the file; null with every problem added.</summary>
    /// <param name="path">The file.</param>
    /// <param name="idColumn">Column of the id besides <c>id</c>; null: none.</param>
    /// <param name="ids">Everybody of the pool.</param>
    /// <param name="seated">Positions of those on the panel.</param>
    /// <param name="outBefore">Positions of those who were out before.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static PanelStatus? Read(string path, string? idColumn, IReadOnlyList<string> ids, IReadOnlyCollection<int> seated, IReadOnlyCollection<int> outBefore, List<SheetProblem> problems)
    {
        int before = problems.Count;
        if (InputTable.Read(path, problems) is not { } sheet)
        {
            return null;
        }

        int id = idColumn is not null && sheet.Find(idColumn) >= 0 ? sheet.Find(idColumn) : sheet.Find("id");
        int status = sheet.Find("status");
        foreach (string missing in (string[])[.. id < 0 ? ["id"] : Array.Empty<string>(), .. status < 0 ? ["status"] : Array.Empty<string>()])
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, missing, Expected: string.Join(", ", sheet.Headers.Take(30))));
        }

        if (problems.Count > before)
        {
            return null;
        }

        HashSet<int> panel = [.. seated];
        Dictionary<string, int> known = ids.Index().ToDictionary(pair => CellText.Key(pair.Item), pair => pair.Index, StringComparer.Ordinal);
        Dictionary<int, (bool Stays, int Row)> said = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string word = CellText.Key(row[status]);
            bool stays = Stay.Any(known => CellText.Key(known) == word);
            if (!stays && !Go.Any(known => CellText.Key(known) == word))
            {
                problems.Add(new SheetProblem(word.Length == 0 ? "empty" : "unknown-value", sheet.File, row.Number, sheet.Headers[status], SheetProblem.Shorten(row[status]), string.Join(", ", Stay.Concat(Go))));
            }

            if (!known.TryGetValue(CellText.Key(row[id]), out int person))
            {
                problems.Add(new SheetProblem(row[id].Length == 0 ? "empty" : "id-unknown", sheet.File, row.Number, sheet.Headers[id], SheetProblem.Shorten(row[id])));
            }
            else if (!said.TryAdd(person, (stays, row.Number)))
            {
                problems.Add(new SheetProblem("id-twice", sheet.File, row.Number, sheet.Headers[id], SheetProblem.Shorten(row[id]), said[person].Row.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            }
            else if (stays && !panel.Contains(person))
            {
                problems.Add(new SheetProblem("not-on-the-panel", sheet.File, row.Number, sheet.Headers[id], SheetProblem.Shorten(row[id])));
            }
        }

        foreach (int person in seated.Where(person => !said.ContainsKey(person)).Order())
        {
            problems.Add(new SheetProblem("status-missing", sheet.File, Column: sheet.Headers[id], Value: SheetProblem.Shorten(ids[person])));
        }

        return problems.Count > before
            ? null
            : new(
                [.. seated.Where(person => said[person].Stays).Order()], [.. seated.Where(person => !said[person].Stays).Order()],
                [.. outBefore.Concat(said.Keys.Where(person => !panel.Contains(person))).Distinct().Order()]);
    }
}
