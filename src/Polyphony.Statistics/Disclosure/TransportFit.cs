namespace Polyphony.Statistics.Disclosure;

/// <summary>Finds a table of whole numbers whose cells, rows and columns all lie within bounds, or says that there is none.</summary>
/// <remarks>
/// A feasible circulation with lower bounds, by augmenting paths (Ahuja, Magnanti, Orlin, "Network Flows", 1993, section 6.7). Tables here have a few dozen cells.
/// </remarks>
internal static class TransportFit
{
    private const int Plenty = 1_000_000_000;

    /// <returns>The table, or <see langword="null"/> when no table fits.</returns>
    public static int[,]? Find((int Low, int High)[] rows, (int Low, int High)[] columns, (int Low, int High)[,] cells)
    {
        var source = rows.Length + columns.Length;
        var sink = source + 1;
        var need = source + 2;
        var give = source + 3;
        var capacity = new int[source + 4, source + 4];
        var owed = 0;
        var possible = true;

        void Edge(int from, int to, (int Low, int High) bounds)
        {
            possible &= bounds.Low <= bounds.High;
            capacity[from, to] += bounds.High - bounds.Low;
            capacity[need, to] += bounds.Low;
            capacity[from, give] += bounds.Low;
            owed += bounds.Low;
        }

        for (var r = 0; r < rows.Length; r++)
        {
            Edge(source, r, rows[r]);
            for (var c = 0; c < columns.Length; c++)
                Edge(r, rows.Length + c, cells[r, c]);
        }
        for (var c = 0; c < columns.Length; c++)
            Edge(rows.Length + c, sink, columns[c]);
        capacity[sink, source] = Plenty;
        if (!possible || Push(capacity, need, give) < owed)
            return null;

        var table = new int[rows.Length, columns.Length];
        for (var r = 0; r < rows.Length; r++)
            for (var c = 0; c < columns.Length; c++)
                table[r, c] = cells[r, c].Low + capacity[rows.Length + c, r];
        return table;
    }

    private static int Push(int[,] capacity, int from, int to)
    {
        var nodes = capacity.GetLength(0);
        var before = new int[nodes];
        var queue = new int[nodes];
        var total = 0;
        while (true)
        {
            Array.Fill(before, -1);
            before[from] = from;
            queue[0] = from;
            var tail = 1;
            for (var head = 0; head < tail && before[to] < 0; head++)
            {
                for (var next = 0; next < nodes; next++)
                {
                    if (before[next] >= 0 || capacity[queue[head], next] == 0)
                        continue;
                    before[next] = queue[head];
                    queue[tail++] = next;
                }
            }
            if (before[to] < 0)
                return total;
            var amount = int.MaxValue;
            for (var node = to; node != from; node = before[node])
                amount = Math.Min(amount, capacity[before[node], node]);
            for (var node = to; node != from; node = before[node])
            {
                capacity[before[node], node] -= amount;
                capacity[node, before[node]] += amount;
            }
            total += amount;
        }
    }
}
