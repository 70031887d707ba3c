using System.Collections.Immutable;
using System.Numerics;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Selection;

/// <summary>The Method of Equal Shares: everybody gets the same budget, and a candidate comes in when its supporters can pay for it together.</summary>
/// <remarks>
/// D. Peters, P. Skowron, "Proportionality and the limits of welfarism", EC 2020. Each of n people has k/n, a candidate costs 1; bought is the one for which the greatest payment ρ is smallest, supporters with
/// less than ρ giving all they have. Exact; ties to the lowest index. It satisfies EJR before completion and, as seats are only added, with <see cref="BudgetCompletion.Phragmen"/> and <see cref="BudgetCompletion.Approval"/> too.
/// </remarks>
public static class EqualShares
{
    /// <summary>Chooses a slate.</summary>
    /// <param name="profile">Who approves what.</param>
    /// <param name="size">Seats, 1 to the number of candidates.</param>
    /// <param name="completion">What is done with seats that budgets do not pay for.</param>
    /// <returns>The slate.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer candidates than seats, or no seats.</exception>
    public static Slate Of(ApprovalProfile profile, int size, BudgetCompletion completion = BudgetCompletion.Phragmen)
    {
        ArgumentNullException.ThrowIfNull(profile);
        profile.DemandSize(size);
        if (completion == BudgetCompletion.Increment)
            return Raised(profile, size);
        var (steps, balances) = Buy(profile, size, size);
        switch (completion)
        {
            case BudgetCompletion.Phragmen:
                SequentialPhragmen.Continue(profile, size, steps, Loads(balances));
                break;
            case BudgetCompletion.Approval:
                ByApprovals(profile, size, steps);
                break;
            case BudgetCompletion.None:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(completion));
        }
        return new Slate(size, [.. steps], Budget(profile, size));
    }

    private static Slate Raised(ApprovalProfile profile, int size)
    {
        if (profile.Supporters.Count(supporters => supporters.Length > 0) < size)
        {
            // No budget pays for what nobody approves.
            List<SlateStep> few = [];
            ByApprovals(profile, size, few);
            return new Slate(size, [.. few], Budget(profile, size));
        }
        for (var budget = size; ; budget++)
        {
            var (steps, _) = Buy(profile, size, budget);
            if (steps.Count == size)
                return new Slate(size, [.. steps], Budget(profile, budget));
        }
    }

    private static Fraction? Budget(ApprovalProfile profile, int budget) => profile.Voters == 0 ? null : new Fraction(budget, profile.Voters);

    private static (List<SlateStep> Steps, Balances Left) Buy(ApprovalProfile profile, int size, int budget)
    {
        var balances = new Balances(profile.Voters, budget, Math.Max(1, profile.Voters));
        var market = new Market(profile, balances);
        List<SlateStep> steps = [];
        while (steps.Count < size && market.Cheapest() is { } offer)
            steps.Add(market.Buy(offer));
        return (steps, balances);
    }

    /// <summary>What is left of a budget is a load below nought.</summary>
    private static Balances Loads(Balances left)
    {
        left.Change(1, [.. Enumerable.Range(0, left.LevelOf.Length)], value => -value);
        return left;
    }

    private static void ByApprovals(ApprovalProfile profile, int size, List<SlateStep> steps)
    {
        var chosen = steps.Select(step => step.Candidate).ToHashSet();
        var left = Enumerable.Range(0, profile.Candidates).Where(candidate => !chosen.Contains(candidate)).OrderByDescending(candidate => profile.Supporters[candidate].Length);
        foreach (var candidate in left.Take(size - steps.Count))
            steps.Add(new SlateStep(candidate, SlateReason.Approvals, profile.Supporters[candidate].Length, []));
    }

    /// <summary>ρ as (<paramref name="Missing"/> / <paramref name="Rich"/>) over the balances' denominator.</summary>
    private readonly record struct Offer(int Candidate, BigInteger Missing, int Rich);

    private sealed class Market(ApprovalProfile profile, Balances balances)
    {
        private readonly bool[] _gone = new bool[profile.Candidates];
        private readonly double[] _near = new double[profile.Candidates];
        private readonly double[] _least = new double[profile.Candidates];
        private int[] _counts = [];

        /// <summary>The candidate with the least ρ, the lowest index among equals; nothing when no candidate can be paid.</summary>
        public Offer? Cheapest()
        {
            if (_counts.Length < balances.Levels.Length)
                _counts = new int[balances.Levels.Length * 2];
            var counts = _counts.AsSpan(0, balances.Levels.Length);
            // A sum of as many terms as there are levels that stays below 1, each rounded twice, with room to spare.
            var error = (balances.Levels.Length + 8) * 4.5e-16;
            var best = double.PositiveInfinity;
            for (var candidate = 0; candidate < profile.Candidates; candidate++)
            {
                // Budgets only shrink, so ρ never falls: what was dearer than the best is not looked at again.
                if (_gone[candidate] || _least[candidate] > best + error)
                {
                    _near[candidate] = double.PositiveInfinity;
                    continue;
                }
                balances.Count(profile.Supporters[candidate].AsSpan(), counts);
                _near[candidate] = Near(counts, profile.Supporters[candidate].Length, error);
                _least[candidate] = _near[candidate] - error;
                _gone[candidate] = double.IsPositiveInfinity(_near[candidate]);
                best = Math.Min(best, _near[candidate] + error);
            }
            Offer? cheapest = null;
            for (var candidate = 0; candidate < profile.Candidates; candidate++)
            {
                if (_gone[candidate] || _near[candidate] - error > best)
                    continue;
                balances.Count(profile.Supporters[candidate].AsSpan(), counts);
                if (Exact(candidate, counts) is not { } offer)
                    _gone[candidate] = true;
                else if (cheapest is not { } other || offer.Missing * other.Rich < other.Missing * offer.Rich)
                    cheapest = offer;
            }
            // Where rounding alone made something look payable, the next cheapest are looked at.
            return cheapest ?? (double.IsPositiveInfinity(best) ? null : Cheapest());
        }

        public SlateStep Buy(Offer offer)
        {
            _gone[offer.Candidate] = true;
            var supporters = profile.Supporters[offer.Candidate];
            var price = new Fraction(offer.Missing, balances.Denominator * offer.Rich);
            var payments = ImmutableArray.CreateBuilder<SharedPayment>();
            List<int> rich = [];
            SortedDictionary<int, List<int>> poor = [];
            foreach (var voter in supporters)
            {
                var level = balances.LevelOf[voter];
                if (balances.Levels[level] * offer.Rich >= offer.Missing)
                    rich.Add(voter);
                else if (balances.Levels[level].Sign > 0)
                    (poor.TryGetValue(level, out var same) ? same : poor[level] = []).Add(voter);
            }
            payments.Add(new SharedPayment(price, [.. rich]));
            foreach (var (level, voters) in poor.Reverse())
                payments.Add(new SharedPayment(new Fraction(balances.Levels[level], balances.Denominator), [.. voters]));
            balances.Change(offer.Rich, supporters.AsSpan(), value => BigInteger.Max(BigInteger.Zero, (value * offer.Rich) - offer.Missing));
            return new SlateStep(offer.Candidate, SlateReason.Paid, price, payments.ToImmutable());
        }

        private double Near(ReadOnlySpan<int> counts, int supporters, double error)
        {
            var poor = 0.0;
            var rich = supporters;
            for (var level = 0; level < counts.Length && rich > 0; level++)
            {
                if (counts[level] == 0)
                    continue;
                var price = (1 - poor) / rich;
                if (price <= balances.Near[level])
                    return price;
                poor += counts[level] * balances.Near[level];
                rich -= counts[level];
                // Within the error it may just be enough: exact numbers will tell.
                if (rich == 0 && poor > 1 - error)
                    return balances.Near[level];
            }
            return double.PositiveInfinity;
        }

        private Offer? Exact(int candidate, ReadOnlySpan<int> counts)
        {
            var missing = balances.Denominator;
            var rich = profile.Supporters[candidate].Length;
            for (var level = 0; level < counts.Length && rich > 0; level++)
            {
                if (counts[level] == 0)
                    continue;
                if (missing <= balances.Levels[level] * rich)
                    return new Offer(candidate, missing, rich);
                missing -= balances.Levels[level] * counts[level];
                rich -= counts[level];
            }
            return null;
        }
    }
}
