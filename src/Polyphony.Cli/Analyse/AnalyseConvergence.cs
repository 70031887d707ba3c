using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Counts;

namespace Polyphony.Cli.Analyse;

/// <summary>One option over all sites, added up in two ways that are named.</summary>
internal sealed record OptionTotals(string Option, int Answers, double? Pooled, double? SitesEqual);

/// <summary>How far two sites lie apart.</summary>
internal sealed record PairAnswer(string First, string Second, double TotalVariation);

/// <summary>Where the sites agree on one question and where not.</summary>
/// <param name="Convergence">1 less the mean total variation of all pairs of sites.</param>
/// <param name="SameMajority">The share of sites where the most common first option came first.</param>
/// <param name="MajorityOptions">That option; several when level.</param>
/// <param name="Exceptions">The other sites.</param>
/// <param name="MajorityEverywhere">The option above half at every site, or null.</param>
/// <param name="AdjustedPValue">Holm over all questions that could be tested.</param>
internal sealed record QuestionConvergence(
    string Question, int Sites, int Answers, double? Convergence, double? JensenShannon, double? NormalisedJensenShannon, double? SameMajority, IReadOnlyList<string> MajorityOptions,
    IReadOnlyList<string> Exceptions, string? MajorityEverywhere, double? ChiSquared, int Degrees, double? PValue, double? AdjustedPValue, double? CramerV, double? LeastExpected,
    IReadOnlyList<OptionTotals> Options, IReadOnlyList<PairAnswer> Pairs, IReadOnlyList<string> DroppedSites, IReadOnlyList<string> DroppedOptions);

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
        return new VerbCommand("convergence", "Where do sites agree, and which differences are beyond chance?", (parsed, shell, _) => Run(parsed.GetValue(counts)!, shell))
        {
            Options = { counts },
            Examples = ["polyphony analyse convergence --counts counts.csv"],
            Reads = [CountsHelp],
        };
    }

    private static int Run(string path, Shell shell)
    {
        List<SheetProblem> problems = [];
        if (CountsFile.Read(path, problems) is not { } questions)
        {
            return shell.Refuse(problems);
        }

        Homogeneity[] tests = [.. questions.Select(question => Homogeneity.Of(question.Sites))];
        int[] tested = [.. Enumerable.Range(0, tests.Length).Where(i => tests[i].PValue is not null)];
        IReadOnlyList<double> adjusted = ManyTests.Holm([.. tested.Select(i => tests[i].PValue!.Value)]);
        QuestionConvergence[] answers = [.. questions.Select((question, i) => Of(question, tests[i], Array.IndexOf(tested, i) is >= 0 and var at ? adjusted[at] : null))];
        return shell.Answer(
            ExitCode.Done, new ConvergenceAnswer("computed", answers), ConvergenceJson.Default.ConvergenceAnswer, answers.OrderByDescending(answer => answer.Convergence).Select(Sentence));
    }

    private static QuestionConvergence Of(CountedQuestion question, Homogeneity test, double? adjusted)
    {
        SiteDistances distances = SiteDistances.Of(question.Sites);
        SharedMajority majority = SharedMajority.Of(question.Sites);
        OptionTotals[] options = [.. question.Options.Select((option, o) =>
        {
            WorldTotals totals = WorldTotals.Of([.. question.Sites.Select(site => new SiteShare(site.Site, site.Answers, site.Counts[o]))]);
            return new OptionTotals(option, question.Sites.Sum(site => site.Counts[o]), totals.Pooled?.Share, totals.SitesEqual?.Share);
        })];
        return new QuestionConvergence(
            question.Name, distances.Sites, distances.Answers, distances.Convergence, distances.JensenShannon, distances.NormalisedJensenShannon,
            majority.Share, [.. majority.Options.Select(option => question.Options[option])], majority.Exceptions, majority.MajorityEverywhere is { } option ? question.Options[option] : null,
            test.ChiSquared, test.Degrees, test.PValue, adjusted, test.CramerV, test.LeastExpected,
            options, [.. distances.Pairs.Select(pair => new PairAnswer(pair.First, pair.Second, pair.TotalVariation))],
            distances.Dropped, [.. test.DroppedOptions.Select(option => question.Options[option])]);
    }

    private static string Sentence(QuestionConvergence answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Question}: {answer.Sites} sites, {answer.Answers} answers; convergence {answer.Convergence:F3}; {string.Join(" = ", answer.MajorityOptions)} first at {answer.SameMajority:P0} of sites{(answer.Exceptions.Count > 0 ? $", not at {string.Join(", ", answer.Exceptions)}" : "")}; {(answer.PValue is null ? "no test" : $"p {answer.PValue:G3}, adjusted {answer.AdjustedPValue:G3}, V {answer.CramerV:F3}")}.");
}
