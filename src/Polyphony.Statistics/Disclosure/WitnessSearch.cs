using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Looks for complete tables of whole numbers that agree with everything shown and give one count a chosen value.</summary>
/// <remarks>
/// A witness is proof against every attacker who knows the released tables, the last live number and the rules, whatever the attacker's arithmetic. The search is not complete: it starts from the truth, or from
/// a world with one or two ballots more or fewer, and moves the totals of one question and the sizes of one criterion. What it does not find is taken as unsafe.
/// </remarks>
internal sealed class WitnessSearch(ReleaseMask mask)
{
    private static readonly int[] Reaches = [1, 2, 4, 8];

    private readonly Dictionary<int, World> _worlds = [];
    private readonly World _truth = new(mask.Ballots - mask.PaperBallots, mask.Sizes, [.. mask.Totals.Select((totals, q) => totals.Select((total, answer) => total - mask.Paper[q][answer]).ToArray())]);

    public bool Exists(int c, int q, int g, int answer, int value)
    {
        var goal = new Goal(g, answer, value);
        return Worlds(2).Any(world => ExistsIn(world, c, q, goal));
    }

    /// <summary>The truth, then worlds with one ballot fewer, one more, two fewer and so on, which look the same with the paper there is.</summary>
    public IEnumerable<World> Worlds(int furthest)
    {
        yield return _truth;
        for (var i = 1; i <= 2 * furthest; i++)
        {
            var ballots = _truth.Ballots + ((i + 1) / 2 * (i % 2 == 0 ? 1 : -1));
            if (!_worlds.TryGetValue(ballots, out var world) && (world = WorldOf(ballots)) is not null)
                _worlds.Add(ballots, world);
            if (world is not null)
                yield return world;
        }
    }

    private bool ExistsIn(World world, int c, int q, Goal goal)
    {
        foreach (var sizes in SizesFor(world, c, goal.Group, goal.Value))
        {
            if (!sizes.AsSpan().SequenceEqual(world.Sizes[c]) && !OtherQuestionsFit(world, c, q, sizes))
                continue;
            foreach (var totals in TotalsToTry(world, q, goal))
                if (Fit(c, q, sizes, totals, goal) is { } found && mask.EarlierAllow(q, found, goal.Value == DisclosureGate.SmallCount ? goal.Answer : -1) && (found.AsSpan().SequenceEqual(world.Totals[q]) || CriteriaFit(world, q, found, except: c)))
                    return true;
        }
        return false;
    }

    /// <summary>Sizes and totals for another number of ballots that looks the same; nothing when none is found near the truth.</summary>
    private World? WorldOf(int ballots)
    {
        var (low, high) = mask.BallotBounds;
        var (least, most) = mask.LiveBounds;
        if (ballots + mask.PaperBallots < low || ballots + mask.PaperBallots > high || ballots < least || ballots > most || !mask.EarlierAllow(ballots))
            return null;
        var sizes = new int[mask.Sizes.Length][];
        for (var c = 0; c < sizes.Length; c++)
        {
            if (Spread(c, mask.Sizes[c], ballots - _truth.Ballots, except: -1) is not { } spread)
                return null;
            sizes[c] = spread;
        }
        var world = new World(ballots, sizes, new int[mask.Totals.Length][]);
        for (var q = 0; q < mask.Totals.Length; q++)
        {
            if (TotalsNear(world, q).FirstOrDefault(totals => CriteriaFit(world, q, totals, except: -1)) is not { } totals)
                return null;
            world.Totals[q] = totals;
        }
        return world;
    }

    private IEnumerable<int[]> TotalsNear(World world, int q)
    {
        var change = world.Ballots - _truth.Ballots;
        if (mask.Forms[q] == AnswerForm.MultipleChoice)
            yield return _truth.Totals[q];
        foreach (var answer in Enumerable.Range(0, mask.Totals[q].Length).OrderByDescending(answer => mask.Totals[q][answer]))
        {
            var totals = (int[])_truth.Totals[q].Clone();
            totals[answer] += change;
            var (low, high) = CastBounds(q, answer);
            if (totals[answer] >= low && totals[answer] <= high && mask.EarlierAllow(q, totals))
                yield return totals;
        }
    }

    /// <summary>The world's totals; totals in which the goal's answer has more or fewer and the loosest other answers make up for it; totals left to the flow.</summary>
    private IEnumerable<(int Low, int High)[]> TotalsToTry(World world, int q, Goal goal)
    {
        yield return [.. world.Totals[q].Select(total => (total, total))];
        for (var change = 1; change <= DisclosureGate.SmallCount; change++)
            if (Balanced(world, q, goal, goal.Value == 0 ? -change : change) is { } totals)
                yield return [.. totals.Select(total => (total, total))];
        foreach (var reach in Reaches)
            yield return [.. world.Totals[q].Select((total, answer) => Near(total, CastBounds(q, answer, goal), reach))];
    }

