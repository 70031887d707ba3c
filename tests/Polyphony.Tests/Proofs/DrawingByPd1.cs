using System.Text.Json.Nodes;
using Polyphony.Proofs;

namespace Polyphony.Tests.Proofs;

public sealed class DrawingByPd1
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "pd1.json")))!;

    [Fact]
    public void The_manifest_hash_and_the_key_are_the_vectors()
    {
        byte[] manifest = CanonicalJson.Serialize(JsonNode.Parse((string)Vectors["manifest"]!));
        Assert.Equal((string)Vectors["manifest"]!, System.Text.Encoding.UTF8.GetString(manifest));
        Assert.Equal((string)Vectors["manifestHash"]!, Convert.ToHexStringLower(Pd1.ManifestHash(manifest)));
        Assert.Equal((string)Vectors["prk"]!, Convert.ToHexStringLower(Key()));
    }

    [Fact]
    public void The_order_is_the_vector()
    {
        string[] labels = [.. Vectors["labels"]!.AsArray().Select(label => (string)label!)];
        Assert.Equal(Vectors["order"]!.AsArray().Select(entry => (string)entry!["label"]!), Pd1.Order(Key(), labels));
        Assert.All(Vectors["order"]!.AsArray(), entry => Assert.Equal((string)entry!["position"]!, Convert.ToHexStringLower(Pd1.Position(Key(), (string)entry["label"]!))));
    }

    [Fact]
    public void The_indices_are_the_vectors_also_after_rejections()
    {
        Assert.All(Vectors["index"]!.AsArray(), entry =>
        {
            (ulong index, uint rejected) = Pd1.Index(Key(), (string)entry!["name"]!, ulong.Parse((string)entry["m"]!, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal((string)entry["result"]!, index.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal((uint)(int)entry["rejected"]!, rejected);
        });
    }

    [Fact]
    public void The_seed_of_rfc_3797_is_written_from_its_sources()
    {
        DrawSource[] sources =
        [
            new(DrawSourceKind.NumberLottery, "daily", 10_000, ["9319"]),
            new(DrawSourceKind.NumberLottery, "weekly", 49, ["5", "12", "8", "10", "2"]),
            new(DrawSourceKind.NumberLottery, "national", 49, ["9", "18", "26", "34", "41", "45"]),
        ];
        Assert.Equal((string)Vectors["seed"]!, DrawSource.Seed(sources));
    }

    [Fact]
    public void Every_flipped_bit_of_the_manifest_changes_the_key()
    {
        byte[] manifest = System.Text.Encoding.UTF8.GetBytes((string)Vectors["manifest"]!);
        string seed = (string)Vectors["seed"]!;
        byte[] key = Key();
        for (int bit = 0; bit < manifest.Length * 8; bit++)
        {
            byte[] changed = [.. manifest];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(key, Pd1.Key(Pd1.ManifestHash(changed), seed));
        }
    }

    [Fact]
    public void Dice_are_the_number_in_the_order_thrown()
    {
        Assert.Equal(187, Pd1.DiceIndex([1, 8, 7]));
        Assert.Throws<ArgumentException>(() => Pd1.DiceIndex([1, 8]));
        Assert.Throws<ArgumentException>(() => Pd1.DiceIndex([1, 8, 10]));
    }

    [Fact]
    public void Three_dice_are_not_enough_for_a_seed_and_a_beacon_is()
    {
        Assert.False(DrawSource.AreEnough([new(DrawSourceKind.Dice, "dice", 0, ["1", "8", "7"])]));
        Assert.True(DrawSource.AreEnough([new(DrawSourceKind.Beacon, "drand", 0, [new string('a', 64)])]));
        Assert.Equal(23, new DrawSource(DrawSourceKind.NumberLottery, "6 of 49", 49, ["1", "2", "3", "4", "5", "6"]).Bits);
        Assert.Equal(0, new DrawSource(DrawSourceKind.NumberLottery, "twice", 49, ["1", "1"]).Bits);
    }

    private static byte[] Key() => Pd1.Key(Convert.FromHexString((string)Vectors["manifestHash"]!), (string)Vectors["seed"]!);
}
