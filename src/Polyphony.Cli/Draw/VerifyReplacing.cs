using System.Text.Json.Nodes;
using Polyphony.Proofs;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>What <c>draw verify</c> checks of replacements, and of a record beside its lottery.</summary>
internal static class VerifyReplacing
{
    /// <summary>Checks of a lottery that need no pool.</summary>
    /// <param name="folder">The lottery.</param>
    /// <param name="earlier">The records before it.</param>
    /// <param name="record">The record of its draw; null: it was not drawn yet.</param>
    public static IEnumerable<VerifyCheck> Lottery(LotteryFolder folder, EarlierDraws earlier, byte[]? record)
    {
        LotteryInputs inputs = folder.Lottery.Inputs;
        HashSet<string> must = [.. inputs.Must];
        HashSet<string> away = [.. inputs.Out];
        yield return VerifyDraw.State(
            "seated", folder.Panels.All(panel => panel.Count(person => must.Contains(folder.Ids[person])) == must.Count && !panel.Any(person => away.Contains(folder.Ids[person]))),
            "On every numbered panel are all who must be there, and nobody who must not.");
        if (record is not null)
        {
            yield return VerifyDraw.State("lottery", Belongs(folder, record), "The record was drawn from this lottery.");
        }

        if (inputs.Replaces is { } replaces)
        {
            yield return VerifyDraw.State("replaces", earlier.Chain.Count == 0 ? null : GoesOn(inputs, replaces, earlier.Chain[0]), "The lottery goes on from the draw before: everybody of that panel stays or is out, and nobody who was out comes back.");
            if (record is null && earlier.Chain.Count > 0)
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

    private static bool Belongs(LotteryFolder folder, byte[] record)
    {
        JsonNode? manifest;
        try
        {
            manifest = JsonNode.Parse(record)?["manifest"];
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }

        // The manifest follows from lottery and sources: only they are taken from the record.
        if (manifest?["sources"] is not JsonArray sources || manifest["panels"] is null || DrawVerifier.Verify(new DrawEvidence(record))[0].State != CheckState.Passed)
        {
            return false;
        }

        DrawSource[] named = [.. sources.Select(source => new DrawSource(DrawFiles.Kind((string)source!["kind"]!)!.Value, (string)source["name"]!, (int)source["outOf"]!, []))];
        JsonObject expected = OfflineDraw.Manifest(folder, named);

        // Another version of the program may have drawn it.
        string algorithm = (string)manifest["algorithm"]!;
        expected["algorithm"] = algorithm;
        return algorithm.EndsWith(", lottery " + folder.Hash, StringComparison.Ordinal) && CanonicalJson.Serialize((JsonObject)manifest).AsSpan().SequenceEqual(CanonicalJson.Serialize(expected));
    }

    private static bool GoesOn(LotteryInputs inputs, ReplacedDraw replaces, EarlierDraw before)
    {
        HashSet<string> staying = [.. inputs.Must.Select(DrawInput.TicketOf)];
        HashSet<string> away = [.. inputs.Out.Select(DrawInput.TicketOf)];
        return before.ManifestHash == replaces.Manifest && staying.IsSubsetOf(before.Seated) && before.Seated.All(ticket => staying.Contains(ticket) || away.Contains(ticket)) && before.Out.All(away.Contains)
            && replaces.Attempt == before.Attempt + 1;
    }
}
