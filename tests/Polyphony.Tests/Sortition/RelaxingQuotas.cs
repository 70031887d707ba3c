using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Quotas that cannot be met, small enough to know what is wrong with them.</summary>
public sealed class RelaxingQuotas
{
    [Fact]
    public void A_minimum_above_those_who_bear_the_value_is_in_conflict_alone()
    {
        // Two women for three seats of women: lowering costs 1 + 2/3, and no other quota can help.
        Relaxations advice = Advise(Pools.Of(4, [[(3, 4), (0, 4)], [(1, 3), (1, 3)]], "00", "01", "10", "11", "10", "11"));
        ConflictSet conflict = Conflict(advice);
        Assert.Equal([new PanelLimit(LimitKind.Minimum, 0, 0, 3)], conflict.Limits);
        Assert.True(conflict.Smallest);
        Assert.Equal([new QuotaChange(0, 0, 2, 4)], advice.Ranked[0].Changes);
        Assert.Equal(1.667, advice.Ranked[0].Cost, 3);
        Assert.True(advice.Ranked[0].Cheapest);

        // Every other answer lowers the same minimum too.
        Assert.Single(advice.Ranked);
        Assert.True(advice.Complete);
    }

    [Fact]
    public void Maximums_that_leave_a_seat_empty_are_in_conflict_with_the_size()
    {
        // 1 + 2 seats for a panel of 4. Raising either maximum costs 1; or one person fewer, of whom the chance is 3 in 6.
        Relaxations advice = Advise(Pools.Of(4, [[(0, 1), (0, 2)]], "0", "0", "0", "1", "1", "1"));
        Assert.Equal(
            [new PanelLimit(LimitKind.Maximum, 0, 0, 1), new PanelLimit(LimitKind.Maximum, 0, 1, 2), new PanelLimit(LimitKind.Size, -1, -1, 4)], Conflict(advice).Limits);
        Assert.Equal([new QuotaChange(0, 0, 0, 2), new QuotaChange(0, 1, 0, 3)], advice.Ranked.SelectMany(ranked => ranked.Changes).OrderBy(change => change.Value));
        Assert.All(advice.Ranked, ranked => Assert.Equal(1, ranked.Cost));

        // Two of three and two of three: everybody 2/3. One of three and three of three: the least likely 1/3.
        Assert.Equal([1 / 3.0, 2 / 3.0], advice.Ranked.Select(ranked => ranked.Chance!.Value).Order(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.True(advice.Complete);
        PanelOption fewer = Assert.Single(advice.Options, option => option.Kind == OptionKind.OneFewer);
        Assert.True(fewer.Possible);
        Assert.Equal(1 / 3.0, fewer.Chance!.Value, 6);
        Assert.False(Assert.Single(advice.Options, option => option.Kind == OptionKind.OneMore).Possible);
        Assert.DoesNotContain(advice.Options, option => option.Kind is OptionKind.WithoutHouseholds or OptionKind.Merge);
    }

    [Fact]
    public void The_household_rule_is_named_where_it_is_in_the_way()
    {
        // Two women are asked for and there are two, who live together.
        SortitionPool pool = Pools.Of(2, [[(2, 2), (0, 2)]], "0/h", "0/h", "1", "1");
        Relaxations advice = Advise(pool);
        Assert.Equal([new PanelLimit(LimitKind.Minimum, 0, 0, 2), new PanelLimit(LimitKind.Households, -1, -1, 1)], Conflict(advice).Limits);
        PanelOption without = Assert.Single(advice.Options, option => option.Kind == OptionKind.WithoutHouseholds);
        Assert.True(without.Possible);

        // The two women are the panel; the men could then be on none.
        Assert.Equal(1, without.Chance!.Value, 6);
        Assert.Equal(2, without.Outside);
    }

    [Fact]
    public void Two_values_merged_make_room_where_one_is_rare()
    {
        // One of each of three values, and nobody bears the third: merged with a neighbour it is 2 of 2 or 2 of 3.
        SortitionPool pool = Pools.Of(3, [[(1, 1), (1, 1), (1, 1)]], "0", "0", "1", "1", "1");
        Relaxations advice = Advise(pool);
        Assert.Equal([new PanelLimit(LimitKind.Minimum, 0, 2, 1)], Conflict(advice).Limits);
        PanelOption[] merges = [.. advice.Options.Where(option => option.Kind == OptionKind.Merge)];
        Assert.Equal([(0, 2), (1, 2)], merges.Select(option => (option.First, option.Second)).Order());

        // Merged with the first: two of two, one of three; with the second: one of two, two of three.
        Assert.Equal([(1, 1 / 2.0), (0, 1 / 3.0)], merges.Select(option => (option.First, Math.Round(option.Chance!.Value, 9))), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-6);
    }

    [Fact]
    public void Nothing_helps_where_quotas_may_not_bend()
    {
        // The second known answer of the field: with v1 exactly 1 everywhere, and no flex, infeasible also after relaxation.
        SortitionPool pool = Pools.Of(2, [[(1, 1), (0, 2)], [(1, 1), (0, 2)], [(1, 1), (0, 2)]], "000", "011", "101", "110");
        SortitionPool stiff = pool with { Criteria = [.. pool.Criteria.Select(criterion => criterion with { Quotas = [.. criterion.Quotas.Select(quota => quota with { MinFlex = quota.Min, MaxFlex = quota.Max })] })] };
        Relaxations advice = Advise(stiff);
        Assert.Empty(advice.Ranked);
        Assert.True(advice.Complete);
        Assert.IsType<QuotaFeasibility.Impossible>(QuotaFeasibility.Of(PanelTypes.Of(stiff), TestContext.Current.CancellationToken));

        // Where it may bend, one maximum goes up by one, and a sits with one of the others.
        Assert.Equal(1, Advise(pool).Ranked[0].Cost);
        Assert.IsType<QuotaFeasibility.Infeasible>(QuotaFeasibility.Of(PanelTypes.Of(pool), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Quotas_that_can_be_met_need_no_advice()
    {
        Relaxations advice = Advise(Pools.Of(2, [[(1, 1), (1, 1)]], "0", "0", "1"));
        Assert.Null(advice.Conflict);
        Assert.Empty(advice.Ranked);
    }

    [Fact]
    public void Somebody_whom_no_panel_contains_gets_one_by_the_cheapest_change()
    {
        // One woman and one over 60 on a panel of 2, and all men are over 60: the woman over 60 never, unless a maximum gives way and a minimum with it.
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)], [(1, 1), (1, 1)]], "00", "11", "00", "11", "01");
        PanelTypes types = PanelTypes.Of(pool);
        int type = types.Types.Index().Single(t => t.Item.People.Contains(4)).Index;
        Relaxation? relaxation = Relaxations.Including(types, [type], TestContext.Current.CancellationToken);
        Assert.NotNull(relaxation);

        // With a woman of 30: two women (raise one, no man: lower one from 1); with a man over 60: two over 60, likewise. Both cost 1 + 3.
        Assert.Equal(4, relaxation.Cost);
        Assert.True(relaxation.Cheapest);
        Assert.Equal(2, relaxation.Changes.Count);
        SortitionPool relaxed = Relaxations.Changed(pool, relaxation.Changes);
        Assert.True(relaxed.IsPanel([4, 0]) || relaxed.IsPanel([4, 1]));
        Assert.Empty(Relaxations.Including(types, [types.Types.Index().First(t => t.Item.People.Contains(0)).Index], TestContext.Current.CancellationToken)!.Changes);
    }

    [Fact]
    public void Everybody_is_included_by_the_changes_of_few()
    {
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)], [(1, 1), (1, 1), (0, 0)]], "00", "11", "01", "10", "02", "12");
        PanelTypes types = PanelTypes.Of(pool);
        Relaxation? relaxation = Relaxations.Including(types, [.. Enumerable.Range(0, types.Types.Count)], TestContext.Current.CancellationToken);

        // Only the third value is shut out: its maximum up to 1, and one of the other two minimums down from 1.
        Assert.Equal(4, relaxation!.Cost);
        Assert.Equal(0, relaxation.Outside);
        Assert.Contains(new QuotaChange(1, 2, 0, 1), relaxation.Changes);
    }

    [Fact]
    public void The_same_pool_gets_the_same_advice_in_any_order()
    {
        SortitionPool pool = Pools.City(150, 20, 4);
        SortitionPool stiff = pool with { Criteria = [.. pool.Criteria.Index().Select(set => set.Index != 1 ? set.Item : set.Item with { Quotas = [.. set.Item.Quotas.Select(quota => quota with { Max = quota.Min })] })] };
        string one = Words(Advise(stiff));
        Assert.Equal(one, Words(Advise(stiff)));
        Assert.Equal(one, Words(Advise(stiff with { People = [.. stiff.People.Reverse()] })));
    }

    private static string Words(Relaxations advice) => string.Join("; ", advice.Ranked.Select(ranked => string.Join(", ", ranked.Changes) + ranked.Chance)) + string.Join(", ", advice.Conflict?.Limits ?? []) + string.Join(", ", advice.Options);

    private static Relaxations Advise(SortitionPool pool) => Relaxations.Of(PanelTypes.Of(pool), 5, TestContext.Current.CancellationToken);

    private static ConflictSet Conflict(Relaxations advice) => Assert.IsType<ConflictSet>(advice.Conflict);
}
