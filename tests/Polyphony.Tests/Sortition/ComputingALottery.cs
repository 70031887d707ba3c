using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class ComputingALottery
{
    [Fact]
    public void Every_panel_meets_every_quota_and_keeps_households_apart()
    {
        SortitionPool pool = Pools.City(400, 50, 7);
        UniformLottery lottery = Compute(pool, 200);
        Assert.Equal(200, lottery.Panels.Count);
        Assert.All(lottery.Panels, panel => Assert.True(pool.IsPanel(panel.ToArray())));
    }

    [Fact]
    public void The_chances_add_up_to_the_size_of_the_panel()
    {
        SortitionPool pool = Pools.City(400, 50, 8);
        UniformLottery lottery = Compute(pool, 200);
        Assert.Equal(50 * 200, lottery.Counts.Sum());
    }

    [Fact]
    public void The_least_likely_person_is_within_three_panels_of_the_proven_bound()
    {
        UniformLottery lottery = Compute(Pools.City(800, 100, 1), 1000);
        Assert.True(lottery.LeastChance <= lottery.Bound + 1e-6);
        Assert.True(lottery.LeastChance >= lottery.Bound - 0.003, $"least {lottery.LeastChance}, bound {lottery.Bound}, change {lottery.GreatestChange}");
    }

    [Fact]
    public void Where_everybody_can_have_the_same_chance_the_size_alone_proves_it()
    {
        // Ten of each of four kinds, and a household that changes nothing: 8 of 40.
        string[] people = [.. Enumerable.Range(0, 40).Select(i => $"{i % 2}{i / 2 % 2}" + (i < 2 ? "/h" : ""))];
        SortitionPool pool = Pools.Of(8, [[(3, 5), (3, 5)], [(4, 4), (4, 4)]], people);
        foreach (LotteryObjective objective in (LotteryObjective[])[LotteryObjective.Leximin, LotteryObjective.Maximin])
        {
            ExactLottery exact = Lotteries.Compute(pool, objective, 100).Exact;
            Assert.All(exact.Chances(), chance => Assert.Equal(0.2, chance, 6));
            LevelStep step = Assert.Single(exact.Proof.Levels);
            Assert.Equal(0.2, step.Value, 12);
            Assert.Equal(1, step.Proof.Size);
            Assert.All(step.Proof.Rows.Concat(step.Proof.Groups).Concat(step.Proof.Capacities.Values).Concat(step.Proof.Cuts), multiplier => Assert.Equal(0, multiplier));
            Assert.InRange(LotteryAudit.Of(exact, 1, TestContext.Current.CancellationToken).Gap, 0, 1e-5);
        }
    }

    [Fact]
    public void K1_gives_a_third_to_four_and_two_thirds_to_the_fifth()
    {
        // a child/s, b adult/s, c child/d, d child/d, e adult/d; two people, each value 1 or 2.
        UniformLottery lottery = Compute(Pools.Of(2, [[(1, 2), (1, 2)], [(1, 2), (1, 2)]], "00", "10", "01", "01", "11"), 999);
        Assert.Equal(1.0 / 3, lottery.Bound, 6);
        Assert.Equal([333, 666, 333, 333, 333], lottery.Counts);
    }

    [Fact]
    public void K1_with_households_leaves_two_people_no_panel()
    {
        UniformLottery lottery = Compute(Pools.Of(2, [[(1, 2), (1, 2)], [(1, 2), (1, 2)]], "00/x", "10", "01/y", "01/y", "11/x"), 1000);
        Assert.Equal([0, 4], lottery.Uncoverable);
        Assert.Equal([0, 1000, 500, 500, 0], lottery.Counts);
    }

    [Fact]
    public void K2_gives_one_person_certainty()
    {
        UniformLottery lottery = Compute(Pools.Of(2, [[(1, 2), (0, 2)], [(1, 2), (0, 2)], [(1, 2), (0, 2)]], "000", "011", "101", "110"), 999);
        Assert.Equal([999, 333, 333, 333], lottery.Counts);
    }

    [Fact]
    public void K3_reaches_one_half()
    {
        UniformLottery lottery = Compute(Pools.Of(5, [[(1, 1), (4, 4)], [(4, 4), (1, 1)]], "10", "10", "10", "10", "00", "11", "01"), 1000);
        Assert.Equal(0.5, lottery.LeastChance, 3);
    }

    [Fact]
    public void K4_names_the_person_whom_no_panel_can_contain()
    {
        List<string> people = [];
        string[] kinds = ["002", "020", "200", "112", "121", "211"];
        foreach (string kind in kinds)
        {
            people.AddRange(Enumerable.Repeat(kind, 10));
        }

        people.Add("222");
        (int, int)[] quota = [(15, 46), (15, 46), (0, 46)];
        UniformLottery lottery = Compute(Pools.Of(46, [quota, quota, quota], [.. people]), 600);
        Assert.Equal([60], lottery.Uncoverable);
        Assert.All(lottery.Counts.Take(60), count => Assert.InRange(count, 455, 465));
    }

    [Fact]
    public void The_order_of_the_people_changes_nothing()
    {
        SortitionPool pool = Pools.City(200, 30, 3);
        SortitionPool reversed = pool with { People = [.. pool.People.Reverse()] };
        UniformLottery straight = Compute(pool, 50);
        UniformLottery back = Compute(reversed, 50);
        Assert.Equal(
            straight.Panels.Select(panel => string.Join(' ', panel.Select(person => pool.People[person].Ticket).Order())),
            back.Panels.Select(panel => string.Join(' ', panel.Select(person => reversed.People[person].Ticket).Order())));
    }

    [Fact]
    public void Quotas_that_cannot_be_met_are_refused_with_the_cheapest_change()
    {
        // Nobody is 1 in the second criterion, but one is asked for.
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)], [(1, 2), (1, 2)]], "00", "10", "00");
        LotteryOutcome.NoPanel refused = Assert.IsType<LotteryOutcome.NoPanel>(FairLottery.Compute(new LotteryRequest(pool, LotteryObjective.Leximin, 10), null, CancellationToken.None, TestContext.Current.CancellationToken));
        QuotaFeasibility.Infeasible infeasible = Assert.IsType<QuotaFeasibility.Infeasible>(refused.Feasibility);
        Assert.Equal([new QuotaChange(1, 1, 0, 2)], infeasible.Changes);
    }

    [Fact]
    public void A_lottery_that_is_proven_less_well_than_promised_is_marked_though_no_limit_ended_it()
    {
        LotteryRequest request = new(Pools.City(150, 20, 5), LotteryObjective.Leximin, 50);
        ExactLottery kept = Exact(request);
        Assert.False(kept.EndedByLimit);
        Assert.InRange(kept.Gap, 1e-15, 0.001);
        ExactLottery broken = Exact(request with { Gap = kept.Gap / 2 });
        Assert.Equal((true, kept.Gap), (broken.EndedByLimit, broken.Gap));

        static ExactLottery Exact(LotteryRequest request) =>
            Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(request, null, CancellationToken.None, TestContext.Current.CancellationToken)).Exact;
    }

    [Fact]
    public void It_stops_when_asked()
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsAny<OperationCanceledException>(() => FairLottery.Compute(new LotteryRequest(Pools.City(400, 50, 7)), new Stopper(stop), CancellationToken.None, stop.Token));
    }

    private static UniformLottery Compute(SortitionPool pool, int panels) =>
        Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(new LotteryRequest(pool, LotteryObjective.Leximin, panels), null, CancellationToken.None, TestContext.Current.CancellationToken)).Lottery;

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<LotteryProgress>
    {
        public void Report(LotteryProgress value)
        {
            if (value.Share >= 0.1)
            {
                stop.Cancel();
            }
        }
    }
}
