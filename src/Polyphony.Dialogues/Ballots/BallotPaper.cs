using System.Globalization;
using System.Text;

namespace Polyphony.Dialogues.Ballots;

/// <summary>A question as a ballot asks it.</summary>
/// <param name="Id">The question.</param>
/// <param name="Kind">What kind of answer it takes.</param>
/// <param name="Options">Its options in order; five for a scale.</param>
/// <param name="MaxChoices">How many options may be chosen, 1 or more.</param>
public sealed record BallotQuestion(QuestionId Id, QuestionKind Kind, IReadOnlyList<OptionId> Options, int MaxChoices);

/// <summary>All questions of one session, and the one way in which answers to them are written.</summary>
/// <remarks>Answers are positions of options, questions separated by <c>;</c>, options by <c>,</c>; a question without positions means "don't know / no answer".</remarks>
/// <param name="Questions">The questions in their order.</param>
public sealed record BallotPaper(IReadOnlyList<BallotQuestion> Questions)
{
    /// <summary>Checks answers and writes them.</summary>
    /// <param name="answers">For each question the chosen options; an empty list is "don't know / no answer".</param>
    /// <param name="written">The written form, or an empty text.</param>
    /// <returns>Null when all is well, else the code of what is wrong.</returns>
    public string? TryWrite(IReadOnlyDictionary<QuestionId, IReadOnlyList<OptionId>> answers, out string written)
    {
        ArgumentNullException.ThrowIfNull(answers);
        written = "";
        if (answers.Keys.Any(id => Questions.All(question => question.Id != id)))
        {
            return "unknown-question";
        }

        StringBuilder text = new();
        for (int q = 0; q < Questions.Count; q++)
        {
            BallotQuestion question = Questions[q];
            if (!answers.TryGetValue(question.Id, out IReadOnlyList<OptionId>? chosen))
            {
                return "question-missing";
            }

            if (chosen.Count > (question.Kind == QuestionKind.MultipleChoice ? question.MaxChoices : 1))
            {
                return "too-many-options";
            }

            text.Append(q > 0 ? ";" : "");
            int[] positions = new int[chosen.Count];
            for (int i = 0; i < chosen.Count; i++)
            {
                positions[i] = Position(question.Options, chosen[i]);
                if (positions[i] < 0)
                {
                    return "unknown-option";
                }
            }

            Array.Sort(positions);
            for (int i = 0; i < positions.Length; i++)
            {
                if (i > 0 && positions[i] == positions[i - 1])
                {
                    return "option-twice";
                }

                text.Append(i > 0 ? "," : "").Append(positions[i].ToString(CultureInfo.InvariantCulture));
            }
        }

        written = text.ToString();
        return null;
    }

    /// <summary>Reads what <see cref="TryWrite"/> wrote.</summary>
    /// <param name="written">The written form.</param>
    /// <returns>For each question the positions of the chosen options.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Read(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return [.. written.Split(';').Select(question => (IReadOnlyList<int>)[.. question.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(position => int.Parse(position, CultureInfo.InvariantCulture))])];
    }

    private static int Position(IReadOnlyList<OptionId> options, OptionId option)
    {
        for (int i = 0; i < options.Count; i++)
        {
            if (options[i] == option)
            {
                return i;
            }
        }

        return -1;
    }
}
