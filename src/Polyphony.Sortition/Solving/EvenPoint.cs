namespace Polyphony.Sortition.Solving;

/// <summary>The most even chances between limits: maximises Σ log πₚ over all coverable people p, within the quota polytope.</summary>
/// <remarks>A primal-dual interior-point method (Nocedal and Wright, "Numerical Optimization", 2006, chapter 19). The objective is separable and there are
/// few rows but those of household groups, of which each type is in one at most: they are eliminated first, so each step costs one small Cholesky factorisation. What it returns only proposes: the optimum is proven by multipliers, see
/// <see cref="Multipliers"/>.</remarks>
internal static class EvenPoint
{
    /// <summary>Finds the point.</summary>
    /// <param name="table">The pool.</param>
    /// <param name="coverable">Types that some panel can hold; the others have no seats.</param>
    /// <param name="cuts">Cuts to keep.</param>
    /// <param name="least">The least chance of anybody coverable.</param>
    /// <param name="greatest">The greatest chance of anybody.</param>
    /// <param name="enough">Ends the method with the point that it has come to.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Expected seats for each type; null when the method found no way inside.</returns>
    public static double[]? Find(TypeTable table, bool[] coverable, IReadOnlyList<PanelCut> cuts, double least, double greatest, CancellationToken enough, CancellationToken cancellationToken)
    {
        int[] free = [.. Enumerable.Range(0, table.Count).Where(t => coverable[t])];
        int heads = 1 + table.Min.Length + cuts.Count;
        int rows = heads + table.Households.Length;
        int n = free.Length;

        // Variables: the seats of each type, then the value of each row.
        int total = n + rows;
        double[] low = new double[total];
        double[] high = new double[total];
        (int Row, double Weight)[][] columns = new (int, double)[n][];
        for (int i = 0; i < n; i++)
        {
            int t = free[i];
            low[i] = Math.Min(least * table.People[t], table.Capacity[t] * (1 - 1e-9));
            high[i] = Math.Min(table.Capacity[t], greatest * table.People[t]);
            List<(int, double)> column = [(0, 1)];
            foreach (int row in table.Rows[t])
            {
                column.Add((1 + row, 1));
            }

            for (int cut = 0; cut < cuts.Count; cut++)
            {
                if (cuts[cut].Weights[t] != 0)
                {
                    column.Add((1 + table.Min.Length + cut, cuts[cut].Weights[t] / Scale(cuts[cut])));
                }
            }

            if (table.Group[t] >= 0)
            {
                column.Add((heads + table.Group[t], 1));
            }

            columns[i] = [.. column];
        }

        low[n] = high[n] = table.Size;
        for (int row = 0; row < table.Min.Length; row++)
        {
            low[n + 1 + row] = table.Min[row];
            high[n + 1 + row] = table.Max[row];
        }

        for (int group = 0; group < table.Households.Length; group++)
        {
            low[n + heads + group] = -1;
            high[n + heads + group] = table.Households[group];
        }

        for (int cut = 0; cut < cuts.Count; cut++)
        {
            int at = n + 1 + table.Min.Length + cut;
            high[at] = cuts[cut].Bound / Scale(cuts[cut]);
            low[at] = high[at] - (2.0 * table.Size) - 1;
        }

        double[]? found = new Solve(columns, heads, low, high, [.. free.Select(t => (double)table.People[t])]).Run(enough, cancellationToken);
        if (found is null)
        {
            return null;
        }

        double[] seats = new double[table.Count];
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            seats[free[i]] = Math.Clamp(found[i], 0, table.Capacity[free[i]]);
            sum += seats[free[i]];
        }

        for (int t = 0; t < seats.Length; t++)
        {
            seats[t] = Math.Min(table.Capacity[t], seats[t] * table.Size / sum);
        }

