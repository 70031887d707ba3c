using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Routing;

/// <summary>What a look at the routing found.</summary>
public enum RoutingState
{
    /// <summary>Too little was shown to tell.</summary>
    NotChecked = 0,

    /// <summary>What was shown agrees with what was meant.</summary>
    AsIntended = 1,

    /// <summary>It does not, beyond chance.</summary>
    Alarm = 2,
}

/// <summary>One statement as it was shown and as it was meant to be.</summary>
/// <param name="Statement">Its index.</param>
/// <param name="Shown">Times shown.</param>
/// <param name="Intended">Times it should have been shown on average.</param>
public sealed record ShownStatement(int Statement, long Shown, double Intended);

/// <summary>What was shown against what was meant.</summary>
/// <param name="State">The finding.</param>
/// <param name="Views">Statements shown in all.</param>
/// <param name="ChiSquared">Σ (shown − intended)² / intended; <see langword="null"/> when not checked.</param>
/// <param name="Degrees">Bins less one; statements meant to be shown fewer than five times share a bin.</param>
/// <param name="PValue">Chance of as much or more if all is well, at most; <see langword="null"/> when not checked.</param>
/// <param name="Statements">Each statement, by index.</param>
public sealed record RoutingFinding(RoutingState State, long Views, double? ChiSquared, int Degrees, double? PValue, ImmutableArray<ShownStatement> Statements);

/// <summary>Compares live what people are shown with what they should be shown, as it was meant at each single view.</summary>
/// <remarks>
/// Weights change from person to person. The intended numbers are added up view by view; as every view is drawn by chances of its own, the counts vary less than Pearson's statistic allows for, so that the test errs on the side of silence. It is looked
/// at again and again: the alarm is set to one in a million, which a thousand looks do not wear out. Whole numbers (billionths) are added, so that the order of views does not matter and several servers' watches can be joined.
/// </remarks>
/// <param name="statements">Number of statements, 0 or more.</param>
public sealed class RoutingWatch(int statements)
{
    /// <summary>P-value below which the alarm is raised.</summary>
    public const double AlarmLevel = 1e-6;

    private const long Scale = 1_000_000_000;
    private const double LeastIntended = 5;

    private long[] _shown = new long[statements];
    private long[] _intended = new long[statements];

    /// <summary>Statements shown so far.</summary>
    public long Views => _shown.Sum();

    /// <summary>Times each statement was shown.</summary>
    public ImmutableArray<long> Shown => [.. _shown];

    /// <summary>Times each statement should have been shown, in billionths: room for nine billion views.</summary>
    public ImmutableArray<long> Intended => [.. _intended];

    /// <summary>Number of statements.</summary>
    public int Statements => _shown.Length;

    /// <summary>Goes on from what was noted before.</summary>
    /// <param name="shown">As <see cref="Shown"/>.</param>
    /// <param name="intended">As <see cref="Intended"/>.</param>
    /// <returns>A watch that knows it.</returns>
    /// <exception cref="ArgumentException">Not one of each for every statement, or a number below 0.</exception>
    public static RoutingWatch Of(IReadOnlyList<long> shown, IReadOnlyList<long> intended)
    {
        ArgumentNullException.ThrowIfNull(shown);
        ArgumentNullException.ThrowIfNull(intended);
        if (shown.Count != intended.Count || shown.Concat(intended).Any(number => number < 0))
            throw new ArgumentException("Two numbers of 0 or more for each statement.", nameof(intended));
        return new RoutingWatch(0) { _shown = [.. shown], _intended = [.. intended] };
    }

    /// <summary>Goes on with more statements: those that are new were neither shown nor meant to be so far.</summary>
    /// <param name="statements">Their number; fewer than there are changes nothing.</param>
    public void MakeRoom(int statements)
    {
        if (statements <= _shown.Length)
            return;
        Array.Resize(ref _shown, statements);
        Array.Resize(ref _intended, statements);
    }

    /// <summary>Notes one view.</summary>
    /// <param name="weights">What was meant for this person at this moment, one weight for each statement, together above 0. They must be worked out anew from the rules, not taken from what did the choosing.</param>
    /// <param name="shown">The index of the statement that was shown.</param>
    /// <exception cref="ArgumentException">Another number of statements, a weight below 0, all weights 0, or a statement that is not there.</exception>
    public void Note(IReadOnlyList<long> weights, int shown)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var sum = weights.Sum();
        if (weights.Count != _shown.Length || sum <= 0 || weights.Any(weight => weight < 0) || shown < 0 || shown >= _shown.Length)
            throw new ArgumentException("One weight of 0 or more for each statement, and one of them shown.", nameof(weights));
        for (var statement = 0; statement < _shown.Length; statement++)
            _intended[statement] = checked(_intended[statement] + (long)((Int128)weights[statement] * Scale / sum));
        _shown[shown]++;
    }

    /// <summary>Adds what another server noted; it may know fewer or more statements.</summary>
    /// <param name="other">A watch of the same vote.</param>
    public void Join(RoutingWatch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MakeRoom(other.Statements);
        for (var statement = 0; statement < other.Statements; statement++)
        {
            _shown[statement] += other._shown[statement];
            _intended[statement] = checked(_intended[statement] + other._intended[statement]);
        }
    }

    /// <summary>Looks at all views so far.</summary>
    /// <returns>The finding. Something shown that should never be shown is an alarm by itself.</returns>
    public RoutingFinding Look()
    {
        ImmutableArray<ShownStatement> all = [.. _shown.Select((shown, statement) => new ShownStatement(statement, shown, (double)_intended[statement] / Scale))];
        List<(long Shown, double Intended)> bins = [.. all.Where(one => one.Intended >= LeastIntended).Select(one => (one.Shown, one.Intended))];
        var seldom = all.Where(one => one.Intended < LeastIntended).ToArray();
        var few = (Shown: seldom.Sum(one => one.Shown), Intended: (double)seldom.Sum(one => _intended[one.Statement]) / Scale);
        if (few.Intended >= LeastIntended)
            bins.Add(few);
        else if (bins.Count > 0 && few.Intended > 0)
        {
            // Too few for a bin of their own: they join the one meant least often.
            var least = bins.IndexOf(bins.MinBy(bin => bin.Intended));
            bins[least] = (bins[least].Shown + few.Shown, bins[least].Intended + few.Intended);
        }
        if (all.Any(one => one.Shown > 0 && _intended[one.Statement] == 0))
            return new RoutingFinding(RoutingState.Alarm, Views, double.PositiveInfinity, Math.Max(0, bins.Count - 1), 0, all);
        if (bins.Count < 2)
            return new RoutingFinding(RoutingState.NotChecked, Views, null, 0, null, all);
        var statistic = SortedSum.Of(bins.Select(bin => (bin.Shown - bin.Intended) * (bin.Shown - bin.Intended) / bin.Intended));
        var p = Tail.ChiSquare(statistic, bins.Count - 1);
        return new RoutingFinding(p < AlarmLevel ? RoutingState.Alarm : RoutingState.AsIntended, Views, statistic, bins.Count - 1, p, all);
    }
}
