using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>A proof comes from whoever computed the lottery: whatever its numbers are, it must not prove what is not so.</summary>
public sealed class ForgingAProof
{
    // At most one of the first four, at most one of the next two: 1/4, and 3/8 for everybody else.
    private static readonly SortitionPool Three = Pools.Of(4, [[(0, 1), (0, 1), (0, 4)]], [.. Enumerable.Repeat("0", 4), .. Enumerable.Repeat("1", 2), .. Enumerable.Repeat("2", 6)]);

    /// <summary>The outer loop stops after its first level, and the proof says that this settled everybody.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-7)]
    [InlineData(1e-12)]
    [InlineData(1e-20)]
    [InlineData(1e-300)]
    public void Whoever_is_settled_by_next_to_no_weight_is_not_settled(double weight)
    {
        ExactLottery honest = Lotteries.Compute(Three).Exact;
        Assert.InRange(Audit(honest).Gap, 0, 1e-5);
        int few = Type(4), two = Type(2), many = Type(6);
        int[] with = new int[3], without = new int[3];
        (with[few], with[two], with[many]) = (1, 1, 2);
        (without[few], without[two], without[many]) = (1, 0, 3);

        // The least chance is 1/4 here too, but two people have it who could have more.
        ExactLottery maximin = honest with { Panels = [with, without], Weights = [ExactLottery.TotalWeight / 2, ExactLottery.TotalWeight / 2] };
        LevelStep first = honest.Proof.Levels[0];
        Assert.Equal([few], first.Settled);
        LevelStep all = first with { Settled = [0, 1, 2], Proof = first.Proof with { Size = first.Proof.Size + weight } };
        foreach (double value in (double[])[first.Value, 0, 1, double.PositiveInfinity])
        {
            Assert.True(Audit(maximin with { Proof = honest.Proof with { Levels = [all with { Value = value }] } }).Gap > 0.1, $"{weight} {value}");
        }

        int Type(int people) => honest.Types.Types.Index().Single(type => type.Item.People.Count == people).Index;
    }

    [Fact]
    public void Numbers_too_great_to_add_up_prove_nothing()
    {
        ExactLottery honest = Lotteries.Compute(Three).Exact;
        foreach (LotteryObjective objective in Enum.GetValues<LotteryObjective>())
        {
            Multipliers huge = new(1e308, [.. honest.Types.Rows.Select(_ => -1e308)], [], new Dictionary<int, double> { [0] = 1e308 }, []);
            LevelStep step = new(0.25, [0, 1, 2], huge);
            Assert.Equal(double.PositiveInfinity, Audit(honest with { Objective = objective, Proof = new([], [honest.Proof.Levels[0], step], new([1e308, -1e308, 1e308], 1e-300, huge)) }).Gap);
        }
    }

    [Theory]
    [InlineData(LotteryObjective.Minimax)]
    [InlineData(LotteryObjective.Goldilocks)]
    public void A_slope_that_is_not_the_objective_s_proves_nothing_more(LotteryObjective objective)
    {
        // The mixed person is on every panel with the woman: the greatest chance can be 4/5, and LEXIMIN gives 7/8.
        SortitionPool pool = Pools.Of(5, [[(1, 1), (4, 4)], [(4, 4), (1, 1)]], "10", "10", "10", "10", "00", "11", "01");
        ExactLottery optimal = Lotteries.Compute(pool, objective).Exact;
        Assert.InRange(Audit(optimal).Gap, 0, 0.001);
        ExactLottery other = Lotteries.Compute(pool, objective == LotteryObjective.Minimax ? LotteryObjective.Leximin : LotteryObjective.Minimax).Exact with { Objective = objective };
        double far = objective == LotteryObjective.Minimax ? 1 - (0.8 / 0.875) : 0;
        double honest = Audit(other with { Proof = optimal.Proof }).Gap;
        Assert.True(honest > 0.01 && honest >= far - 1e-6, $"{honest}");
        SumProof sum = optimal.Proof.Sum!;
        foreach (double scale in (double[])[0.1, 0.5, 0.9, 1.1, 2, 10, 1e6])
        {
            // The bound grows with the weights, so that it stays proven: only what it bounds is another thing.
            Multipliers m = sum.Multipliers;
            Multipliers scaled = new(m.Size * scale, [.. m.Rows.Select(row => row * scale)], [.. m.Groups.Select(group => group * scale)], m.Capacities.ToDictionary(pair => pair.Key, pair => pair.Value * scale), [.. m.Cuts.Select(cut => cut * scale)]);
            foreach (double point in (double[])[sum.Point, sum.Point / 2, sum.Point * 2, 1e-6])
            {
                double gap = Audit(other with { Proof = optimal.Proof with { Sum = new([.. sum.Weights.Select(weight => weight * scale)], point, scaled) } }).Gap;
                Assert.True(gap >= honest - 0.002, $"{scale} {point}: {gap} for {honest}");
            }
        }
    }

