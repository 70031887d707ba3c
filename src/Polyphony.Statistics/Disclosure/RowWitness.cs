using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Looks for complete tables in which a count of everybody, or on paper, has a chosen value.</summary>
/// <remarks>
/// Paper belongs to no group, so its counts hang together with the rest by the row of everybody alone: what lies between a total and its bounds may have been on paper. As in <see cref="WitnessSearch"/>, what is
/// not found is taken as unsafe.
/// </remarks>
internal sealed class RowWitness(ReleaseMask mask, WitnessSearch search)
{
    private const int Furthest = 2;

    /// <summary>The most paper ballots that there can be, as far as the public knows.</summary>
    public int MostPaper => mask.BallotBounds.High - mask.LiveBounds.Low;

    /// <summary>Whether a count of everybody can have the value.</summary>
    public bool Total(int q, int answer, int value) => search.Worlds(Furthest).Any(world =>
        Enumerable.Range(0, Math.Min(value, mask.PaperBallots) + 1).OrderBy(paper => Math.Abs(paper - mask.Paper[q][answer])).Any(paper =>
            CastTotals(world, q, answer, value - paper).Any(cast => mask.EarlierAllow(q, cast, value == DisclosureGate.SmallCount ? answer : -1) && search.CriteriaFit(world, q, cast, except: -1, apartFromWhole: true) && PaperFits(world, q, cast, answer, (paper, paper), isGoal: true))));

    /// <summary>Whether a count on paper can have the value.</summary>
    public bool Paper(int q, int answer, int value) => search.Worlds(DisclosureGate.LiveStep - 1).Any(world =>
        Enumerable.Range(0, DisclosureGate.SmallCount + 1).SelectMany(less => new[] { world.Totals[q][answer] - less, world.Totals[q][answer] + less }).Distinct().Where(total => total >= 0).Any(total =>
            CastTotals(world, q, answer, total).Any(cast => PaperFits(world, q, cast, answer, (value, value), isGoal: false) && mask.EarlierAllow(q, cast, value == DisclosureGate.SmallCount ? answer : -1) && search.CriteriaFit(world, q, cast, except: -1, apartFromWhole: true))));

    /// <summary>Totals without paper in which the answer has so many: others make up for it, one alone or all in turn.</summary>
    private IEnumerable<int[]> CastTotals(WitnessSearch.World world, int q, int answer, int value)
    {
        var change = value - world.Totals[q][answer];
        if (change == 0 || mask.Forms[q] == AnswerForm.MultipleChoice)
        {
            yield return Changed(world.Totals[q], answer, change);
            yield break;
        }
        var others = Enumerable.Range(0, world.Totals[q].Length).Where(other => other != answer).OrderByDescending(other => world.Totals[q][other]).ToList();
        foreach (var other in others)
            if (world.Totals[q][other] >= change)
                yield return Changed(Changed(world.Totals[q], answer, change), other, -change);
        var spread = Changed(world.Totals[q], answer, change);
        for (var left = Math.Abs(change); left > 0 && others.Count > 0; left--)
        {
            var other = change > 0 ? others.MaxBy(one => spread[one] - Low(q, one)) : others.MaxBy(one => mask.TotalBounds(q, one).High - spread[one]);
            spread[other] -= Math.Sign(change);
        }
        if (spread.Min() >= 0)
            yield return spread;
    }

    private int Low(int q, int answer) => Math.Max(0, mask.TotalBounds(q, answer).Low - mask.Paper[q][answer]);

    /// <summary>Whether paper can make these totals into what is shown of all questions.</summary>
    private bool PaperFits(WitnessSearch.World world, int q, int[] cast, int answer, (int Low, int High) goal, bool isGoal)
    {
        var (low, high) = mask.PaperBallots == 0 ? (0, 0) : (Math.Max(0, mask.BallotBounds.Low - world.Ballots), mask.BallotBounds.High - world.Ballots);
        if (world.Ballots + low < mask.BallotBounds.Low)
            return false;
        var own = Array.Empty<(int Low, int High)>();
        for (var question = 0; question < mask.Totals.Length; question++)
        {
            var totals = question == q ? cast : world.Totals[question];
            var paper = new (int Low, int High)[totals.Length];
            for (var a = 0; a < totals.Length; a++)
            {
                var (least, most) = mask.TotalBounds(question, a);
                if (question == q && a == answer)
                    most = Math.Max(most, goal.High);
                paper[a] = (Math.Max(0, least - totals[a]), Math.Min(most - totals[a], Math.Max(0, high)));
                if (question == q && a == answer)
                    // A total of 8 contradicts nothing but "fewer than 8" in its own place.
                    paper[a] = isGoal || (paper[a].Low <= goal.Low && goal.High <= paper[a].High) ? goal : (1, 0);
                if (paper[a].Low > paper[a].High)
                    return false;
            }
            if (question == q)
                own = paper;

            // A sheet with no answer has no option; with several options a ballot it has one at least.
            low = Math.Max(low, mask.Forms[question] == AnswerForm.MultipleChoice ? paper[^1].Low + paper[..^1].Max(one => one.Low) : paper.Sum(one => one.Low));
            high = Math.Min(high, paper.Sum(one => one.High));
        }
        return low <= high && WholeFits(world, q, cast, own);
    }

    /// <summary>Whether the sites, to which paper belongs, have a table for totals that such paper makes.</summary>
    private bool WholeFits(WitnessSearch.World world, int q, int[] cast, (int Low, int High)[] paper)
    {
        if (mask.Whole < 0)
            return true;
        if (search.WholeFits(world, q, [.. paper.Select((sheets, answer) => (cast[answer] + sheets.Low, cast[answer] + sheets.High))]) is not { } totals)
            return false;
        if (mask.Forms[q] != AnswerForm.MultipleChoice)
            return true;

        // As many sheets as there are must be able to hold what the totals leave for them.
        int[] held = [.. totals.Select((total, answer) => total - cast[answer])];
        var spoken = mask.PaperBallots - held[^1];
        return spoken >= held[..^1].DefaultIfEmpty().Max() && held[..^1].Sum() >= spoken;
    }

    private static int[] Changed(int[] totals, int answer, int change)
    {
        var changed = (int[])totals.Clone();
        changed[answer] += change;
        return changed;
    }
}
