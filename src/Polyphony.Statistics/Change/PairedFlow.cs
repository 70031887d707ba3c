using System.Collections.Immutable;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Change;

/// <summary>Where those who could be joined went between two askings of one question, "no answer" being an answer too.</summary>
/// <param name="Before">The stable key of the question when it was asked first.</param>
/// <param name="After">Its key when it was asked again.</param>
/// <param name="Form">The form of its answers.</param>
/// <param name="Counts">People by their answer before (row) and after (column): the options in their order and last "don't know / no answer". Empty for several answers: these have no single way.</param>
public sealed record PairedFlow(string Before, string After, AnswerForm Form, ImmutableArray<ImmutableArray<int>> Counts)
{
    /// <summary>People who could be joined.</summary>
    public int Joined => Counts.Sum(row => row.Sum());

    /// <summary>Of them, people whose answer is another one than before.</summary>
    public int Changed => Joined - Enumerable.Range(0, Counts.Length).Sum(answer => Counts[answer][answer]);

    /// <summary>Those who chose an option both times.</summary>
    /// <returns>The flow without "no answer".</returns>
    public AnswerFlow Answered() => new([.. Counts.SkipLast(1).Select(row => row[..^1])]);

    /// <summary>Adds the flow of other people between the same two askings, for example those of another site.</summary>
    /// <param name="other">A flow between the same questions.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentException">The flows are of different questions.</exception>
    public PairedFlow Plus(PairedFlow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Before != Before || other.After != After || other.Counts.Length != Counts.Length)
            throw new ArgumentException("Flows between different questions.", nameof(other));
        return this with { Counts = [.. Counts.Zip(other.Counts, (row, more) => row.Zip(more, (a, b) => a + b).ToImmutableArray())] };
    }

    /// <summary>Joins the two answers of each person.</summary>
    /// <param name="before">The question's key when it was asked first.</param>
    /// <param name="after">Its key when it was asked again.</param>
    /// <param name="form">The form of its answers.</param>
    /// <param name="options">Number of options, 1 or more.</param>
    /// <param name="answers">For each person who answered both times the chosen options; none for "don't know / no answer".</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">An answer names an option that does not exist, or several where one is allowed.</exception>
    public static PairedFlow Of(string before, string after, AnswerForm form, int options, IEnumerable<(IReadOnlyList<int> Before, IReadOnlyList<int> After)> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        if (form == AnswerForm.MultipleChoice)
            return new PairedFlow(before, after, form, []);
        return new PairedFlow(before, after, form, AnswerFlow.Of(options + 1, answers.Select(pair => (Single(pair.Before), Single(pair.After)))).Counts);

        int Single(IReadOnlyList<int> chosen) => chosen.Count switch
        {
            0 => options,
            1 when chosen[0] >= 0 && chosen[0] < options => chosen[0],
            _ => throw new ArgumentException("One option or none.", nameof(answers)),
        };
    }
}
