using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Selection;

/// <summary>Phragmén's sequential rule: each member of the slate is a load of 1 on its supporters, and the one comes in that keeps the greatest load least.</summary>
/// <remarks>L. E. Phragmén (1894); M. Brill, R. Freeman, S. Janson, M. Lackner, "Phragmén's voting methods and justified representation", AAAI 2017. It satisfies PJR. Exact; ties to the lowest index.</remarks>
public static class SequentialPhragmen
{
    /// <summary>Chooses a slate.</summary>
    /// <param name="profile">Who approves what.</param>
    /// <param name="size">Seats, 1 to the number of candidates.</param>
    /// <returns>The slate. Seats for which nobody approves anything else go to the lowest indices.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer candidates than seats, or no seats.</exception>
    public static Slate Of(ApprovalProfile profile, int size)
    {
        ArgumentNullException.ThrowIfNull(profile);
        profile.DemandSize(size);
        List<SlateStep> steps = [];
        Continue(profile, size, steps, new Balances(profile.Voters, BigInteger.Zero, BigInteger.One));
        return new Slate(size, [.. steps], null);
    }

    /// <summary>Fills the seats that are left, from loads that people bear already.</summary>
    internal static void Continue(ApprovalProfile profile, int size, List<SlateStep> steps, Balances loads)
    {
        var chosen = new bool[profile.Candidates];
        foreach (var step in steps)
            chosen[step.Candidate] = true;
        while (steps.Count < size)
        {
            var step = Lightest(profile, chosen, loads) ?? new SlateStep(Array.IndexOf(chosen, false), SlateReason.Filled, 0, []);
            chosen[step.Candidate] = true;
            steps.Add(step);
            if (step.Reason == SlateReason.Filled)
                continue;
            var supporters = profile.Supporters[step.Candidate];
            var raised = step.Measure.Numerator * (loads.Denominator * supporters.Length / step.Measure.Denominator);
            loads.Change(supporters.Length, supporters.AsSpan(), _ => raised);
        }
    }

    private static SlateStep? Lightest(ApprovalProfile profile, bool[] chosen, Balances loads)
    {
        var counts = new int[loads.Levels.Length];
        var near = new double[profile.Candidates];
        var error = new double[profile.Candidates];
        var best = double.PositiveInfinity;
        for (var candidate = 0; candidate < profile.Candidates; candidate++)
        {
            var supporters = profile.Supporters[candidate].Length;
            near[candidate] = double.PositiveInfinity;
            if (chosen[candidate] || supporters == 0)
                continue;
            loads.Count(profile.Supporters[candidate].AsSpan(), counts);
            var (sum, size) = (1.0, 1.0);
            for (var level = 0; level < counts.Length; level++)
            {
                sum += counts[level] * loads.Near[level];
                size += counts[level] * Math.Abs(loads.Near[level]);
            }
            near[candidate] = sum / supporters;
            error[candidate] = (counts.Length + 8) * 4.5e-16 * size / supporters;
            best = Math.Min(best, near[candidate] + error[candidate]);
        }
        SlateStep? lightest = null;
        for (var candidate = 0; candidate < profile.Candidates; candidate++)
        {
            if (!double.IsFinite(near[candidate]) || near[candidate] - error[candidate] > best)
                continue;
            loads.Count(profile.Supporters[candidate].AsSpan(), counts);
            var sum = loads.Denominator;
            for (var level = 0; level < counts.Length; level++)
            {
                if (counts[level] > 0)
                    sum += loads.Levels[level] * counts[level];
            }
            var load = new Fraction(sum, loads.Denominator * profile.Supporters[candidate].Length);
            if (lightest is null || load < lightest.Measure)
                lightest = new SlateStep(candidate, SlateReason.Phragmen, load, []);
        }
        return lightest;
    }
}
