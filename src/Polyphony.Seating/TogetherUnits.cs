using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>People who move as one: groups kept together and bearers of one value of a criterion to keep, overlapping ones joined.</summary>
internal sealed class TogetherUnits
{
    private readonly int[] _unit;

    private TogetherUnits(int[] unit, ImmutableArray<ImmutableArray<int>> groups)
    {
        _unit = unit;
        Groups = groups;
    }

    /// <summary>Units of two people or more, each in ascending order, the units by their first person.</summary>
    public ImmutableArray<ImmutableArray<int>> Groups { get; }

    /// <summary>The unit of a person, or -1.</summary>
    public int Of(int person) => _unit[person];

    public static TogetherUnits Of(SeatingProblem problem)
    {
        var parent = Enumerable.Range(0, problem.People.Length).ToArray();
        foreach (var group in problem.Together)
            foreach (var person in group)
                Join(parent, group[0], person);
        for (var c = 0; c < problem.Criteria.Length; c++)
        {
            if (problem.Criteria[c].Mode != CriterionMode.Keep)
                continue;
            var first = new int[problem.Criteria[c].Values.Length];
            Array.Fill(first, -1);
            for (var p = 0; p < parent.Length; p++)
            {
                if (problem.People[p].Values[c] is not (>= 0 and var value))
                    continue;
                if (first[value] < 0)
                    first[value] = p;
                else
                    Join(parent, first[value], p);
            }
        }
        ImmutableArray<ImmutableArray<int>> groups =
            [.. Enumerable.Range(0, parent.Length).GroupBy(person => Root(parent, person)).Where(group => group.Count() > 1).Select(group => group.Order().ToImmutableArray()).OrderBy(group => group[0])];
        var unit = new int[parent.Length];
        Array.Fill(unit, -1);
        for (var g = 0; g < groups.Length; g++)
            foreach (var person in groups[g])
                unit[person] = g;
        return new TogetherUnits(unit, groups);
    }

    private static int Root(int[] parent, int person)
    {
        while (parent[person] != person)
            person = parent[person] = parent[parent[person]];
        return person;
    }

    private static void Join(int[] parent, int a, int b) => parent[Math.Max(Root(parent, a), Root(parent, b))] = Math.Min(Root(parent, a), Root(parent, b));
}

/// <summary>Who may not move in a round, and where they sit.</summary>
internal static class FixedSeats
{
    /// <summary>The table of each person, or -1; a fixed person holds the whole unit.</summary>
    public static int[] Of(SeatingProblem problem, TogetherUnits units, int round, Action<int, int, int>? twice = null)
    {
        var tables = new int[problem.People.Length];
        Array.Fill(tables, -1);
        foreach (var seat in problem.Fixed)
        {
            if (seat.Round is { } only && only != round)
                continue;
            foreach (var person in units.Of(seat.Person) is >= 0 and var unit ? units.Groups[unit] : [seat.Person])
            {
                if (tables[person] >= 0 && tables[person] != seat.Table)
                    twice?.Invoke(person, seat.Table, tables[person]);
                tables[person] = seat.Table;
            }
        }
        return tables;
    }
}
