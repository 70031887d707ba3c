namespace Polyphony.Sortition;

/// <summary>What bounds every lottery: a reader with the pool, the quotas and a pencil can recompute it.</summary>
/// <remarks>Nothing in it needs to be believed: multipliers prove by weak duality whatever they are (a bad one only proves less); a cut is an integer
/// programme that a reader solves again; a type without a panel likewise.</remarks>
/// <param name="Cuts">Inequalities that every panel keeps, each proven by an integer programme.</param>
/// <param name="Levels">For LEXIMIN the level steps in their order, for MAXIMIN the first of them; otherwise empty.</param>
/// <param name="Sum">For the other objectives the proof of one bound; otherwise null.</param>
public sealed record LotteryProof(IReadOnlyList<PanelCut> Cuts, IReadOnlyList<LevelStep> Levels, SumProof? Sum)
{
    /// <summary>The bound on the least chance of those not settled before a step, given what the lottery gives to the others.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="chances">The lottery's chances.</param>
    /// <param name="coverable">Types that some panel can hold.</param>
    /// <returns>For each step the bound and the least chance that the lottery gives.</returns>
    public IReadOnlyList<(double Bound, double Least)> LevelBounds(PanelTypes types, IReadOnlyList<double> chances, IReadOnlyList<bool> coverable)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(chances);
        ArgumentNullException.ThrowIfNull(coverable);
        List<(double, double)> bounds = [];
        bool[] settled = [.. coverable.Select(can => !can)];
        foreach (LevelStep step in Levels)
        {
            double[] weights = step.Proof.WeightsOf(types, Cuts);
            double bound = step.Proof.BoundOf(types, Cuts, weights, coverable);
            double share = 0;
            double least = double.PositiveInfinity;
            for (int t = 0; t < weights.Length; t++)
            {
                double weight = Math.Max(0, weights[t]) * types.Types[t].People.Count;
                if (settled[t])
                {
                    bound -= weight * chances[t];
                }
                else
                {
                    share += weight;
                    least = Math.Min(least, chances[t]);
                }
            }

            bounds.Add((share > 0 && double.IsFinite(bound) ? bound / share : double.PositiveInfinity, least));
            foreach (int t in step.Settled)
            {
                settled[t] = true;
            }
        }

        return bounds;
    }

    /// <summary>For each type the chance above which no lottery lifts it without leaving somebody below a level.</summary>
    /// <remarks><para>
    /// Let v₁ ≤ v₂ ≤ … be the values of the steps and S₁, S₂, … those whom they settle. The multipliers of step i prove Σ gₜ nₜ qₜ ≤ Bᵢ for every lottery q, where nₜ
    /// is how many people are of type t. If q gives vⱼ or more to all of Sⱼ for j &lt; i, and vᵢ or more to everybody else, then for each t with gₜ &gt; 0
    /// </para><code>qₜ ≤ capₜ = vᵢ + (Bᵢ − Σ settled gₛ nₛ vₛ − Σ others gᵤ nᵤ vᵢ) / (gₜ nₜ).</code><para>
    /// So whatever q is, there is a step up to which it stays between the levels and the caps, and there either it has come to the end, or it leaves somebody below the
    /// level. A lottery p with pₜ ≥ (1 − ε) capₜ for all t is therefore LEXIMIN but for ε: to give anybody more than pₜ / (1 − ε), q must let somebody
    /// sink who has no more than that one's level. This holds whatever the values are: values that are too high make caps that p does not reach, and of values that are too
    /// low the numerator is not zero. A type that is settled while a small weight says nothing of it gets a cap far above its level.
    /// </para></remarks>
    /// <param name="types">The merged pool.</param>
    /// <param name="coverable">Types that some panel can hold.</param>
    /// <returns>One cap a type; 0 for types without a panel, infinite for those whom no step settles.</returns>
    public IReadOnlyList<double> Caps(PanelTypes types, IReadOnlyList<bool> coverable)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(coverable);
        double[] caps = [.. coverable.Select(can => can ? double.PositiveInfinity : 0)];
        double[] levels = new double[caps.Length];
        bool[] settled = [.. coverable.Select(can => !can)];
        double level = 0;
        foreach (LevelStep step in Levels)
        {
            // Nobody has more than certainty, and levels ascend: other values prove no more than these.
            level = Math.Min(1, Math.Max(level, step.Value));
            double[] weights = step.Proof.WeightsOf(types, Cuts);
            double rest = step.Proof.BoundOf(types, Cuts, weights, coverable);
            for (int t = 0; t < weights.Length; t++)
            {
                rest -= Math.Max(0, weights[t]) * Math.Min(types.Types[t].People.Count * (settled[t] ? levels[t] : level), types.Types[t].Capacity);
            }

            foreach (int t in step.Settled.Where(t => !settled[t]))
            {
                settled[t] = true;
                levels[t] = level;
                caps[t] = weights[t] > 0 && double.IsFinite(rest) ? level + (Math.Max(0, rest) / (weights[t] * types.Types[t].People.Count)) : double.PositiveInfinity;
            }
        }

        return caps;
    }

    /// <summary>How far a lottery may be from the optimum.</summary>
    /// <param name="objective">What it is fair by.</param>
    /// <param name="types">The merged pool.</param>
    /// <param name="chances">The lottery's chances.</param>
    /// <param name="coverable">Types that some panel can hold.</param>
    /// <param name="gamma">For GOLDILOCKS, the weight of small chances.</param>
    /// <returns>The relative gap, 0 or more; infinite when nothing is proven.</returns>
    public double GapOf(LotteryObjective objective, PanelTypes types, IReadOnlyList<double> chances, IReadOnlyList<bool> coverable, double gamma)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(chances);
        ArgumentNullException.ThrowIfNull(coverable);
        if (objective is LotteryObjective.Leximin or LotteryObjective.Maximin)
        {
            double worst = LevelBounds(types, chances, coverable).Select(level => Shortage(level.Bound, level.Least)).DefaultIfEmpty(double.PositiveInfinity).Max();
            return objective == LotteryObjective.Maximin
                ? worst
                : Caps(types, coverable).Zip(chances).Where((_, t) => coverable[t]).Select(pair => Shortage(pair.First, pair.Second)).Append(worst).Max();
        }

        return Sum is null || objective == LotteryObjective.Legacy ? double.PositiveInfinity : Sum.GapOf(objective, types, chances, coverable, gamma, Cuts);
    }

    /// <summary>How much is missing of a bound, relative to it.</summary>
    private static double Shortage(double bound, double reached) => bound > 0 && double.IsFinite(bound) ? Math.Max(0, (bound - reached) / bound) : double.PositiveInfinity;
}

