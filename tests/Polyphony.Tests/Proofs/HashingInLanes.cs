using System.Security.Cryptography;
using CsCheck;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

public sealed class HashingInLanes
{
    [Fact]
    public void Every_digest_is_that_of_the_platform() => Gen.Byte.Array[0, 200].Array[0, 40].Sample(messages =>
    {
        byte[][] digests = new byte[messages.Length][];
        Sha256Lanes.Run(messages.Length, 200, (i, buffer) => Put(messages[i], buffer), (i, digest) => digests[i] = digest.ToArray());
        Assert.All(messages.Zip(digests), pair => Assert.Equal(SHA256.HashData(pair.First), pair.Second));
    });

    [Fact]
    public void Every_code_is_that_of_the_platform() => Gen.Select(Gen.Byte.Array[0, 64], Gen.Byte.Array[0, 120].Array[0, 20]).Sample((key, messages) =>
    {
        byte[][] codes = new byte[messages.Length][];
        Sha256Lanes.Hmac(key, messages.Length, 120, (i, buffer) => Put(messages[i], buffer), (i, code) => codes[i] = code.ToArray());
        Assert.All(messages.Zip(codes), pair => Assert.Equal(HMACSHA256.HashData(key, pair.First), pair.Second));
    });

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(2050)]
    public void Many_codes_keep_their_order(int count)
    {
        byte[] key = [1, 2, 3];
        byte[][] codes = new byte[count][];
        Sha256Lanes.Hmac(key, count, 4, (i, buffer) => Put(BitConverter.GetBytes(i), buffer), (i, code) => codes[i] = code.ToArray());
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(HMACSHA256.HashData(key, BitConverter.GetBytes(i)), codes[i]));
    }

    private static int Put(byte[] message, Span<byte> buffer)
    {
        message.CopyTo(buffer);
        return message.Length;
    }
}
