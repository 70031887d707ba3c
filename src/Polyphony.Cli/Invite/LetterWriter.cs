using System.Globalization;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Invite;

/// <summary>Writes the letters of a batch into files of so many each.</summary>
internal sealed class LetterWriter(
    LetterColumns columns, IReadOnlyList<LetterTemplate> templates, IReadOnlyDictionary<string, Func<LetterTemplate, string>> given, string? link, int perFile, bool windowAtRight)
{
    private readonly SortedDictionary<string, int> languages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> register = columns.Register.Index().Reverse().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.OrdinalIgnoreCase);
    private int letters;
    private int files;
    private int otherLanguage;

    public LettersAnswer Write(LargeCsv csv, OutputFolder folder, RowProblems problems, CancellationToken cancellationToken)
    {
        StreamWriter? file = null;
        try
        {
            csv.Scan(
                (in CsvCells row) =>
                {
                    if (letters % perFile == 0)
                    {
                        Close();
                        file = new StreamWriter(folder.Create(string.Create(CultureInfo.InvariantCulture, $"letters-{++files}.html")), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
                        file.Write(LetterSheet.Begin(windowAtRight, templates[0].Language, string.Create(CultureInfo.InvariantCulture, $"letters-{files}")));
                    }

                    letters++;
                    string[] cells = new string[columns.First + columns.Register.Count];
                    for (int i = 0; i < cells.Length; i++)
                    {
                        cells[i] = CsvWriter.Unescape(row.Text(i));
                    }

                    One(file!, csv.File, row.Row, cells, problems);
                },
                problems.Add, cancellationToken);
            if (letters == 0 && problems.Count == 0)
            {
                problems.Add(new SheetProblem("no-rows", csv.File));
            }

            Close();
        }
        finally
        {
            file?.Dispose();
        }

        return new("done", letters, files, languages, otherLanguage);

        void Close()
        {
            file?.Write(LetterSheet.End);
            file?.Dispose();
            file = null;
        }
    }

    private void One(StreamWriter file, string source, int row, string[] cells, RowProblems problems)
    {
        string name = string.Join(' ', columns.Name.Select(column => cells[column]).Where(part => part.Length > 0));
        string[] address = [.. columns.Address.Select(line => string.Join(' ', line.Select(column => cells[column]).Where(part => part.Length > 0))).Where(line => line.Length > 0)];
        string code = cells[columns.Code];
        string to = link is null ? cells[columns.Link] : link + code;
        if (code.Length == 0)
        {
            problems.Add(new SheetProblem("empty", source, row, "code"));
        }
        else if (to == code)
        {
            problems.Add(new SheetProblem("link-missing", source, row, "link"));
        }

        if (address.Length == 0)
        {
            problems.Add(new SheetProblem("empty", source, row, SentBatch.RegisterPrefix + columns.Register[columns.Address[0][0] - columns.First]));
        }

        if (problems.Count > 0)
        {
            return;
        }

        string reads = columns.Language < 0 ? "" : cells[columns.Language];
        LetterTemplate? own = templates.FirstOrDefault(template => string.Equals(template.Language, reads, StringComparison.OrdinalIgnoreCase))
            ?? templates.FirstOrDefault(template => string.Equals(template.Language, reads.Split('-')[0], StringComparison.OrdinalIgnoreCase));
        LetterTemplate template = own ?? templates[0];
        otherLanguage += own is null ? 1 : 0;
        languages[template.Language] = languages.GetValueOrDefault(template.Language) + 1;
        LetterSheet.Write(file, template, [.. name.Length > 0 ? [name] : Array.Empty<string>(), .. address], to, word => word.ToLowerInvariant() switch
        {
            "link" => to,
            "code" => code,
            "letter" => cells[columns.Letter],
            "name" => name,
            string key when given.TryGetValue(key, out Func<LetterTemplate, string>? value) => value(template),
            _ => cells[columns.First + register[word]],
        });
    }
}
