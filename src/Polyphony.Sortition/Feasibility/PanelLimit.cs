namespace Polyphony.Sortition;

/// <summary>What a rule of the panel limits.</summary>
public enum LimitKind
{
    /// <summary>At least so many with a value.</summary>
    Minimum = 1,

    /// <summary>At most so many with a value.</summary>
    Maximum = 2,

    /// <summary>So many people on the panel.</summary>
    Size = 3,

    /// <summary>At most one of each household.</summary>
    Households = 4,
}

/// <summary>One rule that a panel keeps.</summary>
/// <param name="Kind">What it limits.</param>
/// <param name="Criterion">Index of the criterion; −1 for size and households.</param>
/// <param name="Value">Index of the value; −1 for size and households.</param>
/// <param name="Bound">The number: a minimum, a maximum, the size, or 1 for households.</param>
public sealed record PanelLimit(LimitKind Kind, int Criterion, int Value, int Bound)
{
    /// <summary>All rules that can bind: minimums, maximums, the size, and the household rule where people share a household.</summary>
    /// <param name="types">The merged pool.</param>
    /// <returns>The rules in the order of the quotas, then size and households.</returns>
    public static IReadOnlyList<PanelLimit> Of(PanelTypes types)
    {
        ArgumentNullException.ThrowIfNull(types);
        int[] bearers = new int[types.Rows.Count];
        foreach (PersonType type in types.Types)
        {
            foreach (int row in type.Rows)
            {
                bearers[row] += type.People.Count;
            }
        }

        List<PanelLimit> limits = [];
        foreach ((int r, QuotaRow row) in types.Rows.Index())
        {
            if (row.Min > 0)
            {
                limits.Add(new(LimitKind.Minimum, row.Criterion, row.Value, row.Min));
            }

            if (row.Max < Math.Min(types.Pool.Size, bearers[r]))
            {
                limits.Add(new(LimitKind.Maximum, row.Criterion, row.Value, row.Max));
            }
        }

        limits.Add(new(LimitKind.Size, -1, -1, types.Pool.Size));
        if (types.Groups.Count > 0)
        {
            limits.Add(new(LimitKind.Households, -1, -1, 1));
        }

        return limits;
    }
}

/// <summary>Rules that cannot hold together.</summary>
/// <param name="Limits">The rules; without any one of them the others can hold together.</param>
/// <param name="Smallest">Whether it is proven that no fewer rules are in conflict.</param>
public sealed record ConflictSet(IReadOnlyList<PanelLimit> Limits, bool Smallest);
