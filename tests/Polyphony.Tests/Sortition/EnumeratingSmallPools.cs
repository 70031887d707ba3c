using Polyphony.Sortition;
using Polyphony.Sortition.Solving;

namespace Polyphony.Tests.Sortition;

public sealed class EnumeratingSmallPools
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Leximin_is_what_exact_arithmetic_over_all_panels_says(ulong seed)
    {
        TestChance chance = new(seed);
        int lotteries = 0;
        for (int instance = 0; lotteries < 500; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            List<int[]> panels = SmallPools.Panels(pool);
            LotteryOutcome outcome = Lotteries.Ask(pool);
            string which = $"seed {seed}, instance {instance}";
            if (panels.Count == 0)
            {
                Assert.True(outcome is LotteryOutcome.NoPanel, which);
                continue;
            }

            Assert.True(outcome is LotteryOutcome.Computed, which);
            LotteryOutcome.Computed computed = (LotteryOutcome.Computed)outcome;
            lotteries++;
            double[] best = SmallPools.Leximin(pool.People.Count, panels);
            double[] chances = Lotteries.ChancesOf(computed.Exact);
            double error = chances.Zip(best, (has, should) => Math.Abs(has - should)).Max();
            Assert.True(error < 1e-5, $"{which}: error {error}, {string.Join(' ', chances)} for {string.Join(' ', best)}");
            Assert.True(computed.Exact.Gap <= 0.001, $"{which}: gap {computed.Exact.Gap}");
            Assert.True(computed.Exact.Uncoverable.SelectMany(type => computed.Exact.Types.Types[type].People).Order().SequenceEqual(
                Enumerable.Range(0, best.Length).Where(person => best[person] == 0)), which);

            // What is called proven must be true: no bound below what is reached, and everybody is settled in the end.
            bool[] coverable = Lotteries.CoverableTypes(computed.Exact);
            IReadOnlyList<(double Bound, double Least)> bounds = computed.Exact.Proof.LevelBounds(computed.Exact.Types, computed.Exact.Chances(), coverable);
            Assert.True(bounds[0].Bound >= best.Where(value => value > 0).Min() - 1e-9, which);
            Assert.True(bounds.All(level => level.Bound >= level.Least - 2e-6), $"{which}: {string.Join(' ', bounds)}");
            Assert.True(computed.Exact.Proof.Levels.SelectMany(step => step.Settled).Order().SequenceEqual(Enumerable.Range(0, coverable.Length).Where(type => coverable[type])), which);
            Assert.All(computed.Lottery.Panels, panel => Assert.True(SmallPools.Keeps(pool, [.. panel]), which));
        }
    }

    [Fact]
    public void A_set_of_people_is_a_panel_exactly_when_every_rule_is_kept()
    {
        TestChance chance = new(5);
        int panels = 0;
        for (int instance = 0; instance < 200; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            for (int attempt = 0; attempt < 50; attempt++)
            {
                int[] people = [.. Enumerable.Range(0, pool.Size + (chance.Below(8) == 0 ? 1 : 0)).Select(_ => chance.Below(pool.People.Count))];
                bool keeps = SmallPools.Keeps(pool, people);
                panels += keeps ? 1 : 0;
                Assert.Equal(keeps, pool.IsPanel(people));
            }
        }

        Assert.True(panels > 300, $"{panels}");
    }

    [Fact]
    public void Counts_are_a_panel_exactly_when_some_people_make_them_up()
    {
        TestChance chance = new(7);
        int kept = 0;
        int refused = 0;
        for (int instance = 0; instance < 200; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            TypeTable table = new(PanelTypes.Of(pool));
            int[] typeOf = new int[pool.People.Count];
            foreach ((int type, PersonType kind) in table.Types.Types.Index())
            {
                foreach (int person in kind.People)
                {
                    typeOf[person] = type;
                }
            }

            HashSet<string> all = [.. SmallPools.Panels(pool).Select(panel => string.Join(' ', Counts(panel)))];
            for (int attempt = 0; attempt < 60; attempt++)
            {
                int[] counts = Counts([.. Enumerable.Range(0, pool.Size + (chance.Below(8) == 0 ? 1 : 0)).Select(_ => chance.Below(pool.People.Count))]);
                bool makes = all.Contains(string.Join(' ', counts));
                kept += makes ? 1 : 0;
                refused += makes ? 0 : 1;
                Assert.Equal(makes, table.IsPanel(counts));
            }

            int[] Counts(int[] people)
            {
                int[] counts = new int[table.Count];
                foreach (int person in people)
                {
                    counts[typeOf[person]]++;
                }

                return counts;
            }
        }

        Assert.True(kept > 300 && refused > 300, $"{kept} {refused}");
    }

    [Fact]
    public void Any_multipliers_bound_every_panel()
    {
        TestChance chance = new(6);
        double nearest = double.PositiveInfinity;
        for (int instance = 0; instance < 300; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            List<int[]> panels = SmallPools.Panels(pool);
            if (panels.Count == 0)
            {
                continue;
            }

            PanelTypes types = PanelTypes.Of(pool);
            int[] typeOf = new int[pool.People.Count];
            foreach ((int type, PersonType kind) in types.Types.Index())
            {
                foreach (int person in kind.People)
                {
                    typeOf[person] = type;
                }
            }

            bool[] coverable = [.. types.Types.Select(type => panels.Exists(panel => panel.Contains(type.People[0])))];
            long[] cutWeights = [.. types.Types.Select(_ => (long)chance.Below(9) - 4)];
            PanelCut cut = new(cutWeights, panels.Max(panel => panel.Sum(person => cutWeights[typeOf[person]])));
            for (int attempt = 0; attempt < 5; attempt++)
            {
                Multipliers multipliers = new(
                    Real(), [.. types.Rows.Select(_ => chance.Below(2) * Real())], [.. types.Groups.Select(_ => chance.Below(2) * Math.Abs(Real()))],
                    types.Types.Index().Where(_ => chance.Below(3) == 0).ToDictionary(type => type.Index, _ => Math.Abs(Real())), [chance.Below(2) * Math.Abs(Real())]);
                double[] weights = multipliers.WeightsOf(types, [cut]);
                double bound = multipliers.BoundOf(types, [cut], weights, coverable);
                double heaviest = panels.Max(panel => panel.Sum(person => Math.Max(0, weights[typeOf[person]])));
                Assert.True(heaviest <= bound + 1e-9, $"instance {instance}: {heaviest} above {bound}");
                nearest = Math.Min(nearest, bound - heaviest);
            }
        }

        Assert.True(nearest < 1e-9, "A bound that is never reached proves nothing.");

        double Real() => (chance.Below(2001) - 1000) / 500.0;
    }
}
