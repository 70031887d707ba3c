using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Polyphony.Sheets;

/// <summary>Takes a row of a large file; what it is given is valid during the call only.</summary>
public delegate void CsvRowReader(in CsvCells cells);

/// <summary>A CSV file of up to millions of rows, read row by row without holding it: the same rules as <see cref="SheetReader"/>, without its limits of size.</summary>
public sealed class LargeCsv : IDisposable
{
    /// <summary>More rows than the largest register needs.</summary>
    public const int MostRows = 20_000_000;

    /// <summary>Problems kept; beyond them only their number is told.</summary>
    public const int MostListed = 10_000;

    private const int Chunk = 1 << 20;
    private const int LongestRow = 1 << 22;

    private readonly SafeFileHandle? handle;
    private readonly byte[]? memory;
    private readonly long length;
    private readonly byte separator;
    private readonly long start;
    private readonly int firstRow;
    private byte[] again = new byte[4096];
    private byte[] scratch = new byte[4096];
    private readonly int mostColumns;
    private readonly int[] starts;
    private readonly int[] lengths;

    static LargeCsv() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private LargeCsv(string file, SafeFileHandle? handle, byte[]? memory, long length, long skip, int mostColumns, List<SheetProblem> problems)
    {
        (File, this.handle, this.memory, this.length, this.mostColumns) = (file, handle, memory, length, mostColumns);
        (starts, lengths) = (new int[mostColumns + 1], new int[mostColumns + 1]);
        byte[] head = new byte[Math.Min(LongestRow, length - skip)];
        ReadAt(head, skip);
        separator = Separator(head);
        CsvCells cells = new(new byte[Chunk], new int[mostColumns + 1], new int[mostColumns + 1]);
        int row = 1;
        int at = 0;
        while (at < head.Length && cells.Parse(head, at, separator, end: true, row) is { Consumed: > 0 } parsed)
        {
            at += parsed.Consumed;
            int number = row;
            row += parsed.Lines;
            if (!cells.IsBlank)
            {
                Headers = HeadersOf(ref cells, number, problems);
                break;
            }
        }

        start = skip + at;
        firstRow = row;
        if (Headers.Count == 0)
        {
            problems.Add(new SheetProblem("file-empty", file));
        }
    }

    /// <summary>Its name, for messages.</summary>
    public string File { get; }

    /// <summary>The first row that is not blank.</summary>
    public IReadOnlyList<string> Headers { get; private set; } = [];

    /// <summary>Bytes, for progress.</summary>
    public long Length => length;

    /// <summary>A file that is in memory already, as UTF-8; null, with problems added, when it is not.</summary>
    public static LargeCsv? Of(string file, byte[] content, List<SheetProblem> problems, int mostColumns = SheetLimits.Columns)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(problems);
        if (content.Length == 0 || content.AsSpan().Contains((byte)0) || !Utf8.IsValid(content))
        {
            problems.Add(new SheetProblem(content.Length == 0 ? "file-empty" : "file-not-text", file, Expected: "UTF-8"));
            return null;
        }

