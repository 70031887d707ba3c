using System.Collections.Immutable;
using System.Numerics;

namespace Polyphony.Seating;

/// <summary>One place where a plan breaks a rule.</summary>
/// <param name="Rule">Which: see the constants of <see cref="SeatingRules"/>.</param>
/// <param name="Subject">The criterion, or the ids of the people it concerns joined by a space.</param>
/// <param name="Value">The value of the criterion, else empty.</param>
/// <param name="Round">Round index, from 0.</param>
/// <param name="Table">Table index from 0, or -1 when the round as a whole is meant.</param>
/// <param name="Found">People, tables or interpreters counted.</param>
/// <param name="Least">At least this many would be right.</param>
/// <param name="Most">At most this many.</param>
/// <param name="Amount">People, pairs, tables or interpreters outside, 1 or more.</param>
public sealed record SeatingBreach(string Rule, string Subject, string Value, int Round, int Table, int Found, int Least, int Most, int Amount);

/// <summary>The rules a plan can break.</summary>
public static class SeatingRules
{
    /// <summary>A value's count at a table is outside of floor and ceiling of its share.</summary>
    public const string Mix = "mix";

    /// <summary>Somebody is the only bearer of their value at a table.</summary>
    public const string Alone = "alone";

    /// <summary>A value's count at a table is outside of the bounds stated by hand.</summary>
    public const string Bounds = "bounds";

    /// <summary>The bearers of a value sit at more tables than would hold them.</summary>
    public const string Cluster = "cluster";

    /// <summary>Two people to be kept apart share a table.</summary>
    public const string Apart = "apart";

    /// <summary>A group to be kept together is split.</summary>
    public const string Together = "together";

    /// <summary>Somebody does not sit on their fixed seat.</summary>
    public const string Fixed = "fixed";

    /// <summary>A host changes tables.</summary>
    public const string Host = "host";

    /// <summary>Somebody who needs access sits at a table without.</summary>
    public const string Access = "access";

    /// <summary>Somebody understands none of their table's languages, or not its facilitator.</summary>
    public const string Language = "language";

    /// <summary>Tables take more interpreters than there are.</summary>
    public const string Interpreters = "interpreters";

    /// <summary>Somebody sits in a small group that is no part of their large group.</summary>
    public const string PartOf = "part-of";
}

/// <summary>Finds every place where a plan breaks a rule. It counts from the plan alone and shares nothing with the search but the windows.</summary>
internal static class SeatingBreaches
{
    public static ImmutableArray<SeatingBreach> Of(SeatingProblem problem, SeatingPlan plan, IEnumerable<int> rounds)
    {
        var found = ImmutableArray.CreateBuilder<SeatingBreach>();
        var units = TogetherUnits.Of(problem);
        foreach (var round in rounds.Order())
        {
            var at = plan.Rounds[round].TablesOf(problem.People.Length);
            Cells(problem, plan, round, found);
            Clusters(problem, plan, round, found);
            People(problem, round, units, at, found);
            Tables(problem, plan, round, found);
        }
        Hosts(problem, plan, rounds, found);
        return found.ToImmutable();
    }

    private static void Cells(SeatingProblem problem, SeatingPlan plan, int round, ImmutableArray<SeatingBreach>.Builder found)
    {
        var tables = plan.Rounds[round].Tables;
        var layout = problem.Rounds[round];
        for (var c = 0; c < problem.Criteria.Length; c++)
        {
            var criterion = problem.Criteria[c];
            var bounded = problem.Bounds.Where(bounds => bounds.Criterion == c).ToArray();
            if (criterion.Mode != CriterionMode.Mix && !criterion.NobodyAlone && bounded.Length == 0)
                continue;
            // The people of a large group are mixed among its own small groups.
            foreach (var part in Enumerable.Range(0, tables.Length).GroupBy(t => layout.SplitOf is null ? 0 : layout.Tables[t].PartOf))
            {
                var counts = part.ToDictionary(t => t, t => ValueCounts.Of(problem, c, tables[t]));
                var seated = part.Sum(t => tables[t].Length);
                for (var v = 0; v < criterion.Values.Length && seated > 0; v++)
                {
                    var bearers = part.Sum(t => counts[t][v]);
                    var bounds = bounded.FirstOrDefault(bounds => bounds.Value == v);
                    foreach (var t in part.Where(t => tables[t].Length > 0))
                    {
                        var rule = CellRule.Of(criterion, bounds, tables[t].Length, bearers, seated);
                        if (rule.Distance(counts[t][v]) is > 0 and var amount)
                        {
                            var which = counts[t][v] == 1 && criterion.NobodyAlone ? SeatingRules.Alone : bounds is null ? SeatingRules.Mix : SeatingRules.Bounds;
                            found.Add(new SeatingBreach(which, criterion.Name, criterion.Values[v], round, t, counts[t][v], rule.Least, Math.Min(rule.Most, tables[t].Length), amount));
                        }
                    }
                }
            }
        }
    }

    private static void Clusters(SeatingProblem problem, SeatingPlan plan, int round, ImmutableArray<SeatingBreach>.Builder found)
    {
        for (var c = 0; c < problem.Criteria.Length; c++)
        {
            if (problem.Criteria[c].Mode != CriterionMode.Cluster)
                continue;
            var counts = plan.Rounds[round].Tables.Select(table => ValueCounts.Of(problem, c, table)).ToArray();
            for (var v = 0; v < problem.Criteria[c].Values.Length; v++)
            {
                if (ClusteredValues.IsMostCommon(problem, c, v))
                    continue;
                var left = counts.Sum(count => count[v]);
                var fewest = plan.Rounds[round].Tables.Select(table => table.Length).OrderDescending().TakeWhile(size => (left -= size) + size > 0).Count();
                var used = counts.Count(count => count[v] > 0);
                if (used > fewest)
                    found.Add(new SeatingBreach(SeatingRules.Cluster, problem.Criteria[c].Name, problem.Criteria[c].Values[v], round, -1, used, 0, fewest, used - fewest));
            }
        }
    }

