using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Ranking;
using Polyphony.Statistics.Selection;

namespace Polyphony.Cli.Analyse;

/// <summary>A number that belongs to an option.</summary>
internal sealed record OptionValue(string Option, decimal Value);

/// <summary>How many ballots rank one option above another.</summary>
internal sealed record PreferenceAnswer(string Option, string Over, long Ballots, long Strength);

/// <summary>One round or stage of a count.</summary>
/// <param name="Action"><c>count</c> (irv), <c>first-preferences</c>, <c>surplus-transferred</c> or <c>excluded</c>.</param>
/// <param name="Quota">For stv, else null.</param>
internal sealed record RoundAnswer(string Action, IReadOnlyList<string> Of, decimal? Quota, IReadOnlyList<OptionValue> Votes);

/// <summary>The grades of one option.</summary>
internal sealed record GradesAnswer(string Option, string Median, long Better, long Worse, long Ungraded);

/// <summary>One option after comparisons in pairs.</summary>
/// <param name="Strength">The chance to be preferred to another is its strength by the sum of both; all together 1. Null where there are none.</param>
/// <param name="Score">(wins + 1) / (wins + losses + 2), which always exists.</param>
internal sealed record StrengthAnswer(string Option, double? Strength, double Score, long Wins, long Losses);

/// <summary>Whether the ballots rank alike: Kendall's W, 0 (not at all) to 1 (all the same), options that a ballot leaves out being level behind the others.</summary>
/// <param name="PValue">Of its chi-square approximation, rough below eight options; null below ten ballots.</param>
internal sealed record ConcordanceAnswer(int Ballots, double? W, double? ChiSquared, int Degrees, double? PValue);

/// <summary>What <c>analyse rank</c> writes.</summary>
/// <param name="Outcome"><c>ranked</c>, <c>elected</c> (stv), <c>needs-lot</c>, <c>needs-comparisons</c> or <c>undecided</c> (bradley-terry).</param>
/// <param name="Winners">The best option, several when level; for stv those elected, in their order.</param>
/// <param name="Ballots">For bradley-terry the comparisons.</param>
/// <param name="Order">Tiers from the best; empty for stv and when a lot is needed, or more comparisons.</param>
/// <param name="Level">Options between which a lot must decide.</param>
/// <param name="Parts">Where comparisons are needed: the parts between which nobody ever preferred an option both ways, the best first where that is known.</param>
/// <param name="CutShort">Ballots that irv and stv count up to an equal rank only.</param>
internal sealed record RankAnswer(
    string Outcome, string Rule, IReadOnlyList<string> Options, long Ballots, long Blank, long CutShort, IReadOnlyList<string> Winners, IReadOnlyList<IReadOnlyList<string>> Order, IReadOnlyList<string> Level,
    IReadOnlyList<OptionValue>? Scores = null, IReadOnlyList<PreferenceAnswer>? Preferences = null, IReadOnlyList<RoundAnswer>? Rounds = null, IReadOnlyList<GradesAnswer>? Grades = null,
    ConcordanceAnswer? Concordance = null, IReadOnlyList<StrengthAnswer>? Strengths = null, IReadOnlyList<IReadOnlyList<string>>? Parts = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RankAnswer))]
internal sealed partial class RankJson : JsonSerializerContext;

/// <summary><c>polyphony analyse rank</c>: from ranked or graded ballots to an order or to those elected.</summary>
internal static class AnalyseRank
{
    /// <summary>The tool tests nothing below ten ballots.</summary>
    private const int FewestForTest = 10;

    private const double LevelStrengths = 1e-9;

