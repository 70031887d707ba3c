using System.Numerics;
using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>Small random quotas that cannot be met, against every set of people there is.</summary>
public sealed class RelaxingEveryWay
{
    private const int Wanted = 200;

    [Fact]
    public void Conflict_sets_are_smallest_and_changes_cheapest()
    {
        TestChance chance = new(7);
        int infeasible = 0;
        int impossible = 0;
        SortedDictionary<int, int> sizes = [];
        SortedDictionary<int, int> alternatives = [];
        for (int attempt = 0; infeasible < Wanted; attempt++)
        {
            Assert.True(attempt < 20_000);
            SortitionPool pool = Random(chance);
            Everything everything = new(pool);
            if (everything.Feasible)
            {
                continue;
            }

            infeasible++;
            PanelTypes types = PanelTypes.Of(pool);
            Relaxations advice = Relaxations.Of(types, 4, TestContext.Current.CancellationToken);
            ConflictSet conflict = Assert.IsType<ConflictSet>(advice.Conflict);
            Assert.True(conflict.Smallest);
            Assert.True(everything.IsConflict(conflict.Limits), $"{attempt}: no conflict");
            Assert.Equal(everything.SmallestConflict(), conflict.Limits.Count);
            sizes[conflict.Limits.Count] = sizes.GetValueOrDefault(conflict.Limits.Count) + 1;

            List<IReadOnlyList<QuotaChange>> before = [];
            foreach (Relaxation relaxation in advice.Ranked)
            {
                Assert.True(relaxation.Cheapest);
                Assert.Equal(everything.CheapestBeyond(before)!.Value / 1000.0, relaxation.Cost);
                Assert.True(new Everything(Relaxations.Changed(pool, relaxation.Changes)).Feasible);
                before.Add(relaxation.Changes);
            }

            alternatives[before.Count] = alternatives.GetValueOrDefault(before.Count) + 1;
            if (before.Count < 4)
            {
                Assert.True(advice.Complete);
                Assert.Null(everything.CheapestBeyond(before));
            }

            impossible += before.Count == 0 ? 1 : 0;
            QuotaFeasibility decided = QuotaFeasibility.Of(types, TestContext.Current.CancellationToken);
            Assert.Equal(before.Count == 0 ? typeof(QuotaFeasibility.Impossible) : typeof(QuotaFeasibility.Infeasible), decided.GetType());
            foreach (PanelOption option in advice.Options)
            {
                SortitionPool tried = option.Kind switch
                {
                    OptionKind.OneMore => pool with { Size = pool.Size + 1 },
                    OptionKind.OneFewer => pool with { Size = pool.Size - 1 },
                    OptionKind.WithoutHouseholds => pool with { People = [.. pool.People.Select(person => person with { Household = null })] },
                    _ => Relaxations.Merged(pool, option.Criterion, option.First, option.Second),
                };
                Assert.Equal(new Everything(tried).Feasible, option.Possible);
            }
        }

        // The sample reaches the cases that matter.
        Assert.True(sizes.Count >= 4 && impossible > 5 && alternatives.GetValueOrDefault(4) > 10, string.Join(" ", sizes) + " " + string.Join(" ", alternatives));
    }

    [Fact]
    public void People_in_fractions_mislead_nobody_where_types_are_many()
    {
        // Large enough for the shorter way through fractions; the same questions are put to the integer programme alone, with every type allowed.
        int infeasible = 0;
        for (ulong seed = 1; infeasible < 10; seed++)
        {
            SortitionPool city = Pools.City(260, 24, seed);
            int criterion = (int)(seed % 5);
            SortitionPool pool = city with { Criteria = [.. city.Criteria.Select((set, c) => c != criterion ? set : set with { Quotas = [.. set.Quotas.Select((quota, v) => v % 2 == 0 ? quota with { Min = quota.Max } : quota with { Max = quota.Min + 1 })] })] };
            PanelTypes types = PanelTypes.Of(pool);
            if (QuotaFeasibility.Of(types, TestContext.Current.CancellationToken) is QuotaFeasibility.Feasible)
            {
                continue;
            }

            infeasible++;
            Assert.True(types.Types.Count > 100);
            Relaxations advice = Relaxations.Of(types, 3, TestContext.Current.CancellationToken);
            Assert.True(advice.Conflict!.Smallest);
            Assert.Equal(3, advice.Ranked.Count);
            Assert.Equal(advice.Ranked.OrderBy(ranked => ranked.Cost), advice.Ranked);
            Assert.All(advice.Ranked, ranked => Assert.True(ranked.Cheapest));
            Assert.All(advice.Ranked, ranked => Assert.IsType<QuotaFeasibility.Feasible>(QuotaFeasibility.Of(PanelTypes.Of(Relaxations.Changed(pool, ranked.Changes)), TestContext.Current.CancellationToken)));

            // Asked for a panel with somebody who can be on one anyway, the search takes the longer way, and the changes cost the same or more.
            int[] easy = [.. Enumerable.Range(0, types.Types.Count).Where(t => Relaxations.Including(types, [t], TestContext.Current.CancellationToken)!.Cost == advice.Ranked[0].Cost).Take(1)];
            Assert.Single(easy);
        }
    }

