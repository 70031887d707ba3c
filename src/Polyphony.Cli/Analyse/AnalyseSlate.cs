using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Selection;

namespace Polyphony.Cli.Analyse;

/// <summary>People who paid the same.</summary>
/// <param name="Amount">Of each, as a fraction.</param>
internal sealed record PaymentAnswer(string Amount, int People);

/// <summary>One member of the slate, in the order in which they were chosen.</summary>
/// <param name="Reason"><c>paid</c>, <c>phragmen</c>, <c>gain</c>, <c>approvals</c>, <c>together</c>, or <c>filled</c>: nobody approves anything that is left.</param>
/// <param name="Measure">As a fraction: the greatest payment, the load, the gain, or the number of approvals.</param>
/// <param name="Saw">People who voted on it, or passed.</param>
/// <param name="OnlyHere">People who approve no other member.</param>
internal sealed record MemberAnswer(JsonNode Id, string Reason, string Measure, int Approvals, int Saw, double? ApprovalOfThoseWhoSaw, int OnlyHere, IReadOnlyList<PaymentAnswer> Payments);

/// <summary>The coverage of one group.</summary>
internal sealed record GroupCoverage(string Group, int People, double? Coverage, double? CoverageOfThoseWhoSaw);

/// <summary>A group whose claim is not met.</summary>
internal sealed record ClaimAnswer(string Promise, int Claim, IReadOnlyList<JsonNode> Candidates, int People);

/// <summary>What <c>analyse slate</c> writes.</summary>
/// <param name="Outcome"><c>chosen</c>, or <c>too-large</c>: PAV is not computed for a case like this, and nothing is put in its place.</param>
/// <param name="Committee">The ids, ascending.</param>
/// <param name="Coverage">Share of people who approve one member at least.</param>
/// <param name="WorstGroup">The least such share of a group: of --groups, else of the stable map of opinions, on which everybody may be one group; null for --profile.</param>
/// <param name="Ejr"><c>holds</c>, <c>fails</c> or <c>notChecked</c>, like the two before it.</param>
internal sealed record SlateAnswer(
    string Outcome, string Rule, string? Completion, int Size, int People, int Statements, IReadOnlyList<JsonNode> Committee, double? Coverage, double? CoverageOfThoseWhoSaw, double? MeanSeen, double? WorstGroup, string? WorstGroupName,
    string Jr, string Pjr, string Ejr, IReadOnlyList<ClaimAnswer> UnmetClaims, string? Budget, IReadOnlyList<MemberAnswer> Members, IReadOnlyList<GroupCoverage> Groups, double Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(SlateAnswer))]
internal sealed partial class SlateJson : JsonSerializerContext;

/// <summary><c>polyphony analyse slate</c>: some statements out of many that speak for as many people as possible.</summary>
internal static class AnalyseSlate
{
    private static readonly string[] Rules = ["mes", "seq-pav", "pav", "seq-phragmen"];
    private static readonly string[] Completions = ["phragmen", "increment", "approval", "none"];

    public static Command Verb()
    {
        Option<string> profile = VerbOptions.Text("--profile", "F.abc.yaml", "Approvals; this or --votes.");
        Option<string> votes = VerbOptions.Text("--votes", "V.csv", "Votes on statements: who agrees approves. Everybody who voted on anything counts.");
        Option<int?> size = VerbOptions.Whole("--size", "K", "Statements to choose; for --profile what the file says, unless given.", 1, 100_000);
        Option<string> rule = VerbOptions.OneOf("--rule", "Method of Equal Shares, sequential PAV, PAV itself (small cases only), or Phragmén's sequential rule.", Rules);
        rule.Required = true;
        Option<string> completion = VerbOptions.OneOf("--completion", "For mes: what fills seats that budgets no longer pay for; phragmen without it.", Completions);
        Option<string> statements = VerbOptions.Text("--statements", "C.csv", "For --votes: the statements, to leave out those moderated out.");
        Option<string> groups = VerbOptions.Text("--groups", "G.csv", "For --votes: groups of people, for the coverage of the worst; without it those of the stable map of opinions.");
        Option<int?> views = VerbOptions.Whole("--least-views", "N", "For --votes: statements that fewer people were shown, in any group where there are groups, cannot be chosen.", 1, 1_000_000_000);
        return new VerbCommand("slate", "Which few statements speak for as many people as possible, in proportion?", (parsed, shell, cancellationToken) => Run(
            new Asked(
                parsed.GetValue(profile), parsed.GetValue(votes), parsed.GetValue(size), parsed.GetValue(rule)!.ToLowerInvariant(), parsed.GetValue(completion)?.ToLowerInvariant(),
                parsed.GetValue(statements), parsed.GetValue(groups), parsed.GetValue(views)),
            shell, cancellationToken))
        {
            Options = { profile, votes, size, rule, completion, statements, groups, views },
            Examples =
            [
                "polyphony analyse slate --profile instance.abc.yaml --rule mes",
                "polyphony analyse slate --votes votes.csv --statements comments.csv --groups participants.csv --size 10 --rule mes --completion increment --json",
            ],
            Reads = [AbcProfileFile.Help, ApprovalVotes.Help, ApprovalVotes.StatementsHelp, ApprovalVotes.GroupsHelp],
            Codes = [ExitCode.Infeasible],
        };
    }

