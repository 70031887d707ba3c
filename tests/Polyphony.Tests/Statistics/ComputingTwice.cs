using System.Numerics;
using Polyphony.Statistics.Agreement;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Representation;
using Polyphony.Statistics.Speaking;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics;

/// <summary>Each formula once more, as plainly as it can be written, on two hundred inputs.</summary>
public sealed class ComputingTwice
{
    [Fact]
    public void Agreement() => Each(random =>
    {
        int[] counts = Counts(random, 3, 8);
        Near(PlainAgreement(counts), AnswerAgreement.VanDerEijk(counts));
        Near((1 - PlainAgreement(counts)) / 2, AnswerAgreement.Polarisation(counts));
        Assert.Equal(AnswerAgreement.VanDerEijk(counts), AnswerAgreement.VanDerEijk([.. counts.Reverse()]));
    });

    [Fact]
    public void Consensus_and_dispersion() => Each(random =>
    {
        int[] counts = Counts(random, 2, 8);
        double n = counts.Sum();
        double[] p = [.. counts.Select(count => count / n)];
        double mean = p.Select((share, x) => share * x).Sum();
        Near(n == 0 ? null : 1 + p.Select((share, x) => share == 0 ? 0 : share * Math.Log2(1 - (Math.Abs(x - mean) / (p.Length - 1)))).Sum(), AnswerAgreement.Consensus(counts));
        double cumulative = 0;
        Near(n == 0 ? null : p.Select(share => (cumulative += share) < 0.5 ? cumulative : 1 - cumulative).Sum() * 2 / (p.Length - 1), AnswerPolarisation.Leik(counts));
        Assert.Equal(AnswerAgreement.Consensus(counts), AnswerAgreement.Consensus([.. counts.Reverse()]));
        Assert.Equal(AnswerPolarisation.Leik(counts), AnswerPolarisation.Leik([.. counts.Reverse()]));
    });

