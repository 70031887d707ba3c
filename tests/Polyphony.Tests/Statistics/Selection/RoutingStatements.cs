using Polyphony.Statistics.Routing;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics.Selection;

public sealed class RoutingStatements
{
    [Fact]
    public void Weights_once_more_plainly() => Each(random =>
    {
        int groups = random.Next(1, 4);
        StatementViews[] statements = Views(random, random.Next(1, 7), groups);
        int group = random.Next(groups);
        HashSet<int> seen = [.. Enumerable.Range(0, statements.Length).Where(_ => random.Next(3) == 0)];
        long least = random.Next(0, 30);
        long[] weights = [.. StatementRouting.Weights(statements, group, seen, least)];
        for (int s = 0; s < statements.Length; s++)
        {
            decimal views = statements[s].ViewsByGroup.Sum();
            decimal owed = least == 0 ? 0 : Math.Max(0, 10_000m * (least - statements[s].ViewsByGroup[group]) / least);
            decimal plain = Math.Max(1, Math.Floor(1_000m * (views - statements[s].Passes + 1) * (views + 9) / (views + 2) / (views + 1))) + Math.Floor(owed);
            Assert.Equal(seen.Contains(s) ? 0 : plain, weights[s]);
        }

        OwedViews[] missing = [.. StatementRouting.Owed(statements, least)];
        Assert.Equal(
            Enumerable.Range(0, statements.Length).SelectMany(s => Enumerable.Range(0, groups).Where(g => statements[s].ViewsByGroup[g] < least).Select(g => (s, g, least - statements[s].ViewsByGroup[g]))),
            missing.Select(owed => (owed.Statement, owed.Group, owed.Missing)));

        // The choice at all chances in even steps has each statement as often as its weight says.
        if (weights.Sum() > 0)
        {
            const int steps = 997;
            int[] chosen = new int[weights.Length];
            for (int i = 0; i < steps; i++)
            {
                chosen[StatementRouting.Choose(weights, (ulong)(((UInt128)i << 64) / steps))!.Value]++;
            }

            Assert.All(Enumerable.Range(0, weights.Length), s => Assert.True(Math.Abs(chosen[s] - ((double)steps * weights[s] / weights.Sum())) <= 2));
        }
    });

    [Fact]
    public void The_chi_square_once_more_plainly_and_joined_from_two_servers() => Each(random =>
    {
        int statements = random.Next(2, 6);
        RoutingWatch whole = new(statements);
        RoutingWatch[] parts = [new(statements), new(statements)];
        double[] intended = new double[statements];
        int[] shown = new int[statements];
        for (int view = random.Next(0, 120); view > 0; view--)
        {
            long[] weights = [.. Enumerable.Range(0, statements).Select(_ => (long)random.Next(1, 9))];
            int pick = StatementRouting.Choose(weights, (ulong)random.NextInt64())!.Value;
            whole.Note(weights, pick);
            parts[random.Next(2)].Note(weights, pick);
            shown[pick]++;
            for (int s = 0; s < statements; s++)
            {
                intended[s] += (double)weights[s] / weights.Sum();
            }
        }

        RoutingFinding found = whole.Look();
        parts[0].Join(parts[1]);
        Assert.Equal((found.ChiSquared, found.PValue, found.State), (parts[0].Look().ChiSquared, parts[0].Look().PValue, parts[0].Look().State));
        Assert.Equal(shown.Select(count => (long)count), found.Statements.Select(one => one.Shown));
        if (intended.All(expected => expected >= 5.001))
        {
            double plain = Enumerable.Range(0, statements).Sum(s => Math.Pow(shown[s] - intended[s], 2) / intended[s]);
            Near(plain, found.ChiSquared, 1e-6);
            Near(PlainChiSquare.Tail(plain, statements - 1), found.PValue, 1e-5);
        }
    });

