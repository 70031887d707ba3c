namespace Polyphony.Statistics.Disclosure;

/// <summary>Plays the attacker against a mask and withholds until the attack fails.</summary>
/// <remarks>
/// A count is safe when a <see cref="WitnessSearch"/> finds complete tables with it at 0, others with it at 7, and others with it at 8 that are right but for the words "fewer than 8". To withhold
/// more never invalidates such tables, so one pass over the counts is enough.
/// </remarks>
internal sealed class DisclosureAudit(ReleaseMask mask, bool groupsArePublished = false)
{
    /// <summary>What a count below 8 must be able to be; 8 with "fewer than 8" in its own place and in its total not counting, so that no number below 8 is excluded, not in fractions either.</summary>
    private static readonly int[] Ends = [0, DisclosureGate.SmallCount - 1, DisclosureGate.SmallCount];

    private readonly WitnessSearch _witness = new(mask);

    public void WithholdUntilSafe()
    {
        for (var c = 0; c < mask.Sizes.Length; c++)
            if (!mask.IsRest(c, 0) && !Protect(c))
                WithholdCriterion(c);
        ProtectRows();
    }

    /// <summary>Groups are as they were published; only the row of everybody can be withheld.</summary>
    public void WithholdRowsUntilSafe()
    {
        for (var q = 0; q < mask.Totals.Length; q++)
        {
            for (var c = 0; c < mask.Sizes.Length; c++)
            {
                if (mask.IsRest(c, 0) || IsSafe(c, q))
                    continue;
                // The question's own row first, then those of the others, which bound the groups' sizes.
                mask.WithholdOverall(q);
                for (var other = 0; other < mask.Totals.Length && !IsSafe(c, q); other++)
                    mask.WithholdOverall(other);
            }
        }
        ProtectRows();
    }

    private bool IsSafe(int c, int q)
    {
        for (var g = 0; g < mask.Sizes[c].Length; g++)
        {
            for (var answer = 0; answer < mask.Totals[q].Length; answer++)
            {
                if (mask.Cells[c][q][g][answer] < DisclosureGate.SmallCount && !Array.TrueForAll(Ends, value => _witness.Exists(c, q, g, answer, value)))
                    return false;
            }
        }
        return true;
    }

    private void ProtectRows()
    {
        var rows = new RowWitness(mask, _witness);
        for (var q = 0; q < mask.Totals.Length; q++)
        {
            for (var answer = 0; answer < mask.Totals[q].Length; answer++)
            {
                if (mask.Totals[q][answer] < DisclosureGate.SmallCount)
                {
                    foreach (var value in Ends)
                        Protect(q, answer, () => rows.Total(q, answer, value));
                }
                if (mask.PaperBallots > 0 && mask.Paper[q][answer] < DisclosureGate.SmallCount)
                {
                    foreach (var value in Ends)
                        Protect(q, answer, () => rows.Paper(q, answer, Math.Min(value, rows.MostPaper)));
                }
            }
        }
    }

    /// <summary>Withholds counts of the answer by group, then of the question, until the count of everybody or on paper could be what it must; at last the row of everybody.</summary>
    private void Protect(int q, int answer, Func<bool> exists)
    {
        while (!exists())
        {
            if (!groupsArePublished && WithholdOneThatHelps(q, answer, exists))
                return;
            var any = false;
            for (var c = 0; c < mask.Sizes.Length && !groupsArePublished; c++)
                any |= WithholdLargest(c, q, -1, answer);
            if (!any && !mask.WithholdOverall(q))
                return;
        }
    }

    private bool Protect(int c)
    {
        for (var q = 0; q < mask.Totals.Length; q++)
        {
            for (var g = 0; g < mask.Sizes[c].Length; g++)
            {
                for (var answer = 0; answer < mask.Totals[q].Length; answer++)
                {
                    var count = mask.Cells[c][q][g][answer];
                    var small = count < DisclosureGate.SmallCount;
                    var unanimous = count > 0 && count == mask.Sizes[c][g] && count < DisclosureGate.SmallestUnanimous;
                    if (small && !Array.TrueForAll(Ends, value => Protect(c, q, g, answer, value)))
                        return false;
                    if (unanimous && !Protect(c, q, g, answer, count - 1))
                        return false;
                }
            }
        }
        return true;
    }

