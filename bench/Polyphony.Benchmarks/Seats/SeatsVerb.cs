using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Benchmarks.Seats;

/// <summary>Seating plans of the sizes that organisers have, with the seconds of processor time they take.</summary>
internal static class SeatsVerb
{
    private static readonly string[] Traits = ["gender", "age", "region", "nation"];

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("data", "tests/vectors/seating");
        string only = arguments.Text("only", "");
        long effort = arguments.Number("effort", 1);
        (string Name, Func<SeatingProblem> Problem)[] instances =
        [
            ("people-100, 10 tables, 5 rounds", () => Read(Path.Combine(data, "people-100.csv"), 10, 5, Traits)),
            ("people-100, 16 tables, 6 rounds", () => Read(Path.Combine(data, "people-100.csv"), 16, 6, Traits)),
            ("people-30, 5 tables, 4 rounds", () => Read(Path.Combine(data, "people-30.csv"), 5, 4, Traits[..3])),
            ("1,000 people, 100 tables, 6 rounds", () => Generated(1_000, 100, 6, 5)),
            ("10,000 people, 1,000 tables, 4 rounds", () => Generated(10_000, 1_000, 4, 5)),
        ];
        Console.WriteLine("| instance | seed | distinct pairs | of the ceiling | violations | wall s | processor s |");
        foreach ((string name, Func<SeatingProblem> problem) in instances.Where(instance => instance.Name.Contains(only, StringComparison.Ordinal)))
        {
            SeatingProblem made = problem();
            for (int seed = 1; seed <= arguments.Number("seeds", 3); seed++)
            {
                TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
                Stopwatch watch = Stopwatch.StartNew();
                PlannedSeats planned = SeatingPlanner.Plan(made, (ulong)seed, effort * SeatingPlanner.DefaultExchanges(made), null, CancellationToken.None, CancellationToken.None);
                double wall = watch.Elapsed.TotalSeconds;
                double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {seed} | {planned.Measures.DistinctPairs} | {(double)planned.Measures.DistinctPairs / planned.Measures.Ceiling:P2} | {planned.Measures.Violations} | {wall:F2} | {processor:F2} |"));
            }
        }

        return 0;
    }

    private static SeatingProblem Read(string path, int tables, int rounds, string[] traits)
    {
        byte[] content = File.ReadAllBytes(path);
        // GroupSelect's own library leaves its first header empty.
        Sheet sheet = ((SheetReading.Read)SheetReader.Read(path, content[0] == (byte)',' ? [.. Encoding.ASCII.GetBytes("#"), .. content] : content)).Sheet;
        int[] columns = [.. traits.Select(sheet.Find)];
        int id = sheet.Find("id");
        ImmutableArray<SeatingCriterion> criteria = [.. columns.Select((column, c) => new SeatingCriterion(traits[c], [.. sheet.Rows.Select(row => row[column]).Distinct().Order(StringComparer.Ordinal)]))];
        return SeatingProblem.Even(
            [.. sheet.Rows.Select(row => new SeatingPerson(row[id], [.. columns.Select((column, c) => criteria[c].Values.IndexOf(row[column]))]))], criteria, tables, rounds);
    }

    /// <summary>People with criteria of 2, 3, 4, 5 and 2 values, each by chance.</summary>
    private static SeatingProblem Generated(int people, int tables, int rounds, int criteria)
    {
        Dice chance = new(5);
        ImmutableArray<SeatingCriterion> known = [.. Enumerable.Range(0, criteria).Select(c => new SeatingCriterion($"c{c}", [.. Enumerable.Range(0, 2 + (c % 4)).Select(v => $"v{v}")]))];
        return SeatingProblem.Even(
            [.. Enumerable.Range(0, people).Select(p => new SeatingPerson($"p{p}", [.. known.Select(criterion => chance.Below(criterion.Values.Length))]))], known, tables, rounds);
    }
}
