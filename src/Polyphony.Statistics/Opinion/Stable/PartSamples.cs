using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>
/// Samples of the statements, to see which groups do not hang on the choice of statements: twice, all are dealt into five parts, neighbours in the order of votes to different ones, and each part is left out once. No chance
/// hangs on names or on an order of arrival. Why a fifth is in <c>docs/adr/0018-stable-opinion-map.md</c>.
/// </summary>
internal static class PartSamples
{
    /// <summary>Samples in all; each statement stands in eight of them.</summary>
    public const int Number = 10;

    private const int Parts = 5;

    /// <summary>Places in the canonical order, rising, of each sample.</summary>
    public static int[][] Of(int statements)
    {
        var chance = new SeededChance("polyphony opinion parts 1"u8);
        var samples = new List<int>[Number];
        Span<int> parts = stackalloc int[Parts];
        for (var split = 0; split < Number; split += Parts)
        {
            for (var part = 0; part < Parts; part++)
                (samples[split + part], parts[part]) = ([], part);
            for (var i = 0; i < statements; i++)
            {
                if (i % Parts == 0)
                    chance.Shuffle(parts);
                for (var part = 0; part < Parts; part++)
                {
                    if (part != parts[i % Parts])
                        samples[split + part].Add(i);
                }
            }
        }
        return [.. samples.Select(sample => sample.ToArray())];
    }
}