    private static void People(SeatingProblem problem, int round, TogetherUnits units, int[] at, ImmutableArray<SeatingBreach>.Builder found)
    {
        foreach (var (a, b) in problem.Apart.Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))).Distinct())
            if (at[a] >= 0 && at[a] == at[b])
                found.Add(new SeatingBreach(SeatingRules.Apart, $"{problem.People[a].Id} {problem.People[b].Id}", "", round, at[a], 2, 0, 1, 1));
        foreach (var group in units.Groups)
        {
            var tables = group.Where(person => at[person] >= 0).Select(person => at[person]).Distinct().Count();
            if (tables > 1)
                found.Add(new SeatingBreach(SeatingRules.Together, string.Join(' ', group.Select(person => problem.People[person].Id)), "", round, -1, tables, 1, 1, tables - 1));
        }
        foreach (var seat in problem.Fixed.Where(seat => seat.Round is null || seat.Round == round).Distinct())
            if (at[seat.Person] >= 0 && at[seat.Person] != seat.Table)
                found.Add(new SeatingBreach(SeatingRules.Fixed, problem.People[seat.Person].Id, "", round, at[seat.Person], at[seat.Person] + 1, seat.Table + 1, seat.Table + 1, 1));
    }

    private static void Tables(SeatingProblem problem, SeatingPlan plan, int round, ImmutableArray<SeatingBreach>.Builder found)
    {
        var layout = problem.Rounds[round];
        var interpreters = 0;
        for (var t = 0; t < layout.Tables.Length; t++)
        {
            var table = layout.Tables[t];
            var people = plan.Rounds[round].Tables[t];
            foreach (var person in people.Where(person => problem.People[person].NeedsAccess && !table.Accessible))
                found.Add(new SeatingBreach(SeatingRules.Access, problem.People[person].Id, "", round, t, 1, 0, 0, 1));
            if (layout.SplitOf is { } whole)
                foreach (var person in people.Where(person => plan.Rounds[whole].TableOf(person) is >= 0 and var group && group != table.PartOf))
                    found.Add(new SeatingBreach(SeatingRules.PartOf, problem.People[person].Id, "", round, t, 1, 0, 0, 1));
            var led = table.Facilitator?.Languages ?? 0;
            if (problem.Languages is not { } rule)
            {
                foreach (var person in people.Where(person => led != 0 && problem.People[person].Languages != 0 && (led & problem.People[person].Languages) == 0))
                    found.Add(new SeatingBreach(SeatingRules.Language, problem.People[person].Id, "", round, t, 1, 0, 0, 1));
                continue;
            }
            var (set, without) = LanguageSets.Best([.. people.Select(person => problem.People[person].Languages)], led, rule.Most);
            interpreters += Math.Max(0, BitOperations.PopCount(set) - 1);
            if (without > 0)
                found.Add(new SeatingBreach(SeatingRules.Language, string.Join('+', TableLanguages.Names(rule, set)), "", round, t, without, 0, 0, without));
        }
        if (problem.Languages?.Interpreters is { } there && interpreters > there)
            found.Add(new SeatingBreach(SeatingRules.Interpreters, "", "", round, -1, interpreters, 0, there, interpreters - there));
    }

    private static void Hosts(SeatingProblem problem, SeatingPlan plan, IEnumerable<int> rounds, ImmutableArray<SeatingBreach>.Builder found)
    {
        var counted = rounds.Where(round => !problem.IsGathering(round)).ToArray();
        foreach (var host in problem.Hosts.Distinct())
        {
            var tables = counted.Select(round => plan.Rounds[round].TableOf(host)).Where(table => table >= 0).Distinct().Count();
            if (tables > 1)
                found.Add(new SeatingBreach(SeatingRules.Host, problem.People[host].Id, "", counted[0], -1, tables, 1, 1, tables - 1));
        }
    }
}

/// <summary>The languages that a table of a plan needs.</summary>
public static class TableLanguages
{
    /// <summary>The smallest set of at most <see cref="LanguageRule.Most"/> languages that as many at the table as possible understand.</summary>
    /// <param name="problem">A problem with a rule for languages.</param>
    /// <param name="plan">A plan.</param>
    /// <param name="round">Round index.</param>
    /// <param name="table">Table index.</param>
    /// <returns>Names, in the order of the rule; none when there is no rule.</returns>
    public static ImmutableArray<string> Of(SeatingProblem problem, SeatingPlan plan, int round, int table)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(plan);
        return problem.Languages is not { } rule ? [] : [.. Names(rule, LanguageSets.Best(
            [.. plan.Rounds[round].Tables[table].Select(person => problem.People[person].Languages)], problem.Rounds[round].Tables[table].Facilitator?.Languages ?? 0, rule.Most).Set)];
    }

    internal static IEnumerable<string> Names(LanguageRule rule, ulong set) => rule.Names.Where((_, i) => (set >> i & 1) == 1);
}

/// <summary>Counts the values of one criterion.</summary>
internal static class ValueCounts
{
    public static int[] Of(SeatingProblem problem, int criterion, IEnumerable<int> people)
    {
        var counts = new int[problem.Criteria[criterion].Values.Length];
        foreach (var person in people)
            if (problem.People[person].Values[criterion] is >= 0 and var value)
                counts[value]++;
        return counts;
    }
}
