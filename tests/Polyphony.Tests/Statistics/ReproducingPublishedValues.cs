using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Polyphony.Statistics.Agreement;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Representation;
using Polyphony.Statistics.Speaking;

namespace Polyphony.Tests.Statistics;

public sealed class ReproducingPublishedValues
{
    [Fact]
    public void Agreement_of_van_der_Eijk() => Assert.All(ExpectedValues.Each("agreementA"), test => ExpectedValues.Matches(test["A"], AnswerAgreement.VanDerEijk(ExpectedValues.Whole(test["v"]))));

    [Fact]
    public void McNemars_test() => Assert.All(ExpectedValues.Each("mcnemar"), test =>
    {
        McNemar found = McNemar.Of((int)test["b"]!, (int)test["c"]!);
        ExpectedValues.Matches(test["chi2"], found.ChiSquared);
        ExpectedValues.Matches(test["p"], found.PValue);
        ExpectedValues.Matches(test["chi2cc"], found.CorrectedChiSquared);
        ExpectedValues.Matches(test["pcc"], found.CorrectedPValue);
        ExpectedValues.Matches(test["exact"], found.ExactPValue);
    });

    [Fact]
    public void Marginal_homogeneity_of_Stuarts_vision_table()
    {
        JsonNode test = ExpectedValues.Of("stuartMaxwell");
        AnswerFlow flow = Flow(ExpectedValues.Table(test["table"]));
        StuartMaxwell found = StuartMaxwell.Of(flow);
        Bowker symmetry = Bowker.Of(flow);
        Assert.Equal((7477, 7477), (found.Pairs, symmetry.Pairs));
        ExpectedValues.Matches(test["chi2"], found.ChiSquared);
        Assert.Equal((int)test["df"]!, found.Degrees);
        ExpectedValues.Matches(test["p"], found.PValue);
        ExpectedValues.Matches(test["bhapkar"], found.Bhapkar);
        ExpectedValues.Matches(test["bowker"], symmetry.ChiSquared);
        Assert.Equal((int)test["bowkerDf"]!, symmetry.Degrees);
        ExpectedValues.Matches(test["bowkerP"], symmetry.PValue);
    }

    [Fact]
    public void Hollander_and_Wolfes_signed_ranks()
    {
        JsonNode test = ExpectedValues.Of("wilcoxon");
        SignedRank found = SignedRank.Of(Pairs(test));
        ExpectedValues.Matches(test["V"], found.RanksUp);
        ExpectedValues.Matches(test["pGreaterExact"], found.PUp);
        ExpectedValues.Matches(test["pTwoSidedExact"], found.PValue);
        Assert.True(found.IsExact);
        Assert.Equal(0.7778, found.RankBiserial!.Value, 4);
    }

    [Fact]
    public void Students_sleep()
    {
        JsonNode test = ExpectedValues.Of("pairedT");
        PairedT found = PairedT.Of(Pairs(test));
        ExpectedValues.Matches(test["t"], found.T);
        ExpectedValues.Matches(test["p"], found.PValue);
        ExpectedValues.Matches(test["meanDiff"], found.MeanDifference);
        ExpectedValues.Matches(test["dz"], found.EffectSize);
        Assert.Equal(9, found.Degrees);
        Assert.Equal(-2.4598858, found.Lower!.Value, 6);
        Assert.Equal(-0.7001142, found.Upper!.Value, 6);
    }

    [Fact]
    public void Krippendorffs_canonical_table()
    {
        JsonNode test = ExpectedValues.Of("krippendorff");
        decimal?[][] coders = [.. test["data"]!.AsArray().Select(row => row!.AsArray().Select(value => (decimal?)value).ToArray())];
        foreach (MeasurementLevel level in Enum.GetValues<MeasurementLevel>())
        {
            KrippendorffAlpha found = KrippendorffAlpha.Of(coders, level);
            ExpectedValues.Matches(test[level.ToString().ToLowerInvariant()], found.Alpha);
            Assert.Equal((11, 40, 1), (found.Units, found.Values, found.Dropped));
        }
    }

