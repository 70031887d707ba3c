using System.Collections.Immutable;
using Polyphony.Statistics.Ranking;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics;

/// <summary>Each rule once more, ballot by ballot, on two hundred sets of ballots: many ties, short ballots, equal ranks, hardly any ballots.</summary>
public sealed class RankingTwice
{
    [Fact]
    public void Schulze() => Each(random =>
    {
        int options = random.Next(1, 6);
        RankedBallot[] ballots = Ballots(random, options, strict: false);
        SchulzeRanking found = SchulzeRanking.Of(options, ballots);
        long Preferred(int a, int b) => ballots.Where(ballot => Place(ballot, a) < Place(ballot, b)).Sum(ballot => (long)ballot.Count);
        bool Beats(int a, int b, long least) => Preferred(a, b) >= least && Preferred(a, b) > Preferred(b, a);
        // The strongest path is the greatest threshold at which there is a path at all.
        long Strength(int a, int b) => Enumerable.Range(1, 60).Select(least => (long)least).LastOrDefault(least =>
        {
            HashSet<int> reached = [a];
            while (Enumerable.Range(0, options).FirstOrDefault(c => !reached.Contains(c) && reached.Any(from => Beats(from, c, least)), -1) is >= 0 and var next)
            {
                reached.Add(next);
            }

            return reached.Contains(b);
        });
        int Tier(int option) => Enumerable.Range(0, found.Order.Length).Single(tier => found.Order[tier].Contains(option));
        for (int a = 0; a < options; a++)
        {
            for (int b = 0; b < options; b++)
            {
                if (a != b)
                {
                    Assert.Equal((Preferred(a, b), Strength(a, b)), (found.Preferred[a][b], found.Strengths[a][b]));
                    Assert.True(Strength(a, b) <= Strength(b, a) || Tier(a) < Tier(b));
                }
            }
        }

        int[] names = Shuffled(random, options);
        Assert.Equal(Renamed(found.Order, names), SchulzeRanking.Of(options, Renamed(random, ballots, names)).Order.Select(tier => tier.Order()));
    });

    [Fact]
    public void Borda() => Each(random =>
    {
        int options = random.Next(1, 7);
        RankedBallot[] ballots = Ballots(random, options, strict: false);
        BordaRanking found = BordaRanking.Of(options, ballots);
        double Score(int a) => ballots.Sum(ballot => ballot.Count * Enumerable.Range(0, options).Where(b => b != a)
            .Sum(b => Place(ballot, a) < Place(ballot, b) ? 1 : Place(ballot, a) == Place(ballot, b) ? 0.5 : 0));
        Assert.Equal(Enumerable.Range(0, options).Select(Score), found.Scores);
        Assert.Equal(Enumerable.Range(0, options).GroupBy(Score).OrderByDescending(tier => tier.Key).Select(tier => tier.ToArray()), found.Order.Select(tier => tier.ToArray()));
        int[] names = Shuffled(random, options);
        Assert.Equal(Renamed(found.Order, names), BordaRanking.Of(options, Renamed(random, ballots, names)).Order.Select(tier => tier.Order()));
    });

    [Fact]
    public void Instant_run_off() => Each(random =>
    {
        int options = random.Next(1, 6);
        RankedBallot[] ballots = Ballots(random, options, strict: true);
        InstantRunoff found = InstantRunoff.Of(options, ballots);
        HashSet<int> possible = PossibleWinners([.. Enumerable.Range(0, options)], ballots);
        if (found is InstantRunoff.Decided decided)
        {
            Assert.Contains(decided.Winner, possible);
            Assert.Equal(Enumerable.Range(0, options), decided.Order.SelectMany(tier => tier).Order());
        }

        int[] names = Shuffled(random, options);
        InstantRunoff renamed = InstantRunoff.Of(options, Renamed(random, ballots, names));
        Assert.Equal(found.GetType(), renamed.GetType());
        if (possible.Count == 1 && found is InstantRunoff.Decided and { Winner: var winner })
        {
            Assert.Equal(possible.Single(), winner);
            Assert.Equal(names[winner], ((InstantRunoff.Decided)renamed).Winner);
        }

        int[] lot = Shuffled(random, options);
        Assert.Contains(Assert.IsType<InstantRunoff.Decided>(InstantRunoff.Of(options, ballots, lot)).Winner, possible);
    });