    /// <summary>What the public knows of a total less the paper there is. The total of a count of 8 may be 8, where "fewer than 8" is shown of both.</summary>
    private (int Low, int High) CastBounds(int q, int answer, Goal? goal = null)
    {
        var (low, high) = mask.TotalBounds(q, answer);
        if (goal is { Value: DisclosureGate.SmallCount } wish && wish.Answer == answer)
            high = Math.Max(high, DisclosureGate.SmallCount);
        return (Math.Max(0, low - mask.Paper[q][answer]), high - mask.Paper[q][answer]);
    }

    private int[]? Balanced(World world, int q, Goal goal, int change)
    {
        var answer = goal.Answer;
        var totals = (int[])world.Totals[q].Clone();
        totals[answer] += change;
        var (low, high) = CastBounds(q, answer, goal);
        if (totals[answer] < low || totals[answer] > high)
            return null;
        if (mask.Forms[q] == AnswerForm.MultipleChoice)
            return totals;
        var step = -Math.Sign(change);
        var slack = Enumerable.Range(0, totals.Length).Select(other => other == answer ? 0 : Slack(q, other, totals[other], step)).ToArray();
        for (var left = Math.Abs(change); left > 0; left--)
        {
            var loosest = Array.IndexOf(slack, slack.Max());
            if (slack[loosest] <= 0)
                return null;
            slack[loosest]--;
            totals[loosest] += step;
        }
        return totals;
    }

    /// <summary>How far a total may move in a direction before its own bounds, or those of the cells of some criterion, stop it.</summary>
    private int Slack(int q, int answer, int total, int step)
    {
        var (low, high) = CastBounds(q, answer);
        var slack = step > 0 ? high - total : total - low;
        for (var c = 0; c < mask.Sizes.Length && slack > 0; c++)
        {
            var room = 0;
            for (var g = 0; g < mask.Sizes[c].Length; g++)
            {
                var bounds = mask.CellBounds(c, q, g, answer);
                room += step > 0 ? Math.Min(bounds.High, mask.Sizes[c][g]) - mask.Cells[c][q][g][answer] : mask.Cells[c][q][g][answer] - bounds.Low;
            }
            slack = Math.Min(slack, room);
        }
        return slack;
    }

    private bool OtherQuestionsFit(World world, int c, int q, int[] sizes)
    {
        for (var other = 0; other < mask.Totals.Length; other++)
            if (other != q && Fit(c, other, sizes, [.. world.Totals[other].Select(total => (total, total))], null) is null)
                return false;
        return true;
    }

    /// <summary>Whether every criterion has tables with these totals without paper.</summary>
    /// <param name="except">A criterion that fits already, or −1.</param>
    /// <param name="apartFromWhole">Not looking at the criterion with paper: who lets paper vary asks <see cref="WholeFits"/>.</param>
    public bool CriteriaFit(World world, int q, int[] totals, int except, bool apartFromWhole = false)
    {
        for (var other = 0; other < mask.Sizes.Length; other++)
            if (other != except && !(apartFromWhole && other == mask.Whole) && Fit(other, q, world.Sizes[other], [.. totals.Select(total => (total, total))], null) is null)
                return false;
        return true;
    }

    /// <summary>Totals with paper, within these bounds, for which the criterion with paper has a table; the sheets are as many as there are.</summary>
    public int[]? WholeFits(World world, int q, (int Low, int High)[] totals) => FitTotals(mask.Whole, q, world.Sizes[mask.Whole], totals, null);

    /// <summary>The world's sizes, then sizes in which the group is as large as the value needs, or a little larger or smaller than it is.</summary>
    private IEnumerable<int[]> SizesFor(World world, int c, int g, int value)
    {
        yield return world.Sizes[c];
        foreach (var change in new[] { value - world.Sizes[c][g], 2, -2 }.Distinct())
            if (change != 0 && change >= -2 && Shifted(world, c, g, change) is { } sizes)
                yield return sizes;
    }

    private int[]? Shifted(World world, int c, int g, int change)
    {
        var sizes = (int[])world.Sizes[c].Clone();
        sizes[g] += change;
        var (low, high) = mask.SizeBounds(c, g);
        return sizes[g] < low || sizes[g] > high ? null : Spread(c, sizes, -change, except: g);
    }

    /// <summary>Adds people to, or takes them from, groups whose size is withheld first, then where rounding leaves room.</summary>
    private int[]? Spread(int c, int[] sizes, int change, int except)
    {
        var spread = (int[])sizes.Clone();
        foreach (var g in Enumerable.Range(0, sizes.Length).Where(g => g != except).OrderBy(g => mask.IsSizeShown(c, g)).ThenByDescending(g => sizes[g]))
        {
            var (low, high) = mask.SizeBounds(c, g);
            var step = Math.Clamp(change, Math.Min(0, low - spread[g]), Math.Max(0, high - spread[g]));
            spread[g] += step;
            change -= step;
        }
        return change == 0 ? spread : null;
    }

