using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>How evenly one criterion is spread over the tables.</summary>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="Violations">People outside of what the rules for this criterion allow, summed over rounds and tables; 0 is best.</param>
/// <param name="MeanDeviation">Mean over rounds, tables and values of |share at the table − share in the round|; 0 to 1, 0 is best.</param>
public sealed record CriterionBalance(string Criterion, int Violations, double MeanDeviation);

/// <summary>How a facilitator is shared among the people.</summary>
/// <param name="Facilitator">Identifier.</param>
/// <param name="People">Different people who sit at a table of this facilitator.</param>
/// <param name="Repeats">Σ over these people of the further rounds with the same facilitator.</param>
public sealed record FacilitatorExposure(string Facilitator, int People, int Repeats);

/// <summary>How good a plan is.</summary>
/// <param name="DistinctPairs">Pairs of people who share a table at least once.</param>
/// <param name="Ceiling">The most distinct pairs that the table sizes allow: min(Σ over rounds and tables of C(size, 2), less what must repeat where a table has more people than another round has tables, C(n, 2)); it may be out of reach.</param>
/// <param name="Repeats">Σ over pairs of max(0, meetings − 1).</param>
/// <param name="MostMeetings">The number of meetings of the pair that meets most often.</param>
/// <param name="Value">Σ over pairs of f(meetings), in first meetings.</param>
/// <param name="FewestMet">Different people met by the person who meets fewest.</param>
/// <param name="Violations">Sum of the amounts of all breaches.</param>
/// <param name="Criteria">Balance per criterion, in the problem's order.</param>
/// <param name="Facilitators">Exposure per facilitator, in the order of identifiers.</param>
/// <param name="Breaches">Where rules are broken, in the order of rounds.</param>
public sealed record SeatingMeasures(
    int DistinctPairs,
    int Ceiling,
    int Repeats,
    int MostMeetings,
    double Value,
    int FewestMet,
    int Violations,
    ImmutableArray<CriterionBalance> Criteria,
    ImmutableArray<FacilitatorExposure> Facilitators,
    ImmutableArray<SeatingBreach> Breaches)
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
        var rounds = Enumerable.Range(0, plan.Rounds.Length).ToArray();
        var people = problem.People.Length;
        var meetings = PairMeetings.Of(problem, plan, rounds);
        var met = new int[people];
        int most = 0, repeats = 0;
        long value = 0;
        foreach (var (pair, count) in meetings.Counts())
        {
            most = Math.Max(most, count);
            repeats += count - 1;
            met[pair >> 32]++;
            met[pair & 0xFFFF_FFFF]++;
            for (var before = 0; before < count; before++)
                value += MeetingGain.Next(problem.Value, before);
        }
        var breaches = SeatingBreaches.Of(problem, plan, rounds);
        var seated = plan.Rounds.SelectMany(round => round.Tables).SelectMany(table => table).Distinct().ToArray();
        return new SeatingMeasures(
            meetings.Distinct,
            MeetingCeiling.Of(meetings.All, [.. PairMeetings.Counted(problem, rounds).Select(round => plan.Rounds[round])], people),
            repeats,
            most,
            (double)value / MeetingGain.First,
            seated.Length == 0 ? 0 : seated.Min(person => met[person]),
            breaches.Sum(breach => breach.Amount),
            [.. Enumerable.Range(0, problem.Criteria.Length).Select(c => BalanceOf(problem, plan, c, breaches))],
            Exposure(problem, plan),
            breaches);
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

    private static CriterionBalance BalanceOf(SeatingProblem problem, SeatingPlan plan, int criterion, ImmutableArray<SeatingBreach> breaches)
    {
        double deviation = 0;
        long cells = 0;
        foreach (var round in plan.Rounds)
        {
            var seated = round.Tables.Sum(table => table.Length);
            var panel = ValueCounts.Of(problem, criterion, round.Tables.SelectMany(table => table));
            foreach (var table in round.Tables.Where(table => table.Length > 0))
            {
                var here = ValueCounts.Of(problem, criterion, table);
                for (var v = 0; v < here.Length; v++)
                    deviation += Math.Abs(((double)here[v] / table.Length) - ((double)panel[v] / seated));
                cells += here.Length;
            }
        }
        var name = problem.Criteria[criterion].Name;
        var violations = breaches.Where(breach => breach.Subject == name && breach.Rule is (SeatingRules.Mix or SeatingRules.Alone or SeatingRules.Bounds or SeatingRules.Cluster))
            .Sum(breach => breach.Amount);
        return new CriterionBalance(name, violations, cells == 0 ? 0 : deviation / cells);
    }

    private static ImmutableArray<FacilitatorExposure> Exposure(SeatingProblem problem, SeatingPlan plan)
    {
        var times = new SortedDictionary<string, Dictionary<int, int>>(StringComparer.Ordinal);
        for (var r = 0; r < plan.Rounds.Length; r++)
        {
            for (var t = 0; t < problem.Rounds[r].Tables.Length; t++)
            {
                if (problem.Rounds[r].Tables[t].Facilitator is not { } led)
                    continue;
                if (!times.TryGetValue(led.Id, out var counts))
                    times[led.Id] = counts = [];
                foreach (var person in plan.Rounds[r].Tables[t])
                    counts[person] = counts.GetValueOrDefault(person) + 1;
            }
        }
        return [.. times.Select(pair => new FacilitatorExposure(pair.Key, pair.Value.Count, pair.Value.Values.Sum(count => count - 1)))];
    }
}
