using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Selection;

namespace Polyphony.Tests.Statistics.Selection;

/// <summary>The selection rules and promises once more, as plainly as they can be written: fractions and loops, no levels, no bounds.</summary>
internal static class PlainRules
{
    public static int[] EqualShares(int[][] approvals, int candidates, int size, BudgetCompletion completion)
    {
        int people = approvals.Length;
        bool few = completion == BudgetCompletion.Increment && approvals.SelectMany(list => list).Distinct().Count() < size;
        for (int budget = size; ; budget++)
        {
            List<int> chosen = [];
            Fraction[] money = [.. approvals.Select(_ => new Fraction(budget, people))];
            while (!few && chosen.Count < size)
            {
                (int Candidate, Fraction Rho)? best = null;
                foreach (int candidate in Enumerable.Range(0, candidates).Except(chosen))
                {
                    if (Rho(approvals, money, candidate) is { } rho && (best is null || rho < best.Value.Rho))
                    {
                        best = (candidate, rho);
                    }
                }

                if (best is not { } bought)
                {
                    break;
                }

                chosen.Add(bought.Candidate);
                foreach (int person in Enumerable.Range(0, people).Where(person => approvals[person].Contains(bought.Candidate)))
                {
                    money[person] -= money[person] < bought.Rho ? money[person] : bought.Rho;
                }
            }

            switch (completion)
            {
                case BudgetCompletion.None:
                    return [.. chosen.Order()];
                case BudgetCompletion.Phragmen:
                    return Phragmen(approvals, candidates, size, chosen, [.. money.Select(left => 0 - left)]);
                case BudgetCompletion.Increment when !few && chosen.Count < size:
                    continue;
                default:
                    return [.. chosen.Concat(Enumerable.Range(0, candidates).Except(chosen).OrderByDescending(candidate => approvals.Count(list => list.Contains(candidate))).Take(size - chosen.Count)).Order()];
            }
        }
    }

    /// <summary>The least payment that suffices: tried are the budgets themselves, and what is missing shared among those above them.</summary>
    private static Fraction? Rho(int[][] approvals, Fraction[] money, int candidate)
    {
        Fraction[] purse = [.. Enumerable.Range(0, money.Length).Where(person => approvals[person].Contains(candidate)).Select(person => money[person]).OrderBy(left => left)];
        for (int poor = 0; poor < purse.Length; poor++)
        {
            Fraction missing = purse[..poor].Aggregate((Fraction)1, (sum, left) => sum - left);
            Fraction rho = missing / (purse.Length - poor);
            if (rho <= purse[poor])
            {
                return rho;
            }
        }

        return null;
    }

    public static int[] Phragmen(int[][] approvals, int candidates, int size, List<int> chosen, Fraction[] loads)
    {
        List<int> members = [.. chosen];
        while (members.Count < size)
        {
            (int Candidate, Fraction Load)? best = null;
            foreach (int candidate in Enumerable.Range(0, candidates).Except(members))
            {
                int[] supporters = [.. Enumerable.Range(0, loads.Length).Where(person => approvals[person].Contains(candidate))];
                if (supporters.Length == 0)
                {
                    continue;
                }

                Fraction load = supporters.Aggregate((Fraction)1, (sum, person) => sum + loads[person]) / supporters.Length;
                if (best is null || load < best.Value.Load)
                {
                    best = (candidate, load);
                }
            }

            int next = best?.Candidate ?? Enumerable.Range(0, candidates).Except(members).First();
            members.Add(next);
            foreach (int person in Enumerable.Range(0, loads.Length).Where(person => approvals[person].Contains(next)))
            {
                loads[person] = best!.Value.Load;
            }
        }

        return [.. members.Order()];
    }

    public static int[] SequentialPav(int[][] approvals, int candidates, int size)
    {
        List<int> members = [];
        while (members.Count < size)
        {
            members.Add(Enumerable.Range(0, candidates).Except(members)
                .Select(candidate => (Candidate: candidate, Score: Score(approvals, [.. members, candidate])))
                .Aggregate((best, next) => next.Score > best.Score ? next : best).Candidate);
        }

        return [.. members.Order()];
    }

    public static int[] Pav(int[][] approvals, int candidates, int size) =>
        Subsets(candidates, size).Select(slate => (Slate: slate, Score: Score(approvals, slate))).Aggregate((best, next) => next.Score > best.Score ? next : best).Slate;

    public static Fraction Score(int[][] approvals, int[] slate) =>
        approvals.Aggregate((Fraction)0, (sum, list) => sum + Enumerable.Range(1, list.Intersect(slate).Count()).Aggregate((Fraction)0, (part, n) => part + new Fraction(1, n)));

    /// <summary>Every set of candidates, everybody who approves all of it, and for PJR every part of the slate.</summary>
    public static (bool Jr, bool Pjr, bool Ejr) Promises(int[][] approvals, int candidates, int[] slate, int size)
    {
        (bool jr, bool pjr, bool ejr) = (true, true, true);
        int[] sets = [.. approvals.Select(list => list.Sum(candidate => 1 << candidate))];
        int chosen = slate.Sum(candidate => 1 << candidate);
        for (int together = 1; together < 1 << candidates; together++)
        {
            int claim = int.PopCount(together);
            int[] united = [.. sets.Where(set => (set & together) == together)];
            bool Enough(int people) => claim <= size && people > 0 && people * size >= claim * approvals.Length;
            if (Enough(united.Count(set => int.PopCount(set & chosen) < claim)))
            {
                ejr = false;
                jr &= claim > 1;
            }

            for (int inside = 0; inside < 1 << candidates && Enough(united.Length); inside++)
            {
                pjr &= (inside & ~chosen) != 0 || int.PopCount(inside) >= claim || !Enough(united.Count(set => (set & chosen & ~inside) == 0));
            }
        }

        return (jr, pjr, ejr);
    }

    private static IEnumerable<int[]> Subsets(int candidates, int size, int from = 0)
    {
        if (size == 0)
        {
            yield return [];
            yield break;
        }

        for (int first = from; first <= candidates - size; first++)
        {
            foreach (int[] rest in Subsets(candidates, size - 1, first + 1))
            {
                yield return [first, .. rest];
            }
        }
    }
}
