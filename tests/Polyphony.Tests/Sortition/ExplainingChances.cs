using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Why people have the chance that they have, in pools where it can be seen by eye.</summary>
public sealed class ExplainingChances
{
    [Fact]
    public void Many_share_few_places()
    {
        // One seat for six, one for two.
        IReadOnlyList<PanelLimit>[] why = Explain(Pools.Of(2, [[(0, 1), (0, 1)]], "0", "0", "0", "0", "0", "0", "1", "1"));
        Assert.Equal([new PanelLimit(LimitKind.Maximum, 0, 0, 1)], why[0]);
        Assert.Equal([new PanelLimit(LimitKind.Maximum, 0, 1, 1)], why[7]);
    }

    [Fact]
    public void Places_are_kept_for_few()
    {
        IReadOnlyList<PanelLimit>[] why = Explain(Pools.Of(2, [[(0, 2), (1, 2)]], "0", "0", "0", "0", "0", "0", "1", "1"));
        Assert.Empty(why[0]);
        Assert.Equal([new PanelLimit(LimitKind.Minimum, 0, 1, 1)], why[6]);
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    [InlineData(LotteryObjective.Minimax)]
    [InlineData(LotteryObjective.Legacy)]
    public void A_quota_of_one_number_holds_the_many_down_and_keeps_places_for_the_few_by_every_objective(LotteryObjective objective)
    {
        IReadOnlyList<PanelLimit>[] why = Explain(Pools.Of(2, [[(1, 1), (1, 1)]], "0", "0", "0", "0", "0", "0", "1", "1"), objective);
        Assert.Equal([new PanelLimit(LimitKind.Maximum, 0, 0, 1)], why[0]);
        Assert.Equal([new PanelLimit(LimitKind.Minimum, 0, 1, 1)], why[6]);
    }

    [Fact]
    public void Quotas_that_move_nobody_are_no_reason()
    {
        Assert.All(Explain(Pools.Of(2, [[(1, 1), (1, 1)]], "0", "0", "0", "1", "1", "1")), Assert.Empty);
        Assert.All(Explain(Pools.Of(2, [[(0, 2), (0, 2)]], "0", "0", "0", "1")), Assert.Empty);
    }

    [Fact]
    public void Those_on_no_panel_have_no_rules()
    {
        // Nobody of value 0 fits: both places are kept for value 1.
        IReadOnlyList<PanelLimit>[] why = Explain(Pools.Of(2, [[(0, 0), (2, 2)]], "0", "1", "1", "1"));
        Assert.Empty(why[0]);
    }

    [Fact]
    public void One_household_is_one_place()
    {
        // A household of three against two alone, two seats: the household always fills its one.
        IReadOnlyList<PanelLimit>[] why = Explain(Pools.Of(2, [[(0, 2)]], "0/h", "0/h", "0/h", "0"));
        Assert.Equal([new PanelLimit(LimitKind.Households, -1, -1, 1)], why[0]);
    }

    private static IReadOnlyList<PanelLimit>[] Explain(SortitionPool pool, LotteryObjective objective = LotteryObjective.Leximin)
    {
        LotteryOutcome.Computed computed = Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(new LotteryRequest(pool, objective), null, CancellationToken.None, TestContext.Current.CancellationToken));
        ChanceReasons reasons = ChanceReasons.Of(computed.Exact);
        return [.. reasons.SetOf.Select(set => reasons.Sets[set])];
    }
}
