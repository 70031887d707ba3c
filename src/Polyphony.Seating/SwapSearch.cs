using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>The annealer's state and moves; one instance makes one plan.</summary>
/// <remarks>
/// Energy = lost distinct pairs + <see cref="MixWeight"/> × people outside their windows + <see cref="ApartWeight"/> × broken pairs. Exchanging two people
/// costs O(seats + criteria). Temperature falls geometrically; the best state seen is kept.
/// </remarks>
internal sealed class SwapSearch
{
    private const int MixWeight = 6;
    private const int ApartWeight = 60;
    private const double Hottest = 1.0;
    private const double Coldest = 0.15;

    private readonly SeatingProblem _problem;
    private readonly int _people;
    private readonly int _tables;
    private readonly int _criteria;
    private readonly int _values;
    private readonly int[] _valueOf;
    private readonly int[] _floor;
    private readonly int[] _ceiling;
    private readonly int[] _counts;
    private readonly int[] _start;
    private readonly int[] _tableOfSeat;
    private readonly int[][] _seats;
    private readonly int[][] _movable;
    private readonly ushort[] _meetings;
    private readonly HashSet<long> _apart = [];
    private readonly bool[] _hasApart;
    private SeededChance _chance;
    private int _distinct;
    private int _penalty;

    public SwapSearch(SeatingProblem problem, ulong seed)
    {
        _problem = problem;
        _people = problem.People.Length;
        _tables = problem.Tables;
        _criteria = problem.Criteria.Length;
        _chance = new SeededChance(seed);

        var offsets = new int[_criteria];
        for (var c = 0; c < _criteria; c++)
        {
            offsets[c] = _values;
            _values += problem.Criteria[c].Values.Length;
        }
        _valueOf = new int[_people * _criteria];
        var bearers = new int[_values];
        for (var p = 0; p < _people; p++)
        {
            for (var c = 0; c < _criteria; c++)
            {
                var value = problem.People[p].Values[c];
                _valueOf[(p * _criteria) + c] = value < 0 ? -1 : offsets[c] + value;
                if (value >= 0)
                    bearers[offsets[c] + value]++;
            }
        }

        _start = new int[_tables + 1];
        _tableOfSeat = new int[_people];
        _floor = new int[_tables * _values];
        _ceiling = new int[_tables * _values];
        for (var t = 0; t < _tables; t++)
        {
            _start[t + 1] = _start[t] + problem.SeatsAt(t);
            Array.Fill(_tableOfSeat, t, _start[t], problem.SeatsAt(t));
            for (var v = 0; v < _values; v++)
                (_floor[(t * _values) + v], _ceiling[(t * _values) + v]) = MixWindow.Of(problem.SeatsAt(t), bearers[v], _people);
        }

        _hasApart = new bool[_people];
        foreach (var pair in problem.Apart)
        {
            _apart.Add(PairKey(pair.First, pair.Second));
            _hasApart[pair.First] = _hasApart[pair.Second] = true;
        }
        _counts = new int[problem.Rounds * _tables * _values];
        _meetings = new ushort[_people * _people];
        _seats = new int[problem.Rounds][];
        _movable = new int[problem.Rounds][];
        for (var r = 0; r < problem.Rounds; r++)
            Deal(r);
        CountAll();
    }