    public static Command Verb()
    {
        Option<string> ballots = VerbOptions.Text("--ballots", "F.csv", "The ballots; for bradley-terry the comparisons.", required: true);
        Option<string> rule = VerbOptions.OneOf("--rule", "How they are counted.", "schulze", "irv", "stv", "majority-judgement", "borda", "bradley-terry");
        rule.Required = true;
        Option<int?> seats = VerbOptions.Whole("--seats", "N", "For stv: how many are elected.", 1, 1_000);
        Option<string> count = VerbOptions.OneOf("--count", "For stv: the law of Scottish councils, which is used without it, or Meek's rule.", "scottish", "meek");
        Option<string> grades = VerbOptions.Text("--grades", "g1,g2", "For majority-judgement: the grades, the worst first; without it grades are whole numbers, the greatest the best.");
        Option<string> lot = VerbOptions.Text("--lot", "o1,o2", "For irv and stv: options in the order of a lot drawn in public, the first having the advantage when nothing else decides.");
        return new VerbCommand("rank", "In which order do people put options, and who is elected?", (parsed, shell, _) => Run(
            parsed.GetValue(ballots)!, parsed.GetValue(rule)!.ToLowerInvariant(), parsed.GetValue(seats), parsed.GetValue(count)?.ToLowerInvariant(),
            VerbOptions.Columns(parsed.GetValue(grades)), VerbOptions.Columns(parsed.GetValue(lot)), shell))
        {
            Options = { ballots, rule, seats, count, grades, lot },
            Examples =
            [
                "polyphony analyse rank --ballots ballots.csv --rule schulze",
                "polyphony analyse rank --ballots ballots.csv --rule stv --seats 3 --lot b,a,c",
                "polyphony analyse rank --ballots grades.csv --rule majority-judgement --grades reject,poor,fair,good,excellent",
                "polyphony analyse rank --ballots pairs.csv --rule bradley-terry",
            ],
            Reads = [BallotFile.Help, PairFile.Help],
            Codes = [ExitCode.Infeasible, ExitCode.EndedByLimit],
        };
    }

    private static int Run(string path, string rule, int? seats, string? count, IReadOnlyList<string> grades, IReadOnlyList<string> lot, Shell shell)
    {
        List<SheetProblem> problems = [];
        if (rule == "stv" && seats is null)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--rule", Value: rule, Expected: "--seats"));
        }

