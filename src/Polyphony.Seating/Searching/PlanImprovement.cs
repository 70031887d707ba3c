using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>Gives an existing plan to the search: the sizes are those the tables have, and whoever has no seat gets a place of their own nowhere.</summary>
internal sealed class PlanImprovement
{
    private readonly SeatingProblem _problem;
    private readonly SeatingPlan _plan;
    private readonly int _fromRound;
    private readonly int[] _open;

    public PlanImprovement(SeatingProblem problem, SeatingPlan plan, int fromRound)
    {
        _problem = problem;
        _plan = plan;
        _fromRound = fromRound;
        // Gatherings of large groups stay as they are: moving people there would tear the small groups apart.
        _open = [.. Enumerable.Range(fromRound, plan.Rounds.Length - fromRound).Where(round => !problem.IsGathering(round))];
    }

    public PlannedSeats Run(ulong seed, long exchanges, IProgress<SeatingProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        var all = Enumerable.Range(0, _plan.Rounds.Length).ToArray();
        if (_open.Length == 0 || exchanges == 0)
            return new PlannedSeats(_plan, SeatingMeasures.Of(_problem, _plan), false);
        var at = _plan.Rounds.Select(round => round.TablesOf(_problem.People.Length)).ToArray();
        var real = _plan.Rounds.Select(round => round.Tables.Length).ToArray();
        foreach (var round in all)
        {
            var next = real[round];
            for (var p = 0; p < at[round].Length; p++)
                if (at[round][p] < 0)
                    at[round][p] = next++;
        }
        var asSeated = _problem with
        {
            Rounds = [.. all.Select(round => new RoundLayout(
                [
                    .. Enumerable.Range(0, real[round]).Select(t => _problem.Rounds[round].Tables[t] with { Seats = _plan.Rounds[round].Tables[t].Length }),
                    .. Enumerable.Range(0, at[round].Max() + 1 - real[round] is var more && more > 0 ? more : 0).Select(_ => new SeatingTable(1)),
                ], _problem.Rounds[round].SplitOf)),
            ],
        };
        var model = new SearchModel(asSeated);
        var state = SeatState.Of(model);
        foreach (var round in all)
            state.Fill(round, at[round]);
        var pinned = all.Select(round => Enumerable.Range(0, model.People).Select(p => at[round][p] >= real[round] || IsHeld(model, round, p, at[round])).ToArray()).ToArray();
        var meetings = all.Where(round => !_problem.IsGathering(round)).ToArray();
        var distinct = PlanScore.Of(_problem, _plan, all).Distinct;
        var search = new SwapSearch(model, state, _open, meetings, pinned, new SeededChance(seed));
        var done = search.Run(new SearchPass(exchanges, 0.25, 0.08, 8), share => progress?.Report(new SeatingProgress(share, distinct)), enough, cancellationToken);
        var improved = new SeatingPlan([.. all.Select(round => round < _fromRound || _problem.IsGathering(round) ? _plan.Rounds[round] : Seats(round, state.TableOf[round]))]);
        var kept = PlanScore.Of(_problem, improved, all).CompareTo(PlanScore.Of(_problem, _plan, all)) > 0 ? improved : _plan;
        return new PlannedSeats(kept, SeatingMeasures.Of(_problem, kept), !done);
    }

    /// <summary>Whether a person, or anybody of the same unit, has a fixed seat or hosts.</summary>
    private static bool IsHeld(SearchModel model, int round, int person, int[] at)
    {
        ReadOnlySpan<int> unit = model.Units.Of(person) is >= 0 and var u ? model.Units.Groups[u].AsSpan() : [person];
        foreach (var member in unit)
        {
            // A unit that is torn apart already cannot move as one.
            if (model.FixedTable[round][member] >= 0 || model.Problem.Hosts.Contains(member) || at[member] != at[person])
                return true;
        }
        return false;
    }

    /// <summary>People who stayed keep their seats; those who came take the seats that were left.</summary>
    private SeatingRound Seats(int round, int[] tableOf)
    {
        var before = _plan.Rounds[round].Tables;
        var coming = before.Select(_ => new Queue<int>()).ToArray();
        for (var t = 0; t < before.Length; t++)
            foreach (var person in before[t].Where(person => tableOf[person] != t).Order())
                coming[tableOf[person]].Enqueue(person);
        return new SeatingRound([.. before.Select((table, t) => table.Select(person => tableOf[person] == t ? person : coming[t].Dequeue()).ToImmutableArray())]);
    }
}
