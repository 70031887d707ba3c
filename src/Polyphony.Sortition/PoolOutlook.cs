using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>What can be said of a pool before a lottery is computed.</summary>
public abstract record PoolOutlook
{
    private PoolOutlook()
    {
    }

    /// <summary>A panel exists.</summary>
    /// <param name="Types">The merged pool: kinds of people who are equal in all that counts.</param>
    /// <param name="Panel">A panel as people per type.</param>
    /// <param name="Uncoverable">Indices of people whom no panel can hold, ascending.</param>
    /// <param name="LeastChanceAtMost">No lottery gives the least likely of the others more than this.</param>
    /// <param name="Undecided">Indices of those of the others of whom it was not decided, within the limit of work, whether a panel can hold them.</param>
    /// <param name="Diagnosis">What excludes the ones, and holds down the chance of the others; null where the digits of the linear programmes did not suffice, or the time.</param>
    /// <param name="EndedByLimit">Whether its time ended the search before all of that was known.</param>
    public sealed record Open(
        PanelTypes Types, IReadOnlyList<int> Panel, IReadOnlyList<int> Uncoverable, double LeastChanceAtMost, IReadOnlyList<int> Undecided, PanelDiagnosis? Diagnosis, bool EndedByLimit) : PoolOutlook;

    /// <summary>No panel exists, or none is known to.</summary>
    /// <param name="Feasibility">Why, and what to change.</param>
    public sealed record Closed(QuotaFeasibility Feasibility) : PoolOutlook;

    /// <summary>Looks at a pool.</summary>
    /// <param name="pool">People and quotas.</param>
    /// <param name="progress">Told what is being done: <c>feasibility</c>, <c>coverage</c> or <c>reasons</c>.</param>
    /// <param name="enough">Ends the search with what is known by then; the result is then marked.</param>
    /// <param name="cancellationToken">Stops the search, without a result.</param>
    /// <returns>What was found.</returns>
    public static PoolOutlook Of(SortitionPool pool, IProgress<LotteryProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
        progress?.Report(new(0.05, "feasibility"));
        PanelTypes types = PanelTypes.Of(pool);
        QuotaFeasibility feasibility = QuotaFeasibility.Of(types, enough, cancellationToken);
        if (feasibility is not QuotaFeasibility.Feasible feasible)
        {
            return new Closed(feasibility);
        }

        TypeTable table = new(types);
        progress?.Report(new(0.2, "coverage"));
        Coverage coverage = PanelFinder.Coverable(table, new SeatSwaps(table), [.. feasible.Counts], enough, cancellationToken);
        bool[] coverable = coverage.Can;
        int[] without = [.. Enumerable.Range(0, coverable.Length).Where(t => !coverable[t])];
        double least = 1;
        PanelDiagnosis? diagnosis = null;
        bool ended = enough.IsCancellationRequested;
        try
        {
            using QuotaPolytope polytope = new(table, coverable);
            least = polytope.Level([.. coverable.Select(can => !can)], new double[table.Count], 1, CancellationToken.None, either.Token) is { } level ? level.Steps[0].Value : 1;
            progress?.Report(new(0.5, "reasons"));
            diagnosis = PanelDiagnosis.Of(types, without, coverage.Panels, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ended = true;
        }

        return new Open(types, feasible.Counts, PeopleOf(without), least, PeopleOf(coverage.Undecided), diagnosis, ended);

        int[] PeopleOf(IEnumerable<int> some) => [.. some.SelectMany(t => types.Types[t].People).Order()];
    }
}
