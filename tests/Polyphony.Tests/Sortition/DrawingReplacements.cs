using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class DrawingReplacements
{
    [Fact]
    public void The_quotas_hold_again_and_those_who_left_are_not_drawn()
    {
        SortitionPool pool = Pools.City(500, 60, 21);
        UniformLottery lottery = Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(new LotteryRequest(pool, LotteryObjective.Leximin, 10), null, CancellationToken.None, TestContext.Current.CancellationToken)).Lottery;
        int[] leaving = [.. lottery.Panels[3].Take(7)];
        int[] staying = [.. lottery.Panels[3].Skip(7)];
        ReplacementOutcome.Completed completed = Assert.IsType<ReplacementOutcome.Completed>(
            ReplacementDraw.Draw(pool, staying, leaving, [.. Enumerable.Range(0, 500).OrderBy(i => (i * 7919) % 500)], TestContext.Current.CancellationToken));
        Assert.Equal(7, completed.People.Count);
        Assert.True(pool.IsPanel([.. staying, .. completed.People]));
        Assert.Empty(completed.People.Intersect(leaving));
    }

    [Fact]
    public void The_first_of_the_order_who_fits_is_drawn()
    {
        // Three women asked for; the woman who leaves can only be followed by a woman.
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)]], "0", "1", "1", "0", "0");
        ReplacementOutcome.Completed completed = Assert.IsType<ReplacementOutcome.Completed>(ReplacementDraw.Draw(pool, [1], [0], [2, 4, 3, 0, 1], TestContext.Current.CancellationToken));
        Assert.Equal([4], completed.People);
    }

    [Fact]
    public void When_nobody_fits_it_says_so_and_draws_nobody()
    {
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)]], "0", "1", "1");
        Assert.IsType<ReplacementOutcome.NotPossible>(ReplacementDraw.Draw(pool, [1], [0], [2, 1, 0], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Somebody_of_whom_it_is_not_decided_is_not_passed_over_as_if_they_were_impossible()
    {
        SortitionPool pool = Pools.Of(3, [[(0, 3), (0, 3)]], "0", "1", "1", "0", "0", "1");
        int asked = 0;
        ReplacementOutcome Second(bool? answer)
        {
            asked = 0;
            return ReplacementDraw.Draw(pool, [1], [0], [4, 3, 2, 5], (_, _) => ++asked == 2 ? answer : true, TestContext.Current.CancellationToken);
        }

        Assert.Equal([4, 3], Assert.IsType<ReplacementOutcome.Completed>(Second(true)).People);
        Assert.Equal([2, 5], Assert.IsType<ReplacementOutcome.Completed>(Second(false)).People.Order());
        Assert.IsType<QuotaFeasibility.Unknown>(Assert.IsType<ReplacementOutcome.NotPossible>(Second(null)).Feasibility);
    }
}
