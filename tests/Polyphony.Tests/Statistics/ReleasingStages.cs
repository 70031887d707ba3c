using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Representation;

namespace Polyphony.Tests.Statistics;

public sealed class ReleasingStages
{
    [Fact]
    public void Numbers_are_rounded_and_the_distance_follows_from_them()
    {
        // 28 of 100, 52 of 100 and 20 of 100 against 30, 50 and 20 per cent; shown as 30, 50 and 20.
        ReleasedStage stage = Of(("young", 28, 30), ("middle", 52, 50), ("old", 20, 20));
        Assert.Equal(new ReleasedCell.Rounded(100), stage.People);
        Assert.Equal([30, 50, 20], stage.Values.Select(value => Assert.IsType<ReleasedCell.Rounded>(value.Count).Value));
        Assert.Equal([30, 50, 20], stage.Values.Select(value => value.Percent));
        Assert.Equal(0, stage.Apart);
        Assert.Equal(10, Of(("young", 40, 30), ("middle", 40, 50), ("old", 20, 20)).Apart);
    }

    [Fact]
    public void Whoever_stayed_away_cannot_be_worked_out_from_who_came()
    {
        Random chance = new(20_261_130);
        int hidden = 0;
        for (int trial = 0; trial < 2_000; trial++)
        {
            (string, int, double)[] values = [.. Enumerable.Range(0, chance.Next(2, 6)).Select(v => ($"v{v}", chance.Next(3) == 0 ? chance.Next(8) : chance.Next(60), 1.0))];
            ReleasedStage stage = Of(values);
            foreach ((int v, ReleasedShare share) in stage.Values.Index().Where(pair => values[pair.Index].Item2 < DisclosureGate.SmallCount && stage.People is ReleasedCell.Rounded))
            {
                Assert.Null(share.Percent);
                Assert.Null(stage.Apart);
                hidden++;

                // All values add up to the whole, and still what is shown of the others leaves room for none and for eight.
                int least = Low(stage.People) - stage.Values.Index().Where(other => other.Index != v).Sum(other => High(other.Item.Count));
                int most = High(stage.People) - stage.Values.Index().Where(other => other.Index != v).Sum(other => Low(other.Item.Count));
                Assert.True(least <= 0 && most >= DisclosureGate.SmallCount, $"{string.Join(' ', values)}: {least} to {most}");
            }
        }

        Assert.InRange(hidden, 1_000, 4_000);

        static int Low(ReleasedCell cell) => cell switch { ReleasedCell.Rounded rounded => rounded.Value - 2, ReleasedCell.AtLeast most => most.Value, _ => 0 };
        static int High(ReleasedCell cell) => cell switch { ReleasedCell.Rounded rounded => rounded.Value + 2, ReleasedCell.FewerThan few => few.Limit - 1, _ => 1_000 };
    }

    [Fact]
    public void Where_sizes_are_hidden_only_the_distance_is_told_in_steps_of_five()
    {
        ReleasedStage stage = ReleasedStage.WithoutCounts(FunnelStage.Attended, Representativeness.Of("criterion", [("woman", 52, 45), ("man", 43, 55)]));
        Assert.Equal(new ReleasedCell.Rounded(95), stage.People);
        Assert.All(stage.Values, value => Assert.Equal(new ReleasedCell.Withheld(WithheldReasons.Protected), value.Count));
        Assert.Equal(10, stage.Apart);
        Assert.Null(ReleasedStage.WithoutCounts(FunnelStage.Attended, Representativeness.Of("criterion", [("woman", 20, 45), ("man", 20, 55)])).Apart);
        Assert.IsType<ReleasedCell.Withheld>(ReleasedStage.WithoutCounts(FunnelStage.Attended, Representativeness.Of("criterion", [("woman", 4, 45), ("man", 4, 55)])).People);
    }

    [Fact]
    public void Of_a_stage_with_few_people_nothing_is_shown()
    {
        ReleasedStage stage = Of(("woman", 5, 50), ("man", 4, 50));
        Assert.Equal(new ReleasedCell.Withheld(WithheldReasons.FewBallots), stage.People);
        Assert.All(stage.Values, value => Assert.IsType<ReleasedCell.Withheld>(value.Count));
        Assert.Null(stage.Apart);
    }

    private static ReleasedStage Of(params (string, int, double)[] values) => ReleasedStage.Of(FunnelStage.Attended, Representativeness.Of("criterion", values));
}