    [Fact]
    public void Concordance_of_Kendall() => Assert.All(ExpectedValues.Each("kendallW"), test =>
    {
        KendallW found = KendallW.Of([.. test["ranks"]!.AsArray().Select(ExpectedValues.Decimals)]);
        ExpectedValues.Matches(test["W"], found.W);
        ExpectedValues.Matches(test["chi2"], found.ChiSquared);
        Assert.Equal((int)test["df"]!, found.Degrees);
        ExpectedValues.Matches(test["p"], found.PValue);
    });

    [Fact]
    public void Divergence_of_Jensen_and_Shannon() => Assert.All(ExpectedValues.Each("jsdBits"), test =>
        ExpectedValues.Matches(test["jsd"], SiteDistances.Of(Sites([.. test["p"]!.AsArray().Select(Shares)])).JensenShannon));

    [Fact]
    public void Three_countries_compared()
    {
        SiteAnswers[] sites = Sites([60, 30, 10], [50, 30, 20], [20, 30, 50]);
        SiteDistances distances = SiteDistances.Of(sites);
        Assert.Equal([0.1, 0.4, 0.3], distances.Pairs.Select(pair => pair.TotalVariation));
        Assert.Equal(0.7333, distances.Convergence!.Value, 4);
        Assert.Equal(0.082180, distances.NormalisedJensenShannon!.Value, 6);
        Homogeneity found = Homogeneity.Of(sites);
        Assert.Equal((300, 4), (found.Answers, found.Degrees));
        Assert.Equal(52.5, found.ChiSquared!.Value, 10);
        Assert.Equal(1.08e-10, found.PValue!.Value, 12);
        Assert.Equal(0.295804, found.CramerV!.Value, 6);
        Assert.Equal(0.139, Homogeneity.TellingDifference(100, 100), 3);
    }

    [Fact]
    public void Intervals_of_Newcombe() => Assert.All(ExpectedValues.Each("wilson95"), test =>
    {
        WilsonInterval found = WilsonInterval.Of((int)test["k"]!, (int)test["n"]!);
        ExpectedValues.Matches(test["lo"], found.Lower);
        ExpectedValues.Matches(test["hi"], found.Upper);
    });

    [Fact]
    public void Goodness_of_fit()
    {
        JsonNode test = ExpectedValues.Of("gof");
        Representativeness found = Representativeness.Of("age", [.. ExpectedValues.Whole(test["obs"]).Zip(ExpectedValues.Decimals(test["exp"]), (count, share) => ($"{count}", count, (double)share))]);
        ExpectedValues.Matches(test["chi2"], found.ChiSquared);
        ExpectedValues.Matches(test["p"], found.PValue);
        ExpectedValues.Matches(test["tv"], found.TotalVariation);
        ExpectedValues.Matches(test["cohenW"], found.CohenW);
    }

    [Fact]
    public void Equality_of_speaking()
    {
        Assert.All(ExpectedValues.Each("gini"), test => ExpectedValues.Matches(test["g"], Spoken(ExpectedValues.Whole(test["x"])).Gini));
        SpeakingTime found = Spoken([120, 300, 90, 240, 60, 390]);
        Assert.Equal(0.736648, found.Jain!.Value, 6);
        Assert.Equal(0.897472, found.Evenness!.Value, 6);
        Assert.Equal(1.95, found.MostToFair!.Value, 12);
    }

    [Fact]
    public void Polarisation_of_Esteban_and_Ray()
    {
        JsonNode test = ExpectedValues.Of("estebanRay")["alpha13"]!;
        ExpectedValues.Matches(test["uniform5"], AnswerPolarisation.EstebanRay([1, 1, 1, 1, 1]));
        ExpectedValues.Matches(test["peakedValue"], AnswerPolarisation.EstebanRay(Shares(test["peaked"])));
        ExpectedValues.Matches(test["bimodalValue"], AnswerPolarisation.EstebanRay(Shares(test["bimodal"])));
    }

