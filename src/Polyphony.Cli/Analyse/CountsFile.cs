using System.Collections.Immutable;
using System.Globalization;
using Polyphony.Sheets;
using Polyphony.Statistics.Convergence;

namespace Polyphony.Cli.Analyse;

/// <summary>One question of a file of counts.</summary>
/// <param name="Options">Its options by name.</param>
/// <param name="Sites">Its sites by name.</param>
internal sealed record CountedQuestion(string Name, IReadOnlyList<string> Options, IReadOnlyList<SiteAnswers> Sites);

/// <summary>Reads <c>site,question,option,count</c>.</summary>
internal static class CountsFile
{
    private const int MostAnswers = 1_000_000_000;
    private static readonly string[] Headers = ["site", "question", "option", "count"];

    /// <summary>The questions by name, or null with problems.</summary>
    public static IReadOnlyList<CountedQuestion>? Read(string path, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int[] columns = [.. Headers.Select(header => AnswerCells.Demand(sheet, header, problems))];
        if (problems.Count > 0)
        {
            return null;
        }

        Dictionary<(string Site, string Question, string Option), (int Row, int Count)> counts = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string[] names = [.. columns[..3].Select(column => AnswerCells.Text(sheet, row, column, problems))];
            string cell = row[columns[3]].Trim();
            if (!int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                problems.Add(new SheetProblem("not-a-whole-number", sheet.File, row.Number, sheet.Headers[columns[3]], SheetProblem.Shorten(cell), "12."));
            }

            if (!counts.TryAdd((names[0], names[1], names[2]), (row.Number, count)) && names.All(name => name.Length > 0))
            {
                string first = counts[(names[0], names[1], names[2])].Row.ToString(CultureInfo.InvariantCulture);
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[columns[2]], SheetProblem.Shorten($"{names[0]} · {names[1]} · {names[2]}"), first));
            }
        }

        foreach (var question in counts.GroupBy(entry => entry.Key.Question).Where(question => question.Sum(entry => (long)entry.Value.Count) > MostAnswers))
        {
            problems.Add(new SheetProblem("number-too-large", sheet.File, Column: sheet.Headers[columns[3]], Value: question.Key, Expected: MostAnswers.ToString(CultureInfo.InvariantCulture)));
        }

        return problems.Count > 0 ? null : [.. counts.GroupBy(entry => entry.Key.Question).OrderBy(question => question.Key, StringComparer.Ordinal).Select(question =>
        {
            string[] options = [.. question.Select(entry => entry.Key.Option).Distinct().Order(StringComparer.Ordinal)];
            string[] sites = [.. question.Select(entry => entry.Key.Site).Distinct().Order(StringComparer.Ordinal)];
            return new CountedQuestion(question.Key, options, [.. sites.Select(site => new SiteAnswers(
                site, options.Select(option => counts.GetValueOrDefault((site, question.Key, option)).Count).ToImmutableArray()))]);
        })];
    }
}
