using System.Buffers;
using System.Runtime.InteropServices;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Tests.Statistics.Opinion;

public sealed class DrawingTheStableMap
{
    [Fact]
    public void A_thousand_orders_and_names_give_one_hash()
    {
        Random random = new(1);
        Conversation first = Conversations.Camps(random, 40, 14, 2);
        StableMap expected = first.Map();
        Assert.Equal(2, expected.K);
        for (int i = 0; i < 1_000; i++)
        {
            (Conversation other, int[] people, _) = Conversations.Renamed(first, random);
            StableMap map = other.Map();
            Assert.Equal(expected.Hash, map.Hash);
            Assert.Equal(expected.GroupOf, people.Select(person => map.GroupOf[person]));
            Assert.Equal(expected.FoundAgain, people.Select(person => map.FoundAgain[person]));
        }
    }

    [Fact]
    public void The_same_bits_on_any_machine()
    {
        // The hash was computed once and stands here: another processor, library or version of the platform must come to the same. It changes only with the method, and then ADR 0018 says so.
        StableMap map = Conversations.Fixed().Map(threads: 2);
        Assert.Equal(3, map.K);
        Assert.Equal("dde9794b3499c878c118044668454634cd74eaf3da0cf430d79a4b3c7d2f47d7", map.Hash);
    }

    [Fact]
    public void What_others_left_in_lent_memory_changes_nothing()
    {
        Conversation made = Conversations.Camps(new Random(4), 40, 21, 2);
        string expected = made.Map().Hash;
        for (int length = 16; length <= 1 << 12; length *= 2)
        {
            double[][] lent = [.. Enumerable.Range(0, 4).Select(_ => ArrayPool<double>.Shared.Rent(length))];
            Assert.All(lent, one =>
            {
                Array.Fill(one, double.NaN);
                ArrayPool<double>.Shared.Return(one);
            });
        }

        Assert.Equal(expected, made.Map().Hash);
    }

    [Theory]
    [InlineData("brexit-consensus", false)]
    [InlineData("scoop-hivemind.biodiversity", true)]
    public void Real_votes_in_other_orders_on_other_threads_give_the_same_bits(string name, bool moderated)
    {
        Conversation real = Conversations.Real(name, moderated);
        StableMap first = real.Map();
        Random random = new(2);
        for (int i = 0; i < 3; i++)
        {
            (Conversation other, int[] people, int[] statements) = Conversations.Renamed(real, random);
            // Votes of the same moment are ordered by their rows, which another order changes: none of them may be of the same person on the same statement.
            StableMap map = other.Map(threads: i + 1);
            Assert.Equal(first.Hash, map.Hash);
            Assert.Equal(first.GroupOf, people.Select(person => map.GroupOf[person]));
            Assert.Equal(first.Order.Select(statement => statements[statement]), map.Order);
            Assert.Equal(first.Loadings[0], map.Loadings[0]);
            Assert.Equal(first.Groups.Select(group => (group.Size, group.Stability)), map.Groups.Select(group => (group.Size, group.Stability)));
            Assert.All(Enumerable.Range(0, real.People), person => Assert.Equal(first.PlaceOf(person), map.PlaceOf(people[person])));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Camps_are_found(int camps)
    {
        Conversation made = Conversations.Camps(new Random(camps), 300, 60, camps, loyal: 0.8);
        StableMap map = made.Map();
        Assert.Equal(camps, map.K);
        Assert.All(map.Groups, group => Assert.InRange(group.Stability, 0.9, 1));
        Assert.All(Enumerable.Range(0, camps), camp => Assert.Single(Enumerable.Range(0, 300).Where(person => person % camps == camp).Select(person => map.GroupOf[person]).Distinct()));
        Assert.All(map.Groups, group => Assert.Equal(5, group.Representative.Length));
        Assert.Equal(map.Groups.OrderByDescending(group => group.Size), map.Groups);
    }

    [Fact]
    public void Chance_alone_gives_no_groups()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            StableMap map = Conversations.Camps(new Random(seed), 60 + (40 * seed), 20 + (5 * seed), 0).Map();
            Assert.True(map.K == 1, $"{seed}: {string.Join(", ", map.Tried.Select(one => $"{one.K} {one.Least:F2}"))}");
            Assert.Equal(1, map.Groups[0].Stability);
            Assert.Empty(map.Groups[0].Representative);
        }
    }

