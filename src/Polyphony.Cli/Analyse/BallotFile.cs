using System.Collections.Immutable;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Ranking;

namespace Polyphony.Cli.Analyse;

/// <summary>Ballots of one file: rows that rank the options, or rows that grade them.</summary>
/// <param name="Options">By name.</param>
/// <param name="Ranked">For every rule but majority judgement.</param>
/// <param name="Graded">For majority judgement: one grade from 0, the worst, per option.</param>
/// <param name="Grades">Their names, the worst first.</param>
/// <param name="Blank">Ballots that rank or grade nothing.</param>
internal sealed record BallotFile(IReadOnlyList<string> Options, IReadOnlyList<RankedBallot> Ranked, IReadOnlyList<(IReadOnlyList<int?> Grades, int Count)> Graded, IReadOnlyList<string> Grades, long Blank)
{
    private const int MostBallots = 100_000_000;
    private const int MostGrades = 100;

    public static readonly FileHelp Help = new(
        "--ballots", "the ballots, CSV or XLSX, one ballot or some alike a row. Either a column for each option, or columns 1, 2, 3 … for the places.",
        new("(each option)", "its place on the ballot, 1 the best, blank unranked, equal numbers level; for majority-judgement its grade"),
        new("1, 2, 3 …", "in the other form: the option in that place, several level ones joined by =; not for majority-judgement"),
        new("count", "how many such ballots there are; without the column each row is one"),
        new("id", "ignored, like ballot"));

    /// <summary>Ranked ballots, or null with problems.</summary>
    public static BallotFile? Rankings(string path, List<SheetProblem> problems)
    {
        if (Prepare(path, problems) is not { } prepared)
        {
            return null;
        }

        (Sheet sheet, int[] columns, IReadOnlyList<(SheetRow Row, int Count)> rows) = prepared;
        bool byPlace = columns.All(column => IsPlace(sheet.Headers[column]));
        string[] options = byPlace
            ? [.. rows.SelectMany(row => columns.SelectMany(column => Level(row.Row[column]))).Distinct().Order(StringComparer.Ordinal)]
            : [.. columns.Select(column => sheet.Headers[column]).Order(StringComparer.Ordinal)];
        if (options.Length == 0)
        {
            problems.Add(new SheetProblem("empty", sheet.File, Column: sheet.Headers[columns[0]]));
            return null;
        }

        Dictionary<string, int> index = options.Select((option, i) => (option, i)).ToDictionary(pair => pair.option, pair => pair.i);
        List<RankedBallot> ballots = [];
        long blank = 0;
        foreach ((SheetRow row, int count) in rows)
        {
            ImmutableArray<ImmutableArray<int>> tiers = byPlace ? Places(sheet, row, columns, index, problems) : Ranks(sheet, row, columns, index, problems);
            blank += tiers.IsEmpty ? count : 0;
            ballots.Add(new RankedBallot(tiers, count));
        }

        return problems.Count > 0 ? null : new BallotFile(options, ballots, [], [], blank);
    }

    /// <summary>Graded ballots, or null with problems.</summary>
    /// <param name="path">The file.</param>
    /// <param name="grades">Names of grades, the worst first; none: whole numbers, the greatest being the best.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static BallotFile? Judgements(string path, IReadOnlyList<string> grades, List<SheetProblem> problems)
    {
        if (Prepare(path, problems) is not { } prepared)
        {
            return null;
        }

        (Sheet sheet, int[] columns, IReadOnlyList<(SheetRow Row, int Count)> rows) = prepared;
        columns = [.. columns.OrderBy(column => sheet.Headers[column], StringComparer.Ordinal)];
        List<(int?[] Grades, int Count)> given = [.. rows.Select(row => (columns.Select(column => Grade(sheet, row.Row, column, grades, problems)).ToArray(), row.Count))];
        if (problems.Count > 0)
        {
            return null;
        }

        // Without names the grades run from the least to the greatest number that anybody gave.
        int[] all = [.. given.SelectMany(ballot => ballot.Grades).OfType<int>()];
        int least = grades.Count > 0 || all.Length == 0 ? 0 : all.Min();
        string[] names = grades.Count > 0 ? [.. grades] : [.. Enumerable.Range(least, Math.Max(2, (all.Length == 0 ? 0 : all.Max()) - least + 1)).Select(grade => grade.ToString(CultureInfo.InvariantCulture))];
        return new BallotFile(
            [.. columns.Select(column => sheet.Headers[column])], [], [.. given.Select(ballot => ((IReadOnlyList<int?>)[.. ballot.Grades.Select(grade => grade - least)], ballot.Count))], names,
            given.Where(ballot => ballot.Grades.All(grade => grade is null)).Sum(ballot => (long)ballot.Count));
    }

