using Polyphony.Statistics.Topics;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics.Selection;

public sealed class GroupingStatements
{
    [Fact]
    public void Topics_once_more_plainly() => Each(random =>
    {
        int statements = random.Next(0, 8);
        StatementVote[][] votes = Votes(random, statements, random.Next(0, 40));
        string?[] questions = [.. Enumerable.Range(0, statements).Select(_ => random.Next(3) is > 0 and var q && random.Next(2) == 0 ? $"q{q}" : null)];
        int least = random.Next(2, 6);
        StatementTopic[] found = [.. StatementTopics.Of(statements, votes, questions, least, 0.4)];
        Assert.Equal(Plain(statements, votes, questions, least).Select(topic => $"{topic.Question}:{string.Join(',', topic.Members)}"), found.Select(topic => $"{topic.Question}:{string.Join(',', topic.Statements)}"));
        Assert.Equal(Enumerable.Range(0, statements), found.SelectMany(topic => topic.Statements).Order());
        Assert.Equal(found.Select(Text), StatementTopics.Of(statements, [.. votes.OrderBy(_ => random.Next())], questions, least, 0.4).Select(Text));
    });

    [Fact]
    public void A_statement_and_its_opposite_have_one_topic_and_translations_need_no_words()
    {
        Random random = new(5);
        StatementVote[][] votes = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            int cars = random.Next(2) == 0 ? 1 : -1;
            int schools = random.Next(2) == 0 ? 1 : -1;
            int Noisy(int vote) => random.Next(10) == 0 ? 0 : vote;
            return (StatementVote[])[new(0, Noisy(cars)), new(1, Noisy(-cars)), new(2, Noisy(cars)), new(3, Noisy(schools)), new(4, Noisy(schools))];
        })];
        Assert.Equal(["0,1,2", "3,4"], StatementTopics.Of(5, votes).Select(topic => string.Join(',', topic.Statements)));
        Assert.Equal(["schools:3,4", "cars:0,1,2"], StatementTopics.Of(5, votes, ["cars", null, null, "schools", null]).OrderBy(topic => topic.Statements.Length).Select(topic => $"{topic.Question}:{string.Join(',', topic.Statements)}"));
    }

    [Fact]
    public void Too_few_votes_and_votes_all_alike_make_no_topic()
    {
        StatementVote[][] alike = [.. Enumerable.Range(0, 50).Select(_ => (StatementVote[])[new(0, 1), new(1, 1)])];
        Assert.Equal(2, StatementTopics.Of(2, alike).Length);
        StatementVote[][] few = [.. Enumerable.Range(0, 19).Select(i => (StatementVote[])[new(0, i % 2), new(1, i % 2)])];
        Assert.Equal(2, StatementTopics.Of(2, few).Length);
        Assert.Single(StatementTopics.Of(2, [.. few, [new(0, 1), new(1, 1)]]));
        Assert.Empty(StatementTopics.Of(0, []));
        Assert.Throws<ArgumentException>(() => StatementTopics.Of(1, [[new(1, 1)]]));
        Assert.Throws<ArgumentException>(() => StatementTopics.Of(1, [[new(0, 2)]]));
        Assert.Throws<ArgumentException>(() => StatementTopics.Of(1, [[new(0, 1), new(0, 1)]]));
        Assert.Throws<ArgumentException>(() => StatementTopics.Of(1, [], ["a", "b"]));
    }

    [Fact]
    public void A_topic_is_named_by_words_that_are_more_its_own()
    {
        TopicText[] said = [.. English("The shuttle should run at night.", "A night shuttle is too dear", "The SHUTTLE is late", "The school should begin later.", "The school is cold", "Nobody should drive at night.")];
        Assert.Equal(["shuttle", "night"], TopicTerms.Of(said, [0, 1, 2]));
        Assert.Equal(["school"], TopicTerms.Of(said, [3, 4]));
        Assert.Empty(TopicTerms.Of(said, [5]));
        Assert.Equal(["wait"], TopicTerms.Of([.. said, .. English("They should wait", "Buses should wait", "We should all wait")], [6, 7]));

        // A word of all statements tells nothing, however often it stands.
        Assert.Empty(TopicTerms.Of([.. English("Shuttles by night", "Shuttles by day", "Shuttles at noon")], [0, 1]));
        Assert.Equal(["côté"], TopicTerms.Of([new("fr", "Un côté"), new("fr", "L’autre côté"), new("fr", "Rien")], [0, 1]));
        Assert.Empty(TopicTerms.Of([new("zh", "夜间班车"), new("zh", "夜间学校")], [0, 1]));
    }

    [Fact]
    public void Words_that_hold_sentences_together_name_no_topic()
    {
        Assert.Equal(["bus"], TopicTerms.Of([.. English("The bus would be better than nothing.", "Nobody would rather walk than take a bus.", "Keep out.")], [0, 1]));
        TopicText[] french = [new("fr", "Les navettes devraient rouler sans elles."), new("fr", "Une navette devrait toujours être là pour elles."), new("fr", "Non.")];
        Assert.Equal(["navette"], TopicTerms.Of(french, [0, 1]));

        // “Car” is a conjunction in French alone, and where no list is kept only long words count.
        Assert.Equal(["car"], TopicTerms.Of([.. English("A car", "No car", "Walk")], [0, 1]));
        Assert.Empty(TopicTerms.Of([new("fr", "Marche, car il pleut"), new("fr", "Roule, car il neige"), new("fr", "Non")], [0, 1]));
        Assert.Equal(["schule"], TopicTerms.Of([new("de", "Eine Schule wäre gut"), new("de", "Die Schule wäre eine"), new("de", "Nein")], [0, 1]));
    }

    [Fact]
    public void Singular_and_plural_are_one_word_as_it_is_mostly_written()
    {
        TopicText[] said = [.. English("A driver is needed", "Drivers are tired", "Two drivers are more", "Walk")];
        Assert.Equal(["drivers"], TopicTerms.Of(said, [0, 1, 2]));
        Assert.Equal(["ouverte"], TopicTerms.Of([new("fr", "Une porte ouverte"), new("fr", "Un livre ouvert"), new("fr", "Une rue ouverte"), new("fr", "Rien")], [0, 1, 2]));
    }

    private static IEnumerable<TopicText> English(params string[] said) => said.Select(text => new TopicText("en", text));

    private static string Text(StatementTopic topic) => $"{topic.Question}:{string.Join(',', topic.Statements)}:{topic.Cohesion:R}";

    private static StatementVote[][] Votes(Random random, int statements, int people)
    {
        int[] camps = [.. Enumerable.Range(0, statements).Select(_ => random.Next(3))];
        return [.. Enumerable.Range(0, people).Select(_ =>
        {
            int[] mood = [random.Next(-1, 2), random.Next(-1, 2), random.Next(-1, 2)];
            return Enumerable.Range(0, statements).Where(_ => random.Next(4) > 0).Select(statement => new StatementVote(statement, random.Next(5) == 0 ? random.Next(-1, 2) : mood[camps[statement]])).ToArray();
        })];
    }

    private static List<(string? Question, int[] Members)> Plain(int statements, StatementVote[][] votes, string?[] questions, int leastVoters)
    {
        long Similar(int a, int b)
        {
            (double X, double Y)[] both = [.. votes.Where(list => list.Any(vote => vote.Statement == a) && list.Any(vote => vote.Statement == b))
                .Select(list => ((double)list.Single(vote => vote.Statement == a).Vote, (double)list.Single(vote => vote.Statement == b).Vote))];
            if (a == b || both.Length < leastVoters)
            {
                return 0;
            }

            (double mx, double my) = (both.Average(pair => pair.X), both.Average(pair => pair.Y));
            double spread = Math.Sqrt(both.Sum(pair => Math.Pow(pair.X - mx, 2)) * both.Sum(pair => Math.Pow(pair.Y - my, 2)));
            return spread < 1e-9 ? 0 : (long)Math.Round(1e6 * Math.Abs(both.Sum(pair => (pair.X - mx) * (pair.Y - my))) / spread);
        }

        double Mean(IReadOnlyCollection<int> one, IReadOnlyCollection<int> other) => one.Average(a => other.Average(b => (double)Similar(a, b)));
        List<List<int>> groups = [.. Enumerable.Range(0, statements).Where(s => questions[s] is null).Select(s => new List<int> { s })];
        while (true)
        {
            var best = (from a in Enumerable.Range(0, groups.Count) from b in Enumerable.Range(a + 1, groups.Count - a - 1) let mean = Mean(groups[a], groups[b]) where mean >= 0.4e6 - 0.5 select (a, b, mean))
                .Aggregate(((int, int, double)?)null, (found, next) => found is null || next.mean > found.Value.Item3 + 0.5 ? next : found);
            if (best is not { } joined)
            {
                break;
            }

            groups[joined.Item1].AddRange(groups[joined.Item2]);
            groups.RemoveAt(joined.Item2);
        }

        var asked = Enumerable.Range(0, statements).Where(s => questions[s] is not null).GroupBy(s => questions[s]!).Select(group => (Question: group.Key, Own: group.ToArray(), All: group.ToList())).ToList();
        List<(string?, int[])> topics = [];
        foreach (List<int> group in groups)
        {
            var near = asked.Where(topic => Mean(group, topic.Own) >= 0.4e6 - 0.5).ToList();
            if (near.Count > 0)
            {
                near.Aggregate((best, next) => Mean(group, next.Own) > Mean(group, best.Own) + 0.5 ? next : best).All.AddRange(group);
            }
            else
            {
                topics.Add((null, [.. group.Order()]));
            }
        }

        return [.. topics.Concat(asked.Select(topic => ((string?)topic.Question, topic.All.Order().ToArray()))).OrderByDescending(topic => topic.Item2.Length).ThenBy(topic => topic.Item2[0])];
    }
}
