using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Components;

/// <summary>What two statements have in common, over the people who voted on both.</summary>
/// <param name="People">Those people.</param>
/// <param name="First">Sum of their votes on the first.</param>
/// <param name="Second">Sum of their votes on the second.</param>
/// <param name="Product">Sum of the products of both votes.</param>
public readonly record struct CoVote(int People, int First, int Second, int Product);

/// <summary>
/// Whole numbers from which the covariance of statements follows: four a pair, three a statement. They do not depend on any order, those of sites add up, and each vote can be put in, changed and taken out.
/// </summary>
public sealed class CoVotes
{
    // A person's votes on one statement and those after it touch one row: rows of a block stay in the second cache while all people pass by.
    private const int BlockBytes = 1 << 19;

    private readonly Vector128<int>[] _pairs;
    private readonly Vector128<int>[] _single;

    private CoVotes(int statements)
    {
        Statements = statements;
        _pairs = new Vector128<int>[(long)statements * (statements - 1) / 2 is var pairs && pairs > 0 ? pairs : 0];
        _single = new Vector128<int>[statements];
    }

    /// <summary>Number of statements.</summary>
    public int Statements { get; }

    /// <summary>Statistics of nobody.</summary>
    /// <param name="statements">Number of statements, at most <see cref="VoteTable.MostStatements"/>; they take 8 bytes for each pair of different or equal ones, both ways round.</param>
    /// <returns>All nought.</returns>
    public static CoVotes None(int statements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(statements);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statements, VoteTable.MostStatements);
        return new CoVotes(statements);
    }

    /// <summary>Counts a whole table.</summary>
    /// <param name="votes">The votes.</param>
    /// <param name="threads">Processors to use; the numbers are the same with any.</param>
    /// <returns>The statistics.</returns>
    public static CoVotes Of(VoteTable votes, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(votes);
        var sums = None(votes.Statements);
        List<(int From, int To)> blocks = [];
        for (var from = 0; from < votes.Statements;)
        {
            var to = from;
            long bytes = 0;
            while (to < votes.Statements && (to == from || bytes + (16L * (votes.Statements - to)) <= BlockBytes))
                bytes += 16L * (votes.Statements - to++);
            blocks.Add((from, to));
            from = to;
        }
        Parallel.For(0, blocks.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, block => sums.Count(votes, blocks[block].From, blocks[block].To));
        return sums;
    }

    /// <summary>How people voted on one statement.</summary>
    /// <param name="statement">Number of the statement.</param>
    /// <returns>Agrees, disagrees and all votes.</returns>
    public Findings.StatementTally TallyOf(int statement) => new(_single[statement][2], _single[statement][0], _single[statement][0] + _single[statement][1] + _single[statement][2]);

    /// <summary>What two statements have in common.</summary>
    /// <param name="first">Number of a statement.</param>
    /// <param name="second">Number of another one.</param>
    /// <returns>The four numbers.</returns>
    public CoVote PairOf(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(first, second);
        var pair = _pairs[Row(Math.Min(first, second)) + Math.Max(first, second)];
        return first < second ? new CoVote(pair[0], pair[1], pair[2], pair[3]) : new CoVote(pair[0], pair[2], pair[1], pair[3]);
    }

    /// <summary>Adds the statistics of other people: another site, another country.</summary>
    /// <param name="others">Statistics of the same statements.</param>
    public void Add(CoVotes others)
    {
        ArgumentNullException.ThrowIfNull(others);
        ArgumentOutOfRangeException.ThrowIfNotEqual(others.Statements, Statements);
        for (var i = 0; i < _pairs.Length; i++)
            _pairs[i] += others._pairs[i];
        for (var i = 0; i < _single.Length; i++)
            _single[i] += others._single[i];
    }

    /// <summary>Puts a person's vote into a table and into these statistics, changes it or takes it out.</summary>
    /// <param name="votes">The table that these statistics are of.</param>
    /// <param name="person">Number of the person.</param>
    /// <param name="statement">Number of the statement.</param>
    /// <param name="value">1 agree, 0 pass, −1 disagree, or <see langword="null"/> to withdraw the vote: then all is as if it had never been cast.</param>
    public void Set(VoteTable votes, int person, int statement, int? value)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(votes.Statements, Statements);
        var before = votes.Set(person, statement, value);
        if (before == value)
            return;
        if (before is { } old)
            Touch(votes[person], VoteTable.Cell(statement, old), -1);
        if (value is { } now)
            Touch(votes[person], VoteTable.Cell(statement, now), 1);
    }

    /// <summary>Whether all numbers are the same.</summary>
    /// <param name="other">Other statistics.</param>
    /// <returns>True when they are.</returns>
    public bool SameAs(CoVotes other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Statements == other.Statements && _single.AsSpan().SequenceEqual(other._single) && _pairs.AsSpan().SequenceEqual(other._pairs);
    }

    /// <summary>The pairs of a statement with those after it, by number: the first is that with the next one.</summary>
    internal ReadOnlySpan<Vector128<int>> PairsFrom(int statement) => _pairs.AsSpan((int)(Row(statement) + statement + 1), Statements - statement - 1);

    /// <summary>Where a statement's pairs stand, less the number of the second one.</summary>
    private long Row(int first) => ((long)first * Statements) - ((long)first * (first + 1) / 2) - first - 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(VoteTable votes, int from, int to)
    {
        Span<Vector128<int>> change = stackalloc Vector128<int>[12];
        for (var own = 0; own < 3; own++)
        {
            for (var other = 0; other < 3; other++)
                change[(4 * own) + other] = Vector128.Create(1, own - 1, other - 1, (own - 1) * (other - 1));
        }
        ref var pairs = ref MemoryMarshal.GetArrayDataReference(_pairs);
        ref var single = ref Unsafe.As<Vector128<int>, int>(ref MemoryMarshal.GetArrayDataReference(_single));
        ref var changes = ref MemoryMarshal.GetReference(change);
        var least = (ushort)(from << 2);
        for (var person = 0; person < votes.People; person++)
        {
            var cells = votes[person];
            var at = 0;
            if (from > 0)
            {
                at = cells.BinarySearch(least);
                at = at < 0 ? ~at : at;
            }
            for (; at < cells.Length && cells[at] >> 2 < to; at++)
            {
                var cell = cells[at];
                Unsafe.Add(ref single, (int)cell)++;
                ref var row = ref Unsafe.Add(ref pairs, (nint)Row(cell >> 2));
                ref var own = ref Unsafe.Add(ref changes, (cell & 3) * 4);
                for (var next = at + 1; next < cells.Length; next++)
                {
                    int other = cells[next];
                    Unsafe.Add(ref row, other >> 2) += Unsafe.Add(ref own, other & 3);
                }
            }
        }
    }

    /// <summary>Adds or takes away one vote against all others of the same person, whether it stands among them or not.</summary>
    private void Touch(ReadOnlySpan<ushort> cells, ushort cell, int sign)
    {
        int statement = cell >> 2, value = VoteTable.Value(cell);
        Unsafe.Add(ref Unsafe.As<Vector128<int>, int>(ref _single[0]), (int)cell) += sign;
        foreach (var other in cells)
        {
            int second = other >> 2, voted = VoteTable.Value(other);
            if (second == statement)
                continue;
            _pairs[Row(Math.Min(statement, second)) + Math.Max(statement, second)] +=
                (statement < second ? Vector128.Create(1, value, voted, value * voted) : Vector128.Create(1, voted, value, value * voted)) * sign;
        }
    }
}
