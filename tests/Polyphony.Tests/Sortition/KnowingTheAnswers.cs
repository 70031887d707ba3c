using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Pools whose answers can be found by hand.</summary>
public sealed class KnowingTheAnswers
{
    private static readonly (int, int)[] OneOrTwo = [(1, 2), (1, 2)];
    private static readonly SortitionPool K1 = Pools.Of(2, [OneOrTwo, OneOrTwo], "00", "10", "01", "01", "11");
    private static readonly SortitionPool K1Households = Pools.Of(2, [OneOrTwo, OneOrTwo], "00/x", "10", "01/y", "01/y", "11/x");
    private static readonly SortitionPool K2 = Pools.Of(2, [[(1, 2), (0, 2)], [(1, 2), (0, 2)], [(1, 2), (0, 2)]], "000", "011", "101", "110");
    private static readonly SortitionPool K3 = Pools.Of(5, [[(1, 1), (4, 4)], [(4, 4), (1, 1)]], "10", "10", "10", "10", "00", "11", "01");

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    public void K1_gives_a_third_to_four_and_two_thirds_to_the_fifth(LotteryObjective objective) => Gives(K1, objective, 1.0 / 3, 2.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3);

    [Fact]
    public void K1_by_product_gives_the_fifth_three_fifths()
    {
        // Panels {a,e}, {b,c}, {b,d}: with share p of the first, p² (1−p) ((1−p)/2)² is greatest at p = 2/5.
        Gives(K1, LotteryObjective.Nash, 0.4, 0.6, 0.3, 0.3, 0.4);
    }

    [Fact]
    public void K1_by_the_greatest_chance_gives_nobody_more_than_a_half()
    {
        // b is on every panel without a and e, so the greater of p and 1 − p is the greatest chance.
        Assert.Equal(0.5, Lotteries.ChancesOf(Proven(K1, LotteryObjective.Minimax)).Max(), 1e-3);
    }

    [Fact]
    public void K1_by_goldilocks_lies_between()
    {
        // With q = 1 − p for b: 5/2 · q + 2/5 · 2/q is smallest at q = √0.32.
        double q = Math.Sqrt(0.32);
        double[] chances = Lotteries.ChancesOf(Proven(K1, LotteryObjective.Goldilocks));
        Assert.Equal((2.5 * q) + (0.8 / q), (2.5 * chances.Max()) + (0.4 / chances.Min()), 2e-3);
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    [InlineData(LotteryObjective.Minimax)]
    public void K1_with_households_leaves_only_one_lottery_that_is_even(LotteryObjective objective)
    {
        ExactLottery exact = Gives(K1Households, objective, 0, 1, 0.5, 0.5, 0);
        Assert.Equal([0, 4], exact.Uncoverable.SelectMany(type => exact.Types.Types[type].People).Order());
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    [InlineData(LotteryObjective.Minimax)]
    public void K2_gives_certainty_to_one_and_a_third_to_the_others(LotteryObjective objective) => Gives(K2, objective, 1, 1.0 / 3, 1.0 / 3, 1.0 / 3);

    [Fact]
    public void K2_with_exact_quotas_that_may_not_move_has_no_panel_and_no_change_helps()
    {
        QuotaSet[] exact = [.. K2.Criteria.Select(criterion => new QuotaSet(criterion.Name, [criterion.Quotas[0] with { Min = 1, Max = 1, MinFlex = 1, MaxFlex = 1 }, criterion.Quotas[1] with { Min = 0, Max = 2, MinFlex = 0, MaxFlex = 2 }]))];
        LotteryOutcome.NoPanel none = Assert.IsType<LotteryOutcome.NoPanel>(Lotteries.Ask(K2 with { Criteria = exact }));
        Assert.IsType<QuotaFeasibility.Impossible>(none.Feasibility);
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    public void K3_gives_the_least_likely_one_half(LotteryObjective objective)
    {
        // Either both mixed people and three of the four, or all four and the conservative woman: half and half.
        Gives(K3, objective, 0.875, 0.875, 0.875, 0.875, 0.5, 0.5, 0.5);
    }

    [Fact]
    public void K3_by_product_is_six_four_four_and_three_sevenths() => Gives(K3, LotteryObjective.Nash, 6.0 / 7, 6.0 / 7, 6.0 / 7, 6.0 / 7, 4.0 / 7, 4.0 / 7, 3.0 / 7);

    [Fact]
    public void K3_by_the_greatest_chance_gives_nobody_more_than_four_fifths()
    {
        // The mixed panel has chance p: it gives p to two and leaves 1 − p/4 to the four, which meet at 4/5.
        Assert.Equal(0.8, Lotteries.ChancesOf(Proven(K3, LotteryObjective.Minimax)).Max(), 1e-3);
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    [InlineData(LotteryObjective.Minimax)]
    public void K4_leaves_one_person_without_panel_and_gives_the_others_the_same(LotteryObjective objective)
    {
        string[] kinds = ["002", "020", "200", "112", "121", "211"];
        (int, int)[] quota = [(15, 46), (15, 46), (0, 46)];
        SortitionPool pool = Pools.Of(46, [quota, quota, quota], [.. kinds.SelectMany(kind => Enumerable.Repeat(kind, 10)), "222"]);
        Gives(pool, objective, [.. Enumerable.Repeat(46.0 / 60, 60), 0]);
    }

    /// <summary>The shapes of the two published examples: people of three kinds in two criteria, quotas that follow the pool.</summary>
    [Theory]
    [InlineData(200, 20, LotteryObjective.Leximin)]
    [InlineData(200, 20, LotteryObjective.Maximin)]
    [InlineData(200, 20, LotteryObjective.Nash)]
    [InlineData(200, 20, LotteryObjective.Goldilocks)]
    [InlineData(200, 20, LotteryObjective.Minimax)]
    [InlineData(2000, 200, LotteryObjective.Leximin)]
    public void A_pool_in_proportion_gives_everybody_a_tenth(int people, int size, LotteryObjective objective)
    {
        string[] kinds = [.. Enumerable.Repeat("00", people / 2), .. Enumerable.Repeat("01", people * 3 / 10), .. Enumerable.Repeat("11", people / 5)];
        (int, int)[] first = [(size * 4 / 5 - 1, (size * 4 / 5) + 1), (size / 5 - 1, (size / 5) + 1)];
        (int, int)[] second = [((size / 2) - 1, (size / 2) + 1), ((size / 2) - 1, (size / 2) + 1)];
        Gives(Pools.Of(size, [first, second], kinds), objective, [.. Enumerable.Repeat(0.1, people)]);
    }

    private static ExactLottery Gives(SortitionPool pool, LotteryObjective objective, params double[] chances)
    {
        ExactLottery exact = Proven(pool, objective);
        Assert.All(Lotteries.ChancesOf(exact).Zip(chances), pair => Assert.Equal(pair.Second, pair.First, objective is LotteryObjective.Leximin ? 1e-5 : 1e-3));
        return exact;
    }

    private static ExactLottery Proven(SortitionPool pool, LotteryObjective objective)
    {
        ExactLottery exact = Lotteries.Compute(pool, objective).Exact;
        Assert.InRange(exact.Gap, 0, 0.001);
        return exact;
    }
}
