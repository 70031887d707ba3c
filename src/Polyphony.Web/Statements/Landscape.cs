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
    /// <summary>What stands for a group with those who have no place.</summary>
    private const string Unplaced = "";

    private const int MostApart = 5;

    private Landscape(WholeVote vote, StableMap map, IReadOnlyList<int> people, VoteTable votes)
    {
        (Vote, Map, People, Votes) = (vote, map, people, votes);
        Order = [
            .. Enumerable.Range(0, map.K).OrderByDescending(group => (map.Groups[group].Size + 2) / DisclosureGate.RoundingBase)
                .ThenBy(group => Enumerable.Range(0, map.GroupOf.Length).Where(person => map.GroupOf[person] == group).Select(person => map.PlaceOf(person).X).DefaultIfEmpty().Average()),
        ];
    }

    public WholeVote Vote { get; }

    public StableMap Map { get; }

    /// <summary>The numbers of those who voted, in the order of the map.</summary>
    public IReadOnlyList<int> People { get; }

    /// <summary>Whether there are groups: those below the least stability are not shown.</summary>
    public bool HasGroups => Map.K > 1 && Map.Groups.All(group => group.Stability >= StableMap.LeastStability);

    public VoteTable Votes { get; }

    /// <summary>The groups of the map in the order of their names: by rounded size, then by place, so that a name does not tell which of two is a little larger.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>A, B, C … in <see cref="Order"/>.</summary>
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
    /// <remarks>Beside the counts themselves only what follows from the shown ones: a list made from true counts would say of a withheld one which side it is on.</remarks>
    /// <param name="slate">The statements chosen from it; null when there are none to choose from.</param>
    /// <param name="dialoguePeople">The people who take part in the dialogue.</param>
    public PublishedLandscape Release(OpinionSlate? slate, int dialoguePeople)
    {
        int[] shown = Shown();
        ReleasedVotes released = ReleasedVotes.Of(CountsOf(shown), slate?.Chosen(shown), Math.Max(dialoguePeople, People.Count));

        // Without rows of groups, nothing is said about groups at all. Those without a place have votes, but are no group.
        bool byGroup = HasGroups && released.Tables is [{ Groups.Length: > 0 }, ..];
        string[] names = byGroup ? [.. Enumerable.Range(0, Map.K).Select(Name)] : [];
        ResultTable[] tables = [.. released.Tables.Select(table => table with { Groups = [.. table.Groups.Where(row => row.Value != Unplaced)] })];
        (GroupTallies reckoned, ImmutableArray<int> whole) = ReleasedVotes.Reckon(tables, names);
        int[] order = [.. whole.Where(index => !Vote.Statements[shown[index]].IsMeta)];
        Consensus consensus = Consensus.AcrossGroups(reckoned, order);
        int Number(int index) => Vote.Statements[shown[index]].Number;
        return new PublishedLandscape(
            Vote.Vote.Topic,
            [
                .. names.Index().Select(group => new PublishedOpinionGroup(
                    group.Item, tables[0].Groups[group.Index].Ballots, Math.Floor(Map.Groups[Order[group.Index]].Stability * 10) / 10,
                    [.. Representative.Of(reckoned, group.Index, order).Select(said => new PublishedTrait(Number(said.Statement), said.Side == Side.Agree))])),
            ],
            [.. shown.Select((_, index) => Published(shown, index, tables))],
            [.. consensus.Agree.Select(said => Number(said.Statement))],
            [.. consensus.Disagree.Select(said => Number(said.Statement))],
            [.. Divisive.Of(reckoned, order, MostApart).Select(said => Number(said.Statement))],
            released.Covered is { } covered ? slate!.Release(covered, reckoned, names, shown, order, tables[0].Overall) : null);
    }

    /// <summary>The same for organisers and auditors, who may have the votes themselves: every count as it is.</summary>
    public PublishedLandscape ForStaff(OpinionSlate? slate)
    {
        int[] shown = Shown();
        SessionCounts votes = CountsOf(shown);
        SessionCounts counts = slate is null ? votes : votes with
        {
            Overall = [.. votes.Overall, .. slate.Questions(_ => true)],
            Criteria = [.. votes.Criteria.Select(criterion => criterion with { Groups = [.. criterion.Groups.Index().Select(group => group.Item with { Questions = [.. group.Item.Questions, .. slate.Questions(person => Map.GroupOf[person] == (group.Index < Map.K ? Order[group.Index] : -1))] })] })],
        };
        ResultTable[] tables = [.. Exactly(counts).Select(table => table with { Groups = [.. table.Groups.Where(row => row.Value != Unplaced)] })];
        int Number(int statement) => Vote.Statements[statement].Number;
        return new PublishedLandscape(
            Vote.Vote.Topic,
            !HasGroups ? [] : [
                .. Order.Select(group => Map.Groups[group]).Index().Select(pair => new PublishedOpinionGroup(
                    Name(pair.Index), new ReleasedCell.Rounded(pair.Item.Size), Math.Floor(pair.Item.Stability * 10) / 10,
                    [.. pair.Item.Representative.Select(said => new PublishedTrait(Number(said.Statement), said.Side == Side.Agree))])),
            ],
            [.. shown.Select((_, index) => Published(shown, index, tables))],
            [.. Map.Consensus.Agree.Select(said => Number(said.Statement))],
            [.. Map.Consensus.Disagree.Select(said => Number(said.Statement))],
            HasGroups ? [.. Map.Divisive.Take(MostApart).Select(said => Number(said.Statement))] : [],
            slate?.ForStaff([.. tables.Skip(shown.Length)], HasGroups));
    }

    private int[] Shown() => [.. Vote.Statements.Index().Where(pair => pair.Item.State == StatementState.Accepted).Select(pair => pair.Index)];

    private PublishedStatement Published(int[] shown, int index, ResultTable[] tables) =>
        new(Vote.Statements[shown[index]].Number, Vote.Statements[shown[index]].Text, Vote.Statements[shown[index]].IsMeta, tables[index]);

    /// <summary>How everybody and each group voted. Who voted on too few to have a place was counted live as everybody was, and stands beside the groups.</summary>
    private SessionCounts CountsOf(int[] shown)
    {
        GroupTallies everybody = GroupTallies.Of(Votes, 1, new short[People.Count]);
        ImmutableArray<QuestionTally> overall = [.. shown.Select(statement => Tally(statement, everybody[0, statement], People.Count))];
        if (!HasGroups)
        {
            return new SessionCounts("statements", People.Count, overall, []);
        }

        List<GroupCounts> groups = [.. Order.Index().Select(pair => new GroupCounts(Name(pair.Index), Map.Tallies.Sizes[pair.Item], [.. shown.Select(statement => Tally(statement, Map.Tallies[pair.Item, statement], Map.Tallies.Sizes[pair.Item]))]))];
        int unplaced = People.Count - groups.Sum(group => group.Ballots);
        if (unplaced > 0)
        {
            groups.Add(new GroupCounts(Unplaced, unplaced, [.. shown.Select(statement => Tally(statement, everybody[0, statement] - Map.Tallies.Total(statement), unplaced))]));
        }

        return new SessionCounts("statements", People.Count, overall, [new CriterionCounts("group", [.. groups])]);
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

    /// <summary>Votes of some people as answers to a question; no answer is "did not come to it".</summary>
    public QuestionTally Tally(int statement, StatementTally tally, int people) =>
        new(Vote.Statements[statement].Id.ToString(), AnswerForm.SingleChoice, people, [tally.Agrees, tally.Disagrees, tally.Passes], people - tally.Votes);
}
