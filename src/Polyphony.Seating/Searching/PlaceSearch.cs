namespace Polyphony.Seating;

/// <summary>Decides who takes which place of a plan: two people change places in every round, so that as many pairs meet as before, while the tables become mixed.</summary>
/// <remarks>
/// Where tables have more people than there are tables, the plans in which most pairs meet are few and far apart, and the windows of the mix stand between them: annealing over single exchanges
/// finds one in a hundred coolings. Found without regard to the mix, such a plan can still be had in as many ways as people can be told to its places, and one of these usually mixes.
/// </remarks>
internal sealed class PlaceSearch
{
    private const double Hottest = 150;
    private const double Coldest = 10;

    private readonly SearchModel _model;
    private readonly SeatState _state;
    private readonly int[] _rounds;
    private readonly CellTables[] _cells;
    private readonly int[][] _counts;
    private readonly int _perTable;

    public PlaceSearch(SearchModel model, SeatState state, int[] rounds)
    {
        _model = model;
        _state = state;
        _rounds = rounds;
        _perTable = model.Traits + 1;
        _cells = [.. rounds.Select(round => model.Cells(round, null))];
        _counts = [.. rounds.Select(round => new int[model.Problem.Rounds[round].Tables.Length * _perTable])];
        for (var r = 0; r < rounds.Length; r++)
            for (var p = 0; p < model.People; p++)
                for (var c = 0; c < model.Criteria.Length; c++)
                    _counts[r][(state.TableOf[rounds[r]][p] * _perTable) + model.TraitOf[(p * model.Criteria.Length) + c]]++;
    }

    /// <summary>Whether people differ by nothing but criteria, and the windows are few enough for everybody that a way to fill the places may be hoped for.</summary>
    public static bool Suits(SearchModel model, int[] rounds) =>
        !model.HasUnary && model.MostApart == 0 && model.Units.Groups.Length == 0 && model.Problem.Hosts.IsEmpty && model.Problem.Fixed.IsEmpty
        && model.Problem.Rounds.All(layout => layout.SplitOf is null) && model.Traits > 0
        && rounds.Sum(round => model.Problem.Rounds[round].Tables.Length) * model.Traits <= 5 * model.People;

    /// <summary>Tries a number of exchanges while the temperature falls, and ends when every window holds.</summary>
    public void Run(int exchanges, ref SeededChance chance)
    {
        var cost = 0;
        for (var r = 0; r < _rounds.Length; r++)
            for (var cell = 0; cell < _counts[r].Length; cell++)
                cost += CostAt(r, cell, 0);
        for (var i = 0; i < exchanges && cost > 0; i++)
        {
            var a = chance.Below(_model.People);
            var b = chance.Below(_model.People);
            if (_model.KindOf[a] == _model.KindOf[b])
                continue;
            // Linear in the share that is left; every number by the four operations alone.
            var temperature = Coldest + ((Hottest - Coldest) * (exchanges - i) / exchanges);
            var change = Change(a, b);
            if (change > temperature * ExponentialTable.Values[(int)(chance.Next() & (ExponentialTable.Size - 1))])
                continue;
            Exchange(a, b);
            cost += change;
        }
    }

    private int Change(int a, int b)
    {
        var change = 0;
        for (var r = 0; r < _rounds.Length; r++)
        {
            var tableOf = _state.TableOf[_rounds[r]];
            if (tableOf[a] == tableOf[b])
                continue;
            var cellA = tableOf[a] * _perTable;
            var cellB = tableOf[b] * _perTable;
            for (var c = 0; c < _model.Criteria.Length; c++)
            {
                var va = _model.TraitOf[(a * _model.Criteria.Length) + c];
                var vb = _model.TraitOf[(b * _model.Criteria.Length) + c];
                if (va == vb)
                    continue;
                change += CostAt(r, cellA + va, -1) - CostAt(r, cellA + va, 0) + CostAt(r, cellB + va, 1) - CostAt(r, cellB + va, 0)
                    + CostAt(r, cellA + vb, 1) - CostAt(r, cellA + vb, 0) + CostAt(r, cellB + vb, -1) - CostAt(r, cellB + vb, 0);
            }
        }
        return change;
    }

    private void Exchange(int a, int b)
    {
        for (var r = 0; r < _rounds.Length; r++)
        {
            var tableOf = _state.TableOf[_rounds[r]];
            if (tableOf[a] == tableOf[b])
                continue;
            for (var c = 0; c < _model.Criteria.Length; c++)
            {
                var va = _model.TraitOf[(a * _model.Criteria.Length) + c];
                var vb = _model.TraitOf[(b * _model.Criteria.Length) + c];
                _counts[r][(tableOf[a] * _perTable) + va]--;
                _counts[r][(tableOf[b] * _perTable) + va]++;
                _counts[r][(tableOf[a] * _perTable) + vb]++;
                _counts[r][(tableOf[b] * _perTable) + vb]--;
            }
            _state.Exchange(_rounds[r], a, b);
        }
    }

    /// <summary>What a count costs, in hundredths of a person; unknown values cost nothing.</summary>
    private int CostAt(int round, int cell, int more) => cell % _perTable == _model.Traits ? 0 : _cells[round].Distance[_cells[round].Start[cell] + _counts[round][cell] + more];
}