    private sealed record Asked(string? Profile, string? Votes, int? Size, string Rule, string? Completion, string? Statements, string? Groups, int? LeastViews);

    private sealed record Material(IReadOnlyList<JsonNode> Ids, ApprovalProfile Profile, IReadOnlyList<string?>? Groups, int Size);

    private static int Run(Asked asked, Shell shell, CancellationToken cancellationToken)
    {
        Stopwatch watch = Stopwatch.StartNew();
        List<SheetProblem> problems = Contradictions(asked);
        Material? material = problems.Count > 0 ? null : asked.Profile is not null ? FromProfile(asked, problems) : FromVotes(asked, problems, cancellationToken);
        if (material is null || problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        Slate? slate = asked.Rule switch
        {
            "mes" => EqualShares.Of(material.Profile, material.Size, (BudgetCompletion)Array.IndexOf(Completions, asked.Completion ?? "phragmen")),
            "seq-pav" => SequentialPav.Of(material.Profile, material.Size),
            "pav" => ExactPav.Of(material.Profile, material.Size),
            "seq-phragmen" => SequentialPhragmen.Of(material.Profile, material.Size),
            _ => throw new UnreachableException(),
        };
        SlateAnswer answer = slate is null ? TooLarge(asked, material) : Of(asked, material, slate);
        answer = answer with { Seconds = watch.Elapsed.TotalSeconds };
        return shell.Answer(slate is null ? ExitCode.Infeasible : ExitCode.Done, answer, SlateJson.Default.SlateAnswer, Sentences(answer));
    }

    private static List<SheetProblem> Contradictions(Asked asked)
    {
        List<SheetProblem> problems = [];
        if (asked.Profile is not null && asked.Votes is not null)
        {
            problems.Add(new SheetProblem("not-both", "", Column: "--profile", Expected: "--votes"));
        }

        if (asked.Profile is null && asked.Votes is null)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--rule", Expected: "--profile or --votes"));
        }

        if (asked.Profile is null && asked.Size is null)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--votes", Expected: "--size"));
        }

