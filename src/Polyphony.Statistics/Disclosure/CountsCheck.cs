using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Refuses counts that contradict themselves: what cannot be true cannot be protected.</summary>
internal static class CountsCheck
{
    public static void Demand(SessionCounts counts)
    {
        foreach (var tally in counts.Overall)
            DemandTally(tally, counts.Ballots);
        foreach (var criterion in counts.Criteria)
        {
            foreach (var group in criterion.Groups)
            {
                if (group.Questions.Length != counts.Overall.Length)
                    throw new ArgumentException($"A group of {criterion.Criterion} has other questions than the session.");
                for (var q = 0; q < counts.Overall.Length; q++)
                {
                    DemandTally(group.Questions[q], group.Ballots);
                    if (group.Questions[q].Question != counts.Overall[q].Question || group.Questions[q].Counts.Length != counts.Overall[q].Counts.Length)
                        throw new ArgumentException($"A group of {criterion.Criterion} has other questions than the session.");
                }
            }
            DemandRest(counts, criterion);
        }
    }

    private static void DemandTally(QuestionTally tally, int ballots)
    {
        var chosen = tally.Counts.Sum();
        var fits = tally.Ballots == ballots
            && tally.NoAnswer >= 0
            && tally.NoAnswer <= ballots
            && tally.Counts.All(count => count >= 0 && count <= tally.Answered)
            && (tally.Form == AnswerForm.MultipleChoice ? chosen >= tally.Answered : chosen == tally.Answered);
        if (!fits)
            throw new ArgumentException($"The counts of question {tally.Question} do not add up.");
    }

    private static void DemandRest(SessionCounts counts, CriterionCounts criterion)
    {
        if (counts.Ballots < criterion.Groups.Sum(group => group.Ballots))
            throw new ArgumentException($"The groups of {criterion.Criterion} have more ballots than the session.");
        for (var q = 0; q < counts.Overall.Length; q++)
        {
            var rest = counts.Overall[q].NoAnswer - criterion.Groups.Sum(group => group.Questions[q].NoAnswer);
            for (var option = 0; option < counts.Overall[q].Counts.Length && rest >= 0; option++)
                rest = Math.Min(rest, counts.Overall[q].Counts[option] - criterion.Groups.Sum(group => group.Questions[q].Counts[option]));
            if (rest < 0)
                throw new ArgumentException($"The groups of {criterion.Criterion} have more answers than the session.");
        }
    }
}
