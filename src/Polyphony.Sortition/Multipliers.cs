namespace Polyphony.Sortition;

/// <summary>What every panel keeps to: Σ weightₜ · countₜ ≤ bound. Found where the quotas alone promise more than whole people can hold.</summary>
/// <param name="Weights">One integer weight for each type.</param>
/// <param name="Bound">The greatest weight of any panel, proven by an integer programme.</param>
public sealed record PanelCut(IReadOnlyList<long> Weights, long Bound);

/// <summary>Multipliers that prove a bound on a weighted sum of expected seats over all lotteries, by nothing but arithmetic.</summary>
/// <remarks>Weak duality: every lottery's expected seats x keep size, quotas, household groups, capacities and cuts, so Σ gₜ xₜ is at most
/// <see cref="BoundOf"/>, where gₜ is the sum of the multipliers of the rows that hold t.</remarks>
/// <param name="Size">Multiplier of the panel's size.</param>
/// <param name="Rows">Multiplier of each quota row: positive leans on the maximum, negative on the minimum.</param>
/// <param name="Groups">Multiplier of each household group, 0 or more.</param>
/// <param name="Capacities">For some types a multiplier of their capacity, 0 or more.</param>
/// <param name="Cuts">Multiplier of each cut, 0 or more.</param>
public sealed record Multipliers(
    double Size, IReadOnlyList<double> Rows, IReadOnlyList<double> Groups, IReadOnlyDictionary<int, double> Capacities, IReadOnlyList<double> Cuts)
{
    /// <summary>The weight that the multipliers give to a seat of each type.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="cuts">The cuts, at least as many as there are multipliers for.</param>
    /// <returns>One weight a type.</returns>
    public double[] WeightsOf(PanelTypes types, IReadOnlyList<PanelCut> cuts)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(cuts);
        double[] weights = new double[types.Types.Count];
        for (int t = 0; t < weights.Length; t++)
        {
            PersonType type = types.Types[t];
            double weight = Size + (type.Group >= 0 ? Groups[type.Group] : 0) + Capacities.GetValueOrDefault(t);
            foreach (int row in type.Rows)
            {
                weight += Rows[row];
            }

            for (int cut = 0; cut < Cuts.Count; cut++)
            {
                weight += Cuts[cut] * cuts[cut].Weights[t];
            }

            weights[t] = weight;
        }

        return weights;
    }

    /// <summary>What no lottery's Σ gₜ xₜ exceeds; weights below zero count as zero and are paid for by the capacity.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="cuts">The cuts.</param>
    /// <param name="weights">What <see cref="WeightsOf"/> gave; a type that no panel can hold has no seats, whatever its weight.</param>
    /// <param name="coverable">Which types some panel can hold.</param>
    /// <returns>The bound for Σ max(0, gₜ) xₜ.</returns>
    public double BoundOf(PanelTypes types, IReadOnlyList<PanelCut> cuts, IReadOnlyList<double> weights, IReadOnlyList<bool> coverable)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(cuts);
        double bound = Size * types.Pool.Size;
        for (int row = 0; row < Rows.Count; row++)
        {
            bound += Rows[row] * (Rows[row] > 0 ? types.Rows[row].Max : types.Rows[row].Min);
        }

        for (int group = 0; group < Groups.Count; group++)
        {
            bound += Math.Max(0, Groups[group]) * types.Groups[group].Households;
        }

        foreach ((int type, double multiplier) in Capacities)
        {
            bound += multiplier * types.Types[type].Capacity;
        }

        for (int cut = 0; cut < Cuts.Count; cut++)
        {
            bound += Cuts[cut] * cuts[cut].Bound;
        }

        for (int t = 0; t < weights.Count; t++)
        {
            bound += coverable[t] ? Math.Max(0, -weights[t]) * types.Types[t].Capacity : 0;
        }

        return bound + Rounding(types, cuts);
    }

    /// <summary>More than rounding can take from the bound, from the weights on a lottery's seats, and from sums of both.</summary>
    /// <remarks>Without it a multiplier that is lost beside another (1 + 1e-20 is 1) would weigh in the proof and cost nothing in the bound. N terms of
    /// floating-point numbers are summed with an error of at most N · 2⁻⁵³ of the sum of their magnitudes, to first order (Higham, "Accuracy and Stability of Numerical
    /// Algorithms", 2002, section 4.2); here with a factor of four to spare.</remarks>
    private double Rounding(PanelTypes types, IReadOnlyList<PanelCut> cuts)
    {
        double magnitude = Math.Abs(Size) * types.Pool.Size;
        for (int row = 0; row < Rows.Count; row++)
        {
            magnitude += Math.Abs(Rows[row]) * (Rows[row] > 0 ? types.Rows[row].Max : types.Rows[row].Min);
        }

        for (int group = 0; group < Groups.Count; group++)
        {
            magnitude += Math.Abs(Groups[group]) * types.Groups[group].Households;
        }

        for (int cut = 0; cut < Cuts.Count; cut++)
        {
            magnitude += Math.Abs(Cuts[cut]) * Math.Abs((double)cuts[cut].Bound);
        }

        for (int t = 0; t < types.Types.Count; t++)
        {
            PersonType type = types.Types[t];
            double seat = Math.Abs(Size) + (type.Group >= 0 ? Math.Abs(Groups[type.Group]) : 0) + (2 * Math.Abs(Capacities.GetValueOrDefault(t)));
            foreach (int row in type.Rows)
            {
                seat += Math.Abs(Rows[row]);
            }

            for (int cut = 0; cut < Cuts.Count; cut++)
            {
                seat += Math.Abs(Cuts[cut] * cuts[cut].Weights[t]);
            }

            magnitude += seat * type.Capacity;
        }

        return Math.ScaleB(magnitude * (Rows.Count + Groups.Count + Capacities.Count + Cuts.Count + (2 * types.Types.Count) + 8), -51);
    }
}

/// <summary>One step of the levelling: the least chance of those not settled yet cannot be more than a value.</summary>
/// <param name="Value">The greatest least chance.</param>
/// <param name="Settled">Types that cannot rise above it while nobody falls below: see <see cref="LotteryProof.Caps"/>.</param>
/// <param name="Proof">The multipliers that prove it.</param>
public sealed record LevelStep(double Value, IReadOnlyList<int> Settled, Multipliers Proof);
