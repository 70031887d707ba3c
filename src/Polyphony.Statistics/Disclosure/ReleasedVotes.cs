using System.Collections.Immutable;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Opinion.Findings;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Statements that were chosen from a vote, and what everybody knows of a choice.</summary>
/// <param name="Members">The chosen ones in their order, and of each whether it is known that its supporters paid for it in equal shares.</param>
/// <param name="Candidates">Those that could be chosen.</param>
/// <param name="Seats">How many were asked for.</param>
/// <param name="Covered">People who agree with one member at least.</param>
public sealed record ChosenStatements(ImmutableArray<(int Statement, bool IsPaid)> Members, ImmutableArray<int> Candidates, int Seats, int Covered);

/// <summary>A vote on statements as everybody may see it: its counts, and whom a slate of a few statements covers.</summary>
/// <remarks>
/// Who agrees with a member of the slate is covered, so that the number covered lies between what the most agreed members have in each group and what all members have together. The gate's attacker looks at questions one by one
/// and does not know that. So the number is shown only where every table that agrees with the rest that is shown leaves room for it; otherwise a bound is written that follows from the tables themselves, so that which number is written
/// says nothing new. Whether it is a number or a bound is decided by rounded numbers alone.
/// </remarks>
/// <param name="Tables">One table per statement: agree, disagree, pass, and did not come to it.</param>
/// <param name="Covered">How many agree with one member of the slate at least; <see langword="null"/> where no slate may be shown: nothing was chosen, or who was chosen would say too much.</param>
public sealed record ReleasedVotes(ImmutableArray<ResultTable> Tables, ReleasedAnswer? Covered)
{
    /// <summary>So far below everybody a number leaves room for nobody and for eight who are not covered.</summary>
    private const int Room = 3 * DisclosureGate.RoundingBase;

