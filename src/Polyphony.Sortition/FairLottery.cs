using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition;

/// <summary>What a lottery is to be fair by.</summary>
public enum LotteryObjective
{
    /// <summary>The least likely are as likely as can be; then the next; and so on (Flanigan et al., Nature 596, 2021).</summary>
    Leximin = 1,

    /// <summary>The least likely are as likely as can be; beyond that nobody is favoured more than needed.</summary>
    Maximin = 2,

    /// <summary>The product of all chances is as great as can be.</summary>
    Nash = 3,

    /// <summary>Neither very small nor very great chances: (n/k) · greatest + γ · (k/n) / least is as small as can be (Baharav and Flanigan, 2024).</summary>
    Goldilocks = 4,

    /// <summary>The most likely are as unlikely as can be.</summary>
    Minimax = 5,

    /// <summary>The greedy method used before: for comparison only, it proves nothing.</summary>
    Legacy = 6,
}

/// <summary>What a lottery is asked for.</summary>
/// <param name="Pool">People and quotas.</param>
/// <param name="Objective">What it is to be fair by.</param>
/// <param name="Panels">How many numbered panels, 10 to 100,000; 1,000 is usual.</param>
/// <param name="Seed">Decides who of several equal people gets which seat on the numbered panels, and the runs of <see cref="LotteryObjective.Legacy"/>; any bytes.</param>
/// <param name="Gamma">For <see cref="LotteryObjective.Goldilocks"/>: the weight of small chances against great ones, above 0; 1 is usual.</param>
/// <param name="Gap">The relative gap that is promised: a lottery that is proven less well counts as ended early, whatever ended it.</param>
public sealed record LotteryRequest(
    SortitionPool Pool, LotteryObjective Objective = LotteryObjective.Leximin, int Panels = 1_000, ReadOnlyMemory<byte> Seed = default, double Gamma = 1, double Gap = 0.001);

/// <summary>How far a lottery has come.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Step"><c>feasibility</c>, <c>coverage</c>, <c>chances</c>, <c>mixing</c>, <c>panels</c> or <c>reasons</c>.</param>
/// <param name="Gap">While mixing: the greatest relative shortage of anybody's chance against its proven bound; otherwise null.</param>
/// <param name="Bound">The greatest least chance that any lottery could give, once known.</param>
public sealed record LotteryProgress(double Share, string Step, double? Gap = null, double? Bound = null);

/// <summary>What computing a lottery gave.</summary>
public abstract record LotteryOutcome
{
    private LotteryOutcome()
    {
    }

    /// <summary>A lottery.</summary>
    /// <param name="Exact">The optimal lottery over panels, with its proof.</param>
    /// <param name="Lottery">The numbered panels and what they give to each person.</param>
    public sealed record Computed(ExactLottery Exact, UniformLottery Lottery) : LotteryOutcome;

    /// <summary>There is no panel.</summary>
    /// <param name="Feasibility">Why, and what to change.</param>
    public sealed record NoPanel(QuotaFeasibility Feasibility) : LotteryOutcome;

    /// <summary>There is no lottery, and nothing is put in its place.</summary>
    /// <param name="Code"><c>undecided</c> when neither a panel was found nor proven that there is none, <c>legacy-found-no-panel</c> or <c>digits-exhausted</c>.</param>
    public sealed record Refused(string Code) : LotteryOutcome;
}

/// <summary>Computes fair lotteries over panels.</summary>
/// <remarks>All objectives stand on one core: chances are optimised over an outer approximation of all lotteries, mixed of panels, and what no panels can
/// be mixed to is cut off by a proven inequality, until both meet (docs/adr/0009-one-core-for-all-objectives.md).</remarks>
public static class FairLottery
{
    /// <summary>Computes a lottery.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="enough">Ends the search with the best lottery so far and its proven bound; the result is then marked.</param>
    /// <param name="cancellationToken">Stops within a second, without a result.</param>
    /// <returns>The lottery, or why there is none. The same request gives the same lottery, unless <paramref name="enough"/> ended it.</returns>
    public static LotteryOutcome Compute(LotteryRequest request, IProgress<LotteryProgress>? progress, CancellationToken enough, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Panels, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Panels, 100_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Gamma);
        progress?.Report(new(0, "feasibility"));
        PanelTypes types = PanelTypes.Of(request.Pool);
        TypeTable table = new(types);
        SeatSwaps swaps = new(table);
        FirstPanel first = PanelFinder.Any(table, swaps, enough, cancellationToken);
        if (first.Panel is not { } start)
        {
            return first.Decided ? Without() : new LotteryOutcome.Refused("undecided");
        }

        if (request.Objective == LotteryObjective.Legacy)
        {
            return LegacySelection.Lottery(table, request, progress, enough, cancellationToken) is { } legacy
                ? Complete(legacy, [.. Enumerable.Range(0, request.Panels).Select(number => legacy.Panels[number % legacy.Panels.Count])])
                : new LotteryOutcome.Refused("legacy-found-no-panel");
        }

        ExactLottery? inTurns = InTurns();
        if ((inTurns ?? Optimal(table, swaps, start, request)) is not { } exact)
        {
            return new LotteryOutcome.Refused("digits-exhausted");
        }

        progress?.Report(new(0.8, "panels", exact.Gap));
        (IReadOnlyList<IReadOnlyList<int>> numbered, bool ended) = NumberedPanels.Round(table, swaps, exact, inTurns is not null, request.Panels, enough, cancellationToken);
        return Complete(exact with { EndedByLimit = exact.EndedByLimit || ended }, numbered);

        ExactLottery? Optimal(TypeTable table, SeatSwaps swaps, int[] start, LotteryRequest request)
        {
            // Whoever is not proven to be on no panel counts: what is then promised to everybody is a bound all the same.
            Coverage coverage = PanelFinder.Coverable(table, swaps, start, enough, cancellationToken);
            using LotterySearch search = new(table, swaps, coverage, start, request, progress, enough, cancellationToken);
            return search.Run();
        }

        ExactLottery? InTurns()
        {
            if (types.Groups.Count == 0 || types.Types.Count < HouseholdTurns.ManyKinds)
            {
                return null;
            }

            // Households that meet all the same are known to the next attempt.
            HashSet<int> meeting = [];
            for (int attempt = 0; attempt < 10; attempt++)
            {
                LotteryRequest alone = request with { Pool = HouseholdTurns.Alone(types, meeting) };
                TypeTable kinds = new(PanelTypes.Of(alone.Pool));
                SeatSwaps among = new(kinds);
                int before = meeting.Count;
                if (PanelFinder.Any(kinds, among, enough, cancellationToken).Panel is not { } panel || Optimal(kinds, among, panel, alone) is not { } fairest)
                {
                    return null;
                }

                if (HouseholdTurns.Share(table, fairest, request, meeting, cancellationToken) is { } shared)
                {
                    return shared;
                }

                if (meeting.Count == before)
                {
                    return null;
                }
            }

            return null;
        }

        // That there is no panel is known; what to change is looked for as long as the limit allows.
        LotteryOutcome.NoPanel Without()
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(enough, cancellationToken);
            try
            {
                return new(QuotaFeasibility.WithoutPanel(types, either.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new(new QuotaFeasibility.Unknown());
            }
        }

        LotteryOutcome Complete(ExactLottery exact, IReadOnlyList<IReadOnlyList<int>> panels) =>
            new LotteryOutcome.Computed(exact, SeatAssignment.Assign(types, exact, panels, request.Seed.Span, cancellationToken));
    }
}
