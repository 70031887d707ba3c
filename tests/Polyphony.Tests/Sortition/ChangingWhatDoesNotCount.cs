using System.Numerics;
using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class ChangingWhatDoesNotCount
{
    private static readonly SortitionPool Pool = Pools.City(200, 30, 3);

    [Fact]
    public void The_same_request_gives_the_same_lottery_byte_for_byte()
    {
        Assert.Equal(Written(Lotteries.Compute(Pool, panels: 100)), Written(Lotteries.Compute(Pool, panels: 100)));
        PublishedLottery town = PublishedLottery.Town_of(60, 12, 5);
        foreach (LotteryObjective objective in Enum.GetValues<LotteryObjective>())
        {
            Assert.Equal(Written(Lotteries.Compute(town.Pool, objective, 30)), Written(Lotteries.Compute(town.Pool, objective, 30)));
        }
    }

    [Fact]
    public void Other_names_of_criteria_and_values_change_nothing()
    {
        SortitionPool renamed = Pool with { Criteria = [.. Pool.Criteria.Select((criterion, c) => new QuotaSet("z" + (9 - c), [.. criterion.Quotas.Select((quota, v) => quota with { Value = "y" + (9 - v) })]))] };
        Assert.Equal(Written(Lotteries.Compute(Pool, panels: 50)), Written(Lotteries.Compute(renamed, panels: 50)));
    }

    [Fact]
    public void Other_names_of_people_and_households_change_no_chance()
    {
        SortitionPool renamed = Pool with { People = [.. Pool.People.Select((person, i) => person with { Ticket = ((i * 7919) % 200).ToString("x32", System.Globalization.CultureInfo.InvariantCulture), Household = "other " + person.Household })] };
        Same(Lotteries.ChancesOf(Lotteries.Compute(Pool).Exact), Lotteries.ChancesOf(Lotteries.Compute(renamed).Exact), 1e-9);
    }

    [Fact]
    public void The_order_of_the_rows_changes_no_chance_and_no_panel()
    {
        int[] order = [.. Enumerable.Range(0, 200).Select(i => (i * 77) % 200)];
        SortitionPool turned = Pool with { People = [.. order.Select(i => Pool.People[i])] };
        LotteryOutcome.Computed straight = Lotteries.Compute(Pool, panels: 50);
        LotteryOutcome.Computed other = Lotteries.Compute(turned, panels: 50);
        double[] chances = Lotteries.ChancesOf(straight.Exact);
        Same([.. order.Select(i => chances[i])], Lotteries.ChancesOf(other.Exact), 1e-9);
        Assert.Equal(Names(straight.Lottery, Pool), Names(other.Lottery, turned));
    }

    [Fact]
    public void The_order_of_criteria_and_values_changes_no_chance()
    {
        SortitionPool turned = new(
            [.. Pool.Criteria.Reverse().Select(criterion => new QuotaSet(criterion.Name, [.. criterion.Quotas.Reverse()]))],
            [.. Pool.People.Select(person => person with { Values = [.. person.Values.Select((value, c) => Pool.Criteria[c].Quotas.Count - 1 - value).Reverse()] })],
            Pool.Size);
        Same(Lotteries.ChancesOf(Lotteries.Compute(Pool).Exact), Lotteries.ChancesOf(Lotteries.Compute(turned).Exact), 1e-5);
    }

    [Fact]
    public void A_criterion_whose_quotas_bind_nothing_changes_no_panel()
    {
        SortitionPool wider = Pool with
        {
            Criteria = [new QuotaSet("idle", [new("a", 0, 30), new("b", 0, 30), new("nobody", 0, 0)]), .. Pool.Criteria],
            People = [.. Pool.People.Select((person, i) => person with { Values = [i % 3 == 0 ? 1 : 0, .. person.Values] })],
        };
        LotteryOutcome.Computed straight = Lotteries.Compute(Pool, panels: 50);
        LotteryOutcome.Computed other = Lotteries.Compute(wider, panels: 50);
        Same(Lotteries.ChancesOf(straight.Exact), Lotteries.ChancesOf(other.Exact), 1e-9);
        Assert.Equal(Names(straight.Lottery, Pool), Names(other.Lottery, wider));
    }

    [Fact]
    public void Everybody_twice_halves_every_chance()
    {
        // It holds where no limit on people of one kind binds; with certainty for somebody it would not.
        double[] once = Lotteries.ChancesOf(Lotteries.Compute(Pool).Exact);
        Assert.True(once.Max() < 0.999);
        SortitionPool doubled = Pool with
        {
            People = [.. Pool.People, .. Pool.People.Select(person => new Candidate("f" + person.Ticket[1..] + "f", person.Values, person.Household is null ? null : "second " + person.Household))],
        };
        double[] twice = Lotteries.ChancesOf(Lotteries.Compute(doubled).Exact);
        Same([.. once.Select(chance => chance / 2)], twice[..200], 1e-5);
        Same(twice[..200], twice[200..], 0);
    }

    [Fact]
    public void Equal_people_have_exactly_equal_chances_and_counts_that_differ_by_one_at_most()
    {
        SortitionPool pool = Pool with { People = [.. Pool.People.Select(person => person with { Household = null })] };
        LotteryOutcome.Computed computed = Lotteries.Compute(pool, panels: 137);
        (BigInteger, BigInteger)[] chances = new (BigInteger, BigInteger)[200];
        foreach ((PersonType kind, (BigInteger, BigInteger) chance) in computed.Exact.Types.Types.Zip(computed.Exact.ExactChances()))
        {
            foreach (int person in kind.People)
            {
                chances[person] = chance;
            }
        }

        foreach (IGrouping<string, int> equal in Enumerable.Range(0, 200).GroupBy(person => string.Join(',', pool.People[person].Values)))
        {
            Assert.Single(equal.Select(person => chances[person]).Distinct());
            Assert.True(equal.Max(person => computed.Lottery.Counts[person]) - equal.Min(person => computed.Lottery.Counts[person]) <= 1);
        }
    }

    private static void Same(double[] one, double[] other, double within) => Assert.All(one.Zip(other), pair => Assert.Equal(pair.First, pair.Second, within));

    private static string Written(LotteryOutcome.Computed computed) => string.Join(
        '\n',
        [
            .. computed.Exact.Panels.Zip(computed.Exact.Weights, (panel, weight) => weight + ": " + string.Join(' ', panel)),
            .. computed.Lottery.Panels.Select(panel => string.Join(' ', panel)),
            .. computed.Exact.Proof.Levels.Select(level => BitConverter.DoubleToInt64Bits(level.Value) + " " + string.Join(' ', level.Settled)),
            BitConverter.DoubleToInt64Bits(computed.Exact.Gap).ToString(System.Globalization.CultureInfo.InvariantCulture),
        ]);

    private static IEnumerable<string> Names(UniformLottery lottery, SortitionPool pool) =>
        lottery.Panels.Select(panel => string.Join(' ', panel.Select(person => pool.People[person].Ticket).Order(StringComparer.Ordinal)));
}