    /// <summary>Passes the votes through the gate.</summary>
    /// <param name="counts">One question per statement with the options agree, disagree and pass; no answer is "did not come to it". Everybody stands in one group of the only criterion, or there is none.</param>
    /// <param name="chosen">What was chosen, <see langword="null"/> for nothing.</param>
    /// <param name="dialoguePeople">The people who take part in the dialogue.</param>
    /// <returns>What is released.</returns>
    /// <exception cref="ArgumentException">The counts contradict themselves, or people stand in no group: their number was shown live, which paper's is not.</exception>
    public static ReleasedVotes Of(SessionCounts counts, ChosenStatements? chosen, int dialoguePeople)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Criteria.Length > 1 || counts.Criteria.Any(criterion => criterion.Groups.Sum(group => group.Ballots) != counts.Ballots))
            throw new ArgumentException("Everybody who voted stands in one group, if need be in one of those without a place.", nameof(counts));
        var tables = DisclosureGate.Release(counts, dialoguePeople);
        return new ReleasedVotes(tables, chosen is not { Members.Length: > 0 } || !LeavesRoom(chosen, tables, counts.Ballots) ? null : Show([.. chosen.Members.Select(member => tables[member.Statement])], chosen.Covered));
    }

    /// <summary>Whether the row of everybody of each member leaves room for eight wherever a count is small or hidden, also for those who know that the first has the most who agree, and that what was paid for has its share of the people.</summary>
    private static bool LeavesRoom(ChosenStatements chosen, ImmutableArray<ResultTable> tables, int ballots)
    {
        var people = Math.Min(DisclosureGate.Bounds(tables[0].Overall.Ballots, DisclosureGate.SmallestGroup).High, DisclosureGate.LiveBallots(ballots) + DisclosureGate.LiveStep - 1);
        int Agree(int statement) => DisclosureGate.Bounds(tables[statement].Overall.Options[0].Count, DisclosureGate.SmallCount).Low;
        return chosen.Members.Index().All(member =>
        {
            var (statement, isPaid) = member.Item;
            var known = Math.Max(member.Index == 0 ? chosen.Candidates.Max(Agree) : Agree(statement), isPaid ? (people + chosen.Seats - 1) / chosen.Seats : 0);
            int[] others = [.. Cells(tables[statement].Overall).Skip(1).Select(cell => DisclosureGate.Bounds(cell, DisclosureGate.SmallCount).Low)];
            return others.Min() > 0 || known + others.Sum() + DisclosureGate.SmallCount <= people;
        });
    }

    /// <summary>Whether a statement may be chosen: that it was chosen says that enough people came to it, and that enough agree.</summary>
    /// <param name="everybody">How all voted on it.</param>
    /// <param name="leastVotes">The votes that any chosen statement is known to have.</param>
    /// <returns>False where eight do not agree, or where a count that reads "fewer than 8" could no longer be nought.</returns>
    public static bool MayBeChosen(QuestionTally everybody, long leastVotes)
    {
        ArgumentNullException.ThrowIfNull(everybody);
        var most = everybody.Counts.Select(count => (long)ReleaseMask.Bounds(count, DisclosureGate.SmallCount).High).ToArray();
        return everybody.Counts[0] >= DisclosureGate.SmallCount && Enumerable.Range(0, most.Length).All(answer => everybody.Counts[answer] >= DisclosureGate.SmallCount || most.Sum() - most[answer] >= leastVotes);
    }

    /// <summary>The counts as a reader of the tables would reckon them: findings made from these say nothing that is not shown.</summary>
    /// <param name="tables">Released tables of statements.</param>
    /// <param name="groups">The groups to look at; none for everybody together.</param>
    /// <returns>The counts, and the statements of which every count is shown, in their order.</returns>
    public static (GroupTallies Tallies, ImmutableArray<int> Shown) Reckon(IReadOnlyList<ResultTable> tables, IReadOnlyList<string> groups)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(groups);
        ResultRow[][] rows = groups.Count == 0
            ? [[.. tables.Select(table => table.Overall)]]
            : [.. groups.Select(group => tables.Select(table => table.Groups.Single(row => row.Value == group)).ToArray())];
        return (
            GroupTallies.Of([.. rows.Select(group => group.Select(Reckon).ToArray())], [.. rows.Select(group => group.Length == 0 ? 0 : Value(group[0].Ballots) ?? 0)]),
            [.. Enumerable.Range(0, tables.Count).Where(statement => rows.All(group => Cells(group[statement]).All(cell => cell is not ReleasedCell.Withheld)))]);
    }

    private static StatementTally Reckon(ResultRow row)
    {
        // What the shown numbers leave over is shared by those that read "fewer than 8".
        var cells = Cells(row).ToArray();
        var few = cells.Count(cell => cell is ReleasedCell.FewerThan);
        var left = Math.Max(0, (Value(row.Ballots) ?? 0) - cells.Sum(cell => Value(cell) ?? 0));
        int Count(ReleasedCell cell) => Value(cell) ?? (cell is ReleasedCell.FewerThan ? Math.Min(DisclosureGate.SmallCount - 1, left / few) : 0);
        return new StatementTally(Count(cells[0]), Count(cells[1]), Count(cells[0]) + Count(cells[1]) + Count(cells[2]));
    }

    private static int? Value(ReleasedCell cell) => cell switch { ReleasedCell.Rounded rounded => rounded.Value, ReleasedCell.AtLeast most => most.Value, _ => null };

    private static IEnumerable<ReleasedCell> Cells(ResultRow row) => row.Options.Append(row.NoAnswer).Select(answer => answer.Count);

    private static ReleasedAnswer Show(ResultTable[] members, int covered)
    {
        var everybody = members[0].Overall;
        ReleasedAnswer nothing = new(new ReleasedCell.Withheld(WithheldReasons.Protected), null);
        if (everybody.Ballots is not ReleasedCell.Rounded { Value: var people })
            return nothing;
        var shown = DisclosureGate.Show(covered);
        var (low, high) = DisclosureGate.Bounds(shown, DisclosureGate.SmallCount);

        // In some tables that agree with all that is shown no more are covered than most, in some no fewer than least; none is below sure.
        var most = Math.Max(Agree(members, table => table.Overall).Max(agree => agree.Low), ByGroup(members, (agree, size) => Math.Min(size.Low, agree.Sum(one => (long)one.Low))));
        var least = ByGroup(members, (agree, size) => Math.Min(size.High, agree.Max(one => (long)one.High)));
        var sure = Math.Max(Agree(members, table => table.Overall).Max(agree => agree.Low), ByGroup(members, (agree, _) => agree.Max(one => (long)one.Low)));
        var nearly = shown is ReleasedCell.Rounded { Value: var rounded } && rounded >= people - (2 * DisclosureGate.RoundingBase);
        if (!nearly && low <= most && high >= least)
            return Answer(shown, people);
        if (high < least)
            most = Math.Min(most, sure);
        if (nearly)
            most = Math.Min(most, people - Room);
        var bound = (int)most / DisclosureGate.RoundingBase * DisclosureGate.RoundingBase;
        return bound < DisclosureGate.SmallestGroup ? nothing : Answer(new ReleasedCell.AtLeast(bound), people);
    }

    /// <summary>Adds up over the groups, or over everybody as the only one, what is reckoned from those who agree with each member and from the size.</summary>
    private static long ByGroup(ResultTable[] members, Func<(int Low, int High)[], (int Low, int High), long> of)
    {
        long Of(Func<ResultTable, ResultRow> row) => of(Agree(members, row), DisclosureGate.Bounds(row(members[0]).Ballots, DisclosureGate.SmallestGroup));
        return members[0].Groups.IsEmpty ? Of(table => table.Overall) : Enumerable.Range(0, members[0].Groups.Length).Sum(group => Of(table => table.Groups[group]));
    }

    private static (int Low, int High)[] Agree(ResultTable[] members, Func<ResultTable, ResultRow> row) =>
        [.. members.Select(table => DisclosureGate.Bounds(row(table).Options[0].Count, DisclosureGate.SmallCount))];

    private static ReleasedAnswer Answer(ReleasedCell cell, int people) => new(cell, Value(cell) is { } value ? Math.Min(100, (int)Math.Round(100.0 * value / people, MidpointRounding.AwayFromZero)) : null);
}
