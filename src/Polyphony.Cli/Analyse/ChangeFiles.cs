using System.Globalization;
using Polyphony.Sheets;
using Polyphony.Statistics.Change;

namespace Polyphony.Cli.Analyse;

/// <summary>One question asked twice: the answers of the people who gave both.</summary>
/// <param name="Answers">Before and after, as they stand in the files, cleaned.</param>
/// <param name="Numbers">The same as numbers when all answers of both columns are numbers, else null.</param>
/// <param name="Unanswered">People of both files without an answer before or after.</param>
/// <param name="Tables">Where tables were asked for: the table of each of these people, empty for who has none.</param>
internal sealed record AskedTwice(string Question, IReadOnlyList<(string Before, string After)> Answers, IReadOnlyList<(decimal Before, decimal After)>? Numbers, int Unanswered, IReadOnlyList<string> Tables);

/// <summary>Two files of answers, joined by the person.</summary>
/// <param name="People">People of both files.</param>
internal sealed record ChangeFiles(int People, int OnlyBefore, int OnlyAfter, IReadOnlyList<string> QuestionsOnlyBefore, IReadOnlyList<string> QuestionsOnlyAfter, IReadOnlyList<AskedTwice> Questions)
{
    /// <summary>The files joined, or null with problems.</summary>
    /// <param name="table">The column of the file after that says at which table somebody sat, or null; it is no question.</param>
    public static ChangeFiles? Read(string beforePath, string afterPath, string id, string? table, List<SheetProblem> problems)
    {
        Sheet? before = AnswerCells.Table(beforePath, problems);
        Sheet? after = AnswerCells.Table(afterPath, problems);
        Dictionary<string, SheetRow>? first = before is null ? null : ById(before, id, problems);
        Dictionary<string, SheetRow>? second = after is null ? null : ById(after, id, problems);
        int seated = after is null || table is null ? -1 : AnswerCells.Demand(after, table, problems);
        if (first is null || second is null)
        {
            return null;
        }

        string[] both = [.. first.Keys.Where(second.ContainsKey).Order(StringComparer.Ordinal)];
        string[] asked = Asked(before!, id, table);
        string[] askedAgain = Asked(after!, id, table);
        string[] shared = [.. asked.Where(question => after!.Find(question) >= 0).Order(StringComparer.OrdinalIgnoreCase)];
        if (shared.Length == 0)
        {
            problems.Add(new SheetProblem("column-missing", after!.File, Column: string.Join(", ", asked), Expected: string.Join(", ", after.Headers)));
        }

        AskedTwice[] questions = [.. shared.Select(question => Join(question, before!, after!, [.. both.Select(person => (first[person], second[person]))], seated, problems))];
        return problems.Count > 0 ? null : new ChangeFiles(
            both.Length, first.Count - both.Length, second.Count - both.Length,
            [.. asked.Except(shared).Order(StringComparer.Ordinal)], [.. askedAgain.Where(question => before!.Find(question) < 0).Order(StringComparer.Ordinal)], questions);
    }

    private static string[] Asked(Sheet sheet, string id, string? table) =>
        [.. sheet.Headers.Where(header => header.Length > 0 && sheet.Find(header) != sheet.Find(id) && (table is null || sheet.Find(header) != sheet.Find(table)))];

    private static Dictionary<string, SheetRow>? ById(Sheet sheet, string id, List<SheetProblem> problems)
    {
        int column = AnswerCells.Demand(sheet, id, problems);
        if (column < 0)
        {
            return null;
        }

        Dictionary<string, SheetRow> people = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string key = CellText.Key(AnswerCells.Text(sheet, row, column, problems));
            if (!people.TryAdd(key, row) && key.Length > 0)
            {
                problems.Add(new SheetProblem("id-twice", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), people[key].Number.ToString(CultureInfo.InvariantCulture)));
            }
        }

        return people;
    }

    private static AskedTwice Join(string question, Sheet before, Sheet after, IReadOnlyList<(SheetRow Before, SheetRow After)> people, int seated, List<SheetProblem> problems)
    {
        int first = before.Find(question);
        int second = after.Find(question);
        (SheetRow Before, SheetRow After)[] answered = [.. people.Where(person => !AnswerCells.IsMissing(person.Before[first]) && !AnswerCells.IsMissing(person.After[second]))];
        bool isNumeric = before.Rows.All(row => AnswerCells.IsMissing(row[first]) || AnswerCells.TryNumber(row[first], out _))
            && after.Rows.All(row => AnswerCells.IsMissing(row[second]) || AnswerCells.TryNumber(row[second], out _));
        (decimal, decimal)[]? numbers = isNumeric
            ? [.. answered.Select(person => (
                AnswerCells.Number(before, person.Before, first, PairedValues.Largest, problems) ?? 0, AnswerCells.Number(after, person.After, second, PairedValues.Largest, problems) ?? 0))]
            : null;
        return new AskedTwice(question, [.. answered.Select(person => (CellText.Clean(person.Before[first]), CellText.Clean(person.After[second])))], numbers, people.Count - answered.Length,
            [.. answered.Select(person => seated < 0 ? "" : CellText.Clean(person.After[seated]))]);
    }
}
