using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Reason;

/// <summary>The deliberative reason index: do people who think alike want alike, and those who think differently want differently?</summary>
/// <remarks>
/// S. Niemeyer, F. Veri, "The Deliberative Reason Index" (2022): 1 − 2 mean |c − p| over pairs of people, c and p being Spearman correlations of considerations and
/// preferences. The adjusted index (F. Veri, arXiv 2604.16963) weighs a pair by min(1, max(|c|, |p|) / 0.2), so that two people without any relation do not count as consistent. Sums are
/// taken in sorted order and correlations from whole ranks: people and items in another order give the same bits.
/// </remarks>
/// <param name="People">Number of people.</param>
/// <param name="ConsiderationItems">Considerations that somebody answered.</param>
/// <param name="PreferenceItems">Policies that somebody answered.</param>
/// <param name="EmptyItems">Items without any answer; they are left out.</param>
/// <param name="Pairs">Pairs of people that count.</param>
/// <param name="DroppedPairs">Pairs left out because somebody answered all alike, or too few items in common.</param>
/// <param name="Original">The original index, at most 1 and below 0 for people who are far from consistent; <see langword="null"/> without pairs.</param>
/// <param name="Adjusted">The adjusted index, or <see langword="null"/>.</param>
/// <param name="Individual">The original index of each person's own pairs, in the order given; <see langword="null"/> for a person without pairs.</param>
/// <param name="IndividualAdjusted">The adjusted index of each person's own pairs.</param>
public sealed record ReasonIndex(
    int People, int ConsiderationItems, int PreferenceItems, int EmptyItems, int Pairs, int DroppedPairs,
    double? Original, double? Adjusted, ImmutableArray<double?> Individual, ImmutableArray<double?> IndividualAdjusted)
{
    /// <summary>Correlations from which on a pair counts in full.</summary>
    public const double Signal = 0.2;

    /// <summary>Computes the index.</summary>
    /// <param name="people">Answers, every person with the same items.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">People with different numbers of items.</exception>
    public static ReasonIndex Of(IReadOnlyList<ReasonAnswers> people)
    {
        var pairs = Compare(people);
        ReasonPair[] defined = [.. pairs.Where(pair => pair.IsDefined)];
        var own = Enumerable.Range(0, people.Count).Select(_ => new List<ReasonPair>()).ToArray();
        foreach (var pair in defined)
        {
            own[pair.First].Add(pair);
            own[pair.Second].Add(pair);
        }
        var considerations = Answered(people, person => person.Considerations);
        var preferences = Answered(people, person => person.Preferences);
        var items = people.Count == 0 ? 0 : people[0].Considerations.Length + people[0].Preferences.Length;
        return new ReasonIndex(
            people.Count, considerations, preferences, items - considerations - preferences, defined.Length, pairs.Length - defined.Length,
            OriginalOf(defined), AdjustedOf(defined), [.. own.Select(OriginalOf)], [.. own.Select(AdjustedOf)]);
    }

    /// <summary>Compares every two people.</summary>
    /// <param name="people">Answers, every person with the same items.</param>
    /// <returns>n (n − 1) / 2 pairs, the first person ascending within the second.</returns>
    /// <exception cref="ArgumentException">People with different numbers of items.</exception>
    public static ImmutableArray<ReasonPair> Compare(IReadOnlyList<ReasonAnswers> people)
    {
        ArgumentNullException.ThrowIfNull(people);
        if (people.Any(person => person.Considerations.Length != people[0].Considerations.Length || person.Preferences.Length != people[0].Preferences.Length))
            throw new ArgumentException("People with different numbers of items.", nameof(people));
        RankedRow[] considerations = [.. people.Select(person => new RankedRow(person.Considerations))];
        RankedRow[] preferences = [.. people.Select(person => new RankedRow(person.Preferences))];
        return
        [
            .. from second in Enumerable.Range(0, people.Count)
               from first in Enumerable.Range(0, second)
               select new ReasonPair(first, second, considerations[first].With(considerations[second]), preferences[first].With(preferences[second])),
        ];
    }

    /// <summary>1 − 2 |c − p|, and the same drawn towards 1 when there is no signal.</summary>
    internal static double Adjust(double considerations, double preferences)
    {
        var weight = Math.Min(1, Math.Max(Math.Abs(considerations), Math.Abs(preferences)) / Signal);
        var likeness = (1 - (Math.Abs(considerations - preferences) / Math.Sqrt(2))) * weight;
        return 1 - (2 * Math.Sqrt(2) * (1 - likeness));
    }

    private static double? OriginalOf(IReadOnlyCollection<ReasonPair> pairs) =>
        1 - (2 * SortedSum.Mean([.. pairs.Select(pair => Math.Abs(pair.Considerations!.Value - pair.Preferences!.Value))]));

    private static double? AdjustedOf(IReadOnlyCollection<ReasonPair> pairs) =>
        SortedSum.Mean([.. pairs.Select(pair => Adjust(pair.Considerations!.Value, pair.Preferences!.Value))]);

    private static int Answered(IReadOnlyList<ReasonAnswers> people, Func<ReasonAnswers, ImmutableArray<decimal?>> block) =>
        people.Count == 0 ? 0 : Enumerable.Range(0, block(people[0]).Length).Count(item => people.Any(person => block(person)[item] is not null));

    /// <summary>One person's answers with their ranks, ranked again with another person where an answer is missing.</summary>
    private sealed class RankedRow
    {
        private readonly ImmutableArray<decimal?> _values;
        private readonly long[] _ranks;
        private readonly bool[] _isThere;

        public RankedRow(ImmutableArray<decimal?> values)
        {
            _values = values;
            _isThere = [.. values.Select(value => value is not null)];
            _ranks = Ranks.Doubled([.. values.OfType<decimal>()]);
        }

        public double? With(RankedRow other)
        {
            if (_isThere.AsSpan().SequenceEqual(other._isThere))
                return _ranks.Length < 2 ? null : Ranks.Correlation(_ranks, other._ranks);
            int[] both = [.. Enumerable.Range(0, _values.Length).Where(item => _isThere[item] && other._isThere[item])];
            return both.Length < 2
                ? null
                : Ranks.Correlation(Ranks.Doubled([.. both.Select(item => _values[item]!.Value)]), Ranks.Doubled([.. both.Select(item => other._values[item]!.Value)]));
        }
    }
}
