using System.Text.Json;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary>A letter that was drawn.</summary>
/// <param name="Row">Its row in letters.csv.</param>
/// <param name="Id">The id in the register.</param>
/// <param name="Code">Its secret code.</param>
/// <param name="Values">What the row has in the columns that are asked for.</param>
internal sealed record SentLetter(int Row, string Id, string Code, IReadOnlyList<string> Values);

/// <summary>A batch of letters, as <c>polyphony invite</c> wrote it.</summary>
internal sealed record SentBatch(string Name, string File, IReadOnlyList<SentLetter> Letters)
{
    public const string RegisterPrefix = "register: ";

    /// <summary>Reads letters.csv of a batch.</summary>
    /// <param name="columns">Columns of the register, without what letters.csv puts before their names.</param>
    public static SentBatch? Read(string directory, string name, IReadOnlyList<string> columns, RowProblems problems, CancellationToken cancellationToken)
    {
        int before = problems.Count;
        List<SheetProblem> opening = [];
        using LargeCsv? csv = LargeCsv.Open(Path.Combine(directory, "letters.csv"), opening, cancellationToken);
        problems.AddRange(opening);
        if (csv is null)
        {
            return null;
        }

        int id = Find(csv, "id", problems);
        int code = Find(csv, "code", problems);
        int[] wanted = [.. columns.Select(column => Find(csv, RegisterPrefix + column, problems))];
        List<SentLetter> letters = [];
        if (problems.Count == before)
        {
            csv.Scan(
                (in CsvCells row) =>
                {
                    string[] values = new string[wanted.Length];
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = CsvWriter.Unescape(row.Text(wanted[i]));
                    }

                    letters.Add(new(row.Row, CsvWriter.Unescape(row.Text(id)), row.Text(code), values));
                },
                problems.Add, cancellationToken);
        }

        return problems.Count > before ? null : new(name, csv.File, letters);
    }

    /// <summary>The columns that made the strata of a batch.</summary>
    public static IReadOnlyList<string> Criteria(string directory, RowProblems problems)
    {
        string path = Path.Combine(directory, "manifest.json");
        List<SheetProblem> reading = [];
        byte[]? content = InputTable.Bytes(path, reading);
        problems.AddRange(reading);
        if (content is null)
        {
            return [];
        }

        try
        {
            if (JsonNode.Parse(content)?["criteria"] is JsonArray { Count: > 0 } criteria)
            {
                return [.. criteria.Select(name => (string)name!)];
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            problems.Add(new SheetProblem("file-unreadable", path, Value: broken.Message));
            return [];
        }

        problems.Add(new SheetProblem("option-needs", "", Column: "responses", Expected: "--strata"));
        return [];
    }

    private static int Find(LargeCsv csv, string header, RowProblems problems)
    {
        int column = csv.Find(header);
        if (column < 0)
        {
            problems.Add(new SheetProblem("column-missing", csv.File, 1, header, Expected: string.Join(", ", csv.Headers.Take(30))));
        }

        return column;
    }
}
