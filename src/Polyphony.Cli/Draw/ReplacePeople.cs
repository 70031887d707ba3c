using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw replace</c>: people step in for those who are out, by a lottery of whole panels on which everybody sits who stays, or by an order; and alternates for the panel.</summary>
internal static class ReplacePeople
{
    public const string AlternatesName = "alternates.csv";

    private static readonly FileHelp AlternatesFile = new(
        AlternatesName, "whom to call when somebody drops out: of those listed the ones that mend most (--alternates).",
        new("place", "from 1; the first n are a good choice of n"), new("id", "as in the pool"), new("ticket", "the name in the public files"),
        new("damage", "expected damage to the quotas with this one and all above: missing or surplus people, each as 1/max of the quota"));

    public static Command Verb()
    {
        VerbCommand verb = null!;
        ReplaceOptions options = null!;
        verb = new("replace", "Draws people in place of those who are out, under the quotas that are left, and chooses alternates.", (parsed, shell, cancellationToken) => new Replacing(parsed, options, shell, cancellationToken).Run())
        {
            Examples =
            [
                "polyphony draw replace --record drawn --pool pool.csv --quotas quotas.csv --status status.csv --out second",
                "polyphony draw replace --record drawn --pool pool.csv --quotas quotas.csv --status status.csv --by order --randomness \"drand quicknet round 27950001: 8f4e…\" --out second",
                "polyphony draw replace --record drawn --pool pool.csv --quotas quotas.csv --status status.csv --alternates 8 --dropout 0.15 --randomness \"drand quicknet round 27950001: 8f4e…\" --out second --json",
            ],
            Reads =
            [
                new("--record", "record.json, with manifest.json, panels.json and before.json where they are there; verified first. Drawn by this tool or by a server: of a server the organiser's files of the draw, whose pool has the tickets."),
                DrawOptions.PoolFile, DrawOptions.QuotaFile, StatusSheet.Help, DropoutRates.Help,
            ],
            Writes =
            [
                ComputeLottery.ProbabilitiesFile, ComputeLottery.PanelsFile, ComputeLottery.LotteryHelp, EarlierDraws.BeforeFile,
                OfflineDraw.SelectedFile, OfflineDraw.ManifestFile, OfflineDraw.RecordFile, OfflineDraw.PanelsJsonFile, AlternatesFile,
            ],
            Codes = [ExitCode.Infeasible, ExitCode.VerificationFailed, ExitCode.EndedByLimit],
        };
        options = ReplaceOptions.AddTo(verb);
        return verb;
    }

    /// <summary>One run of the verb.</summary>
    private sealed class Replacing(ParseResult parsed, ReplaceOptions options, Shell shell, CancellationToken cancellationToken)
    {
        private readonly long started = Stopwatch.GetTimestamp();
        private readonly List<SheetProblem> problems = [];
        private readonly bool byOrder = string.Equals(parsed.GetValue(options.By), "order", StringComparison.OrdinalIgnoreCase);
        private EarlierDraws earlier = null!;
        private DrawInput input = null!;
        private PanelStatus status = null!;
        private byte[] seed = [];
        private IReadOnlyList<DrawSource>? sources;
        private IReadOnlyList<double> dropout = [];
        private bool quotasChanged;

        private double Seconds => Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);

        private int Needed => input.Pool.Size - status.Staying.Count;

        private int[] Out => [.. status.Leaving.Concat(status.Gone).Order()];

        public int Run()
        {
            string directory = parsed.GetValue(options.Record)!;
            seed = ComputeLottery.Seed(parsed.GetValue(options.Seed), problems) ?? [];
            ReadRandomness();
            if (EarlierDraws.OfRecord(directory, problems) is not { } chain)
            {
                return shell.Refuse(problems);
            }

            earlier = chain;
            IReadOnlyList<VerifyCheck> checks = [.. VerifyDraw.Chain(earlier.Verify(Bytes(directory, OfflineDraw.ManifestName), Bytes(directory, OfflineDraw.PanelsJsonName)))];
            if (checks.Any(check => check.State == "failed"))
            {
                return VerifyDraw.Answer(shell, checks, Seconds);
            }

            if (earlier.Size == 0 || earlier.Household is not { } household)
            {
                problems.Add(new SheetProblem("record-foreign", Path.Combine(directory, OfflineDraw.RecordName)));
                return shell.Refuse(problems);
            }

            if (sources is not null)
            {
                earlier.ProblemsOf(sources, problems);
            }

            Read(household);
            if (problems.Count > 0)
            {
                return shell.Refuse(problems);
            }

            return Needed == 0 ? ChooseOnly() : byOrder ? DrawByOrder() : DrawByLottery();
        }

