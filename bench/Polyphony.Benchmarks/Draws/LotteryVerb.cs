using System.Diagnostics;
using System.Globalization;
using System.Text;
using Polyphony.Sortition;
using Polyphony.Web.Rehearsal;

namespace Polyphony.Benchmarks.Draws;

/// <summary>A lottery of 1,000 panels of 100 people, from the rehearsal's people and quotas.</summary>
internal static class LotteryVerb
{
    public static int Run(Arguments arguments)
    {
        string[][] quotas = Rows(RehearsalStage.Material("quotas.csv"));
        QuotaSet[] criteria =
        [
            .. quotas.GroupBy(row => row[0]).Select(rows => new QuotaSet(rows.Key, [.. rows.Select(row => new Quota(row[1], int.Parse(row[2], CultureInfo.InvariantCulture), int.Parse(row[3], CultureInfo.InvariantCulture)))])),
        ];
        Candidate[] people =
        [
            .. Rows(SyntheticPeople.PoolCsv(arguments.Number("people", RehearsalStage.PoolSize), 20270104)).Select((row, i) => new Candidate(
                i.ToString("x32", CultureInfo.InvariantCulture),
                [.. criteria.Select((criterion, c) => criterion.Quotas.Select(quota => quota.Value).ToList().IndexOf(row[6 + c]))],
                row[3] + row[4])),
        ];
        SortitionPool pool = new(criteria, people, 100);
        PanelTypes types = PanelTypes.Of(pool);
        Console.WriteLine($"{people.Length} people, {types.Types.Count} types, {types.Groups.Count} groups of households");
        Stopwatch watch = Stopwatch.StartNew();
        string step = "";
        LotteryOutcome outcome = FairLottery.Compute(new LotteryRequest(pool), new Told(progress =>
        {
            if (progress.Step != step)
            {
                step = progress.Step;
                Console.WriteLine($"{watch.Elapsed.TotalSeconds,6:F1} s {step}");
            }
        }), CancellationToken.None, CancellationToken.None);
        if (outcome is not LotteryOutcome.Computed { Lottery: var lottery })
        {
            Console.WriteLine("no panel");
            return 1;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds,6:F1} s done; least chance {lottery.LeastChance:P3} of at most {lottery.Bound:P3}, greatest {lottery.GreatestChance:P3}, greatest change {lottery.GreatestChange:P3}, {lottery.Uncoverable.Count} whom no panel can contain"));
        return 0;
    }

    private static string[][] Rows(byte[] csv) => [.. Encoding.UTF8.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split(','))];

    private sealed class Told(Action<LotteryProgress> say) : IProgress<LotteryProgress>
    {
        public void Report(LotteryProgress value) => say(value);
    }
}
