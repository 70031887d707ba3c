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

    /// <summary>Nobody can complete the panel so that all quotas hold.</summary>
    /// <param name="Feasibility">Which quotas would have to change.</param>
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
        SortitionPool pool, IReadOnlyCollection<int> staying, IReadOnlyCollection<int> leaving, IReadOnlyList<int> order, CancellationToken cancellationToken)
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
        if (Rest(pool, staying, free).Decide(cancellationToken) is not QuotaFeasibility.Feasible and var whole)
        {
            return new ReplacementOutcome.NotPossible(whole);
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
            int[] fixedPeople = [.. staying, .. drawn, person];
            if (Rest(pool, fixedPeople, rest).Decide(cancellationToken) is QuotaFeasibility.Feasible)
            {
                drawn.Add(person);
                free = rest;
            }
            else if (alone)
            {
                refused.Add(kind);
            }
        }

        int[] panel = [.. staying, .. drawn];
        return pool.IsPanel(panel)
            ? new ReplacementOutcome.Completed(drawn)
            : throw new InvalidOperationException("The completed panel broke the rules of the pool: this is a fault of the program.");
    }

    /// <summary>The problem that is left when some people are fixed: fewer seats, and quotas reduced by the fixed.</summary>
    private static Residual Rest(SortitionPool pool, IReadOnlyCollection<int> fixedPeople, IReadOnlyList<int> free)
    {
        List<QuotaSet> criteria = [];
        bool overfull = fixedPeople.Count > pool.Size;
        for (int c = 0; c < pool.Criteria.Count; c++)
        {
            int criterion = c;
            criteria.Add(pool.Criteria[c] with
            {
                Quotas =
                [
                    .. pool.Criteria[c].Quotas.Select((quota, v) =>
                    {
                        int have = fixedPeople.Count(person => pool.People[person].Values[criterion] == v);
                        overfull |= have > quota.Max;
                        return quota with
                        {
                            Min = Math.Max(0, quota.Min - have),
                            Max = Math.Max(0, quota.Max - have),
                            MinFlex = quota.MinFlex is { } low ? Math.Max(0, low - have) : null,
                            MaxFlex = quota.MaxFlex is { } high ? Math.Max(0, high - have) : null,
                        };
                    }),
                ],
            });
        }

        return new(new SortitionPool(criteria, [.. free.Select(person => pool.People[person])], pool.Size - fixedPeople.Count), overfull);
    }

    private sealed record Residual(SortitionPool Pool, bool Overfull)
    {
        public QuotaFeasibility Decide(CancellationToken cancellationToken) => Overfull
            ? new QuotaFeasibility.Impossible()
            : Pool.Size == 0
                ? Pool.Criteria.All(criterion => criterion.Quotas.All(quota => quota.Min == 0)) ? new QuotaFeasibility.Feasible([]) : new QuotaFeasibility.Impossible()
                : QuotaFeasibility.Of(PanelTypes.Of(Pool), cancellationToken);
    }
}
