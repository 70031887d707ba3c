using System.Runtime.CompilerServices;

namespace Polyphony.Statistics.Opinion.Voting;

/// <summary>Who voted what: each person's votes, one a statement, two bytes a vote.</summary>
/// <remarks>
/// A vote is the number <c>statement · 4 + value + 1</c>; those of a person stand in rising order. Nothing here depends on the order in which votes came, once the last vote of a person
/// on a statement is known.
/// </remarks>
public sealed class VoteTable
{
    /// <summary>As many statements as Polis takes; the pair statistics of so many need 800 MB.</summary>
    public const int MostStatements = 10_000;

    private ushort[] _votes;
    private int[] _start;
    private ushort[] _count;
    private ushort[] _room;
    private int _used;

    private VoteTable(int people, int statements, ushort[] votes, int[] start, ushort[] count, int used)
    {
        (People, Statements, _votes, _start, _count, _room, _used) = (people, statements, votes, start, count, (ushort[])count.Clone(), used);
        for (var person = 0; person < people; person++)
            Votes += count[person];
    }

    /// <summary>Number of people, those without votes included.</summary>
    public int People { get; private set; }

    /// <summary>Number of statements, those without votes included.</summary>
    public int Statements { get; }

    /// <summary>Votes that stand: one a person and statement.</summary>
    public long Votes { get; private set; }

    /// <summary>A person's votes as numbers, rising.</summary>
    internal ReadOnlySpan<ushort> this[int person] => _votes.AsSpan(_start[person], _count[person]);

    /// <summary>Builds the table: of several votes of a person on a statement the last stands, by time, then row.</summary>
    /// <param name="people">Number of people.</param>
    /// <param name="statements">Number of statements, at most <see cref="MostStatements"/>.</param>
    /// <param name="votes">All votes, in the order of their rows.</param>
    /// <returns>The table.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Too many statements; a person, statement or value out of range.</exception>
    public static VoteTable Of(int people, int statements, ReadOnlySpan<CastVote> votes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statements, MostStatements);
        var start = new int[people + 1];
        foreach (ref readonly var vote in votes)
        {
            if ((uint)vote.Person >= (uint)people || vote.Statement >= statements || vote.Value is < -1 or > 1)
                throw new ArgumentOutOfRangeException(nameof(votes), vote, null);
            start[vote.Person + 1]++;
        }
        for (var person = 0; person < people; person++)
            start[person + 1] += start[person];
        var rows = new int[votes.Length];
        var next = start.AsSpan(0, people).ToArray();
        for (var row = 0; row < votes.Length; row++)
            rows[next[votes[row].Person]++] = row;

