using System.Collections.Immutable;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Selection;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Statements;

/// <summary>A few statements of a landscape that speak for many: whom they cover, who paid for them, what is promised, and what stands beside them.</summary>
internal sealed class OpinionSlate
{
    public const int MostStatements = 20;

    /// <summary>So many that each group supports and that were not chosen stand beside the slate.</summary>
    private const int MostBeside = 2;

    private readonly Landscape landscape;
    private readonly int[] candidates;
    private readonly int notReady;
    private readonly SlateRule rule;
    private readonly Slate slate;
    private readonly JustifiedRepresentation promises;
    private readonly int[] approved;
    private readonly int[] saw;

    private OpinionSlate(Landscape landscape, int[] candidates, int notReady, SlateRule rule, ApprovalProfile profile, Slate slate)
    {
        (this.landscape, this.candidates, this.notReady, this.rule, this.slate) = (landscape, candidates, notReady, rule, slate);
        promises = JustifiedRepresentation.Of(profile, slate.Committee, slate.Size);
        (approved, saw) = (new int[profile.Voters], new int[profile.Voters]);
        foreach (int member in slate.Committee)
        {
            Add(approved, profile.Supporters[member]);
            Add(saw, profile.SeenBy[member]);
        }
    }

    /// <summary>Chooses; null when there is nothing to choose from.</summary>
    /// <param name="route">Who came to what: statements that too few people came to cannot be compared yet, whatever they say.</param>
    public static OpinionSlate? Of(Landscape landscape, SlateRule rule, int size, StatementRoute route)
    {
        IReadOnlySet<StatementId> unready = route.Unready();
        long least = route.LeastVotes();
        GroupTallies everybody = GroupTallies.Of(landscape.Votes, 1, new short[landscape.People.Count]);
        int[] all = [.. landscape.Vote.Statements.Index().Where(pair => pair.Item is { State: StatementState.Accepted, IsMeta: false }).Select(pair => pair.Index)];
        int[] ready = [.. all.Where(statement => !unready.Contains(landscape.Vote.Statements[statement].Id))];
        int[] candidates = [.. ready.Where(statement => ReleasedVotes.MayBeChosen(landscape.Tally(statement, everybody[0, statement], landscape.People.Count), least))];
        if (candidates.Length == 0)
        {
            return null;
        }

        int[][] Those(Func<int, bool> vote) => [
            .. Enumerable.Range(0, landscape.People.Count).Select(person => Enumerable.Range(0, candidates.Length)
                .Where(candidate => landscape.Votes.ValueOf(person, candidates[candidate]) is { } value && vote(value)).ToArray()),
        ];
        ApprovalProfile profile = ApprovalProfile.Of(candidates.Length, Those(value => value > 0), Those(_ => true));
        int seats = Math.Clamp(size, 1, Math.Min(MostStatements, candidates.Length));
        return new OpinionSlate(landscape, candidates, all.Length - ready.Length, rule, profile, rule switch
        {
            SlateRule.EqualShares => EqualShares.Of(profile, seats),
            SlateRule.EqualSharesRaised => EqualShares.Of(profile, seats, BudgetCompletion.Increment),
            SlateRule.EqualSharesMostSupport => EqualShares.Of(profile, seats, BudgetCompletion.Approval),
            SlateRule.EqualSharesOnly => EqualShares.Of(profile, seats, BudgetCompletion.None),
            SlateRule.Phragmen => SequentialPhragmen.Of(profile, seats),
            SlateRule.ProportionalApproval => SequentialPav.Of(profile, seats),
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        });
    }

    /// <summary>What was chosen, for the gate. Where budgets were raised nobody knows what share a statement was paid with.</summary>
    /// <param name="shown">The statement of each place in the tables.</param>
    public ChosenStatements Chosen(int[] shown) => new(
        [.. slate.Steps.Select(step => (Array.IndexOf(shown, candidates[step.Candidate]), step.Reason == SlateReason.Paid && rule != SlateRule.EqualSharesRaised))],
        [.. candidates.Select(candidate => Array.IndexOf(shown, candidate))], slate.Size, approved.Count(members => members > 0));

    private IEnumerable<int> Members => slate.Steps.Select(step => candidates[step.Candidate]);

