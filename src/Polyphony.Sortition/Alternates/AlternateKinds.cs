using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Alternates;

/// <summary>People who may be alternates, equal ones together.</summary>
/// <param name="Rows">For each kind the rows of the quotas that one of them counts in.</param>
/// <param name="People">For each kind its people, in the order of their tickets.</param>
/// <param name="Capacities">How many alternates a kind can give: all its people, or one where they share a household with others who may be alternates.</param>
/// <param name="Homes">Kinds that share a household: together they give one.</param>
internal sealed record AlternateKinds(IReadOnlyList<int[]> Rows, IReadOnlyList<int[]> People, int[] Capacities, IReadOnlyList<int[]> Homes)
{
    public static AlternateKinds Of(AlternateRequest request, QuotaDamage damage)
    {
        IReadOnlyList<Candidate> people = request.Pool.People;
        Dictionary<string, int> mates = new(StringComparer.Ordinal);
        foreach (string household in request.Free.Select(person => people[person].Household).OfType<string>())
        {
            mates[household] = mates.GetValueOrDefault(household) + 1;
        }

        // A household is known by the first ticket in it: its own name depends on how somebody wrote an address.
        string Home(int person) => people[person].Household is { } household && mates[household] > 1 ? household : "";
        (string Home, string Values, int[] People)[] groups = [.. request.Free.GroupBy(person => (Home: Home(person), Values: DropoutCases.Key([.. people[person].Values], 0)))
            .Select(group => (group.Key.Home, group.Key.Values, People: group.OrderBy(person => people[person].Ticket, StringComparer.Ordinal).ToArray()))
            .OrderBy(group => group.Values, StringComparer.Ordinal).ThenBy(group => group.Home.Length > 0).ThenBy(group => people[group.People[0]].Ticket, StringComparer.Ordinal)];
        return new(
            [.. groups.Select(group => damage.RowsOf(people[group.People[0]]))], [.. groups.Select(group => group.People)], [.. groups.Select(group => group.Home.Length > 0 ? 1 : group.People.Length)],
            [.. groups.Index().Where(group => group.Item.Home.Length > 0).GroupBy(group => group.Item.Home, group => group.Index).Select(home => home.ToArray())]);
    }

    /// <summary>People of kinds in an order; who of equal ones it is follows from the seed.</summary>
    public IReadOnlyList<int> PeopleOf(IReadOnlyList<int> order, ReadOnlySpan<byte> seed)
    {
        SeatAssignment.Shuffle shuffle = new(seed);
        int[][] mixed = [.. People.Select(people => people.ToArray())];
        foreach (int[] people in mixed)
        {
            shuffle.Mix(people);
        }

        int[] used = new int[mixed.Length];
        return [.. order.Select(kind => mixed[kind][used[kind]++])];
    }
}
