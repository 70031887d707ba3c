using System.Text;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

public sealed class SigningCheckpoints
{
    private static readonly LogSigner Signer = new("example.org/log", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    [Fact]
    public void A_key_of_another_implementation_opens_the_note_that_it_signed()
    {
        // From the documentation of Go's golang.org/x/mod/sumdb/note.
        LogKey key = LogKey.Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")!;
        Assert.Equal("c74f20a3", Convert.ToHexStringLower(key.Id));
        byte[] text = Encoding.UTF8.GetBytes("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n");
        byte[] signature = Convert.FromBase64String("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
        Assert.Equal(key.Id, signature[..4]);
        Assert.True(key.Verify(text, signature[4..]));
        text[3] ^= 1;
        Assert.False(key.Verify(text, signature[4..]));
    }

    [Fact]
    public void What_is_signed_is_read_back_and_always_the_same()
    {
        Checkpoint checkpoint = new("example.org/log", 42, MerkleTree.LeafHash([]));
        string note = checkpoint.Sign(Signer);
        Assert.Equal(note, checkpoint.Sign(Signer));
        Checkpoint opened = Checkpoint.Open(note, Signer.Key)!;
        Assert.Equal((42, "example.org/log"), (opened.Size, opened.Origin));
        Assert.Equal(checkpoint.Root, opened.Root);
        Assert.StartsWith("example.org/log\n42\n", note, StringComparison.Ordinal);
        Assert.Equal(Signer.Key, LogKey.Parse(Signer.Key.ToString()));
        Assert.Equal(Signer.Key, LogSigner.Parse(Signer.ToSecretText())!.Key);
        Assert.Null(LogSigner.Parse(Signer.ToSecretText()[..^2]));
        Assert.Throws<ArgumentException>(() => new LogSigner("two words", new byte[32]));
    }

    [Fact]
    public void Every_flipped_bit_of_a_note_is_seen()
    {
        byte[] note = Encoding.UTF8.GetBytes(new Checkpoint("example.org/log", 42, MerkleTree.LeafHash([])).Sign(Signer));
        for (int bit = 0; bit < note.Length * 8; bit++)
        {
            byte[] changed = [.. note];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Checkpoint.Open(Encoding.UTF8.GetString(changed), Signer.Key) is null, $"bit {bit}");
        }
    }

    [Fact]
    public void Another_key_of_the_same_name_does_not_open_it()
    {
        LogSigner stranger = new("example.org/log", new byte[32]);
        string note = new Checkpoint("example.org/log", 42, MerkleTree.LeafHash([])).Sign(stranger);
        Assert.NotNull(Checkpoint.Read(note));
        Assert.Null(Checkpoint.Open(note, Signer.Key));
        Assert.NotNull(Checkpoint.Open(note, stranger.Key));
    }
}
