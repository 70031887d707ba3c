namespace Polyphony.Sortition;

/// <summary>What looking for replacements gave.</summary>
public abstract record ReplacementOutcome
{
    private ReplacementOutcome()
    {
    }

    /// <summary>These people complete the panel; all quotas hold.</summary>
    /// <param name="People">Indices into the pool, in the order in which they were drawn.</param>
    public sealed record Completed(IReadOnlyList<int> People) : ReplacementOutcome;

    /// <summary>Nobody can complete the panel so that all quotas hold, or it is not known.</summary>
    /// <param name="Feasibility">Which quotas would have to change; <see cref="QuotaFeasibility.Unknown"/>: of somebody in the order it was not decided whether the panel can be completed with them, so nobody after them can be drawn either.</param>
    public sealed record NotPossible(QuotaFeasibility Feasibility) : ReplacementOutcome;
}

/// <summary>Draws people in place of those who are out: down a published order, taking everybody with whom the panel can still be completed.</summary>
public static class ReplacementDraw
{
    /// <summary>Draws replacements.</summary>
    /// <param name="pool">The whole pool with its quotas.</param>
    /// <param name="staying">Indices of people who stay on the panel.</param>
    /// <param name="leaving">Indices of people who are out and cannot be drawn again.</param>
    /// <param name="order">All indices of the pool in the order that public randomness gave them.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The people drawn, or why nobody can be.</returns>
    public static ReplacementOutcome Draw(
        SortitionPool pool, IReadOnlyCollection<int> staying, IReadOnlyCollection<int> leaving, IReadOnlyList<int> order, CancellationToken cancellationToken) =>
        Draw(pool, staying, leaving, order, QuotaFeasibility.HasPanel, cancellationToken);

    /// <summary>The same, with another way to decide whether there is a panel; null: it is not known.</summary>
    internal static ReplacementOutcome Draw(
        SortitionPool pool, IReadOnlyCollection<int> staying, IReadOnlyCollection<int> leaving, IReadOnlyList<int> order, Func<PanelTypes, CancellationToken, bool?> hasPanel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(staying);
        ArgumentNullException.ThrowIfNull(leaving);
        ArgumentNullException.ThrowIfNull(order);
        HashSet<string> taken = new(staying.Select(person => pool.People[person].Household).OfType<string>(), StringComparer.Ordinal);
        HashSet<int> barred = [.. staying, .. leaving];
        List<int> free = [.. order.Where(person => !barred.Contains(person) && (pool.People[person].Household is not { } household || !taken.Contains(household)))];
        List<int> drawn = [];
        int needed = pool.Size - staying.Count;
        if (CanComplete(pool, staying.ToHashSet(), free, hasPanel, cancellationToken) is not true and var whole)
        {
            return new ReplacementOutcome.NotPossible(whole is null ? new QuotaFeasibility.Unknown() : Why(Left(pool, staying.ToHashSet(), free), cancellationToken));
        }

        HashSet<string> refused = new(StringComparer.Ordinal);
        while (drawn.Count < needed && free.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int person = free[0];
            free.RemoveAt(0);

            // Equal people in the same situation get the same answer.
            string kind = string.Join(',', pool.People[person].Values);
            bool alone = pool.People[person].Household is null;
            if (alone && refused.Contains(kind))
            {
                continue;
            }

            List<int> rest = [.. free.Where(other => pool.People[other].Household is not { } household || household != pool.People[person].Household)];
            HashSet<int> fixedPeople = [.. staying, .. drawn, person];
            switch (CanComplete(pool, fixedPeople, rest, hasPanel, cancellationToken))
            {
                case true:
                    drawn.Add(person);
                    free = rest;
                    break;
                case null:
                    return new ReplacementOutcome.NotPossible(new QuotaFeasibility.Unknown());
                case false when alone:
                    refused.Add(kind);
                    break;
            }
        }

        int[] panel = [.. staying, .. drawn];
        return pool.IsPanel(panel)
            ? new ReplacementOutcome.Completed(drawn)
            : throw new InvalidOperationException("The completed panel broke the rules of the pool: this is a fault of the program.");
    }

    /// <summary>Whether the panel can be completed when some people are fixed; null: it was not decided.</summary>
    private static bool? CanComplete(SortitionPool pool, HashSet<int> fixedPeople, IReadOnlyList<int> free, Func<PanelTypes, CancellationToken, bool?> hasPanel, CancellationToken cancellationToken)
    {
        if (fixedPeople.Count > pool.Size)
        {
            return false;
        }

        ConditionalPool left = Left(pool, fixedPeople, free);
        return left.Overfilled.Count > 0 ? false
            : left.Rest.Size == 0 ? left.Rest.Criteria.All(criterion => criterion.Quotas.All(quota => quota.Min == 0))
            : hasPanel(PanelTypes.Of(left.Rest), cancellationToken);
    }

    private static ConditionalPool Left(SortitionPool pool, HashSet<int> fixedPeople, IReadOnlyList<int> free)
    {
        HashSet<int> open = [.. free];
        return ConditionalPool.Of(pool, fixedPeople, [.. Enumerable.Range(0, pool.People.Count).Where(person => !open.Contains(person) && !fixedPeople.Contains(person))]);
    }

    private static QuotaFeasibility Why(ConditionalPool left, CancellationToken cancellationToken) =>
        left.Overfilled.Count > 0 || left.Rest.Size == 0 ? new QuotaFeasibility.Impossible() : QuotaFeasibility.WithoutPanel(PanelTypes.Of(left.Rest), cancellationToken) switch
        {
            // That there is no panel was proven; what to change was not found in time.
            QuotaFeasibility.Unknown or QuotaFeasibility.Feasible => new QuotaFeasibility.Impossible(),
            var why => why,
        };
}
