using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw pick</c>: public randomness picks one of the numbered panels.</summary>
internal static class PickPanel
{
    public static Command Verb()
    {
        Option<string> lottery = VerbOptions.Text("--lottery", "DIR", "What draw lottery wrote, or draw replace without --randomness.", required: true);
        Option<string> randomness = VerbOptions.Text("--randomness", "TEXT", RandomnessText.Help + " For 1,000 panels three dice in the order thrown do: “dice: 4 2 0”.", required: true);
        Option<bool> freeze = new("--freeze") { Description = "Only write manifest.json, before the randomness is known: --randomness then names the sources, such as " + RandomnessText.NamedForms + "." };
        Option<string> manifest = VerbOptions.Text("--manifest", "M.json", "The manifest of an earlier --freeze: nothing is drawn unless lottery and sources are those of the manifest.");
        Option<string> to = VerbOptions.Text("--out", "DIR", "Directory to write to.", required: true);
        VerbCommand verb = new("pick", "Picks one of the numbered panels by public randomness.", (parsed, shell, cancellationToken) =>
            Run(parsed.GetValue(lottery)!, parsed.GetValue(randomness)!, parsed.GetValue(freeze), parsed.GetValue(manifest), parsed.GetValue(to)!, shell, cancellationToken))
        {
            Examples =
            [
                "polyphony draw pick --lottery lottery --randomness \"dice: 4 2 0\" --out drawn",
                "polyphony draw pick --lottery lottery --freeze --randomness \"drand quicknet round 27946612: beacon\" --out frozen",
                "polyphony draw pick --lottery lottery --manifest frozen/manifest.json --randomness \"drand quicknet round 27946612: 8f4e…\" --out drawn --json",
            ],
            Reads = [ComputeLottery.ProbabilitiesFile, ComputeLottery.PanelsFile, ComputeLottery.LotteryHelp, EarlierDraws.BeforeFile],
            Writes = [OfflineDraw.SelectedFile, OfflineDraw.ManifestFile, OfflineDraw.RecordFile, OfflineDraw.PanelsJsonFile, EarlierDraws.BeforeFile, ComputeLottery.ProbabilitiesFile, ComputeLottery.PanelsFile, ComputeLottery.LotteryHelp],
        };
        foreach (Option option in (Option[])[lottery, randomness, freeze, manifest, to])
        {
            verb.Options.Add(option);
        }

        return verb;
    }

    private static int Run(string from, string text, bool freeze, string? frozen, string to, Shell shell, CancellationToken cancellationToken)
    {
        List<SheetProblem> problems = [];
        LotteryFolder? folder = LotteryFolder.Read(from, problems);
        EarlierDraws? earlier = EarlierDraws.OfLottery(from, problems);
        bool thousand = folder?.Panels.Count == 1_000;
        IReadOnlyList<DrawSource>? sources = freeze ? RandomnessText.ReadNames(text, problems) : RandomnessText.Read(text, problems, allowThreeDice: thousand);
        if (freeze && frozen is not null)
        {
            problems.Add(new SheetProblem("not-both", "", Column: "--freeze", Expected: "--manifest"));
        }

        if (folder?.Lottery.Inputs.Replaces is { } replaced && earlier is not null)
        {
            if (earlier.Chain.Count == 0 || earlier.Chain[0].ManifestHash != replaced.Manifest)
            {
                problems.Add(new SheetProblem("record-other", Path.Combine(from, EarlierDraws.BeforeFile.Name), Expected: replaced.Manifest));
            }
            else if (sources is not null)
            {
                earlier.ProblemsOf(sources, problems);
            }
        }

        byte[]? published = frozen is null ? null : InputTable.Bytes(frozen, problems);
        JsonObject? manifest = folder is null || sources is null || problems.Count > 0 ? null : OfflineDraw.Manifest(folder, sources);
        if (manifest is not null && published is not null && !CanonicalJson.Serialize(manifest).AsSpan().SequenceEqual(published))
        {
            problems.Add(new SheetProblem("manifest-differs", frozen!));
        }

        if (problems.Count > 0 || folder is null || sources is null || manifest is null)
        {
            return shell.Refuse(problems);
        }

        return freeze ? Freeze(manifest, to, shell, cancellationToken) : Draw(from, folder, earlier, sources, published is not null, to, shell, cancellationToken);
    }

    private static int Freeze(JsonObject manifest, string to, Shell shell, CancellationToken cancellationToken)
    {
        byte[] canonical = CanonicalJson.Serialize(manifest);
        string hash = Convert.ToHexStringLower(Pd1.ManifestHash(canonical));
        using (OutputFolder output = OutputFolder.Begin(to))
        {
            output.Write(OfflineDraw.ManifestName, canonical);
            output.Finish(cancellationToken);
        }

        return shell.Answer(
            ExitCode.Done, new FreezeAnswer("frozen", hash), DrawJson.Default.FreezeAnswer, $"Manifest {hash}.",
            "Publish it where others can witness the time. When the randomness is known, repeat the command with --manifest instead of --freeze.");
    }

    private static int Draw(string from, LotteryFolder folder, EarlierDraws? earlier, IReadOnlyList<DrawSource> sources, bool wasFrozen, string to, Shell shell, CancellationToken cancellationToken)
    {
        int chosen;
        string how, hash;
        using (OutputFolder output = OutputFolder.Begin(to))
        {
            (chosen, how, hash) = OfflineDraw.Hold(folder, sources, output);
            earlier?.Write(output);

            // What was drawn from stands beside the draw, so that one directory can be verified to the bottom.
            foreach (string name in (string[])[LotteryFile.Name, LotteryTables.ProbabilitiesName, LotteryTables.PanelsName])
            {
                output.Write(name, File.ReadAllBytes(Path.Combine(from, name)));
            }

            output.Finish(cancellationToken);
        }

        string[] selected = [.. folder.Panels[chosen].Select(person => folder.Ids[person])];
        return shell.Answer(
            ExitCode.Done, new PickAnswer("drawn", chosen, how, hash, selected), DrawJson.Default.PickAnswer,
            string.Create(CultureInfo.InvariantCulture, $"Panel {chosen} of {folder.Panels.Count} is drawn: {selected.Length} people, listed in {OfflineDraw.SelectedName}."),
            wasFrozen
                ? $"The draw proves something only where the manifest ({hash}) was published before the randomness came."
                : $"The draw proves something only where {LotteryFile.Name} (SHA-256 {folder.Hash}) was published before the randomness came, and with it the names of the sources as they are written here; see --freeze.");
    }
}
