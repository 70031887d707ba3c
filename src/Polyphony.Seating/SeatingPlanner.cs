namespace Polyphony.Seating;

/// <summary>Makes seating plans and improves them.</summary>
/// <remarks>
/// The plan is found by simulated annealing over exchanges of two people of one round, with every rule as a penalty that ends far above what it can win.
/// Chance is a seed and effort is a number of exchanges, not a time, so that a plan can be made again, bit for bit, from its problem, seed and effort.
/// </remarks>
public static class SeatingPlanner
{
    /// <summary>Exchanges that take about a second for 100 people, and less than a minute for 10,000.</summary>
    /// <param name="problem">The problem.</param>
    /// <returns>A number that depends on people and rounds alone.</returns>
    public static long DefaultExchanges(SeatingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var seats = (long)problem.People.Length * problem.Rounds.Length;
        return Math.Min(100_000 * seats, 24_000_000 + (5_000 * seats));
    }

    /// <summary>Makes a plan.</summary>
    /// <param name="problem">A problem whose <see cref="SeatingProblem.Refusals"/> are empty.</param>
    /// <param name="seed">Any number; the same seed gives the same plan.</param>
    /// <param name="exchanges">How many exchanges to try, 0 or more; see <see cref="DefaultExchanges"/>.</param>
    /// <param name="progress">Hears from the search now and then, or <see langword="null"/>.</param>
    /// <param name="enough">Ends the search early with the best plan so far, which is then marked.</param>
    /// <param name="cancellationToken">Stops the search without a plan.</param>
    /// <returns>The best plan found; all people are seated in every round.</returns>
    /// <exception cref="ArgumentException">The problem has refusals.</exception>
    /// <exception cref="OperationCanceledException">The second token was cancelled.</exception>
    public static PlannedSeats Plan(
        SeatingProblem problem, ulong seed, long exchanges, IProgress<SeatingProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfNegative(exchanges);
        if (problem.Refusals() is [var first, ..])
            throw new ArgumentException($"The problem cannot be planned: {first.Code}.", nameof(problem));
        return new PlanSearch(problem, seed, progress, enough, cancellationToken).Plan(exchanges);
    }

    /// <summary>Improves a plan by further exchanges from a round on, where people with <see cref="SeatingProblem.Fixed"/> seats stay.</summary>
    /// <param name="problem">The problem that the plan answers; fixed seats are where these people sit now.</param>
    /// <param name="plan">A plan; people without a seat in the rounds to be changed get none.</param>
    /// <param name="fromRound">The first round that may change, from 0.</param>
    /// <param name="seed">Any number; the same seed gives the same plan.</param>
    /// <param name="exchanges">How many exchanges to try, 0 or more.</param>
    /// <param name="progress">Hears from the search now and then, or <see langword="null"/>.</param>
    /// <param name="enough">Ends the search early with the best plan so far.</param>
    /// <param name="cancellationToken">Stops the search without a plan.</param>
    /// <returns>A plan that is no worse: fewer violations, else the same and no smaller value.</returns>
    public static PlannedSeats Improve(
        SeatingProblem problem, SeatingPlan plan, int fromRound, ulong seed, long exchanges, IProgress<SeatingProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegative(exchanges);
        ArgumentOutOfRangeException.ThrowIfNegative(fromRound);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromRound, plan.Rounds.Length);
        return new PlanImprovement(problem, plan, fromRound).Run(seed, exchanges, progress, enough, cancellationToken);
    }
}
