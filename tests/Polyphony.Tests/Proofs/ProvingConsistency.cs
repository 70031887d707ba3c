using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

public sealed class ProvingConsistency
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "merkle.json")))!;

    private static readonly byte[][] Eight = [.. Vectors["leaves"]!.AsArray().Select(leaf => MerkleTree.LeafHash(Convert.FromHexString((string)leaf!)))];

    [Fact]
    public void The_proofs_are_the_vectors_and_hold()
    {
        Assert.Equal(28, Vectors["consistency"]!.AsArray().Count);
        Assert.All(Vectors["consistency"]!.AsArray(), entry =>
        {
            int first = (int)entry!["first"]!;
            int second = (int)entry["second"]!;
            byte[][] proof = [.. entry["proof"]!.AsArray().Select(hash => Convert.FromHexString((string)hash!))];
            Assert.Equal(proof, MerkleTree.ConsistencyProof(Eight.AsSpan(0, second), first));
            Assert.True(MerkleTree.VerifyConsistency(first, second, proof, MerkleTree.Root(Eight.AsSpan(0, first)), MerkleTree.Root(Eight.AsSpan(0, second))));
        });
    }

    [Fact]
    public void Every_pair_of_sizes_holds_and_nothing_else_does()
    {
        byte[][] leaves = [.. Enumerable.Range(0, 33).Select(i => MerkleTree.LeafHash(BitConverter.GetBytes(i)))];
        for (int second = 1; second <= 33; second++)
        {
            byte[] newer = MerkleTree.Root(leaves.AsSpan(0, second));
            for (int first = 1; first <= second; first++)
            {
                byte[] older = MerkleTree.Root(leaves.AsSpan(0, first));
                byte[][] proof = [.. MerkleTree.ConsistencyProof(leaves.AsSpan(0, second), first)];
                Assert.True(MerkleTree.VerifyConsistency(first, second, proof, older, newer));
                Assert.False(MerkleTree.VerifyConsistency(first, second, [.. proof, newer], older, newer));
                Assert.False(MerkleTree.VerifyConsistency(first, second, proof, leaves[32], newer));
                Assert.False(MerkleTree.VerifyConsistency(first, second, proof, older, leaves[32]));
                Assert.False(MerkleTree.VerifyConsistency(0, second, proof, older, newer));
                Assert.False(MerkleTree.VerifyConsistency(second + 1, second, proof, older, newer));
                for (int step = 0; step < proof.Length; step++)
                {
                    byte[][] changed = [.. proof.Select(hash => (byte[])hash.Clone())];
                    changed[step][second % 32] ^= 1;
                    Assert.False(MerkleTree.VerifyConsistency(first, second, changed, older, newer));
                    Assert.False(MerkleTree.VerifyConsistency(first, second, [.. proof[..step], .. proof[(step + 1)..]], older, newer));
                    Assert.False(MerkleTree.VerifyConsistency(first, second, [.. proof[..step], proof[step][..31], .. proof[(step + 1)..]], older, newer));
                }
            }
        }
    }
}