        private void ReadRandomness()
        {
            bool thousand = (parsed.GetValue(options.Panels) ?? 1_000) == 1_000;
            if (parsed.GetValue(options.Randomness) is { } text)
            {
                sources = RandomnessText.Read(text, problems, allowThreeDice: thousand && !byOrder);
            }
            else if (byOrder)
            {
                problems.Add(new SheetProblem("option-needs", "", Column: "--by", Expected: "--randomness"));
            }

            if (parsed.GetValue(options.Dropout) is not null && parsed.GetValue(options.Alternates) is null)
            {
                problems.Add(new SheetProblem("option-needs", "", Column: "--dropout", Expected: "--alternates"));
            }
        }

        /// <summary>Pool, quotas and statuses, with everything that is wrong with them.</summary>
        private void Read(IReadOnlyList<string> household)
        {
            string poolPath = parsed.GetValue(options.Pool)!;
            switch (DrawInput.From(poolPath, parsed.GetValue(options.Quotas)!, earlier.Size, household, earlier.Id))
            {
                case DrawInputReading.Refused refused:
                    problems.AddRange(refused.Problems);
                    return;
                case DrawInputReading.Read read:
                    input = read.Input;
                    break;
                default:
                    throw new UnreachableException();
            }

            Dictionary<string, int> positions = input.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
            string[] lost = [.. earlier.Tickets.Where(ticket => !positions.ContainsKey(ticket))];
            HashSet<string> drawnFrom = [.. earlier.Tickets];
            int[] added = [.. input.Ids.Index().Where(pair => !drawnFrom.Contains(input.Pool.People[pair.Index].Ticket)).Select(pair => pair.Index)];
            foreach (int person in added)
            {
                problems.Add(new SheetProblem("not-in-the-draw", Path.GetFileName(poolPath), input.Rows[person], earlier.Id ?? "id", SheetProblem.Shorten(input.Ids[person])));
            }

            if (lost.Length > 0)
            {
                problems.Add(new SheetProblem("pool-lacks-people", Path.GetFileName(poolPath), Value: lost.Length.ToString(CultureInfo.InvariantCulture)));
                return;
            }

            dropout = DropoutRates.Read(parsed.GetValue(options.Dropout), poolPath, input, problems) ?? [];
            PanelStatus? said = StatusSheet.Read(
                parsed.GetValue(options.Status)!, earlier.Id, input.Ids, [.. earlier.Chain[0].Seated.Select(ticket => positions[ticket])],
                [.. earlier.Chain[0].Out.Where(positions.ContainsKey).Select(ticket => positions[ticket])], problems);
            if (said is null)
            {
                return;
            }

            status = said;
            quotasChanged = !ComputeLottery.QuotasOf(input.Pool).ToHashSet().SetEquals(earlier.Quotas);
            bool wantsAlternates = parsed.GetValue(options.Alternates) is not null;
            if (Needed == 0 && !wantsAlternates)
            {
                problems.Add(new SheetProblem("nobody-out", Path.GetFileName(parsed.GetValue(options.Status)!)));
            }
            else if (Needed > 0 && wantsAlternates && sources is null)
            {
                problems.Add(new SheetProblem("option-needs", "", Column: "--alternates", Expected: "--randomness"));
            }
        }

        /// <summary>No place is free: alternates for the panel as it stands.</summary>
        private int ChooseOnly()
        {
            using TimeLimit enough = new(parsed.GetValue(options.Limit), started);
            AlternateChoice choice = Alternates(status.Staying, enough.Token)!;
            using (OutputFolder folder = OutputFolder.Begin(parsed.GetValue(options.To)!))
            {
                Write(folder, choice);
                folder.Finish(cancellationToken);
            }

            return Answer(false, Empty with { Outcome = "alternates" }, choice, []);
        }

