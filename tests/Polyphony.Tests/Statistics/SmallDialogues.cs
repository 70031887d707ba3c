using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;

namespace Polyphony.Tests.Statistics;

/// <summary>Random dialogues of the size that is hardest to protect: 45 to 140 people, skewed opinions, groups of all sizes, sometimes paper ballots.</summary>
internal static class SmallDialogues
{
    /// <param name="manySites">People come from two to five sites, to which their paper belongs.</param>
    public static SessionCounts Random(int seed, bool manySites = false)
    {
        var chance = new Random(seed);
        var people = chance.Next(45, 141);
        var paper = chance.Next(3) == 0 ? chance.Next(0, 15) : 0;
        var criteria = Enumerable.Range(0, chance.Next(1, 4)).Select(_ => Weights(chance, chance.Next(2, 6))).ToArray();
        var traits = Enumerable.Range(0, people).Select(_ => criteria.Select(weights => Pick(chance, weights)).ToArray()).ToArray();
        var questions = Enumerable.Range(0, chance.Next(1, 3)).Select(q =>
        {
            var form = (AnswerForm)chance.Next(1, 4);
            var options = form == AnswerForm.Scale5 ? 5 : chance.Next(2, 5);
            var weights = Weights(chance, options + 1);
            var lean = Weights(chance, options + 1);
            var answers = traits.Select(trait => Answer(chance, form, options, trait[0] == 0 ? lean : weights)).ToArray();
            return (Key: $"q{q}", Form: form, Options: options, Answers: answers);
        }).ToArray();

        QuestionTally Tally((string Key, AnswerForm Form, int Options, int[][] Answers) question, Func<int, bool> who) =>
            QuestionTally.Of(question.Key, question.Form, question.Options, Enumerable.Range(0, people).Where(who).Select(person => question.Answers[person]));

        var sites = Weights(chance, chance.Next(2, 6));
        var homes = traits.Select(_ => Pick(chance, sites)).ToArray();
        CriterionCounts[] bySite = manySites
            ? [new CriterionCounts(SessionCounts.BySite, [.. sites.Select((_, site) => new GroupCounts($"S{site}", homes.Count(home => home == site), [.. questions.Select(question => Tally(question, person => homes[person] == site))]))])]
            : [];
        return new SessionCounts(
            "s",
            people,
            [.. questions.Select(question => Tally(question, _ => true))],
            [.. criteria.Select((weights, c) => new CriterionCounts($"c{c}",
                [.. weights.Select((_, value) => new GroupCounts(
                    $"v{value}",
                    traits.Skip(paper).Count(trait => trait[c] == value),
                    [.. questions.Select(question => Tally(question, person => person >= paper && traits[person][c] == value))]))])), .. bySite]);
    }

    /// <summary>The same ballots and up to fifteen more on paper, which lean as they like.</summary>
    public static SessionCounts WithMorePaper(SessionCounts counts, int seed)
    {
        var chance = new Random(seed + 1_000_000);
        var sheets = chance.Next(0, 16);
        return counts with
        {
            Ballots = counts.Ballots + sheets,
            Overall = [.. counts.Overall.Select(tally =>
            {
                var weights = Weights(chance, tally.Counts.Length + 1);
                return tally.Plus(QuestionTally.Of(tally.Question, tally.Form, tally.Counts.Length, [.. Enumerable.Range(0, sheets).Select(_ => Answer(chance, tally.Form, tally.Counts.Length, weights))]));
            })],
        };
    }

    private static int[] Answer(Random chance, AnswerForm form, int options, double[] weights)
    {
        var first = Pick(chance, weights);
        if (first == options)
            return [];
        return form == AnswerForm.MultipleChoice
            ? [.. Enumerable.Range(0, options).Where(option => option == first || chance.Next(3) == 0)]
            : [first];
    }

    private static double[] Weights(Random chance, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Pow(chance.NextDouble(), 2.5) + 0.01)];

    private static int Pick(Random chance, double[] weights)
    {
        var at = chance.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length - 1; i++)
            if ((at -= weights[i]) < 0)
                return i;
        return weights.Length - 1;
    }
}
