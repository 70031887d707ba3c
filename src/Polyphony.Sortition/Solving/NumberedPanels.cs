namespace Polyphony.Sortition.Solving;

/// <summary>Turns a weighted lottery into M numbered panels, so that nobody's chance changes more than it must.</summary>
/// <remarks>Largest remainders first; then panels are put to the test one by one: each may swap seats so that types with too few come in for types with
/// too many. The aim is that everybody is on ⌊M·chance⌋ or ⌈M·chance⌉ panels; nothing better exists for a chance that is no multiple of 1/M.</remarks>
internal static class NumberedPanels
{
    /// <summary>Numbers panels.</summary>
    /// <param name="table">The pool.</param>
    /// <param name="swaps">Used for the search.</param>
    /// <param name="lottery">What is rounded.</param>
    /// <param name="inTurns">Whether its panels come in the order of turns: see <see cref="HouseholdTurns"/>.</param>
    /// <param name="panels">How many.</param>
    /// <param name="enough">Ends the search after its first pass, which takes a fraction of a second.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The panels, and whether they might have come nearer to the lottery with more time.</returns>
    public static (IReadOnlyList<IReadOnlyList<int>> Panels, bool Ended) Round(
        TypeTable table, SeatSwaps swaps, ExactLottery lottery, bool inTurns, int panels, CancellationToken enough, CancellationToken cancellationToken)
    {
        int n = table.Count;
        double total = ExactLottery.TotalWeight;
        double[] aim = new double[n];
        for (int i = 0; i < lottery.Panels.Count; i++)
        {
            foreach ((int t, int people) in SparsePanel.Seats(lottery.Panels[i]))
            {
                aim[t] += lottery.Weights[i] / total * panels * people;
            }
        }

        int[] often = inTurns ? AtEqualTimes(lottery.Weights, panels) : ByLargestRemainders(lottery.Weights, panels);

        List<int[]> chosen = new(panels);
        double[] seats = new double[n];
        for (int i = 0; i < often.Length; i++)
        {
            // Equal panels share one array.
            int[] panel = often[i] == 0 ? [] : [.. lottery.Panels[i]];
            for (int copy = 0; copy < often[i]; copy++)
            {
                chosen.Add(panel);
            }

            foreach ((int t, int people) in SparsePanel.Seats(panel))
            {
                seats[t] += often[i] * people;
            }
        }

        bool ended = Improve(table, swaps, chosen, seats, aim, enough, cancellationToken);
        return ([.. chosen], ended);
    }

    private static int[] ByLargestRemainders(IReadOnlyList<long> weights, int panels)
    {
        double total = ExactLottery.TotalWeight;
        int[] often = [.. weights.Select(weight => (int)(weight / total * panels))];
        int missing = panels - often.Sum();
        foreach (int i in Enumerable.Range(0, often.Length).OrderByDescending(i => (weights[i] / total * panels) - often[i]).ThenBy(i => i).Take(missing))
        {
            often[i]++;
        }

        return often;
    }

    /// <summary>The panels that sit at equal distances of time: whoever's turn is in one piece is on as many of them as it is long.</summary>
    private static int[] AtEqualTimes(IReadOnlyList<long> weights, int panels)
    {
        int[] often = new int[weights.Count];
        Int128 until = 0;
        int number = 0;
        for (int i = 0; i < often.Length; i++)
        {
            until += weights[i];
            while (number < panels && ((2 * (Int128)number) + 1) * ExactLottery.TotalWeight < 2 * until * panels)
            {
                often[i]++;
                number++;
            }
        }

        return often;
    }

    /// <summary>How many panels a person of a type is off at most, beyond the one that whole numbers can cost.</summary>
    private static double Worst(TypeTable table, double[] seats, double[] aim)
    {
        double worst = 0;
        for (int t = 0; t < seats.Length; t++)
        {
            double people = table.People[t];
            double share = aim[t] / people;
            worst = Math.Max(worst, Math.Max(Math.Ceiling((seats[t] / people) - 1e-9) - share, share - Math.Floor((seats[t] / people) + 1e-9)));
        }

        return worst;
    }

    private static bool Improve(TypeTable table, SeatSwaps swaps, List<int[]> chosen, double[] seats, double[] aim, CancellationToken enough, CancellationToken cancellationToken)
    {
        int n = table.Count;
        int[] found = new int[n];
        double[] weights = new double[n];
        int visits = Math.Min(chosen.Count, 1_500);
        int at = 0;
        int stale = 0;
        double best = Worst(table, seats, aim);
        List<int[]> bestChosen = [.. chosen];
        bool ended = false;
        for (int pass = 0; pass < 12 && best >= 1 - 1e-9 && stale < 3 && !ended; pass++)
        {
            for (int visit = 0; visit < visits && !ended; visit++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ended = pass > 0 && enough.IsCancellationRequested;
                at = (at + 1) % chosen.Count;
                int[] panel = chosen[at];
                double before = 0;
                for (int t = 0; t < n; t++)
                {
                    weights[t] = -Slope(table, aim, t, seats[t]);
                    before += panel[t] == 0 ? 0 : Math.Abs(weights[t]);
                }

                if (before == 0)
                {
                    continue;
                }

                swaps.Load(panel);
                if (double.IsNegativeInfinity(swaps.Walk(weights, 12 * table.Size, 0.2, found)))
                {
                    continue;
                }

                double change = 0;
                for (int t = 0; t < n; t++)
                {
                    if (found[t] != panel[t])
                    {
                        change += Cost(table, aim, t, seats[t] + found[t] - panel[t]) - Cost(table, aim, t, seats[t]);
                    }
                }

                if (change < -1e-12)
                {
                    for (int t = 0; t < n; t++)
                    {
                        seats[t] += found[t] - panel[t];
                    }

                    chosen[at] = [.. found];
                }
            }

            double now = Worst(table, seats, aim);
            stale = now < best - 1e-9 ? 0 : stale + 1;
            if (now < best)
            {
                best = now;
                bestChosen = [.. chosen];
            }
        }

        chosen.Clear();
        chosen.AddRange(bestChosen);
        return ended;
    }

    /// <summary>Grows with the fourth power of what a type's people are off, so that the greatest change counts most.</summary>
    private static double Cost(TypeTable table, double[] aim, int t, double seats)
    {
        double off = (seats - aim[t]) / table.People[t];
        return table.People[t] * off * off * (1 + (off * off));
    }

    private static double Slope(TypeTable table, double[] aim, int t, double seats)
    {
        double off = (seats - aim[t]) / table.People[t];
        return (2 * off) + (4 * off * off * off);
    }
}
