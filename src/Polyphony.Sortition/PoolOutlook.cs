using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>What can be said of a pool before a lottery is computed.</summary>
public abstract record PoolOutlook
{
    private PoolOutlook()
    {
    }

    /// <summary>A panel exists.</summary>
    /// <param name="Types">Kinds of people who are equal in all that counts.</param>
    /// <param name="Uncoverable">Indices of people whom no panel can hold, ascending.</param>
    /// <param name="LeastChanceAtMost">No lottery gives the least likely of the others more than this.</param>
    public sealed record Open(int Types, IReadOnlyList<int> Uncoverable, double LeastChanceAtMost) : PoolOutlook;

    /// <summary>No panel exists, or none is known to.</summary>
    /// <param name="Feasibility">Why, and what to change.</param>
    public sealed record Closed(QuotaFeasibility Feasibility) : PoolOutlook;

    /// <summary>Looks at a pool.</summary>
    /// <param name="pool">People and quotas.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>What was found.</returns>
    public static PoolOutlook Of(SortitionPool pool, CancellationToken cancellationToken)
    {
        PanelTypes types = PanelTypes.Of(pool);
        QuotaFeasibility feasibility = QuotaFeasibility.Of(types, cancellationToken);
        if (feasibility is not QuotaFeasibility.Feasible feasible)
        {
            return new Closed(feasibility);
        }

        TypeTable table = new(types);
        bool[] coverable = PanelFinder.Coverable(table, new SeatSwaps(table), [.. feasible.Counts], cancellationToken);
        using QuotaPolytope polytope = new(table, coverable);
        double least = polytope.Level([.. coverable.Select(can => !can)], new double[table.Count], 1, cancellationToken) is { } level ? level.Steps[0].Value : 1;
        int[] without = [.. types.Types.Where((_, t) => !coverable[t]).SelectMany(type => type.People).Order()];
        return new Open(table.Count, without, least);
    }
}
