using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class ChoosingAlternates
{
    [Fact]
    public void On_small_pools_no_choice_of_as_many_people_does_better()
    {
        int lowered = 0;
        for (ulong seed = 1; seed <= 150; seed++)
        {
            AlternateRequest request = Small(new TestChance(seed));
            AlternateChoice choice = AlternateChoice.Of(request, TestContext.Current.CancellationToken);
            Assert.True(choice.AllCases && choice.Proven, $"seed {seed}");
            Assert.Equal(Expected(request, []), choice.Damage[0], 1e-9);
            for (int count = 1; count <= choice.People.Count; count++)
            {
                Assert.Equal(Expected(request, [.. choice.People.Take(count)]), choice.Damage[count], 1e-9);
            }

            double best = Choices(request).Min(people => Expected(request, people));
            Assert.True(choice.Damage[^1] < best + 1e-6, $"seed {seed}: {choice.Damage[^1]} where {best} is possible");
            lowered += best < choice.Damage[0] - 1e-6 ? 1 : 0;
        }

        Assert.InRange(lowered, 100, 150);
    }

    [Fact]
    public void People_who_are_likely_to_go_get_alternates_like_them()
    {
        // Two women who may go and two men who stay; of four who are willing two are women.
        SortitionPool pool = Pools.Of(4, [[(2, 2), (2, 2)]], "0", "0", "1", "1", "1", "0", "1", "0");
        AlternateChoice choice = AlternateChoice.Of(new(pool, [0, 1, 2, 3], [4, 5, 6, 7], [0.5, 0.5, 0, 0, 0, 0, 0, 0], 2), TestContext.Current.CancellationToken);
        Assert.Equal([5, 7], choice.People.Order());
        Assert.Equal([0.5, 0.125, 0], choice.Damage.Select(damage => Math.Round(damage, 12)));
    }

    [Fact]
    public void At_most_one_of_a_household_and_never_more_than_there_are()
    {
        SortitionPool pool = Pools.Of(2, [[(1, 1), (1, 1)]], "0", "1", "0/a", "0/a", "1/a");
        AlternateChoice choice = AlternateChoice.Of(new(pool, [0, 1], [2, 3, 4], Rates(5, 0.1), 5), TestContext.Current.CancellationToken);
        Assert.Single(choice.People);
        Assert.Equal(2, choice.Damage.Count);
        Assert.Empty(AlternateChoice.Of(new(pool, [0, 1], [], Rates(5, 0.1), 5), TestContext.Current.CancellationToken).People);
    }

    [Fact]
    public void The_order_of_rows_changes_nobody_and_the_seed_only_who_of_equal_people_it_is()
    {
        (SortitionPool pool, int[] panel, int[] free) = City(7);
        AlternateChoice first = AlternateChoice.Of(new(pool, panel, free, Rates(pool, 0.15), 6, new byte[] { 1 }), TestContext.Current.CancellationToken);
        int last = pool.People.Count - 1;
        SortitionPool turned = pool with { People = [.. pool.People.Reverse()] };
        AlternateChoice second = AlternateChoice.Of(
            new(turned, [.. panel.Select(person => last - person)], [.. free.Select(person => last - person)], Rates(pool, 0.15), 6, new byte[] { 1 }), TestContext.Current.CancellationToken);
        Assert.Equal(first.People.Select(person => pool.People[person].Ticket), second.People.Select(person => turned.People[person].Ticket));
        Assert.Equal(first.Damage, second.Damage);
    }

    [Fact]
    public void On_a_large_panel_a_sample_is_said_to_be_one_and_alternates_are_worth_their_number()
    {
        (SortitionPool pool, int[] panel, int[] free) = City(7);
        AlternateChoice choice = AlternateChoice.Of(new(pool, panel, free, Rates(pool, 0.15), 8), TestContext.Current.CancellationToken);
        Assert.False(choice.AllCases);
        Assert.Equal(8, choice.People.Count);
        Assert.True(choice.Damage[8] < choice.Damage[0] / 2, string.Join(' ', choice.Damage));
        Assert.Equal(choice.Damage.OrderDescending(), choice.Damage);

        // Better than eight people whom nobody chose, by the same measure.
        AlternateChoice others = AlternateChoice.Of(new(pool, panel, [.. free.Take(8)], Rates(pool, 0.15), 8), TestContext.Current.CancellationToken);
        Assert.True(choice.Damage[8] < others.Damage[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public void A_limit_gives_those_who_were_taken_by_then_and_says_so(int reports)
    {
        (SortitionPool pool, int[] panel, int[] free) = City(7);
        AlternateRequest request = new(pool, panel, free, Rates(pool, 0.15), 8);
        AlternateChoice whole = AlternateChoice.Of(request, TestContext.Current.CancellationToken);
        Assert.False(whole.EndedByLimit);
        AlternateChoice limited = After(reports, request, TestContext.Current.CancellationToken);
        Assert.Equal((reports, reports + 1, true, false), (limited.People.Count, limited.Damage.Count, limited.EndedByLimit, limited.Proven));
        Assert.Equal(limited.Damage.OrderDescending(), limited.Damage);
        Assert.Equal(whole.Damage[0], limited.Damage[0]);
        Assert.True(whole.Damage[^1] <= limited.Damage[^1] + 1e-9);

        // Taken one after the other, a longer search begins with the same people.
        Assert.Equal(limited.People, After(8, request, TestContext.Current.CancellationToken).People.Take(reports));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_stop_gives_nothing_even_after_the_limit(int reports)
    {
        (SortitionPool pool, int[] panel, int[] free) = City(7);
        using CancellationTokenSource stop = new();
        AlternateRequest request = new(pool, panel, free, Rates(pool, 0.15), 8);
        Assert.ThrowsAny<OperationCanceledException>(() => AlternateChoice.Of(request, new Counting(reports, stop.Cancel), CancellationToken.None, stop.Token));
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => After(8, request, stop.Token));
    }

    /// <summary>Says that it is enough when so many were taken.</summary>
    private static AlternateChoice After(int reports, AlternateRequest request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = new();
        Counting counting = new(reports, enough.Cancel);
        if (reports == 0)
        {
            enough.Cancel();
        }

        return AlternateChoice.Of(request, counting, enough.Token, cancellationToken);
    }

    private sealed class Counting(int reports, Action act) : IProgress<AlternateProgress>
    {
        private int left = reports;

        public void Report(AlternateProgress value)
        {
            if (--left == 0)
            {
                act();
            }
        }
    }

    private static (SortitionPool Pool, int[] Panel, int[] Free) City(ulong seed)
    {
        SortitionPool pool = Pools.City(80, 14, seed);
        int[] panel = [.. Lotteries.Compute(pool, panels: 10).Lottery.Panels[0]];
        return (pool, panel, [.. ConditionalPool.Of(pool, panel, []).Free]);
    }

    private static double[] Rates(SortitionPool pool, double rate) => Rates(pool.People.Count, rate);

    private static double[] Rates(int people, double rate) => [.. Enumerable.Repeat(rate, people)];

    private static AlternateRequest Small(TestChance chance)
    {
        int size = 3 + chance.Below(3);
        int willing = 4 + chance.Below(4);
        string[] people = [.. Enumerable.Range(0, size + willing).Select(i => $"{chance.Below(2)}{chance.Below(3)}" + (i >= size && chance.Below(3) == 0 ? "/h" + chance.Below(2) : ""))];

        // Quotas close around the panel as it is.
        int[] Counts(int at, int values) => [.. Enumerable.Range(0, values).Select(value => people[..size].Count(person => person[at] == '0' + value))];
        SortitionPool pool = Pools.Of(size, [.. ((int[][])[Counts(0, 2), Counts(1, 3)]).Select(counts => counts.Select(count => (Math.Max(0, count - chance.Below(2)), count + chance.Below(2))).ToArray())], people);
        return new(
            pool, [.. Enumerable.Range(0, size)], [.. Enumerable.Range(size, willing)], [.. Enumerable.Range(0, size + willing).Select(_ => chance.Below(10) / 20.0)], 1 + chance.Below(3),
            new byte[] { (byte)chance.Below(256) });
    }

    private static IEnumerable<int[]> Choices(AlternateRequest request)
    {
        for (int mask = 0; mask < 1 << request.Free.Count; mask++)
        {
            int[] people = [.. request.Free.Where((_, i) => ((mask >> i) & 1) == 1)];
            if (people.Length <= request.Count && request.Pool.HouseholdsApart(people))
            {
                yield return people;
            }
        }
    }

    /// <summary>Over all cases of who goes, the least damage that any of the alternates called can leave.</summary>
    private static double Expected(AlternateRequest request, int[] alternates)
    {
        double expected = 0;
        for (int gone = 0; gone < 1 << request.Panel.Count; gone++)
        {
            double weight = 1;
            List<int> left = [];
            foreach ((int i, int person) in request.Panel.Index())
            {
                bool goes = ((gone >> i) & 1) == 1;
                weight *= goes ? request.Dropout[person] : 1 - request.Dropout[person];
                if (!goes)
                {
                    left.Add(person);
                }
            }

            double least = double.PositiveInfinity;
            for (int called = 0; called < 1 << alternates.Length && weight > 0; called++)
            {
                int[] come = [.. alternates.Where((_, i) => ((called >> i) & 1) == 1)];
                if (come.Length <= request.Panel.Count - left.Count)
                {
                    least = Math.Min(least, Damage(request.Pool, [.. left, .. come]));
                }
            }

            expected += weight > 0 ? weight * least : 0;
        }

        return expected;
    }

    private static double Damage(SortitionPool pool, int[] people) => pool.Criteria.Index().Sum(criterion => criterion.Item.Quotas.Index().Sum(quota =>
    {
        int count = people.Count(person => pool.People[person].Values[criterion.Index] == quota.Index);
        return (double)Math.Max(0, Math.Max(quota.Item.Min - count, count - quota.Item.Max)) / Math.Max(1, quota.Item.Max);
    }));
}
