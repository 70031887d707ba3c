using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw verify DIR</c>: proves again what a directory says, a lottery, a draw or both.</summary>
internal static class VerifyDraw
{
    public static Command Verb()
    {
        Argument<string> directory = new("DIR") { Description = "What draw lottery, draw pick or draw replace wrote, or the published files of a draw." };
        Option<bool> deep = new("--deep") { Description = "Prove the lottery again from pool and quotas: panels, chances, every level, every cut; of replacements by order whom the order gives the places." };
        Option<string> pool = VerbOptions.Text("--pool", "P.csv", "With --deep: the pool.");
        Option<string> quotas = VerbOptions.Text("--quotas", "Q.csv", "With --deep: the quotas.");
        VerbCommand verb = new("verify", "Verifies a lottery or a draw: what is not performed is said, and never counts as passed.", (parsed, shell, cancellationToken) =>
            Run(parsed.GetValue(directory)!, parsed.GetValue(deep), parsed.GetValue(pool), parsed.GetValue(quotas), shell, cancellationToken))
        {
            Examples = ["polyphony draw verify drawn", "polyphony draw verify lottery --deep --pool pool.csv --quotas quotas.csv"],
            Reads = [ComputeLottery.ProbabilitiesFile, ComputeLottery.PanelsFile, ComputeLottery.LotteryHelp, new(OfflineDraw.RecordName, "with manifest.json, panels.json and before.json where they are there; drawn by this tool or by a server."), DrawOptions.PoolFile, DrawOptions.QuotaFile],
            Codes = [ExitCode.VerificationFailed],
        };
        verb.Arguments.Add(directory);
        verb.Options.Add(deep);
        verb.Options.Add(pool);
        verb.Options.Add(quotas);
        return verb;
    }