    [Fact]
    public void Sites_merge_to_the_whole()
    {
        Conversation made = Conversations.Camps(new Random(3), 90, 25, 3);
        CoVotes sum = CoVotes.None(25);
        foreach (IGrouping<int, CastVote> site in made.Votes.GroupBy(vote => vote.Person % 4).OrderByDescending(site => site.Key))
        {
            sum.Add(CoVotes.Of(VoteTable.Of(made.People, 25, [.. site])));
        }

        Assert.True(sum.SameAs(CoVotes.Of(made.Table(), threads: 2)));
    }

    [Fact]
    public void Votes_one_by_one_changed_and_withdrawn_are_as_if_counted_at_once()
    {
        Random random = new(4);
        Conversation made = Conversations.Camps(random, 50, 20, 2);
        VoteTable table = VoteTable.Of(0, 20, []);
        CoVotes sums = CoVotes.None(20);
        for (int person = 0; person < 50; person++)
        {
            Assert.Equal(person, table.Join());
        }

        foreach (CastVote vote in made.Votes)
        {
            // Something else stands there for a while, or the vote comes, goes and comes again.
            sums.Set(table, vote.Person, vote.Statement, random.Next(-1, 2));
            sums.Set(table, vote.Person, vote.Statement, random.Next(2) == 0 ? null : vote.Value);
            sums.Set(table, vote.Person, vote.Statement, vote.Value);
        }

        Assert.True(sums.SameAs(CoVotes.Of(made.Table())));
        Assert.Equal(made.Map().Hash, StableMap.Of(table, sums, made.Statements).Hash);

        // The last person goes, as if he had never come.
        for (int statement = 0; statement < 20; statement++)
        {
            sums.Set(table, 49, statement, null);
        }

        CastVote[] others = [.. made.Votes.Where(vote => vote.Person != 49)];
        VoteTable without = VoteTable.Of(49, 20, others);
        Assert.True(sums.SameAs(CoVotes.Of(without)));
        Assert.Equal(StableMap.Of(without, CoVotes.Of(without), made.Statements).Hash, StableMap.Of(table, sums, made.Statements).Hash);
    }

    [Fact]
    public void Rejected_and_meta_statements_change_nothing_but_the_votes_that_stand()
    {
        Conversation made = Conversations.Camps(new Random(5), 80, 20, 2);
        Statement[] statements = [.. made.Statements.Select((statement, s) => statement with { Moderation = s == 3 ? Moderation.Rejected : Moderation.Accepted, IsMeta = s == 7 })];
        StableMap with = (made with { Statements = statements }).Map();
        StableMap without = (made with { Statements = statements, Votes = [.. made.Votes.Where(vote => vote.Statement is not (3 or 7))] }).Map();
        Assert.Equal(without.Hash, with.Hash);
        Assert.DoesNotContain(3, with.Order);
        Assert.DoesNotContain(7, with.Order);
    }

    [Fact]
    public void The_last_vote_wins_by_time_then_row()
    {
        CastVote[] votes = [new(0, 0, 1, 5), new(0, 0, -1, 4), new(0, 1, 1, 3), new(0, 1, 0, 3), new(1, 0, -1, 1), new(1, 0, 1, 2)];
        VoteTable table = VoteTable.Of(2, 2, votes);
        Assert.Equal((1, 0, 1, null, 3), (table.ValueOf(0, 0), table.ValueOf(0, 1), table.ValueOf(1, 0), table.ValueOf(1, 1), table.Votes));
        Assert.Equal([1, 0], ArrivalOrder.Of(2, 2, votes).People);
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteTable.Of(2, 2, [new(2, 0, 1, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteTable.Of(2, 2, [new(0, 2, 1, 0)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => VoteTable.Of(2, 2, [new(0, 0, 2, 0)]));
    }

    [Fact]
    public void Nothing_and_nobody_have_an_answer()
    {
        foreach ((int people, int statements, CastVote[] votes) in new (int, int, CastVote[])[] { (0, 0, []), (3, 0, []), (0, 3, []), (1, 1, [new(0, 0, 1, 0)]), (3, 2, [new(0, 0, 1, 0), new(1, 0, 1, 0), new(2, 1, 0, 0)]) })
        {
            VoteTable table = VoteTable.Of(people, statements, votes);
            StableMap map = StableMap.Of(table, CoVotes.Of(table), [.. Enumerable.Range(0, statements).Select(s => new Statement($"{s}"))]);
            Assert.Equal(1, map.K);
            Assert.Equal(votes.Select(vote => vote.Person).Distinct().Count(), map.Participants);
            Assert.Equal(64, map.Hash.Length);
        }
    }
}
