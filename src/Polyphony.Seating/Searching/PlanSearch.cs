using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>Plans the gatherings of large groups first, then all other rounds: in coolings of which the best counts.</summary>
internal sealed class PlanSearch(SeatingProblem problem, ulong seed, IProgress<SeatingProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
{
    /// <summary>Exchanges for each seat of a round beyond which a cooling gains less by being longer than by being another one.</summary>
    private const long LongestCooling = 45_000;

    /// <summary>What a rule weighs while it is hot, in first meetings; lighter where a cooling ended with rules broken, so that the next one finds its way past them.</summary>
    private const int Rules = 4;
    private const int LightRules = 2;

    public PlannedSeats Plan(long exchanges)
    {
        var model = new SearchModel(problem);
        var state = SeatState.Of(model);
        var chance = new SeededChance(seed);
        var rounds = Enumerable.Range(0, problem.Rounds.Length).ToArray();
        var gatherings = rounds.Where(problem.IsGathering).ToArray();
        var small = rounds.Except(gatherings).ToArray();
        var done = true;
        foreach (var phase in (int[][])[gatherings, small])
        {
            if (phase.Length == 0)
                continue;
            foreach (var round in phase)
                state.Fill(round, StartingSeats.Deal(model, round, problem.Rounds[round].SplitOf is { } whole ? state.TableOf[whole] : null, ref chance));
            var share = (double)phase.Length / rounds.Length;
            done &= Cool(model, state, phase, (long)(exchanges * share), ref chance);
        }
        var plan = PlanOf(state);
        return new PlannedSeats(plan, SeatingMeasures.Of(problem, plan), !done);
    }

    private bool Cool(SearchModel model, SeatState state, int[] phase, long exchanges, ref SeededChance chance)
    {
        var pinned = problem.Rounds.Select((_, r) => model.FixedTable[r].Select(table => table >= 0).ToArray()).ToArray();
        var search = new SwapSearch(model, state, phase, phase, pinned, chance);
        var score = Score(state, phase);
        var kept = Copy(state, phase);
        var done = true;
        var spent = 0.0;
        foreach (var share in Shares(exchanges, (long)problem.People.Length * phase.Length))
        {
            if (exchanges == 0)
                break;
            var before = spent;
            done = search.Run(
                new SearchPass((long)(exchanges * share), 0.5, 0.12, score.Violations > 0 ? LightRules : Rules),
                part => progress?.Report(new SeatingProgress(before + (part * share), score.Distinct)), enough, cancellationToken);
            spent += share;
            var now = Score(state, phase);
            if (now.CompareTo(score) > 0)
                (score, kept) = (now, Copy(state, phase));
            if (!done)
                break;
        }
        for (var i = 0; i < phase.Length; i++)
            state.Fill(phase[i], kept[i]);
        chance = search.Chance;
        return done;
    }

    /// <summary>Short coolings first, so that a limit that comes early finds a plan that is good already.</summary>
    private static IEnumerable<double> Shares(long exchanges, long seats)
    {
        var last = (int)Math.Clamp(exchanges * 3 / 4 / (LongestCooling * seats), 1, 1_000);
        return [0.06, 0.19, .. Enumerable.Repeat(0.75 / last, last)];
    }

    private PlanScore Score(SeatState state, int[] phase) => PlanScore.Of(problem, PlanOf(state), phase);

    private static int[][] Copy(SeatState state, int[] phase) => [.. phase.Select(round => state.TableOf[round].ToArray())];

    private SeatingPlan PlanOf(SeatState state) => new([.. problem.Rounds.Select((layout, r) => new SeatingRound([
        .. Enumerable.Range(0, layout.Tables.Length).Select(table => state.At(r, table).ToArray().Order().ToImmutableArray()),
    ]))]);
}
