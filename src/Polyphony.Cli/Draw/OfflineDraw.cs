using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Proofs;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>A draw without a server: its manifest states no times, because nobody witnesses them, and what it was computed from.</summary>
internal static class OfflineDraw
{
    public const string ManifestName = "manifest.json";
    public const string RecordName = "record.json";
    public const string PanelsJsonName = "panels.json";
    public const string SelectedName = "selected.csv";

    public static readonly FileHelp SelectedFile = new(
        SelectedName, "who is on the panel now; for the organiser only. With the statuses brought up to date it is what draw replace reads.",
        new("id", "as in the pool"), new("ticket", "the name in the public files"), new("status", "selected: drawn now; stays: was on the panel before"));

    public static readonly FileHelp ManifestFile = new(ManifestName, "everything that decides, before the randomness. docs/draw-specification.md, section 4. It states no times.");
    public static readonly FileHelp RecordFile = new(RecordName, "manifest, randomness and the panel; no personal data.");
    public static readonly FileHelp PanelsJsonFile = new(PanelsJsonName, "the numbered panels as tickets.");

    /// <summary>The manifest of a lottery's draw.</summary>
    /// <param name="lottery">The lottery; where it is one of replacements, whole panels.</param>
    /// <param name="sources">The sources; their values play no part.</param>
    public static JsonObject Manifest(LotteryFolder lottery, IReadOnlyList<DrawSource> sources)
    {
        LotteryInputs inputs = lottery.Lottery.Inputs;
        Dictionary<string, string> ticketOf = lottery.TicketOf;
        string[] ascending = [.. lottery.Tickets.Order(StringComparer.Ordinal)];

        // What is committed of a person offline is the ticket and the lottery; nonces follow from both, so that nothing is left to choose at the draw.
        byte[] root = MerkleTree.Root([
            .. ascending.Select(ticket => MerkleTree.LeafHash(CanonicalJson.Serialize(DrawFiles.PersonLeaf(
                Convert.FromHexString(ticket), SHA256.HashData(Encoding.UTF8.GetBytes($"polyphony nonce\0{lottery.Hash}\0{ticket}")), [])))),
        ]);
        JsonObject manifest = DrawFiles.PanelManifest(
            Frozen(inputs.Replaces?.Attempt ?? 1, sources), inputs.Replaces is null ? "panel" : DrawFiles.Replacement, inputs.Objective.ToString().ToLowerInvariant(),
            $"polyphony {LotteryFile.Version}, lottery {lottery.Hash}", ascending, root, inputs.Size, inputs.Quotas, Tickets(lottery));
        manifest["inputs"] = DrawFiles.Inputs(inputs.Household, inputs.Id);
        if (inputs.Replaces is { } before)
        {
            DrawFiles.Replaces(manifest, Convert.FromHexString(before.Manifest), inputs.Must.Select(id => ticketOf[id]), inputs.Out.Select(id => ticketOf[id]));
        }

        if (lottery.Lottery.EndedByLimit)
        {
            manifest["search"] = "ended-by-limit";
        }

        return manifest;
    }

    /// <summary>What is frozen of a draw that states no times.</summary>
    public static FrozenDraw Frozen(int attempt, IReadOnlyList<DrawSource> sources) =>
        new(attempt, "offline", null, [.. sources.Select(source => new DeclaredSource(source.Kind, source.Name, source.OutOf, default))], null);

    /// <summary>Draws a panel, and writes the files of the draw.</summary>
    /// <returns>The number of the panel, how it was chosen, and the hash of the manifest.</returns>
    public static (int Chosen, string How, string ManifestHash) Hold(LotteryFolder lottery, IReadOnlyList<DrawSource> sources, OutputFolder output)
    {
        JsonObject manifest = Manifest(lottery, sources);
        byte[] hash = Pd1.ManifestHash(CanonicalJson.Serialize(manifest));
        bool dice = lottery.Panels.Count == 1_000 && sources is [{ Kind: DrawSourceKind.Dice, Values.Count: 3 }];
        int chosen = dice
            ? Pd1.DiceIndex([.. sources[0].Values.Select(value => value[0] - '0')])
            : (int)Pd1.Index(Pd1.Key(hash, DrawSource.Seed(sources)), DrawFiles.SoleLabel, (ulong)lottery.Panels.Count).Index;
        string how = dice ? "dice" : "index";
        JsonObject record = DrawFiles.Record(manifest, null, how, sources, chosen, lottery.Panels[chosen].Select(person => lottery.Tickets[person]).Order(StringComparer.Ordinal));
        output.Write(SelectedName, Selected(lottery.Panels[chosen].Select(person => (lottery.Ids[person], lottery.Tickets[person])), lottery.Lottery.Inputs.Must));
        output.Write(ManifestName, CanonicalJson.Serialize(manifest));
        output.Write(RecordName, CanonicalJson.Serialize(record));
        output.Write(PanelsJsonName, CanonicalJson.Serialize(DrawFiles.Panels(hash, Tickets(lottery))));
        return (chosen, how, Convert.ToHexStringLower(hash));
    }

    /// <summary>selected.csv.</summary>
    public static byte[] Selected(IEnumerable<(string Id, string Ticket)> people, IReadOnlyList<string> staying)
    {
        HashSet<string> stays = [.. staying];
        return PlainCsv.Write([["id", "ticket", "status"], .. people.Select(person => (IReadOnlyList<string>)[person.Id, person.Ticket, stays.Contains(person.Id) ? "stays" : "selected"])]);
    }

    private static IEnumerable<IEnumerable<string>> Tickets(LotteryFolder lottery) => lottery.Panels.Select(panel => panel.Select(person => lottery.Tickets[person]));
}
