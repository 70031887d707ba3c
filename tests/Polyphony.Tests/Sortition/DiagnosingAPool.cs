using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Quotas that can be met: who is left out, who is forced, and what holds the least chance down.</summary>
public sealed class DiagnosingAPool
{
    [Fact]
    public void A_maximum_holds_the_many_down()
    {
        // One seat for six, one for two: 1/6 and 1/2. A second seat for the six would take it from the two, whose minimum is 0: then 1/4 for all at most.
        PanelDiagnosis diagnosis = Diagnose(Pools.Of(2, [[(0, 1), (0, 1)]], "0", "0", "0", "0", "0", "0", "1", "1"));
        Assert.Equal(1 / 6.0, diagnosis.Chance, 6);
        Assert.Equal(6, diagnosis.Least);
        HeldDown rule = diagnosis.Rules[0];
        Assert.Equal(new PanelLimit(LimitKind.Maximum, 0, 0, 1), rule.Limit);
        Assert.Equal(1 / 4.0, rule.Chance, 6);
        Assert.Equal(1 / 6.0, rule.Multiplier, 6);
        Assert.Empty(diagnosis.Excluded);
        Assert.Empty(diagnosis.Forced);

        // More of either value only share the same seats.
        Assert.Empty(diagnosis.Groups);
    }

    [Fact]
    public void A_minimum_for_the_few_holds_the_many_down()
    {
        PanelDiagnosis diagnosis = Diagnose(Pools.Of(2, [[(0, 2), (1, 2)]], "0", "0", "0", "0", "0", "0", "1", "1"));
        Assert.Equal(1 / 6.0, diagnosis.Chance, 6);
        Assert.Equal(new PanelLimit(LimitKind.Minimum, 0, 1, 1), diagnosis.Rules[0].Limit);
        Assert.Equal(1 / 4.0, diagnosis.Rules[0].Chance, 6);
    }

    [Fact]
    public void People_who_would_fill_rare_seats_are_asked_for()
    {
        // Two women and two over 60 on a panel of 4, and one woman over 60 only: a second one would fill two rare seats at once, and leave one more to the eight men under 60.
        SortitionPool pool = Pools.Of(4, [[(2, 4), (0, 4)], [(2, 4), (0, 4)]], "00", "01", "01", "10", "10", "11", "11", "11", "11", "11", "11", "11", "11");
        PanelDiagnosis diagnosis = Diagnose(pool);

        // z for each: the woman over 60 always sits, one other woman, one man over 60, and one of eight: 1/8.
        Assert.Equal(1 / 8.0, diagnosis.Chance, 6);
        MorePeople wanted = diagnosis.Groups[0];
        Assert.Equal([0, 0], wanted.Values);
        Assert.Equal(10, wanted.People);

        // Then 23 people for 4 seats, and 4/23 for each keeps all quotas: 13 women get 52/23 of at least 2 seats, and so do those over 60.
        Assert.Equal(4 / 23.0, wanted.Chance, 6);

        // The woman over 60 always sits on average, but is not forced: two women under 60 and two men over 60 are a panel.
        Assert.Empty(diagnosis.Forced);
    }

    [Fact]
    public void Those_left_out_are_explained_by_the_fewest_rules()
    {
        // One woman and one over 60 on a panel of 2; all men but one are over 60.
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)], [(1, 1), (1, 1)]], "00", "11", "00", "11", "01");
        PanelDiagnosis diagnosis = Diagnose(pool);
        Exclusion excluded = Assert.Single(diagnosis.Excluded);
        Assert.Equal(1, excluded.People);
        Assert.Equal(0, diagnosis.Unexplained);
        Assert.True(excluded.Why.Smallest);

        // With her on the panel the other must be a man, and no man is under 60.
        Assert.Equal(2, excluded.Why.Limits.Count);
        Assert.All(excluded.Why.Limits, limit => Assert.NotEqual(LimitKind.Size, limit.Kind));
    }

    [Fact]
    public void Whose_value_is_shut_out_is_out_by_that_alone()
    {
        SortitionPool pool = Pools.Of(2, [[(0, 2), (0, 0)], [(0, 2), (0, 2)]], "00", "01", "00", "10", "11");
        Exclusion excluded = Assert.Single(Diagnose(pool).Excluded);
        Assert.Equal([new PanelLimit(LimitKind.Maximum, 0, 1, 0)], excluded.Why.Limits);
        Assert.Equal(2, excluded.People);
    }

    [Fact]
    public void Parity_leaves_somebody_out_and_takes_many_rules()
    {
        // The fourth known answer of the field, made smaller: two of each of six kinds and one person more, who would need halves.
        PanelDiagnosis diagnosis = Diagnose(Pools.Of(10, [[(3, 10), (3, 10), (0, 10)], [(3, 10), (3, 10), (0, 10)], [(3, 10), (3, 10), (0, 10)]], [.. Pools.Halves, "222"]));
        Exclusion excluded = Assert.Single(diagnosis.Excluded);
        Assert.Equal(1, excluded.People);
        Assert.Equal(7, excluded.Why.Limits.Count);
        Assert.Equal(new PanelLimit(LimitKind.Size, -1, -1, 10), excluded.Why.Limits[^1]);
        Assert.True(excluded.Why.Smallest);
    }

    [Fact]
    public void Those_who_are_on_every_panel_are_forced()
    {
        // K2 of the field: a is on every panel.
        SortitionPool pool = Pools.Of(2, [[(1, 2), (0, 2)], [(1, 2), (0, 2)], [(1, 2), (0, 2)]], "000", "011", "101", "110");
        PanelDiagnosis diagnosis = Diagnose(pool);
        PanelTypes types = PanelTypes.Of(pool);
        Assert.Equal([0], diagnosis.Forced.SelectMany(t => types.Types[t].People));

        // Read as averages the quotas allow one in two for everybody; whole people only one in three. A bound is what it says.
        Assert.Equal(1 / 2.0, diagnosis.Chance, 6);
    }

    [Fact]
    public void The_household_rule_is_among_what_holds_down()
    {
        // Two seats, and four of the five live together: one seat for them, the other is forced. Apart, two in five.
        SortitionPool pool = Pools.Of(2, [[(0, 2), (0, 2)]], "0/h", "0/h", "0/h", "0/h", "1");
        PanelDiagnosis diagnosis = Diagnose(pool);
        Assert.Equal(1 / 4.0, diagnosis.Chance, 6);
        HeldDown rule = Assert.Single(diagnosis.Rules);
        Assert.Equal(LimitKind.Households, rule.Limit.Kind);
        Assert.Equal(2 / 5.0, rule.Chance, 6);
        Assert.Single(diagnosis.Forced);
    }

    private static PanelDiagnosis Diagnose(SortitionPool pool)
    {
        LotteryOutcome outcome = FairLottery.Compute(new LotteryRequest(pool, LotteryObjective.Leximin, 10), null, CancellationToken.None, TestContext.Current.CancellationToken);
        return Assert.IsType<PanelDiagnosis>(PanelDiagnosis.Of(Assert.IsType<LotteryOutcome.Computed>(outcome).Exact, TestContext.Current.CancellationToken));
    }
}
