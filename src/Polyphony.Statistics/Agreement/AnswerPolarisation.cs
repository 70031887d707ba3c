using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Agreement;

/// <summary>How far answers fall into camps, from the counts of options or steps.</summary>
public static class AnswerPolarisation
{
    /// <summary>Esteban and Ray's polarisation, 1 for two equal camps at the ends.</summary>
    /// <remarks>J.-M. Esteban, D. Ray, "On the measurement of polarization", Econometrica 62 (1994): Σ Σ π_i^(1+α) π_j |y_i − y_j|, steps evenly from 0 to 1, by its value for two camps.</remarks>
    /// <param name="counts">Answers per step, in the order of the scale; two steps or more.</param>
    /// <param name="alpha">Weight of identification within a camp, above 0 to 1.6.</param>
    /// <returns>0 or more, or <see langword="null"/> when nobody answered.</returns>
    public static double? EstebanRay(IReadOnlyList<int> counts, double alpha = 1.3)
    {
        var people = StepCounts.Demand(counts, least: 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alpha, 1.6);
        if (people == 0)
            return null;
        var twoCamps = 2 * Math.Pow(0.5, 2 + alpha);
        return SortedSum.Of(
            from i in Enumerable.Range(0, counts.Count)
            from j in Enumerable.Range(0, counts.Count)
            select Math.Pow((double)counts[i] / people, 1 + alpha) * ((double)counts[j] / people) * ((double)Math.Abs(i - j) / (counts.Count - 1))) / twoCamps;
    }

    /// <summary>Reynal-Querol's polarisation of options without order: 1 for two equal camps.</summary>
    /// <remarks>M. Reynal-Querol, "Ethnicity, political systems, and civil wars", Journal of Conflict Resolution 46 (2002): 4 Σ π² (1 − π).</remarks>
    /// <param name="counts">Answers per option; one option or more.</param>
    /// <returns>0 to 1, or <see langword="null"/> when nobody answered.</returns>
    public static double? ReynalQuerol(IReadOnlyList<int> counts)
    {
        var people = StepCounts.Demand(counts, least: 1);
        if (people == 0)
            return null;
        var sum = counts.Aggregate(BigInteger.Zero, (total, count) => total + ((BigInteger)count * count * (people - count)));
        return new Fraction(4 * sum, BigInteger.Pow(people, 3)).ToDouble();
    }

    /// <summary>Leik's dispersion: 0 when all chose one step, 1 when half chose either end.</summary>
    /// <remarks>R. K. Leik, "A measure of ordinal consensus", Pacific Sociological Review 9 (1966): 2 Σ min(F, 1 − F) / (steps − 1) over cumulative shares F.</remarks>
    /// <param name="counts">Answers per step, in the order of the scale; two steps or more.</param>
    /// <returns>0 to 1, or <see langword="null"/> when nobody answered.</returns>
    public static double? Leik(IReadOnlyList<int> counts)
    {
        var people = StepCounts.Demand(counts, least: 2);
        if (people == 0)
            return null;
        long sum = 0, below = 0;
        foreach (var count in counts)
        {
            below += count;
            sum += Math.Min(below, people - below);
        }
        return 2.0 * sum / ((double)people * (counts.Count - 1));
    }
}
