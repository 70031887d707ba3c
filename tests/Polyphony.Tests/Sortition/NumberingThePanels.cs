using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class NumberingThePanels
{
    [Theory]
    [InlineData(200, 20, 11, 100)]
    [InlineData(200, 30, 12, 1_000)]
    [InlineData(400, 50, 13, 1_000)]
    [InlineData(120, 24, 14, 333)]
    public void Nobodys_chance_changes_more_than_the_bound(int people, int size, ulong seed, int panels)
    {
        LotteryOutcome.Computed computed = Whole(Pools.City(people, size, seed), panels);
        double bound = UniformLottery.ChangeBound(size, panels, computed.Exact.Types.Types.Count);
        Assert.True(computed.Lottery.GreatestChange <= bound, $"{computed.Lottery.GreatestChange} above {bound}");
        TestContext.Current.SendDiagnosticMessage("change {0}, bound {1}", computed.Lottery.GreatestChange, bound);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void Few_and_many_panels_work(int panels)
    {
        LotteryOutcome.Computed computed = Whole(Pools.City(100, 15, 15), panels);
        Assert.True(computed.Lottery.GreatestChange <= UniformLottery.ChangeBound(15, panels, computed.Exact.Types.Types.Count));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(100_001)]
    public void Fewer_or_more_are_refused(int panels) => Assert.Throws<ArgumentOutOfRangeException>(() => Lotteries.Ask(Pools.City(100, 15, 15), panels: panels));

    [Fact]
    public void Small_pools_keep_their_chances_too()
    {
        TestChance chance = new(16);
        for (int instance = 0; instance < 150; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            if (Lotteries.Ask(pool, panels: 1_000) is LotteryOutcome.Computed computed)
            {
                double bound = UniformLottery.ChangeBound(pool.Size, 1_000, computed.Exact.Types.Types.Count);
                Assert.True(computed.Lottery.GreatestChange <= bound, $"instance {instance}: {computed.Lottery.GreatestChange} above {bound}");
            }
        }
    }

    private static LotteryOutcome.Computed Whole(SortitionPool pool, int panels)
    {
        LotteryOutcome.Computed computed = Lotteries.Compute(pool, panels: panels);
        Assert.Equal(panels, computed.Lottery.Panels.Count);
        Assert.Equal(pool.Size * panels, computed.Lottery.Counts.Sum());
        int[] counts = new int[pool.People.Count];
        foreach (IReadOnlyList<int> panel in computed.Lottery.Panels)
        {
            foreach (int person in panel)
            {
                counts[person]++;
            }
        }

        Assert.Equal(counts, computed.Lottery.Counts);
        return computed;
    }
}
