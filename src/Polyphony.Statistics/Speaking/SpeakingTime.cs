using System.Collections.Immutable;
using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Speaking;

/// <summary>How long one member of a table spoke.</summary>
/// <param name="Member">Who; each once.</param>
/// <param name="Group">A value of a criterion such as gender, or <see langword="null"/>.</param>
/// <param name="Turns">Length of each turn in whole seconds, 0 or more; none for a silent member.</param>
public sealed record MemberTurns(string Member, string? Group, ImmutableArray<int> Turns);

/// <summary>A group's share of the people and of the time.</summary>
/// <param name="Group">The group.</param>
/// <param name="People">Its members.</param>
/// <param name="Silent">Its members without a second of speech.</param>
/// <param name="Turns">Its turns.</param>
/// <param name="ShareOfPeople">0 to 1.</param>
/// <param name="ShareOfTime">0 to 1, or <see langword="null"/> when nobody spoke.</param>
public sealed record GroupTime(string Group, int People, int Silent, int Turns, double ShareOfPeople, double? ShareOfTime);

/// <summary>How equally speaking time was shared. Measures are <see langword="null"/> when nobody spoke.</summary>
/// <param name="People">Members, silent ones included.</param>
/// <param name="Turns">Turns taken.</param>
/// <param name="Seconds">Time spoken.</param>
/// <param name="LongestTurn">Seconds of the longest turn.</param>
/// <param name="Silent">Members without a second of speech, in the order given.</param>
/// <param name="Gini">Σ (2i − n − 1) x_(i) / (n Σ x): 0 when all spoke alike, 1 − 1/n when one spoke alone.</param>
/// <param name="Jain">(Σ x)² / (n Σ x²), 1/n to 1: R. Jain and others, DEC Research Report 301 (1984).</param>
/// <param name="Evenness">Entropy of the shares by ln n, 0 to 1; <see langword="null"/> as well for one member.</param>
/// <param name="MostToFair">The longest speaker's time by an equal share, 1 to n.</param>
/// <param name="Groups">By group, in the order in which groups first appear; members without a group are in none.</param>
public sealed record SpeakingTime(
    int People, int Turns, long Seconds, int LongestTurn, ImmutableArray<string> Silent, double? Gini, double? Jain, double? Evenness, double? MostToFair, ImmutableArray<GroupTime> Groups)
{
    /// <summary>Measures a table's speech.</summary>
    /// <param name="members">Every member, silent ones included.</param>
    /// <returns>The measures.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A turn of less than nought seconds.</exception>
    public static SpeakingTime Of(IReadOnlyCollection<MemberTurns> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Any(member => member.Turns.Any(turn => turn < 0)))
            throw new ArgumentOutOfRangeException(nameof(members));
        long[] times = [.. members.Select(Time).Order()];
        var n = times.Length;
        var sum = times.Sum();
        ImmutableArray<GroupTime> groups = [.. members.Where(member => member.Group is not null).GroupBy(member => member.Group!).Select(group => new GroupTime(
            group.Key, group.Count(), group.Count(member => Time(member) == 0), group.Sum(member => member.Turns.Length), (double)group.Count() / n, sum == 0 ? null : (double)group.Sum(Time) / sum))];
        var all = new SpeakingTime(
            n, members.Sum(member => member.Turns.Length), sum, members.SelectMany(member => member.Turns).DefaultIfEmpty().Max(),
            [.. members.Where(member => Time(member) == 0).Select(member => member.Member)], null, null, null, null, groups);
        if (sum == 0)
            return all;
        var weighted = times.Select((time, at) => (BigInteger)time * ((2 * at) + 1 - n)).Aggregate(BigInteger.Add);
        var squares = times.Aggregate(BigInteger.Zero, (total, time) => total + ((BigInteger)time * time));
        return all with
        {
            Gini = new Fraction(weighted, (BigInteger)n * sum).ToDouble(),
            Jain = new Fraction((BigInteger)sum * sum, n * squares).ToDouble(),
            Evenness = n < 2 ? null : -SortedSum.Of(times.Where(time => time > 0).Select(time => (double)time / sum * Math.Log((double)time / sum))) / Math.Log(n),
            MostToFair = (double)times[^1] * n / sum,
        };
    }

    private static long Time(MemberTurns member) => member.Turns.Sum(turn => (long)turn);
}
