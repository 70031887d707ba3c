namespace Polyphony.Seating;

/// <summary>Simulated annealing over exchanges of two people of one round.</summary>
/// <remarks>
/// The search works through one round at a time. While a round is worked on, what a meeting costs is fixed for each pair: nothing for a pair that has
/// not met in the other rounds, what the repeat loses for one that has. Each person knows those few others, so that an exchange is judged by a
/// glance at two short lists; most are refused before, because the two people's present costs bound what the exchange can win. All costs are
/// whole numbers and the acceptance thresholds come from a table, so that a seed gives the same plan on every machine.
/// </remarks>
internal sealed partial class SwapSearch
{
    /// <summary>Exchanges tried in a round at a time where only broken rules are mended.</summary>
    public const int MendingBlock = 4_000;

    private const int FacilitatorAgain = MeetingGain.First / 4;

    private readonly SearchModel _model;
    private readonly SeatState _state;
    private readonly int[] _rounds;
    private readonly int[] _meetings;
    private readonly CellTables[] _cells;
    private readonly bool[][] _pinned;
    private readonly int[]?[] _whole;
    private readonly int _criteria;
    private readonly int _cellsPerTable;
    private readonly int[] _repeatCost;
    private SeededChance _chance;

    // Of the round that is being worked on.
    private int _round;
    private int[] _tableOf = [];
    private readonly int[] _others;
    private readonly int[] _otherCost;
    private readonly int[] _otherCount;
    private readonly int _stride;
    private readonly int[] _costAt;
    private readonly int[] _met;
    private int[] _counts = [];
    private int[] _step = [];
    private int[]? _unary;
    private int _tables;
    private int[][] _pools = [];
    private int[] _poolOf = [];
    private int _lambda;
    private int _forbidden;

    /// <param name="model">The problem.</param>
    /// <param name="state">Seats to begin with; changed.</param>
    /// <param name="rounds">The rounds to work on; those that they split are settled.</param>
    /// <param name="meetings">The rounds in which being at one table is a meeting, those to work on among them.</param>
    /// <param name="pinned">For each round, who stays.</param>
    /// <param name="chance">The stream.</param>
    public SwapSearch(SearchModel model, SeatState state, int[] rounds, int[] meetings, bool[][] pinned, SeededChance chance)
    {
        _model = model;
        _state = state;
        _rounds = rounds;
        _meetings = meetings;
        _pinned = pinned;
        _chance = chance;
        _criteria = model.Criteria.Length;
        _cellsPerTable = model.Traits + 1;
        _whole = new int[]?[model.Problem.Rounds.Length];
        _cells = new CellTables[model.Problem.Rounds.Length];
        foreach (var r in rounds)
        {
            _whole[r] = model.Problem.Rounds[r].SplitOf is { } split ? state.TableOf[split] : null;
            _cells[r] = model.Cells(r, _whole[r]);
        }
        _repeatCost = [.. Enumerable.Range(0, meetings.Length + 1).Select(met => MeetingGain.First - MeetingGain.Next(model.Problem.Value, met))];
        _stride = Math.Min(model.People, ((meetings.Length - 1) * (meetings.Max(r => model.Problem.Rounds[r].Tables.Max(table => table.Seats)) - 1)) + model.MostApart) + 1;
        _others = new int[model.People * _stride];
        _otherCost = new int[model.People * _stride];
        _otherCount = new int[model.People];
        _costAt = new int[model.People];
        _met = new int[model.People];
    }

    /// <summary>For each round, how much heavier a broken rule weighs where it concerns a person; by itself all weigh the same.</summary>
    public int[][]? Weights { get; set; }

    public SeededChance Chance
    {
        get => _chance;
        set => _chance = value;
    }

