using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Reason;

namespace Polyphony.Cli.Analyse;

/// <summary>Whether preferences could be dealt out at random and look as consistent.</summary>
/// <param name="AsHighBefore">Deals whose index is as high as the observed one or higher.</param>
internal sealed record PermutationAnswer(int Permutations, int AsHighBefore, double? PValueBefore, int AsHighAfter, double? PValueAfter);

/// <summary>The deliberative reason index of one case.</summary>
/// <param name="N">People of both stages; of a stage that has no other, its people.</param>
/// <param name="Considerations">Items that somebody answered, before.</param>
/// <param name="Policies">Likewise for preferences.</param>
/// <param name="MovedUpPValue">Signed-rank test of the people's own indices against "moved up"; descriptive, for people share their pairs.</param>
internal sealed record ReasonCaseAnswer(
    string Case, int N, double? Before, double? After, double? AdjustedBefore, double? AdjustedAfter, int OnlyBefore, int OnlyAfter, int Considerations, int Policies, int EmptyItemsBefore, int EmptyItemsAfter,
    int PairsBefore, int DroppedPairsBefore, int PairsAfter, int DroppedPairsAfter, int PeopleCompared, double? MovedUpPValue, PermutationAnswer? Permutations);

/// <summary>What <c>analyse reason</c> writes.</summary>
internal sealed record ReasonAnswer(string Outcome, IReadOnlyList<ReasonCaseAnswer> Cases);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ReasonAnswer))]
internal sealed partial class ReasonJson : JsonSerializerContext;

/// <summary><c>polyphony analyse reason</c>: the deliberative reason index before and after.</summary>
internal static class AnalyseReason
{
    private static readonly FileHelp DataFile = new(
        "--data", "one person and stage a row, CSV or XLSX; other columns are ignored; blank, NA and NaN mean no answer.",
        new("case", "which dialogue; without the column all rows are one case"),
        new("stage_id", "1 before, 2 after; or a column stage with before, after, pre… or post…"),
        new("pnum", "the person, the same before and after"),
        new("C1, C2 …", "agreement with each consideration, numbers on any ordered scale; two columns or more"),
        new("P1, P2 …", "rank of each policy, numbers; two columns or more"));

    public static Command Verb()
    {
        Option<string> data = VerbOptions.Text("--data", "F.csv", "Considerations and preferences before and after.", required: true);
        Option<int?> permutations = VerbOptions.Whole("--permutations", "N", "Deal the preferences out N times, for a test; needs --seed.", 1, 1_000_000);
        Option<string> seed = VerbOptions.Text("--seed", "HEX", "Starts the chance of --permutations.");
        return new VerbCommand("reason", "Do people who think alike want alike? The deliberative reason index.", (parsed, shell, cancellationToken) =>
            Run(parsed.GetValue(data)!, parsed.GetValue(permutations), parsed.GetValue(seed), shell, cancellationToken))
        {
            Options = { data, permutations, seed },
            Examples = ["polyphony analyse reason --data reason.csv", "polyphony analyse reason --data reason.csv --permutations 10000 --seed 01ff"],
            Reads = [DataFile],
        };
    }

    private static int Run(string path, int? permutations, string? seed, Shell shell, CancellationToken cancellationToken)
    {
        List<SheetProblem> problems = [];
        byte[] start = SeedOption.Read(seed, needed: permutations is not null, "--permutations", problems);
        IReadOnlyList<ReasonCase>? cases = ReasonFile.Read(path, problems);
        if (cases is null || problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        ReasonCaseAnswer[] answers = [.. cases.Select(one => Of(one, permutations, start, cancellationToken))];
        return shell.Answer(ExitCode.Done, new ReasonAnswer("computed", answers), ReasonJson.Default.ReasonAnswer, answers.Select(Sentence));
    }

    private static ReasonCaseAnswer Of(ReasonCase one, int? permutations, byte[] seed, CancellationToken cancellationToken)
    {
        ReasonIndex before = ReasonIndex.Of(one.Before);
        ReasonIndex after = ReasonIndex.Of(one.After);
        ReasonChange? change = one.Before.Count == one.After.Count ? ReasonChange.Of(one.Before, one.After) : null;
        PermutationAnswer? dealt = null;
        if (permutations is { } number)
        {
            ReasonPermutations first = ReasonPermutations.Of(one.Before, seed, number, cancellationToken);
            ReasonPermutations second = ReasonPermutations.Of(one.After, seed, number, cancellationToken);
            dealt = new PermutationAnswer(number, first.AsHigh, first.PValue, second.AsHigh, second.PValue);
        }

        ReasonIndex larger = before.People > 0 ? before : after;
        return new ReasonCaseAnswer(
            one.Name, larger.People, before.Original, after.Original, before.Adjusted, after.Adjusted, one.OnlyBefore, one.OnlyAfter,
            larger.ConsiderationItems, larger.PreferenceItems, before.EmptyItems, after.EmptyItems,
            before.Pairs, before.DroppedPairs, after.Pairs, after.DroppedPairs, change is null ? 0 : change.Individual.Pairs, change?.Individual.PUp, dealt);
    }

    private static string Sentence(ReasonCaseAnswer one) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(one.Case.Length > 0 ? one.Case + ": " : "")}{one.N} people, index {one.Before:F4} before, {one.After:F4} after; adjusted {one.AdjustedBefore:F4} before, {one.AdjustedAfter:F4} after; {one.PairsBefore} and {one.PairsAfter} pairs, {one.DroppedPairsBefore} and {one.DroppedPairsAfter} left out.");
}
