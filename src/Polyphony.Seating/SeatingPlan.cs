using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>One seating of the people at the tables.</summary>
/// <param name="Tables">For each table, the indices of its people in <see cref="SeatingProblem.People"/>, in seat order.</param>
public sealed record SeatingRound(ImmutableArray<ImmutableArray<int>> Tables)
{
    /// <summary>The table of a person in this round.</summary>
    /// <param name="person">Index into <see cref="SeatingProblem.People"/>.</param>
    /// <returns>The table index from 0, or -1 when the person has no seat in this round.</returns>
    public int TableOf(int person)
    {
        for (var table = 0; table < Tables.Length; table++)
            if (Tables[table].Contains(person))
                return table;
        return -1;
    }
}

/// <summary>Who sits where: round × table × seat → person.</summary>
/// <remarks>Equality is by reference of the arrays inside; compare plans with <see cref="SameSeats"/>.</remarks>
/// <param name="Rounds">The rounds in order.</param>
public sealed record SeatingPlan(ImmutableArray<SeatingRound> Rounds)
{
    /// <summary>Whether two plans put the same people on the same seats.</summary>
    /// <param name="other">The plan to compare with.</param>
    /// <returns><see langword="true"/> when every seat of every round is the same.</returns>
    public bool SameSeats(SeatingPlan other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Rounds.Length == other.Rounds.Length
            && Rounds.Zip(other.Rounds).All(pair => pair.First.Tables.Length == pair.Second.Tables.Length
                && pair.First.Tables.Zip(pair.Second.Tables).All(table => table.First.AsSpan().SequenceEqual(table.Second.AsSpan())));
    }
}

/// <summary>How far a plan is.</summary>
/// <param name="Done">Swaps tried so far.</param>
/// <param name="Total">Swaps to be tried.</param>
/// <param name="DistinctPairs">Distinct pairs of the plan as it stands.</param>
public sealed record SeatingProgress(long Done, long Total, int DistinctPairs);

/// <summary>One person moved by a repair.</summary>
/// <param name="Round">Round index, from 0.</param>
/// <param name="Person">Index into <see cref="SeatingProblem.People"/>.</param>
/// <param name="From">Table left, or -1 for someone who had no seat.</param>
/// <param name="To">Table joined, or -1 for someone who no longer has a seat.</param>
public sealed record SeatMove(int Round, int Person, int From, int To);

/// <summary>A repaired plan and what changed.</summary>
/// <param name="Plan">The plan after the repair.</param>
/// <param name="Moves">Every change of seat, in round order; people who are not named sit where they sat.</param>
public sealed record SeatingRepair(SeatingPlan Plan, ImmutableArray<SeatMove> Moves);
