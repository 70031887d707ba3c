namespace Polyphony.Seating;

/// <summary>Entering a round, and exchanges of units.</summary>
internal sealed partial class SwapSearch
{
    private readonly ulong[]?[] _sets = new ulong[]?[SeatingProblem.MostRounds];
    private readonly long[] _languageCost = new long[SeatingProblem.MostRounds];

    private void Enter(int round, ref long energy)
    {
        _round = round;
        _tableOf = _state.TableOf[round];
        var tables = _model.Problem.Rounds[round].Tables;
        _tables = tables.Length;
        Pools(round);
        Others(round);
        Unary(round, ref energy);
        if (_counts.Length < _tables * _cellsPerTable)
        {
            _counts = new int[_tables * _cellsPerTable];
            _step = new int[2 * _counts.Length];
        }
        Array.Clear(_counts);
        for (var p = 0; p < _model.People; p++)
        {
            for (var c = 0; c < _criteria; c++)
                _counts[(_tableOf[p] * _cellsPerTable) + _model.TraitOf[(p * _criteria) + c]]++;
            _costAt[p] = CostOf(p, _tableOf[p], p);
        }
        for (var cell = 0; cell < _tables * _cellsPerTable; cell++)
            Steps(cell);
    }

    /// <summary>Lets those weigh more for whom a rule of their own is broken now: apart, access, languages.</summary>
    public void Burden()
    {
        long energy = 0;
        _forbidden = 40 * MeetingGain.First;
        foreach (var round in _rounds)
        {
            Enter(round, ref energy);
            for (var p = 0; p < _model.People; p++)
                if (_costAt[p] >= _forbidden)
                    Weights![round][p]++;
        }
    }

    private int Weight(int round, int person) => Weights?[round][person] ?? 1;

    /// <summary>The people of this round who may move and sit where a rule is broken.</summary>
    private int[] Broken()
    {
        var rules = _cells[_round];
        List<int> people = [];
        for (var table = 0; table < _tables; table++)
        {
            var off = false;
            for (var cell = table * _cellsPerTable; cell < (table * _cellsPerTable) + _model.Traits && !off; cell++)
                off = rules.Distance[rules.Start[cell] + _counts[cell]] > 0;
            foreach (var person in _state.At(_round, table))
                if ((off || _costAt[person] >= _forbidden) && !_pinned[_round][person])
                    people.Add(person);
        }
        return [.. people];
    }

    /// <summary>Those who may change seats with each other: everybody, or the people of one large group.</summary>
    private void Pools(int round)
    {
        var whole = _whole[round];
        var groups = whole is null ? 1 : _model.Problem.Rounds[_model.Problem.Rounds[round].SplitOf!.Value].Tables.Length;
        var pools = new List<int>[groups];
        for (var g = 0; g < groups; g++)
            pools[g] = [];
        for (var p = 0; p < _model.People; p++)
            if (!_pinned[round][p])
                pools[whole?[p] ?? 0].Add(p);
        _pools = [.. pools.Select(pool => pool.ToArray())];
        _poolOf = [.. Enumerable.Range(0, groups)];
    }

    /// <summary>For each person, whom to meet costs something in this round, and how much.</summary>
    private void Others(int round)
    {
        for (var p = 0; p < _model.People; p++)
        {
            var at = p * _stride;
            var first = at;
            foreach (var other in _meetings)
            {
                if (other == round)
                    continue;
                foreach (var mate in _state.At(other, _state.TableOf[other][p]))
                {
                    if (mate != p && _met[mate]++ == 0)
                        _others[at++] = mate;
                }
            }
            for (var i = first; i < at; i++)
            {
                _otherCost[i] = _repeatCost[_met[_others[i]]];
                _met[_others[i]] = 0;
            }
            if (_model.Apart[p] is { } apart)
            {
                foreach (var other in apart)
                {
                    var known = Array.IndexOf(_others, other, first, at - first);
                    var cost = _forbidden * Math.Max(Weight(round, p), Weight(round, other));
                    if (known >= 0)
                    {
                        _otherCost[known] += cost;
                        continue;
                    }
                    _others[at] = other;
                    _otherCost[at++] = cost;
                }
            }
            _otherCount[p] = at - first;
        }
    }

