using System.Collections.Immutable;
using Polyphony.Statistics.Representation;

namespace Polyphony.Tests.Statistics;

public sealed class FollowingTheFunnel
{
    private static readonly FunnelValue[] NorthAges =
    [
        new("16-29", 0.3, [null, 28, 30, 20]),
        new("30-59", 0.5, [null, 52, 50, 50]),
        new("60+", 0.2, [null, 20, 20, 20]),
    ];

    [Fact]
    public void One_site_is_compared_with_its_own_population()
    {
        FunnelOfCriterion age = Funnel.Of([new("N", "age", [.. NorthAges])]).Single();
        Assert.Null(age.Overall.Stages[(int)FunnelStage.Invited]);

        // The reference values of a published goodness-of-fit example: 28, 52, 20 against 30, 50, 20 per cent.
        Representativeness responded = age.Overall.Stages[(int)FunnelStage.Responded]!;
        Assert.Equal(0.213333, responded.ChiSquared!.Value, 6);
        Assert.Equal(0.898825, responded.PValue!.Value, 6);
        Assert.Equal(0.02, responded.TotalVariation!.Value, 12);
        Assert.Equal(0.0, age.Overall.Stages[(int)FunnelStage.Selected]!.TotalVariation!.Value, 12);

        // 90 people came: 27, 45, 18 were expected.
        Representativeness attended = age.Overall.Stages[(int)FunnelStage.Attended]!;
        Assert.Equal((49 / 27.0) + (25 / 45.0) + (4 / 18.0), attended.ChiSquared!.Value, 12);
        Assert.Equal(age.Overall.Stages[1], age.BySite[0].Stages[1]! with { Values = age.Overall.Stages[1]!.Values });
    }

    [Fact]
    public void Over_all_sites_each_is_expected_to_mirror_its_own_population()
    {
        ImmutableArray<FunnelOfCriterion> found = Funnel.Of(
        [
            new("N", "gender", [new("woman", 50, [null, null, 60, null]), new("man", 50, [null, null, 40, null])]),
            new("S", "gender", [new("woman", 40, [null, null, 10, null]), new("man", 60, [null, null, 40, null])]),
        ]);
        FunnelOfCriterion gender = found.Single();
        Representativeness overall = gender.Overall.Stages[(int)FunnelStage.Selected]!;

        // Expected: 50 of 100 and 20 of 50 women; there are 70 of 150. What one site has too many the other has too few.
        Assert.Equal(70, overall.Values[0].Count);
        Assert.Equal(70 / 150.0, overall.Values[0].Target, 12);
        Assert.Equal(0.0, overall.ChiSquared!.Value, 12);
        Assert.Equal((0.1 + 0.2) / 2, gender.MeanVariation(FunnelStage.Selected)!.Value, 12);
        Assert.Equal("S", gender.Furthest(FunnelStage.Selected)!.Site);
        Assert.Null(gender.Furthest(FunnelStage.Attended));
    }

    [Fact]
    public void A_value_of_one_site_only_is_expected_from_there_alone()
    {
        Representativeness overall = Funnel.Of(
        [
            new("N", "region", [new("coast", 1, [null, 30, null, null]), new("hills", 1, [null, 10, null, null])]),
            new("S", "region", [new("coast", 1, [null, 60, null, null])]),
        ]).Single().Overall.Stages[(int)FunnelStage.Responded]!;
        Assert.Equal(["coast", "hills"], overall.Values.Select(value => value.Value));
        Assert.Equal([0.8, 0.2], overall.Values.Select(value => Math.Round(value.Target, 12)));
    }

    [Fact]
    public void A_site_without_targets_is_named_and_left_out()
    {
        FunnelOfCriterion age = Funnel.Of([new("N", "age", [.. NorthAges]), new("S", "age", [new("16-29", null, [null, 5, 5, 5]), new("30-59", 0.5, [null, 5, 5, 5])])]).Single();
        Assert.Equal(["S"], age.Untargeted);
        Assert.Equal(1, age.Overall.Sites);
        Assert.Equal(100, age.Overall.Stages[(int)FunnelStage.Responded]!.People);
        Assert.All(age.BySite[1].Stages, Assert.Null);
    }

    [Fact]
    public void A_site_that_did_not_record_a_stage_takes_no_part_in_it()
    {
        FunnelOfCriterion age = Funnel.Of([new("N", "age", [.. NorthAges]), new("S", "age", [.. NorthAges.Select(value => value with { Counts = [null, 1, 1, null] })])]).Single();
        Assert.Equal(90, age.Overall.Stages[(int)FunnelStage.Attended]!.People);
        Assert.Equal(103, age.Overall.Stages[(int)FunnelStage.Responded]!.People);
    }

    [Fact]
    public void The_order_of_sites_and_the_scale_of_targets_change_nothing()
    {
        FunnelCriterion[] sites = [new("N", "age", [.. NorthAges]), new("S", "age", [.. NorthAges.Select(value => value with { Target = value.Target * 1_000, Counts = [null, 7, 9, 3] })])];
        Representativeness one = Funnel.Of(sites).Single().Overall.Stages[1]!;
        Representativeness other = Funnel.Of([.. sites.Reverse()]).Single().Overall.Stages[1]!;
        Assert.Equal(one.ChiSquared!.Value, other.ChiSquared!.Value, 12);
        Assert.Equal(one.TotalVariation!.Value, other.TotalVariation!.Value, 12);
    }

    [Fact]
    public void Counts_that_contradict_themselves_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Funnel.Of([new("N", "age", [])]));
        Assert.Throws<ArgumentException>(() => Funnel.Of([new("N", "age", [new("a", 1, [1, 2])])]));
        Assert.Throws<ArgumentException>(() => Funnel.Of([new("N", "age", [new("a", 1, [-1, 0, 0, 0])])]));
        Assert.Throws<ArgumentException>(() => Funnel.Of([new("N", "age", [.. NorthAges]), new("N", "age", [.. NorthAges])]));
    }
}
