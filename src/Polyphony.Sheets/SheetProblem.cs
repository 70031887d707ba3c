namespace Polyphony.Sheets;

/// <summary>One thing that is wrong with a file: where, what stands there and what would be right. The shell words it by its code.</summary>
/// <param name="Code">Stable code in kebab case.</param>
/// <param name="File">The file's name as its owner knows it.</param>
/// <param name="Row">Row in the file, the first being 1; null when the file as a whole is meant.</param>
/// <param name="Column">The column's header, or its letter when there is none.</param>
/// <param name="Value">What stands there, shortened.</param>
/// <param name="Expected">What would be right.</param>
public sealed record SheetProblem(string Code, string File, int? Row = null, string? Column = null, string? Value = null, string? Expected = null)
{
    /// <summary>How many problems are listed; beyond them only their number is told.</summary>
    public const int MostListed = 200;

    /// <summary>Shortens a value for a message.</summary>
    public static string Shorten(string value) => value.Length <= 60 ? value : value[..57] + "…";
}

/// <summary>A table as it stands in a file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Headers">The first row that is not blank, trimmed.</param>
/// <param name="Rows">The rows below that are not blank.</param>
public sealed record Sheet(string File, IReadOnlyList<string> Headers, IReadOnlyList<SheetRow> Rows)
{
    /// <summary>The position of a header, compared without case; −1 when it is not there.</summary>
    public int Find(string header)
    {
        for (int i = 0; i < Headers.Count; i++)
        {
            if (string.Equals(Headers[i], header.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A row with its number in the file; missing cells are empty.</summary>
public sealed record SheetRow(int Number, IReadOnlyList<string> Cells)
{
    public string this[int column] => column >= 0 && column < Cells.Count ? Cells[column] : "";
}

/// <summary>What reading a file gave: the table, or everything that keeps it from being read.</summary>
public abstract record SheetReading
{
    private SheetReading()
    {
    }

    /// <summary>The file is a table.</summary>
    public sealed record Read(Sheet Sheet) : SheetReading;

    /// <summary>The file is refused; nothing of it may be used.</summary>
    public sealed record Refused(IReadOnlyList<SheetProblem> Problems) : SheetReading
    {
        /// <summary>Where only cells beyond the headers are wrong: the table without their rows, to look for everything else that is wrong in the same breath.</summary>
        public Sheet? Ragged { get; init; }
    }
}

/// <summary>How large a file may be, packed and unpacked.</summary>
public static class SheetLimits
{
    public const int FileBytes = 10 * 1024 * 1024;
    public const int Rows = 100_000;
    public const int Columns = 200;
    public const int CellCharacters = 32 * 1024;
    public const long UnpackedBytes = 50L * 1024 * 1024;
    public const int Ratio = 100;
    public const int Entries = 200;
}
