using System.Numerics;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>The optimal lottery: panels as people per type, with integer weights, and the proof that none is fairer.</summary>
/// <param name="Objective">What it is fair by.</param>
/// <param name="Types">The merged pool.</param>
/// <param name="Panels">For each panel how many people of each type.</param>
/// <param name="Weights">One weight a panel, 1 or more; they sum to <see cref="TotalWeight"/>. Of equal people each is as likely as the other.</param>
/// <param name="Uncoverable">Types that no panel can hold, because of the quotas.</param>
/// <param name="Proof">What bounds every lottery.</param>
/// <param name="Gap">How far the lottery may be from the optimum, relative; the greatest over all levels.</param>
/// <param name="EndedByLimit">Whether the search was ended by its limit, or by the digits of its linear programmes before the gap was as small as promised.</param>
public sealed record ExactLottery(
    LotteryObjective Objective,
    PanelTypes Types,
    IReadOnlyList<IReadOnlyList<int>> Panels,
    IReadOnlyList<long> Weights,
    IReadOnlyList<int> Uncoverable,
    LotteryProof Proof,
    double Gap,
    bool EndedByLimit)
{
    /// <summary>What the weights sum to.</summary>
    public const long TotalWeight = 1_000_000_000_000;

    /// <summary>The chance of each person of each type as an exact fraction.</summary>
    /// <returns>For each type numerator and denominator, not reduced.</returns>
    public IReadOnlyList<(BigInteger Numerator, BigInteger Denominator)> ExactChances()
    {
        Int128[] sums = new Int128[Types.Types.Count];
        for (int panel = 0; panel < Panels.Count; panel++)
        {
            foreach ((int type, int people) in SparsePanel.Seats(Panels[panel]))
            {
                sums[type] += (Int128)Weights[panel] * people;
            }
        }

        BigInteger total = Weights.Sum();
        return [.. sums.Select((sum, type) => ((BigInteger)sum, total * Types.Types[type].People.Count))];
    }

    /// <summary>The chances of the types, as floating-point numbers for showing and measuring.</summary>
    /// <returns>One chance a type.</returns>
    public double[] Chances()
    {
        double[] chances = new double[Types.Types.Count];
        double total = Weights.Sum();
        for (int panel = 0; panel < Panels.Count; panel++)
        {
            foreach ((int type, int people) in SparsePanel.Seats(Panels[panel]))
            {
                chances[type] += Weights[panel] * (double)people;
            }
        }

        for (int t = 0; t < chances.Length; t++)
        {
            chances[t] /= total * Types.Types[t].People.Count;
        }

        return chances;
    }
}
