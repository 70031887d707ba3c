using System.Diagnostics;
using System.Globalization;
using Polyphony.Sortition;

namespace Polyphony.Benchmarks.Draws;

/// <summary>Deciding that quotas cannot be met, and what to do about it: a large pool of seven criteria, each time infeasible in another way.</summary>
internal static class RelaxVerb
{
    public static int Run(Arguments arguments)
    {
        SortitionPool pool = Pool(arguments.Number("people", 2_000), arguments.Number("size", 100));
        int[] rare = [.. pool.People.Index().Where(person => person.Item.Values[2] == 4).Select(person => person.Index).Skip(3)];
        SortitionPool few = pool with { People = [.. pool.People.Select((person, i) => rare.Contains(i) ? person with { Values = [.. person.Values.Select((value, c) => c == 2 ? 3 : value)] } : person)] };
        SortitionPool full = pool with { Criteria = [.. pool.Criteria.Select((set, c) => c != 1 ? set : set with { Quotas = [.. set.Quotas.Select(quota => quota with { Max = quota.Min })] })] };
        SortitionPool stiff = pool with { Criteria = [.. pool.Criteria.Select((set, c) => c is not (3 or 4) ? set : set with { Quotas = [.. set.Quotas.Select((quota, v) => v == 0 ? quota with { Min = pool.Size * 6 / 10, Max = pool.Size } : quota with { Max = pool.Size * 4 / 10, Min = 0 })] })] };
        SortitionPool apart = stiff with { People = [.. stiff.People.Select(person => person.Values[3] == 0 && person.Values[4] == 0 ? person with { Values = [.. person.Values.Select((value, c) => c == 4 ? 1 : value)] } : person)] };
        Console.WriteLine($"{pool.People.Count} people, {PanelTypes.Of(pool).Types.Count} types, panel of {pool.Size}");
        Measure("can be met", pool);
        Measure("a minimum above the pool", few);
        Measure("maximums below the size", full);
        Measure("two minimums that exclude each other", apart);
        return 0;
    }

    private static void Measure(string what, SortitionPool pool)
    {
        PanelTypes types = PanelTypes.Of(pool);
        TimeSpan start = Cpu();
        QuotaFeasibility decided = QuotaFeasibility.Of(types, CancellationToken.None);
        TimeSpan after = Cpu();
        Relaxations? advice = decided is QuotaFeasibility.Feasible ? null : Relaxations.Of(types, 4, CancellationToken.None);
        TimeSpan end = Cpu();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {decided.GetType().Name}, decided in {(after - start).TotalSeconds:F2} s CPU, advised in {(end - after).TotalSeconds:F2} s CPU; conflict of {advice?.Conflict?.Limits.Count ?? 0}{(advice?.Conflict?.Smallest == true ? ", smallest" : "")}, {advice?.Ranked.Count ?? 0} ways, {advice?.Options.Count ?? 0} options"));
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;

    private static SortitionPool Pool(int people, int size)
    {
        double[][] shares = [[0.51, 0.49], [0.23, 0.26, 0.30, 0.21], [0.3, 0.25, 0.2, 0.2, 0.05], [0.23, 0.40, 0.37], [0.27, 0.28, 0.45], [0.7, 0.3], [0.4, 0.3, 0.2, 0.1]];
        ulong state = 20270104;
        Candidate[] candidates = new Candidate[people];
        for (int i = 0; i < people; i++)
        {
            int[] values = [.. shares.Select(share => Weighted(share))];
            candidates[i] = new Candidate(i.ToString("x32", CultureInfo.InvariantCulture), values, Next() % 10 == 0 ? "h" + (i / 8) : null);
        }

        return new(
            [.. shares.Select((values, c) => new QuotaSet("c" + c, [.. values.Select((share, v) => new Quota("v" + v, Math.Max(0, (int)Math.Floor(share * size) - 1), (int)Math.Ceiling(share * size) + 1))]))],
            candidates, size);

        ulong Next()
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }

        int Weighted(double[] weights)
        {
            // Those who answer are not those who live there: every later value answers a little more often.
            double[] skewed = [.. weights.Select((weight, v) => weight * (1 + (0.3 * v)))];
            double at = (Next() >> 11) * (1.0 / (1UL << 53)) * skewed.Sum();
            for (int v = 0; v < skewed.Length; v++)
            {
                at -= skewed[v];
                if (at < 0)
                {
                    return v;
                }
            }

            return skewed.Length - 1;
        }
    }
}
