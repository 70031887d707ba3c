using System.Text.Json.Nodes;
using Polyphony.Cli.Draw;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Tests.Cli;

/// <summary>A lottery whose files agree with each other and which is not what it says: the deep verification names the check that fails.</summary>
public sealed class ForgingALottery : IDisposable
{
    // At most one of four, at most one of two: a chance of 1/4, and of 3/8 for the others.
    private const int Many = 0, Few = 1, Two = 2;
    private readonly Workbench bench = new();

    public ForgingALottery()
    {
        bench.File("pool.csv", "id,kind\n" + string.Concat(Enumerable.Range(0, 12).Select(i => $"p{i},{(i < 4 ? "few" : i < 6 ? "two" : "many")}\n")));
        bench.File("quotas.csv", "feature,value,min,max\nkind,few,0,1\nkind,two,0,1\nkind,many,0,4\n");
        Assert.Equal(0, bench.Run("draw", "lottery", "--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"], "--size", "4", "--panels", "24", "--out", bench["lottery"]).Code);
    }

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_lottery_that_stopped_after_the_first_level_and_says_that_it_settled_everybody_is_refused()
    {
        Forge(file => Maximin(file) with { Proof = Settling(file.Proof, 0) });
        Assert.Equal((4, "gap"), Verified());
        foreach (double weight in (double[])[1e-7, 1e-20])
        {
            Forge(file => Maximin(file) with { Proof = Settling(file.Proof, weight), Gap = 1e-6 });
            Assert.Equal((4, "gap"), Verified());
        }

        LotteryFile Maximin(LotteryFile file) => file with { Mixed = [Panel(1, 1, 2), Panel(1, 0, 3)], Weights = [ExactLottery.TotalWeight / 2, ExactLottery.TotalWeight / 2] };

        static LotteryProof Settling(LotteryProof proof, double weight) =>
            proof with { Levels = [proof.Levels[0] with { Settled = [Few, Two, Many], Proof = proof.Levels[0].Proof with { Size = proof.Levels[0].Proof.Size + weight } }] };
    }

    public static TheoryData<string, string> Forgeries() => new()
    {
        { "", "" },
        { "a dual weight with the other sign", "gap" },
        { "a quota's dual weight with the other sign", "gap" },
        { "a level less", "gap" },
        { "a level's value in the proof", "gap" },
        { "a level's value", "levels" },
        { "a level more", "levels" },
        { "somebody settled who is nobody", "gap" },
        { "a capacity of nobody", "gap" },
        { "a quota less in the proof", "gap" },
        { "less fair by a hundredth", "gap" },
        { "less fair by a hundredth, and said", "" },
        { "a cut that holds", "" },
        { "a cut that does not hold", "cuts" },
        { "a cut about fewer types", "cuts gap" },
        { "a panel with two of the few", "mixed gap" },
        { "a panel of five", "mixed gap" },
        { "a panel with less than nobody", "mixed gap" },
        { "weights beyond all numbers", "chances" },
        { "two people hidden", "uncoverable" },
        { "two people left out", "uncoverable gap" },
        { "two people left out, and said", "" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void Each_forgery_fails_its_own_check(string forgery, string failing)
    {
        Forge(file => Forged(file, forgery), forgery != "a level's value" && forgery != "a level more");
        Assert.Equal((failing.Length == 0 ? 0 : 4, failing), Verified());
    }

    private static LotteryFile Forged(LotteryFile file, string forgery)
    {
        LevelStep last = file.Proof.Levels[^1];
        IReadOnlyList<LevelStep> first = [.. file.Proof.Levels.SkipLast(1)];
        LotteryFile WithLast(LevelStep step) => file with { Proof = file.Proof with { Levels = [.. first, step] } };
        LotteryFile WithCut(params long[] weights) => file with { Proof = file.Proof with { Cuts = [new([.. weights.SkipLast(1)], weights[^1])] } };
        LotteryFile WithPanel(int few, int two, int many) => file with { Mixed = [Panel(few, two, many), .. file.Mixed.Skip(1)] };
        switch (forgery)
        {
            case "":
                return file;
            case "a dual weight with the other sign":
                return WithLast(last with { Proof = last.Proof with { Size = -last.Proof.Size } });
            case "a quota's dual weight with the other sign":
                LevelStep one = file.Proof.Levels[0];
                return file with { Proof = file.Proof with { Levels = [one with { Proof = one.Proof with { Rows = [.. one.Proof.Rows.Select(row => -row)] } }, .. file.Proof.Levels.Skip(1)] } };
            case "a level less":
                return file with { Proof = file.Proof with { Levels = first } };
            case "a level's value in the proof":
                return WithLast(last with { Value = last.Value * 1.01 });
            case "a level's value":
                return file with { Levels = [file.Levels[0] * 1.0001, .. file.Levels.Skip(1)] };
            case "a level more":
                return file with { Levels = [.. file.Levels, 1] };
            case "somebody settled who is nobody":
                return WithLast(last with { Settled = [.. last.Settled, 3] });
            case "a capacity of nobody":
                return WithLast(last with { Proof = last.Proof with { Capacities = new Dictionary<int, double> { [3] = 1 } } });
            case "a quota less in the proof":
                return WithLast(last with { Proof = last.Proof with { Rows = [.. last.Proof.Rows.Skip(1)] } });
            case "less fair by a hundredth" or "less fair by a hundredth, and said":
                long moved = ExactLottery.TotalWeight / 100;
                return file with
                {
                    Mixed = [.. file.Mixed, Panel(0, 1, 3)],
                    Weights = [.. file.Weights.Select((weight, i) => weight - (i == Heaviest(file) ? moved : 0)), moved],
                    Gap = forgery.EndsWith("said", StringComparison.Ordinal) ? 0.04 : 0.001,
                };
            case "a cut that holds":
                return WithCut(0, 1, 1, 2);
            case "a cut that does not hold":
                return WithCut(0, 1, 1, 1);
            case "a cut about fewer types":
                return WithCut(1, 1, 2);
            case "a panel with two of the few":
                return WithPanel(2, 1, 1);
            case "a panel of five":
                return WithPanel(1, 1, 3);
            case "a panel with less than nobody":
                return WithPanel(-1, 1, 4);
            case "weights beyond all numbers":
                return file with { Weights = [.. file.Weights.Select(_ => long.MaxValue)] };
            case "two people hidden":
                return file with { Mixed = [Panel(1, 0, 3)], Weights = [ExactLottery.TotalWeight], Uncoverable = [Two] };
            default:
                bool said = forgery.EndsWith("said", StringComparison.Ordinal);
                return file with { Mixed = [Panel(1, 0, 3)], Weights = [ExactLottery.TotalWeight], EndedByLimit = said, Gap = said ? 1 : file.Gap };
        }
    }

    private static int Heaviest(LotteryFile file) => file.Weights.Index().MaxBy(weight => weight.Item).Index;

    private static Dictionary<int, int> Panel(int few, int two, int many) =>
        new Dictionary<int, int> { [Few] = few, [Two] = two, [Many] = many }.Where(pair => pair.Value != 0).ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <summary>Changes lottery.json, and the chances and levels that follow from its weights.</summary>
    private void Forge(Func<LotteryFile, LotteryFile> change, bool levelsFollow = true)
    {
        LotteryFile honest = LotteryFile.Read(File.ReadAllBytes(bench["lottery/lottery.json"]))!;
        DrawInput input = Assert.IsType<DrawInputReading.Read>(DrawInput.From(bench["pool.csv"], bench["quotas.csv"], 4, [], null)).Input;
        ConditionalPool rest = ConditionalPool.Of(input.Pool, [], []);
        PanelTypes types = PanelTypes.Of(rest.Rest);
        Assert.Equal([6, 4, 2], types.Types.Select(type => type.People.Count));
        LotteryFile forged = change(honest);
        Directory.CreateDirectory(bench["forged"]);
        File.Copy(bench["lottery/panels.csv"], bench["forged/panels.csv"], overwrite: true);
        File.Copy(bench["lottery/probabilities.csv"], bench["forged/probabilities.csv"], overwrite: true);
        if (forged.On(types) is { } exact)
        {
            forged = levelsFollow ? forged with { Levels = LotteryFile.LevelsOf(exact) } : forged;
            string[] counts = [.. bench.Table("lottery/probabilities.csv").Rows.Select(row => row[2])];
            bench.File("forged/probabilities.csv", PlainCsv.Write(LotteryTables.ProbabilityRows(input.Ids, null, LotteryTables.Chances(12, rest, exact), counts, 24)));
        }

        bench.File("forged/lottery.json", forged.Write());
    }

    private (int Code, string Failed) Verified()
    {
        (int code, JsonObject answer) = bench.Json("draw", "verify", bench["forged"], "--deep", "--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"]);
        return (code, string.Join(' ', DrawBench.Failed(answer)));
    }
}