    /// <returns>The totals without paper of the tables found, or <see langword="null"/>.</returns>
    private int[]? Fit(int c, int q, int[] sizes, (int Low, int High)[] totals, Goal? goal)
    {
        if (c != mask.Whole)
            return FitTotals(c, q, sizes, totals, goal);
        var paper = mask.Paper[q];
        return FitTotals(c, q, sizes, [.. totals.Select((total, answer) => (total.Low + paper[answer], total.High + paper[answer]))], goal) is { } sums ? [.. sums.Zip(paper, (sum, sheets) => sum - sheets)] : null;
    }

    private int[]? FitTotals(int c, int q, int[] sizes, (int Low, int High)[] totals, Goal? goal) =>
        mask.Forms[q] == AnswerForm.MultipleChoice ? FitSeveral(c, q, sizes, totals, goal) : FitOne(c, q, sizes, totals, goal);

    private int[]? FitOne(int c, int q, int[] sizes, (int Low, int High)[] totals, Goal? goal)
    {
        var cells = new (int, int)[sizes.Length, totals.Length];
        for (var g = 0; g < sizes.Length; g++)
            for (var answer = 0; answer < totals.Length; answer++)
                cells[g, answer] = CellRange(c, q, g, answer, sizes[g], goal);
        return ColumnSums(TransportFit.Find([.. sizes.Select(size => (size, size))], totals, cells));
    }

    /// <summary>Several options a ballot: no answer excludes every option, an answer has at least one.</summary>
    private int[]? FitSeveral(int c, int q, int[] sizes, (int Low, int High)[] totals, Goal? goal)
    {
        var last = totals.Length - 1;
        if (goal is { } wish && wish.Answer != last && wish.Value > sizes[wish.Group] - mask.Cells[c][q][wish.Group][last])
        {
            var silentGoal = wish with { Answer = last, Value = sizes[wish.Group] - wish.Value };
            if (silentGoal.Value < 0 || Silent(c, q, sizes, totals[last], silentGoal) is not { } fewer)
                return null;
            return FitOptions(c, q, sizes, totals, goal, fewer);
        }
        return Silent(c, q, sizes, totals[last], goal) is { } silent ? FitOptions(c, q, sizes, totals, goal, silent) : null;
    }

    private int[]? FitOptions(int c, int q, int[] sizes, (int Low, int High)[] totals, Goal? goal, int[] silent)
    {
        var last = totals.Length - 1;
        var cells = new (int, int)[sizes.Length, last];
        var rows = new (int, int)[sizes.Length];
        for (var g = 0; g < sizes.Length; g++)
        {
            var speaking = sizes[g] - silent[g];
            rows[g] = (speaking, speaking * last);
            for (var answer = 0; answer < last; answer++)
                cells[g, answer] = CellRange(c, q, g, answer, speaking, goal);
        }
        return ColumnSums(TransportFit.Find(rows, totals[..last], cells)) is { } sums ? [.. sums, silent.Sum()] : null;
    }

    /// <summary>Ballots without an answer per group, as close to the truth as bounds and goal allow.</summary>
    private int[]? Silent(int c, int q, int[] sizes, (int Low, int High) total, Goal? goal)
    {
        var last = mask.Totals[q].Length - 1;
        var silent = new int[sizes.Length];
        var ranges = new (int Low, int High)[sizes.Length];
        for (var g = 0; g < sizes.Length; g++)
        {
            ranges[g] = CellRange(c, q, g, last, sizes[g], goal);
            if (ranges[g].Low > ranges[g].High)
                return null;
            silent[g] = Math.Clamp(mask.Cells[c][q][g][last], ranges[g].Low, ranges[g].High);
        }
        var left = Math.Clamp(silent.Sum(), total.Low, total.High) - silent.Sum();
        for (var g = 0; g < sizes.Length; g++)
        {
            var step = Math.Clamp(left, ranges[g].Low - silent[g], ranges[g].High - silent[g]);
            silent[g] += step;
            left -= step;
        }
        return left == 0 ? silent : null;
    }

    private (int Low, int High) CellRange(int c, int q, int g, int answer, int most, Goal? goal)
    {
        var (low, high) = mask.CellBounds(c, q, g, answer);
        // "Fewer than 8" in its own place is the one thing that a count of 8 may contradict.
        if (goal is { } wish && wish.Group == g && wish.Answer == answer)
            return wish.Value < low || wish.Value > Math.Min(most, Math.Max(high, DisclosureGate.SmallCount)) ? (1, 0) : (wish.Value, wish.Value);
        return (low, Math.Min(high, most));
    }

    private static (int Low, int High) Near(int total, (int Low, int High) bounds, int reach) =>
        (Math.Max(bounds.Low, total - reach), Math.Min(bounds.High, total + reach));

    private static int[]? ColumnSums(int[,]? table) =>
        table is null ? null : [.. Enumerable.Range(0, table.GetLength(1)).Select(column => Enumerable.Range(0, table.GetLength(0)).Sum(row => table[row, column]))];

    /// <summary>Numbers of ballots, group sizes and totals, all without paper but for the sizes of the criterion with paper, that agree with all that is shown and with each other.</summary>
    internal sealed record World(int Ballots, int[][] Sizes, int[][] Totals);

    private sealed record Goal(int Group, int Answer, int Value);
}
