namespace Polyphony.Sortition;

/// <summary>Why people have the chance that they have: the rules of their type at whose limit a lottery stands.</summary>
/// <remarks>By complementary slackness a rule can move a chance only where the expected seats stand at its limit; that can be counted from the chances alone, whatever the objective.</remarks>
/// <param name="Sets">The different sets of rules; for the less likely the rule first that holds its bearers down most, for the more likely the one that lifts them most. An empty set: nothing that the
/// type bears is scarce.</param>
/// <param name="SetOf">For each person of the pool the index of their set.</param>
public sealed record ChanceReasons(IReadOnlyList<IReadOnlyList<PanelLimit>> Sets, IReadOnlyList<int> SetOf)
{
    /// <summary>Expected seats this near to a limit, relative, stand at it: the gap that a lottery may have.</summary>
    private const double AtLimit = 1e-3;

    /// <summary>A rule whose bearers are this near to the average chance, relative, is no reason for anything.</summary>
    private const double Little = 0.05;

    /// <summary>Finds the rules for everybody.</summary>
    /// <param name="lottery">The lottery.</param>
    /// <returns>The sets of rules; people whom no panel can contain have an empty one.</returns>
    public static ChanceReasons Of(ExactLottery lottery)
    {
        ArgumentNullException.ThrowIfNull(lottery);
        PanelTypes types = lottery.Types;
        double[] chances = lottery.Chances();
        HashSet<int> outside = [.. lottery.Uncoverable];
        int reachable = types.Types.Where((_, t) => !outside.Contains(t)).Sum(type => type.People.Count);
        double mean = (double)types.Pool.Size / Math.Max(1, reachable);
        (PanelLimit Limit, double Chance)?[] rows = [.. types.Rows.Select((row, r) => AtItsLimit(row, Bearers(types, outside, chances, type => type.Rows.Contains(r)), mean))];
        bool[] groups =
        [
            .. types.Groups.Select((group, g) => Bearers(types, outside, chances, type => type.Group == g).Seats >= group.Households * (1 - AtLimit)),
        ];
        List<IReadOnlyList<PanelLimit>> sets = [];
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        int[] setOf = new int[types.Pool.People.Count];
        foreach ((int t, PersonType type) in types.Types.Index())
        {
            PanelLimit[] limits = outside.Contains(t)
                ? []
                :
                [
                    .. type.Rows.Select(row => rows[row]).OfType<(PanelLimit Limit, double Chance)>().OrderBy(row => chances[t] < mean ? row.Chance : -row.Chance).Select(row => row.Limit),
                    .. type.Group >= 0 && groups[type.Group] ? (PanelLimit[])[new(LimitKind.Households, -1, -1, 1)] : [],
                ];
            string key = string.Join(';', limits.Select(limit => $"{limit.Kind}/{limit.Criterion}/{limit.Value}"));
            if (!numbers.TryGetValue(key, out int number))
            {
                numbers.Add(key, number = sets.Count);
                sets.Add(limits);
            }

            foreach (int person in type.People)
            {
                setOf[person] = number;
            }
        }

        return new(sets, setOf);
    }

    /// <summary>The limit at which a quota stands, and the average chance of its bearers; null when it stands at none or moves nobody.</summary>
    private static (PanelLimit Limit, double Chance)? AtItsLimit(QuotaRow row, (double Seats, int People) bearers, double mean)
    {
        bool full = bearers.Seats >= row.Max * (1 - AtLimit);
        bool least = row.Min > 0 && bearers.Seats <= row.Min * (1 + AtLimit);
        if (bearers.People == 0 || (!full && !least))
        {
            return null;
        }

        // A quota of one number only stands at both: it holds down those who would have more without it, and keeps places for those who would have less.
        double average = bearers.Seats / bearers.People;
        bool maximum = full && (!least || average < mean);
        return Math.Abs(average - mean) < Little * mean ? null : (new(maximum ? LimitKind.Maximum : LimitKind.Minimum, row.Criterion, row.Value, maximum ? row.Max : row.Min), average);
    }

    private static (double Seats, int People) Bearers(PanelTypes types, HashSet<int> outside, double[] chances, Func<PersonType, bool> bears)
    {
        int[] bearing = [.. Enumerable.Range(0, chances.Length).Where(t => !outside.Contains(t) && bears(types.Types[t]))];
        return (bearing.Sum(t => chances[t] * types.Types[t].People.Count), bearing.Sum(t => types.Types[t].People.Count));
    }
}
