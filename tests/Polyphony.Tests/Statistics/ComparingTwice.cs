using System.Numerics;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Reason;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics;

/// <summary>Each comparison once more, as plainly as it can be written, on two hundred inputs.</summary>
public sealed class ComparingTwice
{
    [Fact]
    public void McNemars_test() => Each(random =>
    {
        int b = random.Next(4) == 0 ? 0 : random.Next(60), c = random.Next(4) == 0 ? b : random.Next(60);
        McNemar found = McNemar.Of(b, c);
        BigInteger below = BigInteger.Zero, choose = BigInteger.One;
        for (int heads = 0; heads <= Math.Min(b, c); heads++)
        {
            below += choose;
            choose = choose * (b + c - heads) / (heads + 1);
        }

        Near(Math.Min(1, 2 * (double)below / Math.Pow(2, b + c)), found.ExactPValue);
        double n = b + c;
        Near(n == 0 ? null : Math.Pow(b - c, 2) / n, found.ChiSquared);
        Near(n == 0 ? null : PlainChiSquare.Tail(Math.Pow(b - c, 2) / n, 1), found.PValue, 1e-8);
        Near(n == 0 ? null : b == c ? 0 : Math.Pow(Math.Abs(b - c) - 1, 2) / n, found.CorrectedChiSquared);
        Assert.Equal(found.BestPValue, McNemar.Of(c, b).BestPValue);
    });

    [Fact]
    public void Marginal_homogeneity_and_symmetry() => Each(random =>
    {
        int options = random.Next(2, 6);
        int[][] table = [.. Enumerable.Range(0, options).Select(_ => Enumerable.Range(0, options).Select(_ => random.Next(3) == 0 ? 0 : random.Next(12)).ToArray())];
        if (random.Next(4) == 0)
        {
            // An option that nobody left or joined.
            int still = random.Next(options);
            for (int i = 0; i < options; i++)
            {
                table[i][still] = table[still][i] = i == still ? 5 : 0;
            }
        }

        AnswerFlow flow = ReproducingPublishedValues.Flow(table);
        StuartMaxwell found = StuartMaxwell.Of(flow);
        double? plain = PlainStuartMaxwell(table, out int rank);
        Near(plain, found.ChiSquared, 1e-8);
        Assert.Equal(rank, found.Degrees);
        Near(plain / (1 - (plain / flow.Pairs)) is { } finite && finite is > 0 and < 1e9 || plain == 0 ? plain / (1 - (plain / flow.Pairs)) : null, found.Bhapkar, 1e-6);
        double symmetry = 0;
        int pairs = 0;
        for (int i = 0; i < options; i++)
        {
            for (int j = 0; j < i; j++)
            {
                int moves = table[i][j] + table[j][i];
                symmetry += moves == 0 ? 0 : Math.Pow(table[i][j] - table[j][i], 2) / moves;
                pairs += moves == 0 ? 0 : 1;
            }
        }

        Bowker bowker = Bowker.Of(flow);
        Near(pairs == 0 ? null : symmetry, bowker.ChiSquared);
        Assert.Equal(pairs, bowker.Degrees);
        int[] order = [.. Enumerable.Range(0, options).OrderBy(_ => random.Next())];
        AnswerFlow renamed = ReproducingPublishedValues.Flow([.. order.Select(i => order.Select(j => table[i][j]).ToArray())]);
        Assert.Equal((found.ChiSquared, found.Bhapkar, found.PValue), (StuartMaxwell.Of(renamed).ChiSquared, StuartMaxwell.Of(renamed).Bhapkar, StuartMaxwell.Of(renamed).PValue));
        Assert.Equal(bowker, Bowker.Of(renamed));
        if (options == 2)
        {
            Near(McNemar.Of(table[0][1], table[1][0]).ChiSquared, found.ChiSquared);
        }
    });

