using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>One person moved by a repair.</summary>
/// <param name="Round">Round index, from 0.</param>
/// <param name="Person">Index into <see cref="SeatingProblem.People"/>.</param>
/// <param name="From">Table left, or -1 for someone who had no seat.</param>
/// <param name="To">Table joined, or -1 for someone who no longer has a seat.</param>
public sealed record SeatMove(int Round, int Person, int From, int To);

/// <summary>A repaired plan and what changed.</summary>
/// <param name="Before">The plan as it was; taking it back is to use it again.</param>
/// <param name="Plan">The plan after the repair.</param>
/// <param name="Moves">Every change of table, in round order; people who are not named sit where they sat.</param>
public sealed record SeatingRepair(SeatingPlan Before, SeatingPlan Plan, ImmutableArray<SeatMove> Moves);

/// <summary>What happened since a plan was made.</summary>
/// <param name="FromRound">The first round to change, from 0; earlier rounds are history.</param>
public sealed record SeatingChanges(int FromRound)
{
    /// <summary>People who are not there; those without a seat are passed over.</summary>
    public ImmutableArray<int> Absent { get; init; } = [];

    /// <summary>People who come after all; those who have a seat in a round keep it.</summary>
    public ImmutableArray<int> Late { get; init; } = [];

    /// <summary>Tables that are no longer there, also those whose facilitator is missing.</summary>
    public ImmutableArray<ClosedTable> Closed { get; init; } = [];

    /// <summary>Whether a table is closed in a round.</summary>
    /// <param name="round">Round index.</param>
    /// <param name="table">Table index.</param>
    /// <returns><see langword="true"/> when it is.</returns>
    public bool Closes(int round, int table) => Closed.Contains(new ClosedTable(round, table));
}

/// <summary>A table that is not there in a round.</summary>
/// <param name="Round">Round index, from 0.</param>
/// <param name="Table">Table index, from 0.</param>
public sealed record ClosedTable(int Round, int Table);

/// <summary>Changes the rest of a plan with as few moves as possible.</summary>
public static class SeatingRepairer
{
    /// <summary>Brings a plan in line with what happened.</summary>
    /// <remarks>
    /// Absent people leave, people of closed tables and late people join the table that breaks fewest rules, is among the smallest, keeps the mix and shows
    /// fewest known faces, in this order. Everybody else stays, unless a table fell below half of the mean table size of the round (or below three, where there are people
    /// enough): then people of the largest tables move there one by one.
    /// </remarks>
    /// <param name="problem">The problem that the plan answers; new people stand at the end of <see cref="SeatingProblem.People"/>, so that indices stay.</param>
    /// <param name="plan">The plan as it stands.</param>
    /// <param name="changes">What happened.</param>
    /// <returns>The repaired plan and every move.</returns>
    /// <exception cref="ArgumentException">Every table is closed.</exception>
    public static SeatingRepair Repair(SeatingProblem problem, SeatingPlan plan, SeatingChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return new PlanRepair(problem, plan, changes.FromRound, changes.Closed).Remove(changes.Absent).Close().Add(changes.Late).Fill().Finish();
    }

    /// <summary>Gives the seats of one person to another from <paramref name="fromRound"/> on; nobody else moves.</summary>
    /// <param name="problem">The problem, which already contains both people.</param>
    /// <param name="plan">The plan as it stands.</param>
    /// <param name="leaving">Index of the person who leaves.</param>
    /// <param name="arriving">Index of the person who comes instead; has no seat in the rounds to change.</param>
    /// <param name="fromRound">The first round to change, from 0.</param>
    /// <returns>The repaired plan and every move.</returns>
    /// <exception cref="ArgumentException">The arriving person already has a seat in one of the rounds.</exception>
    public static SeatingRepair Replace(SeatingProblem problem, SeatingPlan plan, int leaving, int arriving, int fromRound) =>
        new PlanRepair(problem, plan, fromRound, []).Replace(leaving, arriving).Finish();
}
