using System.Collections.Immutable;

namespace Polyphony.Statistics.Opinion.Findings;

/// <summary>A statement on which two groups differ most.</summary>
/// <param name="Statement">Number of the statement.</param>
/// <param name="For">The group that agrees most.</param>
/// <param name="Against">The group that agrees least.</param>
/// <param name="Difference">Of their smoothed shares of agreement, (agrees + 1) / (votes + 2): 0 to 1.</param>
/// <param name="Test">z of that difference, as <see cref="Representative.RatioTest"/>.</param>
public sealed record DivisiveStatement(int Statement, int For, int Against, double Difference, double Test);

/// <summary>Where groups, sites, countries or languages part.</summary>
public static class Divisive
{
    /// <summary>Statements by the largest difference between two groups, beyond chance at one-sided 90 %.</summary>
    /// <param name="tallies">Counts by group.</param>
    /// <param name="order">Statements that may be listed; of equal ones the first here is taken.</param>
    /// <param name="most">How many are listed.</param>
    /// <returns>The list; empty below two groups.</returns>
    public static ImmutableArray<DivisiveStatement> Of(GroupTallies tallies, IReadOnlyList<int> order, int most = 10)
    {
        ArgumentNullException.ThrowIfNull(tallies);
        ArgumentNullException.ThrowIfNull(order);
        if (tallies.Groups < 2)
            return [];
        return [.. order.Select(statement => Of(tallies, statement)).Where(one => one.Test > Representative.Z90).OrderByDescending(one => one.Difference).Take(most)];
    }

    private static DivisiveStatement Of(GroupTallies tallies, int statement)
    {
        int highest = 0, lowest = 0;
        for (var group = 1; group < tallies.Groups; group++)
        {
            highest = Share(group) > Share(highest) ? group : highest;
            lowest = Share(group) < Share(lowest) ? group : lowest;
        }
        StatementTally a = tallies[highest, statement], b = tallies[lowest, statement];
        return new DivisiveStatement(statement, highest, lowest, Share(highest) - Share(lowest), Representative.RatioTest(a.Agrees, a.Votes, b.Agrees, b.Votes));
        double Share(int group) => (tallies[group, statement].Agrees + 1.0) / (tallies[group, statement].Votes + 2);
    }
}
