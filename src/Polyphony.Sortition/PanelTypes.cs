using System.Globalization;

namespace Polyphony.Sortition;

/// <summary>People of a pool who are equal in everything that counts: same values, same household situation.</summary>
/// <param name="Values">Value index for each criterion.</param>
/// <param name="Group">The household group to which the type belongs, see <see cref="PanelTypes.Groups"/>.</param>
/// <param name="People">Indices of the people, in the order of their tickets.</param>
/// <param name="Capacity">How many of them one panel can hold: one for each household.</param>
public sealed record PersonType(IReadOnlyList<int> Values, int Group, IReadOnlyList<int> People, int Capacity);

/// <summary>A pool with equal people merged: the small problem that is solved instead of the large one.</summary>
/// <remarks>Households with the same composition form a group; a panel takes at most as many people of a group as it has households.</remarks>
public sealed class PanelTypes
{
    private PanelTypes(SortitionPool pool, IReadOnlyList<PersonType> types, IReadOnlyList<(IReadOnlyList<int> Types, int Households)> groups)
    {
        Pool = pool;
        Types = types;
        Groups = groups;
    }

    /// <summary>The pool that was merged.</summary>
    public SortitionPool Pool { get; }

    /// <summary>The types, in an order that does not depend on the order of the people.</summary>
    public IReadOnlyList<PersonType> Types { get; }

    /// <summary>Groups of households with two people or more: the types in them, and the number of households.</summary>
    public IReadOnlyList<(IReadOnlyList<int> Types, int Households)> Groups { get; }

    /// <summary>Merges a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>Its types.</returns>
    public static PanelTypes Of(SortitionPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        string Vector(int person) => string.Join(',', pool.People[person].Values.Select(value => value.ToString("D4", CultureInfo.InvariantCulture)));

        // A household of one member in the pool is no household.
        Dictionary<string, int[]> households = pool.People.Index().Where(pair => pair.Item.Household is not null)
            .GroupBy(pair => pair.Item.Household!, pair => pair.Index, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        Dictionary<string, string> compositions = households.ToDictionary(pair => pair.Key, pair => string.Join('|', pair.Value.Select(Vector).Order(StringComparer.Ordinal)), StringComparer.Ordinal);
        string Composition(int person) => pool.People[person].Household is { } household && compositions.TryGetValue(household, out string? composition) ? composition : "";

        List<PersonType> types = [];
        List<(IReadOnlyList<int>, int)> groups = [];
        foreach (IGrouping<string, int> group in Enumerable.Range(0, pool.People.Count).GroupBy(Composition, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            bool shared = group.Key.Length > 0;
            int householdCount = shared ? compositions.Values.Count(composition => composition == group.Key) : 0;
            List<int> members = [];
            foreach (IGrouping<string, int> equal in group.GroupBy(Vector, StringComparer.Ordinal).OrderBy(equal => equal.Key, StringComparer.Ordinal))
            {
                int[] people = [.. equal.OrderBy(person => pool.People[person].Ticket, StringComparer.Ordinal)];
                members.Add(types.Count);
                types.Add(new PersonType(pool.People[people[0]].Values, shared ? groups.Count : -1, people, shared ? householdCount : people.Length));
            }

            if (shared)
            {
                groups.Add((members, householdCount));
            }
        }

        return new(pool, types, groups);
    }
}