/// <summary>The proof of a bound on a weighted sum of expected seats, from which the bound of an objective follows by concavity.</summary>
/// <param name="Weights">A weight for a seat of each type: the slope of the objective at <paramref name="Point"/>.</param>
/// <param name="Point">For GOLDILOCKS the least chance at which the slope was taken; otherwise 0.</param>
/// <param name="Multipliers">What bounds the weighted sum.</param>
public sealed record SumProof(IReadOnlyList<double> Weights, double Point, Multipliers Multipliers)
{
    /// <summary>No lottery's Σ weightₜ · seatsₜ is more than this.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="cuts">The cuts.</param>
    /// <param name="coverable">Types that some panel can hold.</param>
    /// <returns>The bound.</returns>
    public double Bound(PanelTypes types, IReadOnlyList<PanelCut> cuts, IReadOnlyList<bool> coverable)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(coverable);
        double[] lent = Multipliers.WeightsOf(types, cuts);
        double[] rest = new double[lent.Length];
        for (int t = 0; t < lent.Length; t++)
        {
            rest[t] = lent[t] - Weights[t];
        }

        return Multipliers.BoundOf(types, cuts, rest, coverable);
    }

    /// <summary>The relative gap of a lottery.</summary>
    internal double GapOf(
        LotteryObjective objective, PanelTypes types, IReadOnlyList<double> chances, IReadOnlyList<bool> coverable, double gamma, IReadOnlyList<PanelCut> cuts)
    {
        double bound = Bound(types, cuts, coverable);
        int[] can = [.. Enumerable.Range(0, chances.Count).Where(t => coverable[t])];
        double people = can.Sum(t => types.Types[t].People.Count);
        switch (objective)
        {
            case LotteryObjective.Nash:
                // log f is concave, so f* ≤ f(p) + Σ (x − p)/p for every p; in the mean over people that bounds the geometric mean.
                double better = can.Sum(t => types.Types[t].People.Count * (Math.Log(1 / Weights[t]) - Math.Log(chances[t])));
                double gap = Math.Max(0, Math.Exp(((bound - people) + better) / people) - 1);
                return double.IsNaN(gap) ? double.PositiveInfinity : gap;
            case LotteryObjective.Minimax:
                // greatest · Σ fall ≥ Σ fallₜ pₜ ≥ −bound, whatever the weights are.
                double greatest = can.Max(t => chances[t]);
                return Shortfall(-bound / can.Sum(Fall), greatest);
            case LotteryObjective.Goldilocks:
                // 1/least ≥ 2/m − least/m², and every chance is between least and greatest, which are 1 at most. Where the slope is not that of the objective, what is missing is taken off.
                double n = types.Pool.People.Count;
                double k = types.Pool.Size;
                double high = n / k;
                double low = gamma * k / n / (Point * Point);
                double value = (high * can.Max(t => chances[t])) + (gamma * k / n / can.Min(t => chances[t]));
                double missing = Math.Max(0, can.Sum(Fall) - high) + Math.Max(0, low - high - can.Sum(t => Weights[t] * types.Types[t].People.Count));
                return Shortfall((2 * low * Point) - bound - missing, value);
            default:
                return double.PositiveInfinity;
        }

        // How much the people of a type weigh downwards.
        double Fall(int t) => Math.Max(0, -Weights[t]) * types.Types[t].People.Count;

        // Of what is to be small: how far it is above a floor, relative to it.
        static double Shortfall(double floor, double value) => double.IsFinite(floor) ? Math.Max(0, 1 - (floor / value)) : double.PositiveInfinity;
    }
}
