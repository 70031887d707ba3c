using System.Text.Json.Nodes;
using Polyphony.Proofs;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>What <c>draw verify</c> checks of replacements, and of a record beside its lottery.</summary>
internal static class VerifyReplacing
{
    /// <summary>The members of a manifest that follow from the lottery, whoever froze it.</summary>
    private static readonly string[] OfLottery = ["inputs", "kind", "objective", "out", "panel", "panels", "quotas", "search", "size", "staying", "tickets"];

    /// <summary>Checks of a lottery beside its record and the records before it.</summary>
    /// <param name="folder">The lottery.</param>
    /// <param name="input">Pool and quotas; null: not known.</param>
    /// <param name="earlier">The records before it.</param>
    /// <param name="isDrawn">Whether there is a record of its draw.</param>
    /// <param name="record">That record; null: there is none, or it has not the form of one.</param>
    public static IEnumerable<VerifyCheck> Lottery(LotteryFolder folder, DrawInput? input, EarlierDraws earlier, bool isDrawn, EarlierDraw? record)
    {
        LotteryInputs inputs = folder.Lottery.Inputs;
        HashSet<string> must = [.. inputs.Must];
        HashSet<string> away = [.. inputs.Out];
        yield return VerifyDraw.State(
            "seated", folder.Panels.All(panel => panel.Count(person => must.Contains(folder.Ids[person])) == must.Count && !panel.Any(person => away.Contains(folder.Ids[person]))),
            "On every numbered panel are all who must be there, and nobody who must not.");
        if (isDrawn)
        {
            JsonObject? manifest = record?.Manifest["panels"] is null ? null : record.Manifest;
            yield return VerifyDraw.State("lottery", manifest is not null && Belongs(folder, manifest), "The record was drawn from this lottery.");
            if (manifest is not null && WasFrozenByServer(manifest))
            {
                yield return VerifyDraw.State(
                    "committed", input?.Nonces is null ? null : (string?)manifest["pool"]!["root"] == Convert.ToHexStringLower(Root(input)), "Everybody's values are those to which the organiser was committed at the freeze (tickets, values and nonces of the pool).");
            }
        }

        if (inputs.Replaces is { } replaces)
        {
            yield return VerifyDraw.State("replaces", earlier.Chain.Count == 0 ? null : GoesOn(folder, replaces, earlier.Chain[0]), "The lottery goes on from the draw before: everybody of that panel stays or is out, and nobody who was out comes back.");
            if (!isDrawn && earlier.Chain.Count > 0)
            {
                yield return VerifyDraw.State("chain", earlier.Verify().All(DrawVerifier.Holds), "Every draw before holds, and goes on from the one before it.");
            }
        }
    }

    /// <summary>Whether the order gave the places to those who were drawn; not performed without pool and quotas.</summary>
    public static VerifyCheck Order(EarlierDraws draws, DrawInput? input, CancellationToken cancellationToken)
    {
        const string Meaning = "The order gives the places to those who were drawn; nobody was passed over (drawn again from pool and quotas).";
        if (input is null)
        {
            return VerifyDraw.State("order", null, Meaning);
        }

        EarlierDraw draw = draws.Chain[0];
        Dictionary<string, int> positions = input.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
        string[] staying = [.. EarlierDraw.Texts(draw.Manifest["staying"])];
        if (!staying.Concat(draw.Out).All(positions.ContainsKey) || !positions.Keys.ToHashSet().SetEquals(draws.Tickets))
        {
            return VerifyDraw.State("order", false, Meaning);
        }

        byte[] key = Pd1.Key(Convert.FromHexString(draw.ManifestHash), DrawSource.Seed(draw.Sources));
        ReplacementOutcome outcome = ReplaceByOrder.Outcome(input, [.. staying.Select(ticket => positions[ticket])], [.. draw.Out.Select(ticket => positions[ticket])], key, cancellationToken);
        return VerifyDraw.State(
            "order", outcome is ReplacementOutcome.Completed completed && completed.People.Select(person => input.Pool.People[person].Ticket).Concat(staying).ToHashSet().SetEquals(draw.Seated)
                && completed.People.Count + staying.Length == draw.Seated.Count, Meaning);
    }

    /// <summary>A server has a log, and its manifests state times; it commits to people before it computes, so its manifests cannot name lottery.json.</summary>
    private static bool WasFrozenByServer(JsonObject manifest) => manifest["frozenAt"] is not null;

    /// <summary>The manifest follows from lottery and sources: only they are taken from it.</summary>
    private static bool Belongs(LotteryFolder folder, JsonObject manifest)
    {
        DrawSource[] named = [.. manifest["sources"]!.AsArray().Select(source => new DrawSource(DrawFiles.Kind((string)source!["kind"]!)!.Value, (string)source["name"]!, (int)source["outOf"]!, []))];
        JsonObject expected = OfflineDraw.Manifest(folder, named);
        if (WasFrozenByServer(manifest))
        {
            return OfLottery.All(member => JsonNode.DeepEquals(manifest[member], expected[member]));
        }

        // Another version of the program may have drawn it.
        string algorithm = (string)manifest["algorithm"]!;
        expected["algorithm"] = algorithm;
        return algorithm.EndsWith(", lottery " + folder.Hash, StringComparison.Ordinal) && CanonicalJson.Serialize(manifest).AsSpan().SequenceEqual(CanonicalJson.Serialize(expected));
    }

    /// <summary>The root over everybody of the pool.</summary>
    private static byte[] Root(DrawInput input) => MerkleTree.Root([
        .. input.Pool.People.Index().OrderBy(pair => pair.Item.Ticket, StringComparer.Ordinal).Select(pair => MerkleTree.LeafHash(CanonicalJson.Serialize(DrawFiles.PersonLeaf(
            Convert.FromHexString(pair.Item.Ticket), Convert.FromHexString(input.Nonces![pair.Index]),
            input.Pool.Criteria.Zip(pair.Item.Values, (criterion, value) => KeyValuePair.Create(criterion.Name, criterion.Quotas[value].Value)))))),
    ]);

    private static bool GoesOn(LotteryFolder folder, ReplacedDraw replaces, EarlierDraw before)
    {
        Dictionary<string, string> ticketOf = folder.TicketOf;
        HashSet<string> staying = [.. folder.Lottery.Inputs.Must.Select(id => ticketOf[id])];
        HashSet<string> away = [.. folder.Lottery.Inputs.Out.Select(id => ticketOf[id])];

        // On a server test runs and attempts that came to nothing stand between two draws.
        return before.ManifestHash == replaces.Manifest && staying.IsSubsetOf(before.Seated) && before.Seated.All(ticket => staying.Contains(ticket) || away.Contains(ticket)) && before.Out.All(away.Contains)
            && replaces.Attempt > before.Attempt;
    }
}
