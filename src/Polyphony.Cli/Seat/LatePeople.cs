using System.Collections.Immutable;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary>People who come late: known ones by their ids, new ones are added to the problem.</summary>
internal static class LatePeople
{
    public static (SeatingProblem Problem, ImmutableArray<int> Late) Read(string? path, SeatingProblem problem, List<SheetProblem> problems)
    {
        if (path is null || InputTable.Read(path, problems) is not { } sheet)
        {
            return (problem, []);
        }

        int id = sheet.Find("id");
        bool headless = id < 0 && sheet.Headers.Count == 1;
        if (id < 0 && !headless)
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, "id", Expected: string.Join(", ", sheet.Headers.Take(30))));
            return (problem, []);
        }

        (int languages, int access) = (sheet.Find("languages"), sheet.Find("access"));
        int[] columns = [.. problem.Criteria.Select(criterion => headless ? -1 : sheet.Find(criterion.Name))];
        Dictionary<string, int> known = problem.People.Index().ToDictionary(pair => CellText.Key(pair.Item.Id), pair => pair.Index, StringComparer.Ordinal);
        List<int> late = [];
        Dictionary<string, (SeatingPerson Person, string Others)> arriving = new(StringComparer.Ordinal);
        int[] rest = [.. Enumerable.Range(0, headless ? 0 : sheet.Headers.Count).Where(column => column != id && !columns.Contains(column)).OrderBy(column => sheet.Headers[column], StringComparer.Ordinal)];
        IEnumerable<SheetRow> rows = headless ? sheet.Rows.Prepend(new SheetRow(1, sheet.Headers)) : sheet.Rows;
        foreach (SheetRow row in rows)
        {
            string name = row[Math.Max(0, id)];
            if (name.Length == 0)
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, "id"));
            }
            else if (known.TryGetValue(CellText.Key(name), out int person))
            {
                late.Add(person);
            }
            else if (!arriving.ContainsKey(CellText.Key(name)))
            {
                arriving[CellText.Key(name)] = (
                    new SeatingPerson(name, [.. columns.Select((column, c) => Value(row, column, problem.Criteria[c]))], Languages(row), NeedsAccess(row)),
                    string.Join('\u001f', rest.Select(column => row[column])));
            }
        }

        // Who sits down first is decided by what is known of them: not by their row, and by their name only where people are alike.
        SeatingPerson[] added = [.. arriving.Values.OrderBy(pair => SeatInput.ContentOf(pair.Person), StringComparer.Ordinal).ThenBy(pair => pair.Others, StringComparer.Ordinal)
            .ThenBy(pair => pair.Person.Id, StringComparer.Ordinal).Select(pair => pair.Person)];
        return (problem with { People = [.. problem.People, .. added] }, [.. late.Distinct(), .. Enumerable.Range(problem.People.Length, added.Length)]);

        ulong Languages(SheetRow row)
        {
            if (languages < 0 || problem.Languages is not { } rule)
            {
                return 0;
            }

            problems.AddRange(PeopleSheet.Tongues(row[languages]).Where(language => !rule.Names.Contains(language)).Select(language =>
                new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[languages], SheetProblem.Shorten(language), string.Join(", ", rule.Names))));
            return PeopleSheet.Mask(rule.Names, row[languages]);
        }

        bool NeedsAccess(SheetRow row)
        {
            if (access < 0 || row[access].Length == 0)
            {
                return false;
            }

            if (PeopleSheet.YesNo(row[access]) is { } yes)
            {
                return yes;
            }

            problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[access], SheetProblem.Shorten(row[access]), "yes, no"));
            return false;
        }

        int Value(SheetRow row, int column, SeatingCriterion criterion)
        {
            if (column < 0 || row[column].Length == 0)
            {
                return -1;
            }

            int value = criterion.Values.Select(CellText.Key).ToList().IndexOf(CellText.Key(row[column]));
            if (value < 0)
            {
                problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), string.Join(", ", criterion.Values)));
            }

            return value;
        }
    }
}
