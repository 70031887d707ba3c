using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;
using Polyphony.Tests.Statistics.Opinion;

namespace Polyphony.Tests.Statistics;

/// <summary>The checks of the numbers, each with faults planted: a check holds for what we ship and for none of them.</summary>
public sealed class CatchingPlantedFaults
{
    [Fact]
    public void A_dropped_re_vote()
    {
        Assert.True(TheLastVoteStands(made => made.Table()));
        Assert.False(TheLastVoteStands(made => With(made, [.. made.Votes.DistinctBy(vote => (vote.Person, vote.Statement))]).Table()));
        Assert.False(TheLastVoteStands(made => With(made, [.. made.Votes.OrderBy(vote => vote.Time).DistinctBy(vote => (vote.Person, vote.Statement))]).Table()));
        Assert.False(TheLastVoteStands(made => With(made, [.. made.Votes.Select(vote => vote with { Time = 0 })]).Table()));
    }

    [Fact]
    public void A_counted_moderated_statement()
    {
        Assert.True(WhatDoesNotCountChangesNothing(made => made));
        Assert.False(WhatDoesNotCountChangesNothing(made => made with { Statements = [.. made.Statements.Select(one => one with { Moderation = Moderation.Accepted })] }));
        Assert.False(WhatDoesNotCountChangesNothing(made => made with { Statements = [.. made.Statements.Select(one => one with { IsMeta = false })] }));
    }

    [Fact]
    public void An_unsorted_sum()
    {
        Assert.True(OrderChangesNoBit(Shares, shares => SortedSum.Of(shares)));
        Assert.False(OrderChangesNoBit(Shares, shares => shares.Sum()));
        Assert.True(OrderChangesNoBit(Sites, sites => WorldTotals.Of(sites).SitesEqual?.Share));
        Assert.False(OrderChangesNoBit(Sites, sites => sites.Where(site => site.People > 0).Select(site => (double)site.Yes / site.People).DefaultIfEmpty().Average()));
        byte[] seed = [7];
        Assert.True(OrderChangesNoBit(Sites, sites => SiteBootstrap.Of(TotalKind.SitesEqual, sites, seed, 100).Upper));
        Assert.False(OrderChangesNoBit(Sites, sites => Drawn(sites, seed)));
    }

    [Fact]
    public void A_swapped_tail()
    {
        Assert.True(IsUpperTail(Tail.ChiSquare));
        Assert.False(IsUpperTail((statistic, degrees) => 1 - Tail.ChiSquare(statistic, degrees)));
        Assert.True(IsUpperTail((statistic, degrees) => degrees == 1 ? 2 * Tail.Normal(Math.Sqrt(statistic)) : PlainChiSquare.Tail(statistic, degrees)));
        Assert.False(IsUpperTail((statistic, degrees) => degrees == 1 ? 2 * Tail.Normal(-Math.Sqrt(statistic)) : PlainChiSquare.Tail(statistic, degrees)));
        Assert.True(TailsAreThoseOfCounting(pairs => SignedRank.Of(pairs) is var found ? (found.PUp, found.PDown) : default));
        Assert.False(TailsAreThoseOfCounting(pairs => SignedRank.Of(pairs) is var found ? (found.PDown, found.PUp) : default));
        Assert.True(CoinsAreThoseOfCounting((left, joined) => McNemar.Of(left, joined).ExactPValue));
        Assert.False(CoinsAreThoseOfCounting((left, joined) => Math.Min(1, 2 * Tail.FairCoinAtMost(Math.Max(left, joined), left + joined))));
    }

    private static Conversation With(Conversation made, CastVote[] votes) => made with { Votes = votes };

    private static bool Always(Func<Random, bool> holds) => Enumerable.Range(0, RandomInputs.Number).All(seed => holds(new Random(seed)));

    /// <summary>Of several votes of a person on a statement the last by time counts, in whatever row it stands.</summary>
    private static bool TheLastVoteStands(Func<Conversation, VoteTable> count) => Always(random =>
    {
        Conversation made = Conversations.Renamed(Conversations.Camps(random, random.Next(1, 20), random.Next(1, 10), 2), random).Made;
        int?[,] votes = ComputingOpinionsTwice.Full(made);
        VoteTable table = count(made);
        return Enumerable.Range(0, made.People).All(person => Enumerable.Range(0, made.Statements.Count).All(statement => table.ValueOf(person, statement) == votes[person, statement]));
    });

