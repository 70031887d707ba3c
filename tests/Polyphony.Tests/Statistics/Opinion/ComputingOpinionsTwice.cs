using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Tests.Statistics.Opinion;

/// <summary>The map once more, written plainly over a full table of votes: every input random or degenerate.</summary>
public sealed class ComputingOpinionsTwice
{
    [Fact]
    public void Pair_statistics_and_covariance_are_those_of_the_full_table() => RandomInputs.Each(random =>
    {
        Conversation made = Made(random);
        int?[,] votes = Full(made);
        CoVotes sums = CoVotes.Of(made.Table(), threads: 1 + random.Next(3));
        int[] order = [.. Enumerable.Range(0, made.Statements.Count).Where(s => made.Statements[s].Counts && Column(votes, s).Any())];
        using StatementCovariance covariance = StatementCovariance.Of(sums, order, 1);
        for (int i = 0; i < order.Length; i++)
        {
            RandomInputs.Near(Column(votes, order[i]).Average(), covariance.Means[i], 1e-12);
            for (int j = 0; j < order.Length; j++)
            {
                double expected = Enumerable.Range(0, made.People).Sum(p => (votes[p, order[i]] - Column(votes, order[i]).Average()) * (votes[p, order[j]] - Column(votes, order[j]).Average()) ?? 0);
                RandomInputs.Near(expected, covariance[i, j], 1e-9);
                if (i != j)
                {
                    int[] both = [.. Enumerable.Range(0, made.People).Where(p => votes[p, order[i]] is not null && votes[p, order[j]] is not null)];
                    Assert.Equal(
                        new CoVote(both.Length, both.Sum(p => votes[p, order[i]]!.Value), both.Sum(p => votes[p, order[j]]!.Value), both.Sum(p => votes[p, order[i]]!.Value * votes[p, order[j]]!.Value)),
                        sums.PairOf(order[i], order[j]));
                }
            }
        }
    });

