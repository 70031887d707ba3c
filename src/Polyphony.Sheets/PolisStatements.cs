using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>A statement as Polis writes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Moderated">1 accepted, 0 not looked at, −1 rejected.</param>
/// <param name="IsMeta">Whether it asks who people are.</param>
/// <param name="IsSeed">Whether the organiser wrote it.</param>
/// <param name="Text">What it says; empty when the file has no texts.</param>
/// <param name="Time">Milliseconds since 1970; 0 when the file has no times.</param>
/// <param name="Author">Who wrote it; empty when the file does not say.</param>
public sealed record PolisStatement(string Id, int Moderated, bool IsMeta, bool IsSeed, string Text, long Time = 0, string Author = "");

/// <summary>The statements of a conversation: Polis' <c>comments.csv</c>.</summary>
/// <param name="Ids">Their ids, numbered as they stand in the file.</param>
/// <param name="Rows">The statements by that number.</param>
public sealed record PolisStatements(IdIndex Ids, IReadOnlyList<PolisStatement> Rows)
{
    /// <summary>More than any conversation has.</summary>
    public const int Most = 10_000;

    /// <summary>Words for yes and no in exports.</summary>
    private static readonly string[] Yes = ["true", "t", "1", "yes"], No = ["false", "f", "0", "no", ""];

    /// <summary>Reads the file; null, with every problem told, when something is wrong.</summary>
    /// <param name="csv">The file.</param>
    /// <param name="problem">Takes each problem.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static PolisStatements? Read(LargeCsv csv, Action<SheetProblem> problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(csv);
        ArgumentNullException.ThrowIfNull(problem);
        bool isGood = true;
        void Wrong(SheetProblem wrong)
        {
            isGood = false;
            problem(wrong);
        }

        int id = Demand(csv, "comment-id", Wrong), moderated = Demand(csv, "moderated", Wrong);
        if (!isGood)
        {
            return null;
        }

        int meta = csv.Find("is-meta"), seed = csv.Find("is-seed"), text = csv.Find("comment-body"), time = csv.Find("timestamp"), author = csv.Find("author-id");
        IdIndex ids = new();
        List<PolisStatement> rows = [];
        List<int> places = [];
        csv.Scan(
            (in CsvCells cells) =>
            {
                if (cells[id].IsEmpty)
                {
                    Wrong(new SheetProblem("empty", csv.File, cells.Row, csv.Headers[id]));
                    return;
                }

                int number = ids.Of(cells[id]);
                if (number < rows.Count)
                {
                    Wrong(new SheetProblem("id-twice", csv.File, cells.Row, csv.Headers[id], SheetProblem.Shorten(ids[number]), places[number].ToString(CultureInfo.InvariantCulture)));
                    return;
                }

                if (!int.TryParse(cells[moderated], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int state) || state is < -1 or > 1)
                {
                    Wrong(new SheetProblem("unknown-value", csv.File, cells.Row, csv.Headers[moderated], SheetProblem.Shorten(cells.Text(moderated)), "1, 0, -1"));
                }

                _ = long.TryParse(cells[time], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long at);
                rows.Add(new PolisStatement(ids[number], state, Flag(cells, meta), Flag(cells, seed), text < 0 ? "" : CsvWriter.Unescape(cells.Text(text)), at, author < 0 ? "" : cells.Text(author)));
                places.Add(cells.Row);
            },
            Wrong,
            cancellationToken);
        if (isGood && rows.Count is 0 or > Most)
        {
            Wrong(rows.Count == 0 ? new SheetProblem("no-rows", csv.File) : new SheetProblem("too-many-rows", csv.File, Expected: Most.ToString(CultureInfo.InvariantCulture)));
        }

        return isGood ? new PolisStatements(ids, rows) : null;

        bool Flag(in CsvCells cells, int column)
        {
            string word = column < 0 ? "" : cells.Text(column);
            if (!Yes.Contains(word, StringComparer.OrdinalIgnoreCase) && !No.Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                Wrong(new SheetProblem("unknown-value", csv.File, cells.Row, csv.Headers[column], SheetProblem.Shorten(word), "true, false"));
            }

            return Yes.Contains(word, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>The column's position; −1, with a problem told, when it is not there.</summary>
    internal static int Demand(LargeCsv csv, string header, Action<SheetProblem> problem)
    {
        int column = csv.Find(header);
        if (column < 0)
        {
            problem(new SheetProblem("column-missing", csv.File, Column: header, Expected: string.Join(", ", csv.Headers.Take(20))));
        }

        return column;
    }
}