    private static SortitionPool Random(TestChance chance)
    {
        int people = 5 + chance.Below(5);
        int size = 2 + chance.Below(3);
        int criteria = 1 + chance.Below(3);
        int[] values = [.. Enumerable.Range(0, criteria).Select(_ => 2 + chance.Below(2))];
        return new(
            [
                .. values.Select((count, c) => new QuotaSet("c" + c, [
                    .. Enumerable.Range(0, count).Select(v =>
                    {
                        int min = chance.Below(3);
                        int max = min + chance.Below(2);
                        return chance.Below(3) == 0 ? new Quota("v" + v, min, max, Math.Max(0, min - 1), max + chance.Below(2)) : new Quota("v" + v, min, max);
                    }),
                ])),
            ],
            [
                .. Enumerable.Range(0, people).Select(i => new Candidate(
                    i.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), [.. values.Select(chance.Below)], chance.Below(3) == 0 ? "h" + chance.Below(2) : null)),
            ],
            size);
    }

    /// <summary>Every set of people of a small pool, and what it breaks.</summary>
    private sealed class Everything
    {
        private readonly SortitionPool pool;
        private readonly List<PanelLimit> limits = [];
        private readonly List<int> broken;

        public Everything(SortitionPool pool)
        {
            this.pool = pool;
            foreach ((int c, QuotaSet set) in pool.Criteria.Index())
            {
                foreach ((int v, Quota quota) in set.Quotas.Index())
                {
                    limits.Add(new(LimitKind.Minimum, c, v, quota.Min));
                    limits.Add(new(LimitKind.Maximum, c, v, quota.Max));
                }
            }

            limits.Add(new(LimitKind.Size, -1, -1, pool.Size));
            limits.Add(new(LimitKind.Households, -1, -1, 1));
            int[] all = [.. Sets().Select(Broken).Distinct()];
            broken = [.. all.Where(set => !all.Any(other => other != set && (other & set) == other))];
        }

        public bool Feasible => broken.Contains(0);

        public bool IsConflict(IEnumerable<PanelLimit> rules)
        {
            int mask = rules.Sum(rule => 1 << limits.IndexOf(rule));
            return broken.All(set => (set & mask) != 0);
        }

        public int SmallestConflict()
        {
            int least = int.MaxValue;
            for (int mask = 0; mask < 1 << limits.Count; mask++)
            {
                int size = BitOperations.PopCount((uint)mask);
                if (size < least && broken.TrueForAll(set => (set & mask) != 0))
                {
                    least = size;
                }
            }

            return least;
        }

        /// <summary>In thousandths, what the cheapest changes cost that contain none of those before; null: there are none.</summary>
        public long? CheapestBeyond(IReadOnlyList<IReadOnlyList<QuotaChange>> before)
        {
            HashSet<(int, int, bool)>[] excluded = [.. before.Select(changes => changes.SelectMany(Steps).ToHashSet())];
            long? least = null;
            foreach (int[] members in Sets().Where(set => set.Length == pool.Size && pool.HouseholdsApart(set)))
            {
                HashSet<(int, int, bool)> steps = [];
                long cost = 0;
                bool within = true;
                foreach ((int c, int v, int count) in pool.BrokenQuotas(members))
                {
                    Quota quota = pool.Criteria[c].Quotas[v];
                    within &= count >= Math.Min(quota.Min, quota.MinFlex ?? 0) && count <= Math.Max(quota.Max, quota.MaxFlex ?? pool.Size);
                    cost += count < quota.Min ? (quota.Min - count) * (long)Math.Round(1000 * (1 + (2.0 / quota.Min))) : (count - quota.Max) * 1000L;
                    steps.Add((c, v, count < quota.Min));
                }

                if (within && !excluded.Any(set => set.IsSubsetOf(steps)))
                {
                    least = Math.Min(least ?? long.MaxValue, cost);
                }
            }

            return least;
        }

        private IEnumerable<(int, int, bool)> Steps(QuotaChange change)
        {
            Quota quota = pool.Criteria[change.Criterion].Quotas[change.Value];
            if (change.Min < quota.Min)
            {
                yield return (change.Criterion, change.Value, true);
            }

            if (change.Max > quota.Max)
            {
                yield return (change.Criterion, change.Value, false);
            }
        }

        private IEnumerable<int[]> Sets() => Enumerable.Range(0, 1 << pool.People.Count).Select(set => Enumerable.Range(0, pool.People.Count).Where(i => (set & (1 << i)) != 0).ToArray());

        private int Broken(int[] members)
        {
            int mask = 0;
            foreach ((int i, PanelLimit limit) in limits.Index())
            {
                int count = limit.Criterion < 0 ? members.Length : members.Count(member => pool.People[member].Values[limit.Criterion] == limit.Value);
                bool breaks = limit.Kind switch
                {
                    LimitKind.Minimum => count < limit.Bound,
                    LimitKind.Maximum => count > limit.Bound,
                    LimitKind.Size => count != limit.Bound,
                    _ => !pool.HouseholdsApart(members),
                };
                mask |= breaks ? 1 << i : 0;
            }

            return mask;
        }
    }
}
