using Polyphony.Sortition.Feasibility;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>Whether quotas can be met, and if not, what to change.</summary>
public abstract record QuotaFeasibility
{
    private QuotaFeasibility()
    {
    }

    /// <summary>A panel exists.</summary>
    /// <param name="Counts">One panel as people per type.</param>
    public sealed record Feasible(IReadOnlyList<int> Counts) : QuotaFeasibility;

    /// <summary>No panel exists, but one does after these changes, which cost least.</summary>
    /// <param name="Changes">Changed quotas.</param>
    public sealed record Infeasible(IReadOnlyList<QuotaChange> Changes) : QuotaFeasibility;

    /// <summary>No panel exists, and none within the bounds to which quotas may be changed: too few people, or households in the way.</summary>
    public sealed record Impossible : QuotaFeasibility;

    /// <summary>The solver did not finish within its limit; nothing is known.</summary>
    public sealed record Unknown : QuotaFeasibility;

    /// <summary>Decides for a pool.</summary>
    /// <remarks>The relaxation minimises Σ (1 + 2/min) for each step by which a minimum is lowered (0 for a minimum of 0) and 1 for each step by which a
    /// maximum is raised (Flanigan et al., "Fair algorithms for selecting citizens' assemblies", Nature 596, 2021, supplement).</remarks>
    /// <param name="types">The merged pool.</param>
    /// <param name="cancellationToken">Stops before a solver is started.</param>
    /// <returns>The decision.</returns>
    public static QuotaFeasibility Of(PanelTypes types, CancellationToken cancellationToken) => Of(types, CancellationToken.None, cancellationToken);

    /// <summary>The same; <paramref name="enough"/> ends the search, and what was not decided by then is <see cref="Unknown"/>.</summary>
    internal static QuotaFeasibility Of(PanelTypes types, CancellationToken enough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        cancellationToken.ThrowIfCancellationRequested();
        TypeTable table = new(types);

        // Where not even averages keep the quotas, looking for a panel is in vain; should the digits have misled, the changes come out empty.
        return QuotaRoom.IsLeft(table, enough, cancellationToken) ? PanelFinder.Any(table, new SeatSwaps(table), enough, cancellationToken) switch
        {
            { Panel: { } counts } => new Feasible(counts),
            { Decided: true } => Changed(),
            _ => new Unknown(),
        }
        : Changed();

        QuotaFeasibility Changed()
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
            try
            {
                return WithoutPanel(types, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new Unknown();
            }
        }
    }

    /// <summary>Whether a pool has a panel, without asking what to change if not; null: it was not decided within the limit of work.</summary>
    internal static bool? HasPanel(PanelTypes types, CancellationToken cancellationToken)
    {
        TypeTable table = new(types);
        if (QuotaRoom.IsLeft(table, CancellationToken.None, cancellationToken))
        {
            FirstPanel first = PanelFinder.Any(table, new SeatSwaps(table), CancellationToken.None, cancellationToken);
            return first.Panel is not null ? true : first.Decided ? false : null;
        }

        PanelAnswer answer = new PanelProgram(table).Any(60, cancellationToken);
        return answer.Best is not null ? true : answer.Proven ? false : null;
    }

    /// <summary>Decides what to change in a pool that is known to have no panel.</summary>
    internal static QuotaFeasibility WithoutPanel(PanelTypes types, CancellationToken cancellationToken)
    {
        using RelaxationSearch search = new(types);
        search.Require(-1);
        return search.Next(5, cancellationToken) switch
        {
            { Changes: [], Counts: var counts } => new Feasible(counts),
            { Changes: { } changes } => new Infeasible(changes),
            { Proven: true } => new Impossible(),
            _ => new Unknown(),
        };
    }
}

/// <summary>A quota as it should be changed.</summary>
/// <param name="Criterion">Index of the criterion.</param>
/// <param name="Value">Index of the value.</param>
/// <param name="Min">The new minimum.</param>
/// <param name="Max">The new maximum.</param>
public sealed record QuotaChange(int Criterion, int Value, int Min, int Max);
