using System.Globalization;
using System.Security.Cryptography;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>What <c>draw lottery</c> wrote, read again.</summary>
/// <param name="Lottery">lottery.json.</param>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="Ids">Everybody of the pool, in its order.</param>
/// <param name="Tickets">Everybody's public name.</param>
/// <param name="Chances">Each person's chance as it stands in probabilities.csv.</param>
/// <param name="Numerators">Each person's number of panels as stated.</param>
/// <param name="Denominators">Stated number of panels.</param>
/// <param name="Panels">The numbered panels as positions in <paramref name="Ids"/>, ascending.</param>
internal sealed record LotteryFolder(
    LotteryFile Lottery, string Hash, IReadOnlyList<string> Ids, IReadOnlyList<string> Tickets, IReadOnlyList<string> Chances, IReadOnlyList<string> Numerators, IReadOnlyList<string> Denominators,
    IReadOnlyList<IReadOnlyList<int>> Panels)
{
    private static readonly string[] PeopleColumns = ["id", "chance", "numerator", "denominator"];
    private static readonly string[] PanelColumns = ["panel", "id"];

    public Dictionary<string, string> TicketOf => Ids.Zip(Tickets).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    /// <summary>Reads a directory; null with problems added when something is missing or has another form.</summary>
    public static LotteryFolder? Read(string directory, List<SheetProblem> problems)
    {
        int before = problems.Count;
        string lotteryPath = Path.Combine(directory, LotteryFile.Name);
        byte[]? bytes = InputTable.Bytes(lotteryPath, problems);
        LotteryFile? lottery = bytes is null ? null : LotteryFile.Read(bytes);
        if (bytes is not null && lottery is null)
        {
            problems.Add(new SheetProblem("file-unreadable", lotteryPath, Value: "This is not a lottery.json of this tool."));
        }

        Sheet? people = InputTable.Read(Path.Combine(directory, LotteryTables.ProbabilitiesName), problems);

        // A thousand panels of a hundred people are more rows than any sheet of people has.
        using LargeCsv? rows = LargeCsv.Open(Path.Combine(directory, LotteryTables.PanelsName), problems, CancellationToken.None);
        foreach (string header in people is null ? [] : PeopleColumns.Where(header => people.Find(header) < 0))
        {
            problems.Add(new SheetProblem("column-missing", people!.File, 1, header, Expected: string.Join(", ", people.Headers.Take(30))));
        }

        foreach (string header in rows is null ? [] : PanelColumns.Where(header => rows.Find(header) < 0))
        {
            problems.Add(new SheetProblem("column-missing", rows!.File, 1, header, Expected: string.Join(", ", rows.Headers.Take(30))));
        }

        if (problems.Count > before || lottery is null || people is null || rows is null)
        {
            return null;
        }

        int idColumn = people.Find("id");
        string[] ids = [.. people.Rows.Select(row => row[idColumn])];
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        foreach ((int position, SheetRow row) in people.Rows.Index())
        {
            if (!positions.TryAdd(row[idColumn], position))
            {
                problems.Add(new SheetProblem("id-twice", people.File, row.Number, "id", SheetProblem.Shorten(row[idColumn])));
            }
        }

        IReadOnlyList<string> tickets = TicketColumns.Tickets(people, [], problems) ?? [.. ids.Select(DrawInput.TicketOf)];
        foreach (string id in lottery.Inputs.Must.Concat(lottery.Inputs.Out).Where(id => !positions.ContainsKey(id)))
        {
            problems.Add(new SheetProblem("id-unknown", lotteryPath, Value: SheetProblem.Shorten(id)));
        }

        List<List<int>> panels = [];
        int panelColumn = rows.Find("panel");
        int memberColumn = rows.Find("id");
        bool counted = true;
        rows.Scan(
            (in CsvCells cells) =>
            {
                if (!counted || problems.Count >= LargeCsv.MostListed)
                {
                    return;
                }

                string panel = cells.Text(panelColumn);
                string id = cells.Text(memberColumn);
                if (!int.TryParse(panel, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > panels.Count || number < panels.Count - 1)
                {
                    problems.Add(new SheetProblem("number-wrong", rows.File, cells.Row, "panel", SheetProblem.Shorten(panel), Math.Max(0, panels.Count - 1).ToString(CultureInfo.InvariantCulture)));
                    counted = false;
                }
                else if (!positions.TryGetValue(id, out int member))
                {
                    problems.Add(new SheetProblem("id-unknown", rows.File, cells.Row, "id", SheetProblem.Shorten(id)));
                }
                else
                {
                    if (number == panels.Count)
                    {
                        panels.Add([]);
                    }

                    panels[number].Add(member);
                }
            },
            problems.Add, CancellationToken.None);

        int chance = people.Find("chance");
        int numerator = people.Find("numerator");
        int denominator = people.Find("denominator");
        return problems.Count > before
            ? null
            : new(
                lottery, Convert.ToHexStringLower(SHA256.HashData(bytes!)), ids, tickets, [.. people.Rows.Select(row => row[chance])], [.. people.Rows.Select(row => row[numerator])], [.. people.Rows.Select(row => row[denominator])],
                [.. panels.Select(panel => (IReadOnlyList<int>)[.. panel.Order()])]);
    }
}
