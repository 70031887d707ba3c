using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw lottery</c>: the fairest lottery, as numbered panels, with its proof.</summary>
internal static class ComputeLottery
{
    public static readonly FileHelp ProbabilitiesFile = new(
        LotteryTables.ProbabilitiesName, "everybody's chance.",
        new("id", "as in the pool"),
        new("chance", "in the optimal lottery, as a decimal"),
        new("numerator", "in how many of the numbered panels the person is"),
        new("denominator", "how many numbered panels there are"),
        new("(ticket)", "as in the pool, only where the pool has tickets"));

    public static readonly FileHelp PanelsFile = new(LotteryTables.PanelsName, "the numbered panels, one person a row.", new("panel", "number of the panel, from 0"), new("id", "a person on it"));

    public static readonly FileHelp LotteryHelp = new(
        LotteryFile.Name, "the optimal lottery with its proof; alike on every run. Publish its SHA-256 before the randomness exists.",
        new("inputs", "SHA-256 of pool and quotas, the quotas, size, household columns, ids that must or must not be drawn"),
        new("objective", "and gamma, seed, panels, endedByLimit"),
        new("levels", "the different chances, ascending; gap: how far from the optimum at most, relative"),
        new("uncoverable", "types that no panel can contain"),
        new("weights", "integer weights of the mixed panels; mixed: each panel as type and count in turn"),
        new("proof", "cuts, and for each level the dual weights that bound it"));

    public static Command Verb()
    {
        VerbCommand verb = null!;
        DrawOptions options = null!;
        Option<string> objective = VerbOptions.OneOf("--objective", "What to be fair by: leximin (the default), maximin, nash, goldilocks, minimax, legacy (to compare with only).", "leximin", "maximin", "nash", "goldilocks", "minimax", "legacy");
        Option<int?> panels = VerbOptions.Whole("--panels", "M", "Numbered panels, 1,000 unless said otherwise.", 10, 100_000);
        Option<string> seed = VerbOptions.Text("--seed", "HEX", "Settles who of equal people sits on which numbered panel; the same seed gives the same files.");
        Option<int?> limit = VerbOptions.Whole("--time-limit", "S", "Seconds after which the best lottery so far is taken, with its proven gap.", 1, 1_000_000);
        Option<string> gamma = VerbOptions.Text("--gamma", "G", "For goldilocks: weight of small chances against great ones, 1 unless said otherwise.");
        Option<string> must = VerbOptions.Text("--must", "F", "Ids of people who are on every panel.");
        Option<string> mustNot = VerbOptions.Text("--must-not", "F", "Ids of people who are on none.");
        Option<string> already = VerbOptions.Text("--already", "F", "Ids of people drawn before: on none, nor anybody of their households.");
        Option<string> to = VerbOptions.Text("--out", "DIR", "Directory to write to.", required: true);
        verb = new("lottery", "Computes the fairest lottery over panels that meet the quotas.", Run)
        {
            Examples =
            [
                "polyphony draw lottery --pool pool.csv --quotas quotas.csv --size 100 --out lottery",
                "polyphony draw lottery --pool pool.xlsx --quotas quotas.csv --size 100 --household street,postcode --objective goldilocks --panels 10000 --seed 5eed --out lottery --json",
            ],
            Reads = [DrawOptions.PoolFile, DrawOptions.QuotaFile, new("--must, --must-not, --already", "people by their ids.", IdList.Column)],
            Writes = [ProbabilitiesFile, PanelsFile, LotteryHelp],
            Codes = [ExitCode.Infeasible, ExitCode.EndedByLimit],
        };
        options = DrawOptions.AddTo(verb);
        foreach (Option option in (Option[])[objective, panels, seed, limit, gamma, must, mustNot, already, to])
        {
            verb.Options.Add(option);
        }

        return verb;

        int Run(ParseResult parsed, Shell shell, CancellationToken cancellationToken)
        {
            long started = Stopwatch.GetTimestamp();
            List<SheetProblem> problems = [];
            byte[]? bytes = Seed(parsed.GetValue(seed), problems);
            double weight = 1;
            if (parsed.GetValue(gamma) is { } text && (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight) || weight is not (> 0 and < 1e6)))
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--gamma", Value: SheetProblem.Shorten(text), Expected: "a number above 0, such as 1 or 2.5"));
            }