    [Fact]
    public void The_Scottish_count() => Each(random =>
    {
        int options = random.Next(1, 7);
        int seats = random.Next(1, options + 1);
        RankedBallot[] ballots = Ballots(random, options, strict: true);
        int[] lot = Shuffled(random, options);
        SingleTransferableVote.Decided found = Assert.IsType<SingleTransferableVote.Decided>(ScottishCount.Of(options, seats, ballots, lot));
        Assert.Equal(PlainScottish(options, seats, ballots, lot).Order(), found.Elected.Order());
        Assert.Equal(seats, found.Elected.Length);
        Assert.All(found.Stages, stage => Assert.True(stage.Votes.Sum() <= found.Ballots));
        int[] names = Shuffled(random, options);
        SingleTransferableVote.Decided renamed = Assert.IsType<SingleTransferableVote.Decided>(ScottishCount.Of(options, seats, Renamed(random, ballots, names), [.. lot.Select(option => names[option])]));
        Assert.Equal(found.Elected.Select(option => names[option]).Order(), renamed.Elected.Order());
    });

    [Fact]
    public void Meeks_count() => Each(random =>
    {
        int options = random.Next(1, 6);
        int seats = random.Next(1, options + 1);
        RankedBallot[] ballots = Ballots(random, options, strict: true);
        int[] lot = Shuffled(random, options);
        SingleTransferableVote.Decided found = Assert.IsType<SingleTransferableVote.Decided>(MeekCount.Of(options, seats, ballots, lot));
        Assert.Equal(PlainMeek(options, seats, ballots, lot).Order(), found.Elected.Order());
        int[] names = Shuffled(random, options);
        SingleTransferableVote.Decided renamed = Assert.IsType<SingleTransferableVote.Decided>(MeekCount.Of(options, seats, Renamed(random, ballots, names), [.. lot.Select(option => names[option])]));
        Assert.Equal(found.Elected.Select(option => names[option]).Order(), renamed.Elected.Order());
    });

    [Fact]
    public void Majority_judgement() => Each(random =>
    {
        int options = random.Next(1, 6);
        int grades = random.Next(2, 6);
        (IReadOnlyList<int?> Grades, int Count)[] ballots = [.. Enumerable.Range(0, random.Next(0, 9)).Select(_ =>
            ((IReadOnlyList<int?>)[.. Enumerable.Range(0, options).Select(_ => random.Next(8) == 0 ? (int?)null : random.Next(grades))], random.Next(1, 4)))];
        int[][] removed = [.. Enumerable.Range(0, options).Select(option =>
        {
            List<int> left = [.. ballots.SelectMany(ballot => Enumerable.Repeat(ballot.Grades[option] ?? 0, ballot.Count)).Order()];
            List<int> taken = [];
            while (left.Count > 0)
            {
                taken.Add(left[(left.Count - 1) / 2]);
                left.RemoveAt((left.Count - 1) / 2);
            }

            return taken.ToArray();
        })];
        int[][] expected = [.. Enumerable.Range(0, options).GroupBy(option => string.Join(',', removed[option])).OrderByDescending(tier => tier.Key, StringComparer.Ordinal).Select(tier => tier.ToArray())];
        MajorityJudgement found = MajorityJudgement.Of(options, grades, ballots);
        Assert.Equal(expected, found.Order.Select(tier => tier.ToArray()));
        Assert.All(found.Options, (option, i) => Assert.Equal(removed[i][0], option.Median));
    });

    private static RankedBallot[] Ballots(Random random, int options, bool strict) => [.. Enumerable.Range(0, random.Next(6) == 0 ? random.Next(2) : random.Next(2, 14)).Select(_ =>
    {
        List<ImmutableArray<int>> tiers = [];
        Queue<int> left = new(Shuffled(random, options).Take(random.Next(0, options + 1)));
        while (left.TryDequeue(out int first))
        {
            tiers.Add(!strict && random.Next(4) == 0 && left.TryDequeue(out int second) ? [first, second] : [first]);
        }

        return new RankedBallot([.. tiers], random.Next(1, 5));
    })];

    private static int Place(RankedBallot ballot, int option) => Enumerable.Range(0, ballot.Tiers.Length).FirstOrDefault(tier => ballot.Tiers[tier].Contains(option), int.MaxValue);

    private static int[] Shuffled(Random random, int count) => [.. Enumerable.Range(0, count).OrderBy(_ => random.Next())];

    private static RankedBallot[] Renamed(Random random, RankedBallot[] ballots, int[] names) =>
        [.. ballots.OrderBy(_ => random.Next()).Select(ballot => ballot with { Tiers = [.. ballot.Tiers.Select(tier => tier.Select(option => names[option]).ToImmutableArray())] })];

    private static IEnumerable<IEnumerable<int>> Renamed(ImmutableArray<ImmutableArray<int>> order, int[] names) => order.Select(tier => tier.Select(option => names[option]).Order());

    /// <summary>Every winner that some way of settling ties would give.</summary>
    private static HashSet<int> PossibleWinners(ImmutableArray<int> there, RankedBallot[] ballots)
    {
        Dictionary<int, int> votes = there.ToDictionary(option => option, option => ballots.Where(ballot => ballot.Tiers.Select(tier => tier[0]).FirstOrDefault(there.Contains, -1) == option).Sum(ballot => ballot.Count));
        if (there.Length == 1)
        {
            return [there[0]];
        }

        if (there.FirstOrDefault(option => 2 * votes[option] > votes.Values.Sum(), -1) is >= 0 and var winner)
        {
            return [winner];
        }

        return [.. there.Where(option => votes[option] == votes.Values.Min()).SelectMany(option => PossibleWinners(there.Remove(option), ballots))];
    }

