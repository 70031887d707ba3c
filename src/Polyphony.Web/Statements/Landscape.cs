using System.Collections.Immutable;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Opinion.Stable;
using Polyphony.Statistics.Opinion.Voting;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Statements;

/// <summary>The landscape of a closed vote on statements: everybody's place and group for organisers and auditors, and what of it passes the gate.</summary>
internal sealed class Landscape
{
    private Landscape(ClosedVote vote, StableMap map, IReadOnlyList<int> people, VoteTable votes) => (Vote, Map, People, Votes) = (vote, map, people, votes);

    public ClosedVote Vote { get; }

    public StableMap Map { get; }

    /// <summary>The numbers of those who voted, in the order of the map.</summary>
    public IReadOnlyList<int> People { get; }

    /// <summary>Whether there are groups: those below the least stability are not shown.</summary>
    public bool HasGroups => Map.K > 1 && Map.Groups.All(group => group.Stability >= StableMap.LeastStability);

    public VoteTable Votes { get; }

    /// <summary>A, B, C … by size.</summary>
    public static string Name(int group) => ((char)('A' + group)).ToString();

    public static Landscape? Of(ClosedVote vote)
    {
        int[] people = [.. vote.Ballots.Select(ballot => vote.NumberOf(ballot.Voter)).Distinct().Order()];
        if (people.Length == 0)
        {
            return null;
        }

        Dictionary<int, int> place = people.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        Dictionary<StatementId, int> column = vote.Statements.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        CastVote[] cast = [.. vote.Ballots.Select(ballot => new CastVote(place[vote.NumberOf(ballot.Voter)], (ushort)column[ballot.StatementId], (sbyte)ballot.Choice, 0))];
        VoteTable votes = VoteTable.Of(people.Length, vote.Statements.Count, cast);
        StableMap map = StableMap.Of(votes, CoVotes.Of(votes), [
            .. vote.Statements.Select(statement => new Statistics.Opinion.Voting.Statement(
                statement.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), statement.State == StatementState.Rejected ? Moderation.Rejected : Moderation.Accepted, statement.IsMeta, statement.IsSeed)),
        ]);

        return new Landscape(vote, map, people, votes);
    }

    /// <summary>What of it everybody may see.</summary>
    /// <param name="dialoguePeople">The people who take part in the dialogue.</param>
    public PublishedLandscape Release(int dialoguePeople)
    {
        int[] shown = [.. Vote.Statements.Index().Where(pair => pair.Item.State == StatementState.Accepted).Select(pair => pair.Index)];
        GroupTallies everybody = GroupTallies.Of(Votes, 1, new short[People.Count]);
        ImmutableArray<GroupCounts> groups = !HasGroups ? [] : [.. Enumerable.Range(0, Map.K).Select(group => new GroupCounts(Name(group), Map.Tallies.Sizes[group], [.. shown.Select(statement => Tally(statement, Map.Tallies[group, statement], Map.Tallies.Sizes[group]))]))];
        SessionCounts counts = new("statements", People.Count, [.. shown.Select(statement => Tally(statement, everybody[0, statement], People.Count))], HasGroups ? [new CriterionCounts("group", groups)] : []);
        ImmutableArray<ResultTable> tables = DisclosureGate.Release(counts, Math.Max(dialoguePeople, People.Count));

        // Without rows of groups, nothing is said about groups at all.
        bool byGroup = HasGroups && tables is [{ Groups.Length: > 0 }, ..];
        int Number(int statement) => Vote.Statements[statement].Number;
        return new PublishedLandscape(
            Vote.Vote.Topic,
            !byGroup ? [] : [
                .. Map.Groups.Index().Select(pair => new PublishedOpinionGroup(
                    Name(pair.Index), tables[0].Groups[pair.Index].Ballots, Math.Floor(pair.Item.Stability * 10) / 10,
                    [.. pair.Item.Representative.Select(said => new PublishedTrait(Number(said.Statement), said.Side == Side.Agree))])),
            ],
            [.. shown.Select((statement, index) => new PublishedStatement(Number(statement), Vote.Statements[statement].Text, Vote.Statements[statement].IsMeta, tables[index]))],
            [.. Map.Consensus.Agree.Select(said => Number(said.Statement))],
            [.. Map.Consensus.Disagree.Select(said => Number(said.Statement))],
            byGroup ? [.. Map.Divisive.Take(5).Select(said => Number(said.Statement))] : []);
    }

    private QuestionTally Tally(int statement, StatementTally tally, int people) =>
        new(Vote.Statements[statement].Id.ToString(), AnswerForm.SingleChoice, people, [tally.Agrees, tally.Disagrees, tally.Passes], people - tally.Votes);
}
