namespace Polyphony.Sortition;

/// <summary>What is left to draw when some people sit on the panel already and others cannot: fewer seats, quotas less those who sit, their households out.</summary>
/// <param name="Rest">The free people with what is left of size and quotas; a quota that the seated overfill has a maximum of 0.</param>
/// <param name="Free">For each person of <paramref name="Rest"/> the index in the whole pool.</param>
/// <param name="Overfilled">Quotas of which the seated alone are more than the maximum: nothing can be drawn.</param>
public sealed record ConditionalPool(SortitionPool Rest, IReadOnlyList<int> Free, IReadOnlyList<(int Criterion, int Value, int Count)> Overfilled)
{
    /// <summary>Who sits on the panel already: indices in the whole pool.</summary>
    public IReadOnlyList<int> Seated { get; private init; } = [];

    /// <summary>The whole panel to which some of the rest complete those who sit.</summary>
    /// <param name="drawn">Indices into the people of <see cref="Rest"/>.</param>
    /// <returns>Indices in the whole pool, ascending.</returns>
    public IReadOnlyList<int> Whole(IReadOnlyList<int> drawn)
    {
        ArgumentNullException.ThrowIfNull(drawn);
        int[] panel = new int[drawn.Count + Seated.Count];
        for (int i = 0; i < panel.Length; i++)
        {
            panel[i] = i < drawn.Count ? Free[drawn[i]] : Seated[i - drawn.Count];
        }

        Array.Sort(panel);
        return panel;
    }

    /// <summary>Reduces a pool.</summary>
    /// <param name="whole">The whole pool.</param>
    /// <param name="seated">Indices of people who sit on the panel, distinct.</param>
    /// <param name="barred">Indices of people who cannot be drawn; their households stay in.</param>
    /// <returns>The rest.</returns>
    /// <exception cref="ArgumentException">More people are seated than the panel holds.</exception>
    public static ConditionalPool Of(SortitionPool whole, IReadOnlyCollection<int> seated, IReadOnlyCollection<int> barred)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(seated);
        ArgumentNullException.ThrowIfNull(barred);
        if (seated.Count > whole.Size)
        {
            throw new ArgumentException($"{seated.Count} people are seated on a panel of {whole.Size}.", nameof(seated));
        }

        HashSet<int> gone = [.. seated, .. barred];
        HashSet<string> households = new(seated.Select(person => whole.People[person].Household).OfType<string>(), StringComparer.Ordinal);
        int[] free = [.. Enumerable.Range(0, whole.People.Count).Where(person => !gone.Contains(person) && (whole.People[person].Household is not { } household || !households.Contains(household)))];
        List<(int, int, int)> overfilled = [];
        List<QuotaSet> criteria = [];
        for (int c = 0; c < whole.Criteria.Count; c++)
        {
            int[] have = new int[whole.Criteria[c].Quotas.Count];
            foreach (int person in seated)
            {
                if (whole.People[person].Values[c] is >= 0 and int value)
                {
                    have[value]++;
                }
            }

            for (int v = 0; v < have.Length; v++)
            {
                if (have[v] > whole.Criteria[c].Quotas[v].Max)
                {
                    overfilled.Add((c, v, have[v]));
                }
            }

            criteria.Add(whole.Criteria[c] with { Quotas = [.. whole.Criteria[c].Quotas.Select((quota, v) => Less(quota, have[v]))] });
        }

        return new(new SortitionPool(criteria, [.. free.Select(person => whole.People[person])], whole.Size - seated.Count), free, overfilled) { Seated = [.. seated] };
    }

    private static Quota Less(Quota quota, int have) => quota with
    {
        Min = Math.Max(0, quota.Min - have),
        Max = Math.Max(0, quota.Max - have),
        MinFlex = quota.MinFlex is { } low ? Math.Max(0, low - have) : null,
        MaxFlex = quota.MaxFlex is { } high ? Math.Max(0, high - have) : null,
    };
}