    public SeatingPlan Run(long swaps, IProgress<SeatingProgress>? progress, CancellationToken cancellationToken)
    {
        var best = Array.ConvertAll(_seats, seats => (int[])seats.Clone());
        var bestEnergy = Energy;
        var bestRounds = new bool[_seats.Length];
        var cooling = swaps > 1 ? Math.Pow(Coldest / Hottest, 1024.0 / swaps) : 1;
        var temperature = Hottest;
        var report = Math.Max(1, swaps / 100);
        for (long i = 0; i < swaps; i++)
        {
            if ((i & 1023) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                temperature *= cooling;
            }
            if (i % report == 0)
                progress?.Report(new SeatingProgress(i, swaps, _distinct));

            var round = _chance.Below(_seats.Length);
            var movable = _movable[round];
            if (movable.Length < 2)
                continue;
            var seatA = movable[_chance.Below(movable.Length)];
            var seatB = movable[_chance.Below(movable.Length)];
            if (_tableOfSeat[seatA] == _tableOfSeat[seatB])
                continue;

            var mix = MixChange(round, seatA, seatB);
            var rise = -temperature * Math.Log(Math.Max(_chance.Unit(), 1e-300));
            // Most swaps are hopeless by the mix alone: by new pairs they can win back two tables of people at most.
            if (mix - MostGain(_seats[round], seatA, seatB) > rise)
                continue;
            if (mix - NewPairs(_seats[round], seatA, seatB) + ApartChange(_seats[round], seatA, seatB) > rise)
                continue;
            Exchange(round, seatA, seatB, mix);
            bestRounds[round] = true;
            if (Energy < bestEnergy)
            {
                bestEnergy = Energy;
                for (var r = 0; r < _seats.Length; r++)
                {
                    if (bestRounds[r])
                        Array.Copy(_seats[r], best[r], _people);
                    bestRounds[r] = false;
                }
            }
        }
        progress?.Report(new SeatingProgress(swaps, swaps, _distinct));
        return new SeatingPlan([.. best.Select(ToRound)]);
    }

    private int Energy => _penalty - _distinct;

    private int MostGain(int[] seats, int seatA, int seatB) =>
        _hasApart[seats[seatA]] || _hasApart[seats[seatB]] ? int.MaxValue / 2 : SeatsAround(seatA) + SeatsAround(seatB) - 2;

    private int SeatsAround(int seat) => _start[_tableOfSeat[seat] + 1] - _start[_tableOfSeat[seat]];

    private SeatingRound ToRound(int[] seats) =>
        new([.. Enumerable.Range(0, _tables).Select(t => seats[_start[t].._start[t + 1]].Order().ToImmutableArray())]);

    /// <summary>Fixed people first, then a shuffle of the others over the seats that are left.</summary>
    private void Deal(int round)
    {
        var seats = new int[_people];
        Array.Fill(seats, -1);
        var placed = new bool[_people];
        var next = _start.AsSpan(0, _tables).ToArray();
        foreach (var seat in _problem.Fixed.Where(seat => seat.Round is null || seat.Round == round))
        {
            if (placed[seat.Person])
                continue;
            placed[seat.Person] = true;
            seats[next[seat.Table]++] = seat.Person;
        }
        var free = Enumerable.Range(0, _people).Where(seat => seats[seat] < 0).ToArray();
        var people = Enumerable.Range(0, _people).Where(person => !placed[person]).ToArray();
        for (var i = people.Length - 1; i > 0; i--)
        {
            var j = _chance.Below(i + 1);
            (people[i], people[j]) = (people[j], people[i]);
        }
        for (var i = 0; i < free.Length; i++)
            seats[free[i]] = people[i];
        _seats[round] = seats;
        _movable[round] = free;
    }

    private void CountAll()
    {
        for (var r = 0; r < _seats.Length; r++)
        {
            for (var seat = 0; seat < _people; seat++)
            {
                var person = _seats[r][seat];
                var table = _tableOfSeat[seat];
                for (var c = 0; c < _criteria; c++)
                    if (_valueOf[(person * _criteria) + c] is >= 0 and var value)
                        _counts[(((r * _tables) + table) * _values) + value]++;
                for (var other = seat + 1; other < _start[table + 1]; other++)
                    Meet(person, _seats[r][other], 1);
            }
            for (var cell = 0; cell < _tables * _values; cell++)
                _penalty += MixWeight * Outside(_counts[(r * _tables * _values) + cell], cell);
        }
    }

    private int Outside(int count, int cell) => count < _floor[cell] ? _floor[cell] - count : count > _ceiling[cell] ? count - _ceiling[cell] : 0;

