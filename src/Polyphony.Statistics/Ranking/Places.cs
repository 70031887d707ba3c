using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>Orders with ties as tiers, from the best.</summary>
internal static class Places
{
    public static ImmutableArray<ImmutableArray<int>> ByScore<T>(IEnumerable<int> options, Func<int, T> score)
        where T : IComparable<T> =>
        [.. options.GroupBy(score).OrderByDescending(tier => tier.Key).Select(tier => tier.Order().ToImmutableArray())];
}