    [Fact]
    public void Conversations_as_intended_raise_no_alarm_and_even_showing_does()
    {
        int quiet = 0;
        int caught = 0;
        for (int seed = 0; seed < 15; seed++)
        {
            (RoutingFinding fair, _) = Play(seed, 400, (weights, chance) => StatementRouting.Choose(weights, chance)!.Value);
            quiet += fair.State == RoutingState.AsIntended ? 1 : 0;
            // The fault of 16 months: every statement not yet seen is as likely as any other.
            (RoutingFinding even, _) = Play(seed, 400, (weights, chance) => StatementRouting.Choose([.. weights.Select(weight => Math.Min(weight, 1L))], chance)!.Value);
            caught += even.State == RoutingState.Alarm ? 1 : 0;
        }

        Assert.Equal((15, 15), (quiet, caught));
    }

    [Fact]
    public void Every_group_reaches_the_least_number_of_views()
    {
        (_, StatementViews[] views) = Play(7, 400, (weights, chance) => StatementRouting.Choose(weights, chance)!.Value);
        Assert.Empty(StatementRouting.Owed(views));
        Assert.NotEmpty(StatementRouting.Owed(views, 1_000));
        Assert.Empty(StatementRouting.Owed(views, 1_000, [0, 0]));
    }

    [Fact]
    public void What_cannot_be_told_is_not_checked_and_what_should_never_be_shown_is_an_alarm()
    {
        RoutingWatch watch = new(3);
        Assert.Equal(RoutingState.NotChecked, watch.Look().State);
        watch.Note([1, 1, 0], 0);
        Assert.Equal((RoutingState.NotChecked, null), (watch.Look().State, watch.Look().PValue));
        watch.Note([1, 1, 0], 2);
        Assert.Equal(RoutingState.Alarm, watch.Look().State);
        Assert.Null(StatementRouting.Choose([0, 0], 5));
        Assert.Null(StatementRouting.Choose([], 5));
        Assert.Throws<ArgumentException>(() => watch.Note([0, 0, 0], 0));
        Assert.Throws<ArgumentException>(() => watch.Note([1, 1], 0));
        Assert.Throws<ArgumentException>(() => RoutingWatch.Of([1, 2], [3]));
        Assert.Throws<ArgumentException>(() => RoutingWatch.Of([1], [-3]));
        Assert.Throws<ArgumentException>(() => StatementRouting.Weights([new StatementViews(2, [1])], 0, new HashSet<int>()));
        Assert.Throws<ArgumentException>(() => StatementRouting.Weights([new StatementViews(0, [1])], 1, new HashSet<int>()));
        Assert.Throws<ArgumentException>(() => StatementRouting.Owed([new StatementViews(0, [1]), new StatementViews(0, [1, 2])]));
    }

    /// <summary>A conversation of 12 statements and two groups in which everybody is shown five statements.</summary>
    private static (RoutingFinding Finding, StatementViews[] Views) Play(int seed, int people, Func<IReadOnlyList<long>, ulong, int> choose)
    {
        Random random = new(seed);
        StatementViews[] views = [.. Enumerable.Range(0, 12).Select(_ => new StatementViews(0, [0, 0]))];
        RoutingWatch watch = new(12);
        for (int person = 0; person < people; person++)
        {
            int group = random.Next(2);
            HashSet<int> seen = [];
            for (int shown = 0; shown < 5; shown++)
            {
                // Half of the statements are passed on by nearly everybody; half come late.
                HashSet<int> hidden = [.. seen, .. person < people / 2 ? Enumerable.Range(8, 4) : []];
                IReadOnlyList<long> weights = StatementRouting.Weights(views, group, hidden);
                int pick = choose(weights, (ulong)random.NextInt64() << 1);
                watch.Note(weights, pick);
                seen.Add(pick);
                views[pick] = new StatementViews(views[pick].Passes + (pick % 2 == 0 && random.Next(10) > 0 ? 1 : 0), views[pick].ViewsByGroup.SetItem(group, views[pick].ViewsByGroup[group] + 1));
            }
        }

        return (watch.Look(), views);
    }

    private static StatementViews[] Views(Random random, int statements, int groups) => [.. Enumerable.Range(0, statements).Select(_ =>
    {
        long[] views = [.. Enumerable.Range(0, groups).Select(_ => random.Next(4) == 0 ? 0L : random.Next(random.Next(2) == 0 ? 30 : 100_000))];
        return new StatementViews(random.NextInt64(views.Sum() + 1), [.. views]);
    })];
}
