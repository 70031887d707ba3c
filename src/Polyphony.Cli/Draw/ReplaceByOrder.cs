using System.Text.Json.Nodes;
using Polyphony.Proofs;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>Replacements down the order that randomness gives to the pool: docs/draw-specification.md, section 9.</summary>
internal static class ReplaceByOrder
{
    public static (ReplacementOutcome Outcome, JsonObject Manifest, string ManifestHash) Draw(
        EarlierDraws earlier, DrawInput input, IReadOnlyList<int> staying, IReadOnlyList<int> leaving, IReadOnlyList<DrawSource> sources, CancellationToken cancellationToken)
    {
        EarlierDraw last = earlier.Chain[0];
        string[] tickets = [.. input.Pool.People.Select(person => person.Ticket)];
        JsonObject manifest = DrawFiles.ReplacementManifest(
            OfflineDraw.Frozen(last.Attempt + 1, sources), Convert.FromHexString(last.ManifestHash), staying.Select(person => tickets[person]), leaving.Select(person => tickets[person]));
        byte[] hash = Pd1.ManifestHash(CanonicalJson.Serialize(manifest));
        return (Outcome(input, staying, leaving, Pd1.Key(hash, DrawSource.Seed(sources)), cancellationToken), manifest, Convert.ToHexStringLower(hash));
    }

    /// <summary>Whom the order of a key gives the places.</summary>
    public static ReplacementOutcome Outcome(DrawInput input, IReadOnlyList<int> staying, IReadOnlyList<int> leaving, byte[] key, CancellationToken cancellationToken)
    {
        Dictionary<string, int> positions = input.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
        int[] order = [.. Pd1.Order(key, positions.Keys).Select(ticket => positions[ticket])];
        return ReplacementDraw.Draw(input.Pool, staying, leaving, order, cancellationToken);
    }
}
