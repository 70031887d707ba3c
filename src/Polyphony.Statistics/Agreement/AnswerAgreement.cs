using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Agreement;

/// <summary>How far answers on an ordered scale agree, from the counts of its steps.</summary>
public static class AnswerAgreement
{
    /// <summary>Agreement A: 1 when all chose one step, 0 when every step was chosen alike, −1 when half chose either end.</summary>
    /// <remarks>C. van der Eijk, "Measuring agreement in ordered rating scales", Quality and Quantity 35 (2001). Exact fractions up to the last step.</remarks>
    /// <param name="counts">Answers per step, in the order of the scale; three steps or more, 0 or more each.</param>
    /// <returns>−1 to 1, or <see langword="null"/> when nobody answered.</returns>
    public static double? VanDerEijk(IReadOnlyList<int> counts)
    {
        var people = StepCounts.Demand(counts, least: 3);
        if (people == 0)
            return null;
        var left = counts.ToArray();
        Fraction agreement = 0;
        while (left.Any(count => count > 0))
        {
            var layer = left.Where(count => count > 0).Min();
            bool[] pattern = [.. left.Select(count => count > 0)];
            agreement += new Fraction(layer * (long)pattern.Count(step => step), people) * OfPattern(pattern);
            for (var step = 0; step < left.Length; step++)
                left[step] -= pattern[step] ? layer : 0;
        }
        return agreement.ToDouble();
    }

    /// <summary>Polarisation from agreement: (1 − A) / 2, 0 to 1.</summary>
    /// <param name="counts">As for <see cref="VanDerEijk"/>.</param>
    /// <returns>0 to 1, or <see langword="null"/> when nobody answered.</returns>
    public static double? Polarisation(IReadOnlyList<int> counts) => (1 - VanDerEijk(counts)) / 2;

    /// <summary>Consensus: 1 when all chose one step, 0 when half chose either end.</summary>
    /// <remarks>W. J. Tastle, M. J. Wierman, "Consensus and dissention", International Journal of Approximate Reasoning 45 (2007): 1 + Σ p log₂(1 − |x − μ| / width).</remarks>
    /// <param name="counts">Answers per step, in the order of the scale; two steps or more.</param>
    /// <returns>0 to 1, or <see langword="null"/> when nobody answered.</returns>
    public static double? Consensus(IReadOnlyList<int> counts)
    {
        var people = StepCounts.Demand(counts, least: 2);
        if (people == 0)
            return null;
        var sum = counts.Select((count, step) => (long)count * step).Sum();
        var width = (double)people * (counts.Count - 1);
        return 1 + SortedSum.Of(counts
            .Select((count, step) => (Count: count, Distance: Math.Abs(((long)people * step) - sum)))
            .Where(step => step.Count > 0)
            .Select(step => (double)step.Count / people * Math.Log2(1 - (step.Distance / width))));
    }

    private static Fraction OfPattern(bool[] pattern)
    {
        var steps = pattern.Length;
        var chosen = pattern.Count(step => step);
        if (chosen == 1)
            return 1;
        int together = 0, apart = 0;
        for (var i = 0; i < steps; i++)
        {
            for (var j = i + 1; j < steps; j++)
            {
                for (var k = j + 1; k < steps; k++)
                {
                    if (pattern[j] && pattern[i] != pattern[k])
                        together++;
                    if (!pattern[j] && pattern[i] && pattern[k])
                        apart++;
                }
            }
        }
        if (together + apart == 0)
            return 0;
        var unimodal = new Fraction(((steps - 2) * together) - ((steps - 1) * apart), (steps - 2) * (together + apart));
        return unimodal * (1 - new Fraction(chosen - 1, steps - 1));
    }
}
