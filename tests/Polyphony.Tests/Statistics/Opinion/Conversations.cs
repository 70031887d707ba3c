using System.Text.Json.Nodes;
using Polyphony.Sheets;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Tests.Statistics.Opinion;

/// <summary>A conversation in memory.</summary>
internal sealed record Conversation(int People, IReadOnlyList<Statement> Statements, CastVote[] Votes, string[] Ids, string[] Voters)
{
    public VoteTable Table() => VoteTable.Of(People, Statements.Count, Votes);

    public StableMap Map(int threads = 1)
    {
        VoteTable table = Table();
        return StableMap.Of(table, CoVotes.Of(table, threads), Statements, threads);
    }
}

internal static class Conversations
{
    public static string Folder(string name) => Repository.PathOf("tests", "vectors", "opinion", name);

    public static JsonObject Oracle(string name, bool moderated) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(name), moderated ? "with-moderation.json" : "no-moderation.json")))!.AsObject();

    public static Conversation Real(string name, bool moderated)
    {
        List<SheetProblem> problems = [];
        using LargeCsv comments = LargeCsv.Open(Path.Combine(Folder(name), "comments.csv"), problems, CancellationToken.None)!;
        using LargeCsv file = LargeCsv.Open(Path.Combine(Folder(name), "votes.csv"), problems, CancellationToken.None)!;
        PolisStatements statements = PolisStatements.Read(comments, problems.Add, CancellationToken.None)!;
        List<CastVote> votes = [];
        IdIndex voters = PolisVotes.Read(file, statements.Ids, (voter, statement, vote, time) => votes.Add(new(voter, (ushort)statement, vote, time)), problems.Add, CancellationToken.None)!;
        Assert.Empty(problems);
        return new(voters.Count, [.. statements.Rows.Select(row => new Statement(row.Id, moderated && row.Moderated < 0 ? Moderation.Rejected : Moderation.Accepted))], [.. votes], statements.Ids.Names(), voters.Names());
    }

    /// <summary>Three camps of 120 people by a chance of our own, which no platform will ever change.</summary>
    public static Conversation Fixed()
    {
        SeededChance chance = new("polyphony test conversation 1"u8);
        List<CastVote> votes = [];
        for (int person = 0; person < 120; person++)
        {
            for (int statement = 0; statement < 30; statement++)
            {
                int seen = chance.Below(10), answer = chance.Below(10);
                int line = ((statement * (person % 3 + 2)) % 7) < 4 ? 1 : -1;
                if (seen < 7)
                {
                    votes.Add(new(person, (ushort)statement, (sbyte)(answer < 8 ? line : answer == 8 ? 0 : -line), votes.Count));
                }
            }
        }

        return new(120, [.. Enumerable.Range(0, 30).Select(s => new Statement($"s{s}", s == 4 ? Moderation.Rejected : Moderation.Accepted, IsMeta: s == 9))], [.. votes],
            [.. Enumerable.Range(0, 30).Select(s => $"s{s}")], [.. Enumerable.Range(0, 120).Select(p => $"p{p}")]);
    }

    /// <summary>People of some camps who answer as their camp does, more or less; some votes are cast twice.</summary>
    public static Conversation Camps(Random random, int people, int statements, int camps, double loyal = 0.85, double seen = 0.7)
    {
        int[][] lines = [.. Enumerable.Range(0, Math.Max(1, camps)).Select(_ => Enumerable.Range(0, statements).Select(_ => random.Next(2) == 0 ? -1 : 1).ToArray())];
        List<CastVote> votes = [];
        for (int person = 0; person < people; person++)
        {
            for (int statement = 0; statement < statements; statement++)
            {
                for (int again = random.Next(12) == 0 ? 2 : 1; again > 0 && random.NextDouble() < seen; again--)
                {
                    int value = camps > 0 && random.NextDouble() < loyal ? lines[person % camps][statement] : random.Next(-1, 2);
                    votes.Add(new(person, (ushort)statement, (sbyte)value, votes.Count));
                }
            }
        }

        return new(people, [.. Enumerable.Range(0, statements).Select(s => new Statement($"s{s}", s > 0 && random.Next(8) == 0 ? Moderation.Rejected : Moderation.Accepted))], [.. votes],
            [.. Enumerable.Range(0, statements).Select(s => $"s{s}")], [.. Enumerable.Range(0, people).Select(p => $"p{p}")]);
    }

    /// <summary>The same votes in another order, people and statements under other numbers. Times stay.</summary>
    public static (Conversation Made, int[] People, int[] Statements) Renamed(Conversation from, Random random)
    {
        int[] people = [.. Enumerable.Range(0, from.People)], statements = [.. Enumerable.Range(0, from.Statements.Count)];
        random.Shuffle(people);
        random.Shuffle(statements);
        Statement[] renamed = new Statement[statements.Length];
        for (int s = 0; s < statements.Length; s++)
        {
            renamed[statements[s]] = from.Statements[s] with { Id = $"other {statements[s]}" };
        }

        CastVote[] votes = [.. from.Votes.Select(vote => new CastVote(people[vote.Person], (ushort)statements[vote.Statement], vote.Value, vote.Time))];
        random.Shuffle(votes);
        return (new(from.People, renamed, votes, [.. renamed.Select(one => one.Id)], [.. Enumerable.Range(0, from.People).Select(p => $"q{p}")]), people, statements);
    }
}