    /// <summary>One paper at a time, with decimals.</summary>
    private static List<int> PlainScottish(int options, int seats, RankedBallot[] ballots, int[] lot)
    {
        List<(int[] Order, decimal Value)> papers = [.. ballots.Where(ballot => ballot.Tiers.Length > 0).SelectMany(ballot => Enumerable.Repeat((ballot.Tiers.Select(tier => tier[0]).ToArray(), 1m), ballot.Count))];
        decimal quota = Math.Floor(papers.Count / (decimal)(seats + 1)) + 1;
        List<int> there = [.. Enumerable.Range(0, options)], elected = [];
        List<decimal[]> history = [];
        Dictionary<int, decimal> surplus = [];
        int[] holder = [.. papers.Select(paper => paper.Order[0])];
        decimal[] kept = new decimal[options];
        while (true)
        {
            decimal[] votes = [.. Enumerable.Range(0, options).Select(option => kept[option] + papers.Where((_, i) => holder[i] == option).Sum(paper => paper.Value))];
            history.Add(votes);
            foreach (int option in there.Where(option => votes[option] >= quota || there.Count + elected.Count <= seats).ToArray())
            {
                elected.Add(option);
                there.Remove(option);
                surplus[option] = votes[option] - quota;
            }

            if (there.Count + elected.Count <= seats)
            {
                elected.AddRange(there);
                return elected;
            }

            if (elected.Count >= seats)
            {
                return elected;
            }

            int[] waiting = [.. surplus.Where(pair => pair.Value > 0).Select(pair => pair.Key)];
            int sign = waiting.Length > 0 ? -1 : 1;
            IOrderedEnumerable<int> ordered = (waiting.Length > 0 ? waiting : [.. there]).OrderBy(option => sign * votes[option]);
            for (int stage = history.Count - 2; stage >= 0; stage--)
            {
                decimal[] earlier = history[stage];
                ordered = ordered.ThenBy(option => sign * earlier[option]);
            }

            int chosen = ordered.ThenBy(option => -sign * Array.IndexOf(lot, option)).First();
            there.Remove(chosen);
            decimal share = waiting.Length > 0 ? surplus[chosen] : 0;
            for (int i = 0; i < papers.Count; i++)
            {
                if (holder[i] != chosen)
                {
                    continue;
                }

                decimal value = waiting.Length > 0 ? Math.Floor(share * papers[i].Value / votes[chosen] * 100_000) / 100_000 : papers[i].Value;
                holder[i] = papers[i].Order.SkipWhile(option => option != chosen).Skip(1).FirstOrDefault(there.Contains, -1);
                papers[i] = (papers[i].Order, value);
            }

            if (waiting.Length > 0)
            {
                kept[chosen] = quota;
                surplus[chosen] = 0;
            }
        }
    }

    /// <summary>Floating point and very many rounds.</summary>
    private static List<int> PlainMeek(int options, int seats, RankedBallot[] ballots, int[] lot)
    {
        double[] keep = [.. Enumerable.Repeat(1.0, options)];
        List<int> there = [.. Enumerable.Range(0, options)], elected = [];
        while (true)
        {
            double[] votes = [];
            for (int round = 0; round < 5_000; round++)
            {
                votes = new double[options];
                foreach (RankedBallot ballot in ballots)
                {
                    double weight = ballot.Count;
                    foreach (int option in ballot.Tiers.Select(tier => tier[0]))
                    {
                        votes[option] += weight * keep[option];
                        weight *= 1 - keep[option];
                    }
                }

                double quota = (votes.Sum() / (seats + 1)) + 1e-9;
                foreach (int option in there.Where(option => votes[option] >= quota).ToArray())
                {
                    elected.Add(option);
                    there.Remove(option);
                    round = 0;
                }

                if (elected.Count >= seats)
                {
                    return elected;
                }

                double before = elected.Sum(option => votes[option] - quota);
                if (before < 1e-7)
                {
                    break;
                }

                foreach (int option in elected)
                {
                    keep[option] *= quota / votes[option];
                }
            }

            if (there.Count + elected.Count <= seats)
            {
                return [.. elected, .. there];
            }

            double least = there.Min(option => votes[option]);
            int goes = there.Where(option => votes[option] <= least + 2e-6).MaxBy(option => Array.IndexOf(lot, option));
            there.Remove(goes);
            keep[goes] = 0;
            if (there.Count + elected.Count <= seats)
            {
                return [.. elected, .. there];
            }
        }
    }
}
