namespace Polyphony.Statistics.Opinion.Voting;

/// <summary>One vote as it was cast; its place in the list is its row.</summary>
/// <param name="Person">Number of the person, from 0.</param>
/// <param name="Statement">Number of the statement, from 0 to <see cref="VoteTable.MostStatements"/> − 1.</param>
/// <param name="Value">1 agree, 0 pass, −1 disagree.</param>
/// <param name="Time">When, in any unit that grows.</param>
public readonly record struct CastVote(int Person, ushort Statement, sbyte Value, long Time);

/// <summary>Who and what came first: the order that Polis gives to people and statements.</summary>
/// <param name="People">Those who voted, by their first vote.</param>
/// <param name="Statements">Those with votes, by the first of them.</param>
public sealed record ArrivalOrder(IReadOnlyList<int> People, IReadOnlyList<int> Statements)
{
    /// <summary>Finds the order.</summary>
    /// <param name="people">Number of people.</param>
    /// <param name="statements">Number of statements.</param>
    /// <param name="votes">All votes; of the same time, the earlier row came first.</param>
    /// <returns>The order.</returns>
    public static ArrivalOrder Of(int people, int statements, ReadOnlySpan<CastVote> votes)
    {
        var person = new (long Time, int Row)[people];
        var statement = new (long Time, int Row)[statements];
        Array.Fill(person, (long.MaxValue, int.MaxValue));
        Array.Fill(statement, (long.MaxValue, int.MaxValue));
        for (var row = 0; row < votes.Length; row++)
        {
            var at = (votes[row].Time, row);
            if (at.CompareTo(person[votes[row].Person]) < 0)
                person[votes[row].Person] = at;
            if (at.CompareTo(statement[votes[row].Statement]) < 0)
                statement[votes[row].Statement] = at;
        }
        return new ArrivalOrder(Order(person), Order(statement));
    }

    private static int[] Order((long Time, int Row)[] first) =>
        [.. Enumerable.Range(0, first.Length).Where(i => first[i].Row < int.MaxValue).OrderBy(i => first[i].Time).ThenBy(i => first[i].Row)];
}
