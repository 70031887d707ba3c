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
    private const int Beside = 2;

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
    /// <param name="unready">Statements that too few people came to: whatever they say, they cannot be compared yet.</param>
    public static OpinionSlate? Of(Landscape landscape, SlateRule rule, int size, IReadOnlySet<StatementId> unready)
    {
        int[] all = [.. landscape.Vote.Statements.Index().Where(pair => pair.Item is { State: StatementState.Accepted, IsMeta: false }).Select(pair => pair.Index)];
        int[] candidates = [.. all.Where(statement => !unready.Contains(landscape.Vote.Statements[statement].Id))];
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
        return new OpinionSlate(landscape, candidates, all.Length - candidates.Length, rule, profile, rule switch
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

    /// <summary>Coverage, and who paid for each member, as questions of the session that the gate releases: first coverage, then the members that were paid for, in their order.</summary>
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

    /// <param name="tables">The tables of <see cref="Questions"/> as released.</param>
    /// <param name="forEverybody">Then neither who paid nor coverage by group is said: who paid agrees, and who agrees is covered, so that a count withheld among the votes could be read from these.</param>
    public PublishedSlate Publish(ImmutableArray<ResultTable> tables, bool byGroup, bool forEverybody)
    {
        Dictionary<int, ResultTable> payers = forEverybody ? [] : Paid.Zip(tables.Skip(1)).ToDictionary(pair => pair.First.Candidate, pair => pair.Second);
        return new PublishedSlate(
            rule, slate.Size,
            [.. slate.Steps.Select(step => new PublishedSlateMember(Statement(step.Candidate).Number, step.Reason, payers.GetValueOrDefault(step.Candidate)))],
            forEverybody ? tables[0] with { Overall = GivesAway() ? Withheld(tables[0].Overall) : tables[0].Overall, Groups = [] } : tables[0],
            promises.Jr.State, promises.Pjr.State, promises.Ejr.State,
            byGroup ? [.. Enumerable.Range(0, landscape.Map.K).Select(group => LeftOut(Landscape.Name(group), landscape.Map.Tallies, group))] : [LeftOut(null, GroupTallies.Of(landscape.Votes, 1, new short[landscape.People.Count]), 0)],
            notReady);
    }

    private IEnumerable<SlateStep> Paid => slate.Steps.Where(step => step.Reason == SlateReason.Paid);

    private Storage.Statements.Statement Statement(int candidate) => landscape.Vote.Statements[candidates[candidate]];

    /// <summary>
    /// Whether the number covered would be shown differently if nobody agreed with a member that few agree with. Who agrees is covered; the gate's own attacker takes questions one by one and does not know that.
    /// </summary>
    private bool GivesAway()
    {
        int covered = approved.Count(members => members > 0);
        return slate.Committee.Any(member =>
        {
            int[] agree = [.. Enumerable.Range(0, approved.Length).Where(person => landscape.Votes.ValueOf(person, candidates[member]) > 0)];
            return agree.Length is > 0 and < DisclosureGate.SmallCount && DisclosureGate.Show(covered) != DisclosureGate.Show(covered - agree.Count(person => approved[person] == 1));
        });
    }

    private PublishedBeside LeftOut(string? name, GroupTallies tallies, int group) => new(name, [
        .. Enumerable.Range(0, candidates.Length).Except(slate.Committee).Select(candidate => (candidate, Tally: tallies[group, candidates[candidate]]))
            .Where(pair => pair.Tally.Agrees > pair.Tally.Disagrees)
            .OrderByDescending(pair => pair.Tally.Agrees).ThenBy(pair => pair.candidate).Take(Beside).Select(pair => Statement(pair.candidate).Number),
    ]);

    private static ResultRow Withheld(ResultRow row)
    {
        ReleasedAnswer nothing = new(new ReleasedCell.Withheld(WithheldReasons.Protected), null);
        return row with { Options = [.. row.Options.Select(_ => nothing)], NoAnswer = nothing };
    }

    private static void Add(int[] counts, ImmutableArray<int> people)
    {
        foreach (int person in people)
        {
            counts[person]++;
        }
    }
}
