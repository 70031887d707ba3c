namespace Polyphony.Sortition.Invitations;

/// <summary>What a draw of letters gave.</summary>
/// <param name="Rows">Rows drawn, in the order of the draw.</param>
/// <param name="Drawn">Letters of each cell.</param>
/// <param name="SameHousehold">Rows passed over because their household had a letter already.</param>
public sealed record LetterDrawing(IReadOnlyList<int> Rows, IReadOnlyList<long> Drawn, int SameHousehold);

/// <summary>Goes down the order of the draw and gives each row its letter while its cell has one left and its household none yet.</summary>
public static class LetterDraw
{
    /// <summary>Draws.</summary>
    /// <remarks>One order for all cells, so that no cell comes before another where two share a household.</remarks>
    /// <param name="order">Rows, first drawn first; see <see cref="RegisterTickets.Order"/>.</param>
    /// <param name="cells">Each row's cell; −1 for a row that cannot be drawn.</param>
    /// <param name="letters">Letters of each cell.</param>
    /// <param name="households">Each row's household, 0 for one of its own; see <see cref="RegisterTickets.Households"/>.</param>
    /// <param name="served">Households that had a letter before.</param>
    /// <returns>The letters; a cell may get fewer than it should when its rows run out.</returns>
    public static LetterDrawing Draw(ReadOnlySpan<int> order, int[] cells, IReadOnlyList<long> letters, UInt128[] households, IEnumerable<UInt128> served)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(letters);
        ArgumentNullException.ThrowIfNull(households);
        HashSet<UInt128> with = [.. served];
        long[] left = [.. letters];
        long open = left.Sum();
        List<int> drawn = new((int)open);
        int same = 0;
        foreach (int row in order)
        {
            if (open == 0)
            {
                break;
            }

            int cell = cells[row];
            if (cell < 0 || left[cell] == 0)
            {
                continue;
            }

            if (households[row] != UInt128.Zero && !with.Add(households[row]))
            {
                same++;
                continue;
            }

            left[cell]--;
            open--;
            drawn.Add(row);
        }

        return new LetterDrawing(drawn, [.. letters.Select((planned, i) => planned - left[i])], same);
    }
}