        if (asked.Completion is not null && asked.Rule != "mes")
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--completion", Expected: "--rule mes"));
        }

        foreach ((string name, bool given) in new[] { ("--statements", asked.Statements is not null), ("--groups", asked.Groups is not null), ("--least-views", asked.LeastViews is not null) })
        {
            if (given && asked.Votes is null)
            {
                problems.Add(new SheetProblem("option-needs", "", Column: name, Expected: "--votes"));
            }
        }

        return problems;
    }

    private static Material? FromProfile(Asked asked, List<SheetProblem> problems)
    {
        if (AbcProfileFile.Read(asked.Profile!, problems) is not { } read)
        {
            return null;
        }

        if ((asked.Size ?? read.Size) is not { } size)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--profile", Expected: "--size"));
            return null;
        }

        return Demand(new Material([.. Enumerable.Range(0, read.Profile.Candidates).Select(candidate => JsonValue.Create(candidate))], read.Profile, null, size), asked.Profile!, problems);
    }

    private static Material? FromVotes(Asked asked, List<SheetProblem> problems, CancellationToken cancellationToken)
    {
        HashSet<string>? without = asked.Statements is null ? [] : ApprovalVotes.ModeratedOut(asked.Statements, problems);
        ApprovalVotes? votes = ApprovalVotes.Read(asked.Votes!, without ?? [], problems, cancellationToken);
        IReadOnlyList<string?>? groups = votes is null || asked.Groups is null ? null : ApprovalVotes.Groups(asked.Groups, votes.People, problems);
        if (votes is null || problems.Count > 0)
        {
            return null;
        }

        IReadOnlyList<string?>? covered = groups ?? votes.MapGroups();
        if (asked.LeastViews is { } least)
        {
            string?[] named = groups is null ? [null] : [.. groups.Where(group => group is not null).Distinct()];
            votes = votes.Keep(statement => named.All(group => votes.Profile.SeenBy[statement].Count(person => group is null || groups![person] == group) >= least));
        }

        bool numbers = votes.Statements.All(ApprovalVotes.IsNumber);
        return Demand(
            new Material([.. votes.Statements.Select(id => (JsonNode)(numbers ? JsonValue.Create(long.Parse(id, CultureInfo.InvariantCulture)) : JsonValue.Create(id)))], votes.Profile, covered, asked.Size!.Value),
            asked.Votes!, problems);
    }

    private static Material? Demand(Material material, string path, List<SheetProblem> problems)
    {
        if (material.Size <= material.Profile.Candidates)
        {
            return material;
        }

        problems.Add(new SheetProblem("more-than-there-are", Path.GetFileName(path), Column: "--size", Value: material.Size.ToString(CultureInfo.InvariantCulture), Expected: material.Profile.Candidates.ToString(CultureInfo.InvariantCulture)));
        return null;
    }

    private static SlateAnswer TooLarge(Asked asked, Material material) => new(
        "too-large", asked.Rule, null, material.Size, material.Profile.Voters, material.Profile.Candidates, [], null, null, null, null, null, Word(Certificate.NotChecked), Word(Certificate.NotChecked), Word(Certificate.NotChecked), [], null, [], [], 0);

    private static SlateAnswer Of(Asked asked, Material material, Slate slate)
    {
        SlateCoverage coverage = SlateCoverage.Of(material.Profile, slate.Committee, material.Groups);
        JustifiedRepresentation promises = JustifiedRepresentation.Of(material.Profile, slate.Committee, material.Size);
        Dictionary<int, MemberCoverage> members = coverage.Members.ToDictionary(member => member.Candidate);
        (string, Representation)[] checks = [("jr", promises.Jr), ("pjr", promises.Pjr), ("ejr", promises.Ejr)];
        return new SlateAnswer(
            "chosen", asked.Rule, asked.Rule == "mes" ? asked.Completion ?? "phragmen" : null, material.Size, material.Profile.Voters, material.Profile.Candidates,
            Ids(material, slate.Committee), coverage.Overall.Share, coverage.Overall.ShareOfThoseWhoSaw, coverage.MeanSeen, coverage.Worst?.Count.Share, coverage.Worst?.Group,
            Word(promises.Jr.State), Word(promises.Pjr.State), Word(promises.Ejr.State),
            [.. checks.Where(check => check.Item2.Witness is not null).Select(check => new ClaimAnswer(check.Item1, check.Item2.Witness!.Claim, Ids(material, check.Item2.Witness.Candidates), check.Item2.Witness.Voters.Length))],
            slate.Budget?.ToString(),
            [.. slate.Steps.Select(step => Member(material, step, members[step.Candidate]))],
            [.. coverage.Groups.Select(group => new GroupCoverage(group.Group, group.Count.People, group.Count.Share, group.Count.ShareOfThoseWhoSaw))], 0);
    }

    private static MemberAnswer Member(Material material, SlateStep step, MemberCoverage member) => new(
        Id(material, step.Candidate), Word(step.Reason), step.Measure.ToString(), member.Approvals, member.Saw, member.Saw == 0 ? null : new Fraction(member.Approvals, member.Saw).ToDouble(), member.OnlyHere,
        [.. step.Payments.Select(payment => new PaymentAnswer(payment.Amount.ToString(), payment.Voters.Length))]);

    private static JsonNode[] Ids(Material material, IReadOnlyList<int> candidates) => [.. candidates.Select(candidate => Id(material, candidate))];

    private static JsonNode Id(Material material, int candidate) => material.Ids[candidate].DeepClone();

    private static string Word(Certificate certificate) => certificate switch
    {
        Certificate.Holds => "holds",
        Certificate.Fails => "fails",
        Certificate.NotChecked => "notChecked",
        _ => throw new UnreachableException(),
    };

    private static string Word(SlateReason reason) => reason switch
    {
        SlateReason.Paid => "paid",
        SlateReason.Phragmen => "phragmen",
        SlateReason.Gain => "gain",
        SlateReason.Approvals => "approvals",
        SlateReason.Filled => "filled",
        SlateReason.Together => "together",
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<string> Sentences(SlateAnswer answer)
    {
        if (answer.Outcome == "too-large")
        {
            yield return "PAV itself is not computed for a case of this size, and no other rule is put in its place. Take mes, which promises the same to groups.";
            yield break;
        }

        yield return $"Chosen: {string.Join(", ", answer.Committee.Select(id => id.ToString()))}";
        yield return string.Create(CultureInfo.InvariantCulture, $"{answer.Coverage:P1} of {answer.People} people approve one of them at least; of those who saw one, {answer.CoverageOfThoseWhoSaw:P1}.");
        if (answer.WorstGroupName is { } worst)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Least covered is group {worst}: {answer.WorstGroup:P1}.");
        }

        foreach (MemberAnswer member in answer.Members)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {member.Id}: {member.Reason} {member.Measure}, approved by {member.Approvals} of {member.Saw} who saw it{(member.Payments.Count == 0 ? "" : "; paid by " + string.Join(", ", member.Payments.Select(payment => $"{payment.People} people with {payment.Amount} each")))}");
        }

        yield return $"JR {answer.Jr}, PJR {answer.Pjr}, EJR {answer.Ejr}.";
        foreach (ClaimAnswer claim in answer.UnmetClaims)
        {
            yield return $"  {claim.Promise.ToUpperInvariant()}: {claim.People} people who all approve {string.Join(", ", claim.Candidates.Select(id => id.ToString()))} could demand {claim.Claim}.";
        }
    }
}
