using System.Collections.Immutable;

namespace Polyphony.Statistics.Change;

/// <summary>Where the answers of the same people went between two askings of one question.</summary>
/// <param name="Counts">People by their option before (row) and after (column).</param>
public sealed record AnswerFlow(ImmutableArray<ImmutableArray<int>> Counts)
{
    /// <summary>Number of options.</summary>
    public int Options => Counts.Length;

    /// <summary>People who answered both times.</summary>
    public int Pairs => Counts.Sum(row => row.Sum());

    /// <summary>People whose answer is another one than before.</summary>
    public int Changed => Pairs - Enumerable.Range(0, Options).Sum(option => Counts[option][option]);

    /// <summary>Gross change: the share of people whose answer changed, 0 to 1; <see langword="null"/> without people.</summary>
    public double? GrossChange => Pairs == 0 ? null : (double)Changed / Pairs;

    /// <summary>People per option before.</summary>
    public ImmutableArray<int> Before => [.. Counts.Select(row => row.Sum())];

    /// <summary>People per option after.</summary>
    public ImmutableArray<int> After => [.. Enumerable.Range(0, Options).Select(option => Counts.Sum(row => row[option]))];

    /// <summary>Net change of each option: its share after less its share before, −1 to 1; empty without people.</summary>
    public ImmutableArray<double> NetChange => Pairs == 0 ? [] : [.. Before.Zip(After, (before, after) => (double)(after - before) / Pairs)];

    /// <summary>Counts the flow.</summary>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="answers">One pair of option indices per person who answered both times.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">An answer names an option that does not exist.</exception>
    public static AnswerFlow Of(int options, IEnumerable<(int Before, int After)> answers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options, 1);
        ArgumentNullException.ThrowIfNull(answers);
        var counts = new int[options][];
        for (var option = 0; option < options; option++)
            counts[option] = new int[options];
        foreach (var (before, after) in answers)
        {
            if (before < 0 || before >= options || after < 0 || after >= options)
                throw new ArgumentException("No such option.", nameof(answers));
            counts[before][after]++;
        }
        return new AnswerFlow([.. counts.Select(row => row.ToImmutableArray())]);
    }
}