    [Fact]
    public void Signed_ranks() => Each(random =>
    {
        (decimal Before, decimal After)[] pairs = Pairs(random);
        SignedRank found = SignedRank.Of(pairs);
        decimal[] moved = [.. pairs.Select(pair => pair.After - pair.Before).Where(difference => difference != 0)];
        double Rank(decimal difference) => moved.Count(other => Math.Abs(other) < Math.Abs(difference)) + ((moved.Count(other => Math.Abs(other) == Math.Abs(difference)) + 1) / 2.0);
        double up = moved.Where(difference => difference > 0).Sum(Rank);
        Near(up, found.RanksUp);
        double n = moved.Length;
        if (n == 0)
        {
            Assert.Null(found.PValue);
            return;
        }

        if (found.IsExact && n <= 12)
        {
            int[] sums = [.. Enumerable.Range(0, 1 << (int)n).Select(signs => Enumerable.Range(0, (int)n).Sum(rank => (signs >> rank & 1) * (rank + 1)))];
            Near(sums.Count(sum => sum >= up) / Math.Pow(2, n), found.PUp);
            Near(sums.Count(sum => sum <= up) / Math.Pow(2, n), found.PDown);
        }
        else if (!found.IsExact)
        {
            double ties = moved.GroupBy(Math.Abs).Sum(tied => Math.Pow(tied.Count(), 3) - tied.Count());
            double deviation = Math.Sqrt((n * (n + 1) * ((2 * n) + 1) / 24) - (ties / 48));
            Near((up - (n * (n + 1) / 4)) / deviation, found.Z);
            double z = (up - (n * (n + 1) / 4) - 0.5) / deviation;
            Near((z < 0 ? 1 + (1 - PlainChiSquare.Tail(z * z, 1)) : PlainChiSquare.Tail(z * z, 1)) / 2, found.PUp, 1e-8);
        }

        Assert.Equal(found, SignedRank.Of([.. pairs.OrderBy(_ => random.Next())]));
        SignedRank mirrored = SignedRank.Of([.. pairs.Select(pair => (pair.After, pair.Before))]);
        Assert.Equal((found.PUp, found.PDown, found.PValue, found.RanksUp), (mirrored.PDown, mirrored.PUp, mirrored.PValue, mirrored.RanksDown));
        // Without equal answers Pratt's way is Wilcoxon's.
        Assert.Equal(found with { Equal = 0, Pairs = moved.Length }, SignedRank.Of([.. pairs.Where(pair => pair.Before != pair.After)], EqualAnswers.RankedFirst));
    });

    [Fact]
    public void Signed_ranks_with_equal_answers_ranked_first() => Each(random =>
    {
        (decimal Before, decimal After)[] pairs = Pairs(random);
        if (pairs.Length > 2 && random.Next(2) == 0)
        {
            pairs = [.. pairs.Select((pair, i) => i % 3 == 0 ? (pair.Before, pair.Before) : pair)];
        }

        SignedRank found = SignedRank.Of(pairs, EqualAnswers.RankedFirst);
        decimal[] all = [.. pairs.Select(pair => pair.After - pair.Before)];
        double Rank(decimal difference) => all.Count(other => Math.Abs(other) < Math.Abs(difference)) + ((all.Count(other => Math.Abs(other) == Math.Abs(difference)) + 1) / 2.0);
        double n = all.Length, still = all.Count(difference => difference == 0);
        double up = all.Where(difference => difference > 0).Sum(Rank);
        Near(up, found.RanksUp);
        Near(all.Where(difference => difference < 0).Sum(Rank), found.RanksDown);
        Assert.Equal((all.Length, (int)still), (found.Pairs, found.Equal));
        if (n == still)
        {
            Assert.Null(found.PValue);
            return;
        }

        if (found.IsExact)
        {
            Assert.Equal(0, still);
            return;
        }

        // Pratt's mean and variance: those of all ranks less those of the equal answers, which have the lowest.
        double ties = all.Where(difference => difference != 0).GroupBy(Math.Abs).Sum(tied => Math.Pow(tied.Count(), 3) - tied.Count());
        double mean = ((n * (n + 1)) - (still * (still + 1))) / 4;
        double deviation = Math.Sqrt((((n * (n + 1) * ((2 * n) + 1)) - (still * (still + 1) * ((2 * still) + 1))) / 24) - (ties / 48));
        double Above(double z) => (z < 0 ? 1 + (1 - PlainChiSquare.Tail(z * z, 1)) : PlainChiSquare.Tail(z * z, 1)) / 2;
        Near((up - mean) / deviation, found.Z);
        Near(Above((up - mean - 0.5) / deviation), found.PUp, 1e-8);
        Near(Above((mean - up - 0.5) / deviation), found.PDown, 1e-8);
        Near(Math.Min(1, 2 * Above((Math.Abs(up - mean) - 0.5) / deviation)), found.PValue, 1e-8);
        Assert.Equal(found, SignedRank.Of([.. pairs.OrderBy(_ => random.Next())], EqualAnswers.RankedFirst));
    });

