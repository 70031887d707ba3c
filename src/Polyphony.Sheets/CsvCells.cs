using System.Text;

namespace Polyphony.Sheets;

/// <summary>The cells of one row of a <see cref="LargeCsv"/>, as bytes in UTF-8.</summary>
public ref struct CsvCells
{
    private readonly byte[] scratch;
    private readonly int[] starts;
    private readonly int[] lengths;
    private ReadOnlySpan<byte> data;
    private int used;

    internal CsvCells(byte[] scratch, int[] starts, int[] lengths)
    {
        this.scratch = scratch;
        this.starts = starts;
        this.lengths = lengths;
    }

    /// <summary>The row's number in the file, the first being 1.</summary>
    public int Row { get; private set; }

    /// <summary>Where the row begins in the file, for <see cref="LargeCsv.RowAt"/>.</summary>
    public long Offset { get; internal set; }

    /// <summary>How many cells stand in the row.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all cells are blank.</summary>
    public readonly bool IsBlank => FirstBeyond(0) < 0;

    /// <summary>A cell without surrounding spaces; empty when the row is shorter.</summary>
    public readonly ReadOnlySpan<byte> this[int column] => column >= 0 && column < Math.Min(Count, starts.Length) ? Raw(column).Trim((byte)' ') : default;

    /// <summary>A cell as text, cleaned.</summary>
    public readonly string Text(int column) => CellText.Clean(Encoding.UTF8.GetString(this[column]));

    /// <summary>The first cell from a column on that is not blank; −1 when there is none.</summary>
    internal readonly int FirstBeyond(int column)
    {
        for (int i = column; i < Math.Min(Count, starts.Length); i++)
        {
            if (!this[i].IsEmpty)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Reads one row; consumes nothing when the row goes on beyond the data.</summary>
    internal (int Consumed, int Lines, string? Fault) Parse(ReadOnlySpan<byte> bytes, int from, byte separator, bool end, int row)
    {
        data = bytes;
        Row = row;
        Count = 0;
        used = 0;
        int lines = 1;
        string? fault = null;
        int at = from;
        while (true)
        {
            int start = at;
            int size;
            if (at < bytes.Length && bytes[at] == '"')
            {
                if (Quoted(bytes, ref at, ref lines, out start, out size) is { } open)
                {
                    // What is never closed runs to the end of the file; the row that it began in is what helps.
                    Add(start, size);
                    return end || open == "cell-too-long" ? (bytes.Length - from, lines, open) : default;
                }

                while (at < bytes.Length && bytes[at] == ' ')
                {
                    at++;
                }

                if (at < bytes.Length && bytes[at] != separator && bytes[at] is not ((byte)'\n' or (byte)'\r'))
                {
                    fault = "text-after-quote";
                    int rest = bytes[at..].IndexOfAny(separator, (byte)'\n', (byte)'\r');
                    at = rest < 0 ? bytes.Length : at + rest;
                }
            }
            else
            {
                size = bytes[at..].IndexOfAny(separator, (byte)'\n', (byte)'\r');
                size = size < 0 ? bytes.Length - at : size;
                at += size;
            }

            if (at >= bytes.Length)
            {
                if (!end)
                {
                    return default;
                }

                Add(start, size);
                return (Math.Max(1, at - from), lines, fault);
            }

            Add(start, size);
            byte closing = bytes[at++];
            if (closing == separator && fault is null)
            {
                continue;
            }

            if (closing == separator)
            {
                int rest = bytes[at..].IndexOf((byte)'\n');
                return rest < 0 ? (end ? (bytes.Length - from, lines, fault) : default) : (at + rest + 1 - from, lines, fault);
            }

            if (closing == '\r')
            {
                if (at >= bytes.Length && !end)
                {
                    return default;
                }

                at += at < bytes.Length && bytes[at] == '\n' ? 1 : 0;
            }

            return (at - from, lines, fault);
        }
    }

    private readonly ReadOnlySpan<byte> Raw(int column) => starts[column] < 0 ? scratch.AsSpan(~starts[column], lengths[column]) : data.Slice(starts[column], lengths[column]);

    private void Add(int start, int size)
    {
        if (Count < starts.Length)
        {
            starts[Count] = start;
            lengths[Count] = size;
        }

        Count++;
    }

    /// <summary>A quoted cell; its text stands in the scratch when it holds doubled quotes or line ends. Gives a fault when it does not end here.</summary>
    private string? Quoted(ReadOnlySpan<byte> bytes, ref int at, ref int lines, out int start, out int size)
    {
        int first = ++at;
        start = first;
        size = 0;
        bool plain = true;
        int scratchStart = used;
        while (at < bytes.Length)
        {
            int next = bytes[at..].IndexOfAny((byte)'"', (byte)'\n', (byte)'\r');
            if (next < 0)
            {
                at = bytes.Length;
                return "quote-not-closed";
            }

            int stop = at + next;
            bool doubled = bytes[stop] == '"' && stop + 1 < bytes.Length && bytes[stop + 1] == '"';
            if (bytes[stop] == '"' && !doubled)
            {
                if (plain)
                {
                    size = stop - first;
                }
                else
                {
                    if (!Keep(bytes[at..stop]))
                    {
                        return "cell-too-long";
                    }

                    start = ~scratchStart;
                    size = used - scratchStart;
                }

                at = stop + 1;
                return null;
            }

            if (plain)
            {
                plain = false;
                if (!Keep(bytes[first..stop]))
                {
                    return "cell-too-long";
                }
            }
            else if (!Keep(bytes[at..stop]))
            {
                return "cell-too-long";
            }

            lines += bytes[stop] == '\n' ? 1 : 0;
            if (bytes[stop] != '\r' && !Keep(bytes.Slice(stop, 1)))
            {
                return "cell-too-long";
            }

            at = stop + (doubled ? 2 : 1);
        }

        return "quote-not-closed";
    }

    private bool Keep(ReadOnlySpan<byte> part)
    {
        if (used + part.Length > scratch.Length)
        {
            return false;
        }

        part.CopyTo(scratch.AsSpan(used));
        used += part.Length;
        return true;
    }
}
