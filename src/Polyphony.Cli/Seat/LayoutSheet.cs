using System.Collections.Immutable;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary>The tables of each round, from a number or from a file.</summary>
internal static class LayoutSheet
{
    /// <summary><c>10</c> for every round, or <c>10,10,8</c>.</summary>
    public static ImmutableArray<RoundLayout> Even(string tables, int rounds, int people, List<SheetProblem> problems)
    {
        string[] parts = tables.Split(',', StringSplitOptions.TrimEntries);
        int[] counts = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 100_000 ? count : 0)];
        if (counts.Contains(0) || (counts.Length != 1 && counts.Length != rounds))
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--tables", Value: SheetProblem.Shorten(tables), Expected: $"a number of tables, or one for each of {rounds} rounds such as 10,10,8"));
            return [];
        }

        Dictionary<int, RoundLayout> known = counts.Distinct().ToDictionary(count => count, count => new RoundLayout([.. TableSizes.Even(people, count).Select(seats => new SeatingTable(seats))]));
        return [.. Enumerable.Range(0, rounds).Select(round => known[counts[counts.Length == 1 ? 0 : round]])];
    }

    /// <summary>The tables of a file. Where they are parts of large groups, the first round of the answer is the gathering of these groups.</summary>
    public static ImmutableArray<RoundLayout> Read(string path, int rounds, int people, ImmutableArray<string> languages, List<SheetProblem> problems)
    {
        int before = problems.Count;
        if (InputTable.Read(path, problems) is not { } sheet)
        {
            return [];
        }

        int table = sheet.Find("table");
        int seats = sheet.Find("seats");
        foreach (string header in (string[])["table", "seats"])
        {
            if (sheet.Find(header) < 0)
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, header, Expected: string.Join(", ", sheet.Headers.Take(30))));
            }
        }

        if (table < 0 || seats < 0)
        {
            return [];
        }

        (int round, int accessible, int facilitator, int spoken, int group) = (sheet.Find("round"), sheet.Find("accessible"), sheet.Find("facilitator"), sheet.Find("languages"), sheet.Find("group"));
        SortedDictionary<int, (int Capacity, SeatingTable Table, int Row)>[] found = [.. Enumerable.Range(0, rounds).Select(_ => new SortedDictionary<int, (int, SeatingTable, int)>())];
        bool split = group >= 0 && sheet.Rows.Any(row => row[group].Length > 0);
        foreach (SheetRow row in sheet.Rows)
        {
            int number = Number(row, table, 1, 100_000);
            int capacity = Number(row, seats, 0, 100_000);
            int only = round < 0 || row[round].Length == 0 ? 0 : Number(row, round, 1, rounds);
            int part = split ? Number(row, group, 1, 1_000) : 1;
            bool open = accessible < 0 || row[accessible].Length == 0 || Word(row, accessible);
            string name = facilitator < 0 ? "" : row[facilitator];
            SeatingTable made = new(0, open, name.Length == 0 ? null : new Facilitator(name, spoken < 0 || row[spoken].Length == 0 ? 0 : PeopleSheet.Mask(languages, row[spoken]) is > 0 and var mask ? mask : PeopleSheet.NobodysLanguage), part - 1);
            foreach (int at in only > 0 ? [only - 1] : Enumerable.Range(0, rounds))
            {
                if (number > 0 && !found[at].TryAdd(number, (capacity, made, row.Number)))
                {
                    problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[table], $"{number}", $"{found[at][number].Row}"));
                    break;
                }
            }
        }

        List<RoundLayout> layouts = [];
        foreach ((int at, SortedDictionary<int, (int Capacity, SeatingTable Table, int Row)> tables) in found.Index())
        {
            int last = tables.Count == 0 ? 0 : tables.Keys.Max();
            int[] capacities = [.. Enumerable.Range(1, last).Select(number => tables.TryGetValue(number, out (int Capacity, SeatingTable Table, int Row) known) ? known.Capacity : 0)];
            if (TableSizes.Within(people, capacities) is not { } sizes)
            {
                problems.Add(new SheetProblem("too-few-seats", sheet.File, Value: $"{capacities.Sum()}", Expected: $"{people} people in round {at + 1}"));
                continue;
            }

            layouts.Add(new RoundLayout([.. sizes.Select((size, i) => (tables.TryGetValue(i + 1, out (int Capacity, SeatingTable Table, int Row) known) ? known.Table : new SeatingTable(0)) with { Seats = size })], split ? 0 : null));
        }

        if (problems.Count > before || !split)
        {
            return problems.Count > before ? [] : [.. layouts];
        }

        int groups = layouts.SelectMany(layout => layout.Tables).Max(made => made.PartOf) + 1;
        RoundLayout gathering = new([.. Enumerable.Range(0, groups).Select(number => new SeatingTable(
            layouts[0].Tables.Where(made => made.PartOf == number).Sum(made => made.Seats),
            layouts.TrueForAll(layout => layout.Tables.Any(made => made.PartOf == number && made.Accessible && made.Seats > 0))))]);
        return [gathering, .. layouts];

        int Number(SheetRow row, int column, int least, int most)
        {
            if (int.TryParse(row[column], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            {
                return value;
            }

            problems.Add(new SheetProblem("number-outside", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), $"{least} to {most}"));
            return least;
        }

        bool Word(SheetRow row, int column)
        {
            if (PeopleSheet.YesNo(row[column]) is { } yes)
            {
                return yes;
            }

            problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), "yes, no"));
            return true;
        }
    }
}
