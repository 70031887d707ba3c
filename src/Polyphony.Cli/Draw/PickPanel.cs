using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw pick</c>: public randomness picks one of the numbered panels.</summary>
internal static class PickPanel
{
    public const string ManifestName = "manifest.json";
    public const string RecordName = "record.json";
    public const string PanelsJsonName = "panels.json";
    public const string SelectedName = "selected.csv";

    // Offline nobody witnesses a time, so the files state none: the panel follows from lottery and randomness alone, whenever it is picked.
    private static readonly DateTimeOffset NoTime = DateTimeOffset.MinValue;

    public static Command Verb()
    {
        Option<string> lottery = VerbOptions.Text("--lottery", "DIR", "What draw lottery wrote.", required: true);
        Option<string> randomness = VerbOptions.Text("--randomness", "TEXT", RandomnessText.Help + " For 1,000 panels three dice in the order thrown do: “dice: 4 2 0”.", required: true);
        Option<string> to = VerbOptions.Text("--out", "DIR", "Directory to write to.", required: true);
        VerbCommand verb = new("pick", "Picks one of the numbered panels by public randomness.", (parsed, shell, cancellationToken) =>
            Run(parsed.GetValue(lottery)!, parsed.GetValue(randomness)!, parsed.GetValue(to)!, shell, cancellationToken))
        {
            Examples =
            [
                "polyphony draw pick --lottery lottery --randomness \"dice: 4 2 0\" --out drawn",
                "polyphony draw pick --lottery lottery --randomness \"drand quicknet round 27946612: 8f4e…\" --out drawn --json",
            ],
            Reads = [ComputeLottery.ProbabilitiesFile, ComputeLottery.PanelsFile, ComputeLottery.LotteryHelp],
            Writes =
            [
                new(SelectedName, "who is drawn; for the organiser only.", new ColumnHelp("id", "as in the pool"), new ColumnHelp("ticket", "the name in the public files")),
                new(ManifestName, "everything that decides, before the randomness. docs/draw-specification.md, section 4. Its times are left open (the year 1)."),
                new(RecordName, "manifest, randomness and the panel; no personal data."),
                new(PanelsJsonName, "the numbered panels as tickets."),
            ],
        };
        verb.Options.Add(lottery);
        verb.Options.Add(randomness);
        verb.Options.Add(to);
        return verb;
    }

    private static int Run(string from, string text, string to, Shell shell, CancellationToken cancellationToken)
    {
        List<SheetProblem> problems = [];
        LotteryFolder? folder = LotteryFolder.Read(from, problems);
        bool thousand = folder?.Panels.Count == 1_000;
        IReadOnlyList<DrawSource>? sources = RandomnessText.Read(text, problems, allowThreeDice: thousand);
        if (folder is null || sources is null)
        {
            return shell.Refuse(problems);
        }

        string[] tickets = [.. folder.Ids.Select(DrawInput.TicketOf)];
        string[][] panels = [.. folder.Panels.Select(panel => panel.Select(person => tickets[person]).ToArray())];
        JsonObject manifest = Manifest(folder, tickets, panels, sources);
        byte[] hash = Pd1.ManifestHash(CanonicalJson.Serialize(manifest));
        bool dice = thousand && sources is [{ Kind: DrawSourceKind.Dice, Values.Count: 3 }];
        int chosen = dice
            ? Pd1.DiceIndex([.. sources[0].Values.Select(value => value[0] - '0')])
            : (int)Pd1.Index(Pd1.Key(hash, DrawSource.Seed(sources)), "panel", (ulong)panels.Length).Index;
        string how = dice ? "dice" : "index";
        JsonObject record = DrawFiles.Record(manifest, NoTime.AddSeconds(1), how, sources, chosen, panels[chosen].Order(StringComparer.Ordinal));
        string[] selected = [.. folder.Panels[chosen].Select(person => folder.Ids[person])];
        using (OutputFolder output = OutputFolder.Begin(to))
        {
            output.Write(SelectedName, PlainCsv.Write([["id", "ticket"], .. folder.Panels[chosen].Select(person => (IReadOnlyList<string>)[folder.Ids[person], tickets[person]])]));
            output.Write(ManifestName, CanonicalJson.Serialize(manifest));
            output.Write(RecordName, CanonicalJson.Serialize(record));
            output.Write(PanelsJsonName, CanonicalJson.Serialize(DrawFiles.Panels(hash, panels)));
            output.Finish(cancellationToken);
        }

        return shell.Answer(
            ExitCode.Done, new PickAnswer("drawn", chosen, how, Convert.ToHexStringLower(hash), selected), DrawJson.Default.PickAnswer,
            string.Create(CultureInfo.InvariantCulture, $"Panel {chosen} of {panels.Length} is drawn: {selected.Length} people, listed in {SelectedName}."),
            $"The draw proves something only where {LotteryFile.Name} (SHA-256 {folder.Hash}) was published before the randomness came.");
    }

    private static JsonObject Manifest(LotteryFolder folder, string[] tickets, string[][] panels, IReadOnlyList<DrawSource> sources)
    {
        LotteryInputs inputs = folder.Lottery.Inputs;
        string[] ascending = [.. tickets.Order(StringComparer.Ordinal)];

        // What is committed of a person offline is the ticket and the lottery; nonces follow from both, so that nothing is left to choose at the draw.
        byte[] root = MerkleTree.Root([
            .. ascending.Select(ticket => MerkleTree.LeafHash(CanonicalJson.Serialize(DrawFiles.PersonLeaf(
                Convert.FromHexString(ticket), SHA256.HashData(Encoding.UTF8.GetBytes($"polyphony nonce\0{folder.Hash}\0{ticket}")), [])))),
        ]);
        return DrawFiles.PanelManifest(
            new FrozenDraw(1, "offline", NoTime, [.. sources.Select(source => new DeclaredSource(source.Kind, source.Name, source.OutOf, NoTime.AddSeconds(1)))], null),
            "panel", inputs.Objective.ToString().ToLowerInvariant(), $"polyphony {LotteryFile.Version}, lottery {folder.Hash}", ascending, root, inputs.Size, inputs.Quotas, panels);
    }
}
