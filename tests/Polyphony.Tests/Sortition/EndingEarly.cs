using System.Diagnostics;
using Google.OrTools.LinearSolver;
using Polyphony.Sortition;
using Polyphony.Sortition.Solving;

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
        Assert.True(since.Elapsed < Patience, $"{since.Elapsed}");
    }

    [Fact]
    public void An_integer_programme_hears_both_while_it_runs()
    {
        (PanelProgram programme, long[] weights) = Endless(out CancellationTokenSource enough);
        PanelAnswer answer = Promptly(enough, () => programme.Heaviest(weights, 60, long.MaxValue, CancellationToken.None));
        Assert.False(answer.Proven);
        Assert.All(answer.Met, panel => Assert.True(panel.Index().Sum(count => count.Item * weights[count.Index]) < answer.Bound));
        (programme, weights) = Endless(out _);
        using CancellationTokenSource stop = new();
        Promptly(stop, () => Assert.ThrowsAny<OperationCanceledException>(() => programme.Heaviest(weights, 60, long.MaxValue, stop.Token)));
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    public void Of_a_pool_whose_programmes_take_long_a_limit_gives_what_is_proven(LotteryObjective objective)
    {
        using CancellationTokenSource enough = new();
        LotteryOutcome.Computed computed = Promptly(enough, () => Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(
            new LotteryRequest(Hard, objective, 100), null, enough.Token, TestContext.Current.CancellationToken)), 2.5);
        Assert.True(computed.Exact.EndedByLimit);
        Assert.InRange(computed.Exact.Gap, 1e-3, double.MaxValue);
        Assert.All(computed.Lottery.Panels, panel => Assert.True(Hard.IsPanel([.. panel])));
    }

    [Fact]
    public void Of_a_pool_whose_programmes_take_long_cancelling_stops_too()
    {
        using CancellationTokenSource stop = new();
        Promptly(stop, () => Assert.ThrowsAny<OperationCanceledException>(() => FairLottery.Compute(new LotteryRequest(Hard), null, CancellationToken.None, stop.Token)), 2.5);
    }

    [Fact]
    public void Legacy_ends_with_the_runs_that_it_has_made()
    {
        SortitionPool pool = Pools.City(1_000, 100, 7);
        using CancellationTokenSource enough = new();
        LotteryOutcome.Computed computed = Promptly(enough, () => Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(
            new LotteryRequest(pool, LotteryObjective.Legacy, 30_000), null, enough.Token, TestContext.Current.CancellationToken)), 0.2);
        Assert.True(computed.Exact.EndedByLimit);
        Assert.InRange(computed.Exact.Panels.Count, 1, 29_999);
        Assert.Equal(30_000, computed.Lottery.Panels.Count);
        Assert.All(computed.Lottery.Panels.Take(200), panel => Assert.True(pool.IsPanel([.. panel])));
        using CancellationTokenSource stop = new();
        Promptly(stop, () => Assert.ThrowsAny<OperationCanceledException>(() => FairLottery.Compute(new LotteryRequest(pool, LotteryObjective.Legacy, 30_000), null, CancellationToken.None, stop.Token)));
    }

    [Fact]
    public void Where_no_panel_was_found_in_time_nothing_is_claimed()
    {
        // Read as averages these quotas can be kept, but by halves of people only.
        SortitionPool pool = Pools.Of(10, [[(3, 10), (3, 10), (0, 10)], [(3, 10), (3, 10), (0, 10)], [(3, 10), (3, 10), (0, 10)], [(0, 10), (1, 1)]],
            [.. Pools.Halves.Select(person => person + "0"), "2221"]);
        using CancellationTokenSource over = new();
        over.Cancel();
        Assert.Equal(new LotteryOutcome.Refused("undecided"), FairLottery.Compute(new LotteryRequest(pool), null, over.Token, TestContext.Current.CancellationToken));
        Assert.IsType<LotteryOutcome.NoPanel>(FairLottery.Compute(new LotteryRequest(pool), null, CancellationToken.None, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Whoever_is_not_decided_in_time_counts_and_the_gap_says_so()
    {
        // One person is on no panel, which takes an integer programme to prove: without it the least chance may be anything up to the bound.
        SortitionPool pool = Pools.Of(10, [[(3, 10), (3, 10), (0, 10)], [(3, 10), (3, 10), (0, 10)], [(3, 10), (3, 10), (0, 10)]], [.. Pools.Halves, "222"]);
        using CancellationTokenSource over = new();
        over.Cancel();
        ExactLottery ended = Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(new LotteryRequest(pool), null, over.Token, TestContext.Current.CancellationToken)).Exact;
        Assert.Empty(ended.Uncoverable);
        Assert.Equal((true, 1.0), (ended.EndedByLimit, ended.Gap));
        Assert.Single(Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(new LotteryRequest(pool), null, CancellationToken.None, TestContext.Current.CancellationToken)).Lottery.Uncoverable);
    }

    [Theory]
    [InlineData(LotteryObjective.Leximin)]
    [InlineData(LotteryObjective.Maximin)]
    [InlineData(LotteryObjective.Nash)]
    [InlineData(LotteryObjective.Goldilocks)]
    [InlineData(LotteryObjective.Minimax)]
    public void What_the_limit_left_no_time_for_is_bounded_by_the_size_of_the_panel(LotteryObjective objective)
    {
        SortitionPool pool = Pools.City(300, 30, 3, 2);
        ExactLottery exact = Limited(pool, objective, 1).Exact;
        bool[] coverable = [.. exact.Types.Types.Select(_ => true)];
        Assert.True(exact.EndedByLimit);
        Assert.InRange(exact.Gap, 1e-3, 1e6);
        Assert.Equal(exact.Gap, exact.Proof.GapOf(objective, exact.Types, exact.Chances(), coverable, 1), 1e-12);
        Assert.All(exact.Chances(), chance => Assert.True(chance > 0));
        Assert.Empty(exact.Proof.Cuts);

        // No linear programme was solved any more: their multipliers lean on quotas.
        Assert.All([.. exact.Proof.Levels.Select(step => step.Proof), .. exact.Proof.Sum is { } sum ? [sum.Multipliers] : Array.Empty<Multipliers>()], proof => Assert.All(proof.Rows, row => Assert.Equal(0, row)));
        Assert.True(exact.Gap >= Lotteries.Compute(pool, objective).Exact.Gap);
    }

    [Fact]
    public void A_limit_in_a_pool_with_thousands_of_kinds_is_heard_and_its_gap_is_said()
    {
        // All that comes after the limit together. Mixing the panels met, which took minutes of 20,000 people, is too easy here to be missed by this.
        SortitionPool tight = Pools.Tight(8_000, 10, 60, 5);
        SortitionPool pool = tight with { Criteria = [.. tight.Criteria.Select(set => set with { Quotas = [.. set.Quotas.Select(quota => quota with { Min = Math.Max(0, quota.Min - 3), Max = quota.Max + 3 })] })] };
        using CancellationTokenSource enough = new();
        Stopwatch since = new();
        LotteryOutcome.Computed computed = Assert.IsType<LotteryOutcome.Computed>(FairLottery.Compute(
            new LotteryRequest(pool, Panels: 100),
            new After(40, () =>
            {
                since.Start();
                enough.Cancel();
            }),
            enough.Token, TestContext.Current.CancellationToken));
        Assert.True(computed.Exact.EndedByLimit);
        Assert.InRange(computed.Exact.Gap, 1e-3, 1);
        Assert.True(since.Elapsed < 4 * Patience, $"{since.Elapsed}");
    }

    [Fact]
    public void A_linear_programme_hears_both_while_it_runs()
    {
        using CancellationTokenSource enough = new();
        using Solver slow = Slow();
        Assert.False(Promptly(enough, () => slow.Solves(enough.Token, CancellationToken.None), 0.3));
        Assert.False(slow.Solves(enough.Token, CancellationToken.None));
        using CancellationTokenSource stop = new();
        using Solver other = Slow();
        Promptly(stop, () => Assert.ThrowsAny<OperationCanceledException>(() => other.Solves(CancellationToken.None, stop.Token)), 0.3);
    }

    [Fact]
    public void A_solver_is_told_until_it_stops()
    {
        using CancellationTokenSource enough = new();
        int told = 0;
        using ManualResetEventSlim again = new();
        using (new SolverStop(
            () =>
            {
                if (Interlocked.Increment(ref told) == 3)
                {
                    again.Set();
                }
            },
            enough.Token, CancellationToken.None))
        {
            enough.Cancel();
            Assert.True(again.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        int before = told;
        again.Reset();
        Assert.False(again.Wait(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        Assert.Equal(before, told);
    }

    /// <summary>A linear programme of minutes: a random one, dense.</summary>
    private static Solver Slow()
    {
        TestChance chance = new(11);
        Solver solver = Solver.CreateSolver("GLOP");
        Variable[] variables = [.. Enumerable.Range(0, 1_500).Select(_ => solver.MakeNumVar(0, 1_000, ""))];
        for (int row = 0; row < 1_500; row++)
        {
            Constraint constraint = solver.MakeConstraint(double.NegativeInfinity, 1_000_000 + chance.Below(1_000_000), "");
            foreach (Variable variable in variables)
            {
                constraint.SetCoefficient(variable, 1 + chance.Below(1_000));
            }
        }

        foreach (Variable variable in variables)
        {
            solver.Objective().SetCoefficient(variable, 1 + chance.Below(1_000));
        }

        solver.Objective().SetMaximization();
        return solver;
    }

    /// <summary>The promise is a second; a machine that does much else at the same time needs several. A search that does not hear at all goes on for half a minute and longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly SortitionPool Hard = Pools.Tight(300, 10, 30, 5);

    private static (PanelProgram Programme, long[] Weights) Endless(out CancellationTokenSource enough)
    {
        enough = new();
        TypeTable table = new(PanelTypes.Of(Hard));
        TestChance chance = new(9);
        return (new PanelProgram(table) { Enough = enough.Token }, [.. Enumerable.Range(0, table.Count).Select(_ => (long)chance.Below(1_000_000))]);
    }

    /// <summary>Runs work that would go on for very long, tells it to end while it runs, and makes sure that it does.</summary>
    private static T Promptly<T>(CancellationTokenSource end, Func<T> work, double seconds = 1)
    {
        Stopwatch since = Stopwatch.StartNew();
        using ManualResetEventSlim done = new();
        TimeSpan told = TimeSpan.MaxValue;
        Thread keeper = new(() =>
        {
            if (!done.Wait(TimeSpan.FromSeconds(seconds)))
            {
                told = since.Elapsed;
                end.Cancel();
            }
        });
        keeper.Start();
        T result = work();
        TimeSpan over = since.Elapsed;
        done.Set();
        keeper.Join();
        Assert.True(told < TimeSpan.MaxValue, "It came to its own end: nothing was tried.");
        Assert.True(over - told < Patience, $"{over - told} after it was told");
        return result;
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
