using System.Buffers.Text;
using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>Takes one vote.</summary>
/// <param name="voter">Number of the voter.</param>
/// <param name="statement">Number of the statement.</param>
/// <param name="vote">1 agree, 0 pass, −1 disagree.</param>
/// <param name="time">Milliseconds since 1970; 0 when the file has no times.</param>
public delegate void VoteTaker(int voter, int statement, sbyte vote, long time);

/// <summary>The votes of a conversation: Polis' <c>votes.csv</c>, one vote a row, or its <c>participants-votes.csv</c>, one person a row and one statement a column.</summary>
public static class PolisVotes
{
    /// <summary>Columns before the statements in <c>participants-votes.csv</c>, at most, and the statements.</summary>
    public const int MostColumns = PolisStatements.Most + 20;

    /// <summary>Reads the file; null, with every problem told, when something is wrong.</summary>
    /// <param name="csv">The file, opened for <see cref="MostColumns"/>.</param>
    /// <param name="statements">Ids of the statements; a vote on another one is a problem.</param>
    /// <param name="take">Takes each vote, in the order of rows.</param>
    /// <param name="problem">Takes each problem.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The voters.</returns>
    public static IdIndex? Read(LargeCsv csv, IdIndex statements, VoteTaker take, Action<SheetProblem> problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(csv);
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentNullException.ThrowIfNull(take);
        ArgumentNullException.ThrowIfNull(problem);
        bool isGood = true;
        long votes = 0;
        void Wrong(SheetProblem wrong)
        {
            isGood = false;
            problem(wrong);
        }

        void Take(int voter, int statement, sbyte vote, long time)
        {
            votes++;
            take(voter, statement, vote, time);
        }

        IdIndex? voters = csv.Find("participant") >= 0 ? Wide(csv, statements, Take, Wrong, cancellationToken) : Long(csv, statements, Take, Wrong, cancellationToken);
        if (isGood && votes == 0)
        {
            Wrong(new SheetProblem("no-rows", csv.File));
        }

        return isGood ? voters : null;
    }

    private static IdIndex? Long(LargeCsv csv, IdIndex statements, VoteTaker take, Action<SheetProblem> wrong, CancellationToken cancellationToken)
    {
        int time = PolisStatements.Demand(csv, "timestamp", wrong), statement = PolisStatements.Demand(csv, "comment-id", wrong);
        int voter = PolisStatements.Demand(csv, "voter-id", wrong), vote = PolisStatements.Demand(csv, "vote", wrong);
        if (Math.Min(Math.Min(time, statement), Math.Min(voter, vote)) < 0)
        {
            return null;
        }

        IdIndex voters = new();
        csv.Scan(
            (in CsvCells cells) =>
            {
                bool isRight = true;
                if (!Utf8Parser.TryParse(cells[time], out long at, out int read) || read != cells[time].Length)
                {
                    wrong(new SheetProblem("not-a-whole-number", csv.File, cells.Row, csv.Headers[time], SheetProblem.Shorten(cells.Text(time)), "1500232652930."));
                    isRight = false;
                }

                int of = Statement(csv, cells, statement, statements, wrong);
                if (cells[voter].IsEmpty)
                {
                    wrong(new SheetProblem("empty", csv.File, cells.Row, csv.Headers[voter]));
                    isRight = false;
                }

                if (Value(csv, cells, vote, wrong) is { } value && of >= 0 && isRight)
                {
                    take(voters.Of(cells[voter]), of, value, at);
                }
            },
            wrong,
            cancellationToken);
        return voters;
    }

    private static IdIndex? Wide(LargeCsv csv, IdIndex statements, VoteTaker take, Action<SheetProblem> wrong, CancellationToken cancellationToken)
    {
        int person = csv.Find("participant");
        List<(int Column, int Statement)> columns = [];
        for (int column = 0; column < csv.Headers.Count; column++)
        {
            if (column != person && csv.Headers[column] is not ("group-id" or "n-comments" or "n-votes" or "n-agree" or "n-disagree"))
            {
                int of = statements.Find(System.Text.Encoding.UTF8.GetBytes(csv.Headers[column]));
                if (of < 0)
                {
                    wrong(new SheetProblem("statement-unknown", csv.File, Column: SheetProblem.Shorten(csv.Headers[column]), Value: SheetProblem.Shorten(csv.Headers[column])));
                }

                columns.Add((column, of));
            }
        }

        IdIndex voters = new();
        List<int> places = [];
        csv.Scan(
            (in CsvCells cells) =>
            {
                if (cells[person].IsEmpty)
                {
                    wrong(new SheetProblem("empty", csv.File, cells.Row, csv.Headers[person]));
                    return;
                }

                int voter = voters.Of(cells[person]);
                if (voter < places.Count)
                {
                    wrong(new SheetProblem("id-twice", csv.File, cells.Row, csv.Headers[person], SheetProblem.Shorten(voters[voter]), places[voter].ToString(CultureInfo.InvariantCulture)));
                    return;
                }

                places.Add(cells.Row);
                foreach ((int column, int of) in columns)
                {
                    if (!cells[column].IsEmpty && Value(csv, cells, column, wrong) is { } value && of >= 0)
                    {
                        take(voter, of, value, 0);
                    }
                }
            },
            wrong,
            cancellationToken);
        return voters;
    }

    private static int Statement(LargeCsv csv, in CsvCells cells, int column, IdIndex statements, Action<SheetProblem> wrong)
    {
        int of = statements.Find(cells[column]);
        if (of < 0)
        {
            wrong(cells[column].IsEmpty
                ? new SheetProblem("empty", csv.File, cells.Row, csv.Headers[column])
                : new SheetProblem("statement-unknown", csv.File, cells.Row, csv.Headers[column], SheetProblem.Shorten(cells.Text(column))));
        }

        return of;
    }

    private static sbyte? Value(LargeCsv csv, in CsvCells cells, int column, Action<SheetProblem> wrong)
    {
        ReadOnlySpan<byte> cell = cells[column];
        if (cell.Length == 1 && cell[0] is (byte)'1' or (byte)'0')
        {
            return (sbyte)(cell[0] - '0');
        }

        if (cell is [(byte)'-', (byte)'1'])
        {
            return -1;
        }

        wrong(new SheetProblem("unknown-value", csv.File, cells.Row, csv.Headers[column], SheetProblem.Shorten(cells.Text(column)), "1, 0, -1"));
        return null;
    }
}
