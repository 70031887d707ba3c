using Polyphony.Sortition;
using Polyphony.Sortition.Solving;

namespace Polyphony.Tests.Sortition;

/// <summary>Where nearly every household is a kind of its own, a lottery without households is shared out in turns.</summary>
public sealed class TakingTurns
{
    [Fact]
    public void Of_small_pools_the_turns_are_the_fairest_lottery_with_households()
    {
        TestChance chance = new(77);
        int shared = 0;
        for (int instance = 0; instance < 400; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            PanelTypes types = PanelTypes.Of(pool);
            List<int[]> panels = SmallPools.Panels(pool);
            if (types.Groups.Count == 0 || panels.Count == 0)
            {
                continue;
            }

            ExactLottery alone = Lotteries.Compute(HouseholdTurns.Alone(PanelTypes.Of(pool), [])).Exact;
            if (HouseholdTurns.Share(new TypeTable(types), alone, new LotteryRequest(pool), new HashSet<int>(), TestContext.Current.CancellationToken) is not { } exact)
            {
                continue;
            }

            shared++;
            double[] best = [.. SmallPools.Leximin(pool.People.Count, panels).Order()];
            double[] chances = [.. Lotteries.ChancesOf(exact).Order()];
            Assert.All(best.Zip(chances), pair => Assert.Equal(pair.First, pair.Second, 5e-6));
            Assert.Equal(ExactLottery.TotalWeight, exact.Weights.Sum());
            Assert.Equal((true, true, true), LotteryAudit.Of(exact, 1, TestContext.Current.CancellationToken) is { } audit ? (audit.PanelsHold, audit.UncoverableHold == true, audit.Gap < 1e-3) : default);
        }

        Assert.InRange(shared, 20, 400);
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    public void Of_a_town_of_households_chances_are_those_without_them(LotteryObjective objective)
    {
        SortitionPool pool = Pools.City(2_500, 40, 3, 3);
        PanelTypes types = PanelTypes.Of(pool);
        Assert.True(types.Types.Count >= HouseholdTurns.ManyKinds);
        LotteryOutcome.Computed computed = Lotteries.Compute(pool, objective, 200);
        LotteryOutcome.Computed alone = Lotteries.Compute(HouseholdTurns.Alone(PanelTypes.Of(pool), []), objective, 200);
        Assert.False(computed.Exact.EndedByLimit);
        Assert.InRange(computed.Exact.Gap, 0, 1e-3);
        Assert.All(Lotteries.ChancesOf(computed.Exact).Zip(Lotteries.ChancesOf(alone.Exact)), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.All(computed.Lottery.Panels, panel => Assert.True(pool.IsPanel([.. panel])));
        Assert.InRange(computed.Lottery.GreatestChange, 0, UniformLottery.ChangeBound(40, 200, types.Types.Count));
        LotteryAudit audit = LotteryAudit.Of(computed.Exact, 1, TestContext.Current.CancellationToken);
        Assert.True(audit.PanelsHold);
        Assert.Equal(computed.Exact.Gap, audit.Gap, 1e-12);

        // So many panels are mixed by turns alone: the search mixes one for each kind at most.
        Assert.True(computed.Exact.Panels.Count > types.Types.Count, $"{computed.Exact.Panels.Count}");
    }

    [Fact]
    public void A_couple_that_sits_together_without_the_rule_is_named_and_kept()
    {
        // Without the rule these two are half of all panels; with it each needs the one who is both.
        SortitionPool pool = Pools.Of(2, [[(0, 2), (1, 2)], [(0, 2), (1, 2)]], "10/a", "01/a", "00", "11");
        PanelTypes types = PanelTypes.Of(pool);
        HashSet<int> meeting = [];
        Assert.Null(HouseholdTurns.Share(
            new TypeTable(types), Lotteries.Compute(HouseholdTurns.Alone(types, [])).Exact, new LotteryRequest(pool), meeting, TestContext.Current.CancellationToken));
        Assert.Equal([0], meeting);
        ExactLottery kept = Lotteries.Compute(HouseholdTurns.Alone(types, meeting)).Exact;
        ExactLottery? shared = HouseholdTurns.Share(new TypeTable(types), kept, new LotteryRequest(pool), meeting, TestContext.Current.CancellationToken);
        Assert.Equal([1.0 / 3, 1.0 / 3, 1.0 / 3, 1.0], Lotteries.ChancesOf(shared!), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.InRange(shared!.Gap, 0, 1e-3);
    }
}