    /// <summary>Coverage, and who paid for each member, as questions for staff: first coverage, then the members that were paid for, in their order.</summary>
    public IEnumerable<QuestionTally> Questions(Func<int, bool> among)
    {
        int[] people = [.. Enumerable.Range(0, approved.Length).Where(among)];
        int covered = people.Count(person => approved[person] > 0);
        int sawOne = people.Count(person => saw[person] > 0);
        yield return new QuestionTally("slate", AnswerForm.SingleChoice, people.Length, [covered, sawOne - covered], people.Length - sawOne);
        foreach (SlateStep step in Paid)
        {
            int paid = step.Payments.Where(payment => payment.Amount.Numerator.Sign > 0).Sum(payment => payment.Voters.Count(among));
            yield return new QuestionTally("slate/" + Statement(step.Candidate).Id, AnswerForm.SingleChoice, people.Length, [paid, people.Length - paid], 0);
        }
    }

    /// <summary>What everybody may see of it: neither who paid nor coverage by group, because who paid agrees, and who agrees is covered; nor how many statements too few came to.</summary>
    /// <param name="covered">How many are covered, as released.</param>
    /// <param name="reckoned">The votes as a reader of the released tables reckons them.</param>
    /// <param name="groups">Names of the groups of <paramref name="reckoned"/>; none where it has everybody together.</param>
    /// <param name="shown">The statement of each place there.</param>
    /// <param name="order">The places of which every count is shown.</param>
    public PublishedSlate Release(ReleasedAnswer covered, GroupTallies reckoned, IReadOnlyList<string> groups, int[] shown, IReadOnlyList<int> order, ResultRow everybody)
    {
        ReleasedAnswer nothing = new(new ReleasedCell.Withheld(WithheldReasons.Protected), null);
        int[] chosen = [.. Members];
        int[] others = [.. order.Where(index => !chosen.Contains(shown[index]))];
        return Published(
            [.. slate.Steps.Select(step => new PublishedSlateMember(Statement(step.Candidate).Number, step.Reason, null))],
            new ResultTable("statements", "slate", AnswerForm.SingleChoice, everybody with { Options = [covered, nothing], NoAnswer = nothing }, []),
            [.. Enumerable.Range(0, reckoned.Groups).Select(group => Beside(groups.Count == 0 ? null : groups[group], others, index => reckoned[group, index], index => landscape.Vote.Statements[shown[index]].Number))], null);
    }

    /// <param name="tables">The tables of <see cref="Questions"/>.</param>
    public PublishedSlate ForStaff(ImmutableArray<ResultTable> tables, bool byGroup)
    {
        Dictionary<int, ResultTable> payers = Paid.Zip(tables.Skip(1)).ToDictionary(pair => pair.First.Candidate, pair => pair.Second);
        GroupTallies tallies = byGroup ? landscape.Map.Tallies : GroupTallies.Of(landscape.Votes, 1, new short[landscape.People.Count]);
        int[] others = [.. candidates.Except(Members)];
        return Published(
            [.. slate.Steps.Select(step => new PublishedSlateMember(Statement(step.Candidate).Number, step.Reason, payers.GetValueOrDefault(step.Candidate)))], tables[0],
            [.. (byGroup ? landscape.Order : [0]).Index().Select(group => Beside(byGroup ? Landscape.Name(group.Index) : null, others, statement => tallies[group.Item, statement], statement => landscape.Vote.Statements[statement].Number))], notReady);
    }

    private PublishedSlate Published(IReadOnlyList<PublishedSlateMember> members, ResultTable coverage, IReadOnlyList<PublishedBeside> beside, int? unready) =>
        new(rule, slate.Size, members, coverage, promises.Jr.State, promises.Pjr.State, promises.Ejr.State, beside, unready);

    private IEnumerable<SlateStep> Paid => slate.Steps.Where(step => step.Reason == SlateReason.Paid);

    private Storage.Statements.Statement Statement(int candidate) => landscape.Vote.Statements[candidates[candidate]];

    private static PublishedBeside Beside(string? name, int[] others, Func<int, StatementTally> votes, Func<int, int> number) => new(name, [
        .. others.Select(statement => (Statement: statement, Votes: votes(statement))).Where(pair => pair.Votes.Agrees > pair.Votes.Disagrees)
            .OrderByDescending(pair => pair.Votes.Agrees).ThenBy(pair => pair.Statement).Take(MostBeside).Select(pair => number(pair.Statement)),
    ]);

    private static void Add(int[] counts, ImmutableArray<int> people)
    {
        foreach (int person in people)
        {
            counts[person]++;
        }
    }
}
