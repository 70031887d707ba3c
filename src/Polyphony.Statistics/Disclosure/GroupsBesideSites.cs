using System.Collections.Immutable;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Which groups may be shown beside the sites although it is known who stands where.</summary>
/// <remarks>The gate takes criteria for unrelated. But where all of a site but three speak one language that is spoken nowhere else, the numbers of the site less those of the language are these three.</remarks>
public static class GroupsBesideSites
{
    /// <summary>With more groups only single ones and pairs of them are compared with the sites.</summary>
    private const int MostForAllUnions = 12;

    /// <summary>The groups that may be shown by themselves.</summary>
    /// <param name="people">People by group and site.</param>
    /// <param name="others">People who stand in none of the groups, by site.</param>
    /// <returns>
    /// Indices of groups, in order. No union of them, nor of them and all that is left taken together, differs from a union of sites by fewer than ten people, unless by nobody. The smallest group of a union that does is left out first.
    /// </returns>
    /// <exception cref="ArgumentException">Other sites in one group than in another.</exception>
    public static ImmutableArray<int> Of(IReadOnlyList<IReadOnlyList<int>> people, IReadOnlyList<int> others)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(others);
        if (people.Any(group => group.Count != others.Count))
            throw new ArgumentException("Every group has a number for every site.", nameof(people));
        var everybody = Enumerable.Range(0, others.Count).Select(site => others[site] + people.Sum(group => group[site])).ToArray();
        List<int> kept = [.. Enumerable.Range(0, people.Count)];
        while (Unions(kept).FirstOrDefault(union => Apart(union, people, everybody) is > 0 and < DisclosureGate.SmallestGroup) is { } near)
            kept.Remove(near.MinBy(group => people[group].Sum()));
        return [.. kept];
    }

    /// <summary>By how many people a union of groups differs from the union of sites that is nearest to it. What is left taken together differs by as many from the other sites.</summary>
    private static int Apart(int[] union, IReadOnlyList<IReadOnlyList<int>> people, int[] everybody) =>
        everybody.Select((all, site) => union.Sum(group => people[group][site]) is var some ? Math.Min(some, all - some) : 0).Sum();

    private static IEnumerable<int[]> Unions(List<int> groups) => groups.Count <= MostForAllUnions
        ? Enumerable.Range(1, (1 << groups.Count) - 1).Select(mask => groups.Where((_, index) => (mask >> index & 1) == 1).ToArray())
        : groups.Select(group => new[] { group }).Concat(groups.SelectMany((group, index) => groups.Skip(index + 1).Select(other => new[] { group, other })));
}