    /// <summary>Withholds as little as it finds until the count could be <paramref name="value"/>; false when even the whole table is not enough.</summary>
    private bool Protect(int c, int q, int g, int answer, int value)
    {
        while (!_witness.Exists(c, q, g, answer, value))
        {
            if (WithholdOneThatHelps(c, q, g, answer, value))
                return true;
            // A count that does not fit into its group needs other sizes; any other is held fast by the same question under another criterion.
            var withheld = WithholdLargest(c, q, g, answer)
                || (mask.Sizes[c][g] >= value && WithholdLargestElsewhere(c, q))
                || WithholdSmallestGroup(c);
            if (!withheld)
                return false;
        }
        return true;
    }

    /// <summary>One count of the answer in some group.</summary>
    private bool WithholdOneThatHelps(int q, int answer, Func<bool> exists)
    {
        var shown =
            from c in Enumerable.Range(0, mask.Sizes.Length)
            from row in Enumerable.Range(0, mask.Sizes[c].Length)
            where mask.IsShown(c, q, row, answer)
            orderby mask.Shown(c, q, row, answer)
            select (Criterion: c, Row: row);
        foreach (var (c, row) in shown.ToList())
        {
            mask.Withhold(c, q, row, answer);
            if (exists())
                return true;
            mask.Unveil(c, q, row, answer);
        }
        return false;
    }

    private bool WithholdOneThatHelps(int c, int q, int g, int answer, int value)
    {
        var shown =
            from row in Enumerable.Range(0, mask.Sizes[c].Length)
            from column in Enumerable.Range(0, mask.Totals[q].Length)
            where mask.IsShown(c, q, row, column) && !(row == g && column == answer)
            orderby row == g || column == answer ? 0 : 1, mask.Shown(c, q, row, column)
            select (Row: row, Column: column);
        foreach (var (row, column) in shown.ToList())
        {
            mask.Withhold(c, q, row, column);
            if (_witness.Exists(c, q, g, answer, value))
                return true;
            mask.Unveil(c, q, row, column);
        }
        return false;
    }

    /// <summary>Withholds the largest shown counts of the row and of the column, or else of the table.</summary>
    private bool WithholdLargest(int c, int q, int g, int answer)
    {
        var any = false;
        foreach (var lies in new Func<int, int, bool>[] { (row, _) => row == g, (_, column) => column == answer, (_, _) => !any })
        {
            var shown =
                from row in Enumerable.Range(0, mask.Sizes[c].Length)
                from column in Enumerable.Range(0, mask.Totals[q].Length)
                where lies(row, column) && mask.IsShown(c, q, row, column)
                orderby mask.Shown(c, q, row, column) descending
                select (Row: row, Column: column);
            if (shown.Cast<(int Row, int Column)?>().FirstOrDefault() is not { } largest)
                continue;
            mask.Withhold(c, q, largest.Row, largest.Column);
            any = true;
        }
        return any;
    }

    private bool WithholdLargestElsewhere(int c, int q)
    {
        var any = false;
        for (var other = 0; other < mask.Sizes.Length; other++)
            any |= other != c && WithholdLargest(other, q, -1, -1);
        return any;
    }

    private bool WithholdSmallestGroup(int c)
    {
        var shown = Enumerable.Range(0, mask.Sizes[c].Length).Where(g => mask.IsSizeShown(c, g)).OrderBy(g => DisclosureGate.Round(mask.Sizes[c][g])).ToList();
        // With one size left to see, the criterion as a whole is what has to go.
        if (shown.Count < 2)
            return false;
        mask.WithholdGroup(c, shown[0], WithheldReasons.Protected);
        return true;
    }

    /// <summary>Nothing of a criterion is shown: the total alone bounds its counts, and a total allows 0 and 8 wherever a count of 1 to 7 lies below it.</summary>
    private void WithholdCriterion(int c)
    {
        for (var g = 0; g < mask.Sizes[c].Length; g++)
            mask.WithholdGroup(c, g, WithheldReasons.Protected);
    }
}
