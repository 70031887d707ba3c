using System.Collections.Immutable;

namespace Polyphony.Statistics.Counts;

/// <summary>The form an answer takes; "don't know / no answer" is possible in each.</summary>
public enum AnswerForm
{
    /// <summary>Exactly one option.</summary>
    SingleChoice = 1,

    /// <summary>One or more options.</summary>
    MultipleChoice = 2,

    /// <summary>One of five ordered steps, the first option being the lowest.</summary>
    Scale5 = 3,
}

/// <summary>How often each option of one question was chosen.</summary>
/// <param name="Question">The question's stable key.</param>
/// <param name="Form">The form of its answers.</param>
/// <param name="Ballots">Number of ballots, those without an answer to this question included.</param>
/// <param name="Counts">Ballots per option, in the order of the options.</param>
/// <param name="NoAnswer">Ballots with "don't know" or no answer.</param>
public sealed record QuestionTally(string Question, AnswerForm Form, int Ballots, ImmutableArray<int> Counts, int NoAnswer)
{
    /// <summary>Ballots that chose at least one option.</summary>
    public int Answered => Ballots - NoAnswer;

    /// <summary>Counts answers.</summary>
    /// <param name="question">The question's stable key.</param>
    /// <param name="form">The form of its answers.</param>
    /// <param name="options">Number of options, 1 or more; 5 for a scale.</param>
    /// <param name="answers">One answer per ballot: the chosen option indices, each once; empty for "don't know / no answer".</param>
    /// <returns>The tally.</returns>
    /// <exception cref="ArgumentException">An answer names an option that does not exist, names one twice, or names several where one is allowed.</exception>
    public static QuestionTally Of(string question, AnswerForm form, int options, IEnumerable<IReadOnlyCollection<int>> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentOutOfRangeException.ThrowIfLessThan(options, 1);
        if (form == AnswerForm.Scale5)
            ArgumentOutOfRangeException.ThrowIfNotEqual(options, 5);
        var counts = new int[options];
        var ballots = 0;
        var noAnswer = 0;
        foreach (var answer in answers)
        {
            ballots++;
            if (answer.Count == 0)
                noAnswer++;
            if (answer.Count > 1 && (form != AnswerForm.MultipleChoice || answer.Distinct().Count() != answer.Count))
                throw new ArgumentException("More options than the form allows.", nameof(answers));
            foreach (var option in answer)
            {
                if (option < 0 || option >= options)
                    throw new ArgumentException("No such option.", nameof(answers));
                counts[option]++;
            }
        }
        return new QuestionTally(question, form, ballots, [.. counts], noAnswer);
    }

    /// <summary>Adds tallies of the same question, for example paper tables to links.</summary>
    /// <param name="other">A tally with the same question, form and number of options.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentException">The tallies are of different questions.</exception>
    public QuestionTally Plus(QuestionTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Question != Question || other.Form != Form || other.Counts.Length != Counts.Length)
            throw new ArgumentException("Tallies of different questions.", nameof(other));
        return this with
        {
            Ballots = Ballots + other.Ballots,
            Counts = [.. Counts.Zip(other.Counts, (a, b) => a + b)],
            NoAnswer = NoAnswer + other.NoAnswer,
        };
    }

    /// <summary>The share of an option among the ballots that answered.</summary>
    /// <param name="option">Option index.</param>
    /// <returns>0 to 1, or <see langword="null"/> when nobody answered.</returns>
    public double? ShareOfAnswered(int option) => Answered == 0 ? null : (double)Counts[option] / Answered;

    /// <summary>The share of an option among all ballots.</summary>
    /// <param name="option">Option index.</param>
    /// <returns>0 to 1, or <see langword="null"/> when there is no ballot.</returns>
    public double? ShareOfBallots(int option) => Ballots == 0 ? null : (double)Counts[option] / Ballots;

    /// <summary>The mean step of a scale, from 1 to 5, among those who answered.</summary>
    /// <returns>The mean, or <see langword="null"/> when the question is no scale or nobody answered.</returns>
    public double? ScaleMean() =>
        Form != AnswerForm.Scale5 || Answered == 0 ? null : Counts.Select((count, step) => (double)count * (step + 1)).Sum() / Answered;
}
