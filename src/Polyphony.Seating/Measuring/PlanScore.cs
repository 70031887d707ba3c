namespace Polyphony.Seating;

/// <summary>What makes one plan better than another: fewer violations, then the greater value of its meetings.</summary>
internal readonly record struct PlanScore(int Violations, long Value, int Distinct) : IComparable<PlanScore>
{
    /// <summary>The score of some rounds; only they count, as meetings and as violations.</summary>
    public static PlanScore Of(SeatingProblem problem, SeatingPlan plan, IReadOnlyCollection<int> rounds)
    {
        var meetings = PairMeetings.Of(problem, plan, rounds);
        long value = 0;
        foreach (var (_, count) in meetings.Counts())
            for (var before = 0; before < count; before++)
                value += MeetingGain.Next(problem.Value, before);
        return new(SeatingBreaches.Of(problem, plan, rounds).Sum(breach => breach.Amount), value, meetings.Distinct);
    }

    public int CompareTo(PlanScore other) => Violations != other.Violations ? other.Violations.CompareTo(Violations) : Value.CompareTo(other.Value);
}

/// <summary>How often pairs of people share a table, as a sorted list: there may be ten thousand people.</summary>
internal sealed class PairMeetings
{
    private readonly long[] _pairs;

    private PairMeetings(long[] pairs)
    {
        _pairs = pairs;
        Distinct = Counts().Count();
    }

    public int Distinct { get; }

    public int All => _pairs.Length;

    public static PairMeetings Of(SeatingProblem problem, SeatingPlan plan, IEnumerable<int> rounds)
    {
        var pairs = new List<long>();
        foreach (var table in Counted(problem, rounds).SelectMany(round => plan.Rounds[round].Tables))
            for (var i = 0; i < table.Length; i++)
                for (var j = i + 1; j < table.Length; j++)
                    pairs.Add(((long)Math.Min(table[i], table[j]) << 32) | (uint)Math.Max(table[i], table[j]));
        var sorted = pairs.ToArray();
        Array.Sort(sorted);
        return new(sorted);
    }

    /// <summary>The rounds in which people meet: gatherings of large groups are no meetings, unless they are all there is to look at.</summary>
    public static IEnumerable<int> Counted(SeatingProblem problem, IEnumerable<int> rounds)
    {
        var wanted = rounds.ToArray();
        return wanted.All(problem.IsGathering) ? wanted : wanted.Where(round => !problem.IsGathering(round));
    }

    /// <summary>Each pair that meets, with the number of its meetings.</summary>
    public IEnumerable<(long Pair, int Count)> Counts()
    {
        for (int i = 0, j; i < _pairs.Length; i = j)
        {
            for (j = i + 1; j < _pairs.Length && _pairs[j] == _pairs[i];)
                j++;
            yield return (_pairs[i], j - i);
        }
    }
}
