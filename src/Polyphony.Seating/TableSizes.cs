using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>How many people sit at each table.</summary>
public static class TableSizes
{
    /// <summary>Sizes that differ by one at most.</summary>
    /// <param name="people">People to be seated, 0 or more.</param>
    /// <param name="tables">Tables; below 1 gives none.</param>
    /// <returns>⌈n/T⌉ for the first n mod T tables, ⌊n/T⌋ for the others.</returns>
    public static ImmutableArray<int> Even(int people, int tables) =>
        [.. Enumerable.Range(0, Math.Max(0, tables)).Select(table => (people / tables) + (table < people % tables ? 1 : 0))];

    /// <summary>Fills tables of different capacity so that the shares taken are as even as whole people allow.</summary>
    /// <param name="people">People to be seated.</param>
    /// <param name="capacities">Seats at each table.</param>
    /// <returns>People at each table, or <see langword="null"/> when the seats do not suffice.</returns>
    public static ImmutableArray<int>? Within(int people, IReadOnlyList<int> capacities)
    {
        ArgumentNullException.ThrowIfNull(capacities);
        var seats = capacities.Sum(capacity => (long)Math.Max(0, capacity));
        if (seats < people)
            return null;
        var sizes = capacities.Select(capacity => seats == 0 ? 0 : (int)((long)Math.Max(0, capacity) * people / seats)).ToArray();
        // Largest remainder, the first table winning ties.
        foreach (var table in Enumerable.Range(0, sizes.Length)
            .Where(table => sizes[table] < capacities[table])
            .OrderByDescending(table => (long)capacities[table] * people % seats)
            .Take(people - sizes.Sum()).ToArray())
        {
            sizes[table]++;
        }
        return [.. sizes];
    }
}
