using System.Globalization;
using System.Numerics;

namespace Polyphony.Proofs;

/// <summary>What kind of public randomness a source is.</summary>
public enum DrawSourceKind
{
    /// <summary>Ten-sided dice or balls thrown in public, in the order thrown.</summary>
    Dice = 1,

    /// <summary>A published lottery: some numbers out of more, in any order.</summary>
    NumberLottery = 2,

    /// <summary>A value of a public beacon (drand, NIST) in hexadecimal.</summary>
    Beacon = 3,
}

/// <summary>One source of public randomness, named before it exists, with its values once it does.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Which one, such as <c>drand quicknet round 27946612</c>.</param>
/// <param name="OutOf">For a number lottery, how many numbers there are; otherwise 0.</param>
/// <param name="Values">Digits, numbers or one hexadecimal value.</param>
public sealed record DrawSource(DrawSourceKind Kind, string Name, int OutOf, IReadOnlyList<string> Values)
{
    /// <summary>Bits that sources must hold together to seed a draw.</summary>
    public const int RequiredBits = 128;

    /// <summary>Dice that one source may hold.</summary>
    public const int MostDice = 1_000;

    /// <summary>Whether the values have the form of their kind.</summary>
    public bool IsWellFormed => Kind switch
    {
        DrawSourceKind.Dice => Values.Count is > 0 and <= MostDice && Values.All(value => value is [>= '0' and <= '9']),
        DrawSourceKind.NumberLottery => Values.Count > 0 && OutOf <= 10_000 && Values.All(value => value.Length is > 0 and <= 5 && value.All(char.IsAsciiDigit) && Number(value) is >= 1 && Number(value) <= OutOf)
            && Values.Select(Number).Distinct().Count() == Values.Count,
        DrawSourceKind.Beacon => Values is [{ Length: >= 32 and <= 256 } hex] && hex.All(char.IsAsciiHexDigit),
        _ => false,
    };

    /// <summary>How many bits of randomness the source holds at most, rounded down.</summary>
    public int Bits => !IsWellFormed ? 0 : Kind switch
    {
        DrawSourceKind.Dice => (int)BigInteger.Pow(10, Values.Count).GetBitLength() - 1,
        DrawSourceKind.NumberLottery => (int)Choose(OutOf, Values.Count).GetBitLength() - 1,
        _ => Values[0].Length * 4,
    };

    /// <summary>The seed string of sources in manifest order: values each closed by a full stop, sources by a slash (RFC 3797 section 4).</summary>
    /// <param name="sources">Well-formed sources.</param>
    /// <returns>The string, for example <c>9319./2.5.8.10.12./</c>. Numbers of a lottery stand in ascending order; dice as thrown; hexadecimal in lower case.</returns>
    public static string Seed(IEnumerable<DrawSource> sources) => string.Concat(sources.Select(source => string.Concat(source.Ordered().Select(value => value + ".")) + "/"));

    /// <summary>Whether sources hold enough randomness together.</summary>
    /// <param name="sources">The sources.</param>
    /// <returns>True from <see cref="RequiredBits"/> on.</returns>
    public static bool AreEnough(IEnumerable<DrawSource> sources) => sources.Sum(source => source.Bits) >= RequiredBits;

    private IEnumerable<string> Ordered() => Kind switch
    {
        DrawSourceKind.NumberLottery => Values.Select(Number).Order().Select(value => value.ToString(CultureInfo.InvariantCulture)),
        DrawSourceKind.Beacon => Values.Select(value => value.ToLowerInvariant()),
        _ => Values,
    };

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static BigInteger Choose(int n, int k)
    {
        BigInteger result = BigInteger.One;
        for (int i = 1; i <= k; i++)
        {
            result = result * (n - k + i) / i;
        }

        return result;
    }
}
