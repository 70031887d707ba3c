using System.Globalization;
using System.Text;

namespace Polyphony.Sheets;

/// <summary>Numbers names as they come: the same name, the same number. Names that are whole numbers, as programs give them, are found without making text of them.</summary>
public sealed class IdIndex
{
    private const int MostDirect = 1 << 22;

    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);
    private readonly List<string?> names = [];
    private readonly List<int> wholes = [];
    private int[] direct = new int[1024];

    /// <summary>How many there are.</summary>
    public int Count => names.Count;

    /// <summary>A name by its number.</summary>
    public string this[int number] => names[number] ??= wholes[number].ToString(CultureInfo.InvariantCulture);

    /// <summary>The number of a name, a new one if it is new.</summary>
    public int Of(ReadOnlySpan<byte> cell) => Number(cell, add: true);

    /// <summary>The number of a name; −1 when it is unknown.</summary>
    public int Find(ReadOnlySpan<byte> cell) => Number(cell, add: false);

    /// <summary>All names by number.</summary>
    public string[] Names() => [.. Enumerable.Range(0, Count).Select(number => this[number])];

    private int Number(ReadOnlySpan<byte> cell, bool add)
    {
        if (Whole(cell) is >= 0 and int whole)
        {
            if (whole >= direct.Length)
            {
                if (!add)
                {
                    return -1;
                }

                Array.Resize(ref direct, Math.Max(whole + 1, direct.Length * 2));
            }

            if (direct[whole] == 0 && add)
            {
                names.Add(null);
                wholes.Add(whole);
                direct[whole] = names.Count;
            }

            return direct[whole] - 1;
        }

        string name = CellText.Clean(Encoding.UTF8.GetString(cell));
        if (!byName.TryGetValue(name, out int number))
        {
            number = -1;
            if (add)
            {
                number = names.Count;
                names.Add(name);
                wholes.Add(-1);
                byName.Add(name, number);
            }
        }

        return number;
    }

    /// <summary>A whole number as it is written without leading noughts; −1 for anything else.</summary>
    private static int Whole(ReadOnlySpan<byte> cell)
    {
        if (cell.Length is 0 or > 7 || (cell[0] == '0' && cell.Length > 1))
        {
            return -1;
        }

        int number = 0;
        foreach (byte c in cell)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + (c - '0');
        }

        return number < MostDirect ? number : -1;
    }
}
