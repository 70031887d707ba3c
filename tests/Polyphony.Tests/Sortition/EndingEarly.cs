using System.Diagnostics;
using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class EndingEarly
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_limit_gives_a_lottery_whose_gap_is_honest(int reports)
    {
        TestChance chance = new(31);
        int ended = 0;
        for (int instance = 0; instance < 150; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            List<int[]> panels = SmallPools.Panels(pool);
            if (panels.Count == 0)
            {
                continue;
            }

            ExactLottery exact = Limited(pool, LotteryObjective.Leximin, reports).Exact;
            double[] best = [.. SmallPools.Leximin(pool.People.Count, panels).Order()];
            double[] chances = [.. Lotteries.ChancesOf(exact).Order()];
            int first = Enumerable.Range(0, best.Length).FirstOrDefault(i => chances[i] < best[i] - 1e-5, -1);
            ended += exact.EndedByLimit ? 1 : 0;
            if (first >= 0)
            {
                Assert.True(exact.EndedByLimit, $"instance {instance}");
                double gap = (best[first] - chances[first]) / best[first];
                Assert.True(gap <= exact.Gap + 1e-5, $"instance {instance}: {gap} away, {exact.Gap} claimed");
            }
        }

        Assert.True(ended > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Another_program_confirms_the_gap_of_a_town(int reports)
    {
        PublishedLottery town = PublishedLottery.Town_of(60, 12, 1);
        LotteryOutcome.Computed computed = Limited(town.Pool, LotteryObjective.Leximin, reports);
        Assert.True(computed.Exact.EndedByLimit);
        Assert.Empty(town.Check(computed.Lottery.Panels, Lotteries.ChancesOf(computed.Exact), computed.Exact.Gap).Refused);
    }

    [Theory]
    [InlineData(LotteryObjective.Maximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    [InlineData(LotteryObjective.Minimax)]
    public void Every_objective_keeps_to_the_limit(LotteryObjective objective)
    {
        SortitionPool pool = Pools.City(200, 30, 3);
        LotteryOutcome.Computed computed = Limited(pool, objective, 0);
        Assert.True(computed.Exact.EndedByLimit);
        Assert.All(computed.Lottery.Panels, panel => Assert.True(pool.IsPanel([.. panel])));
        Assert.True(computed.Exact.Gap > Lotteries.Compute(pool, objective).Exact.Gap);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Cancelling_stops_without_a_result(int reports)
    {
        using CancellationTokenSource stop = new();
        Stopwatch since = new();
        Assert.ThrowsAny<OperationCanceledException>(() => FairLottery.Compute(
            new LotteryRequest(Pools.City(400, 50, 7)),
            new After(reports, () =>
            {
                since.Start();
                stop.Cancel();
            }),
            CancellationToken.None, stop.Token));
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(8), $"{since.Elapsed}");
    }

    private static LotteryOutcome.Computed Limited(SortitionPool pool, LotteryObjective objective, int reports)
    {
        using CancellationTokenSource enough = new();
        return Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(
            new LotteryRequest(pool, objective, 50), new After(reports, enough.Cancel), enough.Token, TestContext.Current.CancellationToken));
    }

    /// <summary>Acts when so many steps were reported.</summary>
    private sealed class After(int reports, Action act) : IProgress<LotteryProgress>
    {
        private int left = reports;

        public void Report(LotteryProgress value)
        {
            if (left-- == 0)
            {
                act();
            }
        }
    }
}