    private static (Sheet Sheet, int[] Columns, IReadOnlyList<(SheetRow Row, int Count)> Rows)? Prepare(string path, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int countColumn = sheet.Find("count");
        int[] apart = [countColumn, sheet.Find("id"), sheet.Find("ballot")];
        int[] columns = [.. Enumerable.Range(0, sheet.Headers.Count).Where(column => !apart.Contains(column) && sheet.Headers[column].Length > 0)];
        if (columns.Length == 0)
        {
            problems.Add(new SheetProblem("too-few-columns", sheet.File, Column: "(each option)", Value: "0", Expected: "1"));
            return null;
        }

        List<(SheetRow, int)> rows = [];
        long all = 0;
        foreach (SheetRow row in sheet.Rows)
        {
            int count = 1;
            if (countColumn >= 0 && !(int.TryParse(row[countColumn].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0))
            {
                problems.Add(new SheetProblem("not-a-whole-number", sheet.File, row.Number, sheet.Headers[countColumn], SheetProblem.Shorten(row[countColumn]), "12."));
            }

            all += count;
            rows.Add((row, count));
        }

        if (all > MostBallots)
        {
            problems.Add(new SheetProblem("number-too-large", sheet.File, Column: sheet.Headers[Math.Max(0, countColumn)], Value: all.ToString(CultureInfo.InvariantCulture), Expected: MostBallots.ToString(CultureInfo.InvariantCulture)));
        }

        return (sheet, columns, rows);
    }

    private static bool IsPlace(string header) => header.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    private static IEnumerable<string> Level(string cell) => cell.Split('=').Select(CellText.Clean).Where(option => option.Length > 0);

    private static ImmutableArray<ImmutableArray<int>> Places(Sheet sheet, SheetRow row, int[] columns, Dictionary<string, int> index, List<SheetProblem> problems)
    {
        HashSet<string> seen = [];
        List<ImmutableArray<int>> tiers = [];
        foreach (int column in columns.OrderBy(column => sheet.Headers[column].TrimStart('0').Length).ThenBy(column => sheet.Headers[column].TrimStart('0'), StringComparer.Ordinal))
        {
            string[] level = [.. Level(row[column])];
            foreach (string option in level.Where(option => !seen.Add(option)))
            {
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(option), row.Number.ToString(CultureInfo.InvariantCulture)));
            }

            if (level.Length > 0)
            {
                tiers.Add([.. level.Select(option => index[option]).Order()]);
            }
        }

        return [.. tiers];
    }

    private static ImmutableArray<ImmutableArray<int>> Ranks(Sheet sheet, SheetRow row, int[] columns, Dictionary<string, int> index, List<SheetProblem> problems)
    {
        List<(int Rank, int Option)> ranked = [];
        foreach (int column in columns)
        {
            string cell = row[column].Trim();
            if (AnswerCells.IsMissing(cell))
            {
                continue;
            }

            if (int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int rank) && rank > 0)
            {
                ranked.Add((rank, index[sheet.Headers[column]]));
            }
            else
            {
                problems.Add(new SheetProblem("not-a-whole-number", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(cell), "1."));
            }
        }

        return [.. ranked.GroupBy(pair => pair.Rank).OrderBy(tier => tier.Key).Select(tier => tier.Select(pair => pair.Option).Order().ToImmutableArray())];
    }

    private static int? Grade(Sheet sheet, SheetRow row, int column, IReadOnlyList<string> grades, List<SheetProblem> problems)
    {
        string cell = row[column].Trim();
        if (AnswerCells.IsMissing(cell))
        {
            return null;
        }

        if (grades.Count > 0)
        {
            int place = Enumerable.Range(0, grades.Count).FirstOrDefault(grade => CellText.Key(grades[grade]) == CellText.Key(cell), -1);
            if (place < 0)
            {
                problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(cell), string.Join(", ", grades)));
            }

            return place;
        }

        if (int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < MostGrades)
        {
            return number;
        }

        problems.Add(new SheetProblem("not-a-whole-number", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(cell), "5, or a grade named with --grades."));
        return null;
    }
}
