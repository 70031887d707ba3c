using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>How evenly one criterion is spread over the tables.</summary>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="Violations">People outside the window [floor, ceiling] of their value's share, summed over rounds and tables; 0 is best.</param>
/// <param name="MeanDeviation">Mean over rounds, tables and values of |share at the table − share in the round|; 0 to 1, 0 is best.</param>
public sealed record CriterionBalance(string Criterion, int Violations, double MeanDeviation);

/// <summary>How good a plan is.</summary>
/// <param name="DistinctPairs">Pairs of people who share a table at least once.</param>
/// <param name="Ceiling">The most distinct pairs that the table sizes allow: min(Σ over rounds and tables of C(size, 2), C(n, 2)).</param>
/// <param name="Repeats">Σ over pairs of max(0, meetings − 1).</param>
/// <param name="MostMeetings">The number of meetings of the pair that meets most often.</param>
/// <param name="Violations">Sum of the criteria's violations.</param>
/// <param name="ApartBroken">Meetings of pairs that should be kept apart.</param>
/// <param name="Criteria">Balance per criterion, in the problem's order.</param>
public sealed record SeatingMeasures(
    int DistinctPairs,
    int Ceiling,
    int Repeats,
    int MostMeetings,
    int Violations,
    int ApartBroken,
    ImmutableArray<CriterionBalance> Criteria)
{
    /// <summary>Measures a plan, also one with absent or late people.</summary>
    /// <remarks>
    /// The window of a value at a table of s people is ⌊s·m/n⌋ to ⌈s·m/n⌉, with m of the round's n seated people bearing it. People
    /// whose value is not known are left out of that criterion's deviation but count as seated.
    /// </remarks>
    /// <param name="problem">The problem the plan answers.</param>
    /// <param name="plan">A plan whose indices are people of the problem.</param>
    /// <returns>The measures.</returns>
    public static SeatingMeasures Of(SeatingProblem problem, SeatingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        var people = problem.People.Length;
        var meetings = new int[people * people];
        long slots = 0;
        foreach (var table in plan.Rounds.SelectMany(round => round.Tables))
        {
            slots += table.Length * (table.Length - 1L) / 2;
            for (var a = 0; a < table.Length; a++)
                for (var b = a + 1; b < table.Length; b++)
                    meetings[(Math.Min(table[a], table[b]) * people) + Math.Max(table[a], table[b])]++;
        }

        var criteria = ImmutableArray.CreateBuilder<CriterionBalance>(problem.Criteria.Length);
        for (var c = 0; c < problem.Criteria.Length; c++)
            criteria.Add(BalanceOf(problem, plan, c));

        return new SeatingMeasures(
            meetings.Count(count => count > 0),
            (int)Math.Min(slots, people * (people - 1L) / 2),
            meetings.Sum(count => Math.Max(0, count - 1)),
            meetings.Max(),
            criteria.Sum(balance => balance.Violations),
            problem.Apart.Distinct().Sum(pair => meetings[(Math.Min(pair.First, pair.Second) * people) + Math.Max(pair.First, pair.Second)]),
            criteria.MoveToImmutable());
    }

    /// <summary>Whom a person meets.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="person">Index into <see cref="SeatingProblem.People"/>.</param>
    /// <returns>For each other person met, the number of rounds at one table.</returns>
    public static ImmutableSortedDictionary<int, int> WhomMet(SeatingPlan plan, int person)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Rounds.SelectMany(round => round.Tables).Where(table => table.Contains(person)).SelectMany(table => table)
            .Where(other => other != person).CountBy(other => other).ToImmutableSortedDictionary();
    }

    private static CriterionBalance BalanceOf(SeatingProblem problem, SeatingPlan plan, int criterion)
    {
        var values = problem.Criteria[criterion].Values.Length;
        var violations = 0;
        double deviation = 0;
        long cells = 0;
        foreach (var round in plan.Rounds)
        {
            var seated = round.Tables.Sum(table => table.Length);
            var panel = Counts(problem, criterion, values, round.Tables.SelectMany(table => table));
            foreach (var table in round.Tables.Where(table => table.Length > 0))
            {
                var here = Counts(problem, criterion, values, table);
                for (var v = 0; v < values; v++)
                {
                    var (floor, ceiling) = MixWindow.Of(table.Length, panel[v], seated);
                    violations += Math.Max(0, floor - here[v]) + Math.Max(0, here[v] - ceiling);
                    deviation += Math.Abs(((double)here[v] / table.Length) - ((double)panel[v] / seated));
                    cells++;
                }
            }
        }
        return new CriterionBalance(problem.Criteria[criterion].Name, violations, cells == 0 ? 0 : deviation / cells);
    }

    private static int[] Counts(SeatingProblem problem, int criterion, int values, IEnumerable<int> people)
    {
        var counts = new int[values];
        foreach (var person in people)
            if (problem.People[person].Values[criterion] is >= 0 and var value)
                counts[value]++;
        return counts;
    }
}

/// <summary>How many people of one value a table should have.</summary>
internal static class MixWindow
{
    public static (int Floor, int Ceiling) Of(int seats, int bearers, int people) =>
        ((int)((long)seats * bearers / people), (int)((((long)seats * bearers) + people - 1) / people));
}
