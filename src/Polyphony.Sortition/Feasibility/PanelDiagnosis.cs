using Polyphony.Sortition.Feasibility;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>People whom no panel can contain, and why.</summary>
/// <param name="Types">Their types.</param>
/// <param name="People">How many they are.</param>
/// <param name="Why">Rules that cannot hold together on a panel with one of them.</param>
public sealed record Exclusion(IReadOnlyList<int> Types, int People, ConflictSet Why);

/// <summary>A rule that holds the least chance down.</summary>
/// <param name="Limit">The rule.</param>
/// <param name="Multiplier">By how much the least chance rises with each seat by which the rule gives way, as long as nothing else binds.</param>
/// <param name="Chance">At most this would the least chance be with the rule one seat wider (without it, for households), computed anew.</param>
public sealed record HeldDown(PanelLimit Limit, double Multiplier, double Chance);

/// <summary>More people in the pool, and what they would bring.</summary>
/// <param name="Values">For each criterion the value that they all bear, −1 where they are as those of today.</param>
/// <param name="People">How many more.</param>
/// <param name="Chance">At most this would the least chance be, computed anew with them in the pool.</param>
public sealed record MorePeople(IReadOnlyList<int> Values, int People, double Chance);

/// <summary>What decides about chances in a pool whose quotas can be met.</summary>
/// <param name="Chance">At most this is the least chance of those who can be on a panel, by the quotas read as limits on averages. All other chances here are read so too.</param>
/// <param name="Least">How many people cannot rise above it.</param>
/// <param name="Excluded">People whom no panel can contain, those with one explanation together.</param>
/// <param name="Unexplained">How many more people no panel can contain, for whom no explanation was found within the limit of work.</param>
/// <param name="Rules">The rules that hold the least chance down, the most rewarding first.</param>
/// <param name="Groups">More people who would raise the least chance, the most rewarding first; empty: more people alone would not.</param>
/// <param name="Forced">Types all of whose people are on every panel.</param>
public sealed record PanelDiagnosis(
    double Chance, int Least, IReadOnlyList<Exclusion> Excluded, int Unexplained, IReadOnlyList<HeldDown> Rules, IReadOnlyList<MorePeople> Groups, IReadOnlyList<int> Forced)
{
    private const int Invited = 10;
    private const int MostRules = 5;
    private const int MostGroups = 4;
    private const int MostExplanations = 12;
    private const int MostForced = 50;

    /// <summary>Diagnoses a lottery's pool.</summary>
    /// <param name="lottery">The lottery: its panels and the types that no panel can contain are taken from it.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>The diagnosis; null when the digits of the linear programmes did not suffice.</returns>
    public static PanelDiagnosis? Of(ExactLottery lottery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lottery);
        return Of(lottery.Types, lottery.Uncoverable, lottery.Panels, cancellationToken);
    }

    /// <summary>Diagnoses a pool.</summary>
    /// <param name="types">The merged pool; its quotas can be met.</param>
    /// <param name="uncoverable">The types that no panel can contain.</param>
    /// <param name="panels">Some panels as people per type, one or more.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>The diagnosis; null when the digits of the linear programmes did not suffice.</returns>
    public static PanelDiagnosis? Of(PanelTypes types, IReadOnlyList<int> uncoverable, IReadOnlyList<IReadOnlyList<int>> panels, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(uncoverable);
        ArgumentNullException.ThrowIfNull(panels);
        if (QuotaRoom.Level(types, uncoverable, cancellationToken) is not { } level)
        {
            return null;
        }

        (IReadOnlyList<Exclusion> excluded, int unexplained) = Explain(types, uncoverable, panels, cancellationToken);
        return new(
            level.Step.Value, level.Step.Settled.Sum(t => types.Types[t].People.Count), excluded, unexplained,
            RulesOf(types, uncoverable, level, cancellationToken), GroupsOf(types, uncoverable, level, cancellationToken), ForcedOf(types, panels, cancellationToken));
    }

    /// <summary>Explains why some people can be on no panel.</summary>
    /// <param name="types">The merged pool; its quotas can be met.</param>
    /// <param name="uncoverable">The types that no panel can contain.</param>
    /// <param name="panels">Some panels as people per type.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>Those with one explanation together, and how many more there are for whom none was found within the limit of work.</returns>
    public static (IReadOnlyList<Exclusion> Excluded, int Unexplained) Explain(
        PanelTypes types, IReadOnlyList<int> uncoverable, IReadOnlyList<IReadOnlyList<int>> panels, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(uncoverable);
        ArgumentNullException.ThrowIfNull(panels);
        List<Exclusion> excluded = [];
        List<int> left = [.. uncoverable];
        for (int asked = 0; asked < MostExplanations && left.Count > 0; asked++)
        {
            int type = left[0];
            using ConflictSearch search = new(types, types.Types[type].People[0], 30);
            foreach (IReadOnlyList<int> panel in panels.Take(10))
            {
                search.Swapped(panel, type);
            }

            if (search.Find(cancellationToken) is not { } why)
            {
                break;
            }

            // Whoever bears the same values in the criteria that it names is kept out by the same rules.
            Candidate one = types.Pool.People[types.Types[type].People[0]];
            int[] named = [.. why.Limits.Where(limit => limit.Criterion >= 0).Select(limit => limit.Criterion).Distinct()];
            bool households = why.Limits.Any(limit => limit.Kind == LimitKind.Households);
            int[] alike = [.. left.Where(t => t == type || (!households && named.All(c => types.Pool.People[types.Types[t].People[0]].Values[c] == one.Values[c])))];
            excluded.Add(new(alike, alike.Sum(t => types.Types[t].People.Count), why));
            left.RemoveAll(alike.Contains);
        }

        return (excluded, left.Sum(t => types.Types[t].People.Count));
    }

    private static List<HeldDown> RulesOf(PanelTypes types, IReadOnlyList<int> uncoverable, FirstLevel level, CancellationToken cancellationToken)
    {
        Multipliers proof = level.Step.Proof;
        SortitionPool pool = types.Pool;
        List<(PanelLimit Limit, double Multiplier, SortitionPool Wider)> rules = [];
        foreach ((int r, QuotaRow row) in types.Rows.Index())
        {
            double multiplier = proof.Rows[r];
            bool maximum = multiplier > 0;
            if (Math.Abs(multiplier) > 1e-7 * level.Step.Value && (maximum || row.Min > 0))
            {
                rules.Add((
                    new(maximum ? LimitKind.Maximum : LimitKind.Minimum, row.Criterion, row.Value, maximum ? row.Max : row.Min), Math.Abs(multiplier),
                    Relaxations.Changed(pool, [new(row.Criterion, row.Value, row.Min - (maximum ? 0 : 1), row.Max + (maximum ? 1 : 0))])));
            }
        }

        double together = proof.Groups.Sum();
        if (together > 1e-7 * level.Step.Value)
        {
            rules.Add((new(LimitKind.Households, -1, -1, 1), together, pool with { People = [.. pool.People.Select(person => person with { Household = null })] }));
        }

        return
        [
            .. rules.OrderByDescending(rule => rule.Multiplier).Take(MostRules)
                .Select(rule => (rule.Limit, rule.Multiplier, After: After(rule.Wider, types, uncoverable, cancellationToken)))
                .Where(rule => rule.After is not null)
                .Select(rule => new HeldDown(rule.Limit, rule.Multiplier, rule.After!.Value))
                .OrderByDescending(rule => rule.Chance),
        ];
    }

    private static List<MorePeople> GroupsOf(PanelTypes types, IReadOnlyList<int> uncoverable, FirstLevel level, CancellationToken cancellationToken)
    {
        SortitionPool pool = types.Pool;
        Multipliers proof = level.Step.Proof;
        double[] weights = proof.WeightsOf(types, []);
        double[] gain = [.. weights.Select((weight, t) => proof.Capacities.GetValueOrDefault(t) + Math.Max(0, -weight) - (level.Step.Value * Math.Max(0, weight)))];
        int[] typeOf = Relaxations.TypeOf(types);
        int[] order = [.. Enumerable.Range(0, pool.People.Count).OrderBy(person => pool.People[person].Ticket, StringComparer.Ordinal)];
        List<(double Gain, int[] Values, IReadOnlyList<IReadOnlyList<int>> People)> groups = [];
        for (int c = 0; c < pool.Criteria.Count; c++)
        {
            for (int v = 0; v < pool.Criteria[c].Quotas.Count; v++)
            {
                // Ten more of a value are ten like those who bear it today, evenly chosen.
                int[] bearers = [.. order.Where(person => pool.People[person].Values[c] == v)];
                if (bearers.Length > 0 && bearers.Average(person => gain[typeOf[person]]) is > 0 and var mean)
                {
                    groups.Add((mean, [.. pool.Criteria.Select((_, other) => other == c ? v : -1)], [.. Enumerable.Range(0, Invited).Select(i => pool.People[bearers[i * bearers.Length / Invited]].Values)]));
                }
            }
        }

        // The most wanted person of all: in each criterion the value whose quota leans most on its minimum.
        double[][] leaning = [.. pool.Criteria.Select(criterion => new double[criterion.Quotas.Count])];
        foreach ((int r, QuotaRow row) in types.Rows.Index())
        {
            leaning[row.Criterion][row.Value] = proof.Rows[r];
        }

        int[] wanted = [.. leaning.Select(values => values.Index().MinBy(value => value.Item).Index)];
        double worth = -proof.Size - leaning.Sum(values => values.Min());
        if (worth > 0)
        {
            groups.Add((double.PositiveInfinity, wanted, [.. Enumerable.Repeat<IReadOnlyList<int>>(wanted, Invited)]));
        }

        return
        [
            .. groups.OrderByDescending(group => group.Gain).Take(MostGroups)
                .Select(group => (group.Values, After: After(
                    pool with { People = [.. pool.People, .. group.People.Select((values, i) => new Candidate("more-" + i, values, null))] }, types, uncoverable, cancellationToken)))
                .Where(group => group.After > level.Step.Value * (1 + 1e-6))
                .Select(group => new MorePeople(group.Values, Invited, group.After!.Value))
                .OrderByDescending(group => group.Chance),
        ];
    }

    /// <summary>The first level under changed rules or with more people; those who could be on no panel before are left out of the comparison.</summary>
    private static double? After(SortitionPool changed, PanelTypes before, IReadOnlyList<int> uncoverable, CancellationToken cancellationToken)
    {
        PanelTypes types = PanelTypes.Of(changed);
        int[] typeOf = Relaxations.TypeOf(types);
        HashSet<int> people = [.. uncoverable.SelectMany(t => before.Types[t].People)];
        int[] outside = [.. people.Select(person => typeOf[person]).Distinct().Where(t => types.Types[t].People.All(people.Contains))];
        return QuotaRoom.Level(types, outside, cancellationToken)?.Step.Value;
    }

    private static List<int> ForcedOf(PanelTypes types, IReadOnlyList<IReadOnlyList<int>> panels, CancellationToken cancellationToken)
    {
        TypeTable table = new(types);
        List<int> forced = [];
        foreach (int t in Enumerable.Range(0, table.Count).Where(t => panels.All(panel => panel[t] == table.People[t])).Take(MostForced))
        {
            PanelProgram programme = new(table);
            programme.Model.Add(programme.Counts[t] <= table.People[t] - 1);
            if (programme.Any(1, cancellationToken) is { Best: null, Proven: true })
            {
                forced.Add(t);
            }
        }

        return forced;
    }
}