            DrawInputReading reading = DrawInput.From(parsed, options);
            if (reading is not DrawInputReading.Read { Input: var input })
            {
                return shell.Refuse([.. problems, .. ((DrawInputReading.Refused)reading).Problems]);
            }

            string? idColumn = parsed.GetValue(options.Id);
            IReadOnlyList<int> seated = Ids(parsed.GetValue(must), idColumn, input, problems);
            IReadOnlyList<int> barred = Ids(parsed.GetValue(mustNot), idColumn, input, problems);
            IReadOnlyList<int> drawn = Ids(parsed.GetValue(already), idColumn, input, problems);
            ProblemsOfLists(input, seated, barred, drawn, problems);
            if (problems.Count > 0)
            {
                return shell.Refuse(problems);
            }

            int[] none = WithHouseholds(input.Pool, barred, drawn);
            LotteryObjective asked = Enum.Parse<LotteryObjective>(parsed.GetValue(objective) ?? "leximin", ignoreCase: true);
            ConditionalPool rest = ConditionalPool.Of(input.Pool, seated, none);
            using TimeLimit enough = new(parsed.GetValue(limit), started);
            if (rest.Overfilled.Count > 0 || rest.Rest.Size > rest.Free.Count)
            {
                return WaysOut.Say(shell, input.Pool, rest, enough.Token, cancellationToken);
            }

