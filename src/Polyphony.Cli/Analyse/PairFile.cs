using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Selection;

namespace Polyphony.Cli.Analyse;

/// <summary>Comparisons in pairs: which of two options somebody preferred.</summary>
/// <param name="Options">By name.</param>
/// <param name="Wins">Each pair and order once, with its number.</param>
internal sealed record PairFile(IReadOnlyList<string> Options, IReadOnlyList<PairwiseWin> Wins)
{
    private const int MostOptions = 1_000;
    private const long MostComparisons = 1_000_000_000;

    public static readonly FileHelp Help = new(
        "--ballots for bradley-terry", "comparisons in pairs, CSV or XLSX, one comparison or some alike a row.",
        new("winner", "the option that was preferred"),
        new("loser", "the option that was shown beside it"),
        new("count", "how many such comparisons there are; without the column each row is one"));

    /// <summary>The comparisons, or null with problems.</summary>
    public static PairFile? Read(string path, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int winner = AnswerCells.Demand(sheet, "winner", problems);
        int loser = AnswerCells.Demand(sheet, "loser", problems);
        int countColumn = sheet.Find("count");
        if (winner < 0 || loser < 0)
        {
            return null;
        }

        Dictionary<(string Winner, string Loser), long> wins = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string better = AnswerCells.Text(sheet, row, winner, problems);
            string worse = AnswerCells.Text(sheet, row, loser, problems);
            if (better == worse && better.Length > 0)
            {
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[loser], SheetProblem.Shorten(worse), row.Number.ToString(CultureInfo.InvariantCulture)));
            }

            int count = 1;
            if (countColumn >= 0 && !(int.TryParse(row[countColumn].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0))
            {
                problems.Add(new SheetProblem("not-a-whole-number", sheet.File, row.Number, sheet.Headers[countColumn], SheetProblem.Shorten(row[countColumn]), "12."));
            }

            wins[(better, worse)] = wins.GetValueOrDefault((better, worse)) + count;
        }

        string[] options = [.. wins.Keys.SelectMany(pair => new[] { pair.Winner, pair.Loser }).Distinct().Order(StringComparer.Ordinal)];
        Limit(options.Length, MostOptions, sheet, winner, problems);
        Limit(wins.Values.Sum(), MostComparisons, sheet, Math.Max(0, countColumn), problems);
        Dictionary<string, int> index = options.Select((option, i) => (option, i)).ToDictionary(pair => pair.option, pair => pair.i);
        return problems.Count > 0 ? null : new PairFile(options, [.. wins.Select(pair => new PairwiseWin(index[pair.Key.Winner], index[pair.Key.Loser], pair.Value))]);
    }

    private static void Limit(long number, long most, Sheet sheet, int column, List<SheetProblem> problems)
    {
        if (number > most)
        {
            problems.Add(new SheetProblem("number-too-large", sheet.File, Column: sheet.Headers[column], Value: number.ToString(CultureInfo.InvariantCulture), Expected: most.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
