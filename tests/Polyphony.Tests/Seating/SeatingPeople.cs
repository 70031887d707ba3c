using System.Collections.Immutable;
using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

internal static class SeatingPeople
{
    public static SeatingProblem From(string file, int tables, int rounds, params string[] criteria)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder(), file)).Where(line => line.Length > 0).Select(line => line.Split(',')).ToArray();
        var columns = criteria.Select(name => Array.IndexOf(lines[0], name)).ToArray();
        var id = Array.IndexOf(lines[0], "ID");
        ImmutableArray<SeatingCriterion> known =
            [.. columns.Select((column, c) => new SeatingCriterion(criteria[c], [.. lines.Skip(1).Select(line => line[column]).Distinct().Order(StringComparer.Ordinal)]))];
        ImmutableArray<SeatingPerson> people =
            [.. lines.Skip(1).Select(line => new SeatingPerson(line[id], [.. columns.Select((column, c) => known[c].Values.IndexOf(line[column]))]))];
        return SeatingProblem.Even(people, known, tables, rounds);
    }

    public static SeatingProblem Generated(int people, int tables, int rounds, int criteria, int seed)
    {
        var chance = new Random(seed);
        ImmutableArray<SeatingCriterion> known = [.. Enumerable.Range(0, criteria).Select(c => new SeatingCriterion($"c{c}", [.. Enumerable.Range(0, 2 + (c % 4)).Select(v => $"v{v}")]))];
        return SeatingProblem.Even(
            [.. Enumerable.Range(0, people).Select(p => new SeatingPerson($"p{p}", [.. known.Select(criterion => chance.Next(criterion.Values.Length))]))],
            known, tables, rounds);
    }

    /// <summary>Plans with as many exchanges as a test can wait for.</summary>
    public static SeatingPlan Plan(SeatingProblem problem, ulong seed, long exchanges) =>
        SeatingPlanner.Plan(problem, seed, exchanges, null, CancellationToken.None, TestContext.Current.CancellationToken).Plan;

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Polyphony.slnx")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("No Polyphony.slnx above the tests."), "tests", "vectors", "seating");
    }
}
