using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary>Which columns of a register hold what.</summary>
/// <param name="Id">Column of the id; empty: the number of the data row.</param>
/// <param name="Strata">Columns that make the strata.</param>
/// <param name="Household">Columns that make a household; none: no household rule.</param>
/// <param name="Place">Column of the place; empty without places.</param>
internal sealed record RegisterColumns(string Id, IReadOnlyList<string> Strata, IReadOnlyList<string> Household, string Place);

/// <summary>A register as the draw needs it: a few numbers for each row, never the rows themselves.</summary>
internal sealed class Register
{
    private readonly LargeCsv csv;
    private readonly long[] offsets;

    private Register(LargeCsv csv, long[] offsets, UInt128[] tickets, UInt128[] households, int[] ascending, int[] cells, bool[] free, IReadOnlyList<(string Place, IReadOnlyList<string> Values)> keys, IReadOnlyList<int> excluded)
    {
        (this.csv, this.offsets, Households) = (csv, offsets, households);
        (Tickets, Ascending, Cells, Free, Keys, Excluded) = (tickets, ascending, cells, free, keys, excluded);
    }

    /// <summary>Ticket of each row.</summary>
    public UInt128[] Tickets { get; }

    /// <summary>Household of each row, 0 for one of its own.</summary>
    public UInt128[] Households { get; }

    /// <summary>Rows ascending by ticket.</summary>
    public int[] Ascending { get; }

    /// <summary>Cell of each row, an index into <see cref="Keys"/>.</summary>
    public int[] Cells { get; }

    /// <summary>Whether each row had no letter before.</summary>
    public bool[] Free { get; }

    /// <summary>Place and values of each cell, by code points.</summary>
    public IReadOnlyList<(string Place, IReadOnlyList<string> Values)> Keys { get; }

    /// <summary>Rows that had a letter before.</summary>
    public IReadOnlyList<int> Excluded { get; }

    public IReadOnlyList<string> Headers => csv.Headers;

    /// <summary>The position of a header; −1 when it is not there.</summary>
    public int Find(string header) => csv.Find(header);

