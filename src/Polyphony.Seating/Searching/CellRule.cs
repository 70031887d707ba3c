namespace Polyphony.Seating;

/// <summary>How many bearers of one value a table may have.</summary>
/// <param name="Least">Floor of the share, or the bound stated by hand.</param>
/// <param name="Most">Ceiling of the share, or the bound stated by hand.</param>
/// <param name="NobodyAlone">Whether one bearer is one too few; where the window holds 1, none and two are then within it.</param>
internal readonly record struct CellRule(int Least, int Most, bool NobodyAlone)
{
    /// <summary>The rule for a value at a table.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <param name="bounds">Bounds stated for the value, or <see langword="null"/>.</param>
    /// <param name="seats">People at the table.</param>
    /// <param name="bearers">Bearers among the people who are spread over the tables.</param>
    /// <param name="people">People who are spread over the tables, 1 or more.</param>
    public static CellRule Of(SeatingCriterion criterion, ValueBounds? bounds, int seats, int bearers, int people)
    {
        if (bounds is not null)
            return new(bounds.Least, bounds.Most, criterion.NobodyAlone);
        if (criterion.Mode != CriterionMode.Mix)
            return new(0, int.MaxValue, criterion.NobodyAlone);
        var share = (long)seats * bearers;
        var floor = (int)(share / people);
        var ceiling = (int)((share + people - 1) / people);
        return criterion.NobodyAlone && floor <= 1 && ceiling >= 1 ? new(0, Math.Max(2, ceiling), true) : new(floor, ceiling, criterion.NobodyAlone);
    }

    /// <summary>People too few or too many.</summary>
    public int Distance(int count) =>
        count < Least ? Least - count + (IsAlone(count) ? 1 : 0)
        : count > Most ? count - Most + (IsAlone(count) ? 1 : 0)
        : IsAlone(count) ? 1 : 0;

    private bool IsAlone(int count) => NobodyAlone && count == 1;
}