        int before = problems.Count;
        LargeCsv opened = new(file, null, content, content.Length, content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0, mostColumns, problems);
        return problems.Count == before ? opened : null;
    }

    /// <summary>Opens a file and makes sure that it is text; null, with problems added, when it is not.</summary>
    public static LargeCsv? Open(string path, List<SheetProblem> problems, CancellationToken cancellationToken, int mostColumns = SheetLimits.Columns)
    {
        string file = Path.GetFileName(path);
        SafeFileHandle handle;
        try
        {
            handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new SheetProblem("file-missing", path));
            return null;
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add(new SheetProblem("file-unreadable", path, Value: closed.Message));
            return null;
        }

        int before = problems.Count;
        LargeCsv? opened = null;
        try
        {
            opened = Open(file, handle, mostColumns, problems, cancellationToken);
        }
        finally
        {
            if (opened?.handle is null)
            {
                handle.Dispose();
            }
        }

        if (problems.Count == before)
        {
            return opened;
        }

        opened?.Dispose();
        return null;
    }

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

    /// <summary>Reads every row below the headers that is not blank.</summary>
    /// <param name="reader">Takes each row.</param>
    /// <param name="problem">Takes each fault of the file's form.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public void Scan(CsvRowReader reader, Action<SheetProblem> problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(problem);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LongestRow + Chunk);
        CsvCells cells = new(new byte[Chunk], new int[mostColumns + 1], new int[mostColumns + 1]);
        try
        {
            long offset = start;
            int row = firstRow;
            int held = 0;
            int rows = 0;
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                held += ReadAt(buffer.AsSpan(held, Math.Min(Chunk, buffer.Length - held)), offset + held);
                bool end = offset + held >= length;
                int at = 0;
                while (at < held && cells.Parse(buffer.AsSpan(0, held), at, separator, end, row) is { Consumed: > 0 } parsed)
                {
                    cells.Offset = offset + at;
                    if (parsed.Fault is { } fault)
                    {
                        problem(new SheetProblem(fault, File, row, cells.Count <= Headers.Count ? Headers[cells.Count - 1] : CellText.ColumnLetter(cells.Count - 1)));
                    }
                    else if (!cells.IsBlank)
                    {
                        if (cells.FirstBeyond(Headers.Count) is >= 0 and int beyond)
                        {
                            problem(new SheetProblem("cell-beyond-header", File, row, CellText.ColumnLetter(beyond), SheetProblem.Shorten(cells.Text(beyond))));
                        }

                        reader(cells);
                        rows++;
                    }

                    at += parsed.Consumed;
                    row += parsed.Lines;
                }

                if (rows > MostRows)
                {
                    problem(new SheetProblem("too-many-rows", File, row, Expected: MostRows.ToString(CultureInfo.InvariantCulture)));
                    return;
                }

                if (end)
                {
                    return;
                }

                if (at == 0 && held >= LongestRow)
                {
                    problem(new SheetProblem("quote-not-closed", File, row));
                    return;
                }

                buffer.AsSpan(at, held - at).CopyTo(buffer);
                held -= at;
                offset += at;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads one row again, by the offset at which it was met; not from two threads at once.</summary>
    public string[] RowAt(long offset)
    {
        while (true)
        {
            CsvCells cells = new(scratch, starts, lengths);
            int read = ReadAt(again, offset);
            if (cells.Parse(again.AsSpan(0, read), 0, separator, offset + read >= length, 0).Consumed > 0)
            {
                string[] texts = new string[Headers.Count];
                for (int i = 0; i < texts.Length; i++)
                {
                    texts[i] = cells.Text(i);
                }

                return texts;
            }

            again = new byte[again.Length * 4];
            scratch = new byte[again.Length];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => handle?.Dispose();

    private static LargeCsv? Open(string file, SafeFileHandle handle, int mostColumns, List<SheetProblem> problems, CancellationToken cancellationToken)
    {
        long length = RandomAccess.GetLength(handle);
        byte[] head = new byte[4];
        int first = RandomAccess.Read(handle, head, 0);
        if (head.AsSpan(0, first).StartsWith("PK\u0003\u0004"u8) || head.AsSpan(0, first).StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
        {
            problems.Add(new SheetProblem("file-not-text", file, Expected: "CSV"));
            return null;
        }

        bool wide = head.AsSpan(0, first).StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.AsSpan(0, first).StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        bool utf8 = !wide;
        bool nul = false;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk + 4);
        int carried = 0;
        for (long at = 0; at < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = RandomAccess.Read(handle, buffer.AsSpan(carried, Chunk), at);
            at += read;
            nul |= !wide && buffer.AsSpan(carried, read).Contains((byte)0);
            int whole = carried + read;

            // A character may be cut by the end of the chunk: its lead byte waits for the next one.
            int cut = 0;
            while (at < length && cut < 3 && cut < whole && buffer[whole - 1 - cut] >= 0x80)
            {
                cut++;
                if (buffer[whole - cut] >= 0xC0)
                {
                    break;
                }
            }

            utf8 = utf8 && Utf8.IsValid(buffer.AsSpan(0, whole - cut));
            buffer.AsSpan(whole - cut, cut).CopyTo(buffer);
            carried = cut;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        if (length == 0 || nul)
        {
            problems.Add(new SheetProblem(nul ? "file-not-text" : "file-empty", file, Expected: "UTF-8, UTF-16, Windows-1252"));
            return null;
        }

        if (utf8)
        {
            return new LargeCsv(file, handle, null, length, head.AsSpan(0, first).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0, mostColumns, problems);
        }

        byte[] all = new byte[length];
        RandomAccess.Read(handle, all, 0);
        string text;
        try
        {
            text = wide ? new UnicodeEncoding(head[0] == 0xFE, byteOrderMark: false, throwOnInvalidBytes: true).GetString(all.AsSpan(2)) : Encoding.GetEncoding(1252).GetString(all);
        }
        catch (DecoderFallbackException)
        {
            text = "\0";
        }

        if (text.Contains('\0', StringComparison.Ordinal) || (!wide && text.AsSpan().ContainsAnyInRange('\u0080', '\u009f')))
        {
            problems.Add(new SheetProblem("file-not-text", file, Expected: "UTF-8, UTF-16, Windows-1252"));
            return null;
        }

        byte[] memory = Encoding.UTF8.GetBytes(text);
        return new LargeCsv(file, null, memory, memory.Length, 0, mostColumns, problems);
    }

    private List<string> HeadersOf(ref CsvCells cells, int number, List<SheetProblem> problems)
    {
        List<string> headers = [];
        for (int i = 0; i < Math.Min(cells.Count, mostColumns + 1); i++)
        {
            headers.Add(cells.Text(i));
        }

        while (headers.Count > 0 && headers[^1].Length == 0)
        {
            headers.RemoveAt(headers.Count - 1);
        }

        if (cells.Count > mostColumns)
        {
            problems.Add(new SheetProblem("too-many-columns", File, number, Value: cells.Count.ToString(CultureInfo.InvariantCulture), Expected: mostColumns.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (int blank in headers.Index().Where(pair => pair.Item.Length == 0).Select(pair => pair.Index))
        {
            problems.Add(new SheetProblem("header-missing", File, number, CellText.ColumnLetter(blank)));
        }

        foreach (IGrouping<string, string> twice in headers.Where(header => header.Length > 0).GroupBy(header => header.ToUpperInvariant()).Where(group => group.Count() > 1))
        {
            problems.Add(new SheetProblem("header-twice", File, number, twice.First()));
        }

        return headers;
    }

    private static byte Separator(ReadOnlySpan<byte> head)
    {
        Span<int> counts = stackalloc int[3];
        bool quoted = false;
        bool any = false;
        foreach (byte c in head)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && any && c is (byte)'\n' or (byte)'\r')
            {
                break;
            }
            else if (!quoted && c is (byte)',' or (byte)';' or (byte)'\t')
            {
                counts[c == ',' ? 0 : c == ';' ? 1 : 2]++;
            }

            any |= c > ' ';
        }

        return counts[1] > counts[0] && counts[1] >= counts[2] ? (byte)';' : counts[2] > counts[0] ? (byte)'\t' : (byte)',';
    }

    private int ReadAt(Span<byte> buffer, long offset)
    {
        if (memory is not null)
        {
            int part = (int)Math.Min(buffer.Length, memory.Length - offset);
            memory.AsSpan((int)offset, part).CopyTo(buffer);
            return part;
        }

        int total = 0;
        while (total < buffer.Length && RandomAccess.Read(handle!, buffer[total..], offset + total) is > 0 and int read)
        {
            total += read;
        }

        return total;
    }
}
