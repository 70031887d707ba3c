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

/// <summary>The landscape of a vote on statements: everybody's place and group for organisers and auditors, and what of it passes the gate.</summary>
internal sealed class Landscape
{
    private Landscape(WholeVote vote, StableMap map, IReadOnlyList<int> people, VoteTable votes) => (Vote, Map, People, Votes) = (vote, map, people, votes);

    public WholeVote Vote { get; }

    public StableMap Map { get; }

    /// <summary>The numbers of those who voted, in the order of the map.</summary>
    public IReadOnlyList<int> People { get; }

    /// <summary>Whether there are groups: those below the least stability are not shown.</summary>
    public bool HasGroups => Map.K > 1 && Map.Groups.All(group => group.Stability >= StableMap.LeastStability);

    public VoteTable Votes { get; }

    /// <summary>A, B, C … by size.</summary>
    public static string Name(int group) => ((char)('A' + group)).ToString();

    public static Landscape? Of(WholeVote vote)
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
    /// <param name="slate">The statements chosen from it; null when there are none to choose from.</param>
    /// <param name="dialoguePeople">The people who take part in the dialogue.</param>
    public PublishedLandscape Release(OpinionSlate? slate, int dialoguePeople) =>
        Compose(slate, counts => DisclosureGate.Release(counts, Math.Max(dialoguePeople, People.Count)), forEverybody: true);

    /// <summary>The same for organisers and auditors, who may have the votes themselves: every count as it is.</summary>
    public PublishedLandscape ForStaff(OpinionSlate? slate) => Compose(slate, Exactly, forEverybody: false);

    private PublishedLandscape Compose(OpinionSlate? slate, Func<SessionCounts, ImmutableArray<ResultTable>> release, bool forEverybody)
    {
        IEnumerable<QuestionTally> Chosen(Func<int, bool> among) => slate is null ? [] : forEverybody ? slate.Questions(among).Take(1) : slate.Questions(among);
        int[] shown = [.. Vote.Statements.Index().Where(pair => pair.Item.State == StatementState.Accepted).Select(pair => pair.Index)];
        GroupTallies everybody = GroupTallies.Of(Votes, 1, new short[People.Count]);
        ImmutableArray<GroupCounts> groups = !HasGroups ? [] : [
            .. Enumerable.Range(0, Map.K).Select(group => new GroupCounts(
                Name(group), Map.Tallies.Sizes[group],
                [.. shown.Select(statement => Tally(statement, Map.Tallies[group, statement], Map.Tallies.Sizes[group])), .. Chosen(person => Map.GroupOf[person] == group)])),
        ];

        // Whom the slate covers is a question like any other, so that the gate knows it together with the votes.
        SessionCounts counts = new(
            "statements", People.Count, [.. shown.Select(statement => Tally(statement, everybody[0, statement], People.Count)), .. Chosen(_ => true)], HasGroups ? [new CriterionCounts("group", groups)] : []);
        ImmutableArray<ResultTable> tables = release(counts);

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
            byGroup ? [.. Map.Divisive.Take(5).Select(said => Number(said.Statement))] : [],
            slate?.Publish([.. tables.Skip(shown.Length)], byGroup, forEverybody));
    }

    private static ImmutableArray<ResultTable> Exactly(SessionCounts counts)
    {
        static ReleasedAnswer Answer(int count, int ballots) => new(new ReleasedCell.Rounded(count), ballots == 0 ? 0 : (int)Math.Round(100.0 * count / ballots));
        static ResultRow Row(string? criterion, string? value, QuestionTally tally) => new(
            criterion, value, new ReleasedCell.Rounded(tally.Ballots), [.. tally.Counts.Select(count => Answer(count, tally.Ballots))], Answer(tally.NoAnswer, tally.Ballots));
        return [
            .. counts.Overall.Select((tally, question) => new ResultTable(
                counts.Session, tally.Question, tally.Form, Row(null, null, tally),
                [.. counts.Criteria.SelectMany(criterion => criterion.Groups.Select(group => Row(criterion.Criterion, group.Value, group.Questions[question])))])),
        ];
    }

    private QuestionTally Tally(int statement, StatementTally tally, int people) =>
        new(Vote.Statements[statement].Id.ToString(), AnswerForm.SingleChoice, people, [tally.Agrees, tally.Disagrees, tally.Passes], people - tally.Votes);
}
