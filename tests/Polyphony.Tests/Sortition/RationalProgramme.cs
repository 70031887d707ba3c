using System.Numerics;

namespace Polyphony.Tests.Sortition;

/// <summary>max c·x over A x ≤ b, x ≥ 0 in exact arithmetic: two phases, Bland's rule, and integer pivoting (Edmonds), so that no fraction is ever rounded.</summary>
internal sealed class RationalProgramme
{
    private readonly int columns;
    private readonly BigInteger[][] cells;
    private readonly int[] basis;
    private readonly bool[] flipped;
    private BigInteger pivot = BigInteger.One;

    private RationalProgramme(int[][] rows, BigInteger[] sides)
    {
        // Columns: variables, one slack a row, one artificial a row, the side.
        int variables = rows[0].Length;
        columns = variables + (2 * rows.Length);
        cells = new BigInteger[rows.Length + 1][];
        basis = new int[rows.Length];
        flipped = new bool[rows.Length];
        for (int r = 0; r < rows.Length; r++)
        {
            flipped[r] = sides[r].Sign < 0;
            int sign = flipped[r] ? -1 : 1;
            BigInteger[] row = new BigInteger[columns + 1];
            for (int c = 0; c < variables; c++)
            {
                row[c] = sign * rows[r][c];
            }

            row[variables + r] = sign;
            row[columns] = sign * sides[r];
            if (flipped[r])
            {
                row[variables + rows.Length + r] = 1;
            }

            basis[r] = flipped[r] ? variables + rows.Length + r : variables + r;
            cells[r] = row;
        }

        cells[^1] = new BigInteger[columns + 1];
    }

    /// <summary>Solves.</summary>
    /// <returns>The optimum as a fraction, and which rows have a positive multiplier there; null when nothing meets the rows.</returns>
    public static (BigInteger Numerator, BigInteger Denominator, bool[] Tight)? Maximise(int[] objective, int[][] rows, BigInteger[] sides)
    {
        RationalProgramme programme = new(rows, sides);
        int artificial = objective.Length + rows.Length;
        if (programme.flipped.Contains(true))
        {
            programme.Price(column => column >= artificial ? -1 : 0);
            programme.Climb(programme.columns);
            if (!programme.cells[^1][programme.columns].IsZero)
            {
                return null;
            }
        }

        programme.Price(column => column < objective.Length ? objective[column] : 0);
        programme.Climb(artificial);
        return (
            programme.cells[^1][programme.columns], programme.pivot,
            [.. Enumerable.Range(0, rows.Length).Select(row => programme.cells[^1][objective.Length + row].Sign != 0)]);
    }

    /// <summary>The last row: what the basis pays for a column less what the column is worth, times the common denominator.</summary>
    private void Price(Func<int, int> worth)
    {
        BigInteger[] last = new BigInteger[columns + 1];
        for (int c = 0; c < columns; c++)
        {
            last[c] = -worth(c) * pivot;
        }

        for (int r = 0; r < basis.Length; r++)
        {
            int value = worth(basis[r]);
            for (int c = 0; value != 0 && c <= columns; c++)
            {
                last[c] += value * cells[r][c];
            }
        }

        cells[^1] = last;
    }

    private void Climb(int allowed)
    {
        while (true)
        {
            BigInteger[] last = cells[^1];
            int enter = Array.FindIndex(last, 0, allowed, cell => cell.Sign < 0);
            if (enter < 0)
            {
                return;
            }

            int leave = -1;
            for (int r = 0; r < basis.Length; r++)
            {
                // An artificial variable that has stayed at zero must not grow again.
                bool stuck = basis[r] >= columns - basis.Length && allowed < columns && cells[r][enter].Sign < 0;
                if (cells[r][enter].Sign > 0 || stuck)
                {
                    if (stuck)
                    {
                        leave = r;
                        break;
                    }

                    int compare = leave < 0 ? -1 : (cells[r][columns] * cells[leave][enter]).CompareTo(cells[leave][columns] * cells[r][enter]);
                    leave = compare < 0 || (compare == 0 && basis[r] < basis[leave]) ? r : leave;
                }
            }

            if (leave < 0)
            {
                throw new InvalidOperationException("unbounded");
            }

            Turn(leave, enter);
        }
    }

    private void Turn(int leave, int enter)
    {
        BigInteger[] row = cells[leave];
        BigInteger with = row[enter];
        for (int r = 0; r < cells.Length; r++)
        {
            BigInteger factor = cells[r][enter];
            if (r == leave)
            {
                continue;
            }

            BigInteger[] other = cells[r];
            for (int c = 0; c <= columns; c++)
            {
                if (!other[c].IsZero || (!factor.IsZero && !row[c].IsZero))
                {
                    other[c] = ((other[c] * with) - (factor * row[c])) / pivot;
                }
            }
        }

        pivot = with;
        basis[leave] = enter;
        if (pivot.Sign < 0)
        {
            foreach (BigInteger[] each in cells)
            {
                for (int c = 0; c <= columns; c++)
                {
                    each[c] = -each[c];
                }
            }

            pivot = -pivot;
        }
    }
}
