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

            bounds.Add((share > 0 ? bound / share : double.PositiveInfinity, least));
            foreach (int t in step.Settled)
            {
                settled[t] = true;
            }
        }

        return bounds;
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
            if (objective == LotteryObjective.Leximin && Levels.SelectMany(step => step.Settled).Distinct().Count() < coverable.Count(can => can))
            {
                // A level without proof is a gap without bound.
                return double.PositiveInfinity;
            }

            return LevelBounds(types, chances, coverable).Select(level => Math.Max(0, (level.Bound - level.Least) / level.Bound)).DefaultIfEmpty(double.PositiveInfinity).Max();
        }

        return Sum is null || objective == LotteryObjective.Legacy ? double.PositiveInfinity : Sum.GapOf(objective, types, chances, coverable, gamma, Cuts);
    }
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
                return Math.Max(0, Math.Exp(((bound - people) + better) / people) - 1);
            case LotteryObjective.Minimax:
                double greatest = can.Max(t => chances[t]);
                return Math.Max(0, (greatest + bound) / greatest);
            case LotteryObjective.Goldilocks:
                double n = types.Pool.People.Count;
                double k = types.Pool.Size;
                double value = (n / k * can.Max(t => chances[t])) + (gamma * k / n / can.Min(t => chances[t]));
                double floor = (2 * gamma * k / n / Point) - bound;
                return Math.Max(0, 1 - (floor / value));
            default:
                return double.PositiveInfinity;
        }
    }
}