        return seats;
    }

    private static double Scale(PanelCut cut) => Math.Max(1, cut.Weights.Max(Math.Abs));

    private sealed class Solve
    {
        private readonly (int Row, double Weight)[][] columns;
        private readonly double[] low;
        private readonly double[] high;
        private readonly double[] importance;
        private readonly int n;
        private readonly int heads;
        private readonly int rows;
        private readonly bool[] given;

        /// <summary>Rows from <paramref name="heads"/> on are household groups: a column has one of them at most, as its last.</summary>
        public Solve((int Row, double Weight)[][] columns, int heads, double[] low, double[] high, double[] importance)
        {
            this.columns = columns;
            this.heads = heads;
            this.low = low;
            this.high = high;
            this.importance = importance;
            n = columns.Length;
            rows = low.Length - n;
            given = [.. low.Select((value, i) => high[i] - value < 1e-9)];
        }

        public double[]? Run(CancellationToken enough, CancellationToken cancellationToken)
        {
            int total = low.Length;
            double[] v = new double[total];
            double[] zl = new double[total];
            double[] zu = new double[total];
            double[] y = new double[rows];
            for (int i = 0; i < total; i++)
            {
                v[i] = given[i] ? high[i] : (low[i] + high[i]) / 2;
                zl[i] = given[i] ? 0 : 1;
                zu[i] = given[i] ? 0 : 1;
            }

            double[] residual = new double[rows];
            double[] gradient = new double[total];
            double[] diagonal = new double[total];
            double[] step = new double[total];
            for (int iteration = 0; iteration < 300; iteration++)
            {
                // Rows: Σ weight · seats − value = 0.
                for (int r = 0; r < rows; r++)
                {
                    residual[r] = -v[n + r];
                }

                for (int i = 0; i < n; i++)
                {
                    foreach ((int row, double weight) in columns[i])
                    {
                        residual[row] += weight * v[i];
                    }
                }

                double gap = 0;
                int sides = 0;
                for (int i = 0; i < total; i++)
                {
                    if (!given[i])
                    {
                        gap += (zl[i] * (v[i] - low[i])) + (zu[i] * (high[i] - v[i]));
                        sides += 2;
                    }
                }

                double mu = gap / Math.Max(1, sides);
                double primal = residual.Select(Math.Abs).DefaultIfEmpty(0).Max();
                double worst = 0;
                for (int i = 0; i < total; i++)
                {
                    double slope = i < n ? -importance[i] / Math.Max(v[i], 1e-300) : 0;
                    double curve = i < n ? importance[i] / (v[i] * v[i]) : 0;
                    double dual = 0;
                    if (i < n)
                    {
                        foreach ((int row, double weight) in columns[i])
                        {
                            dual += weight * y[row];
                        }
                    }
                    else
                    {
                        dual = -y[i - n];
                    }

                    if (given[i])
                    {
                        gradient[i] = 0;
                        diagonal[i] = 0;
                        continue;
                    }

                    double left = v[i] - low[i];
                    double right = high[i] - v[i];
                    gradient[i] = slope - dual - (0.1 * mu / left) + (0.1 * mu / right);
                    worst = Math.Max(worst, Math.Abs(slope - dual - zl[i] + zu[i]));
                    diagonal[i] = curve + (zl[i] / left) + (zu[i] / right);
                }

                cancellationToken.ThrowIfCancellationRequested();
                if ((mu < 1e-10 && primal < 1e-9 && worst < 1e-6) || enough.IsCancellationRequested)
                {
                    return v;
                }

                double[] dy = Newton(diagonal, gradient, residual);
                double primalStep = 1;
                double dualStep = 1;
                double[] dl = new double[total];
                double[] du = new double[total];
                for (int i = 0; i < total; i++)
                {
                    if (given[i])
                    {
                        step[i] = 0;
                        continue;
                    }

                    double dual = 0;
                    if (i < n)
                    {
                        foreach ((int row, double weight) in columns[i])
                        {
                            dual += weight * dy[row];
                        }
                    }
                    else
                    {
                        dual = -dy[i - n];
                    }

                    step[i] = (dual - gradient[i]) / diagonal[i];
                    double left = v[i] - low[i];
                    double right = high[i] - v[i];
                    dl[i] = ((0.1 * mu) - (zl[i] * step[i])) / left - zl[i];
                    du[i] = ((0.1 * mu) + (zu[i] * step[i])) / right - zu[i];
                    primalStep = Math.Min(primalStep, step[i] < 0 ? -0.995 * left / step[i] : step[i] > 0 ? 0.995 * right / step[i] : 1);
                    dualStep = Math.Min(dualStep, dl[i] < 0 ? -0.995 * zl[i] / dl[i] : 1);
                    dualStep = Math.Min(dualStep, du[i] < 0 ? -0.995 * zu[i] / du[i] : 1);
                }

                // A separable log objective is steep: equal steps keep primal and dual together.
                double common = Math.Min(primalStep, dualStep);
                for (int i = 0; i < total; i++)
                {
                    v[i] += common * step[i];
                    if (!given[i])
                    {
                        // Nearer to a limit than its last digit there would be no distance left to divide by.
                        double digit = 1e-13 * Math.Max(1, Math.Max(Math.Abs(low[i]), Math.Abs(high[i])));
                        v[i] = Math.Clamp(v[i], low[i] + digit, high[i] - digit);
                    }

                    zl[i] += common * dl[i];
                    zu[i] += common * du[i];
                }

                for (int r = 0; r < rows; r++)
                {
                    y[r] += common * dy[r];
                }

                if (double.IsNaN(mu) || double.IsNaN(common))
                {
                    return null;
                }

                if (iteration == 299)
                {
                    return primal < 1e-6 ? v : null;
                }
            }

            return null;
        }

        /// <summary>The reduced system (E D⁻¹ Eᵀ) dy = residual-part. Among themselves groups are a diagonal, which is eliminated before the rest is factorised.</summary>
        private double[] Newton(double[] diagonal, double[] gradient, double[] residual)
        {
            double[,] matrix = new double[heads, heads];
            double[,] beside = new double[rows - heads, heads];
            double[] own = new double[rows];
            double[] side = new double[rows];
            for (int r = 0; r < rows; r++)
            {
                side[r] = -residual[r];
                own[r] = 1e-14;
                if (!given[n + r])
                {
                    own[r] += 1 / diagonal[n + r];
                    side[r] -= gradient[n + r] / diagonal[n + r];
                }
            }

            for (int i = 0; i < n; i++)
            {
                if (given[i])
                {
                    continue;
                }

                double inverse = 1 / diagonal[i];
                foreach ((int row, double weight) in columns[i])
                {
                    side[row] += weight * gradient[i] * inverse;
                    foreach ((int other, double second) in columns[i])
                    {
                        double product = weight * second * inverse;
                        if (row == other)
                        {
                            own[row] += product;
                        }
                        else if (row < heads && other < heads)
                        {
                            matrix[row, other] += product;
                        }
                        else if (other < heads)
                        {
                            beside[row - heads, other] += product;
                        }
                    }
                }
            }

            double[] head = side[..heads];
            for (int r = 0; r < heads; r++)
            {
                matrix[r, r] = own[r];
            }

            for (int group = 0; group < rows - heads; group++)
            {
                for (int r = 0; r < heads; r++)
                {
                    double factor = beside[group, r] / own[heads + group];
                    if (factor != 0)
                    {
                        head[r] -= factor * side[heads + group];
                        for (int other = 0; other < heads; other++)
                        {
                            matrix[r, other] -= factor * beside[group, other];
                        }
                    }
                }
            }

            double[] dy = [.. Cholesky(matrix, head), .. side[heads..]];
            for (int group = 0; group < rows - heads; group++)
            {
                for (int r = 0; r < heads; r++)
                {
                    dy[heads + group] -= beside[group, r] * dy[r];
                }

                dy[heads + group] /= own[heads + group];
            }

            return dy;
        }

        private static double[] Cholesky(double[,] matrix, double[] side)
        {
            int m = side.Length;
            double[] x = [.. side];
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = matrix[i, j];
                    for (int k = 0; k < j; k++)
                    {
                        sum -= matrix[i, k] * matrix[j, k];
                    }

                    // A row that says nothing new gets no multiplier.
                    matrix[i, j] = i == j ? (sum > 1e-13 * Math.Abs(matrix[i, i]) ? Math.Sqrt(sum) : 1e64) : sum / matrix[j, j];
                }
            }

            for (int i = 0; i < m; i++)
            {
                for (int k = 0; k < i; k++)
                {
                    x[i] -= matrix[i, k] * x[k];
                }

                x[i] /= matrix[i, i];
            }

            for (int i = m - 1; i >= 0; i--)
            {
                for (int k = i + 1; k < m; k++)
                {
                    x[i] -= matrix[k, i] * x[k];
                }

                x[i] /= matrix[i, i];
            }

            return x;
        }
    }
}
