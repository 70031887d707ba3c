using System.Numerics;
using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Pools so small that all panels can be written down, and what is best for them, without anything of the library but its records.</summary>
internal static class SmallPools
{
    /// <summary>4 to 11 people, 2 to 5 on the panel, 1 to 4 criteria, every second pool with households.</summary>
    public static SortitionPool Random(TestChance chance)
    {
        int people = 4 + chance.Below(8);
        int size = 2 + chance.Below(Math.Min(4, people - 2));
        int criteria = 1 + chance.Below(4);
        int[][] values = [.. Enumerable.Range(0, people).Select(_ => new int[criteria])];
        List<QuotaSet> quotas = [];
        for (int c = 0; c < criteria; c++)
        {
            int different = 2 + chance.Below(2);
            foreach (int[] person in values)
            {
                person[c] = chance.Below(different);
            }

            List<Quota> ofCriterion = [];
            for (int v = 0; v < different; v++)
            {
                double fair = (double)values.Count(person => person[c] == v) * size / people;
                ofCriterion.Add(new("v" + v, Math.Max(0, (int)Math.Floor(fair) - chance.Below(2)), (int)Math.Ceiling(fair) + chance.Below(2)));
            }

            quotas.Add(new("c" + c, ofCriterion));
        }

        bool households = chance.Below(2) == 0;
        return new(
            quotas,
            [.. values.Index().Select(person => new Candidate(
                person.Index.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), person.Item, households ? "h" + chance.Below(people) : null))],
            size);
    }

    /// <summary>Every panel, by trying every set of people; the rules are written out once more on purpose.</summary>
    public static List<int[]> Panels(SortitionPool pool)
    {
        List<int[]> panels = [];
        int[] chosen = new int[pool.Size];
        Choose(0, 0);
        return panels;

        void Choose(int from, int seat)
        {
            if (seat == pool.Size)
            {
                if (Keeps(pool, chosen))
                {
                    panels.Add([.. chosen]);
                }

                return;
            }

            for (int person = from; person < pool.People.Count; person++)
            {
                chosen[seat] = person;
                Choose(person + 1, seat + 1);
            }
        }
    }

    public static bool Keeps(SortitionPool pool, int[] panel)
    {
        for (int a = 0; a < panel.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                if (panel[a] == panel[b] || (pool.People[panel[a]].Household is { } household && household == pool.People[panel[b]].Household))
                {
                    return false;
                }
            }
        }

        for (int c = 0; c < pool.Criteria.Count; c++)
        {
            for (int v = 0; v < pool.Criteria[c].Quotas.Count; v++)
            {
                int count = panel.Count(person => pool.People[person].Values[c] == v);
                if (count < pool.Criteria[c].Quotas[v].Min || count > pool.Criteria[c].Quotas[v].Max)
                {
                    return false;
                }
            }
        }

        return panel.Length == pool.Size;
    }

    /// <summary>LEXIMIN exactly. At each level those people are settled whose row has a positive multiplier in an optimal solution: by complementary
    /// slackness they stay at the level in all of them, and at least one does.</summary>
    public static double[] Leximin(int people, List<int[]> panels)
    {
        (BigInteger Numerator, BigInteger Denominator)?[] settled = new (BigInteger, BigInteger)?[people];
        bool[] free = [.. Enumerable.Range(0, people).Select(person => panels.Exists(panel => panel.Contains(person)))];
        while (free.Contains(true))
        {
            BigInteger common = BigInteger.One;
            foreach ((BigInteger _, BigInteger denominator) in settled.OfType<(BigInteger, BigInteger)>())
            {
                common *= denominator / BigInteger.GreatestCommonDivisor(common, denominator);
            }

            // Variables: a share for each panel, and z; all sides are multiplied by the common denominator.
            int[] concerned = [.. Enumerable.Range(0, people).Where(person => free[person] || settled[person] is not null)];
            int[][] rows = [
                [.. panels.Select(_ => 1), 0],
                .. concerned.Select(person => (int[])[.. panels.Select(panel => panel.Contains(person) ? -1 : 0), free[person] ? 1 : 0]),
            ];
            BigInteger[] sides = [common, .. concerned.Select(person => settled[person] is { } level ? -(level.Numerator * (common / level.Denominator)) : BigInteger.Zero)];
            (BigInteger numerator, BigInteger denominator1, bool[] tight) = RationalProgramme.Maximise([.. panels.Select(_ => 0), 1], rows, sides)
                ?? throw new InvalidOperationException("The levels before can be met, so this cannot be.");
            BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator1 * common);
            for (int row = 0; row < concerned.Length; row++)
            {
                if (free[concerned[row]] && tight[row + 1])
                {
                    free[concerned[row]] = false;
                    settled[concerned[row]] = (numerator / divisor, denominator1 * common / divisor);
                }
            }
        }

        return [.. settled.Select(level => level is { } fraction ? (double)fraction.Numerator / (double)fraction.Denominator : 0)];
    }
}

/// <summary>Asks the library and reads its answer person by person.</summary>
internal static class Lotteries
{
    public static LotteryOutcome.Computed Compute(SortitionPool pool, LotteryObjective objective = LotteryObjective.Leximin, int panels = 10, double gamma = 1) =>
        Assert.IsType<LotteryOutcome.Computed>(Ask(pool, objective, panels, gamma));

    public static LotteryOutcome Ask(SortitionPool pool, LotteryObjective objective = LotteryObjective.Leximin, int panels = 10, double gamma = 1)
    {
        // A search that does not end must fail its own test, not hold up the others.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromMinutes(2));
        return FairLottery.Compute(new LotteryRequest(pool, objective, panels, new byte[] { 1, 2, 3 }, gamma), null, CancellationToken.None, stop.Token);
    }

    public static double[] ChancesOf(ExactLottery exact)
    {
        double[] chances = new double[exact.Types.Pool.People.Count];
        foreach ((PersonType type, (BigInteger numerator, BigInteger denominator)) in exact.Types.Types.Zip(exact.ExactChances()))
        {
            foreach (int person in type.People)
            {
                chances[person] = (double)numerator / (double)denominator;
            }
        }

        return chances;
    }

    public static bool[] CoverableTypes(ExactLottery exact) => [.. Enumerable.Range(0, exact.Types.Types.Count).Select(type => !exact.Uncoverable.Contains(type))];
}
