using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Looks for complete tables of whole numbers that agree with everything shown and give one count a chosen value.</summary>
/// <remarks>
/// A witness is proof against every attacker who knows the released tables and the rules, whatever the attacker's arithmetic. The search is not complete: it starts from the truth, or from
/// a world with one or two ballots more or fewer, and moves the totals of one question and the sizes of one criterion. What it does not find is taken as unsafe.
/// </remarks>
internal sealed class WitnessSearch(ReleaseMask mask)
{
    private static readonly int[] Reaches = [1, 2, 4, 7];

    private readonly World?[] _worlds = [new World(mask.Ballots, mask.Sizes, mask.Totals), null, null, null, null];

    public bool Exists(int c, int q, int g, int answer, int value)
    {
        var goal = new Goal(g, answer, value);
        for (var i = 0; i < _worlds.Length; i++)
            if ((_worlds[i] ??= WorldOf(mask.Ballots + ((i + 1) / 2 * (i % 2 == 0 ? 1 : -1)))) is { } world && ExistsIn(world, c, q, goal))
                return true;
        return false;
    }

    private bool ExistsIn(World world, int c, int q, Goal goal)
    {
        foreach (var sizes in SizesFor(world, c, goal.Group, goal.Value))
        {
            if (!sizes.AsSpan().SequenceEqual(world.Sizes[c]) && !OtherQuestionsFit(world, c, q, sizes))
                continue;
            foreach (var totals in TotalsToTry(world, q, goal))
                if (Fit(c, q, sizes, totals, goal) is { } found && (found.AsSpan().SequenceEqual(world.Totals[q]) || CriteriaFit(world, q, found, except: c)))
                    return true;
        }
        return false;
    }

    /// <summary>Sizes and totals for another number of ballots that looks the same; nothing when none is found near the truth.</summary>
    private World? WorldOf(int ballots)
    {
        var (low, high) = mask.BallotBounds;
        if (ballots < low || ballots > high)
            return null;
        var sizes = new int[mask.Sizes.Length][];
        for (var c = 0; c < sizes.Length; c++)
        {
            if (Spread(c, mask.Sizes[c], ballots - mask.Ballots, except: -1) is not { } spread)
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
        var change = world.Ballots - mask.Ballots;
        if (mask.Forms[q] == AnswerForm.MultipleChoice)
            yield return mask.Totals[q];
        foreach (var answer in Enumerable.Range(0, mask.Totals[q].Length).OrderByDescending(answer => mask.Totals[q][answer]))
        {
            var totals = (int[])mask.Totals[q].Clone();
            totals[answer] += change;
            var (low, high) = mask.TotalBounds(q, answer);
            if (totals[answer] >= low && totals[answer] <= high)
                yield return totals;
        }
    }

    /// <summary>The world's totals; totals in which the goal's answer has more or fewer and the loosest other answers make up for it; totals left to the flow.</summary>
    private IEnumerable<(int Low, int High)[]> TotalsToTry(World world, int q, Goal goal)
    {
        yield return [.. world.Totals[q].Select(total => (total, total))];
        for (var change = 1; change < DisclosureGate.SmallCount; change++)
            if (Balanced(world, q, goal.Answer, goal.Value == 0 ? -change : change) is { } totals)
                yield return [.. totals.Select(total => (total, total))];
        foreach (var reach in Reaches)
            yield return [.. world.Totals[q].Select((total, answer) => Near(total, mask.TotalBounds(q, answer), reach))];
    }

    private int[]? Balanced(World world, int q, int answer, int change)
    {
        var totals = (int[])world.Totals[q].Clone();
        totals[answer] += change;
        var (low, high) = mask.TotalBounds(q, answer);
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
        var (low, high) = mask.TotalBounds(q, answer);
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

    private bool CriteriaFit(World world, int q, int[] totals, int except)
    {
        for (var other = 0; other < mask.Sizes.Length; other++)
            if (other != except && Fit(other, q, world.Sizes[other], [.. totals.Select(total => (total, total))], null) is null)
                return false;
        return true;
    }

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

    /// <returns>The totals of the tables found, or <see langword="null"/>.</returns>
    private int[]? Fit(int c, int q, int[] sizes, (int Low, int High)[] totals, Goal? goal) =>
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
        high = Math.Min(high, most);
        if (goal is { } wish && wish.Group == g && wish.Answer == answer)
            return wish.Value < low || wish.Value > high ? (1, 0) : (wish.Value, wish.Value);
        return (low, high);
    }

    private static (int Low, int High) Near(int total, (int Low, int High) bounds, int reach) =>
        (Math.Max(bounds.Low, total - reach), Math.Min(bounds.High, total + reach));

    private static int[]? ColumnSums(int[,]? table) =>
        table is null ? null : [.. Enumerable.Range(0, table.GetLength(1)).Select(column => Enumerable.Range(0, table.GetLength(0)).Sum(row => table[row, column]))];

    /// <summary>Numbers of ballots, group sizes and totals that agree with all that is shown and with each other.</summary>
    private sealed record World(int Ballots, int[][] Sizes, int[][] Totals);

    private sealed record Goal(int Group, int Answer, int Value);
}
