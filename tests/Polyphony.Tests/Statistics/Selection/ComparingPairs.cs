using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Selection;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics.Selection;

public sealed class ComparingPairs
{
    [Fact]
    public void Strengths_once_more_plainly() => Each(random =>
    {
        int items = random.Next(1, 7);
        PairwiseWin[] wins = Wins(random, items);
        BradleyTerry found = BradleyTerry.Of(items, wins);
        Assert.Equal(wins.Sum(win => win.Count), found.Comparisons);
        Assert.Equal(
            Enumerable.Range(0, items).Select(item => new Fraction(
                wins.Where(win => win.Winner == item).Sum(win => win.Count) + 1, wins.Where(win => win.Winner == item || win.Loser == item).Sum(win => win.Count) + 2)),
            found.Scores);
        Assert.Equal(PlainTiers(items, wins), string.Join(" > ", found.Tiers.Select(tier => string.Join('=', tier))));
        Assert.Equal(found.Tiers.Length == 1, found.Strengths is not null);
        if (found.Strengths is not { } strengths)
        {
            return;
        }

        // Where the likelihood is greatest, everybody wins as often as expected; Newton's way comes to the same place.
        Near(1, strengths.Sum());
        for (int item = 0; item < items; item++)
        {
            double expected = wins.Where(win => win.Winner == item || win.Loser == item)
                .Sum(win => win.Count * strengths[item] / (strengths[win.Winner] + strengths[win.Loser]));
            Near(wins.Where(win => win.Winner == item).Sum(win => (double)win.Count), expected, 1e-7);
        }

        double[] ascent = Ascent(items, wins);
        Assert.All(Enumerable.Range(0, items), item => Near(ascent[item], strengths[item], 1e-5));

        int[] renamed = [.. Enumerable.Range(0, items).OrderBy(_ => random.Next())];
        BradleyTerry other = BradleyTerry.Of(items, [.. wins.Select(win => new PairwiseWin(renamed[win.Winner], renamed[win.Loser], win.Count)).OrderBy(_ => random.Next())]);
        Assert.All(Enumerable.Range(0, items), item => Assert.Equal(strengths[item], other.Strengths!.Value[renamed[item]]));
    });

    [Fact]
    public void Four_teams_of_the_textbook()
    {
        int[][] wins = [[0, 2, 0, 1], [3, 0, 5, 0], [0, 3, 0, 1], [4, 0, 3, 0]];
        BradleyTerry found = BradleyTerry.Of(4, [.. from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 4) where wins[a][b] > 0 select new PairwiseWin(a, b, wins[a][b])]);
        double mean = Math.Exp(found.Strengths!.Value.Average(Math.Log));
        Assert.Equal([0.640, 1.043, 0.660, 2.270], found.Strengths.Value.Select(strength => Math.Round(strength / mean, 3)));
        Assert.Equal((22, new Fraction(4, 12)), (found.Comparisons, found.Scores[0]));
    }

    [Fact]
    public void Where_some_never_lose_there_are_tiers_and_no_strengths()
    {
        BradleyTerry found = BradleyTerry.Of(4, [new(2, 0), new(0, 1), new(1, 0, 3)]);
        Assert.Null(found.Strengths);
        Assert.Equal(["2", "0=1", "3"], found.Tiers.Select(tier => string.Join('=', tier)));
        Assert.Equal(new Fraction(1, 2), found.Scores[3]);
        Assert.Equal([1.0], BradleyTerry.Of(1, []).Strengths!.Value);
        Assert.Equal(0.75, BradleyTerry.Of(2, [new(0, 1, 3), new(1, 0)]).Strengths!.Value[0], 10);
        Assert.Throws<ArgumentException>(() => BradleyTerry.Of(2, [new(0, 0)]));
        Assert.Throws<ArgumentException>(() => BradleyTerry.Of(2, [new(0, 2)]));
        Assert.Throws<ArgumentException>(() => BradleyTerry.Of(2, [new(0, 1, 0)]));
    }

    private static PairwiseWin[] Wins(Random random, int items) => items == 1 ? [] :
        [.. Enumerable.Range(0, random.Next(0, 25)).Select(_ =>
        {
            int winner = random.Next(items);
            return new PairwiseWin(winner, (winner + random.Next(1, items)) % items, random.Next(1, 4));
        })];

    private static string PlainTiers(int items, PairwiseWin[] wins)
    {
        bool Reaches(int from, int to, HashSet<int> been) => from == to || (been.Add(from) && wins.Any(win => win.Winner == from && Reaches(win.Loser, to, been)));
        List<string> tiers = [];
        List<int> left = [.. Enumerable.Range(0, items)];
        while (left.Count > 0)
        {
            int top = left.First(item => left.All(other => !Reaches(other, item, []) || Reaches(item, other, [])));
            int[] tier = [.. left.Where(other => Reaches(other, top, []) && Reaches(top, other, []))];
            tiers.Add(string.Join('=', tier));
            left.RemoveAll(tier.Contains);
        }

        return string.Join(" > ", tiers);
    }

    /// <summary>The logarithms of the strengths by Newton's method on each in turn.</summary>
    private static double[] Ascent(int items, PairwiseWin[] wins)
    {
        double[] logs = new double[items];
        for (int round = 0; round < 300; round++)
        {
            for (int item = 0; item < items; item++)
            {
                double slope = 0, bend = 1e-300;
                foreach (PairwiseWin win in wins.Where(win => win.Winner == item || win.Loser == item))
                {
                    int other = win.Winner == item ? win.Loser : win.Winner;
                    double chance = 1 / (1 + Math.Exp(logs[other] - logs[item]));
                    slope += win.Count * ((win.Winner == item ? 1 : 0) - chance);
                    bend += win.Count * chance * (1 - chance);
                }

                logs[item] += Math.Clamp(slope / bend, -1, 1);
            }
        }

        double all = logs.Sum(Math.Exp);
        return [.. logs.Select(log => Math.Exp(log) / all)];
    }
}
