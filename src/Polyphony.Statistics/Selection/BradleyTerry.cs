using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Selection;

/// <summary>How often one item was preferred to another when both were shown.</summary>
/// <param name="Winner">Index of the preferred item.</param>
/// <param name="Loser">Index of the other.</param>
/// <param name="Count">Times, 1 or more.</param>
public readonly record struct PairwiseWin(int Winner, int Loser, long Count = 1);

/// <summary>Strengths from comparisons in pairs: the chance that i is preferred to j is pᵢ / (pᵢ + pⱼ).</summary>
/// <remarks>
/// R. A. Bradley, M. E. Terry, Biometrika 39 (1952); D. R. Hunter, "MM algorithms for generalized Bradley–Terry models", Annals of Statistics 32 (2004): pᵢ ← winsᵢ / Σⱼ nᵢⱼ / (pᵢ + pⱼ). Strengths exist only when every
/// item can be reached from every other by a chain of wins (Ford, 1957); otherwise some would have to be infinite, and nothing is put in their place. The score (wins + 1) / (wins + losses + 2) always exists. Sums are sorted, so that items in another order give the same bits.
/// </remarks>
/// <param name="Strengths">Per item, above 0, together 1; <see langword="null"/> when there are none, or the steps were not enough.</param>
/// <param name="Tiers">Items that can be compared, from the best: each item of a tier reaches each other by wins. A single tier when strengths exist. Tiers between which nothing decides are ordered by lowest index.</param>
/// <param name="Scores">Per item (wins + 1) / (wins + losses + 2), the chance to be preferred to another.</param>
/// <param name="Comparisons">Their number.</param>
public sealed record BradleyTerry(ImmutableArray<double>? Strengths, ImmutableArray<ImmutableArray<int>> Tiers, ImmutableArray<Fraction> Scores, long Comparisons)
{
    private const int MostSteps = 100_000;
    private const double Close = 1e-13;

    /// <summary>Estimates.</summary>
    /// <param name="items">Number of items, 1 or more.</param>
    /// <param name="wins">The comparisons, in any order, a pair any number of times.</param>
    /// <returns>The estimate.</returns>
    /// <exception cref="ArgumentException">An item that is not there, is compared with itself, or a count below 1.</exception>
    public static BradleyTerry Of(int items, IReadOnlyCollection<PairwiseWin> wins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        ArgumentNullException.ThrowIfNull(wins);
        var won = new long[items, items];
        foreach (var (winner, loser, count) in wins)
        {
            if (winner < 0 || loser < 0 || winner >= items || loser >= items || winner == loser || count < 1)
                throw new ArgumentException($"Item {winner} against {loser}, {count} times.", nameof(wins));
            won[winner, loser] += count;
        }
        long Won(int item) => Enumerable.Range(0, items).Sum(other => won[item, other]);
        long Lost(int item) => Enumerable.Range(0, items).Sum(other => won[other, item]);
        var tiers = Connected(items, won);
        return new BradleyTerry(
            tiers.Length == 1 ? Estimate(items, won, [.. Enumerable.Range(0, items).Select(Won)]) : null,
            tiers,
            [.. Enumerable.Range(0, items).Select(item => new Fraction(Won(item) + 1, Won(item) + Lost(item) + 2))],
            wins.Sum(win => win.Count));
    }

    private static ImmutableArray<double>? Estimate(int items, long[,] won, long[] wins)
    {
        if (items == 1)
            return [1.0];
        int[][] met = [.. Enumerable.Range(0, items).Select(i => Enumerable.Range(0, items).Where(j => won[i, j] + won[j, i] > 0).ToArray())];
        var strength = Enumerable.Repeat(1.0 / items, items).ToArray();
        var next = new double[items];
        var parts = new double[items];
        for (var step = 0; step < MostSteps; step++)
        {
            for (var i = 0; i < items; i++)
            {
                for (var place = 0; place < met[i].Length; place++)
                {
                    var j = met[i][place];
                    parts[place] = (won[i, j] + won[j, i]) / (strength[i] + strength[j]);
                }
                next[i] = wins[i] / SortedSum(parts.AsSpan(0, met[i].Length));
            }
            next.CopyTo(parts, 0);
            var all = SortedSum(parts);
            var moved = 0.0;
            for (var i = 0; i < items; i++)
            {
                next[i] /= all;
                moved = Math.Max(moved, Math.Abs(next[i] - strength[i]) / next[i]);
            }
            (strength, next) = (next, strength);
            if (moved < Close)
                return [.. strength];
        }
        return null;
    }

    private static double SortedSum(Span<double> values)
    {
        values.Sort();
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }

    /// <summary>Strongly connected parts of "was preferred to at least once", those that nothing outside beats first.</summary>
    private static ImmutableArray<ImmutableArray<int>> Connected(int items, long[,] won)
    {
        var reaches = new bool[items, items];
        for (var a = 0; a < items; a++)
        {
            for (var b = 0; b < items; b++)
                reaches[a, b] = a == b || won[a, b] > 0;
        }
        for (var via = 0; via < items; via++)
        {
            for (var a = 0; a < items; a++)
            {
                for (var b = 0; b < items && reaches[a, via]; b++)
                    reaches[a, b] |= reaches[via, b];
            }
        }
        var left = Enumerable.Range(0, items).ToList();
        var tiers = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        while (left.Count > 0)
        {
            var top = left.First(item => left.All(other => !reaches[other, item] || reaches[item, other]));
            ImmutableArray<int> tier = [.. left.Where(other => reaches[top, other] && reaches[other, top])];
            tiers.Add(tier);
            left.RemoveAll(tier.Contains);
        }
        return tiers.ToImmutable();
    }
}