    [Fact]
    public void Paired_means() => Each(random =>
    {
        (decimal Before, decimal After)[] pairs = Pairs(random);
        double[] differences = [.. pairs.Select(pair => (double)(pair.After - pair.Before))];
        int n = differences.Length;
        double mean = n == 0 ? 0 : differences.Average();
        double deviation = Math.Sqrt(differences.Sum(difference => Math.Pow(difference - mean, 2)) / (n - 1));
        bool isDefined = n > 1 && differences.Distinct().Count() > 1;
        PairedT found = PairedT.Of(pairs);
        Near(n == 0 ? null : mean, found.MeanDifference);
        Near(isDefined ? mean / (deviation / Math.Sqrt(n)) : null, found.T);
        Near(isDefined ? mean / deviation : null, found.EffectSize);
        if (isDefined)
        {
            Near(PlainStudent(found.T!.Value, n - 1), found.PValue, 1e-5);
        }

        Assert.Equal(found, PairedT.Of([.. pairs.OrderBy(_ => random.Next())]));
    });

    [Fact]
    public void Many_tests() => Each(random =>
    {
        double[] p = [.. Numbers(random, random.Next(0, 12)).Select(value => Math.Min(1, (double)value))];
        double[] sorted = [.. p.Order()];
        int m = p.Length;
        for (int i = 0; i < m; i++)
        {
            Near(Enumerable.Range(0, m).Where(k => sorted[k] <= p[i]).Max(k => Math.Min(1, (m - k) * sorted[k])), ManyTests.Holm(p)[i]);
            Near(Enumerable.Range(0, m).Where(k => sorted[k] >= p[i]).Min(k => Math.Min(1, sorted[k] * m / (k + 1))), ManyTests.BenjaminiHochberg(p)[i]);
        }
    });

    [Fact]
    public void Sites() => Each(random =>
    {
        int options = random.Next(1, 6);
        SiteAnswers[] sites = ReproducingPublishedValues.Sites([.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => Counts(random, options, options))]);
        SiteAnswers[] kept = [.. sites.Where(site => site.Answers > 0)];
        double[][] p = [.. kept.Select(site => site.Counts.Select(count => (double)count / site.Answers).ToArray())];
        double variation = 0, pairs = 0;
        for (int a = 0; a < p.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                variation += p[a].Zip(p[b], (x, y) => Math.Abs(x - y)).Sum() / 2;
                pairs++;
            }
        }

        SiteDistances found = SiteDistances.Of(sites);
        Near(1 - (variation / pairs), found.Convergence);
        double[] mixture = [.. Enumerable.Range(0, options).Select(option => p.Length == 0 ? 0 : p.Average(site => site[option]))];
        Near(p.Length < 2 ? null : p.Average(site => site.Select((x, option) => x == 0 ? 0 : x * Math.Log2(x / mixture[option])).Sum()), found.JensenShannon);
        Near(p.Length < 2 ? null : found.JensenShannon / Math.Log2(p.Length), found.NormalisedJensenShannon);

