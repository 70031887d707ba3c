using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>A statement to vote on.</summary>
/// <param name="Row">Row in the file.</param>
/// <param name="Texts">Its words by language; the first language of the dialogue is always there.</param>
/// <param name="IsMeta">Whether it asks who people are.</param>
public sealed record SheetStatement(int Row, IReadOnlyDictionary<string, string> Texts, bool IsMeta);

/// <summary>What a file of statements gave: statements, or all problems; what is left out never stops an import.</summary>
/// <param name="Rejected">Statements that the file says were not shown.</param>
public sealed record StatementReading(IReadOnlyList<SheetStatement> Statements, int Rejected, IReadOnlyList<string> IgnoredColumns, IReadOnlyList<SheetProblem> Problems);

/// <summary>Reads statements that organisers bring: Polis' <c>comments.csv</c>, or a table of their own.</summary>
/// <remarks>Headers, in any order and case: <c>comment-body</c> for the first language of the dialogue, <c>comment-body.fr</c> and the like for others; optionally <c>moderated</c> (1, 0, or −1 for what is left out) and <c>is-meta</c>.</remarks>
public static class StatementSheet
{
    public const string Body = "comment-body";

    private static readonly string[] Yes = ["true", "t", "1", "yes"], No = ["false", "f", "0", "no", ""], States = ["1", "0", "-1", ""];

    /// <param name="sheet">The table.</param>
    /// <param name="languages">Languages of the dialogue, the first one first.</param>
    /// <param name="longest">Characters that a statement may have.</param>
    public static StatementReading Read(Sheet sheet, IReadOnlyList<string> languages, int longest)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(languages);
        (string Language, int Column)[] bodies =
        [
            .. languages.Select((language, i) => (language, Column: sheet.Find($"{Body}.{language}") is >= 0 and int own ? own : i == 0 ? sheet.Find(Body) : -1)).Where(body => body.Column >= 0),
        ];
        int moderated = sheet.Find("moderated"), meta = sheet.Find("is-meta");
        if (bodies.Length == 0 || bodies[0].Language != languages[0])
        {
            return new([], 0, [], [new SheetProblem("column-missing", sheet.File, 1, Body, Expected: Body)]);
        }

        if (sheet.Rows.Count == 0)
        {
            return new([], 0, [], [new SheetProblem("no-rows", sheet.File)]);
        }

        List<SheetProblem> problems = [];
        List<SheetStatement> statements = [];
        Dictionary<(string Language, string Key), int> seen = [];
        int rejected = 0;
        foreach (SheetRow row in sheet.Rows)
        {
            Demand(row, moderated, States, "1, 0, -1");
            Demand(row, meta, [.. Yes, .. No], "true, false");
            if (row[moderated] == "-1")
            {
                rejected++;
                continue;
            }

            Dictionary<string, string> texts = new(StringComparer.Ordinal);
            foreach ((string language, int column) in bodies)
            {
                string words = string.Join(' ', CsvWriter.Unescape(row[column]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                if (words.Length == 0 && language == languages[0])
                {
                    problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[column]));
                }
                else if (words.Length > longest)
                {
                    problems.Add(new SheetProblem("cell-too-long", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(words), longest.ToString(CultureInfo.InvariantCulture)));
                }
                else if (words.Length > 0 && !seen.TryAdd((language, CellText.Key(words)), row.Number))
                {
                    problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(words), seen[(language, CellText.Key(words))].ToString(CultureInfo.InvariantCulture)));
                }
                else if (words.Length > 0)
                {
                    texts[language] = words;
                }
            }

            statements.Add(new(row.Number, texts, Yes.Contains(row[meta], StringComparer.OrdinalIgnoreCase)));
        }

        HashSet<int> used = [.. bodies.Select(body => body.Column), moderated, meta];
        return problems.Count > 0 ? new([], 0, [], problems) : new(statements, rejected, [.. sheet.Headers.Where((header, i) => header.Length > 0 && !used.Contains(i))], []);

        void Demand(SheetRow row, int column, string[] words, string expected)
        {
            if (!words.Contains(row[column], StringComparer.OrdinalIgnoreCase))
            {
                problems.Add(new SheetProblem("not-one-of", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), expected));
            }
        }
    }
}
