using System.Text.Json.Serialization;
using Polyphony.Sortition;

namespace Polyphony.Web.Draws;

/// <summary>What a computed lottery keeps: counts and targets in the order of the tickets.</summary>
/// <param name="Counts">On how many of the numbered panels each person is.</param>
/// <param name="Targets">Each person's chance in the optimal lottery.</param>
/// <param name="Bound">No lottery gives its least likely person more than this.</param>
/// <param name="Uncoverable">People whom no panel can contain.</param>
/// <param name="Panels">How many numbered panels there are.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Diagnosis">What decides about the least chance; null where it was not found.</param>
/// <param name="Gap">How far from the best lottery by its objective it may be, relative; null: nothing is proven.</param>
/// <param name="EndedByLimit">Whether it ended before it was proven to within a thousandth, by its time or its digits.</param>
/// <param name="Types">How many kinds of people who are equal in all that counts.</param>
/// <param name="Reasons">Which rules bind for whom.</param>
public sealed record LotteryResult(
    IReadOnlyList<int> Counts, IReadOnlyList<double> Targets, double Bound, IReadOnlyList<int> Uncoverable, int Panels, double Seconds, LotteryDiagnosis? Diagnosis = null,
    double? Gap = null, bool EndedByLimit = false, int Types = 0, ChanceReasons? Reasons = null)
{
    [JsonIgnore]
    public double LeastChance => Reachable.DefaultIfEmpty(0).Min();

    [JsonIgnore]
    public double GreatestChance => (double)Counts.Max() / Panels;

    /// <summary>The greatest change of anybody's chance by rounding to numbered panels.</summary>
    [JsonIgnore]
    public double GreatestChange => Counts.Index().Max(pair => Math.Abs(((double)pair.Item / Panels) - Targets[pair.Index]));

    /// <summary>Inequality of the chances of those whom a panel can contain: 0 when all are equal, nearly 1 when one has all.</summary>
    [JsonIgnore]
    public double Gini
    {
        get
        {
            double[] sorted = [.. Reachable.Order()];
            double mean = sorted.DefaultIfEmpty(0).Average();
            return mean == 0 ? 0 : sorted.Index().Sum(pair => ((2 * (pair.Index + 1)) - sorted.Length - 1) * pair.Item) / (sorted.Length * sorted.Length * mean);
        }
    }

    /// <summary>Of the same chances; 0 when one of them is.</summary>
    [JsonIgnore]
    public double GeometricMean => Reachable.Any(chance => chance == 0) ? 0 : Math.Exp(Reachable.Select(chance => Math.Log(chance)).DefaultIfEmpty(double.NegativeInfinity).Average());

    [JsonIgnore]
    public IReadOnlyList<double> Chances => [.. Counts.Select(count => (double)count / Panels)];

    private IEnumerable<double> Reachable
    {
        get
        {
            HashSet<int> without = [.. Uncoverable];
            return Counts.Index().Where(pair => !without.Contains(pair.Index)).Select(pair => (double)pair.Item / Panels);
        }
    }

    public static LotteryResult Of(LotteryOutcome.Computed computed, TimeSpan elapsed, PanelDiagnosis? diagnosis) => new(
        computed.Lottery.Counts, computed.Lottery.Target, computed.Lottery.Bound, computed.Lottery.Uncoverable, computed.Lottery.Panels.Count, elapsed.TotalSeconds,
        diagnosis is null ? null : new(diagnosis, diagnosis.Forced.Sum(t => computed.Exact.Types.Types[t].People.Count))
        {
            Excluded = [.. diagnosis.Excluded.Select(excluded => (IReadOnlyList<int>)[.. excluded.Types.SelectMany(t => computed.Exact.Types.Types[t].People).Order()])],
        },
        double.IsFinite(computed.Exact.Gap) ? computed.Exact.Gap : null, computed.Exact.EndedByLimit, computed.Exact.Types.Types.Count, ChanceReasons.Of(computed.Exact));
}

/// <summary>What decides about chances, as it was found when the lottery was computed.</summary>
/// <param name="Panel">The diagnosis.</param>
/// <param name="Forced">How many people are on every panel.</param>
public sealed record LotteryDiagnosis(PanelDiagnosis Panel, int Forced)
{
    /// <summary>For each exclusion of the diagnosis the people whom it keeps out.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Excluded { get; init; } = [];

    /// <summary>The rules that leave no place for somebody; none where no short explanation was found.</summary>
    public IReadOnlyList<PanelLimit> KeepingOut(int person) => Excluded.Index().FirstOrDefault(pair => pair.Item.Contains(person), (-1, [])).Index is >= 0 and int number ? Panel.Excluded[number].Why.Limits : [];
}