    /// <summary>Proofs are bent at random, and put under lotteries that are LEXIMIN and others: what is then proven within a thousandth must be nearly so.</summary>
    [Fact]
    public void No_bent_proof_proves_what_exact_arithmetic_denies()
    {
        TestChance chance = new(77);
        int accepted = 0, refused = 0;
        for (int instance = 0; instance < 400; instance++)
        {
            SortitionPool pool = SmallPools.Random(chance);
            List<int[]> panels = SmallPools.Panels(pool);
            if (panels.Count == 0)
            {
                continue;
            }

            double[] best = SmallPools.Leximin(pool.People.Count, panels);
            ExactLottery honest = Lotteries.Compute(pool).Exact;
            LotteryAudit audit = Audit(honest);
            Assert.True(audit is { PanelsHold: true, CutsHold: true, UncoverableHold: true } && audit.Gap <= 0.001 && Math.Abs(audit.Gap - honest.Gap) < 1e-9, $"instance {instance}: {audit} for {honest.Gap}");
            bool[] coverable = Lotteries.CoverableTypes(honest);
            for (int attempt = 0; attempt < 20; attempt++)
            {
                ExactLottery lottery = attempt % 2 == 0 ? honest : Shifted(honest, chance);
                ExactLottery forged = lottery with { Proof = Bent(honest.Proof, chance) };
                if (forged.Proof.GapOf(LotteryObjective.Leximin, forged.Types, forged.Chances(), coverable, 1) > 0.001)
                {
                    refused++;
                    continue;
                }

                accepted++;
                double missing = Lotteries.ChancesOf(forged).Zip(best, (has, should) => should > 0 ? (should - has) / should : 0).Max();
                Assert.True(missing < 0.02, $"instance {instance}, attempt {attempt}: {missing} is missing");
            }
        }

        Assert.True(accepted > 500 && refused > 500, $"{accepted} accepted, {refused} refused");
    }

    private static LotteryAudit Audit(ExactLottery exact) => LotteryAudit.Of(exact, 1, TestContext.Current.CancellationToken);

    /// <summary>Another lottery over the same panels.</summary>
    private static ExactLottery Shifted(ExactLottery exact, TestChance chance)
    {
        long[] weights = [.. exact.Weights];
        for (int i = 0; i < weights.Length; i++)
        {
            int other = chance.Below(weights.Length);
            long moved = (long)(weights[i] * (chance.Below(100) / 100.0));
            weights[i] -= moved;
            weights[other] += moved;
        }

        return exact with { Weights = weights };
    }

    private static LotteryProof Bent(LotteryProof proof, TestChance chance)
    {
        List<LevelStep> levels = [.. proof.Levels];
        for (int times = 1 + chance.Below(3); times > 0; times--)
        {
            int at = chance.Below(levels.Count);
            LevelStep step = levels[at];
            double little = Math.Pow(10, -chance.Below(25)) * (chance.Below(2) == 0 ? 1 : -1);
            switch (chance.Below(8))
            {
                case 0:
                    int[] rest = [.. levels.Skip(at + 1).SelectMany(level => level.Settled)];
                    levels = [.. levels[..at], step with { Settled = [.. step.Settled, .. rest], Proof = step.Proof with { Size = step.Proof.Size + Math.Abs(little) } }];
                    break;
                case 1 when levels.Count > 1:
                    int next = (at + 1) % levels.Count;
                    levels[next] = levels[next] with { Settled = [.. levels[next].Settled, .. step.Settled] };
                    levels.RemoveAt(at);
                    break;
                case 2:
                    levels[at] = step with { Value = step.Value * (1 + little) };
                    break;
                case 3 when step.Proof.Rows.Count > 0:
                    int row = chance.Below(step.Proof.Rows.Count);
                    levels[at] = step with { Proof = step.Proof with { Rows = [.. step.Proof.Rows.Select((value, i) => i == row ? value + little : value)] } };
                    break;
                case 4:
                    levels[at] = step with { Proof = step.Proof with { Size = step.Proof.Size + little } };
                    break;
                case 5:
                    levels[at] = step with { Proof = step.Proof with { Capacities = step.Settled.Distinct().ToDictionary(t => t, t => step.Proof.Capacities.GetValueOrDefault(t) + Math.Abs(little)) } };
                    break;
                case 6:
                    int other = chance.Below(levels.Count);
                    (levels[at], levels[other]) = (levels[other], levels[at]);
                    break;
                default:
                    levels.Insert(chance.Below(levels.Count), step with { Settled = [.. levels[chance.Below(levels.Count)].Settled] });
                    break;
            }
        }

        return proof with { Levels = levels };
    }
}
