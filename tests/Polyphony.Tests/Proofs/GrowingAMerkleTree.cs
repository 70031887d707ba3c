using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

public sealed class GrowingAMerkleTree
{
    [Fact]
    public void Leaf_and_node_hashes_are_those_of_the_reference()
    {
        Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", Convert.ToHexStringLower(MerkleTree.LeafHash([])));
        Assert.Equal("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56", Convert.ToHexStringLower(MerkleTree.LeafHash("L123456"u8)));
        Assert.Equal("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb", Convert.ToHexStringLower(MerkleTree.NodeHash("N123"u8, "N456"u8)));
    }

    [Fact]
    public void The_root_of_the_eight_reference_leaves_is_right()
    {
        string[] leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        Assert.Equal("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328", Convert.ToHexStringLower(MerkleTree.Root(Array.ConvertAll(leaves, leaf => MerkleTree.LeafHash(Convert.FromHexString(leaf))))));
    }

    [Fact]
    public void The_pool_root_of_the_vectors_is_reached()
    {
        JsonNode vectors = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "pd1.json")))!;
        byte[][] leaves = [.. vectors["labels"]!.AsArray().Select(label => MerkleTree.LeafHash(Encoding.UTF8.GetBytes((string)label!)))];
        Assert.Equal((string)vectors["poolRootOfNames"]!, Convert.ToHexStringLower(MerkleTree.Root(leaves)));
    }

    [Fact]
    public void Every_leaf_is_proven_and_every_changed_bit_of_a_proof_is_refused()
    {
        for (int size = 1; size <= 33; size++)
        {
            byte[][] leaves = [.. Enumerable.Range(0, size).Select(i => MerkleTree.LeafHash(BitConverter.GetBytes(i)))];
            byte[] root = MerkleTree.Root(leaves);
            for (int leaf = 0; leaf < size; leaf++)
            {
                byte[][] proof = [.. MerkleTree.InclusionProof(leaves, leaf)];
                Assert.True(MerkleTree.Verify(leaves[leaf], leaf, size, proof, root));
                Assert.False(MerkleTree.Verify(leaves[leaf], leaf + 1, size, proof, root));
                Assert.False(MerkleTree.Verify(leaves[leaf], leaf, size, [.. proof, root], root));
                for (int step = 0; step < proof.Length; step++)
                {
                    byte[][] changed = [.. proof.Select(hash => (byte[])hash.Clone())];
                    changed[step][leaf % 32] ^= 1;
                    Assert.False(MerkleTree.Verify(leaves[leaf], leaf, size, changed, root));
                }
            }
        }
    }
}