    /// <summary>Reads a register once from end to end.</summary>
    public static Register? Read(
        LargeCsv csv, RegisterColumns columns, byte[] salt, IReadOnlyDictionary<UInt128, (string Id, int Row)> exclude, string excludeFile, RowProblems problems, IProgress<WorkProgress> progress, CancellationToken cancellationToken)
    {
        int before = problems.Count;
        int id = Column(columns.Id, optional: true);
        int[] strata = [.. columns.Strata.Select(name => Column(name, optional: false))];
        int[] home = [.. columns.Household.Select(name => Column(name, optional: false))];
        int place = Column(columns.Place, optional: true);
        if (problems.Count > before)
        {
            return null;
        }

        int[] keyed = place >= 0 ? [place, .. strata] : strata;
        ColumnValues[] values = [.. keyed.Select(_ => new ColumnValues())];
        Dictionary<CellCode, int> codes = [];
        List<int> cells = [];
        List<long> offsets = [];
        List<int> rows = [];
        ByteStore ids = new();
        ByteStore homes = new();
        byte[] longest = new byte[RegisterTickets.LongestId];
        csv.Scan((in CsvCells row) =>
        {
            if (rows.Count % 16_384 == 0)
            {
                progress.Report(new(0.8 * row.Offset / csv.Length, "Reading the register"));
            }

            int written = id < 0 ? Number(rows.Count + 1, longest) : CellText.Key(row[id], longest);
            if (written <= 0)
            {
                problems.Add(new SheetProblem(written == 0 ? "empty" : "cell-too-long", csv.File, row.Row, csv.Headers[id], Expected: written == 0 ? null : "400"));
                written = 0;
            }

            ids.Add(longest.AsSpan(0, written));
            if (home.Length > 0)
            {
                homes.Add(longest.AsSpan(0, Home(row, home, longest)));
            }

            ulong code = 0;
            for (int i = 0; i < keyed.Length; i++)
            {
                int value = values[i].Of(row[keyed[i]]);
                if (values[i].Names[value].Length == 0)
                {
                    problems.Add(new SheetProblem("empty", csv.File, row.Row, csv.Headers[keyed[i]]));
                }

                code = (code * 65_599) + (ulong)value;
            }

            cells.Add(CellOf(codes, values, keyed.Length, code));
            offsets.Add(row.Offset);
            rows.Add(row.Row);
        }, problems.Add, cancellationToken);
        if (rows.Count == 0 && problems.Count == before)
        {
            problems.Add(new SheetProblem("no-rows", csv.File));
        }

        if (problems.Count > before)
        {
            return null;
        }

        progress.Report(new(0.8, "Giving tickets"));
        UInt128[] tickets = RegisterTickets.Of(rows.Count, salt, ids.CopyTo);
        cancellationToken.ThrowIfCancellationRequested();
        progress.Report(new(0.9, "Ordering tickets"));
        int[] ascending = RegisterTickets.Ascending(tickets);
        for (int i = 1; i < ascending.Length; i++)
        {
            if (tickets[ascending[i]] == tickets[ascending[i - 1]])
            {
                (int first, int second) = (Math.Min(ascending[i], ascending[i - 1]), Math.Max(ascending[i], ascending[i - 1]));
                problems.Add(new SheetProblem("id-twice", csv.File, rows[second], id >= 0 ? csv.Headers[id] : null, ids.Text(second), rows[first].ToString(CultureInfo.InvariantCulture)));
            }
        }

        bool[] free = new bool[tickets.Length];
        List<int> excluded = [];
        for (int i = 0; i < free.Length; i++)
        {
            free[i] = exclude.Count == 0 || !exclude.ContainsKey(tickets[i]);
            if (!free[i])
            {
                excluded.Add(i);
            }
        }

        // An id that is not in the register would silently exclude nobody.
        if (excluded.Count < exclude.Count)
        {
            HashSet<UInt128> found = [.. excluded.Select(row => tickets[row])];
            foreach ((string Id, int Row) missing in exclude.Where(pair => !found.Contains(pair.Key)).Select(pair => pair.Value).OrderBy(pair => pair.Row))
            {
                problems.Add(new SheetProblem("id-not-in-register", excludeFile, missing.Row, Value: SheetProblem.Shorten(missing.Id)));
            }
        }

        if (problems.Count > before)
        {
            return null;
        }

        (IReadOnlyList<(string, IReadOnlyList<string>)> keys, int[] position) = Sorted(codes, values, keyed.Length, place >= 0);
        int[] sorted = new int[cells.Count];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = position[cells[i]];
        }

        UInt128[] households = home.Length == 0 ? new UInt128[tickets.Length] : RegisterTickets.Households(tickets.Length, salt, homes.CopyTo);
        return new Register(csv, [.. offsets], tickets, households, ascending, sorted, free, keys, excluded);

