using Google.OrTools.LinearSolver;
using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Every objective against what can be found with all panels written down.</summary>
public sealed class ComparingObjectives
{
    private static readonly List<(SortitionPool Pool, List<int[]> Panels, int[] Coverable)> Instances = Generate(200);

    [Fact]
    public void Maximin_gives_the_least_likely_what_leximin_gives()
    {
        foreach ((SortitionPool pool, List<int[]> _, int[] coverable) in Instances)
        {
            double[] maximin = Proven(pool, LotteryObjective.Maximin);
            double[] leximin = Proven(pool, LotteryObjective.Leximin);
            Assert.Equal(coverable.Min(person => leximin[person]), coverable.Min(person => maximin[person]), 1e-4);
        }
    }

    [Fact]
    public void Minimax_is_the_least_greatest_chance_of_all_lotteries()
    {
        foreach ((int index, (SortitionPool pool, List<int[]> panels, int[] coverable)) in Instances.Index())
        {
            ExactLottery exact = Lotteries.Compute(pool, LotteryObjective.Minimax).Exact;
            double greatest = Lotteries.ChancesOf(exact).Max();
            using Bench bench = new(pool, panels, coverable);
            Judge(index, exact.Gap, greatest, bench.LeastGreatest(0));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Goldilocks_is_the_best_trade_of_all_lotteries(double gamma)
    {
        foreach ((int index, (SortitionPool pool, List<int[]> panels, int[] coverable)) in Instances.Index())
        {
            LotteryOutcome outcome = Lotteries.Ask(pool, LotteryObjective.Goldilocks, gamma: gamma);
            Assert.True(outcome is LotteryOutcome.Computed, $"instance {index}: {outcome}; {string.Join(' ', pool.People.Select(person => string.Concat(person.Values) + "/" + person.Household))}; {string.Join(" | ", pool.Criteria.Select(criterion => string.Join(' ', criterion.Quotas.Select(quota => quota.Min + ".." + quota.Max))))}; {pool.Size}");
            ExactLottery exact = ((LotteryOutcome.Computed)outcome).Exact;
            double[] chances = Lotteries.ChancesOf(exact);
            double ratio = (double)pool.People.Count / pool.Size;
            double value = (ratio * chances.Max()) + (gamma / ratio / coverable.Min(person => chances[person]));
            using Bench bench = new(pool, panels, coverable);

            // The least greatest chance is convex in the least chance, hence so is the whole: golden sections close in on its minimum.
            double low = 1e-4;
            double high = bench.GreatestLeast();
            double section = (Math.Sqrt(5) - 1) / 2;
            double left = high - (section * (high - low));
            double right = low + (section * (high - low));
            double atLeft = Value(left);
            double atRight = Value(right);
            double best = Value(high);
            for (int step = 0; step < 28; step++)
            {
                best = Math.Min(best, Math.Min(atLeft, atRight));
                if (atLeft < atRight)
                {
                    (high, right, atRight) = (right, left, atLeft);
                    left = high - (section * (high - low));
                    atLeft = Value(left);
                }
                else
                {
                    (low, left, atLeft) = (left, right, atRight);
                    right = low + (section * (high - low));
                    atRight = Value(right);
                }
            }

            Judge(index, exact.Gap, value, best);

            double Value(double least) => (ratio * bench.LeastGreatest(least)) + (gamma / ratio / least);
        }
    }

    [Fact]
    public void Nash_is_the_greatest_product_of_all_lotteries()
    {
        TestChance chance = new(77);
        foreach ((int index, (SortitionPool pool, List<int[]> panels, int[] coverable)) in Instances.Index())
        {
            ExactLottery exact = Lotteries.Compute(pool, LotteryObjective.Nash).Exact;
            double[] chances = Lotteries.ChancesOf(exact);
            Assert.InRange(exact.Gap, 0, 0.001);

            // No panel's Σ 1/chance may be much more than the number of people: the slope of the objective proves it.
            double steepest = panels.Max(panel => panel.Sum(person => 1 / chances[person]));
            Assert.True(Math.Exp((steepest / coverable.Length) - 1) - 1 <= 0.001, $"instance {index}: {steepest} for {coverable.Length}");
            double logarithm = coverable.Sum(person => Math.Log(chances[person]));
            double[] shares = [.. panels.Select(_ => 1.0 / panels.Count)];
            for (int attempt = 0; attempt < 200; attempt++)
            {
                double[] other = [.. panels.Select(_ => -Math.Log((chance.Below(100_000) + 1) / 100_001.0) * (attempt % 2 == 0 ? 1 : chance.Below(2)) + 1e-9)];
                Assert.True(Product(other) <= logarithm + (coverable.Length * 0.001), $"instance {index}");
            }

            // The multiplicative update climbs to the optimum itself.
            for (int round = 0; round < 400; round++)
            {
                double[] each = ChancesFrom(shares);
                for (int panel = 0; panel < shares.Length; panel++)
                {
                    shares[panel] *= panels[panel].Sum(person => 1 / each[person]) / coverable.Length;
                }
            }

            double better = Math.Exp((Product(shares) - logarithm) / coverable.Length) - 1;
            Assert.True(better <= exact.Gap + 1e-6, $"instance {index}: {better} better, {exact.Gap} claimed");

            double Product(double[] weights)
            {
                double[] each = ChancesFrom(weights);
                return coverable.Sum(person => Math.Log(each[person]));
            }

            double[] ChancesFrom(double[] weights)
            {
                double total = weights.Sum();
                double[] each = new double[pool.People.Count];
                for (int panel = 0; panel < weights.Length; panel++)
                {
                    foreach (int person in panels[panel])
                    {
                        each[person] += weights[panel] / total;
                    }
                }

                return each;
            }
        }
    }

    [Fact]
    public void Legacy_keeps_the_rules_and_proves_nothing()
    {
        int computed = 0;
        foreach ((SortitionPool pool, List<int[]> _, int[] _) in Instances.Take(100))
        {
            LotteryOutcome outcome = Lotteries.Ask(pool, LotteryObjective.Legacy);
            if (outcome is LotteryOutcome.Computed lottery)
            {
                computed++;
                Assert.True(double.IsPositiveInfinity(lottery.Exact.Gap));
                Assert.Empty(lottery.Exact.Proof.Levels);
                Assert.Null(lottery.Exact.Proof.Sum);
                Assert.All(lottery.Lottery.Panels, panel => Assert.True(SmallPools.Keeps(pool, [.. panel])));
            }
            else
            {
                Assert.Equal(new LotteryOutcome.Refused("legacy-found-no-panel"), outcome);
            }
        }

        Assert.True(computed > 60, $"{computed}");
    }

    private static void Judge(int index, double gap, double value, double best)
    {
        Assert.InRange(gap, 0, 0.001);
        Assert.True(value >= best * (1 - 1e-6), $"instance {index}: {value} is better than the best, {best}");
        Assert.True((value - best) / value <= gap + 1e-6, $"instance {index}: {value} for {best}, gap {gap}");
    }

    private static double[] Proven(SortitionPool pool, LotteryObjective objective)
    {
        ExactLottery exact = Lotteries.Compute(pool, objective).Exact;
        Assert.InRange(exact.Gap, 0, 0.001);
        return Lotteries.ChancesOf(exact);
    }

    private static List<(SortitionPool, List<int[]>, int[])> Generate(int count)
    {
        TestChance chance = new(42);
        List<(SortitionPool, List<int[]>, int[])> instances = [];
        while (instances.Count < count)
        {
            SortitionPool pool = SmallPools.Random(chance);
            List<int[]> panels = SmallPools.Panels(pool);
            if (panels.Count > 0)
            {
                instances.Add((pool, panels, [.. Enumerable.Range(0, pool.People.Count).Where(person => panels.Exists(panel => panel.Contains(person)))]));
            }
        }

        return instances;
    }

    /// <summary>Linear programmes over all panels.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly Solver solver = Solver.CreateSolver("GLOP");
        private readonly Variable least;
        private readonly Variable greatest;

        public Bench(SortitionPool pool, List<int[]> panels, int[] coverable)
        {
            least = solver.MakeNumVar(0, 1, "");
            greatest = solver.MakeNumVar(0, 1, "");
            Variable[] shares = [.. panels.Select(_ => solver.MakeNumVar(0, 1, ""))];
            Constraint sum = solver.MakeConstraint(1, 1, "");
            foreach (Variable share in shares)
            {
                sum.SetCoefficient(share, 1);
            }

            foreach (int person in coverable)
            {
                Constraint above = solver.MakeConstraint(0, double.PositiveInfinity, "");
                Constraint below = solver.MakeConstraint(double.NegativeInfinity, 0, "");
                above.SetCoefficient(least, -1);
                below.SetCoefficient(greatest, -1);
                for (int panel = 0; panel < shares.Length; panel++)
                {
                    if (panels[panel].Contains(person))
                    {
                        above.SetCoefficient(shares[panel], 1);
                        below.SetCoefficient(shares[panel], 1);
                    }
                }
            }
        }

        public void Dispose() => solver.Dispose();

        public double GreatestLeast()
        {
            least.SetBounds(0, 1);
            return Solve(-1, 0);
        }

        public double LeastGreatest(double atLeast)
        {
            least.SetBounds(atLeast, 1);
            return Solve(0, 1);
        }

        private double Solve(double ofLeast, double ofGreatest)
        {
            solver.Objective().SetCoefficient(least, ofLeast);
            solver.Objective().SetCoefficient(greatest, ofGreatest);
            solver.Objective().SetMinimization();
            Assert.Equal(Solver.ResultStatus.OPTIMAL, solver.Solve());
            return Math.Abs(solver.Objective().Value());
        }
    }
}
