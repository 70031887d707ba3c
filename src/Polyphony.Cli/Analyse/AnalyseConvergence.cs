using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Agreement;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Counts;

namespace Polyphony.Cli.Analyse;

/// <summary>One option over all sites, added up in two ways that are named.</summary>
/// <param name="PooledInterval">95 %, from whole sites drawn again and again; null below two sites.</param>
/// <param name="SitesEqualInterval">The same for the mean of the sites.</param>
internal sealed record OptionTotals(string Option, int Answers, double? Pooled, double? SitesEqual, IReadOnlyList<double>? PooledInterval, IReadOnlyList<double>? SitesEqualInterval);

/// <summary>How far two sites lie apart.</summary>
internal sealed record PairAnswer(string First, string Second, double TotalVariation);

/// <summary>Where the sites agree on one question and where not.</summary>
/// <param name="Convergence">1 less the mean total variation of all pairs of sites.</param>
/// <param name="SameMajority">The share of sites where the most common first option came first.</param>
/// <param name="Effective">Answers of equal weight that would tell as much as the mean of the sites does (Kish); null without answers.</param>
/// <param name="MajorityOptions">That option; several when level.</param>
/// <param name="Exceptions">The other sites.</param>
/// <param name="MajorityEverywhere">The option above half at every site, or null.</param>
/// <param name="AdjustedPValue">Holm over all questions that could be tested.</param>
/// <param name="Agreement">Of all answers together where the options are steps of the scale: van der Eijk's A, −1 (half at each end) to 1 (all alike).</param>
/// <param name="Polarisation">Esteban and Ray's, 1 for two equal camps at the ends.</param>
internal sealed record QuestionConvergence(
    string Question, int Sites, int Answers, double? Effective, double? Convergence, double? JensenShannon, double? NormalisedJensenShannon, double? SameMajority, IReadOnlyList<string> MajorityOptions,
    IReadOnlyList<string> Exceptions, string? MajorityEverywhere, double? ChiSquared, int Degrees, double? PValue, double? AdjustedPValue, double? CramerV, double? LeastExpected,
    double? Agreement, double? Polarisation, IReadOnlyList<OptionTotals> Options, IReadOnlyList<PairAnswer> Pairs, IReadOnlyList<string> DroppedSites, IReadOnlyList<string> DroppedOptions);

/// <summary>What <c>analyse convergence</c> writes.</summary>
internal sealed record ConvergenceAnswer(string Outcome, IReadOnlyList<QuestionConvergence> Questions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ConvergenceAnswer))]
internal sealed partial class ConvergenceJson : JsonSerializerContext;

/// <summary><c>polyphony analyse convergence</c>: where sites agree, and which differences are beyond chance.</summary>
internal static class AnalyseConvergence
{
    private static readonly FileHelp CountsHelp = new(
        "--counts", "how often each option was chosen, one site, question and option a row, CSV or XLSX.",
        new("site", "the site, country or group"),
        new("question", "the question"),
        new("option", "the option; one that stands at one site and not at another counts 0 there"),
        new("count", "people who chose it, a whole number"));

    public static Command Verb()
    {
        Option<string> counts = VerbOptions.Text("--counts", "F.csv", "Counts per site, question and option.", required: true);
        Option<string> scale = VerbOptions.Text("--scale", "s1,s2,s3", "The steps of ordered questions, the lowest first, three or more: a question whose options are all among them also gets its agreement and its polarisation.");
        Option<string> seed = VerbOptions.Text("--seed", "HEX", "Starts the chance that draws sites again and again for the intervals; without it 00.");
        return new VerbCommand("convergence", "Where do sites agree, and which differences are beyond chance?", (parsed, shell, _) =>
            Run(parsed.GetValue(counts)!, VerbOptions.Columns(parsed.GetValue(scale)), parsed.GetValue(seed), shell))
        {
            Options = { counts, scale, seed },
            Examples = ["polyphony analyse convergence --counts counts.csv", "polyphony analyse convergence --counts counts.csv --scale 1,2,3,4,5"],
            Reads = [CountsHelp],
        };
    }

    private static int Run(string path, IReadOnlyList<string> scale, string? seed, Shell shell)
    {
        List<SheetProblem> problems = [];
        byte[] start = SeedOption.Read(seed ?? "00", needed: false, "", problems);
        string[] steps = [.. scale.Select(CellText.Key)];
        if (steps.Length is 1 or 2 || steps.Distinct().Count() < steps.Length)
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--scale", Value: string.Join(',', scale), Expected: "three or more different steps"));
        }