        int Column(string header, bool optional)
        {
            int found = header.Length == 0 ? -1 : csv.Find(header);
            if (found < 0 && !(optional && header.Length == 0))
            {
                problems.Add(new SheetProblem("column-missing", csv.File, 1, header, Expected: string.Join(", ", csv.Headers.Take(30))));
            }

            return found;
        }
    }

    /// <summary>A row's cells as text, by the register's headers.</summary>
    public string[] RowAt(int row) => csv.RowAt(offsets[row]);

    /// <summary>The household columns in the form in which equal ones are equal, joined by U+001F; nothing when all are blank.</summary>
    private static int Home(in CsvCells row, int[] columns, Span<byte> buffer)
    {
        int at = 0;
        bool blank = true;
        for (int i = 0; i < columns.Length; i++)
        {
            int start = i == 0 ? 0 : at + 1;
            int written = start > buffer.Length ? -1 : CellText.Key(row[columns[i]], buffer[start..]);
            if (written < 0)
            {
                // An address that long is hashed into the room that is left, so that only equal ones are equal.
                return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', Texts(row, columns))), buffer);
            }

            if (i > 0)
            {
                buffer[at] = 0x1f;
            }

            blank &= written == 0;
            at = start + written;
        }

        return blank ? 0 : at;
    }

    private static string[] Texts(in CsvCells row, int[] columns)
    {
        string[] texts = new string[columns.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = CellText.Key(row.Text(columns[i]));
        }

        return texts;
    }

    private static int Number(int number, Span<byte> buffer) => number.TryFormat(buffer, out int written, default, CultureInfo.InvariantCulture) ? written : -1;

    // Mixed radix would overflow with many criteria: the code is a hash, and the values settle which cell it is.
    private static int CellOf(Dictionary<CellCode, int> codes, ColumnValues[] values, int criteria, ulong code)
    {
        for (int probe = 0; ; probe++)
        {
            CellCode at = new(code, probe);
            if (!codes.TryGetValue(at, out int cell))
            {
                cell = codes[at] = codes.Count;
                for (int i = 0; i < criteria; i++)
                {
                    values[i].OfCell.Add(values[i].Last);
                }

                return cell;
            }

            bool same = true;
            for (int i = 0; i < criteria && same; i++)
            {
                same = values[i].OfCell[cell] == values[i].Last;
            }

            if (same)
            {
                return cell;
            }
        }
    }

    private static (IReadOnlyList<(string Place, IReadOnlyList<string> Values)> Keys, int[] Position) Sorted(Dictionary<CellCode, int> codes, ColumnValues[] values, int criteria, bool places)
    {
        (string Place, IReadOnlyList<string> Values)[] keys = [.. Enumerable.Range(0, codes.Count).Select(cell =>
        {
            string[] names = [.. Enumerable.Range(0, criteria).Select(i => values[i].Names[values[i].OfCell[cell]])];
            return places ? (names[0], (IReadOnlyList<string>)names[1..]) : ("", names);
        })];
        int[] order = [.. Enumerable.Range(0, keys.Length).OrderBy(cell => string.Join('\u001f', keys[cell].Values.Prepend(keys[cell].Place)), CodePoints.Instance)];
        int[] position = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            position[order[i]] = i;
        }

        return ([.. order.Select(cell => keys[cell])], position);
    }

    private readonly record struct CellCode(ulong Code, int Probe);

    /// <summary>The distinct values of a column: equal without regard to case and outer spaces.</summary>
    private sealed class ColumnValues
    {
        private readonly Dictionary<string, int> byKey = new(StringComparer.Ordinal);
        private readonly Dictionary<byte[], int> byBytes = new(Bytes.Instance);

        public List<string> Names { get; } = [];

        public List<int> OfCell { get; } = [];

        public int Last { get; private set; }

        public int Of(ReadOnlySpan<byte> cell)
        {
            Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> known = byBytes.GetAlternateLookup<ReadOnlySpan<byte>>();
            if (known.TryGetValue(cell, out int value))
            {
                return Last = value;
            }

            string name = CellText.Clean(Encoding.UTF8.GetString(cell));
            string key = CellText.Key(name);
            if (!byKey.TryGetValue(key, out value))
            {
                byKey[key] = value = Names.Count;
                Names.Add(name);
            }
            else if (CodePoints.Instance.Compare(name, Names[value]) < 0)
            {
                // Of several spellings the first by code points names the value, whichever row comes first.
                Names[value] = name;
            }

            byBytes[cell.ToArray()] = value;
            return Last = value;
        }
    }

    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Bytes Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }

    /// <summary>Many short byte strings in one piece.</summary>
    private sealed class ByteStore
    {
        private readonly List<int> ends = [];
        private byte[] bytes = new byte[1 << 20];

        public void Add(ReadOnlySpan<byte> text)
        {
            int start = ends.Count == 0 ? 0 : ends[^1];
            if (start + text.Length > bytes.Length)
            {
                Array.Resize(ref bytes, checked(bytes.Length * 2));
            }

            text.CopyTo(bytes.AsSpan(start));
            ends.Add(start + text.Length);
        }

        public int CopyTo(int index, Span<byte> buffer)
        {
            ReadOnlySpan<byte> text = At(index);
            text.CopyTo(buffer);
            return text.Length;
        }

        public string Text(int index) => Encoding.UTF8.GetString(At(index));

        private ReadOnlySpan<byte> At(int index) => bytes.AsSpan((index == 0 ? 0 : ends[index - 1])..ends[index]);
    }
}

/// <summary>Problems of files with a million rows: the first ones, and how many there are.</summary>
internal sealed class RowProblems
{
    private readonly List<SheetProblem> listed = [];

    public IReadOnlyList<SheetProblem> Listed => listed;

    public int Count { get; private set; }

    public void Add(SheetProblem problem)
    {
        Count++;
        if (listed.Count < LargeCsv.MostListed)
        {
            listed.Add(problem);
        }
    }

    public void AddRange(IEnumerable<SheetProblem> problems)
    {
        foreach (SheetProblem problem in problems)
        {
            Add(problem);
        }
    }
}