        private int DrawByLottery()
        {
            ConditionalPool rest = ConditionalPool.Of(input.Pool, status.Staying, Out);
            using TimeLimit enough = new(parsed.GetValue(options.Limit), started);
            if (rest.Overfilled.Count > 0 || rest.Rest.Size > rest.Free.Count)
            {
                return WaysOut.Say(shell, input.Pool, rest, enough.Token, cancellationToken);
            }

            LotteryOutcome outcome = shell.WithProgress("Computing", progress => FairLottery.Compute(
                new LotteryRequest(rest.Rest, LotteryObjective.Leximin, parsed.GetValue(options.Panels) ?? 1_000, seed), new ComputeLottery.Told(progress), enough.Token, cancellationToken));
            if (outcome is LotteryOutcome.NoPanel)
            {
                return WaysOut.Say(shell, input.Pool, rest, enough.Token, cancellationToken);
            }

            if (outcome is LotteryOutcome.Refused refused)
            {
                return ComputeLottery.Refuse(shell, refused.Code);
            }

            LotteryOutcome.Computed computed = (LotteryOutcome.Computed)outcome;
            EarlierDraw last = earlier.Chain[0];
            LotteryInputs inputs = new(
                input.PoolHash, input.QuotasHash, input.Pool.People.Count, input.Pool.Size, earlier.Household!, earlier.Id, LotteryObjective.Leximin, 1, Convert.ToHexStringLower(seed),
                [.. status.Staying.Select(person => input.Ids[person])], [.. Out.Select(person => input.Ids[person])])
            {
                Quotas = ComputeLottery.QuotasOf(input.Pool),
                Replaces = new(last.ManifestHash, last.Attempt + 1),
            };
            ReplaceAnswer answer = Empty with { Outcome = "computed" };
            AlternateChoice? choice = null;
            using (OutputFolder folder = OutputFolder.Begin(parsed.GetValue(options.To)!))
            {
                LotteryFolder lottery = ComputeLottery.Write(folder, input, rest, inputs, computed);
                earlier.Write(folder);
                if (sources is not null)
                {
                    (int chosen, string how, string hash) = OfflineDraw.Hold(lottery, sources, folder);
                    answer = answer with { Outcome = "drawn", Panel = chosen, How = how, ManifestHash = hash, Selected = [.. lottery.Panels[chosen].Except(status.Staying).Select(person => input.Ids[person])] };
                    choice = Alternates(lottery.Panels[chosen], enough.Token);
                    Write(folder, choice);
                }

                folder.Finish(cancellationToken);
            }

            double[] chances = computed.Exact.Chances();
            double[] possible = [.. Enumerable.Range(0, chances.Length).Where(t => !computed.Exact.Uncoverable.Contains(t)).Select(t => chances[t])];
            bool ended = computed.Exact.EndedByLimit;
            answer = answer with { Min = possible.Min(), Max = possible.Max(), Gap = double.IsFinite(computed.Exact.Gap) ? computed.Exact.Gap : null, Panels = computed.Lottery.Panels.Count };
            return Answer(ended, answer, choice, [
                string.Create(CultureInfo.InvariantCulture, $"LEXIMIN over those who could step in: the least likely have a chance of {answer.Min:P3}, the most likely {answer.Max:P3}; ")
                    + (answer.Gap is { } gap ? string.Create(CultureInfo.InvariantCulture, $"no lottery is fairer by more than {gap:P4}.") : "how near this is to the fairest lottery was not proven."),
                .. ended ? ["The search ended early, by its time limit or because its digits did not suffice; the gap says how far it came."] : Array.Empty<string>(),
                sources is null
                    ? $"{answer.Panels} numbered panels are written. Publish {LotteryFile.Name}, then draw one: polyphony draw pick --lottery {parsed.GetValue(options.To)} --randomness …"
                    : $"Panel {answer.Panel} of {answer.Panels} is drawn. The draw proves something only where {LotteryFile.Name} was published before the randomness came.",
            ]);
        }

        private int DrawByOrder()
        {
            using TimeLimit enough = new(parsed.GetValue(options.Limit), started);
            if (ByOrder(enough.Token) is not var (outcome, manifest, hash) || outcome is ReplacementOutcome.NotPossible { Feasibility: QuotaFeasibility.Unknown })
            {
                return shell.Say(
                    ExitCode.EndedByLimit, "undecided",
                    "Whom the order gives the places was not decided within the limit of time and work: of somebody it is not known whether the panel can be completed with them. Nothing was written. Allow more time, or draw by lottery.");
            }

            if (outcome is not ReplacementOutcome.Completed completed)
            {
                return WaysOut.Say(shell, input.Pool, ConditionalPool.Of(input.Pool, status.Staying, Out), enough.Token, cancellationToken);
            }

            int[] panel = [.. status.Staying.Concat(completed.People).Order()];
            AlternateChoice? choice = Alternates(panel, enough.Token);
            using (OutputFolder folder = OutputFolder.Begin(parsed.GetValue(options.To)!))
            {
                folder.Write(OfflineDraw.SelectedName, OfflineDraw.Selected(panel.Select(person => (input.Ids[person], input.Pool.People[person].Ticket)), [.. status.Staying.Select(person => input.Ids[person])]));
                folder.Write(OfflineDraw.ManifestName, CanonicalJson.Serialize(manifest));
                folder.Write(OfflineDraw.RecordName, CanonicalJson.Serialize(DrawFiles.Record(manifest, null, "order", sources!, null, completed.People.Select(person => input.Pool.People[person].Ticket))));
                earlier.Write(folder);
                Write(folder, choice);
                folder.Finish(cancellationToken);
            }

            ReplaceAnswer answer = Empty with { Outcome = "drawn", How = "order", ManifestHash = hash, Selected = [.. completed.People.Select(person => input.Ids[person])] };
            return Answer(false, answer, choice, ["Drawn down the order of the pool. The draw proves something only where it was published beforehand who stays and who is out."]);
        }