        double[] columns = [.. Enumerable.Range(0, options).Select(option => kept.Sum(site => (double)site.Counts[option]))];
        double n = columns.Sum();
        int chosen = columns.Count(column => column > 0);
        bool isDefined = p.Length > 1 && chosen > 1;
        double statistic = kept.Sum(site => site.Counts.Select((count, option) => columns[option] == 0 ? 0 : Math.Pow(count, 2) / (site.Answers * columns[option])).Sum());
        Homogeneity test = Homogeneity.Of(sites);
        Near(isDefined ? n * (statistic - 1) : null, test.ChiSquared, 1e-8);
        Near(isDefined ? Math.Sqrt(Math.Max(0, statistic - 1) / (Math.Min(p.Length, chosen) - 1)) : null, test.CramerV, 1e-6);
        Assert.Equal(isDefined ? (p.Length - 1) * (chosen - 1) : 0, test.Degrees);

        SiteAnswers[] mixed = [.. sites.OrderBy(_ => random.Next())];
        int[] order = [.. Enumerable.Range(0, options).OrderBy(_ => random.Next())];
        mixed = [.. mixed.Select(site => new SiteAnswers(site.Site + "!", [.. order.Select(option => site.Counts[option])]))];
        SiteDistances again = SiteDistances.Of(mixed);
        Assert.Equal((found.Convergence, found.JensenShannon), (again.Convergence, again.JensenShannon));
        Assert.Equal((test.ChiSquared, test.CramerV, test.PValue, test.LeastExpected), (Homogeneity.Of(mixed).ChiSquared, Homogeneity.Of(mixed).CramerV, Homogeneity.Of(mixed).PValue, Homogeneity.Of(mixed).LeastExpected));

