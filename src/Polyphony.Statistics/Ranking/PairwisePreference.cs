using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Ranking;

/// <summary>Strengths of options from votes on pairs.</summary>
/// <remarks>R. A. Bradley, M. E. Terry, Biometrika 39 (1952), fitted by minorisation (D. R. Hunter, Annals of Statistics 32 (2004)). Sums are taken in sorted order: options in another order give the same bits.</remarks>
/// <param name="Votes">Votes on pairs.</param>
/// <param name="Scores">100 (wins + 1) / (wins + losses + 2) per option, 0 to 100: always defined.</param>
/// <param name="Strengths">Chances to win are strength / (strength + strength), geometric mean 1; <see langword="null"/> when there is no finite answer.</param>
/// <param name="Sets">Sets of options among which everybody has beaten everybody by some chain; one set when there is a finite answer. The others cannot be compared on one scale.</param>
public sealed record PairwisePreference(long Votes, ImmutableArray<double> Scores, ImmutableArray<double>? Strengths, ImmutableArray<ImmutableArray<int>> Sets)
{
    private const int MostRounds = 100_000;
    private const double Precise = 1e-13;

    /// <summary>Fits the strengths.</summary>
    /// <param name="wins">How often the row's option was preferred to the column's; square, 0 or more; the diagonal does not count.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">Not square, or a negative number.</exception>
    public static PairwisePreference Of(IReadOnlyList<IReadOnlyList<int>> wins)
    {
        ArgumentNullException.ThrowIfNull(wins);
        var n = wins.Count;
        if (wins.Any(row => row.Count != n || row.Any(count => count < 0)))
            throw new ArgumentException("Wins must be square and not negative.", nameof(wins));
        var others = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Where(j => j != i).ToArray()).ToArray();
        long[] won = [.. others.Select((row, i) => row.Sum(j => (long)wins[i][j]))];
        long[] lost = [.. others.Select((row, i) => row.Sum(j => (long)wins[j][i]))];
        ImmutableArray<double> scores = [.. won.Zip(lost, (up, down) => 100.0 * (up + 1) / (up + down + 2))];
        var sets = SetsOf(wins);
        return new PairwisePreference(won.Sum(), scores, sets.Length == 1 ? Fit(wins, others, won) : null, sets);
    }

    private static ImmutableArray<double> Fit(IReadOnlyList<IReadOnlyList<int>> wins, int[][] others, long[] won)
    {
        double[] strength = [.. won.Select(_ => 1.0)];
        for (var round = 0; round < MostRounds && won.Length > 1; round++)
        {
            double[] next = [.. others.Select((row, i) => won[i] / SortedSum.Of(row.Select(j => ((long)wins[i][j] + wins[j][i]) / (strength[i] + strength[j]))))];
            var mean = Math.Exp(SortedSum.Of(next.Select(value => Math.Log(value))) / next.Length);
            next = [.. next.Select(value => value / mean)];
            var change = next.Zip(strength, (a, b) => Math.Abs(a - b) / b).Max();
            strength = next;
            if (change < Precise)
                break;
        }
        return [.. strength];
    }

    /// <summary>Strongly connected sets of "has beaten", each in order, the first option's set first.</summary>
    private static ImmutableArray<ImmutableArray<int>> SetsOf(IReadOnlyList<IReadOnlyList<int>> wins)
    {
        var n = wins.Count;
        bool[][] reaches = [.. wins.Select((row, i) => row.Select((count, j) => i == j || count > 0).ToArray())];
        for (var via = 0; via < n; via++)
        {
            for (var a = 0; a < n; a++)
            {
                for (var b = 0; b < n && reaches[a][via]; b++)
                    reaches[a][b] |= reaches[via][b];
            }
        }
        return [.. Enumerable.Range(0, n).Where(i => !Enumerable.Range(0, i).Any(j => reaches[i][j] && reaches[j][i]))
            .Select(i => Enumerable.Range(i, n - i).Where(j => reaches[i][j] && reaches[j][i]).ToImmutableArray())];
    }
}