    [Fact]
    public void Polarisation_consensus_and_dispersion_of_the_design_pages()
    {
        Assert.Equal([1, 0.75, 0.752], new int[][] { [5, 5], [1, 1, 1, 1], [7, 2, 1] }.Select(counts => AnswerPolarisation.ReynalQuerol(counts)!.Value));
        Assert.Equal(0.593317, AnswerAgreement.Consensus([1, 2, 3, 2, 1])!.Value, 6);
        Assert.Equal([0, 1], new int[][] { [4, 0, 0, 4], [0, 8, 0, 0] }.Select(counts => AnswerAgreement.Consensus(counts)!.Value));
        Assert.Equal(0.444444, AnswerPolarisation.Leik([1, 2, 3, 2, 1])!.Value, 6);
        Assert.Equal(1, AnswerPolarisation.Leik([4, 0, 0, 4]));
    }

    [Fact]
    public void A_stratified_share_and_the_pooled_one_beside_it()
    {
        JsonNode test = ExpectedValues.Of("stratified");
        decimal[] weights = ExpectedValues.Decimals(test["W"]);
        int[] people = ExpectedValues.Whole(test["n"]);
        int[] yes = ExpectedValues.Whole(test["k"]);
        StratifiedShare found = StratifiedShare.Of([.. weights.Select((weight, h) => new Stratum($"{h}", (double)weight, people[h], yes[h]))]);
        ExpectedValues.Matches(test["estimate"], found.Share);
        ExpectedValues.Matches(test["se"], found.StandardError);
        ExpectedValues.Matches(test["ci"]![0], found.Lower);
        ExpectedValues.Matches(test["ci"]![1], found.Upper);
        Assert.Equal(0.42, (double)found.Yes / found.People);
    }

    [Fact]
    public void Three_world_totals_with_their_names()
    {
        WorldTotals found = WorldTotals.Of([new("a", 100, 60, 1_000), new("b", 50, 45, 1_000), new("c", 120, 30, 2_000)]);
        Assert.Equal(0.5833, found.SitesEqual!.Share, 4);
        Assert.Equal(0.5, found.Pooled!.Share);
        Assert.Equal((0.6 + 0.9 + 0.25 + 0.25) / 4, found.PopulationWeighted!.Share, 12);
        Assert.Equal([TotalKind.Pooled, TotalKind.SitesEqual, TotalKind.PopulationWeighted], new[] { found.Pooled, found.SitesEqual, found.PopulationWeighted }.Select(total => total.Kind));
    }

    [Fact]
    public void Effective_numbers_of_Kish()
    {
        JsonNode test = ExpectedValues.Of("kish");
        KishWeights found = KishWeights.Of([.. ExpectedValues.Whole(test["w"]).Select(weight => (double)weight)]);
        ExpectedValues.Matches(test["neff"], found.Effective);
        ExpectedValues.Matches(test["deff"], found.DesignEffect);
    }

    internal static AnswerFlow Flow(int[][] table) => new([.. table.Select(row => row.ToImmutableArray())]);

    internal static SiteAnswers[] Sites(params int[][] counts) => [.. counts.Select((site, i) => new SiteAnswers($"s{i}", [.. site]))];

    private static (decimal, decimal)[] Pairs(JsonNode test) => [.. ExpectedValues.Decimals(test["y"]).Zip(ExpectedValues.Decimals(test["x"]))];

    private static int[] Shares(JsonNode? shares) => [.. ExpectedValues.Decimals(shares).Select(share => (int)(100 * share))];

    private static SpeakingTime Spoken(int[] seconds) => SpeakingTime.Of([.. seconds.Select((time, i) => new MemberTurns($"m{i}", null, [time]))]);
}
