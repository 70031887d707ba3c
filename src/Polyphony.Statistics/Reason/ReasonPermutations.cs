using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Reason;

/// <summary>Could so high an index come about if what people want had nothing to do with what they think?</summary>
/// <remarks>Preferences are dealt out anew among the people. People are first put in an order that follows from their pairs alone, so that the order and the names they come in change nothing.</remarks>
/// <param name="People">Number of people.</param>
/// <param name="Pairs">Pairs that count as observed.</param>
/// <param name="Permutations">How often the preferences were dealt out.</param>
/// <param name="Observed">The original index, or <see langword="null"/> without pairs.</param>
/// <param name="AsHigh">Deals whose index is as high or higher.</param>
/// <param name="PValue">Their share, 0 to 1, or <see langword="null"/> without pairs.</param>
public sealed record ReasonPermutations(int People, int Pairs, int Permutations, double? Observed, int AsHigh, double? PValue)
{
    private const double Rounding = 1e-12;

    /// <summary>Deals preferences out.</summary>
    /// <param name="people">Answers, every person with the same items.</param>
    /// <param name="seed">Starts the chance; the same seed gives the same answer.</param>
    /// <param name="permutations">How often, 1 or more; 10,000 is usual.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The test.</returns>
    public static ReasonPermutations Of(IReadOnlyList<ReasonAnswers> people, ReadOnlySpan<byte> seed, int permutations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        var index = ReasonIndex.Of(people);
        if (index.Original is not { } observed)
            return new ReasonPermutations(people.Count, 0, 0, null, 0, null);
        var (considerations, preferences) = InOwnOrder(people);
        var chance = new SeededChance(seed);
        var dealt = Enumerable.Range(0, people.Count).ToArray();
        var asHigh = 0;
        for (var deal = 0; deal < permutations; deal++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            chance.Shuffle(dealt);
            if (Index(considerations, preferences, dealt) >= observed - Rounding)
                asHigh++;
        }
        return new ReasonPermutations(people.Count, index.Pairs, permutations, observed, asHigh, (double)asHigh / permutations);
    }

    /// <summary>Correlations between people, NaN where there is none, people sorted by what their own pairs look like.</summary>
    private static (double[][] Considerations, double[][] Preferences) InOwnOrder(IReadOnlyList<ReasonAnswers> people)
    {
        var n = people.Count;
        double[][] considerations = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        double[][] preferences = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        foreach (var pair in ReasonIndex.Compare(people))
        {
            considerations[pair.First][pair.Second] = considerations[pair.Second][pair.First] = pair.Considerations ?? double.NaN;
            preferences[pair.First][pair.Second] = preferences[pair.Second][pair.First] = pair.Preferences ?? double.NaN;
        }
        double[][] looks = [.. Enumerable.Range(0, n).Select(person => Look(person, considerations, preferences))];
        int[] order = [.. Enumerable.Range(0, n)];
        Array.Sort(order, (a, b) => looks[a].AsSpan().SequenceCompareTo(looks[b]));
        double[][] Arranged(double[][] matrix) => [.. order.Select(row => order.Select(column => matrix[row][column]).ToArray())];
        return (Arranged(considerations), Arranged(preferences));
    }

    private static double[] Look(int person, double[][] considerations, double[][] preferences)
    {
        var pairs = Enumerable.Range(0, considerations.Length).Where(other => other != person)
            .Select(other => (C: considerations[person][other], P: preferences[person][other])).Order();
        return [.. pairs.SelectMany(pair => new[] { pair.C, pair.P })];
    }

    private static double Index(double[][] considerations, double[][] preferences, int[] dealt)
    {
        var sum = 0.0;
        var pairs = 0;
        for (var second = 1; second < dealt.Length; second++)
        {
            var row = considerations[second];
            var wanted = preferences[dealt[second]];
            for (var first = 0; first < second; first++)
            {
                var apart = Math.Abs(row[first] - wanted[dealt[first]]);
                if (double.IsNaN(apart))
                    continue;
                sum += apart;
                pairs++;
            }
        }
        return pairs == 0 ? double.NegativeInfinity : 1 - (2 * sum / pairs);
    }
}
