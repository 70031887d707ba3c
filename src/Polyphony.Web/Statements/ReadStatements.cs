using Polyphony.Dialogues;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Topics;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Statements;
using TopicVote = Polyphony.Statistics.Topics.StatementVote;

namespace Polyphony.Web.Statements;

/// <summary>What organisers and auditors read of the statements themselves: which belong together, and how evenly they were seen. Of votes as they were last read, and of nobody in particular.</summary>
internal static class ReadStatements
{
    public static StatementsRead Of(Landscape landscape, StatementRoute? route, IReadOnlyList<Site> sites)
    {
        int[] all = [.. landscape.Vote.Statements.Index().Where(pair => pair.Item.State == StatementState.Accepted).Select(pair => pair.Index)];
        Statement Statement(int index) => landscape.Vote.Statements[index];

        // What people say of themselves belongs to no topic.
        int[] said = [.. all.Where(index => !Statement(index).IsMeta)];
        TopicVote[][] votes = [
            .. Enumerable.Range(0, landscape.People.Count).Select(person => said.Index().Where(one => landscape.Votes.ValueOf(person, one.Item) is not null)
                .Select(one => new TopicVote(one.Index, landscape.Votes.ValueOf(person, one.Item)!.Value)).ToArray()),
        ];
        GroupTallies everybody = GroupTallies.Of(landscape.Votes, 1, new short[landscape.People.Count]);
        int[] came = [.. Enumerable.Range(0, landscape.People.Count).Select(person => all.Count(statement => landscape.Votes.ValueOf(person, statement) is not null)).Order()];
        return new StatementsRead(
            [.. StatementTopics.Of(said.Length, votes).Select(topic => new TopicRead([.. topic.Statements.Select(index => Statement(said[index]))], topic.Cohesion))],
            [.. said.Select(Statement)],
            [.. Unseen.Of(everybody, all).Select(one => new SeenStatement(Statement(one.Statement), landscape.People.Count - one.People[0], route is null || sites.Count < 2 ? null : Least(route, Statement(one.Statement).Id, sites)))],
            landscape.People.Count, came.Length == 0 ? 0 : came[came.Length / 2]);
    }

    /// <summary>The site of which the smallest share came to it.</summary>
    private static SiteSeen? Least(StatementRoute route, StatementId statement, IReadOnlyList<Site> sites)
    {
        int at = route.Statements.Index().Where(pair => pair.Item.Id == statement).Select(pair => pair.Index).DefaultIfEmpty(-1).First();
        return at < 0 ? null : route.Sites.Index().Where(site => route.Took[site.Index] > 0)
            .Select(site => new SiteSeen(sites.Single(one => one.Id == site.Item), route.Counts[at].ViewsByGroup[site.Index], route.Took[site.Index]))
            .MinBy(seen => (double)seen.Views / seen.People);
    }
}

/// <summary>What is read of the statements.</summary>
/// <param name="Topics">The largest first; a statement that goes with no other is a topic by itself.</param>
/// <param name="About">Every statement of a topic, to compare words with.</param>
/// <param name="Seen">Every statement, the least seen first.</param>
/// <param name="People">Those who have voted on anything.</param>
/// <param name="HalfCameTo">Half of them came to so many statements or more.</param>
public sealed record StatementsRead(IReadOnlyList<TopicRead> Topics, IReadOnlyList<Statement> About, IReadOnlyList<SeenStatement> Seen, int People, int HalfCameTo);

/// <summary>Statements that go together by votes.</summary>
/// <param name="Cohesion">How far votes on one tell votes on another, 0 to 1; null of a single one.</param>
public sealed record TopicRead(IReadOnlyList<Statement> Statements, double? Cohesion);

/// <summary>How many people came to a statement.</summary>
/// <param name="Least">Where the smallest share did, of many sites and once the vote is closed.</param>
public sealed record SeenStatement(Statement Statement, int Views, SiteSeen? Least);

/// <summary>How many people of one site came to a statement, of those who voted on anything.</summary>
public sealed record SiteSeen(Site Site, long Views, long People);
