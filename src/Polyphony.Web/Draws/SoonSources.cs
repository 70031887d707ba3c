using System.Globalization;
using Polyphony.Proofs;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Draws;

/// <summary>Randomness that comes right after a freeze, named by one button: on the day nobody has a minute to describe a source.</summary>
internal static class SoonSources
{
    public const string Dice = "dice";
    public const string Beacon = "beacon";

    /// <summary>How the beacon's rounds are named; the number follows.</summary>
    private const string Round = "drand quicknet round ";

    private const string Chain = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
    private const long FirstRound = 1_692_803_367;
    private const long SecondsPerRound = 3;

    /// <summary>The source that a button names; null where it is no such button.</summary>
    /// <param name="texts">In the language in which the manifest names the source.</param>
    /// <param name="now">The moment of the freeze; the source speaks later.</param>
    public static IReadOnlyList<DeclaredSource>? Of(string? button, PageTexts texts, DateTimeOffset now)
    {
        switch (button)
        {
            case Dice:
                // Sooner than anybody has read what is frozen, taken three dice and thrown them.
                return [new(DrawSourceKind.Dice, texts["draws.source.soon.dice"], 0, DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 4))];
            case Beacon:
                long round = ((now.ToUnixTimeSeconds() + 10 - FirstRound) / SecondsPerRound) + 2;
                return [new(DrawSourceKind.Beacon, Round + round.ToString(CultureInfo.InvariantCulture), 0, DateTimeOffset.FromUnixTimeSeconds(FirstRound + ((round - 1) * SecondsPerRound)))];
            default:
                return null;
        }
    }

    /// <summary>Where the value of a round is read; null for other sources.</summary>
    public static string? AddressOf(DeclaredSource source) =>
        source.Name.StartsWith(Round, StringComparison.Ordinal) && long.TryParse(source.Name.AsSpan(Round.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long round)
            ? string.Create(CultureInfo.InvariantCulture, $"https://api.drand.sh/{Chain}/public/{round}") : null;
}
