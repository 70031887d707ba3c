using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary>Factors of the strata: from a file of expected response, or from the answers to earlier batches.</summary>
internal static class FactorSheet
{
    /// <summary>The factor of each cell, in thousandths.</summary>
    /// <param name="oversample">A file with strata columns and <c>response</c> or <c>factor</c>; null: none.</param>
    /// <param name="responses">A file with strata columns, <c>invited</c> and <c>responded</c>; null: none.</param>
    /// <param name="criteria">The strata columns.</param>
    /// <param name="cells">Values of each cell.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static int[] Of(string? oversample, string? responses, IReadOnlyList<string> criteria, IReadOnlyList<IReadOnlyList<string>> cells, RowProblems problems)
    {
        int[] even = [.. cells.Select(_ => ResponseFactor.Even)];
        if ((oversample ?? responses) is not { } path)
        {
            return even;
        }

        List<SheetProblem> reading = [];
        Sheet? sheet = InputTable.Read(path, reading);
        problems.AddRange(reading);
        if (sheet is null)
        {
            return even;
        }

        (int Column, int Criterion)[] keyed = [.. criteria.Select((name, i) => (Column: sheet.Find(name), Criterion: i)).Where(pair => pair.Column >= 0)];
        if (keyed.Length == 0)
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, criteria.Count == 0 ? "" : criteria[0], Expected: string.Join(", ", sheet.Headers.Take(30))));
            return even;
        }

        return oversample is null ? Observed(sheet, keyed, cells, problems) : Expected(sheet, keyed, cells, problems);
    }

    private static int[] Expected(Sheet sheet, (int Column, int Criterion)[] keyed, IReadOnlyList<IReadOnlyList<string>> cells, RowProblems problems)
    {
        int response = sheet.Find("response");
        int factor = sheet.Find("factor");
        if (response < 0 == factor < 0)
        {
            problems.Add(new SheetProblem(response < 0 ? "column-missing" : "one-of-both", sheet.File, 1, "response", Expected: response < 0 ? string.Join(", ", sheet.Headers.Take(30)) : "response, factor"));
            return [.. cells.Select(_ => ResponseFactor.Even)];
        }

        Dictionary<string, (int Number, int Row)> rates = new(StringComparer.Ordinal);
        foreach (SheetRow row in sheet.Rows)
        {
            int column = response >= 0 ? response : factor;
            int? number = Millionths(row[column], response >= 0 ? 1_000_000 : 100_000_000);
            if (number is null)
            {
                problems.Add(new SheetProblem("not-a-rate", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), response >= 0 ? "0.05 or 5 %" : "1.5, at most 100"));
            }

            Known(sheet, row, keyed, cells, problems);
            string key = string.Join('\u001f', keyed.Select(pair => CellText.Key(CsvWriter.Unescape(row[pair.Column]))));
            if (!rates.TryAdd(key, (number ?? 1_000_000, row.Number)))
            {
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[keyed[0].Column], string.Join(" · ", keyed.Select(pair => row[pair.Column])), rates[key].Row.ToString(CultureInfo.InvariantCulture)));
            }
        }

        int?[] numbers = [.. cells.Select(cell => rates.TryGetValue(KeyOf(cell, keyed), out (int Number, int Row) found) ? found.Number : (int?)null)];
        if (response < 0)
        {
            return [.. numbers.Select(number => number is { } given ? (given + 500) / 1000 : ResponseFactor.Even)];
        }

        // A stratum without an expected rate has no factor: guessing one would be silent.
        foreach (string missing in cells.Where((_, i) => numbers[i] is null).Select(cell => string.Join(" · ", keyed.Select(pair => cell[pair.Criterion]))).Distinct())
        {
            problems.Add(new SheetProblem("stratum-missing", sheet.File, Value: missing));
        }

        return ResponseFactor.FromExpected([.. numbers.Select(number => number ?? 1_000_000)]);
    }

    private static int[] Observed(Sheet sheet, (int Column, int Criterion)[] keyed, IReadOnlyList<IReadOnlyList<string>> cells, RowProblems problems)
    {
        int before = problems.Count;
        int invited = sheet.Find("invited");
        int responded = sheet.Find("responded");
        foreach ((int column, string name) in new[] { (invited, "invited"), (responded, "responded") }.Where(pair => pair.Item1 < 0))
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, 1, name, Expected: string.Join(", ", sheet.Headers.Take(30))));
        }

        if (problems.Count > before)
        {
            return [.. cells.Select(_ => ResponseFactor.Even)];
        }

        Dictionary<string, (long Invited, long Responded)> sums = new(StringComparer.Ordinal);
        foreach (SheetRow row in sheet.Rows)
        {
            long? sent = Whole(row, invited);
            long? answers = Whole(row, responded);
            if (answers > sent)
            {
                problems.Add(new SheetProblem("more-answers-than-letters", sheet.File, row.Number, "responded", row[responded], row[invited]));
            }

            Known(sheet, row, keyed, cells, problems);
            string key = string.Join('\u001f', keyed.Select(pair => CellText.Key(CsvWriter.Unescape(row[pair.Column]))));
            (long Invited, long Responded) sum = sums.GetValueOrDefault(key);
            sums[key] = (sum.Invited + (sent ?? 0), sum.Responded + (answers ?? 0));
        }

        return ResponseFactor.FromObserved([.. cells.Select(cell => sums.GetValueOrDefault(KeyOf(cell, keyed)))], sums.Values.Sum(sum => sum.Invited), sums.Values.Sum(sum => sum.Responded));

        long? Whole(SheetRow row, int column)
        {
            if (long.TryParse(row[column], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= 1_000_000_000)
            {
                return number;
            }

            problems.Add(new SheetProblem(row[column].Length == 0 ? "empty" : "not-a-whole-number", sheet.File, row.Number, sheet.Headers[column], row[column].Length == 0 ? null : SheetProblem.Shorten(row[column]), row[column].Length == 0 ? null : "0, 1, 2 …"));
            return null;
        }
    }

    private static void Known(Sheet sheet, SheetRow row, (int Column, int Criterion)[] keyed, IReadOnlyList<IReadOnlyList<string>> cells, RowProblems problems)
    {
        foreach ((int column, int criterion) in keyed)
        {
            if (!cells.Any(cell => CellText.Key(cell[criterion]) == CellText.Key(CsvWriter.Unescape(row[column]))))
            {
                problems.Add(new SheetProblem(row[column].Length == 0 ? "empty" : "unknown-value", sheet.File, row.Number, sheet.Headers[column], row[column].Length == 0 ? null : SheetProblem.Shorten(row[column]), string.Join(", ", cells.Select(cell => cell[criterion]).Distinct().Take(20))));
            }
        }
    }

    private static string KeyOf(IReadOnlyList<string> cell, (int Column, int Criterion)[] keyed) => string.Join('\u001f', keyed.Select(pair => CellText.Key(cell[pair.Criterion])));

    /// <summary>A decimal above 0 in millionths, read digit by digit: no floating point on the way to who is drawn.</summary>
    private static int? Millionths(string text, int most)
    {
        bool percent = text.EndsWith('%');
        string digits = (percent ? text[..^1] : text).Trim().Replace(',', '.');
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || number > 1_000_000)
        {
            return null;
        }

        decimal millionths = decimal.Round(number * (percent ? 10_000 : 1_000_000), MidpointRounding.AwayFromZero);
        return millionths >= 1 && millionths <= most ? (int)millionths : null;
    }
}
