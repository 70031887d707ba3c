namespace Polyphony.Sortition;

/// <summary>People of a pool who are equal in everything that counts: same quotas, same household situation.</summary>
/// <param name="Rows">Indices into <see cref="PanelTypes.Rows"/>: the quotas that one of them uses up, ascending.</param>
/// <param name="Group">The household group to which the type belongs, an index into <see cref="PanelTypes.Groups"/>; −1: a household of one's own.</param>
/// <param name="People">Indices of the people, in the order of their tickets.</param>
/// <param name="Capacity">How many of them one panel can hold: one for each household.</param>
public sealed record PersonType(IReadOnlyList<int> Rows, int Group, IReadOnlyList<int> People, int Capacity);

/// <summary>A quota that can bind.</summary>
/// <param name="Criterion">Index of the criterion.</param>
/// <param name="Value">Index of the value.</param>
/// <param name="Min">At least.</param>
/// <param name="Max">At most.</param>
public sealed record QuotaRow(int Criterion, int Value, int Min, int Max);

/// <summary>Households of one composition: a panel takes at most one person of each.</summary>
/// <param name="Types">The types of their members.</param>
/// <param name="Households">How many such households there are.</param>
public sealed record HouseholdGroup(IReadOnlyList<int> Types, int Households);

/// <summary>A pool with equal people merged: the small problem that is solved instead of the large one.</summary>
/// <remarks>Quotas that no panel can break are left out, so that a criterion without effect parts nobody. Households whose members are of the same
/// types form a group; since each of them has a member of every type of the group, one row for a group says all: its people on the panel are at
/// most as many as its households.</remarks>
public sealed class PanelTypes
{
    private PanelTypes(SortitionPool pool, IReadOnlyList<QuotaRow> rows, IReadOnlyList<PersonType> types, IReadOnlyList<HouseholdGroup> groups)
    {
        Pool = pool;
        Rows = rows;
        Types = types;
        Groups = groups;
    }

    /// <summary>The pool that was merged.</summary>
    public SortitionPool Pool { get; }

    /// <summary>The quotas that can bind, in the order of the criteria.</summary>
    public IReadOnlyList<QuotaRow> Rows { get; }

    /// <summary>The types, in an order that does not depend on the order of the people.</summary>
    public IReadOnlyList<PersonType> Types { get; }

    /// <summary>Groups of households with two people or more.</summary>
    public IReadOnlyList<HouseholdGroup> Groups { get; }

    /// <summary>Merges a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>Its types.</returns>
    public static PanelTypes Of(SortitionPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        (List<QuotaRow> rows, int[][] rowOf) = BindingRows(pool);
        int people = pool.People.Count;
        Key[] vectors = new Key[people];
        for (int person = 0; person < people; person++)
        {
            vectors[person] = Vector(pool.People[person], rowOf);
        }

        // Numbers in the order of the vectors, so that comparing compositions is comparing numbers.
        Key[] distinct = [.. vectors.Distinct().Order()];
        Dictionary<Key, int> numberOf = new(distinct.Length);
        for (int i = 0; i < distinct.Length; i++)
        {
            numberOf.Add(distinct[i], i);
        }

        int[] vector = new int[people];
        for (int person = 0; person < people; person++)
        {
            vector[person] = numberOf[vectors[person]];
        }

        Dictionary<string, List<int>> households = new(StringComparer.Ordinal);
        for (int person = 0; person < people; person++)
        {
            if (pool.People[person].Household is { } household)
            {
                if (!households.TryGetValue(household, out List<int>? members))
                {
                    households.Add(household, members = []);
                }

                members.Add(person);
            }
        }

        // A household of one member in the pool is no household.
        Key?[] composition = new Key?[people];
        Dictionary<Key, int> compositions = [];
        foreach (List<int> members in households.Values.Where(members => members.Count > 1))
        {
            int[] kinds = [.. members.Select(person => vector[person])];
            Array.Sort(kinds);
            Key key = new(kinds);
            compositions[key] = compositions.GetValueOrDefault(key) + 1;
            foreach (int person in members)
            {
                composition[person] = key;
            }
        }

        List<PersonType> types = [];
        List<HouseholdGroup> groups = [];
        foreach (IGrouping<Key?, int> group in Enumerable.Range(0, people).GroupBy(person => composition[person]).OrderBy(group => group.Key))
        {
            bool shared = group.Key is not null;
            int count = group.Key is { } composed ? compositions[composed] : 0;
            List<int> members = [];
            foreach (IGrouping<int, int> equal in group.GroupBy(person => vector[person]).OrderBy(equal => equal.Key))
            {
                int[] same = [.. equal];
                Array.Sort(same, (a, b) => string.CompareOrdinal(pool.People[a].Ticket, pool.People[b].Ticket));
                members.Add(types.Count);
                types.Add(new PersonType(distinct[equal.Key].Numbers, shared ? groups.Count : -1, same, shared ? count : same.Length));
            }

            if (shared)
            {
                groups.Add(new(members, count));
            }
        }

        return new(pool, rows, types, groups);
    }

    /// <summary>The rows that some panel-sized set of people could break, and for each criterion and value its row or −1.</summary>
    private static (List<QuotaRow> Rows, int[][] RowOf) BindingRows(SortitionPool pool)
    {
        List<QuotaRow> rows = [];
        int[][] rowOf = new int[pool.Criteria.Count][];
        for (int c = 0; c < rowOf.Length; c++)
        {
            IReadOnlyList<Quota> quotas = pool.Criteria[c].Quotas;
            int[] bearers = new int[quotas.Count];
            foreach (Candidate person in pool.People)
            {
                if (person.Values[c] >= 0)
                {
                    bearers[person.Values[c]]++;
                }
            }

            rowOf[c] = new int[quotas.Count];
            for (int v = 0; v < quotas.Count; v++)
            {
                bool binds = quotas[v].Min > 0 || quotas[v].Max < Math.Min(pool.Size, bearers[v]);
                rowOf[c][v] = binds ? rows.Count : -1;
                if (binds)
                {
                    rows.Add(new(c, v, quotas[v].Min, quotas[v].Max));
                }
            }
        }

        return (rows, rowOf);
    }

    private static Key Vector(Candidate person, int[][] rowOf)
    {
        Span<int> rows = stackalloc int[rowOf.Length];
        int count = 0;
        for (int c = 0; c < rowOf.Length; c++)
        {
            if (person.Values[c] is >= 0 and int value && rowOf[c][value] >= 0)
            {
                rows[count++] = rowOf[c][value];
            }
        }

        return new([.. rows[..count]]);
    }

    /// <summary>A list of numbers that compares by its contents.</summary>
    /// <remarks>A class, because for references the framework's collections are compiled already.</remarks>
    private sealed class Key(int[] numbers) : IEquatable<Key>, IComparable<Key>
    {
        public int[] Numbers { get; } = numbers;

        public int CompareTo(Key? other) => other is null ? 1 : Numbers.AsSpan().SequenceCompareTo(other.Numbers);

        public bool Equals(Key? other) => other is not null && Numbers.AsSpan().SequenceEqual(other.Numbers);

        public override bool Equals(object? obj) => Equals(obj as Key);

        public override int GetHashCode()
        {
            uint hash = 2_166_136_261;
            foreach (int number in Numbers)
            {
                hash = (hash ^ (uint)number) * 16_777_619;
            }

            return (int)hash;
        }
    }
}
