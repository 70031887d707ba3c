using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary>Reads a file of places.</summary>
internal static class PlaceSheet
{
    /// <summary>The first stage, or null with problems added.</summary>
    /// <param name="path">A file with <c>place</c>, <c>population</c> and strata columns; with <c>letters</c> instead of <c>population</c> the places are given.</param>
    /// <param name="count">How many to draw; null for given places.</param>
    /// <param name="strata">Columns of state, size class …</param>
    /// <param name="lottery">Whether draws are independent.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static PlacePlan? Read(string path, int? count, IReadOnlyList<string> strata, bool lottery, RowProblems problems)
    {
        List<SheetProblem> reading = [];
        Sheet? sheet = InputTable.Read(path, reading);
        problems.AddRange(reading);
        if (sheet is null)
        {
            return null;
        }

        int before = problems.Count;
        int name = Column("place");
        bool given = count is null && sheet.Find("letters") >= 0;
        int number = Column(given ? "letters" : "population");
        int[] sorted = [.. strata.Select(Column)];
        if (!given && count is null)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--places", Expected: "--place-count"));
        }

        if (problems.Count > before)
        {
            return null;
        }

        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        List<(Place Place, long Letters)> places = [];
        foreach (SheetRow row in sheet.Rows)
        {
            foreach (int column in ((int[])[name, .. sorted]).Where(column => row[column].Length == 0))
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[column]));
            }

            if (row[name].Length > 0 && !seen.TryAdd(CellText.Key(row[name]), row.Number))
            {
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[name], SheetProblem.Shorten(row[name]), seen[CellText.Key(row[name])].ToString(CultureInfo.InvariantCulture)));
            }

            if (!long.TryParse(row[number], NumberStyles.None, CultureInfo.InvariantCulture, out long people) || people > 10_000_000_000 || (people == 0 && !given))
            {
                problems.Add(new SheetProblem(row[number].Length == 0 ? "empty" : "not-a-whole-number", sheet.File, row.Number, sheet.Headers[number], row[number].Length == 0 ? null : SheetProblem.Shorten(row[number]), row[number].Length == 0 ? null : "1, 2, 3 …"));
            }

            places.Add((new Place(row[name], given ? 0 : people, string.Join(" · ", sorted.Select(column => row[column]))), given ? people : 0));
        }

        if (places.Count == 0)
        {
            problems.Add(new SheetProblem("no-rows", sheet.File));
        }
        else if (!lottery && count > places.Count)
        {
            problems.Add(new SheetProblem("more-than-there-are", "", Column: "--place-count", Value: count.Value.ToString(CultureInfo.InvariantCulture), Expected: places.Count.ToString(CultureInfo.InvariantCulture)));
        }

        (Place Place, long Letters)[] all = [.. places.OrderBy(pair => pair.Place.Name, CodePoints.Instance)];
        return problems.Count > before
            ? null
            : new PlacePlan(given ? PlaceMethod.Given : lottery ? PlaceMethod.Lottery : PlaceMethod.Proportional, count ?? 0, [.. all.Select(pair => pair.Place)], given ? [.. all.Select(pair => pair.Letters)] : []);

        int Column(string header)
        {
            int found = sheet.Find(header);
            if (found < 0)
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, header, Expected: string.Join(", ", sheet.Headers.Take(30))));
            }

            return found;
        }
    }
}
