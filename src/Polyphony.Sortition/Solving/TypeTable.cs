namespace Polyphony.Sortition.Solving;

/// <summary>The merged pool as flat arrays, as the inner loops need it.</summary>
internal sealed class TypeTable
{
    public TypeTable(PanelTypes types)
    {
        Types = types;
        Count = types.Types.Count;
        Size = types.Pool.Size;
        People = [.. types.Types.Select(type => type.People.Count)];
        Capacity = [.. types.Types.Select(type => type.Capacity)];
        Group = [.. types.Types.Select(type => type.Group)];
        Households = [.. types.Groups.Select(group => group.Households)];
        Min = [.. types.Rows.Select(row => row.Min)];
        Max = [.. types.Rows.Select(row => row.Max)];

        // Every type has a slot for each criterion; a slot without a binding quota points behind the last row.
        int[] slotOf = SlotsOf(types);
        Criteria = slotOf.Length == 0 ? 0 : slotOf.Max() + 1;
        Slots = new int[Count * Criteria];
        Array.Fill(Slots, types.Rows.Count);
        Rows = [.. types.Types.Select(type => type.Rows.ToArray())];
        for (int t = 0; t < Count; t++)
        {
            foreach (int row in Rows[t])
            {
                Slots[(t * Criteria) + slotOf[row]] = row;
            }
        }
    }

    public PanelTypes Types { get; }

    /// <summary>How many types there are.</summary>
    public int Count { get; }

    /// <summary>People on a panel.</summary>
    public int Size { get; }

    /// <summary>For each type the number of its people in the pool.</summary>
    public int[] People { get; }

    /// <summary>For each type how many of its people a panel can hold.</summary>
    public int[] Capacity { get; }

    public int[] Group { get; }

    public int[] Households { get; }

    public int[] Min { get; }

    public int[] Max { get; }

    public int[][] Rows { get; }

    /// <summary>How many slots a type has in <see cref="Slots"/>.</summary>
    public int Criteria { get; }

    /// <summary>For type t and criterion c the row at t × <see cref="Criteria"/> + c; the number of rows where none binds.</summary>
    public int[] Slots { get; }

    /// <summary>Whether counts are a panel: the check in plain code that every proposal must pass.</summary>
    public bool IsPanel(IReadOnlyList<int> counts)
    {
        int[] bearers = new int[Min.Length];
        int[] inGroup = new int[Households.Length];
        int size = 0;
        foreach ((int t, int people) in SparsePanel.Seats(counts))
        {
            if (people < 0 || people > Capacity[t])
            {
                return false;
            }

            size += people;
            foreach (int row in Rows[t])
            {
                bearers[row] += people;
            }

            if (Group[t] >= 0)
            {
                inGroup[Group[t]] += people;
            }
        }

        for (int row = 0; row < bearers.Length; row++)
        {
            if (bearers[row] < Min[row] || bearers[row] > Max[row])
            {
                return false;
            }
        }

        for (int group = 0; group < inGroup.Length; group++)
        {
            if (inGroup[group] > Households[group])
            {
                return false;
            }
        }

        return size == Size;
    }

    /// <summary>Multipliers of the size alone: that there are only so many seats.</summary>
    public Multipliers OnlySize(double multiplier) => new(multiplier, new double[Min.Length], new double[Households.Length], new Dictionary<int, double>(), []);

    /// <summary>Steps that end with everybody settled: where they did not come so far, by the size alone, which bounds what is left to the others.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="coverable">Types that some panel can hold.</param>
    /// <param name="value">A chance that everybody who is not settled by them can have at the same time.</param>
    public IReadOnlyList<LevelStep> Bounded(IReadOnlyList<LevelStep> steps, bool[] coverable, double value)
    {
        bool[] left = [.. coverable];
        foreach (int t in steps.SelectMany(step => step.Settled))
        {
            left[t] = false;
        }

        return left.Contains(true) ? [.. steps, new(value, [.. Enumerable.Range(0, Count).Where(t => left[t])], OnlySize(1))] : steps;
    }

    private static int[] SlotsOf(PanelTypes types)
    {
        int[] criteria = [.. types.Rows.Select(row => row.Criterion).Distinct().Order()];
        return [.. types.Rows.Select(row => Array.IndexOf(criteria, row.Criterion))];
    }
}
