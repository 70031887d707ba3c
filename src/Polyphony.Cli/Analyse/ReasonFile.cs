using System.Collections.Immutable;
using System.Globalization;
using Polyphony.Sheets;
using Polyphony.Statistics.Reason;

namespace Polyphony.Cli.Analyse;

/// <summary>One case of a reason file: the same people before and after.</summary>
/// <param name="OnlyBefore">People of the first stage whom the second has not.</param>
/// <param name="OnlyAfter">People of the second stage whom the first has not.</param>
internal sealed record ReasonCase(string Name, IReadOnlyList<ReasonAnswers> Before, IReadOnlyList<ReasonAnswers> After, int OnlyBefore, int OnlyAfter);

/// <summary>Reads considerations and preferences, one person and stage a row.</summary>
internal static class ReasonFile
{
    public const int Before = 1;
    public const int After = 2;
    private const int FewestItems = 2;
    private const decimal Largest = 1_000_000;

    /// <summary>The cases by name, or null with problems.</summary>
    public static IReadOnlyList<ReasonCase>? Read(string path, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int caseColumn = sheet.Find("case");
        int stageColumn = sheet.Find("stage_id") >= 0 ? sheet.Find("stage_id") : sheet.Find("stage");
        if (stageColumn < 0)
        {
            AnswerCells.Demand(sheet, "stage_id", problems);
        }

        int idColumn = AnswerCells.Demand(sheet, "pnum", problems);
        int[] considerations = Block(sheet, 'C', problems);
        int[] preferences = Block(sheet, 'P', problems);
        if (problems.Count > 0)
        {
            return null;
        }

        Dictionary<(string Case, int Stage, string Id), (int Row, ReasonAnswers Answers)> answers = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string name = caseColumn < 0 ? "" : AnswerCells.Text(sheet, row, caseColumn, problems);
            string id = AnswerCells.Text(sheet, row, idColumn, problems);
            int stage = Stage(sheet, row, stageColumn, problems);
            ReasonAnswers given = new(Cells(sheet, row, considerations, problems), Cells(sheet, row, preferences, problems));
            if (!answers.TryAdd((name, stage, CellText.Key(id)), (row.Number, given)) && id.Length > 0 && stage > 0)
            {
                int first = answers[(name, stage, CellText.Key(id))].Row;
                problems.Add(new SheetProblem("id-twice", sheet.File, row.Number, sheet.Headers[idColumn], SheetProblem.Shorten(id), first.ToString(CultureInfo.InvariantCulture)));
            }
        }

        return problems.Count > 0 ? null : [.. answers.GroupBy(entry => entry.Key.Case).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Pair(
            group.Key,
            group.Where(entry => entry.Key.Stage == Before).ToDictionary(entry => entry.Key.Id, entry => entry.Value.Answers),
            group.Where(entry => entry.Key.Stage == After).ToDictionary(entry => entry.Key.Id, entry => entry.Value.Answers)))];
    }

    /// <summary>People of both stages; everybody of a stage where there is no other.</summary>
    private static ReasonCase Pair(string name, Dictionary<string, ReasonAnswers> before, Dictionary<string, ReasonAnswers> after)
    {
        if (before.Count == 0 || after.Count == 0)
        {
            return new ReasonCase(name, [.. before.Values], [.. after.Values], before.Count, after.Count);
        }

        string[] both = [.. before.Keys.Where(after.ContainsKey).Order(StringComparer.Ordinal)];
        return new ReasonCase(name, [.. both.Select(id => before[id])], [.. both.Select(id => after[id])], before.Count - both.Length, after.Count - both.Length);
    }

    private static int[] Block(Sheet sheet, char letter, List<SheetProblem> problems)
    {
        int[] columns = [.. Enumerable.Range(0, sheet.Headers.Count).Where(column =>
            sheet.Headers[column] is { Length: > 1 } header && char.ToUpperInvariant(header[0]) == letter && header.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)];
        if (columns.Length < FewestItems)
        {
            problems.Add(new SheetProblem(
                "too-few-columns", sheet.File, Column: $"{letter}1, {letter}2 …", Value: columns.Length.ToString(CultureInfo.InvariantCulture), Expected: FewestItems.ToString(CultureInfo.InvariantCulture)));
        }

        return columns;
    }

    private static ImmutableArray<decimal?> Cells(Sheet sheet, SheetRow row, int[] columns, List<SheetProblem> problems) =>
        [.. columns.Select(column => AnswerCells.Number(sheet, row, column, Largest, problems))];

    private static int Stage(Sheet sheet, SheetRow row, int column, List<SheetProblem> problems)
    {
        string cell = CellText.Key(row[column]);
        if (cell == "1" || cell.StartsWith("PRE", StringComparison.Ordinal) || cell == "BEFORE")
        {
            return Before;
        }

        if (cell == "2" || cell.StartsWith("POST", StringComparison.Ordinal) || cell == "AFTER")
        {
            return After;
        }

        problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), "1, 2, before, after, pre…, post…"));
        return 0;
    }
}