        // The last vote on each statement is found by a mark, and a vote of the same time but a later row replaces an earlier one.
        var cells = new ushort[votes.Length];
        var count = new ushort[people];
        var time = new long[statements];
        var found = new int[statements];
        var used = 0;
        for (var person = 0; person < people; person++)
        {
            var first = used;
            for (var i = start[person]; i < start[person + 1]; i++)
            {
                ref readonly var vote = ref votes[rows[i]];
                var known = found[vote.Statement] - 1;
                if (known < first || known >= used || cells[known] >> 2 != vote.Statement)
                {
                    found[vote.Statement] = used + 1;
                    time[vote.Statement] = vote.Time;
                    cells[used++] = Cell(vote.Statement, vote.Value);
                }
                else if (vote.Time >= time[vote.Statement])
                {
                    time[vote.Statement] = vote.Time;
                    cells[known] = Cell(vote.Statement, vote.Value);
                }
            }
            start[person] = first;
            count[person] = (ushort)(used - first);
            cells.AsSpan(first, used - first).Sort();
        }
        return new VoteTable(people, statements, cells, start, count, used);
    }

    /// <summary>A table of nobody, for people who come one after the other.</summary>
    /// <param name="statements">Number of statements, at most <see cref="MostStatements"/>.</param>
    /// <param name="room">How many votes to make room for.</param>
    /// <returns>The table.</returns>
    public static VoteTable WithRoom(int statements, int room)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(statements);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statements, MostStatements);
        return new VoteTable(0, statements, new ushort[room], [0], [], 0);
    }

    /// <summary>What a person votes on a statement, or <see langword="null"/>.</summary>
    /// <param name="person">Number of the person.</param>
    /// <param name="statement">Number of the statement.</param>
    /// <returns>1 agree, 0 pass, −1 disagree.</returns>
    public int? ValueOf(int person, int statement) => Find(person, statement) is >= 0 and var at ? Value(_votes[_start[person] + at]) : null;

    /// <summary>Marks the statements that a person voted on.</summary>
    /// <param name="person">Number of the person.</param>
    /// <param name="voted">By statement; set to true where there is a vote, else left.</param>
    public void Mark(int person, Span<bool> voted)
    {
        foreach (var cell in this[person])
            voted[cell >> 2] = true;
    }

    /// <summary>How many statements a person voted on.</summary>
    /// <param name="person">Number of the person.</param>
    /// <returns>The number.</returns>
    public int CountOf(int person) => _count[person];

    /// <summary>Makes room for one more person.</summary>
    /// <returns>The person's number.</returns>
    public int Join()
    {
        if (_count.Length == People)
        {
            var size = Math.Max(16, People * 2);
            Array.Resize(ref _count, size);
            Array.Resize(ref _room, size);
            Array.Resize(ref _start, size + 1);
        }
        (_start[People], _count[People], _room[People]) = (_used, 0, 0);
        return People++;
    }

    /// <summary>Makes room for one more person, whose votes are known.</summary>
    /// <param name="votes">Statements with 1 agree, 0 pass, −1 disagree; each once.</param>
    /// <returns>The person's number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="Of"/>.</exception>
    public int Join(ReadOnlySpan<(int Statement, int Value)> votes)
    {
        var person = Join();
        if (_used + votes.Length > _votes.Length)
            Array.Resize(ref _votes, Math.Max(_used + votes.Length, _votes.Length + (_votes.Length / 4)));
        _room[person] = (ushort)votes.Length;
        _used += votes.Length;
        foreach (var (statement, value) in votes)
            Set(person, statement, value);
        return person;
    }

    /// <summary>Sets a person's vote; the caller knows that it is the last one.</summary>
    /// <param name="person">Number of the person.</param>
    /// <param name="statement">Number of the statement.</param>
    /// <param name="value">1, 0, −1, or <see langword="null"/> to withdraw the vote.</param>
    /// <returns>What stood there before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="Of"/>.</exception>
    public int? Set(int person, int statement, int? value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(person);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(person, People);
        ArgumentOutOfRangeException.ThrowIfNegative(statement);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(statement, Statements);
        if (value is < -1 or > 1)
            throw new ArgumentOutOfRangeException(nameof(value));
        var at = Find(person, statement);
        if (at >= 0)
        {
            ref var cell = ref _votes[_start[person] + at];
            var before = Value(cell);
            if (value is { } other)
                cell = Cell(statement, other);
            else
                Remove(person, at);
            return before;
        }
        if (value is { } added)
            Insert(person, ~at, Cell(statement, added));
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ushort Cell(int statement, int value) => (ushort)((statement << 2) | (value + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Value(ushort cell) => (cell & 3) - 1;

    private int Find(int person, int statement)
    {
        var votes = this[person];
        var at = votes.BinarySearch((ushort)(statement << 2));
        at = at < 0 ? ~at : at;
        return at < votes.Length && votes[at] >> 2 == statement ? at : ~at;
    }

    private void Remove(int person, int at)
    {
        var votes = _votes.AsSpan(_start[person], _count[person]);
        votes[(at + 1)..].CopyTo(votes[at..]);
        _count[person]--;
        Votes--;
    }

    private void Insert(int person, int at, ushort cell)
    {
        if (_count[person] == _room[person])
            Move(person);
        var votes = _votes.AsSpan(_start[person], _count[person] + 1);
        votes[at..^1].CopyTo(votes[(at + 1)..]);
        votes[at] = cell;
        _count[person]++;
        Votes++;
    }

    /// <summary>Gives a person more room, at the end; the room left behind is lost until the table is built anew.</summary>
    private void Move(int person)
    {
        var room = (ushort)Math.Min(MostStatements, (_count[person] * 2) + 8);
        var isLast = _start[person] + _room[person] == _used;
        var start = isLast ? _start[person] : _used;
        if (start + room > _votes.Length)
            Array.Resize(ref _votes, Math.Max(start + room, _votes.Length + (_votes.Length / 4)));
        if (!isLast)
            this[person].CopyTo(_votes.AsSpan(start));
        (_start[person], _room[person], _used) = (start, room, start + room);
    }
}