        if (CountsFile.Read(path, problems) is not { } questions || problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        Homogeneity[] tests = [.. questions.Select(question => Homogeneity.Of(question.Sites))];
        int[] tested = [.. Enumerable.Range(0, tests.Length).Where(i => tests[i].PValue is not null)];
        IReadOnlyList<double> adjusted = ManyTests.Holm([.. tested.Select(i => tests[i].PValue!.Value)]);
        QuestionConvergence[] answers = [.. questions.Select((question, i) => Of(question, steps, start, tests[i], Array.IndexOf(tested, i) is >= 0 and var at ? adjusted[at] : null))];
        return shell.Answer(
            ExitCode.Done, new ConvergenceAnswer("computed", answers), ConvergenceJson.Default.ConvergenceAnswer, answers.OrderByDescending(answer => answer.Convergence).Select(Sentence));
    }

    private static QuestionConvergence Of(CountedQuestion question, string[] steps, byte[] seed, Homogeneity test, double? adjusted)
    {
        SiteDistances distances = SiteDistances.Of(question.Sites);
        SharedMajority majority = SharedMajority.Of(question.Sites);
        OptionTotals[] options = [.. question.Options.Select((option, o) =>
        {
            SiteShare[] sites = [.. question.Sites.Select(site => new SiteShare(site.Site, site.Answers, site.Counts[o]))];
            WorldTotals totals = WorldTotals.Of(sites);
            return new OptionTotals(option, sites.Sum(site => site.Yes), totals.Pooled?.Share, totals.SitesEqual?.Share, Interval(TotalKind.Pooled, sites, seed), Interval(TotalKind.SitesEqual, sites, seed));
        })];
        int[]? ordered = OnScale(question, steps);
        return new QuestionConvergence(
            question.Name, distances.Sites, distances.Answers, KishWeights.OfCounted([.. question.Sites.Where(site => site.Answers > 0).Select(site => (1.0 / site.Answers, site.Answers))]).Effective, distances.Convergence, distances.JensenShannon, distances.NormalisedJensenShannon,
            majority.Share, [.. majority.Options.Select(option => question.Options[option])], majority.Exceptions, majority.MajorityEverywhere is { } option ? question.Options[option] : null,
            test.ChiSquared, test.Degrees, test.PValue, adjusted, test.CramerV, test.LeastExpected,
            ordered is null ? null : AnswerAgreement.VanDerEijk(ordered), ordered is null ? null : AnswerPolarisation.EstebanRay(ordered), options, [.. distances.Pairs.Select(pair => new PairAnswer(pair.First, pair.Second, pair.TotalVariation))],
            distances.Dropped, [.. test.DroppedOptions.Select(option => question.Options[option])]);
    }

    private static double[]? Interval(TotalKind kind, SiteShare[] sites, byte[] seed) => SiteBootstrap.Of(kind, sites, seed) is { Lower: { } lower, Upper: { } upper } ? [lower, upper] : null;

    /// <summary>Answers of all sites by step; null when some option is no step.</summary>
    private static int[]? OnScale(CountedQuestion question, string[] steps)
    {
        int[] places = [.. question.Options.Select(option => Array.IndexOf(steps, CellText.Key(option)))];
        return places.Contains(-1) ? null : [.. steps.Select((_, step) => Array.IndexOf(places, step) is >= 0 and int option ? question.Sites.Sum(site => site.Counts[option]) : 0)];
    }

    private static string Sentence(QuestionConvergence answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Question}: {answer.Sites} sites, {answer.Answers} answers; convergence {answer.Convergence:F3}; {string.Join(" = ", answer.MajorityOptions)} first at {answer.SameMajority:P0} of sites{(answer.Exceptions.Count > 0 ? $", not at {string.Join(", ", answer.Exceptions)}" : "")}; {(answer.PValue is null ? "no test" : $"p {answer.PValue:G3}, adjusted {answer.AdjustedPValue:G3}, V {answer.CramerV:F3}")}{(answer.Agreement is null ? "" : $"; agreement {answer.Agreement:F3}, polarisation {answer.Polarisation:F3}")}.");
}
