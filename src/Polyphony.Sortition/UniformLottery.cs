namespace Polyphony.Sortition;

/// <summary>M numbered panels, one of which is drawn: everybody's chance is an exact fraction.</summary>
/// <param name="Panels">For each number the indices of the people, in ascending order.</param>
/// <param name="Counts">For each person in how many panels they are; the chance is this over the number of panels.</param>
/// <param name="Target">For each person the chance in the optimal lottery.</param>
/// <param name="Bound">No lottery at all gives its least likely coverable person more than this chance.</param>
/// <param name="Uncoverable">People whom no panel can contain, because of the quotas.</param>
public sealed record UniformLottery(
    IReadOnlyList<IReadOnlyList<int>> Panels,
    IReadOnlyList<int> Counts,
    IReadOnlyList<double> Target,
    double Bound,
    IReadOnlyList<int> Uncoverable)
{
    /// <summary>The least chance of anybody whom a panel can contain.</summary>
    public double LeastChance
    {
        get
        {
            HashSet<int> without = [.. Uncoverable];
            return Counts.Index().Where(pair => !without.Contains(pair.Index)).Select(pair => (double)pair.Item / Panels.Count).DefaultIfEmpty(0).Min();
        }
    }

    /// <summary>The greatest chance of anybody.</summary>
    public double GreatestChance => (double)Counts.Max() / Panels.Count;

    /// <summary>The greatest difference between a person's chance and their chance in the optimal lottery.</summary>
    public double GreatestChange => Counts.Index().Max(pair => Math.Abs(((double)pair.Item / Panels.Count) - Target[pair.Index]));

    /// <summary>What the greatest change cannot exceed for the best uniform lottery: min(k/M, √((1 + ln 2 / ln C) / 2) · √(C ln C) / M + 1/M).</summary>
    /// <remarks>Flanigan, Kehne, Procaccia, "Fair sortition made transparent", NeurIPS 2021; C is the number of types.</remarks>
    /// <param name="size">People on a panel.</param>
    /// <param name="panels">Numbered panels.</param>
    /// <param name="types">Distinct types.</param>
    /// <returns>A difference of chances.</returns>
    public static double ChangeBound(int size, int panels, int types)
    {
        double simple = (double)size / panels;
        return types < 2 ? simple : Math.Min(simple, (Math.Sqrt((1 + (Math.Log(2) / Math.Log(types))) / 2) * Math.Sqrt(types * Math.Log(types)) / panels) + (1.0 / panels));
    }
}
