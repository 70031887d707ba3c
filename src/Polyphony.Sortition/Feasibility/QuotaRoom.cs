using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Feasibility;

/// <summary>How much room quotas leave, read as limits on averages; and whether a panel exists at all.</summary>
internal static class QuotaRoom
{
    /// <summary>Whether averages can keep the quotas: false is a strong hint that no panel can. True also where the time ended before that was known.</summary>
    public static bool IsLeft(TypeTable table, CancellationToken enough, CancellationToken cancellationToken)
    {
        using QuotaPolytope polytope = new(table, [.. table.People.Select(_ => true)]);
        return polytope.Maximise(new double[table.Count], enough, cancellationToken) is not null || enough.IsCancellationRequested;
    }

    /// <summary>Whether a panel exists; null when that was not decided within the limit of work.</summary>
    public static bool? HasPanel(PanelTypes types, double work, CancellationToken cancellationToken)
    {
        if (types.Pool.Size < 1 || types.Pool.People.Count < types.Pool.Size)
        {
            return false;
        }

        TypeTable table = new(types);
        if (IsLeft(table, CancellationToken.None, cancellationToken))
        {
            SeatSwaps swaps = new(table);
            int[] found = new int[table.Count];
            if (swaps.LoadAnything(new int[table.Count]) && !double.IsNegativeInfinity(swaps.Walk(new double[table.Count], 100 * table.Size, 1, found)))
            {
                return true;
            }
        }

        PanelAnswer answer = new PanelProgram(table).Any(work, cancellationToken);
        return answer.Best is not null ? true : answer.Proven ? false : null;
    }

    /// <summary>The greatest least chance that the quotas allow, read as limits on averages: no lottery gives everybody more who can be on a panel.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="outside">Types that are known to be on no panel.</param>
    /// <param name="cancellationToken">Stops between two linear programmes.</param>
    /// <returns>Null when the digits of the linear programmes did not suffice.</returns>
    public static FirstLevel? Level(PanelTypes types, IReadOnlyList<int> outside, CancellationToken cancellationToken)
    {
        TypeTable table = new(types);
        bool[] coverable = [.. table.People.Select((_, t) => !outside.Contains(t))];
        bool[] settled = [.. coverable.Select(can => !can)];
        double[] floor = new double[table.Count];
        int left = outside.Sum(t => table.People[t]);
        using QuotaPolytope polytope = new(table, coverable);

        // Types that the quotas leave no seat, not even on average, come first; what they get is no measure for the others.
        while (settled.Contains(false))
        {
            if (polytope.Level(settled, floor, 1, CancellationToken.None, cancellationToken) is not { Steps: [var step], Chances: { } chances })
            {
                return null;
            }

            if (step.Value > 1e-7)
            {
                return new(step, left, chances);
            }

            left += step.Settled.Sum(t => table.People[t]);
        }

        return null;
    }
}

/// <summary>The first level of the outer approximation.</summary>
/// <param name="Step">Its value, who cannot rise above it, and the multipliers that prove it.</param>
/// <param name="Outside">People who can be on no panel: at least so many.</param>
/// <param name="Chances">For each type the chance that a person has there.</param>
internal sealed record FirstLevel(LevelStep Step, int Outside, double[] Chances);