    /// <summary>A map is the same with and without the votes on statements that are rejected or about people.</summary>
    private static bool WhatDoesNotCountChangesNothing(Func<Conversation, Conversation> seen) => Enumerable.Range(0, 20).All(seed =>
    {
        Conversation made = Conversations.Camps(new Random(seed), 40, 12, 2);
        made = made with { Statements = [.. made.Statements.Select((one, s) => one with { Moderation = s == 2 ? Moderation.Rejected : Moderation.Accepted, IsMeta = s == 5 })] };
        StableMap map = seen(made).Map();
        return map.Hash == seen(With(made, [.. made.Votes.Where(vote => made.Statements[vote.Statement].Counts)])).Map().Hash;
    });

    private static bool OrderChangesNoBit<T>(Func<Random, T[]> make, Func<T[], double?> of) => Always(random =>
    {
        T[] items = make(random);
        double? first = of(items);
        return Enumerable.Range(0, 5).All(_ =>
        {
            T[] mixed = [.. items];
            random.Shuffle(mixed);
            return of(mixed).Equals(first);
        });
    });

    private static double[] Shares(Random random) => [.. Enumerable.Range(0, random.Next(40)).Select(_ => random.NextDouble())];

    private static SiteShare[] Sites(Random random) => [.. Enumerable.Range(0, random.Next(12)).Select(i => random.Next(1, 80) is var people ? new SiteShare($"{i}", people, random.Next(people + 1)) : null!)];

    /// <summary>A bootstrap whose chance follows the order of rows.</summary>
    private static double? Drawn(SiteShare[] sites, byte[] seed)
    {
        if (sites.Length < 2)
        {
            return null;
        }

        SeededChance chance = new(seed);
        double[] totals = new double[100];
        for (int draw = 0; draw < totals.Length; draw++)
        {
            for (int i = 0; i < sites.Length; i++)
            {
                SiteShare site = sites[chance.Below(sites.Length)];
                totals[draw] += (double)site.Yes / site.People / sites.Length;
            }
        }

        return totals.Order().ElementAt(97);
    }

    private static bool IsUpperTail(Func<double, int, double> tail) => Always(random =>
    {
        int degrees = random.Next(1, 8);
        double statistic = random.NextDouble() * 3 * degrees;
        return Math.Abs(tail(statistic, degrees) - PlainChiSquare.Tail(statistic, degrees)) < 1e-9;
    });

    /// <summary>Signed ranks without ties: of all signings those with as many ranks upwards or more, and those with as many or fewer.</summary>
    private static bool TailsAreThoseOfCounting(Func<(decimal, decimal)[], (double?, double?)> tails) => Always(random =>
    {
        int n = random.Next(1, 9);
        bool[] isUp = [.. Enumerable.Range(0, n).Select(_ => random.Next(3) > 0)];
        int up = Enumerable.Range(1, n).Where(rank => isUp[rank - 1]).Sum();
        int[] sums = [.. Enumerable.Range(0, 1 << n).Select(signs => Enumerable.Range(0, n).Sum(rank => (signs >> rank & 1) * (rank + 1)))];
        (double? upper, double? lower) = tails([.. Enumerable.Range(1, n).Select(rank => (0m, isUp[rank - 1] ? rank : -(decimal)rank))]);
        return Math.Abs(upper!.Value - (sums.Count(sum => sum >= up) / (double)sums.Length)) < 1e-9 && Math.Abs(lower!.Value - (sums.Count(sum => sum <= up) / (double)sums.Length)) < 1e-9;
    });

    private static bool CoinsAreThoseOfCounting(Func<int, int, double> p) => Always(random =>
    {
        int left = random.Next(8), joined = random.Next(8), thrown = left + joined;
        double most = Enumerable.Range(0, 1 << thrown).Count(throws => int.PopCount(throws) <= Math.Min(left, joined)) / (double)(1 << thrown);
        return Math.Abs(p(left, joined) - Math.Min(1, 2 * most)) < 1e-9;
    });
}
