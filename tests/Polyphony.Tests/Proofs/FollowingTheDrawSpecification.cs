using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Polyphony.Tests.Proofs;

/// <summary>The worked example of <c>docs/draw-specification.md</c>, computed again from the page's own words: nothing of Polyphony.Proofs is used here.</summary>
public sealed partial class FollowingTheDrawSpecification
{
    private static readonly Dictionary<string, string> Example = Read();

    private static byte[] Prk => HKDF.Extract(HashAlgorithmName.SHA256, ikm: Encoding.UTF8.GetBytes(Example["seed"]), salt: Convert.FromHexString(Example["manifestHash"]));

    [Fact]
    public void The_manifest_has_the_hash_that_is_printed() =>
        Assert.Equal(Example["manifestHash"], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Example["manifest"]))));

    [Fact]
    public void Hash_and_seed_give_the_key_that_is_printed() => Assert.Equal(Example["PRK"], Convert.ToHexStringLower(Prk));

    [Fact]
    public void The_key_gives_the_position_that_is_printed() =>
        Assert.Equal(Example["pos \"Anger\""], Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, Prk, 32, "PD1/order\0Anger"u8.ToArray())));

    [Fact]
    public void The_key_gives_the_panel_that_is_printed()
    {
        const ulong Panels = 1_000;
        UInt128 accepted = (UInt128.One << 64) - ((UInt128.One << 64) % Panels);
        byte[] counter = new byte[4];
        for (uint c = 0; ; c++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(counter, c);
            ulong x = BinaryPrimitives.ReadUInt64BigEndian(HKDF.Expand(HashAlgorithmName.SHA256, Prk, 8, [.. "PD1/index\0panel\0"u8, .. counter]));
            if (x < accepted)
            {
                Assert.Equal(Example["panel of 1000"], (x % Panels).ToString(CultureInfo.InvariantCulture));
                return;
            }
        }
    }

    private static Dictionary<string, string> Read()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "draw-specification.md"));
        string example = page[page.IndexOf("Worked example", StringComparison.Ordinal)..];
        return Line().Matches(example).ToDictionary(match => match.Groups[1].Value.Trim(), match => match.Groups[2].Value);
    }

    [GeneratedRegex(@"^(manifest|manifestHash|seed|PRK|pos ""\w+""|panel of 1000) +(\S+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
