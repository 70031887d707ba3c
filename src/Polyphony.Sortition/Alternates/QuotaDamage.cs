namespace Polyphony.Sortition.Alternates;

/// <summary>What missing a quota costs: 1/max for each person, as rows of all criteria one after the other.</summary>
internal sealed class QuotaDamage
{
    private readonly int[] firstRow;

    public QuotaDamage(SortitionPool pool)
    {
        firstRow = new int[pool.Criteria.Count];
        List<Quota> rows = [];
        for (int c = 0; c < firstRow.Length; c++)
        {
            firstRow[c] = rows.Count;
            rows.AddRange(pool.Criteria[c].Quotas);
        }

        Min = [.. rows.Select(quota => quota.Min)];
        Max = [.. rows.Select(quota => quota.Max)];
        Weight = [.. rows.Select(quota => 1.0 / Math.Max(1, quota.Max))];
    }

    public int[] Min { get; }

    public int[] Max { get; }

    public double[] Weight { get; }

    /// <summary>The rows that somebody counts in.</summary>
    public int[] RowsOf(Candidate person) => [.. person.Values.Select((value, c) => value < 0 ? -1 : firstRow[c] + value).Where(row => row >= 0)];

    /// <summary>The damage of a panel with these numbers of people.</summary>
    public double Of(ReadOnlySpan<int> counts)
    {
        double damage = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            damage += Weight[row] * Math.Max(0, Math.Max(Min[row] - counts[row], counts[row] - Max[row]));
        }

        return damage;
    }

    /// <summary>By how much one person more changes the damage.</summary>
    public double Change(ReadOnlySpan<int> counts, int[] rows)
    {
        double change = 0;
        foreach (int row in rows)
        {
            change += counts[row] < Min[row] ? -Weight[row] : counts[row] >= Max[row] ? Weight[row] : 0;
        }

        return change;
    }
}