            LotteryOutcome outcome = shell.WithProgress("Computing", progress => FairLottery.Compute(
                new LotteryRequest(rest.Rest, asked, parsed.GetValue(panels) ?? 1_000, bytes, weight), new Told(progress), enough.Token, cancellationToken));
            switch (outcome)
            {
                case LotteryOutcome.NoPanel:
                    return WaysOut.Say(shell, input.Pool, rest, enough.Token, cancellationToken);
                case LotteryOutcome.Refused refused:
                    return Refuse(shell, refused.Code);
                case LotteryOutcome.Computed computed:
                    LotteryInputs inputs = new(
                        input.PoolHash, input.QuotasHash, input.Pool.People.Count, input.Pool.Size, VerbOptions.Columns(parsed.GetValue(options.Household)), idColumn, asked, weight, Convert.ToHexStringLower(bytes!),
                        [.. seated.Select(person => input.Ids[person])], [.. none.Select(person => input.Ids[person])])
                    {
                        Quotas = QuotasOf(input.Pool),
                    };
                    using (OutputFolder folder = OutputFolder.Begin(parsed.GetValue(to)!))
                    {
                        Write(folder, input, rest, inputs, computed);
                        folder.Finish(cancellationToken);
                    }

                    return Answer(shell, input, rest, computed, started, cancellationToken);
                default:
                    throw new UnreachableException();
            }
        }
    }

    /// <summary>People who cannot be drawn: those named, and with those drawn before their households.</summary>
    public static int[] WithHouseholds(SortitionPool pool, IReadOnlyList<int> barred, IReadOnlyList<int> drawn)
    {
        HashSet<string> households = new(drawn.Select(person => pool.People[person].Household).OfType<string>(), StringComparer.Ordinal);
        HashSet<int> none = [.. barred, .. drawn];
        return [.. Enumerable.Range(0, pool.People.Count).Where(person => none.Contains(person) || (pool.People[person].Household is { } household && households.Contains(household)))];
    }

    /// <summary>Seed bytes of hexadecimal text; none: no bytes.</summary>
    public static byte[]? Seed(string? hex, List<SheetProblem> problems)
    {
        if (hex is null)
        {
            return [];
        }

        if (hex.Length is > 0 and <= 128 && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(hex);
        }

        problems.Add(new SheetProblem("option-value", "", Column: "--seed", Value: SheetProblem.Shorten(hex), Expected: "2 to 128 hexadecimal digits, an even number of them"));
        return null;
    }

    private static IReadOnlyList<int> Ids(string? path, string? idColumn, DrawInput input, List<SheetProblem> problems) => path is null ? [] : IdList.Read(path, idColumn, input.Ids, problems);

    private static void ProblemsOfLists(DrawInput input, IReadOnlyList<int> seated, IReadOnlyList<int> barred, IReadOnlyList<int> drawn, List<SheetProblem> problems)
    {
        foreach (int person in seated.Intersect([.. barred, .. drawn]))
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--must", Value: input.Ids[person], Expected: "somebody who may be drawn: they stand in --must-not or --already, too"));
        }

        if (seated.Count >= input.Pool.Size)
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--must", Value: seated.Count.ToString(CultureInfo.InvariantCulture), Expected: $"fewer people than the panel's {input.Pool.Size}"));
        }

        foreach (IGrouping<string, int> shared in seated.Where(person => input.Pool.People[person].Household is not null).GroupBy(person => input.Pool.People[person].Household!, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--must", Value: string.Join(", ", shared.Select(person => input.Ids[person])), Expected: "one person of a household"));
        }
    }

    /// <summary>The quotas as files state them.</summary>
    public static IReadOnlyList<DeclaredQuota> QuotasOf(SortitionPool pool) =>
        [.. pool.Criteria.SelectMany(criterion => criterion.Quotas.Select(quota => new DeclaredQuota(criterion.Name, quota.Value, quota.Min, quota.Max)))];

    /// <summary>Says that a lottery could not be computed; nothing is put in its place.</summary>
    public static int Refuse(Shell shell, string code) => code switch
    {
        "undecided" => WaysOut.Undecided(shell),
        "legacy-found-no-panel" => shell.Say(ExitCode.EndedByLimit, code, "LEGACY found no panel within its hundred attempts or its time, though there is one; nothing is put in its place. Choose another objective."),
        "digits-exhausted" => shell.Say(ExitCode.EndedByLimit, code, "The digits of the linear programmes did not suffice; nothing is put in its place."),
        _ => throw new UnreachableException(),
    };

    /// <summary>Writes the files of a lottery, and gives what a draw needs of them.</summary>
    public static LotteryFolder Write(OutputFolder folder, DrawInput input, ConditionalPool rest, LotteryInputs inputs, LotteryOutcome.Computed computed)
    {
        int people = input.Ids.Count;
        IReadOnlyList<IReadOnlyList<int>> panels = [.. computed.Lottery.Panels.Select(rest.Whole)];
        IReadOnlyList<string> chances = LotteryTables.Chances(people, rest, computed.Exact);
        IReadOnlyList<string> counts = LotteryTables.Counts(people, panels);
        LotteryFile file = LotteryFile.Of(inputs, computed.Exact, panels.Count);
        byte[] content = file.Write();
        folder.Write(LotteryTables.ProbabilitiesName, PlainCsv.Write(LotteryTables.ProbabilityRows(input.Ids, input.HasTickets ? input.Tickets : null, chances, counts, panels.Count)));
        folder.Write(LotteryTables.PanelsName, PlainCsv.Write(LotteryTables.PanelRows(input.Ids, panels)));
        folder.Write(LotteryFile.Name, content);
        string of = panels.Count.ToString(CultureInfo.InvariantCulture);
        return new(file, Convert.ToHexStringLower(SHA256.HashData(content)), input.Ids, input.Tickets, chances, counts, [.. input.Ids.Select(_ => of)], panels);
    }

    private static int Answer(Shell shell, DrawInput input, ConditionalPool rest, LotteryOutcome.Computed computed, long started, CancellationToken cancellationToken)
    {
        double[] chances = computed.Exact.Chances();
        HashSet<int> without = [.. computed.Exact.Uncoverable];
        double[] people = [.. computed.Exact.Types.Types.Index().Where(pair => !without.Contains(pair.Index)).SelectMany(pair => Enumerable.Repeat(chances[pair.Index], pair.Item.People.Count)).Order()];
        double mean = people.Average();
        double gini = people.Index().Sum(pair => ((2 * (pair.Index + 1)) - people.Length - 1) * pair.Item) / (people.Length * people.Length * mean);
        PanelTypes types = computed.Exact.Types;
        IReadOnlyList<Exclusion> why = computed.Exact.EndedByLimit ? [] : PanelDiagnosis.Explain(types, computed.Exact.Uncoverable, computed.Exact.Panels, cancellationToken).Excluded;
        LotteryAnswer answer = new(
            computed.Exact.EndedByLimit ? "ended-by-limit" : "computed", computed.Exact.Objective.ToString().ToLowerInvariant(), people[0], people[^1], gini, Math.Exp(people.Average(chance => Math.Log(Math.Max(chance, 1e-300)))),
            double.IsFinite(computed.Exact.Gap) ? computed.Exact.Gap : null, chances.Length, computed.Lottery.Panels.Count, computed.Lottery.GreatestChange,
            UniformLottery.ChangeBound(rest.Rest.Size, computed.Lottery.Panels.Count, chances.Length), Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3),
            [.. computed.Lottery.Uncoverable.Select(person => input.Ids[rest.Free[person]])],
            computed.Exact.EndedByLimit ? [] : ExcludedPeople.Of(types, computed.Lottery.Uncoverable, why, new WaysOut(input.Pool, rest).Limit, person => input.Ids[rest.Free[person]]));
        return shell.Answer(
            computed.Exact.EndedByLimit ? ExitCode.EndedByLimit : ExitCode.Done, answer, DrawJson.Default.LotteryAnswer,
            [
                string.Create(CultureInfo.InvariantCulture, $"{answer.Objective.ToUpperInvariant()}: the least likely have a chance of {answer.Min:P3}, the most likely {answer.Max:P3}; {answer.Types} kinds of people."),
                answer.Gap is < 1 and { } gap
                    ? string.Create(CultureInfo.InvariantCulture, $"No lottery is fairer by more than {gap:P4}: the proof is in {LotteryFile.Name}.")
                    : computed.Exact.Objective == LotteryObjective.Legacy
                        ? "Nothing is proven of this lottery: LEGACY is for comparison only."
                        : "How near this is to the fairest lottery was not proven.",
                string.Create(CultureInfo.InvariantCulture, $"{answer.Panels} numbered panels; nobody's chance changed by more than {answer.WorstChange:P3} (bound {answer.ChangeBound:P3})."),
                .. ExcludedPeople.Sentences(answer.Excluded),
                .. answer.Uncoverable.Count > 0 && answer.Excluded.Count == 0 ? [$"On no panel, because of the quotas: {string.Join(", ", answer.Uncoverable)}"] : Array.Empty<string>(),
                .. computed.Exact.EndedByLimit ? [answer.Gap is null or >= 1 ? "The search ended early, by its time limit or because its digits did not suffice." : "The search ended early, by its time limit or because its digits did not suffice; the gap says how far it came."] : Array.Empty<string>(),
            ]);
    }

    internal sealed class Told(IProgress<WorkProgress> progress) : IProgress<LotteryProgress>
    {
        public void Report(LotteryProgress value) => progress.Report(new(value.Share, value.Step switch
        {
            "feasibility" => "Looking for a panel",
            "coverage" => "Looking for everybody's panel",
            "reasons" => "Looking for what decides",
            "chances" => "Levelling chances",
            "mixing" => string.Create(CultureInfo.InvariantCulture, $"Mixing panels, {value.Gap:P2} short of at most {value.Bound:P2}"),
            _ => "Numbering panels",
        }));
    }
}
