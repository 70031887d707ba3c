using System.Collections.Immutable;
using System.Globalization;
using Polyphony.Cli.Draw;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary>Reads the files that say who sits with whom and where, by the ids of the people.</summary>
internal sealed class RuleFiles(IReadOnlyList<string> ids, List<SheetProblem> problems)
{
    private readonly IReadOnlyList<string> names = ids;
    private readonly Dictionary<string, int> people = ids.Index().ToDictionary(pair => CellText.Key(pair.Item), pair => pair.Index, StringComparer.Ordinal);

    /// <summary>Groups of two or more: by a column <c>group</c>, else a group a row.</summary>
    public ImmutableArray<ImmutableArray<int>> Groups(string? path)
    {
        if (path is null || InputTable.Read(path, problems) is not { } sheet)
        {
            return [];
        }

        int group = sheet.Find("group");
        int id = sheet.Find("id");
        if (group >= 0 && id >= 0)
        {
            return [.. sheet.Rows.GroupBy(row => CellText.Key(row[group]), StringComparer.Ordinal).Select(rows => rows.Select(row => Person(sheet, row.Number, id, row[id])).Where(person => person >= 0).Distinct().ToImmutableArray())];
        }

        bool headless = sheet.Headers.All(header => header.Length == 0 || people.ContainsKey(CellText.Key(header)));
        IEnumerable<SheetRow> rows = headless ? sheet.Rows.Prepend(new SheetRow(1, sheet.Headers)) : sheet.Rows;
        return
        [
            .. rows.Select(row => Enumerable.Range(0, row.Cells.Count).Where(column => row[column].Length > 0).Select(column => Person(sheet, row.Number, column, row[column])).Where(person => person >= 0).Distinct().ToImmutableArray()),
        ];
    }

    /// <summary>Every two of each group.</summary>
    public static ImmutableArray<ApartPair> Pairs(ImmutableArray<ImmutableArray<int>> groups) =>
        [.. groups.SelectMany(group => group.SelectMany((first, i) => group.Skip(i + 1).Select(second => new ApartPair(Math.Min(first, second), Math.Max(first, second))))).Distinct()];

    public ImmutableArray<FixedSeat> Fixed(string? path, ImmutableArray<RoundLayout> rounds)
    {
        if (path is null || Table(path, "id", "table") is not { } sheet)
        {
            return [];
        }

        int id = sheet.Find("id");
        int table = sheet.Find("table");
        int round = sheet.Find("round");
        int tables = rounds.IsEmpty ? 0 : rounds.Min(layout => layout.Tables.Length);
        List<FixedSeat> seats = [];
        foreach (SheetRow row in sheet.Rows)
        {
            int person = Person(sheet, row.Number, id, row[id]);
            int? at = round < 0 || row[round].Length == 0 ? null : Number(sheet, row, round, rounds.Length);
            int place = Number(sheet, row, table, at is > 0 && at <= rounds.Length ? rounds[at.Value - 1].Tables.Length : tables);
            if (person >= 0 && place > 0 && at is not 0)
            {
                seats.Add(new FixedSeat(person, place - 1, at - 1));
            }
        }

        return [.. seats];
    }

    public ImmutableArray<int> Hosts(string? path) => path is null ? [] : [.. IdList.Read(path, null, names, problems)];

    public ImmutableArray<ValueBounds> Bounds(string? path, ImmutableArray<SeatingCriterion> criteria)
    {
        if (path is null || Table(path, "criterion", "value") is not { } sheet)
        {
            return [];
        }

        (int criterion, int value, int min, int max) = (sheet.Find("criterion"), sheet.Find("value"), sheet.Find("min"), sheet.Find("max"));
        List<ValueBounds> bounds = [];
        foreach (SheetRow row in sheet.Rows)
        {
            int c = criteria.Select(known => CellText.Key(known.Name)).ToList().IndexOf(CellText.Key(row[criterion]));
            int v = c < 0 ? -1 : criteria[c].Values.Select(CellText.Key).ToList().IndexOf(CellText.Key(row[value]));
            int least = min < 0 || row[min].Length == 0 ? 0 : Number(sheet, row, min, int.MaxValue, 0);
            int most = max < 0 || row[max].Length == 0 ? int.MaxValue : Number(sheet, row, max, int.MaxValue, 0);
            if (c < 0 || v < 0)
            {
                problems.Add(new SheetProblem(
                    "unknown-value", sheet.File, row.Number, sheet.Headers[c < 0 ? criterion : value], SheetProblem.Shorten(row[c < 0 ? criterion : value]),
                    string.Join(", ", c < 0 ? criteria.Select(known => known.Name) : criteria[c].Values)));
            }
            else if (least > most)
            {
                problems.Add(new SheetProblem("min-above-max", sheet.File, row.Number, sheet.Headers[min], $"{least}", $"{most}"));
            }
            else
            {
                bounds.Add(new ValueBounds(c, v, least, most));
            }
        }

        return [.. bounds];
    }

    private int Person(Sheet sheet, int row, int column, string text)
    {
        if (people.TryGetValue(CellText.Key(text), out int person))
        {
            return person;
        }

        problems.Add(new SheetProblem(text.Length == 0 ? "empty" : "id-unknown", sheet.File, row, sheet.Headers[column], SheetProblem.Shorten(text)));
        return -1;
    }

    private Sheet? Table(string path, params string[] needed)
    {
        if (InputTable.Read(path, problems) is not { } sheet)
        {
            return null;
        }

        string[] missing = [.. needed.Where(header => sheet.Find(header) < 0)];
        problems.AddRange(missing.Select(header => new SheetProblem("column-missing", sheet.File, 1, header, Expected: string.Join(", ", sheet.Headers.Take(30)))));
        return missing.Length == 0 ? sheet : null;
    }

    private int Number(Sheet sheet, SheetRow row, int column, int most, int least = 1)
    {
        if (int.TryParse(row[column], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        problems.Add(new SheetProblem("number-outside", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), most == int.MaxValue ? $"{least} or more" : $"{least} to {most}"));
        return 0;
    }
}