        SharedMajority majority = SharedMajority.Of(sites);
        int Firsts(int option) => kept.Count(site => site.Counts[option] == site.Counts.Max());
        Assert.Equal(kept.Length == 0 ? [] : Enumerable.Range(0, options).Where(option => Enumerable.Range(0, options).All(other => Firsts(option) >= Firsts(other))), majority.Options);
        Assert.Equal(kept.Length, majority.Agreeing + majority.Exceptions.Length);
        Assert.Equal(majority.Share, SharedMajority.Of(mixed).Share);
    });

    [Fact]
    public void Concordance() => Each(random =>
    {
        int things = random.Next(0, 7);
        decimal[][] rankings = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Numbers(random, things))];
        KendallW found = KendallW.Of(rankings);
        double[][] ranks = [.. rankings.Select(row => row.Select(value => row.Count(other => other < value) + ((row.Count(other => other == value) + 1) / 2.0)).ToArray())];
        double m = rankings.Length, n = things;
        double[] sums = [.. Enumerable.Range(0, things).Select(thing => ranks.Sum(row => row[thing]))];
        double s = sums.Sum(sum => Math.Pow(sum - (m * (n + 1) / 2), 2));
        double ties = rankings.Sum(row => row.GroupBy(value => value).Sum(tied => Math.Pow(tied.Count(), 3) - tied.Count()));
        double most = (m * m * ((n * n * n) - n)) - (m * ties);
        Near(m < 2 || n < 2 || most <= 0 ? null : 12 * s / most, found.W);
        Assert.Equal(found, KendallW.OfCounted([.. rankings.GroupBy(row => string.Join(' ', row)).Select(alike => ((IReadOnlyList<decimal>)alike.First(), alike.Count()))]));
        int[] order = [.. Enumerable.Range(0, things).OrderBy(_ => random.Next())];
        Assert.Equal(found, KendallW.Of([.. rankings.OrderBy(_ => random.Next()).Select(row => order.Select(thing => row[thing]).ToArray())]));
    });

    [Fact]
    public void Deliberative_reason() => Each(random =>
    {
        int items = random.Next(0, 7), policies = random.Next(0, 5);
        decimal?[] Row(int count) => [.. Numbers(random, count).Select(value => random.Next(12) == 0 ? (decimal?)null : value)];
        ReasonAnswers[] people = [.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => MeasuringDeliberativeReason.Person(Row(items), Row(policies)))];
        List<(double C, double P)> pairs = [];
        int all = 0;
        for (int a = 0; a < people.Length; a++)
        {
            for (int b = 0; b < a; b++, all++)
            {
                double c = PlainSpearman([.. people[a].Considerations], [.. people[b].Considerations]), p = PlainSpearman([.. people[a].Preferences], [.. people[b].Preferences]);
                if (!double.IsNaN(c) && !double.IsNaN(p))
                {
                    pairs.Add((c, p));
                }
            }
        }

        ReasonIndex found = ReasonIndex.Of(people);
        Assert.Equal((pairs.Count, all - pairs.Count), (found.Pairs, found.DroppedPairs));
        double lambda = Math.Sqrt(2) / 2;
        Near(pairs.Count == 0 ? null : ((-2 * pairs.Average(pair => Math.Abs(pair.C - pair.P) / Math.Sqrt(2))) + lambda) / lambda, found.Original);
        double? apart = pairs.Count == 0 ? null : 1 - pairs.Average(pair => (1 - (Math.Abs(pair.C - pair.P) / Math.Sqrt(2))) * Math.Min(1, Math.Max(Math.Abs(pair.C), Math.Abs(pair.P)) / 0.2));
        Near(((-2 * apart) + lambda) / lambda, found.Adjusted);
    });

    [Fact]
    public void Preferences_dealt_out_anew() => Each(random =>
    {
        int items = random.Next(2, 6), policies = random.Next(2, 5);
        decimal?[] Row(int count) => [.. Numbers(random, count).Select(value => random.Next(15) == 0 ? (decimal?)null : value)];
        ReasonAnswers[] people = [.. Enumerable.Range(0, random.Next(0, 7)).Select(_ => MeasuringDeliberativeReason.Person(Row(items), Row(policies)))];
        byte[] seed = [(byte)items, (byte)people.Length];
        const int Deals = 400;
        ReasonPermutations found = ReasonPermutations.Of(people, seed, Deals, TestContext.Current.CancellationToken);
        int[] own = [.. Enumerable.Range(0, people.Length)];
        if (PlainReason(people, own) is not { } observed)
        {
            Assert.Equal((null, 0, null), (found.Observed, found.Permutations, found.PValue));
            return;
        }

        Near(observed, found.Observed);
        double? Index(int[] dealt) => PlainReason(people, dealt);
        bool IsAsHigh(int[] dealt) => Index(dealt) >= observed - 1e-10;

        // The same deals from the same seed: people sorted by what their own pairs look like.
        ReasonPair[] pairs = [.. ReasonIndex.Compare(people)];
        double[][] looks = [.. own.Select(person => pairs.Where(pair => pair.First == person || pair.Second == person)
            .Select(pair => (pair.Considerations ?? double.NaN, pair.Preferences ?? double.NaN)).Order().SelectMany(pair => new[] { pair.Item1, pair.Item2 }).ToArray())];
        int[] sorted = [.. own.OrderBy(person => looks[person], Comparer<double[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))];
        SeededChance chance = new(seed);
        int asHigh = 0;
        int[] deal = [.. own];
        for (int i = 0; i < Deals; i++)
        {
            chance.Shuffle(deal);
            int[] dealt = new int[people.Length];
            for (int place = 0; place < deal.Length; place++)
            {
                dealt[sorted[place]] = sorted[deal[place]];
            }

            asHigh += IsAsHigh(dealt) ? 1 : 0;
        }

        Assert.Equal((asHigh, Deals), (found.AsHigh, found.Permutations));
        Near((double)asHigh / Deals, found.PValue);

        // And all deals that there are: chance may miss their share by five standard errors.
        int[][] all = [.. AllDeals(own)];
        double p = all.Count(IsAsHigh) / (double)all.Length;
        Assert.InRange(found.PValue!.Value, p - (5 * Math.Sqrt(p * (1 - p) / Deals)) - 1e-12, p + (5 * Math.Sqrt(p * (1 - p) / Deals)) + 1e-12);
    });

    private static IEnumerable<int[]> AllDeals(int[] people) => people.Length == 0 ? [[]] : people.SelectMany(first => AllDeals([.. people.Where(person => person != first)]).Select(rest => rest.Prepend(first).ToArray()));

    /// <summary>1 − 2 mean |c − p| where each person wants what another one wants.</summary>
    private static double? PlainReason(ReasonAnswers[] people, int[] dealt)
    {
        List<double> apart = [];
        for (int a = 0; a < people.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double c = PlainSpearman([.. people[a].Considerations], [.. people[b].Considerations]), p = PlainSpearman([.. people[dealt[a]].Preferences], [.. people[dealt[b]].Preferences]);
                if (!double.IsNaN(c) && !double.IsNaN(p))
                {
                    apart.Add(Math.Abs(c - p));
                }
            }
        }

        return apart.Count == 0 ? null : 1 - (2 * apart.Average());
    }

    private static (decimal Before, decimal After)[] Pairs(Random random)
    {
        int n = random.Next(4) == 0 ? random.Next(3) : random.Next(40);
        decimal[] before = Numbers(random, n);
        return [.. before.Zip(random.Next(5) == 0 ? before : random.Next(6) == 0 ? before.Select(value => value + 1) : Numbers(random, n))];
    }

    private static double PlainSpearman(decimal?[] a, decimal?[] b)
    {
        (decimal A, decimal B)[] both = [.. a.Zip(b).Where(pair => pair is { First: not null, Second: not null }).Select(pair => (pair.First!.Value, pair.Second!.Value))];
        double[] Ranked(decimal[] values) => [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) + 1) / 2.0))];
        double[] x = Ranked([.. both.Select(pair => pair.A)]), y = Ranked([.. both.Select(pair => pair.B)]);
        if (x.Distinct().Count() < 2 || y.Distinct().Count() < 2)
        {
            return double.NaN;
        }

        double meanX = x.Average(), meanY = y.Average();
        return x.Zip(y, (u, v) => (u - meanX) * (v - meanY)).Sum() / Math.Sqrt(x.Sum(u => (u - meanX) * (u - meanX)) * y.Sum(v => (v - meanY) * (v - meanY)));
    }

    /// <summary>dᵀS⁺d by Gauss–Jordan with pivots, dependent rows left out.</summary>
    private static double? PlainStuartMaxwell(int[][] table, out int rank)
    {
        int k = table.Length;
        double[,] m = new double[k, k + 1];
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < k; j++)
            {
                m[i, j] = i == j ? table[i].Sum() + table.Sum(row => row[i]) - (2 * table[i][i]) : -(table[i][j] + table[j][i]);
            }

            m[i, k] = table[i].Sum() - table.Sum(row => row[i]);
        }

        double[] d = [.. Enumerable.Range(0, k).Select(i => m[i, k])];
        int[] pivotOf = new int[k];
        Array.Fill(pivotOf, -1);
        rank = 0;
        for (int column = 0; column < k; column++)
        {
            int best = Enumerable.Range(rank, k - rank).DefaultIfEmpty(-1).MaxBy(row => row < 0 ? 0 : Math.Abs(m[row, column]));
            if (best < 0 || Math.Abs(m[best, column]) < 1e-9)
            {
                continue;
            }

            for (int j = 0; j <= k; j++)
            {
                (m[rank, j], m[best, j]) = (m[best, j], m[rank, j]);
            }

            for (int row = 0; row < k; row++)
            {
                double factor = row == rank ? 0 : m[row, column] / m[rank, column];
                for (int j = 0; j <= k && factor != 0; j++)
                {
                    m[row, j] -= factor * m[rank, j];
                }
            }

            pivotOf[column] = rank++;
        }

        return rank == 0 ? null : Enumerable.Range(0, k).Where(column => pivotOf[column] >= 0).Sum(column => d[column] * m[pivotOf[column], k] / m[pivotOf[column], column]);
    }

    /// <summary>Twice the area beyond |t|, by Simpson's rule over the angle atan(t / √df), where the density is cos^(df − 1).</summary>
    private static double PlainStudent(double t, int degrees)
    {
        static double Area(double from, double to, int power)
        {
            const int Steps = 2_000;
            double width = (to - from) / Steps;
            return Enumerable.Range(0, Steps + 1).Sum(i => (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Pow(Math.Cos(from + (i * width)), power)) * width / 3;
        }

        double angle = Math.Atan(Math.Abs(t) / Math.Sqrt(degrees));
        return Area(angle, Math.PI / 2, degrees - 1) / Area(0, Math.PI / 2, degrees - 1);
    }
}
