using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Draw;

/// <summary>How likely people are to drop out: one rate for all, a column of the pool, or a file of rates.</summary>
internal static class DropoutRates
{
    /// <summary>The rate of everybody where none is given: one in ten.</summary>
    public const double Usual = 0.1;

    public const string Forms = "a rate such as 0.15, a column of the pool, or a file with the columns id and rate";

    public static readonly FileHelp Help = new(
        "--dropout", "how likely people on the panel are to drop out, when it is a file; people who are not listed have the rate 0.1.",
        new("id", "as in the pool"), new("rate", "from 0 to 1, or a percentage such as 15 %"));

    /// <summary>A rate for everybody of the pool; null with every problem added.</summary>
    public static IReadOnlyList<double>? Read(string? given, string poolPath, DrawInput input, List<SheetProblem> problems)
    {
        double[] rates = new double[input.Ids.Count];
        Array.Fill(rates, Usual);
        if (given is null)
        {
            return rates;
        }

        if (Rate(given) is { } equal)
        {
            Array.Fill(rates, equal);
            return rates;
        }

        int before = problems.Count;
        if (InputTable.Read(poolPath, problems) is { } pool && pool.Find(given) is >= 0 and var column)
        {
            Dictionary<int, int> positions = input.Rows.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
            foreach (SheetRow row in pool.Rows.Where(row => positions.ContainsKey(row.Number)))
            {
                Take(pool, row, column, positions[row.Number]);
            }
        }
        else if (!File.Exists(given))
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--dropout", Value: SheetProblem.Shorten(given), Expected: Forms));
        }
        else if (InputTable.Read(given, problems) is { } sheet)
        {
            int id = sheet.Find("id");
            int rate = sheet.Find("rate");
            foreach (string missing in (string[])[.. id < 0 ? ["id"] : Array.Empty<string>(), .. rate < 0 ? ["rate"] : Array.Empty<string>()])
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, missing, Expected: string.Join(", ", sheet.Headers.Take(30))));
            }

            Dictionary<string, int> known = input.Ids.Index().ToDictionary(pair => CellText.Key(pair.Item), pair => pair.Index, StringComparer.Ordinal);
            foreach (SheetRow row in id < 0 || rate < 0 ? [] : sheet.Rows)
            {
                if (known.TryGetValue(CellText.Key(row[id]), out int person))
                {
                    Take(sheet, row, rate, person);
                }
                else
                {
                    problems.Add(new SheetProblem(row[id].Length == 0 ? "empty" : "id-unknown", sheet.File, row.Number, sheet.Headers[id], SheetProblem.Shorten(row[id])));
                }
            }
        }

        return problems.Count > before ? null : rates;

        void Take(Sheet sheet, SheetRow row, int column, int person)
        {
            if (Rate(row[column]) is { } rate)
            {
                rates[person] = rate;
            }
            else
            {
                problems.Add(new SheetProblem("not-a-rate", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), "0.15 or 15 %, at most 1"));
            }
        }
    }

    private static double? Rate(string text)
    {
        bool percent = text.TrimEnd().EndsWith('%');
        string number = (percent ? text.TrimEnd()[..^1] : text).Trim();
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && (percent ? rate / 100 : rate) is >= 0 and <= 1 and var share ? share : null;
    }
}