        /// <summary>Half an order draws nobody: where its time is over there is no outcome.</summary>
        private (ReplacementOutcome Outcome, System.Text.Json.Nodes.JsonObject Manifest, string Hash)? ByOrder(CancellationToken enough)
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
            try
            {
                return ReplaceByOrder.Draw(earlier, input, status.Staying, Out, sources!, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }

        private ReplaceAnswer Empty => new("", status.Staying.Count, status.Leaving.Count, Needed, null, null, null, null, quotasChanged, null, null, null, null, null, null, 0);

        private int Answer(bool ended, ReplaceAnswer answer, AlternateChoice? choice, IReadOnlyList<string> sentences)
        {
            bool byLimit = ended || choice is { EndedByLimit: true };
            ReplaceAnswer whole = answer with { Outcome = byLimit ? "ended-by-limit" : answer.Outcome, Alternates = choice is null ? null : [.. choice.People.Select(person => input.Ids[person])], Damage = choice?.Damage, Seconds = Seconds };
            return shell.Answer(byLimit ? ExitCode.EndedByLimit : ExitCode.Done, whole, DrawJson.Default.ReplaceAnswer, [
                $"{whole.Staying} stay, {whole.Leaving} are out, {whole.Needed} places are free.",
                .. quotasChanged ? ["The quotas are others than those of the draw before; the manifest says so to everybody."] : Array.Empty<string>(),
                .. sentences,
                .. whole.Selected is { } people ? [$"They step in: {string.Join(", ", people)}"] : Array.Empty<string>(),
                .. whole.Alternates is { } alternates
                    ? [string.Create(CultureInfo.InvariantCulture, $"{alternates.Count} alternates are in {AlternatesName}: expected damage to the quotas {whole.Damage![^1]:0.000} instead of {whole.Damage[0]:0.000}.")]
                    : Array.Empty<string>(),
                .. choice is { EndedByLimit: true } ? ["Time ended the choice of alternates: they are those found by then, and a better choice may exist."] : Array.Empty<string>(),
            ]);
        }

        private AlternateChoice? Alternates(IReadOnlyList<int> panel, CancellationToken enough)
        {
            if (parsed.GetValue(options.Alternates) is not { } count)
            {
                return null;
            }

            int[] free = [.. ConditionalPool.Of(input.Pool, [.. panel], Out).Free];
            return shell.WithProgress("Choosing alternates", progress => AlternateChoice.Of(new(input.Pool, panel, free, dropout, count, seed), new Choosing(progress), enough, cancellationToken));
        }

        private void Write(OutputFolder folder, AlternateChoice? choice)
        {
            if (choice is not null)
            {
                folder.Write(AlternatesName, PlainCsv.Write([
                    ["place", "id", "ticket", "damage"],
                    .. choice.People.Select((person, i) => (IReadOnlyList<string>)
                    [
                        (i + 1).ToString(CultureInfo.InvariantCulture), input.Ids[person], input.Pool.People[person].Ticket, choice.Damage[i + 1].ToString("0.######", CultureInfo.InvariantCulture),
                    ]),
                ]));
            }
        }

        private sealed class Choosing(IProgress<WorkProgress> progress) : IProgress<AlternateProgress>
        {
            public void Report(AlternateProgress value) => progress.Report(new(value.Share, value.Step == "together" ? "Choosing alternates together" : "Choosing alternates one by one"));
        }

        private static byte[]? Bytes(string directory, string name) => File.Exists(Path.Combine(directory, name)) ? File.ReadAllBytes(Path.Combine(directory, name)) : null;
    }
}