    [Fact]
    public void Polarisation() => Each(random =>
    {
        int[] counts = Counts(random, 2, 8);
        double n = counts.Sum();
        double alpha = 0.1 + (1.5 * random.NextDouble());
        double sum = 0, squares = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            squares += Math.Pow(counts[i] / n, 2) * (1 - (counts[i] / n));
            for (int j = 0; j < counts.Length; j++)
            {
                sum += Math.Pow(counts[i] / n, 1 + alpha) * counts[j] / n * Math.Abs(i - j) / (counts.Length - 1);
            }
        }

        Near(n == 0 ? null : sum / Math.Pow(0.5, 1 + alpha), AnswerPolarisation.EstebanRay(counts, alpha));
        Near(n == 0 ? null : 4 * squares, AnswerPolarisation.ReynalQuerol(counts));
        Assert.Equal(AnswerPolarisation.EstebanRay(counts, alpha), AnswerPolarisation.EstebanRay([.. counts.Reverse()], alpha));
        Assert.Equal(AnswerPolarisation.ReynalQuerol(counts), AnswerPolarisation.ReynalQuerol([.. counts.OrderBy(_ => random.Next())]));
    });

    [Fact]
    public void Krippendorffs_alpha() => Each(random =>
    {
        int units = random.Next(0, 12);
        decimal?[][] coders = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Numbers(random, units).Select(value => random.Next(4) == 0 ? (decimal?)null : value).ToArray())];
        foreach (MeasurementLevel level in Enum.GetValues<MeasurementLevel>())
        {
            KrippendorffAlpha found = KrippendorffAlpha.Of(coders, level);
            Near(PlainAlpha(coders, level), found.Alpha);
            decimal?[][] mixed = [.. coders.OrderBy(_ => random.Next())];
            int[] order = [.. Enumerable.Range(0, units).OrderBy(_ => random.Next())];
            Assert.Equal(found, KrippendorffAlpha.Of([.. mixed.Select(row => order.Select(unit => row[unit]).ToArray())], level));
        }
    });

    [Fact]
    public void Intervals_and_weights() => Each(random =>
    {
        int n = random.Next(1, 300);
        int k = random.Next(5) switch { 0 => 0, 1 => n, _ => random.Next(n + 1) };
        WilsonInterval wilson = WilsonInterval.Of(k, n);
        // The bounds are the two shares whose own standard error puts the observed share at distance z.
        foreach (double bound in new[] { wilson.Lower, wilson.Upper })
        {
            double distance = ((double)k / n) - bound;
            Near(WilsonInterval.Z95 * WilsonInterval.Z95 * bound * (1 - bound) / n, distance * distance, 1e-12);
        }

        double[] weights = [.. Numbers(random, random.Next(0, 20)).Select(weight => (double)weight)];
        double sum = weights.Sum();
        Near(sum * sum / weights.Sum(weight => weight * weight), KishWeights.Of(weights).Effective);
        Assert.Equal(KishWeights.Of(weights), KishWeights.Of([.. weights.OrderBy(_ => random.Next())]));
        (double Weight, int People)[] groups = [.. weights.Select(weight => (weight, random.Next(0, 4)))];
        KishWeights counted = KishWeights.OfCounted(groups);
        KishWeights single = KishWeights.Of([.. groups.SelectMany(group => Enumerable.Repeat(group.Weight, group.People))]);
        Assert.Equal(single.People, counted.People);
        Near(single.Effective, counted.Effective);
    });

    [Fact]
    public void Shares_over_strata() => Each(random =>
    {
        Stratum[] strata = [.. Enumerable.Range(0, random.Next(0, 6)).Select(h => Part(random, h))];
        StratifiedShare found = StratifiedShare.Of(strata);
        double weight = 0, share = 0, variance = 0;
        foreach (Stratum part in strata.Where(part => part.People > 0 && part.Weight > 0))
        {
            double p = (double)part.Yes / part.People;
            weight += part.Weight;
            share += part.Weight * p;
            variance += part.People == part.Population
                ? 0
                : part.Weight * part.Weight * (part.Population is { } all ? 1 - ((double)part.People / all) : 1) * p * (1 - p) / (part.People - 1);
        }

        Near(weight == 0 ? null : share / weight, found.Share);
        Near(weight == 0 || !found.TooSmall.IsEmpty ? null : Math.Sqrt(variance) / weight, found.StandardError);
        Assert.Equal(strata.Length, found.Dropped.Length + strata.Count(part => part.People > 0 && part.Weight > 0));
        StratifiedShare mixed = StratifiedShare.Of([.. strata.OrderBy(_ => random.Next())]);
        Assert.Equal((found.Share, found.StandardError, found.Lower), (mixed.Share, mixed.StandardError, mixed.Lower));
    });

    [Fact]
    public void World_totals() => Each(random =>
    {
        SiteShare[] sites = [.. Enumerable.Range(0, random.Next(0, 8)).Select(i => Site(random, i))];
        WorldTotals found = WorldTotals.Of(sites);
        SiteShare[] voting = [.. sites.Where(site => site.People > 0)];
        double Total(Func<SiteShare, double> by) => voting.Sum(site => by(site) * site.Yes / site.People) / voting.Sum(by);
        Near(voting.Length == 0 ? null : Total(site => site.People), found.Pooled?.Share);
        Near(voting.Length == 0 ? null : Total(_ => 1), found.SitesEqual?.Share);
        Near(voting.Length == 0 || voting.Any(site => site.Population is null) ? null : Total(site => site.Population!.Value), found.PopulationWeighted?.Share);
        WorldTotals mixed = WorldTotals.Of([.. sites.OrderBy(_ => random.Next())]);
        Assert.Equal((found.Pooled, found.SitesEqual, found.PopulationWeighted), (mixed.Pooled, mixed.SitesEqual, mixed.PopulationWeighted));
        byte[] seed = [(byte)sites.Length];
        SiteBootstrap interval = SiteBootstrap.Of(TotalKind.SitesEqual, sites, seed, 100);
        Assert.Equal(interval, SiteBootstrap.Of(TotalKind.SitesEqual, [.. sites.OrderBy(_ => random.Next()).Select(site => site with { Site = site.Site + "!" })], seed, 100));
        Near(found.SitesEqual?.Share, interval.Share);
    });

    [Fact]
    public void Sites_drawn_again_and_again() => Each(random =>
    {
        SiteShare[] sites = [.. Enumerable.Range(0, random.Next(0, 8)).Select(i => Site(random, i))];
        TotalKind kind = Enum.GetValues<TotalKind>()[random.Next(3)];
        int percent = random.Next(4) switch { 0 => 80, 1 => 90, 2 => 99, _ => 95 }, resamples = 100 * random.Next(1, 11);
        byte[] seed = [(byte)random.Next(256)];
        SiteBootstrap found = SiteBootstrap.Of(kind, sites, seed, resamples, percent / 100.0);
        SiteShare[] kept = [.. sites.Where(site => site.People > 0 && (kind != TotalKind.PopulationWeighted || site.Population is not null)).OrderBy(site => (site.People, site.Yes, site.Population ?? -1))];
        double Total(IReadOnlyCollection<SiteShare> of) => kind switch
        {
            TotalKind.Pooled => of.Sum(site => (double)site.Yes) / of.Sum(site => site.People),
            TotalKind.SitesEqual => of.Average(site => (double)site.Yes / site.People),
            _ => of.Sum(site => (double)site.Population!.Value * site.Yes / site.People) / of.Sum(site => (double)site.Population!.Value),
        };
        Assert.Equal((kept.Length, kept.Sum(site => site.People)), (found.Sites, found.People));
        Near(kept.Length == 0 ? null : Total(kept), found.Share);
        if (kept.Length < 2)
        {
            Assert.Equal((null, null, 0), (found.Lower, found.Upper, found.Resamples));
            return;
        }

        SeededChance chance = new(seed);
        List<double> totals = [];
        for (int draw = 0; draw < resamples; draw++)
        {
            List<SiteShare> drawn = [];
            while (drawn.Count < kept.Length)
            {
                drawn.Add(kept[chance.Below(kept.Length)]);
            }

            totals.Add(Total(drawn));
        }

        // As many draws as stand for half of what the level leaves are outside on each side.
        totals.Sort();
        int outside = resamples * (100 - percent) / 200;
        Near(totals[outside], found.Lower);
        Near(totals[resamples - 1 - outside], found.Upper);
    });

    [Fact]
    public void Fit_to_a_population() => Each(random =>
    {
        int[] counts = Counts(random, 1, 6);
        double[] targets = [.. counts.Select(_ => random.Next(6) == 0 ? 0 : random.Next(1, 50))];
        targets[0] = 1;
        Representativeness found = Representativeness.Of("c", [.. counts.Select((count, i) => ($"{i}", count, targets[i]))]);
        double n = counts.Sum();
        double[] shares = [.. targets.Select(target => target / targets.Sum())];
        bool isDefined = n > 0 && !counts.Where((count, i) => count > 0 && targets[i] == 0).Any();
        double statistic = counts.Select((count, i) => targets[i] == 0 ? 0 : Math.Pow(count - (n * shares[i]), 2) / (n * shares[i])).Sum();
        Near(isDefined ? statistic : null, found.ChiSquared);
        Near(n == 0 ? null : counts.Select((count, i) => Math.Abs((count / n) - shares[i])).Sum() / 2, found.TotalVariation);
        Near(isDefined && found.Degrees > 0 ? PlainChiSquare.Tail(statistic, found.Degrees) : null, found.PValue);
    });

    [Fact]
    public void Speaking() => Each(random =>
    {
        int[] times = [.. Numbers(random, random.Next(0, 12)).Select(value => (int)(10 * value))];
        MemberTurns[] members = [.. times.Select((time, i) => new MemberTurns($"{i}", i % 2 == 0 ? "a" : null, time == 0 ? [] : [time / 2, time - (time / 2)]))];
        SpeakingTime found = SpeakingTime.Of(members);
        double n = times.Length, sum = times.Sum();
        double differences = times.Sum(a => times.Sum(b => Math.Abs((double)a - b)));
        Near(differences / (2 * n * sum), found.Gini);
        Near(sum == 0 ? null : sum * sum / (n * times.Sum(time => (double)time * time)), found.Jain);
        Near(sum == 0 || n < 2 ? null : -times.Where(time => time > 0).Sum(time => time / sum * Math.Log(time / sum)) / Math.Log(n), found.Evenness);
        Near(sum == 0 ? null : times.Max() / (sum / n), found.MostToFair);
        Assert.Equal(times.Count(time => time == 0), found.Silent.Length);
        SpeakingTime mixed = SpeakingTime.Of([.. members.OrderBy(_ => random.Next())]);
        Assert.Equal((found.Gini, found.Jain, found.Evenness, found.MostToFair), (mixed.Gini, mixed.Jain, mixed.Evenness, mixed.MostToFair));
    });

    private static Stratum Part(Random random, int h)
    {
        int people = random.Next(5) == 0 ? random.Next(2) : random.Next(2, 50);
        int? population = random.Next(3) == 0 ? people + random.Next(20) : null;
        return new Stratum($"{h}", random.Next(5) == 0 ? 0 : random.Next(1, 10), people, random.Next(people + 1), population);
    }

    private static SiteShare Site(Random random, int i)
    {
        int people = random.Next(4) == 0 ? 0 : random.Next(1, 80);
        return new SiteShare($"{i}", people, random.Next(people + 1), random.Next(12) == 0 ? null : random.Next(1, 1_000_000));
    }

    private static double? PlainAgreement(int[] counts)
    {
        double n = counts.Sum();
        if (n == 0)
        {
            return null;
        }

        double agreement = 0;
        int[] left = [.. counts];
        int steps = counts.Length;
        while (left.Sum() > 0)
        {
            int m = left.Where(count => count > 0).Min();
            int[] p = [.. left.Select(count => Math.Sign(count))];
            double s = p.Sum(), tu = 0, tdu = 0;
            for (int i = 0; i < steps - 2; i++)
            {
                for (int j = i + 1; j < steps - 1; j++)
                {
                    for (int k = j + 1; k < steps; k++)
                    {
                        string triple = $"{p[i]}{p[j]}{p[k]}";
                        tu += triple is "110" or "011" ? 1 : 0;
                        tdu += triple is "101" ? 1 : 0;
                    }
                }
            }

            double u = tu + tdu == 0 ? 0 : (((steps - 2) * tu) - ((steps - 1) * tdu)) / ((steps - 2) * (tu + tdu));
            agreement += m * s / n * (s == 1 ? 1 : u * (1 - ((s - 1) / (steps - 1))));
            left = [.. left.Select((count, i) => count - (m * p[i]))];
        }

        return agreement;
    }

    /// <summary>By pairs of values, without a coincidence matrix.</summary>
    private static double? PlainAlpha(decimal?[][] coders, MeasurementLevel level)
    {
        int units = coders[0].Length;
        List<double[]> pairable = [.. Enumerable.Range(0, units).Select(u => coders.Select(row => row[u]).Where(v => v is not null).Select(v => (double)v!.Value).ToArray()).Where(v => v.Length >= 2)];
        double[] all = [.. pairable.SelectMany(values => values)];
        double Distance(double a, double b) => level switch
        {
            MeasurementLevel.Nominal => a == b ? 0 : 1,
            MeasurementLevel.Interval => (a - b) * (a - b),
            MeasurementLevel.Ratio => a == b ? 0 : Math.Pow((a - b) / (a + b), 2),
            _ => a == b ? 0 : Math.Pow(all.Count(v => v >= Math.Min(a, b) && v <= Math.Max(a, b)) - ((all.Count(v => v == a) + all.Count(v => v == b)) / 2.0), 2),
        };
        double observed = pairable.Sum(values => values.Sum(a => values.Sum(b => Distance(a, b))) / (values.Length - 1)) / all.Length;
        double expected = all.Sum(a => all.Sum(b => Distance(a, b))) / (all.Length * (all.Length - 1.0));
        return all.Length == 0 || expected == 0 ? null : 1 - (observed / expected);
    }
}