    /// <summary>Tries a number of exchanges while the temperature falls geometrically, then keeps the best state since the rules weighed fully.</summary>
    /// <returns>Whether all were tried; otherwise <paramref name="enough"/> ended it.</returns>
    public bool Run(SearchPass pass, Action<double>? report, CancellationToken enough, CancellationToken cancellationToken)
    {
        // Few people know the whole of a round soon: then the rounds take turns sooner, too.
        var few = Math.Min(100, _model.People);
        var block = pass.OnlyBroken ? MendingBlock : Math.Max(100, 60 * _model.People * few / 100 * few / 100);
        var sweeps = Math.Max(8, pass.Exchanges / ((long)block * _rounds.Length));
        var cooling = DeterministicRoot(pass.Coldest / pass.Hottest, sweeps);
        var temperature = pass.Hottest * MeetingGain.First;
        long energy = 0, best = long.MaxValue;
        int[][]? kept = null;
        var done = true;
        for (long sweep = 0; sweep < sweeps && done; sweep++)
        {
            // The rules weigh lightly while it is hot, so that people find their way past them, and fully at the end.
            var full = sweep >= sweeps * 4 / 5;
            _forbidden = (full && pass.RuleWeight > 0 ? 40 : pass.RuleWeight) * MeetingGain.First;
            _lambda = _forbidden / 100;
            if (sweep == sweeps - 1)
                temperature = 0;
            foreach (var round in _rounds)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (enough.IsCancellationRequested)
                {
                    done = false;
                    break;
                }
                Enter(round, ref energy);
                var broken = pass.OnlyBroken ? Broken() : null;
                if (broken is not [])
                    energy += Work(block, temperature, broken);
            }
            if (full && energy < best && done)
            {
                best = energy;
                kept ??= [.. _rounds.Select(_ => new int[_model.People])];
                for (var i = 0; i < _rounds.Length; i++)
                    _state.TableOf[_rounds[i]].CopyTo(kept[i], 0);
            }
            temperature *= cooling;
            if ((sweep & 15) == 0)
                report?.Invoke((double)sweep / sweeps);
        }
        for (var i = 0; i < _rounds.Length && kept is not null; i++)
            _state.Fill(_rounds[i], kept[i]);
        return done;
    }

    /// <param name="exchanges">How many to try.</param>
    /// <param name="temperature">In units of <see cref="MeetingGain.First"/>.</param>
    /// <param name="broken">One of the two is among these people, if given.</param>
    private long Work(int exchanges, double temperature, int[]? broken)
    {
        long total = 0;
        var units = _model.Units;
        var kinds = _model.KindOf;
        var tableOf = _tableOf;
        var cost = _costAt;
        var hasUnits = units.Groups.Length > 0;
        for (var i = 0; i < exchanges; i++)
        {
            var bits = _chance.Next();
            var pool = _pools[_pools.Length == 1 ? 0 : _poolOf[(int)((bits >> 52) * (ulong)_poolOf.Length >> 12)]];
            if (pool.Length < 2)
                continue;
            var a = pool[(int)((bits & 0x3FF_FFFF) * (ulong)pool.Length >> 26)];
            if (broken is not null)
            {
                a = broken[(int)((bits & 0x3FF_FFFF) * (ulong)broken.Length >> 26)];
                pool = _pools[_whole[_round]?[a] ?? 0];
            }
            var b = pool[(int)(((bits >> 26) & 0x3FF_FFFF) * (ulong)pool.Length >> 26)];
            if (tableOf[a] == tableOf[b])
                continue;
            var allowed = (int)(temperature * ExponentialTable.Values[(bits >> 40) & (ExponentialTable.Size - 1)]);
            if (hasUnits && (units.Of(a) >= 0 || units.Of(b) >= 0))
            {
                total += TryUnits(a, b, allowed);
                continue;
            }
            var change = (kinds[a] == kinds[b] ? 0 : _lambda * CellChange(a, b)) - cost[a] - cost[b];
            if (change > allowed)
                continue;
            var costA = CostOf(a, tableOf[b], b);
            var costB = CostOf(b, tableOf[a], a);
            change += costA + costB;
            if (change > allowed)
                continue;
            Exchange(a, b, costA, costB);
            total += change;
        }
        return total;
    }

    /// <summary>Change of the counts' costs, in hundredths of a person, if the two changed seats.</summary>
    private int CellChange(int a, int b)
    {
        var traits = _model.TraitOf;
        var step = _step;
        var ta = a * _criteria;
        var tb = b * _criteria;
        var cellA = _tableOf[a] * _cellsPerTable;
        var cellB = _tableOf[b] * _cellsPerTable;
        var change = 0;
        for (var c = 0; c < _criteria; c++)
        {
            var va = traits[ta + c];
            var vb = traits[tb + c];
            if (va == vb)
                continue;
            change += step[(2 * (cellA + va)) + 1] + step[2 * (cellB + va)] + step[2 * (cellA + vb)] + step[(2 * (cellB + vb)) + 1];
        }
        return change;
    }

    /// <summary>What a person would cost at a table without one of its people.</summary>
    private int CostOf(int person, int table, int without)
    {
        var sum = _unary is null ? 0 : _unary[(person * _tables) + table];
        var from = person * _stride;
        var to = from + _otherCount[person];
        for (var i = from; i < to; i++)
        {
            var other = _others[i];
            if (_tableOf[other] == table && other != without)
                sum += _otherCost[i];
        }
        return sum;
    }

    private void Exchange(int a, int b, int costA, int costB)
    {
        var tableA = _tableOf[a];
        var tableB = _tableOf[b];
        Follow(a, tableA, tableB, b);
        Follow(b, tableB, tableA, a);
        _costAt[a] = costA;
        _costAt[b] = costB;
        if (_model.KindOf[a] != _model.KindOf[b])
        {
            for (var c = 0; c < _criteria; c++)
            {
                var va = _model.TraitOf[(a * _criteria) + c];
                var vb = _model.TraitOf[(b * _criteria) + c];
                if (va == vb)
                    continue;
                Count(tableA, va, -1);
                Count(tableB, va, 1);
                Count(tableA, vb, 1);
                Count(tableB, vb, -1);
            }
        }
        _state.Exchange(_round, a, b);
    }

    /// <summary>The people whom one who moves knows now have one more, or one less, at their table.</summary>
    private void Follow(int person, int from, int to, int without)
    {
        var first = person * _stride;
        var last = first + _otherCount[person];
        for (var i = first; i < last; i++)
        {
            var other = _others[i];
            if (other == without)
                continue;
            var table = _tableOf[other];
            if (table == from)
                _costAt[other] -= _otherCost[i];
            else if (table == to)
                _costAt[other] += _otherCost[i];
        }
    }

    private void Count(int table, int trait, int by)
    {
        var cell = (table * _cellsPerTable) + trait;
        _counts[cell] += by;
        Steps(cell);
    }

    private void Steps(int cell)
    {
        var costs = _cells[_round].Distance;
        var at = _cells[_round].Start[cell] + _counts[cell];
        _step[2 * cell] = (cell % _cellsPerTable == _model.Traits ? 0 : costs[at + 1]) - (cell % _cellsPerTable == _model.Traits ? 0 : costs[at]);
        _step[(2 * cell) + 1] = _counts[cell] == 0 || cell % _cellsPerTable == _model.Traits ? 0 : costs[at - 1] - costs[at];
    }

    /// <summary>The n-th root of a number from 0 to 1, by the four operations alone.</summary>
    private static double DeterministicRoot(double value, long n)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            double power = 1, factor = middle;
            for (var left = n; left > 0; left >>= 1)
            {
                if ((left & 1) == 1)
                    power *= factor;
                factor *= factor;
            }
            if (power < value)
                low = middle;
            else
                high = middle;
        }
        return high;
    }
}

/// <summary>One cooling.</summary>
/// <param name="Exchanges">Exchanges to try.</param>
/// <param name="Hottest">Temperature at the start, in first meetings.</param>
/// <param name="Coldest">Temperature at the end.</param>
/// <param name="RuleWeight">What one person outside of the windows weighs while it is hot, in first meetings; 0 where the rules do not weigh at any time.</param>
/// <param name="OnlyBroken">Whether only people at tables where a rule is broken are exchanged for others: in a large plan a breach is found by looking, not by chance.</param>
internal readonly record struct SearchPass(long Exchanges, double Hottest, double Coldest, int RuleWeight, bool OnlyBroken = false);
