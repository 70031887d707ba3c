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

    /// <summary>The table of everybody.</summary>
    /// <param name="people">How many people the problem has.</param>
    /// <returns>For each person the table index from 0, or -1.</returns>
    public int[] TablesOf(int people)
    {
        var at = new int[people];
        Array.Fill(at, -1);
        for (var table = 0; table < Tables.Length; table++)
            foreach (var person in Tables[table])
                at[person] = table;
        return at;
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
/// <param name="Share">0 to 1.</param>
/// <param name="DistinctPairs">Distinct pairs of the best plan so far.</param>
public sealed record SeatingProgress(double Share, int DistinctPairs);

/// <summary>A plan and how it came about.</summary>
/// <param name="Plan">The best plan found.</param>
/// <param name="Measures">How good it is.</param>
/// <param name="EndedByLimit">Whether the limit ended the search before its work was done; then the seed alone does not give this plan again.</param>
public sealed record PlannedSeats(SeatingPlan Plan, SeatingMeasures Measures, bool EndedByLimit);