        NotFor(rule, "stv", "--seats", seats is not null, problems);
        NotFor(rule, "stv", "--count", count is not null, problems);
        NotFor(rule, "majority-judgement", "--grades", grades.Count > 0, problems);
        if (grades.Count == 1 || grades.Select(CellText.Key).Distinct().Count() < grades.Count)
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--grades", Value: string.Join(',', grades), Expected: "two or more different grades"));
        }

        NotFor(rule, "irv or stv", "--lot", lot.Count > 0 && rule == "bradley-terry", problems);
        if (rule == "bradley-terry")
        {
            return PairFile.Read(path, problems) is { } pairs && problems.Count == 0 ? Compared(pairs, shell) : shell.Refuse(problems);
        }

        BallotFile? file = rule == "majority-judgement" ? BallotFile.Judgements(path, grades, problems) : BallotFile.Rankings(path, problems);
        if (file is null)
        {
            return shell.Refuse(problems);
        }

        if (seats > file.Options.Count)
        {
            problems.Add(new SheetProblem("more-than-there-are", file.Options.Count > 0 ? path : "", Column: "--seats", Value: seats.Value.ToString(CultureInfo.InvariantCulture), Expected: file.Options.Count.ToString(CultureInfo.InvariantCulture)));
        }

        int[] drawn = Lot(lot, file.Options, problems);
        if (problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        RankAnswer answer = rule switch
        {
            "schulze" => Schulze(file),
            "borda" => Borda(file),
            "majority-judgement" => Judgement(file),
            "irv" => Runoff(file, drawn),
            "stv" => Transferable(file, seats!.Value, count == "meek", drawn),
            _ => throw new UnreachableException(),
        };
        if (rule != "majority-judgement")
        {
            answer = answer with { Concordance = Concordance(file) };
        }

        return shell.Answer(answer.Outcome == "needs-lot" ? ExitCode.Infeasible : ExitCode.Done, answer, RankJson.Default.RankAnswer, Sentences(answer));
    }

    private static void NotFor(string rule, string only, string option, bool isGiven, List<SheetProblem> problems)
    {
        if (isGiven && rule != only)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: option, Expected: $"--rule {only}"));
        }
    }

    private static int[] Lot(IReadOnlyList<string> lot, IReadOnlyList<string> options, List<SheetProblem> problems)
    {
        int[] drawn = [.. lot.Select(name => Enumerable.Range(0, options.Count).FirstOrDefault(option => CellText.Key(options[option]) == CellText.Key(name), -1))];
        foreach (string unknown in lot.Where((_, i) => drawn[i] < 0))
        {
            problems.Add(new SheetProblem("unknown-value", "", Column: "--lot", Value: SheetProblem.Shorten(unknown), Expected: string.Join(", ", options)));
        }

        if (drawn.Where(option => option >= 0).GroupBy(option => option).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--lot", Value: options[twice.Key], Expected: "once in the lot"));
        }

        return drawn;
    }

    private static RankAnswer Schulze(BallotFile file)
    {
        SchulzeRanking found = SchulzeRanking.Of(file.Options.Count, file.Ranked);
        return Ranked(file, "schulze", found.Ballots, found.Order) with
        {
            Preferences =
            [
                .. from a in Enumerable.Range(0, file.Options.Count)
                   from b in Enumerable.Range(0, file.Options.Count)
                   where a != b
                   select new PreferenceAnswer(file.Options[a], file.Options[b], found.Preferred[a][b], found.Strengths[a][b]),
            ],
        };
    }

    private static RankAnswer Borda(BallotFile file)
    {
        BordaRanking found = BordaRanking.Of(file.Options.Count, file.Ranked);
        return Ranked(file, "borda", found.Ballots, found.Order) with { Scores = [.. file.Options.Select((option, i) => new OptionValue(option, (decimal)found.Scores[i]))] };
    }

    private static RankAnswer Judgement(BallotFile file)
    {
        MajorityJudgement found = MajorityJudgement.Of(file.Options.Count, file.Grades.Count, file.Graded);
        return Ranked(file, "majority-judgement", found.Ballots, found.Order) with
        {
            Grades = [.. found.Options.Select((option, i) => new GradesAnswer(file.Options[i], file.Grades[option.Median], option.Better, option.Worse, option.Ungraded))],
        };
    }

    /// <summary>Strengths as the likelihood has them; where it has none, no order is put in their place.</summary>
    private static int Compared(PairFile file, Shell shell)
    {
        BradleyTerry found = BradleyTerry.Of(file.Options.Count, file.Wins);
        string[][] parts = [.. found.Tiers.Select(tier => tier.Select(option => file.Options[option]).ToArray())];
        StrengthAnswer[] strengths = [.. file.Options.Select((option, i) => new StrengthAnswer(
            option, found.Strengths?[i], found.Scores[i].ToDouble(), file.Wins.Where(win => win.Winner == i).Sum(win => win.Count), file.Wins.Where(win => win.Loser == i).Sum(win => win.Count)))];
        RankAnswer answer = new("ranked", "bradley-terry", file.Options, found.Comparisons, 0, 0, [], [], [], Strengths: strengths);
        if (found.Strengths is { } known)
        {
            string[][] order = [.. Tiers(known).Select(tier => tier.Select(option => file.Options[option]).ToArray())];
            answer = answer with { Winners = order[0], Order = order };
        }
        else
        {
            answer = parts.Length > 1 ? answer with { Outcome = "needs-comparisons", Parts = parts } : answer with { Outcome = "undecided" };
        }

        int code = answer.Outcome switch { "ranked" => ExitCode.Done, "undecided" => ExitCode.EndedByLimit, _ => ExitCode.Infeasible };
        return shell.Answer(code, answer, RankJson.Default.RankAnswer, Sentences(answer));
    }

    /// <summary>Strengths that differ by less than the steps could tell are level.</summary>
    private static IEnumerable<IReadOnlyList<int>> Tiers(ImmutableArray<double> strengths)
    {
        List<int> tier = [];
        foreach (int option in Enumerable.Range(0, strengths.Length).OrderByDescending(option => strengths[option]).ThenBy(option => option))
        {
            if (tier.Count > 0 && strengths[tier[0]] - strengths[option] > LevelStrengths * strengths[tier[0]])
            {
                yield return tier;
                tier = [];
            }

            tier.Add(option);
            tier.Sort();
        }

        yield return tier;
    }

    private static RankAnswer Runoff(BallotFile file, int[] lot)
    {
        InstantRunoff found = InstantRunoff.Of(file.Options.Count, file.Ranked, lot);
        RankAnswer answer = found switch
        {
            InstantRunoff.Decided decided => Ranked(file, "irv", found.Ballots, decided.Order),
            InstantRunoff.NeedsLot tied => NeedsLot(file, "irv", found.Ballots, tied.Level),
            _ => throw new UnreachableException(),
        };
        return answer with { CutShort = found.CutShort, Rounds = [.. found.Rounds.Select(round => new RoundAnswer("count", [], null, Values(file, [.. round.Select(votes => (decimal)votes)])))] };
    }

    private static RankAnswer Transferable(BallotFile file, int seats, bool isMeek, int[] lot)
    {
        SingleTransferableVote found = isMeek ? MeekCount.Of(file.Options.Count, seats, file.Ranked, lot) : ScottishCount.Of(file.Options.Count, seats, file.Ranked, lot);
        string rule = isMeek ? "stv meek" : "stv scottish";
        RankAnswer answer = found switch
        {
            SingleTransferableVote.Decided decided => new RankAnswer("elected", rule, file.Options, found.Ballots, file.Blank, 0, Names(file, decided.Elected), [], []),
            SingleTransferableVote.NeedsLot tied => NeedsLot(file, rule, found.Ballots, tied.Level),
            _ => throw new UnreachableException(),
        };
        return answer with
        {
            CutShort = found.CutShort,
            Rounds = [.. found.Stages.Select(stage => new RoundAnswer(Word(stage.Action), Names(file, stage.Options), stage.Quota, Values(file, stage.Votes)))],
        };
    }

    private static RankAnswer Ranked(BallotFile file, string rule, long ballots, ImmutableArray<ImmutableArray<int>> order) =>
        new("ranked", rule, file.Options, ballots, file.Blank, 0, Names(file, order[0]), [.. order.Select(tier => Names(file, tier))], []);

    private static RankAnswer NeedsLot(BallotFile file, string rule, long ballots, IReadOnlyList<int> level) =>
        new("needs-lot", rule, file.Options, ballots, file.Blank, 0, [], [], Names(file, level));

    private static string[] Names(BallotFile file, IReadOnlyList<int> options) => [.. options.Select(option => file.Options[option])];

    private static OptionValue[] Values(BallotFile file, IReadOnlyList<decimal> values) => [.. file.Options.Select((option, i) => new OptionValue(option, values[i]))];

    private static ConcordanceAnswer Concordance(BallotFile file)
    {
        KendallW found = KendallW.OfCounted([.. file.Ranked.Where(ballot => !ballot.Tiers.IsEmpty).Select(ballot => ((IReadOnlyList<decimal>)Places(ballot, file.Options.Count), ballot.Count))]);
        return new(found.Rankings, found.W, found.ChiSquared, found.Degrees, found.Rankings < FewestForTest ? null : found.PValue);
    }

    private static decimal[] Places(RankedBallot ballot, int options)
    {
        decimal[] places = [.. Enumerable.Repeat((decimal)ballot.Tiers.Length, options)];
        foreach ((int tier, ImmutableArray<int> level) in ballot.Tiers.Index())
        {
            foreach (int option in level)
            {
                places[option] = tier;
            }
        }

        return places;
    }

    private static string Word(StageAction action) => action switch
    {
        StageAction.FirstPreferences => "first-preferences",
        StageAction.SurplusTransferred => "surplus-transferred",
        StageAction.Excluded => "excluded",
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<string> Sentences(RankAnswer answer)
    {
        yield return answer.Strengths is null
            ? string.Create(CultureInfo.InvariantCulture, $"{answer.Ballots} ballots, {answer.Blank} blank, {answer.CutShort} counted up to an equal rank; {answer.Rule}.")
            : string.Create(CultureInfo.InvariantCulture, $"{answer.Ballots} comparisons of {answer.Options.Count} options; {answer.Rule}.");
        yield return answer.Outcome switch
        {
            "needs-lot" => $"Level, and nothing in the ballots decides: {string.Join(", ", answer.Level)}. Draw a lot in public and give it with --lot.",
            "needs-comparisons" => $"No strengths: between these parts nobody preferred options both ways. {string.Join(" | ", answer.Parts!.Select(part => string.Join(", ", part)))}. Ask for comparisons across them.",
            "undecided" => "No strengths: these comparisons hold together by so little that the steps did not come to an end.",
            "elected" => $"Elected: {string.Join(", ", answer.Winners)}",
            _ => string.Join(" > ", answer.Order.Select(tier => string.Join(" = ", tier))),
        };
        foreach (StrengthAnswer option in (answer.Strengths ?? []).OrderByDescending(option => option.Strength ?? option.Score).ThenBy(option => option.Option, StringComparer.Ordinal))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {option.Option}: {(option.Strength is { } strength ? $"strength {strength:F4}, " : "")}score {option.Score:F3}, {option.Wins} won, {option.Losses} lost");
        }

        if (answer.Concordance is { W: { } w } concordance)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Ballots rank alike by Kendall's W {w:F3} (0 not at all, 1 all the same){(concordance.PValue is { } p ? $"; {concordance.Ballots} ballots, p {p:G3}" : "")}.");
        }
    }
}