    private static int Run(string directory, bool deep, string? poolPath, string? quotasPath, Shell shell, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        List<SheetProblem> problems = [];
        bool isLottery = File.Exists(Path.Combine(directory, LotteryFile.Name));
        bool isDraw = File.Exists(Path.Combine(directory, OfflineDraw.RecordName));
        if (!isLottery && !isDraw)
        {
            problems.Add(new SheetProblem("file-missing", Path.Combine(directory, OfflineDraw.RecordName), Expected: $"{OfflineDraw.RecordName} or {LotteryFile.Name}"));
        }

        if (deep && (poolPath is null || quotasPath is null))
        {
            problems.Add(new SheetProblem("option-needs", "", Column: "--deep", Expected: "--pool and --quotas"));
        }

        LotteryFolder? folder = isLottery ? LotteryFolder.Read(directory, problems) : null;
        EarlierDraws? earlier = isLottery ? EarlierDraws.OfLottery(directory, problems) : null;

        // A record whose form is broken is no bad input: it is verified, and fails.
        EarlierDraws? drawn = isDraw ? EarlierDraws.OfRecord(directory, []) : null;
        EarlierDraws? byOrder = !isLottery && drawn?.Chain[0].Manifest["panels"] is null ? drawn : null;
        if (deep && !isLottery && byOrder is not { Size: > 0, Household: not null })
        {
            problems.Add(new SheetProblem("file-missing", Path.Combine(directory, LotteryFile.Name), Expected: $"{LotteryFile.Name}, which --deep proves again"));
        }

        Sheet? listed = isDraw && File.Exists(Path.Combine(directory, OfflineDraw.SelectedName)) ? InputTable.Read(Path.Combine(directory, OfflineDraw.SelectedName), problems) : null;
        DrawInput? input = null;
        if (deep && problems.Count == 0 && poolPath is not null && quotasPath is not null)
        {
            LotteryInputs? inputs = folder?.Lottery.Inputs;
            switch (DrawInput.From(poolPath, quotasPath, inputs?.Size ?? byOrder!.Size, inputs?.Household ?? byOrder!.Household!, inputs is null ? byOrder!.Id : inputs.Id))
            {
                case DrawInputReading.Read read:
                    input = read.Input;
                    break;
                case DrawInputReading.Refused refused:
                    problems.AddRange(refused.Problems);
                    break;
            }
        }

        if (problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        List<VerifyCheck> checks = shell.WithProgress("Verifying", progress =>
        {
            List<VerifyCheck> done = [];
            if (isDraw)
            {
                done.AddRange(Record(directory, drawn));
                if (listed is not null)
                {
                    done.Add(Listed(listed, directory, folder?.TicketOf ?? input?.Ids.Zip(input.Tickets).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)));
                }
            }

            if (folder is not null)
            {
                progress.Report(new(0.2, "Verifying the lottery"));
                done.AddRange(VerifyReplacing.Lottery(folder, input, earlier!, isDraw, isDraw ? drawn?.Chain[0] ?? EarlierDraw.Of(File.ReadAllBytes(Path.Combine(directory, OfflineDraw.RecordName))) : null));
                foreach ((int number, VerifyCheck check) in Lottery(folder, input, cancellationToken).Index())
                {
                    // What is proven again is the long part, and comes after the chances.
                    done.Add(check);
                    progress.Report(new(Math.Min(0.95, 0.3 + (0.1 * number)), check.Code == "chances" ? "Proving the lottery again" : "Verifying the lottery"));
                }
            }
            else if (byOrder is not null)
            {
                progress.Report(new(0.2, "Going down the order again"));
                done.Add(VerifyReplacing.Order(byOrder, input, cancellationToken));
            }

            return done;
        });
        return Answer(shell, checks, Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3));
    }

    /// <summary>Says what came of the checks.</summary>
    public static int Answer(Shell shell, IReadOnlyList<VerifyCheck> checks, double seconds)
    {
        bool fails = checks.Any(check => check.State == "failed");
        return shell.Answer(
            fails ? ExitCode.VerificationFailed : ExitCode.Done, new VerifyAnswer(fails ? "fails" : "holds", checks, seconds), DrawJson.Default.VerifyAnswer,
            [.. checks.Select(check => $"{check.State,-13} {check.Meaning}"), fails ? "It does not hold." : "What was performed holds."]);
    }

    private static IEnumerable<VerifyCheck> Record(string directory, EarlierDraws? chain)
    {
        byte[]? Bytes(string name) => File.Exists(Path.Combine(directory, name)) ? File.ReadAllBytes(Path.Combine(directory, name)) : null;
        byte[]? manifest = Bytes(OfflineDraw.ManifestName);
        byte[]? panels = Bytes(OfflineDraw.PanelsJsonName);
        DrawEvidence alone = new(Bytes(OfflineDraw.RecordName)!) { Manifest = manifest, Panels = panels, Before = Bytes(EarlierDraws.BeforeFile.Name) };
        return Chain(chain?.Verify(manifest, panels) ?? [DrawVerifier.Verify(alone)]);
    }

    /// <summary>Whether the list that is worked with names those who were drawn. Their statuses may have changed since, and those who stay stand there too.</summary>
    private static VerifyCheck Listed(Sheet list, string directory, Dictionary<string, string>? ticketOf)
    {
        (int id, int ticket) = (list.Find("id"), list.Find("ticket"));
        bool? good = id >= 0 && ticket >= 0 && EarlierDraw.Of(File.ReadAllBytes(Path.Combine(directory, OfflineDraw.RecordName))) is { } draw
            && draw.Seated.Order(StringComparer.Ordinal).SequenceEqual(list.Rows.Select(row => row[ticket]).Where(draw.Seated.Contains).Order(StringComparer.Ordinal));
        if (good == true)
        {
            good = ticketOf is null ? null : list.Rows.All(row => ticketOf.GetValueOrDefault(row[id]) == row[ticket]);
        }

        return State("list", good, $"{list.File}: those who were drawn, each with their own id (which needs the lottery, or --deep).");
    }

    /// <summary>The checks of the last draw of a chain, and one for all draws before it.</summary>
    public static IEnumerable<VerifyCheck> Chain(IReadOnlyList<IReadOnlyList<DrawCheck>> links)
    {
        foreach (DrawCheck check in links[0])
        {
            string state = check.State switch { CheckState.Passed => "passed", CheckState.Failed => "failed", _ => "not performed" };
            yield return new(check.Code, state, check.Code switch
            {
                "form" => "The record is written as the specification asks.",
                "manifest" => "The manifest has the hash that is stated.",
                "anchor" => "The manifest's hash is one that was known before the draw: compare it with where it was published.",
                "tickets" => "The pool's tickets are in order and each is there once.",
                "times" => "The randomness is later than the freeze, as the files state it (or they state no times).",
                "seed" => "The seed follows from the sources.",
                "chance" => "The number of the panel follows from the randomness.",
                "selected" => "The selected people are that panel.",
                "panels" => "All numbered panels have the hashes of the manifest.",
                "person" => "A person's own proof leads to the pool's root.",
                "before" => "It goes on from the draw before: nobody of that panel is forgotten, nobody who was out comes back, the randomness is another one.",
                "log" => "The log holds freeze and draw.",
                "signature" => "The log's checkpoint is signed.",
                _ => "Each panel meets the quotas: this needs the organiser's list, see --deep.",
            });
        }

        if (links.Count > 1)
        {
            yield return State("chain", links.Skip(1).All(DrawVerifier.Holds), "Every draw before holds, and goes on from the one before it.");
        }
    }

    private static IEnumerable<VerifyCheck> Lottery(LotteryFolder folder, DrawInput? input, CancellationToken cancellationToken)
    {
        string of = folder.Panels.Count.ToString(CultureInfo.InvariantCulture);
        yield return State("fractions", folder.Panels.Count == folder.Lottery.Panels && folder.Denominators.All(text => text == of)
            && LotteryTables.Counts(folder.Ids.Count, folder.Panels).SequenceEqual(folder.Numerators), "Everybody's fraction is the number of panels they are on.");
        if (input is null)
        {
            foreach ((string code, string meaning) in Deep)
            {
                yield return new(code, "not performed", meaning);
            }

            yield break;
        }

        LotteryInputs inputs = folder.Lottery.Inputs;
        yield return State("inputs", input.PoolHash == inputs.PoolHash && input.QuotasHash == inputs.QuotasHash && input.Ids.SequenceEqual(folder.Ids) && input.Tickets.SequenceEqual(folder.Tickets), Deep["inputs"]);
        yield return State("quotas", folder.Panels.All(input.Pool.IsPanel), Deep["quotas"]);
        Dictionary<string, int> positions = input.Ids.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        ExactLottery? exact = null;
        ConditionalPool? rest = null;
        if (inputs.Must.Concat(inputs.Out).All(positions.ContainsKey) && inputs.Must.Count < inputs.Size)
        {
            rest = ConditionalPool.Of(input.Pool, [.. inputs.Must.Select(id => positions[id])], [.. inputs.Out.Select(id => positions[id])]);
            exact = folder.Lottery.On(PanelTypes.Of(rest.Rest));
        }

        if (exact is null || rest is null)
        {
            yield return State("chances", false, Deep["chances"]);
            foreach (string code in (string[])["levels", "mixed", "cuts", "uncoverable", "gap"])
            {
                yield return State(code, null, Deep[code]);
            }

            yield break;
        }

        yield return State("chances", LotteryTables.Chances(input.Ids.Count, rest, exact).SequenceEqual(folder.Chances), Deep["chances"]);
        yield return State("levels", LotteryFile.LevelsOf(exact).SequenceEqual(folder.Lottery.Levels), Deep["levels"]);
        LotteryAudit audit = LotteryAudit.Of(exact, inputs.Gamma, cancellationToken);
        yield return State("mixed", audit.PanelsHold, Deep["mixed"]);
        yield return State("cuts", audit.CutsHold, Deep["cuts"]);
        yield return State("uncoverable", inputs.Objective == LotteryObjective.Legacy ? null : audit.UncoverableHold, Deep["uncoverable"]);
        bool proves = inputs.Objective != LotteryObjective.Legacy && double.IsFinite(folder.Lottery.Gap) && audit is { CutsHold: not null, UncoverableHold: not null };
        yield return State("gap", proves ? audit.Gap <= folder.Lottery.Gap + 1e-9 : null, Deep["gap"]);
    }

    private static readonly Dictionary<string, string> Deep = new(StringComparer.Ordinal)
    {
        ["inputs"] = "Pool and quotas are the files that the lottery was computed from.",
        ["quotas"] = "Every numbered panel meets size, quotas and the household rule.",
        ["chances"] = "Everybody's chance follows from the weights.",
        ["levels"] = "The levels that are stated are the different chances.",
        ["mixed"] = "Every mixed panel meets size, quotas and the household rule.",
        ["cuts"] = "Every cut holds for all panels (an integer programme, solved again).",
        ["uncoverable"] = "Exactly the people without a chance can be on no panel.",
        ["gap"] = "No lottery is fairer by more than the gap that is stated: the dual weights bound every level and cap everybody whom it settles (computed again).",
    };

    public static VerifyCheck State(string code, bool? good, string meaning) => new(code, good switch { true => "passed", false => "failed", null => "not performed" }, meaning);
}
