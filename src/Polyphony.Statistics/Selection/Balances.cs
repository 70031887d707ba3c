using System.Numerics;

namespace Polyphony.Statistics.Selection;

/// <summary>One exact number per person: whole numerators over one common denominator, people with the same number forming a level.</summary>
/// <remarks>
/// There are few levels while few seats are filled, so exact arithmetic runs over levels and not over people. Beside it stand doubles with an error below
/// 2⁻⁵² of each value: they only sort out candidates that are certainly worse, exact numbers decide among the others.
/// </remarks>
internal sealed class Balances
{
    private readonly int[] _levelOf;
    private BigInteger[] _values;
    private double[] _near;

    public Balances(int people, BigInteger value, BigInteger denominator)
    {
        _levelOf = new int[people];
        _values = [value];
        Denominator = denominator;
        _near = [];
        Approximate();
    }

    public BigInteger Denominator { get; private set; }

    /// <summary>Numerators of the levels, strictly ascending.</summary>
    public ReadOnlySpan<BigInteger> Levels => _values;

    /// <summary>The levels as doubles.</summary>
    public ReadOnlySpan<double> Near => _near;

    /// <summary>The level of each person.</summary>
    public ReadOnlySpan<int> LevelOf => _levelOf;

    /// <summary>Counts people by level.</summary>
    public void Count(ReadOnlySpan<int> people, Span<int> byLevel)
    {
        byLevel.Clear();
        foreach (var person in people)
            byLevel[_levelOf[person]]++;
    }

    /// <summary>Multiplies the denominator, then gives some people what their old level, in old numerators, is turned into.</summary>
    /// <param name="factor">1 or more.</param>
    /// <param name="people">Those whose number changes.</param>
    /// <param name="next">From the old numerator to the new one over the new denominator.</param>
    public void Change(int factor, ReadOnlySpan<int> people, Func<BigInteger, BigInteger> next)
    {
        var levels = _values.Length;
        var moved = new bool[levels];
        foreach (var person in people)
        {
            moved[_levelOf[person]] = true;
            _levelOf[person] += levels;
        }
        var values = new BigInteger[2 * levels];
        for (var level = 0; level < levels; level++)
        {
            values[level] = _values[level] * factor;
            if (moved[level])
                values[level + levels] = next(_values[level]);
        }
        Denominator *= factor;
        Relabel(values);
    }

    private void Relabel(BigInteger[] values)
    {
        var used = new bool[values.Length];
        foreach (var level in _levelOf)
            used[level] = true;
        int[] order = [.. Enumerable.Range(0, values.Length).Where(level => used[level])];
        Array.Sort(order, (a, b) => values[a].CompareTo(values[b]));
        var label = new int[values.Length];
        List<BigInteger> kept = [];
        foreach (var level in order)
        {
            if (kept.Count == 0 || kept[^1] != values[level])
                kept.Add(values[level]);
            label[level] = kept.Count - 1;
        }
        for (var person = 0; person < _levelOf.Length; person++)
            _levelOf[person] = label[_levelOf[person]];
        _values = [.. kept];
        Approximate();
    }

    private void Approximate()
    {
        var shift = Math.Max(0, (int)Denominator.GetBitLength() - 900);
        var whole = (double)(Denominator >> shift);
        // Rounded once in each conversion and once in the division.
        _near = Array.ConvertAll(_values, value => (double)(value >> shift) / whole);
    }
}
