using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

public sealed class CheckingTheMerkleVectors
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "merkle.json")))!;

    private static readonly byte[][] Leaves = [.. Vectors["leaves"]!.AsArray().Select(leaf => MerkleTree.LeafHash(Convert.FromHexString((string)leaf!)))];

    [Fact]
    public void The_roots_of_all_sizes_are_the_vectors() => Assert.All(Vectors["roots"]!.AsObject(), pair =>
        Assert.Equal((string)pair.Value!, Convert.ToHexStringLower(MerkleTree.Root(Leaves.AsSpan(0, int.Parse(pair.Key, CultureInfo.InvariantCulture))))));

    [Fact]
    public void The_inclusion_proofs_are_the_vectors() => Assert.All(Vectors["inclusion"]!.AsArray(), entry => Assert.Equal(
        entry!["proof"]!.AsArray().Select(hash => (string)hash!),
        MerkleTree.InclusionProof(Leaves.AsSpan(0, (int)entry["size"]!), (int)entry["index"]!).Select(Convert.ToHexStringLower)));
}