    [Fact]
    public void Directions_and_places_are_those_of_another_decomposition() => RandomInputs.Each(random =>
    {
        Conversation made = Made(random);
        int?[,] votes = Full(made);
        StableMap map = made.Map();
        int[] order = [.. map.Order];
        double[] means = [.. order.Select(s => Column(votes, s).Average())];
        double[,] matrix = new double[order.Length, order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = 0; j < order.Length; j++)
            {
                matrix[i, j] = Enumerable.Range(0, made.People).Sum(p => (votes[p, order[i]] - means[i]) * (votes[p, order[j]] - means[j]) ?? 0);
            }
        }

        (double[] values, double[][] vectors) = Jacobi(matrix);
        double all = values.Sum();
        for (int rank = 0; rank < Math.Min(2, order.Length); rank++)
        {
            RandomInputs.Near(all < 1e-9 ? 0 : values[rank] / all, map.Explained[rank], 1e-8);
            // Directions that explain alike may be any mixture of each other.
            bool isAlone = values[rank] > 1e-6 && Enumerable.Range(0, values.Length).All(other => other == rank || Math.Abs(values[other] - values[rank]) > 1e-3 * values[0]);
            if (!isAlone)
            {
                continue;
            }

            double sign = Math.Sign(map.Loadings[rank].Zip(vectors[rank], (a, b) => a * b).Sum());
            for (int p = 0; p < made.People; p++)
            {
                int[] voted = [.. Enumerable.Range(0, order.Length).Where(i => votes[p, order[i]] is not null)];
                double place = sign * Math.Sqrt((double)order.Length / Math.Max(1, voted.Length)) * voted.Sum(i => (votes[p, order[i]]!.Value - means[i]) * vectors[rank][i]);
                Assert.Equal(place, rank == 0 ? map.PlaceOf(p).X : map.PlaceOf(p).Y, 0.002);
            }
        }
    });

    [Fact]
    public void Groups_and_their_stability_are_those_of_plain_grouping()
    {
        SortedSet<int> ks = [];
        RandomInputs.Each(random =>
        {
            Conversation made = random.Next(2) == 0 ? Made(random) : Conversations.Camps(random, random.Next(20, 70), random.Next(8, 26), random.Next(2, 6), 0.6 + (0.4 * random.NextDouble()), 0.5 + (0.5 * random.NextDouble()));
            ks.Add(Same(made));
        });
        Assert.True(ks.Count >= 4, $"Only {string.Join(' ', ks)} groups were found.");
    }

    [Fact]
    public void Groups_of_thousands_begun_by_blocks_are_those_of_plain_grouping()
    {
        // More than two thousand cells are first grouped by blocks of four.
        Conversation made = Conversations.Camps(new Random(9), 8_000, 40, 3, 0.35, 0.6);
        Assert.True(PlainStableMap.Of(made, made.Map()).Occupied > 2_000);
        Same(made);
    }

    /// <summary>Compares the map with the plain one; how many groups there are.</summary>
    private static int Same(Conversation made)
    {
        StableMap map = made.Map();
        PlainStableMap plain = PlainStableMap.Of(made, map);
        for (int k = 2; k <= 8; k++)
        {
            RandomInputs.Near(plain.Tried[k - 2].ToDouble(), map.Tried[k - 2].Least);
        }

        Assert.Equal(plain.K, map.K);
        Assert.Equal(plain.GroupOf, map.GroupOf.Select(group => (int)group));
        Assert.Equal(plain.FoundAgain, map.FoundAgain.Select(again => (int)again));
        Assert.All(map.Groups.Zip(plain.Stability), pair => RandomInputs.Near(pair.Second.ToDouble(), pair.First.Stability));
        return map.K;
    }

    [Fact]
    public void Tallies_and_lists_are_those_of_plain_counting() => RandomInputs.Each(random =>
    {
        Conversation made = Made(random);
        int?[,] votes = Full(made);
        int groups = 1 + random.Next(4);
        short[] groupOf = [.. Enumerable.Range(0, made.People).Select(_ => (short)random.Next(-1, groups))];
        GroupTallies tallies = GroupTallies.Of(made.Table(), groups, groupOf);
        int[] order = [.. Enumerable.Range(0, made.Statements.Count)];
        int Count(int g, int s, int value) => Enumerable.Range(0, made.People).Count(p => groupOf[p] == g && votes[p, s] == value);
        for (int g = 0; g < groups; g++)
        {
            Assert.Equal(groupOf.Count(own => own == g), tallies.Sizes[g]);
            for (int s = 0; s < order.Length; s++)
            {
                int all = Count(g, s, 1) + Count(g, s, 0) + Count(g, s, -1);
                Assert.Equal(new StatementTally(Count(g, s, 1), Count(g, s, -1), all), tallies[g, s]);
                Assert.Equal(tallies.Sizes[g] - all, tallies.Unseen(g, s));
            }

            Assert.All(Representative.Of(tallies, g, order), one =>
            {
                int value = one.Side == Side.Agree ? 1 : -1;
                double said = Count(g, one.Statement, value), voted = tallies[g, one.Statement].Votes;
                double saidOut = Enumerable.Range(0, groups).Where(other => other != g).Sum(other => Count(other, one.Statement, value)), votedOut = Enumerable.Range(0, groups).Where(other => other != g).Sum(other => tallies[other, one.Statement].Votes);
                double p1 = (said + 1) / (voted + 1), p2 = (saidOut + 1) / (votedOut + 1), pooled = (said + saidOut + 2) / (voted + votedOut + 2);
                RandomInputs.Near((said + 1) / (voted + 2), one.Share);
                RandomInputs.Near((said + 1) / (voted + 2) * (votedOut + 2) / (saidOut + 1), one.Ratio);
                RandomInputs.Near(pooled == 1 ? 0 : (p1 - p2) / Math.Sqrt(pooled * (1 - pooled) * ((1 / (voted + 1)) + (1 / (votedOut + 1)))), one.RatioTest);
            });
        }

        Assert.All(Unseen.Of(tallies, order), one =>
        {
            Assert.Equal(Enumerable.Range(0, groups).Select(g => Enumerable.Range(0, made.People).Count(p => groupOf[p] == g && votes[p, one.Statement] is null)), one.People);
            int[] inhabited = [.. Enumerable.Range(0, groups).Where(g => tallies.Sizes[g] > 0)];
            RandomInputs.Near(inhabited.Length == 0 ? null : inhabited.Min(g => 1 - ((double)one.People[g] / tallies.Sizes[g])), one.LeastSeen);
        });
        Assert.All(Enumerable.Range(0, made.People), p => Assert.Equal(order.Where(s => votes[p, s] is null), Unseen.By(made.Table(), p, order)));
        Consensus across = Consensus.AcrossGroups(tallies, order);
        foreach ((IReadOnlyList<ConsensusStatement> ours, int side) in new[] { ((IReadOnlyList<ConsensusStatement>)across.Agree, 1), (across.Disagree, -1) })
        {
            int Said(int g, int s) => Count(g, s, side);
            double[] Factors(int s) => [.. Enumerable.Range(0, groups).Select(g => Factor(Said(g, s), Count(g, s, -side), tallies[g, s].Votes)).Order()];
            int[] said = [.. order.Where(s => Enumerable.Range(0, groups).All(g => Says(Said(g, s), tallies[g, s].Votes))).OrderByDescending(s => Factors(s).Aggregate((a, b) => a * b)).Take(5)];
            Assert.Equal(said, ours.Select(one => one.Statement));
            Assert.All(ours, one =>
            {
                Assert.Equal((Enumerable.Range(0, groups).Sum(g => Said(g, one.Statement)), Enumerable.Range(0, groups).Sum(g => tallies[g, one.Statement].Votes)), (one.Said, one.Voted));
                RandomInputs.Near(Factors(one.Statement).Aggregate((a, b) => a * b), one.Score);
                RandomInputs.Near(Enumerable.Range(0, groups).Min(g => (Said(g, one.Statement) + 0.5) / (tallies[g, one.Statement].Votes + 1)), one.Share);
            });
        }

        Assert.All(Divisive.Of(tallies, order), one => RandomInputs.Near(
            Enumerable.Range(0, groups).Max(g => Share(tallies[g, one.Statement])) - Enumerable.Range(0, groups).Min(g => Share(tallies[g, one.Statement])), one.Difference));
        static bool Says(int said, int voted) => 2 * Math.Sqrt(voted + 1) * (((said + 1.0) / (voted + 1)) - 0.5) > 1.2816 && 2 * said > voted;
        static double Factor(int said, int against, int voted) => (said + 0.5) / (voted + 1) * (1 - ((against + 0.5) / (voted + 1)));
        static double Share(StatementTally tally) => (tally.Agrees + 1.0) / (tally.Votes + 2);
    });

    internal static Conversation Made(Random random) => random.Next(8) switch
    {
        0 => Conversations.Camps(random, random.Next(4), random.Next(1, 5), 1),
        1 => Conversations.Camps(random, random.Next(1, 20), random.Next(1, 10), 1, loyal: 1, seen: 1),
        2 => Conversations.Camps(random, random.Next(1, 30), random.Next(1, 12), 2, loyal: 1, seen: 1),
        _ => Conversations.Camps(random, random.Next(1, 40), random.Next(1, 16), random.Next(4), random.NextDouble(), random.NextDouble()),
    };

    internal static int?[,] Full(Conversation made)
    {
        int?[,] votes = new int?[made.People, made.Statements.Count];
        foreach (CastVote vote in made.Votes.Index().OrderBy(vote => vote.Item.Time).ThenBy(vote => vote.Index).Select(vote => vote.Item))
        {
            votes[vote.Person, vote.Statement] = vote.Value;
        }

        return votes;
    }

    internal static IEnumerable<int> Column(int?[,] votes, int statement) => Enumerable.Range(0, votes.GetLength(0)).Where(p => votes[p, statement] is not null).Select(p => votes[p, statement]!.Value);

    /// <summary>Eigenvalues from the largest, with their vectors, by turning pairs of axes.</summary>
    private static (double[] Values, double[][] Vectors) Jacobi(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone(), v = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            v[i, i] = 1;
        }

        for (int sweep = 0; sweep < 60; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p, q]) < 1e-300)
                    {
                        continue;
                    }

                    double angle = 0.5 * Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]), c = Math.Cos(angle), s = Math.Sin(angle);
                    for (int k = 0; k < n; k++)
                    {
                        (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
                    }

                    for (int k = 0; k < n; k++)
                    {
                        (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
                        (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
                    }
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i, i])];
        return ([.. order.Select(i => a[i, i])], [.. order.Select(i => Enumerable.Range(0, n).Select(k => v[k, i]).ToArray())]);
    }
}