    private int MixChange(int round, int seatA, int seatB)
    {
        var a = _seats[round][seatA] * _criteria;
        var b = _seats[round][seatB] * _criteria;
        var cellsA = _tableOfSeat[seatA] * _values;
        var cellsB = _tableOfSeat[seatB] * _values;
        var counts = round * _tables * _values;
        var change = 0;
        for (var c = 0; c < _criteria; c++)
        {
            var valueA = _valueOf[a + c];
            var valueB = _valueOf[b + c];
            if (valueA == valueB)
                continue;
            if (valueA >= 0)
                change += Step(counts, cellsA + valueA, -1) + Step(counts, cellsB + valueA, 1);
            if (valueB >= 0)
                change += Step(counts, cellsA + valueB, 1) + Step(counts, cellsB + valueB, -1);
        }
        return change * MixWeight;
    }

    private int Step(int counts, int cell, int by)
    {
        var count = _counts[counts + cell];
        return Outside(count + by, cell) - Outside(count, cell);
    }

    /// <summary>Distinct pairs won less lost if the two changed seats.</summary>
    private int NewPairs(int[] seats, int seatA, int seatB)
    {
        var a = _meetings.AsSpan(seats[seatA] * _people, _people);
        var b = _meetings.AsSpan(seats[seatB] * _people, _people);
        return Won(b, a, Around(seats, seatA), seats[seatA]) + Won(a, b, Around(seats, seatB), seats[seatB]);
    }

    private static int Won(ReadOnlySpan<ushort> comes, ReadOnlySpan<ushort> leaves, ReadOnlySpan<int> table, int leaver)
    {
        var won = 0;
        foreach (var other in table)
        {
            if (other == leaver)
                continue;
            won += (comes[other] == 0 ? 1 : 0) - (leaves[other] == 1 ? 1 : 0);
        }
        return won;
    }

    private int ApartChange(int[] seats, int seatA, int seatB)
    {
        var a = seats[seatA];
        var b = seats[seatB];
        if (!_hasApart[a] && !_hasApart[b])
            return 0;
        var change = 0;
        foreach (var other in Around(seats, seatA))
            if (other != a)
                change += Apart(b, other) - Apart(a, other);
        foreach (var other in Around(seats, seatB))
            if (other != b)
                change += Apart(a, other) - Apart(b, other);
        return change;
    }

    private ReadOnlySpan<int> Around(int[] seats, int seat) => seats.AsSpan(_start[_tableOfSeat[seat]], SeatsAround(seat));

    private int Apart(int a, int b) => _hasApart[a] && _hasApart[b] && _apart.Contains(PairKey(a, b)) ? ApartWeight : 0;

    private void Exchange(int round, int seatA, int seatB, int mix)
    {
        var seats = _seats[round];
        var a = seats[seatA];
        var b = seats[seatB];
        var tableA = _tableOfSeat[seatA];
        var tableB = _tableOfSeat[seatB];
        foreach (var other in Around(seats, seatA))
        {
            if (other == a)
                continue;
            Meet(a, other, -1);
            Meet(b, other, 1);
        }
        foreach (var other in Around(seats, seatB))
        {
            if (other == b)
                continue;
            Meet(b, other, -1);
            Meet(a, other, 1);
        }
        var cells = round * _tables * _values;
        for (var c = 0; c < _criteria; c++)
        {
            var valueA = _valueOf[(a * _criteria) + c];
            var valueB = _valueOf[(b * _criteria) + c];
            if (valueA >= 0)
            {
                _counts[cells + (tableA * _values) + valueA]--;
                _counts[cells + (tableB * _values) + valueA]++;
            }
            if (valueB >= 0)
            {
                _counts[cells + (tableB * _values) + valueB]--;
                _counts[cells + (tableA * _values) + valueB]++;
            }
        }
        (seats[seatA], seats[seatB]) = (b, a);
        _penalty += mix;
    }

    private void Meet(int a, int b, int by)
    {
        var before = _meetings[(a * _people) + b];
        _meetings[(a * _people) + b] = _meetings[(b * _people) + a] = (ushort)(before + by);
        if (by > 0 && before == 0)
            _distinct++;
        else if (by < 0 && before == 1)
            _distinct--;
        _penalty += by * Apart(a, b);
    }

    private static long PairKey(int a, int b) => ((long)Math.Min(a, b) << 32) | (uint)Math.Max(a, b);
}