    /// <summary>What it costs that a person sits at a table at all: access, languages, a facilitator met before.</summary>
    private void Unary(int round, ref long energy)
    {
        if (!_model.HasUnary)
            return;
        var problem = _model.Problem;
        var tables = problem.Rounds[round].Tables;
        if (_unary is null || _unary.Length < _model.People * _tables)
            _unary = new int[_model.People * _tables];
        var before = _sets[round];
        if (problem.Languages is { } rule)
        {
            var seated = Enumerable.Range(0, _tables).Select(t => Masks(round, t)).ToArray();
            _sets[round] = LanguageSets.Choose(rule, tables, seated, _model.Languages, ref _chance);
            long was = 0, becomes = 0;
            for (var t = 0; t < _tables; t++)
            {
                was += before is null ? 0 : seated[t].Count(mask => mask != 0 && (mask & before[t]) == 0);
                becomes += seated[t].Count(mask => mask != 0 && (mask & _sets[round]![t]) == 0);
            }
            if (before is not null && was < becomes)
            {
                _sets[round] = before;
                becomes = was;
            }
            if (before is not null)
                energy += (becomes - was) * _forbidden;
        }
        var sets = _sets[round];
        for (var p = 0; p < _model.People; p++)
        {
            var person = problem.People[p];
            var forbidden = _forbidden * Weight(round, p);
            for (var t = 0; t < _tables; t++)
            {
                var cost = person.NeedsAccess && !tables[t].Accessible ? forbidden : 0;
                if (person.Languages != 0)
                {
                    if (sets is not null)
                        cost += (person.Languages & sets[t]) == 0 ? forbidden : 0;
                    else if (!SearchModel.Suits(person, tables[t] with { Accessible = true }))
                        cost += forbidden;
                }
                _unary[(p * _tables) + t] = cost;
            }
        }
        Facilitators(round);
    }

    private ulong[] Masks(int round, int table)
    {
        var people = _state.At(round, table);
        var masks = new ulong[people.Length];
        for (var i = 0; i < masks.Length; i++)
            masks[i] = _model.Languages[people[i]];
        return masks;
    }

    private void Facilitators(int round)
    {
        var tables = _model.Problem.Rounds[round].Tables;
        if (tables.All(table => table.Facilitator is null))
            return;
        var here = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var t = 0; t < _tables; t++)
        {
            if (tables[t].Facilitator is not { } led)
                continue;
            if (!here.TryGetValue(led.Id, out var at))
                here[led.Id] = at = [];
            at.Add(t);
        }
        foreach (var other in _meetings)
        {
            if (other == round)
                continue;
            var there = _model.Problem.Rounds[other].Tables;
            for (var p = 0; p < _model.People; p++)
                if (there[_state.TableOf[other][p]].Facilitator is { } led && here.TryGetValue(led.Id, out var tablesHere))
                    foreach (var t in tablesHere)
                        _unary![(p * _tables) + t] += FacilitatorAgain;
        }
    }

    /// <summary>Exchanges a unit for as many people of another table, who may hold a unit too.</summary>
    private int TryUnits(int a, int b, int allowed)
    {
        var units = _model.Units;
        ReadOnlySpan<int> leaving = units.Of(a) is >= 0 and var ua ? units.Groups[ua].AsSpan() : [a];
        ReadOnlySpan<int> coming = units.Of(b) is >= 0 and var ub ? units.Groups[ub].AsSpan() : [b];
        if (coming.Length > leaving.Length)
        {
            var larger = coming;
            coming = leaving;
            leaving = larger;
        }
        Span<int> others = leaving.Length <= 64 ? stackalloc int[leaving.Length] : new int[leaving.Length];
        coming.CopyTo(others);
        var found = coming.Length;
        if (found < leaving.Length)
        {
            var table = _state.At(_round, _tableOf[coming[0]]);
            var from = _chance.Below(table.Length);
            for (var i = 0; i < table.Length && found < leaving.Length; i++)
            {
                var person = table[(from + i) % table.Length];
                if (units.Of(person) < 0 && !_pinned[_round][person] && person != coming[0])
                    others[found++] = person;
            }
            if (found < leaving.Length)
                return 0;
        }
        var total = 0;
        for (var i = 0; i < leaving.Length; i++)
            total += ExchangeNow(leaving[i], others[i]);
        if (total <= allowed)
            return total;
        for (var i = leaving.Length - 1; i >= 0; i--)
            ExchangeNow(leaving[i], others[i]);
        return 0;
    }

    private int ExchangeNow(int a, int b)
    {
        var change = (_model.KindOf[a] == _model.KindOf[b] ? 0 : _lambda * CellChange(a, b)) - _costAt[a] - _costAt[b];
        var costA = CostOf(a, _tableOf[b], b);
        var costB = CostOf(b, _tableOf[a], a);
        Exchange(a, b, costA, costB);
        return change + costA + costB;
    }
}
