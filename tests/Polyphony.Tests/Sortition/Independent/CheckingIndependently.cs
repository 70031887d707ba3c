using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

public sealed class CheckingIndependently
{
    [Theory]
    [InlineData(60, 12, 1)]
    [InlineData(90, 15, 2)]
    [InlineData(130, 20, 3)]
    [InlineData(200, 24, 4)]
    public void Another_program_with_another_solver_proves_every_level_again(int people, int size, ulong seed)
    {
        PublishedLottery town = PublishedLottery.Town_of(people, size, seed);
        LotteryOutcome.Computed computed = Lotteries.Compute(town.Pool, panels: 200);
        Assert.InRange(computed.Exact.Gap, 0, 0.001);
        TestContext.Current.SendDiagnosticMessage("{0} people: {1} types, {2} cuts, {3} steps", people, computed.Exact.Types.Types.Count, computed.Exact.Proof.Cuts.Count, computed.Exact.Proof.Levels.Count);
        LotteryCheck.Verdict verdict = town.Check(computed.Lottery.Panels, Lotteries.ChancesOf(computed.Exact), computed.Exact.Gap);
        Assert.Empty(verdict.Refused);
        Assert.True(verdict.Levels.Count > 1, "A town of one level checks little.");
        TestContext.Current.SendDiagnosticMessage("{0} levels, {1} integer programmes", verdict.Levels.Count, verdict.Programmes);
    }

    /// <summary>From the organiser's files to the published ones nothing passes through the hands of the test: the tool reads the sheets, and the checker reads what the tool wrote.</summary>
    [Theory]
    [InlineData(75, 12, 12)]
    [InlineData(110, 16, 13)]
    public void It_proves_the_files_that_the_tool_wrote_again_and_refuses_them_under_other_rules(int people, int size, ulong seed)
    {
        PublishedLottery town = PublishedLottery.Town_of(people, size, seed);
        using Cli.Workbench bench = new();
        bench.File("pool.csv", town.PoolSheet);
        bench.File("quotas.csv", town.QuotaSheet);
        bench.File("marginal.csv", string.Concat(town.QuotaSheet.Split('\n').Where(line => !line.Contains('*', StringComparison.Ordinal)).Select(line => line + "\n")).TrimEnd() + "\n");
        bench.File("wider.csv", string.Join('\n', town.QuotaSheet.TrimEnd().Split('\n').Select((line, row) => row == 0 ? line : OneMore(line))) + "\n");
        LotteryCheck.Verdict verdict = Published("lottery", "quotas.csv", "--household", "street,postcode");
        Assert.Empty(verdict.Refused);
        Assert.True(verdict.Levels.Count > 1, "A town of one level checks little.");

        // The same checker on lotteries that the tool computed under other rules: without households, without the joint quota, with each maximum off by one.
        Assert.Contains(Published("households", "quotas.csv").Refused, reason => reason.EndsWith("takes two of one household", StringComparison.Ordinal));
        Assert.Contains(Published("joint", "marginal.csv", "--household", "street,postcode").Refused, reason => reason.Contains("breaks quota", StringComparison.Ordinal));

        Assert.Contains(Published("wider", "wider.csv", "--household", "street,postcode").Refused, reason => reason.Contains("breaks quota", StringComparison.Ordinal));

        static string OneMore(string quota) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{quota[..(quota.LastIndexOf(',') + 1)]}{int.Parse(quota[(quota.LastIndexOf(',') + 1)..], System.Globalization.CultureInfo.InvariantCulture) + 1}");

        LotteryCheck.Verdict Published(string to, string quotas, params string[] more)
        {
            string[] arguments = ["draw", "lottery", "--pool", bench["pool.csv"], "--quotas", bench[quotas], "--size", $"{size}", "--panels", "150", "--seed", "5eed", "--out", bench[to], .. more];
            (int code, System.Text.Json.Nodes.JsonObject answer) = bench.Json(arguments);
            Assert.Equal(0, code);
            Assert.InRange((double)answer["gap"]!, 0, 0.001);
            return LotteryCheck.LotteryChecker.Check(
                town.PoolSheet, town.QuotaSheet, size, PublishedLottery.Household, File.ReadAllText(bench[to + "/panels.csv"]), File.ReadAllText(bench[to + "/probabilities.csv"]), (double)answer["gap"]!);
        }
    }

