using Google.OrTools.LinearSolver;

namespace Polyphony.Sortition.Solving;

/// <summary>Between which chances the objectives lie that look at the least and the most likely alone.</summary>
internal static class ChanceLimits
{
    /// <summary>The optimal least and greatest chance for GOLDILOCKS and MINIMAX, and the slope of the objective there.</summary>
    /// <remarks>1/least is convex and met from below by tangents, so that a short row of linear programmes is exact.</remarks>
    public static (double Least, double Greatest, double[] Slope, double Point, double[] Chances) Find(
        TypeTable table, bool[] coverable, IReadOnlyList<PanelCut> known, LotteryRequest request, CancellationToken enough, CancellationToken cancellationToken)
    {
        double n = table.Types.Pool.People.Count;
        double k = table.Size;
        bool minimax = request.Objective == LotteryObjective.Minimax;
        double low = minimax ? 0 : request.Gamma * k / n;
        double high = minimax ? 1 : n / k;
        using Solver solver = Solver.CreateSolver("GLOP");
        Variable[] chance = new Variable[table.Count];
        Variable least = solver.MakeNumVar(0, 1, "");
        Variable greatest = solver.MakeNumVar(0, 1, "");
        Variable inverse = solver.MakeNumVar(0, double.PositiveInfinity, "");
        Constraint[] above = new Constraint[table.Count];
        Constraint[] below = new Constraint[table.Count];
        Constraint size = solver.MakeConstraint(table.Size, table.Size, "");
        Constraint[] rows = [.. table.Min.Index().Select(row => solver.MakeConstraint(row.Item, table.Max[row.Index], ""))];
        Constraint[] groups = [.. table.Households.Select(households => solver.MakeConstraint(double.NegativeInfinity, households, ""))];
        Constraint[] cuts = [.. known.Select(cut => solver.MakeConstraint(double.NegativeInfinity, cut.Bound, ""))];
        for (int t = 0; t < chance.Length; t++)
        {
            double people = table.People[t];
            chance[t] = solver.MakeNumVar(0, coverable[t] ? table.Capacity[t] / people : 0, "");
            size.SetCoefficient(chance[t], people);
            foreach (int row in table.Rows[t])
            {
                rows[row].SetCoefficient(chance[t], people);
            }

            if (table.Group[t] >= 0)
            {
                groups[table.Group[t]].SetCoefficient(chance[t], people);
            }

            for (int cut = 0; cut < cuts.Length; cut++)
            {
                cuts[cut].SetCoefficient(chance[t], people * known[cut].Weights[t]);
            }

            if (coverable[t])
            {
                above[t] = solver.MakeConstraint(0, double.PositiveInfinity, "");
                above[t].SetCoefficient(chance[t], 1);
                above[t].SetCoefficient(least, -1);
                below[t] = solver.MakeConstraint(double.NegativeInfinity, 0, "");
                below[t].SetCoefficient(chance[t], 1);
                below[t].SetCoefficient(greatest, -1);
            }
        }

        solver.Objective().SetCoefficient(greatest, high);
        solver.Objective().SetCoefficient(inverse, low);
        solver.Objective().SetMinimization();
        double point = k / n;
        double[] slope = new double[table.Count];
        double[] chances = new double[table.Count];
        double m = 0;
        double M = 1;
        for (int round = 0; round < 60; round++)
        {
            // A first fan of tangents keeps the least chance away from zero, where a tangent says nothing.
            for (int fan = 0; fan < (minimax ? 0 : round == 0 ? 16 : 1); fan++)
            {
                double at = point * Math.Pow(0.6, fan);
                Constraint tangent = solver.MakeConstraint(2, double.PositiveInfinity, "");
                tangent.SetCoefficient(inverse, at);
                tangent.SetCoefficient(least, 1 / at);
            }

            if (!solver.Solves(enough, cancellationToken))
            {
                break;
            }

            m = Math.Max(least.SolutionValue(), 1e-12);
            M = greatest.SolutionValue();
            chances = [.. chance.Select(variable => variable.SolutionValue())];
            double alpha = 0;
            double beta = 0;
            double[] up = new double[table.Count];
            double[] down = new double[table.Count];
            for (int t = 0; t < table.Count; t++)
            {
                if (coverable[t])
                {
                    up[t] = Math.Max(0, above[t].DualValue());
                    down[t] = Math.Max(0, -below[t].DualValue());
                    alpha += up[t];
                    beta += down[t];
                }
            }

            for (int t = 0; t < table.Count; t++)
            {
                double gain = minimax || alpha == 0 ? 0 : low * up[t] / alpha / (m * m);
                double loss = beta == 0 ? 0 : high * down[t] / beta;

                // Where gain and loss cancel, what rounding leaves of them is no slope.
                slope[t] = Math.Abs(gain - loss) < 1e-9 * (high + (low / (m * m))) ? 0 : (gain - loss) / table.People[t];
            }

            if (minimax || Math.Abs((1 / m) - inverse.SolutionValue()) * m < 1e-7)
            {
                break;
            }

            point = Math.Max(m, k / n * 1e-4);
        }

        return (m, M, slope, m, chances);
    }
}
