using System.Diagnostics;
using System.Globalization;
using Polyphony.Benchmarks.Ballots;
using Polyphony.Statistics.Selection;

namespace Polyphony.Benchmarks.Opinions;

/// <summary>Slates of a generated conversation: three camps, of which each person saw a share of the statements.</summary>
internal static class SlateVerb
{
    public static int Run(Arguments arguments)
    {
        int people = arguments.Number("people", 1_579);
        int statements = arguments.Number("statements", 896);
        int size = arguments.Number("size", 10);
        ApprovalProfile profile = Generated(people, statements);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{people} people, {statements} statements, {profile.Supporters.Sum(supporters => supporters.Length)} approvals of {profile.SeenBy.Sum(seen => seen.Length)} votes, {size} seats"));
        Console.WriteLine("| rule | first call ms | median ms | least ms |");
        foreach ((string name, Action rule) in new (string, Action)[]
        {
            ("equal shares, phragmen", () => EqualShares.Of(profile, size)),
            ("equal shares, increment", () => EqualShares.Of(profile, size, BudgetCompletion.Increment)),
            ("equal shares, approval", () => EqualShares.Of(profile, size, BudgetCompletion.Approval)),
            ("sequential phragmen", () => SequentialPhragmen.Of(profile, size)),
            ("sequential pav", () => SequentialPav.Of(profile, size)),
            ("promises of the first", () => JustifiedRepresentation.Of(profile, EqualShares.Of(profile, size).Committee, size)),
        })
        {
            double[] times = [.. Enumerable.Range(0, arguments.Number("runs", 40)).Select(_ => Time(rule))];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[0]:F1} | {times.Skip(times.Length / 2).Order().ElementAt(times.Length / 4):F1} | {times.Min():F1} |"));
        }

        return 0;
    }

    private static double Time(Action work)
    {
        Stopwatch watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static ApprovalProfile Generated(int people, int statements)
    {
        Dice chance = new(7);
        int[][] agree = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, statements).Select(_ => chance.Below(100)).ToArray())];
        List<int>[] seen = [.. Enumerable.Range(0, people).Select(_ => new List<int>())];
        List<int>[] approved = [.. Enumerable.Range(0, people).Select(_ => new List<int>())];
        for (int person = 0; person < people; person++)
        {
            int camp = chance.Below(3);
            for (int statement = 0; statement < statements; statement++)
            {
                if (chance.Below(100) >= 16)
                {
                    continue;
                }

                seen[person].Add(statement);
                if (chance.Below(100) < agree[camp][statement])
                {
                    approved[person].Add(statement);
                }
            }
        }

        return ApprovalProfile.Of(statements, approved, seen);
    }
}