    [Fact]
    public void A_lottery_one_hundredth_less_fair_than_it_claims_is_refused()
    {
        PublishedLottery town = PublishedLottery.Town_of(60, 12, 1);
        LotteryOutcome.Computed computed = Lotteries.Compute(town.Pool, panels: 200);
        double[] chances = Lotteries.ChancesOf(computed.Exact);
        double least = chances.Where(chance => chance > 1e-9).Min();

        // Every hundredth draw is replaced by a panel without one of the least likely kind, spread over equal people: still a lottery.
        int type = Enumerable.Range(0, computed.Exact.Types.Types.Count).First(t => Math.Abs(computed.Exact.Chances()[t] - least) < 1e-7);
        IReadOnlyList<int> without = computed.Exact.Panels.First(panel => panel[type] == 0);
        double[] damaged = [.. chances];
        for (int t = 0; t < without.Count; t++)
        {
            foreach (int person in computed.Exact.Types.Types[t].People)
            {
                damaged[person] = (0.99 * chances[person]) + (0.01 * without[t] / computed.Exact.Types.Types[t].People.Count);
            }
        }

        Assert.Contains("level 1", Assert.Single(town.Check(computed.Lottery.Panels, damaged, 0.001).Refused));
        Assert.DoesNotContain(town.Check(computed.Lottery.Panels, damaged, 0.0101).Refused, reason => reason.StartsWith("level 1:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lottery_that_stopped_after_the_first_level_is_refused()
    {
        PublishedLottery town = PublishedLottery.Town_of(90, 15, 2);
        LotteryOutcome.Computed first = Lotteries.Compute(town.Pool, LotteryObjective.Goldilocks, 200);
        LotteryOutcome.Computed computed = Lotteries.Compute(town.Pool, LotteryObjective.Maximin, 200);
        Assert.NotEmpty(town.Check(computed.Lottery.Panels, Lotteries.ChancesOf(computed.Exact), 0.001).Refused);
        Assert.NotEmpty(town.Check(first.Lottery.Panels, Lotteries.ChancesOf(first.Exact), 0.001).Refused);
    }

    [Fact]
    public void Chances_that_no_panels_give_are_refused()
    {
        PublishedLottery town = PublishedLottery.Town_of(60, 12, 1);
        LotteryOutcome.Computed computed = Lotteries.Compute(town.Pool, panels: 200);
        double even = (double)town.Pool.Size / town.Pool.People.Count;
        Assert.NotEmpty(town.Check(computed.Lottery.Panels, [.. town.Pool.People.Select(_ => even)], 1).Refused);
    }

    [Fact]
    public void Panels_and_fractions_that_do_not_belong_together_are_refused()
    {
        PublishedLottery town = PublishedLottery.Town_of(60, 12, 1);
        LotteryOutcome.Computed computed = Lotteries.Compute(town.Pool, panels: 200);
        double[] chances = Lotteries.ChancesOf(computed.Exact);
        IReadOnlyList<IReadOnlyList<int>> panels = computed.Lottery.Panels;
        int[] first = [.. panels[0]];
        Assert.Contains(town.Check(panels, chances, 1, count => count + 1).Refused, reason => reason.StartsWith("the fraction", StringComparison.Ordinal));
        Assert.Contains(town.Check([[.. first.Skip(1)], .. panels.Skip(1)], chances, 1).Refused, reason => reason == "panel 0 has another size");
        Assert.Contains(town.Check([[.. first.Skip(1), first[1]], .. panels.Skip(1)], chances, 1).Refused, reason => reason == "panel 0 has another size");
        int mate = Enumerable.Range(0, 60).First(person => !first.Contains(person) && first.Any(member => town.Pool.People[member].Household is { } home && home == town.Pool.People[person].Household));
        int[] two = [.. first.Where(member => town.Pool.People[member].Household != town.Pool.People[mate].Household).Take(town.Pool.Size - 2), first.First(member => town.Pool.People[member].Household == town.Pool.People[mate].Household), mate];
        Assert.Contains(town.Check([two, .. panels.Skip(1)], chances, 1).Refused, reason => reason == "panel 0 takes two of one household");
        int[] alike = [.. Enumerable.Range(0, 60).OrderBy(person => town.Pool.People[person].Values[0]).Take(town.Pool.Size)];
        Assert.Contains(town.Check([alike, .. panels.Skip(1)], chances, 1).Refused, reason => reason.StartsWith("panel 0 breaks quota", StringComparison.Ordinal));
    }

    [Fact]
    public void The_check_shares_nothing_with_the_library()
    {
        Assert.DoesNotContain(typeof(LotteryCheck.LotteryChecker).Assembly.GetTypes().Where(type => type.Namespace == "LotteryCheck")
            .SelectMany(type => type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Public)),
            field => field.FieldType.FullName!.Contains("Polyphony", StringComparison.Ordinal));
        Assert.DoesNotContain("Polyphony", File.ReadAllText(Path.Combine(Repository.Root, "tests/Polyphony.Tests/Sortition/Independent/LotteryChecker.cs")), StringComparison.Ordinal);
    }
}
