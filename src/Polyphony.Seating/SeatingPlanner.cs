namespace Polyphony.Seating;

/// <summary>Makes seating plans and repairs them.</summary>
/// <remarks>
/// The plan is found by simulated annealing over swaps of two people of one round, with the windows of each value as heavy penalties. Measured against
/// a fill in the style of GroupSelect it meets more people and breaks fewer windows. Chance is a seed and effort is a number of
/// swaps, not a time, so that a plan can be made again, bit for bit, from its problem, seed and number of swaps.
/// </remarks>
public static class SeatingPlanner
{
    /// <summary>Swaps that take about a second for 100 people, 10 tables and 5 criteria.</summary>
    public const long DefaultSwaps = 6_000_000;

    /// <summary>Makes a plan.</summary>
    /// <param name="problem">A problem whose <see cref="SeatingProblem.Refusals"/> are empty.</param>
    /// <param name="seed">Any number; the same seed gives the same plan.</param>
    /// <param name="swaps">How many swaps to try, 0 or more; see <see cref="DefaultSwaps"/>.</param>
    /// <param name="progress">Hears from the search about a hundred times, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The best plan found; all people are seated in every round.</returns>
    /// <exception cref="ArgumentException">The problem has refusals.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SeatingPlan Plan(SeatingProblem problem, ulong seed, long swaps, IProgress<SeatingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfNegative(swaps);
        if (problem.Refusals() is [var first, ..])
            throw new ArgumentException($"The problem cannot be planned: {first.Code}.", nameof(problem));

        var search = new SwapSearch(problem, seed);
        return search.Run(swaps, progress, cancellationToken);
    }

    /// <summary>Takes absent people out of the rounds from <paramref name="fromRound"/> on.</summary>
    /// <remarks>
    /// Everybody else stays, unless a table would fall below half of the mean table size of the round (or below three, where there are people
    /// enough): then people of the largest tables move there one by one, those first who meet fewest known faces.
    /// </remarks>
    /// <param name="problem">The problem the plan answers.</param>
    /// <param name="plan">The plan as it stands.</param>
    /// <param name="absent">Indices into <see cref="SeatingProblem.People"/>; people without a seat are passed over.</param>
    /// <param name="fromRound">The first round to change, from 0; earlier rounds are history.</param>
    /// <returns>The repaired plan and every change.</returns>
    public static SeatingRepair Remove(SeatingProblem problem, SeatingPlan plan, IReadOnlyCollection<int> absent, int fromRound) =>
        new PlanRepair(problem, plan, fromRound).Remove(absent).Finish();

    /// <summary>Seats late people in the rounds from <paramref name="fromRound"/> on; nobody else moves.</summary>
    /// <remarks>
    /// Each gets a place at a table that is among the smallest, breaks no pair to be kept apart, adds fewest violations, and shows fewest known faces, in this order.
    /// A new person is first added at the end of <see cref="SeatingProblem.People"/>, so that the indices of the others stay.
    /// </remarks>
    /// <param name="problem">The problem, which already contains the people.</param>
    /// <param name="plan">The plan as it stands.</param>
    /// <param name="late">Indices into <see cref="SeatingProblem.People"/>; people who have a seat in a round keep it.</param>
    /// <param name="fromRound">The first round to change, from 0.</param>
    /// <returns>The repaired plan and every change.</returns>
    public static SeatingRepair Add(SeatingProblem problem, SeatingPlan plan, IReadOnlyCollection<int> late, int fromRound) =>
        new PlanRepair(problem, plan, fromRound).Add(late).Finish();

    /// <summary>Gives the seats of one person to another from <paramref name="fromRound"/> on; nobody else moves.</summary>
    /// <param name="problem">The problem, which already contains both people.</param>
    /// <param name="plan">The plan as it stands.</param>
    /// <param name="leaving">Index of the person who leaves.</param>
    /// <param name="arriving">Index of the person who comes instead; has no seat in the rounds to change.</param>
    /// <param name="fromRound">The first round to change, from 0.</param>
    /// <returns>The repaired plan and every change.</returns>
    /// <exception cref="ArgumentException">The arriving person already has a seat in one of the rounds.</exception>
    public static SeatingRepair Replace(SeatingProblem problem, SeatingPlan plan, int leaving, int arriving, int fromRound) =>
        new PlanRepair(problem, plan, fromRound).Replace(leaving, arriving).Finish();
}
