using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Cli.Analyse;

/// <summary>Cells of answers, read alike by every verb that analyses them.</summary>
internal static class AnswerCells
{
    /// <summary>Whether a cell holds no answer: blank, or NA or NaN as statistics programs write it.</summary>
    public static bool IsMissing(string cell) => cell.Trim() is "" or "NA" or "NaN";

    /// <summary>A number with a point; null for no answer, and null with a problem for anything else.</summary>
    public static decimal? Number(Sheet sheet, SheetRow row, int column, decimal most, List<SheetProblem> problems)
    {
        string cell = row[column];
        if (IsMissing(cell))
        {
            return null;
        }

        if (!TryNumber(cell, out decimal number))
        {
            problems.Add(new SheetProblem("not-a-number", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(cell), "3 or 2.5"));
            return null;
        }

        if (Math.Abs(number) > most)
        {
            problems.Add(new SheetProblem("number-too-large", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(cell), most.ToString(CultureInfo.InvariantCulture)));
            return null;
        }

        return number;
    }

    public static bool TryNumber(string cell, out decimal number) =>
        decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);

    /// <summary>The column's position; −1 with a problem when it is not there.</summary>
    public static int Demand(Sheet sheet, string header, List<SheetProblem> problems)
    {
        int column = sheet.Find(header);
        if (column < 0)
        {
            problems.Add(new SheetProblem("column-missing", sheet.File, Column: header, Expected: string.Join(", ", sheet.Headers)));
        }

        return column;
    }

    /// <summary>A cell that may not be empty.</summary>
    public static string Text(Sheet sheet, SheetRow row, int column, List<SheetProblem> problems)
    {
        string cell = CellText.Clean(row[column]);
        if (cell.Length == 0)
        {
            problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[column]));
        }

        return cell;
    }

    /// <summary>The table with at least one row, or null with problems.</summary>
    public static Sheet? Table(string path, List<SheetProblem> problems)
    {
        if (InputTable.Read(path, problems) is not { } sheet)
        {
            return null;
        }

        if (sheet.Rows.Count > 0)
        {
            return sheet;
        }

        problems.Add(new SheetProblem("no-rows", sheet.File));
        return null;
    }
}
