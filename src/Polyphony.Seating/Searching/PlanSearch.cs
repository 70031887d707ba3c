using System.Collections.Immutable;

namespace Polyphony.Seating;

/// <summary>Plans the gatherings of large groups first, then all other rounds: in coolings of which the best counts.</summary>
internal sealed class PlanSearch(SeatingProblem problem, ulong seed, IProgress<SeatingProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
{
    /// <summary>Exchanges for each pair of seats beyond which a cooling gains less by being longer than by being another one: small problems have few good plans, which a new start finds sooner.</summary>
    private const long LongestCooling = 80;

    /// <summary>Exchanges, for each pair of seats, of a plan made without regard to the mix; see <see cref="PlaceSearch"/>.</summary>
    private const long ArrangingCooling = 20;
    private const int MostArrangements = 8;
    private const int MostMendings = 20;
    private const long MendingSweeps = 50;

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
        cancellationToken.ThrowIfCancellationRequested();
        var search = new SwapSearch(model, state, phase, phase, pinned, chance);
        var score = Score(state, phase);
        var kept = Copy(state, phase);
        var done = true;
        var spent = 0.0;
        // That a facilitator sees new people weighs less than a meeting: it settles when it is colder.
        var coldest = IsLed ? 0.05 : 0.12;
        var seats = (long)problem.People.Length * phase.Length;
        if (exchanges / 16 >= ArrangingCooling * seats * seats && PlaceSearch.Suits(model, phase))
        {
            for (var i = 0; i < MostArrangements && done && !IsBest(score, state, phase); i++)
            {
                done = search.Run(new SearchPass(ArrangingCooling * seats * seats, 0.5, 0.12, 0), null, enough, cancellationToken);
                var stream = search.Chance;
                new PlaceSearch(model, state, phase).Run(100 * problem.People.Length * problem.People.Length, ref stream);
                search.Chance = stream;
                if (Score(state, phase) is var arranged && arranged.CompareTo(score) > 0)
                    (score, kept) = (arranged, Copy(state, phase));
            }
        }
        foreach (var share in Shares(exchanges, seats))
        {
            if (exchanges == 0 || !done || IsBest(score, state, phase))
                break;
            var before = spent;
            done = search.Run(
                new SearchPass((long)(exchanges * share), 0.5, coldest, score.Violations > 0 ? LightRules : Rules),
                part => progress?.Report(new SeatingProgress(before + (part * share), score.Distinct)), enough, cancellationToken);
            spent += share;
            var now = Score(state, phase);
            if (now.CompareTo(score) > 0)
                (score, kept) = (now, Copy(state, phase));
        }
        // In a plan that is large for its effort the last breaches are few and far between: there they are looked for.
        for (var i = 0; i < MostMendings && done && score.Violations > 0 && exchanges > 0 && exchanges / 4 < LongestCooling * seats * seats; i++)
        {
            Restore();
            done = search.Run(new SearchPass(MendingSweeps * phase.Length * SwapSearch.MendingBlock, 0.3, coldest, i % 2 == 0 ? 2 * Rules : LightRules, OnlyBroken: true), null, enough, cancellationToken);
            var now = Score(state, phase);
            if (now.CompareTo(score) > 0)
                (score, kept) = (now, Copy(state, phase));
        }
        // Where a rule is still broken, the best plan is warmed up again, now mildly with heavy rules, now so hot with light ones that people find their way past them. Each time it goes on
        // from where the last one ended, and those for whom a rule was broken there weigh more: so the search leaves a plan in which few rules are broken that nothing near it mends.
        Restore();
        search.Weights = [.. problem.Rounds.Select(_ => Enumerable.Repeat(1, problem.People.Length).ToArray())];
        var left = exchanges / 2;
        for (var i = 0; i < MostMendings && left > 0 && done && score.Violations > 0; i++)
        {
            // Only the rounds in which a rule is broken: whoever shakes all of them loses in one what was won in another.
            var mended = Broken(state, phase);
            var mending = mended.Length == phase.Length ? search : new SwapSearch(model, state, mended, phase, pinned, search.Chance) { Weights = search.Weights };
            mending.Burden();
            var length = Math.Clamp(LongestCooling * seats * problem.People.Length * mended.Length, 1, Math.Max(1, exchanges / 4));
            done = mending.Run(i % 2 == 0 ? new SearchPass(length, 0.3, coldest, 2 * Rules) : new SearchPass(length, 2, coldest, LightRules), null, enough, cancellationToken);
            search.Chance = mending.Chance;
            left -= length;
            var now = Score(state, phase);
            if (now.CompareTo(score) > 0)
                (score, kept) = (now, Copy(state, phase));
        }
        Restore();
        chance = search.Chance;
        return done;

        void Restore()
        {
            for (var i = 0; i < phase.Length; i++)
                state.Fill(phase[i], kept[i]);
        }
    }

    /// <summary>Short coolings first, so that a limit that comes early finds a plan that is good already.</summary>
    private static IEnumerable<double> Shares(long exchanges, long seats)
    {
        var last = (int)Math.Clamp(exchanges * 3 / 4 / (LongestCooling * seats * seats), 1, 1_000);
        return [0.06, 0.19, .. Enumerable.Repeat(0.75 / last, last)];
    }

    /// <summary>Whether nothing can be better: every rule holds, as many pairs meet as the sizes of tables allow, and there are no facilitators to be shared.</summary>
    private bool IsBest(PlanScore score, SeatState state, int[] phase)
    {
        if (score.Violations > 0 || IsLed)
            return false;
        var plan = PlanOf(state);
        var all = PairMeetings.Of(problem, plan, phase).All;
        // Where further meetings of a pair have a value, too, only a plan without any is known to be best.
        return score.Distinct == (problem.Value == MeetingValue.Distinct ? MeetingCeiling.Of(all, [.. phase.Select(round => plan.Rounds[round])], problem.People.Length) : all);
    }

    /// <summary>The rounds in which a rule is broken; all where one binds rounds to each other.</summary>
    private int[] Broken(SeatState state, int[] phase)
    {
        var breaches = SeatingBreaches.Of(problem, PlanOf(state), phase);
        return breaches.Any(breach => breach.Rule == SeatingRules.Host) ? phase : [.. breaches.Select(breach => breach.Round).Distinct().Order()];
    }

    private bool IsLed => problem.Rounds.Any(layout => layout.Tables.Any(table => table.Facilitator is not null));

    private PlanScore Score(SeatState state, int[] phase) => PlanScore.Of(problem, PlanOf(state), phase);

    private static int[][] Copy(SeatState state, int[] phase) => [.. phase.Select(round => state.TableOf[round].ToArray())];

    private SeatingPlan PlanOf(SeatState state) => new([.. problem.Rounds.Select((layout, r) => new SeatingRound([
        .. Enumerable.Range(0, layout.Tables.Length).Select(table => state.At(r, table).ToArray().Order().ToImmutableArray()),
    ]))]);
}
