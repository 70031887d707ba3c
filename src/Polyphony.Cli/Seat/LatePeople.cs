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
        ImmutableArray<SeatingPerson>.Builder people = problem.People.ToBuilder();
        List<int> late = [];
        IEnumerable<SheetRow> rows = headless ? sheet.Rows.Prepend(new SheetRow(1, sheet.Headers)) : sheet.Rows;
        foreach (SheetRow row in rows)
        {
            string name = row[Math.Max(0, id)];
            if (name.Length == 0)
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, "id"));
                continue;
            }

            if (!known.TryGetValue(CellText.Key(name), out int person))
            {
                person = known[CellText.Key(name)] = people.Count;
                people.Add(new SeatingPerson(
                    name, [.. columns.Select((column, c) => Value(row, column, problem.Criteria[c]))],
                    languages < 0 || problem.Languages is not { } rule ? 0 : PeopleSheet.Mask(rule.Names, row[languages]), access >= 0 && PeopleSheet.YesNo(row[access]) == true));
            }

            late.Add(person);
        }

        return (problem with { People = people.ToImmutable() }, [.. late.Distinct()]);

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
